using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A command's outcome with the case as it then is, where the asker may see it.</summary>
public sealed record Answered(Outcome Outcome, CallCard? Call)
{
    public Reply AsReply() => new() { Ok = Outcome.Ok, Code = Outcome.Code, Message = Outcome.Message, MessageEn = Outcome.MessageEn, Call = Call };
}

/// <summary>What came with a command beside its words: its Idempotency-Key, and how long ago a phone that had no network was tapped.</summary>
public readonly record struct Tap(string? Key, TimeSpan? Ago = null)
{
    /// <summary>What was tapped less than this before it came was not held back.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    /// <summary>What is said to be older is not believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static implicit operator Tap(string? key) => new(key);

    public DateTimeOffset? Before(DateTimeOffset receipt) => Ago is { } ago && ago >= AtOnce && ago <= Longest ? receipt - ago : null;
}

/// <summary>What staff can do to a case; the same for the hub and for HTTP.</summary>
public sealed class StaffCommands(DispatchDesk desk, StreetBook streets, PhotoStore photos, TimeProvider time)
{
    public Task<Answered> AcceptAsync(Staff who, string callNo, Tap tap = default) => AskAsync(who, callNo, "accept", post => new CallCommand.Accept(post), tap);

    public Task<Answered> ArriveAsync(Staff who, string callNo, Tap tap = default) => AskAsync(who, callNo, "arrive", post => new CallCommand.Arrive(post), tap);

    public Task<Answered> ResolveAsync(Staff who, string callNo, string? report, Tap tap = default) =>
        AskAsync(who, callNo, "resolve", post => new CallCommand.Resolve(post), tap, "resolveReport", report, new ResolveRequest(report), ContractsJson.Default.ResolveRequest);

    /// <param name="note">What a listed party was told, where a desk writes that down.</param>
    public Task<Answered> AcknowledgeAsync(Staff who, string callNo, string? answer, Tap tap = default, string? note = null) =>
        AskAsync(who, callNo, $"acknowledge {answer}", post => new CallCommand.Acknowledge(post, answer ?? string.Empty), tap, "note", note, note ?? string.Empty, ContractsJson.Default.String);

    public Task<Answered> ReturnAsync(Staff who, string callNo, string? reason, string? note, Tap tap = default) =>
        Names.Parse<ReturnReason>(reason) is { } known
            ? AskAsync(who, callNo, "return", post => new CallCommand.Return(post, known), tap, "returnNote", note, new ReturnRequest(reason, note), ContractsJson.Default.ReturnRequest)
            : Task.FromResult(new Answered(Outcome.Of(Codes.ReasonUnknown), null));

    public Task<Answered> VerifyAsync(Staff who, string callNo, bool? passed, string? note, Tap tap = default) =>
        passed is { } verdict
            ? AskAsync(who, callNo, "verify", post => new CallCommand.Verify(post, verdict), tap, "verifyNote", note, new VerifyRequest(passed, note), ContractsJson.Default.VerifyRequest)
            : Task.FromResult(new Answered(Outcome.Of("verdict_missing"), null));

    /// <summary>Adds words, photos or both.</summary>
    public Task<Answered> NoteAsync(Staff who, string callNo, NoteRequest request, Tap tap = default)
    {
        var pictures = request.Photos is { Count: > 0 } ids ? new CallPhotos(request.Shows ?? "note", ids) : null;
        if (string.IsNullOrWhiteSpace(request.Note) && pictures is null) return Task.FromResult(new Answered(Outcome.Of(Codes.TextMissing), null));
        if (pictures is { Kind: not ("note" or CallPhotos.Before or CallPhotos.After) }) return Task.FromResult(new Answered(Outcome.Of(Codes.OrderIncomplete, ("shows", "shows")), null));
        return AskAsync(who, callNo, "note", post => new CallCommand.Note(post), tap, "note", request.Note, request, ContractsJson.Default.NoteRequest, pictures);
    }

    private Task<Answered> AskAsync(Staff who, string callNo, string verb, Func<Post, CallCommand> command, Tap tap) =>
        AskAsync(who, callNo, verb, command, tap, string.Empty, null, string.Empty, ContractsJson.Default.String);

    /// <param name="kind">Of the words; a field of the sentences.</param>
    /// <param name="request">What was asked, for the idempotency key.</param>
    internal async Task<Answered> AskAsync<T>(
        Staff who, string? callNo, string verb, Func<Post, CallCommand> command, Tap tap, string kind, string? words, T request, JsonTypeInfo<T> type,
        CallPhotos? pictures = null)
    {
        if (who.Post is not { } post) return new Answered(Outcome.Of(Codes.Forbidden), null);
        if (!CallNo.IsOne(callNo)) return new Answered(Outcome.Of(Codes.CallNotFound), null); // a hub's client can send anything, null too
        if (Texts.Check(words, Texts.NoteLimit, kind, out var clean) is { } tooLong) return new Answered(tooLong, null);
        if (!Keys.TryMake(tap.Key, who, $"{verb} {callNo}", request, type, out var requestKey)) return new Answered(Outcome.Of(Codes.IdempotencyKeyInvalid), null);
        if (await photos.CheckAsync(pictures?.Ids, callNo, CancellationToken.None) is { } unknown) return new Answered(unknown, null);
        var ask = new DeskRequest.Ask(new CallNo(callNo!), command(post), clean.Length > 0 ? new CallWords(kind, clean) : null) { Photos = pictures, Claimed = tap.Before(time.GetUtcNow()) };
        var reply = await desk.Submit(ask, requestKey);
        var call = reply switch
        {
            DeskReply.Done done when !done.Call.Recusal.Covers(post) => done.Call, // whoever has just taken themselves out sees no more of it
            DeskReply.Refused { Call: { } seen } refused when refused.Why == Refusal.AlreadyAccepted || Sight.Of(post).Covers(seen) => seen,
            _ => null,
        };
        return new Answered(Replies.Of(reply, streets.Map), call is null ? null : Cards.Of(call));
    }
}
