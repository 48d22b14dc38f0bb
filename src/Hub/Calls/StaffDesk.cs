using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Callers;
using DispatchCenter.Hub.Desk;
using DispatchCenter.Hub.Duty;

namespace DispatchCenter.Hub.Calls;

/// <summary>A command's outcome with the case as it then is, where the asker may see it.</summary>
public sealed record Answered(Outcome Outcome, CallCard? Call)
{
    public Reply AsReply() => new() { Ok = Outcome.Ok, Code = Outcome.Code, Message = Outcome.Message, MessageEn = Outcome.MessageEn, Call = Call };
}

/// <summary>What staff can do to a case; the same for the hub and for HTTP.</summary>
public sealed class StaffDesk(DispatchDesk desk)
{
    public Task<Answered> AcceptAsync(Staff who, string callNo, string? key = null) => AskAsync(who, callNo, "accept", post => new CallCommand.Accept(post), key);

    public Task<Answered> ArriveAsync(Staff who, string callNo, string? key = null) => AskAsync(who, callNo, "arrive", post => new CallCommand.Arrive(post), key);

    public Task<Answered> ResolveAsync(Staff who, string callNo, string? report, string? key = null) =>
        AskAsync(who, callNo, "resolve", post => new CallCommand.Resolve(post), key, "resolveReport", report, new ResolveRequest(report), ContractsJson.Default.ResolveRequest);

    public Task<Answered> AcknowledgeAsync(Staff who, string callNo, string? answer, string? key = null) =>
        AskAsync(who, callNo, $"acknowledge {answer}", post => new CallCommand.Acknowledge(post, answer ?? string.Empty), key);

    public Task<Answered> ReturnAsync(Staff who, string callNo, string? reason, string? note, string? key = null) =>
        Names.Parse<ReturnReason>(reason) is { } known
            ? AskAsync(who, callNo, "return", post => new CallCommand.Return(post, known), key, "returnNote", note, new ReturnRequest(reason, note), ContractsJson.Default.ReturnRequest)
            : Task.FromResult(new Answered(Outcome.Of(Codes.ReasonUnknown), null));

    public Task<Answered> VerifyAsync(Staff who, string callNo, bool? passed, string? note, string? key = null) =>
        passed is { } verdict
            ? AskAsync(who, callNo, "verify", post => new CallCommand.Verify(post, verdict), key, "verifyNote", note, new VerifyRequest(passed, note), ContractsJson.Default.VerifyRequest)
            : Task.FromResult(new Answered(Outcome.Of("verdict_missing"), null));

    public Task<Answered> NoteAsync(Staff who, string callNo, string? note, string? key = null) =>
        string.IsNullOrWhiteSpace(note)
            ? Task.FromResult(new Answered(Outcome.Of(Codes.TextMissing), null))
            : AskAsync(who, callNo, "note", post => new CallCommand.Note(post), key, "note", note, new NoteRequest(note), ContractsJson.Default.NoteRequest);

    private Task<Answered> AskAsync(Staff who, string callNo, string verb, Func<Post, CallCommand> command, string? key) =>
        AskAsync(who, callNo, verb, command, key, string.Empty, null, string.Empty, ContractsJson.Default.String);

    /// <param name="kind">Of the words; a field of the sentences.</param>
    /// <param name="request">What was asked, for the idempotency key.</param>
    internal async Task<Answered> AskAsync<T>(
        Staff who, string? callNo, string verb, Func<Post, CallCommand> command, string? key, string kind, string? words, T request, JsonTypeInfo<T> type)
    {
        if (who.Post is not { } post) return new Answered(Outcome.Of(Codes.Forbidden), null);
        if (!CallNo.IsOne(callNo)) return new Answered(Outcome.Of(Codes.CallNotFound), null); // a hub's client can send anything, null too
        if (Texts.Check(words, Texts.NoteLimit, kind, out var clean) is { } tooLong) return new Answered(tooLong, null);
        if (!Keys.TryMake(key, who, $"{verb} {callNo}", request, type, out var requestKey)) return new Answered(Outcome.Of(Codes.IdempotencyKeyInvalid), null);
        var reply = await desk.Submit(
            new DeskRequest.Ask(new CallNo(callNo!), command(post), clean.Length > 0 ? new CallWords(kind, clean) : null), requestKey);
        var call = reply switch
        {
            DeskReply.Done done when !done.Call.Recusal.Covers(post) => done.Call, // whoever has just taken themselves out sees no more of it
            DeskReply.Refused { Call: { } seen } refused when refused.Why == Refusal.AlreadyAccepted || MaySee(seen, post) => seen,
            _ => null,
        };
        return new Answered(Replies.Of(reply), call is null ? null : Cards.Of(call));
    }

    /// <summary>Whether a post may see a case: it is in its audience, or may verify it.</summary>
    internal static bool MaySee(WhistleCall call, Post post) =>
        !call.Recusal.Covers(post) && (call.Audience.Includes(post) || (post.Kind == PostKind.GridWorker && call.State is CallState.Resolved));
}
