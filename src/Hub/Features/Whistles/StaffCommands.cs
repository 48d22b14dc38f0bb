using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A command's outcome with the resulting case, if the asker may see it.</summary>
public sealed record Answered(Outcome Outcome, CallCard? Call, bool Already = false)
{
    public Reply AsReply() => new() { Ok = Outcome.Ok, Code = Outcome.Code, Message = Outcome.Message, MessageEn = Outcome.MessageEn, Call = Call, Already = Already ? true : null };
}

/// <summary>What staff do to a case by a verb; the same for the hub and HTTP. The case decides.</summary>
public sealed class StaffCommands(DispatchDesk desk, StaffSight sight, StreetBook streets, PolicyBook policies, PhotoStore photos, TimeProvider time)
{
    public Task<Answered> GiveAsync(PlainVerb verb, Staff who, string? callNo, Tap tap = default) =>
        AskAsync(who, callNo, verb, verb.Command, tap, string.Empty, null, null, string.Empty, ContractsJson.Default.String);

    public Task<Answered> GiveAsync<T>(Verb<T> verb, Staff who, string? callNo, T request, Tap tap = default)
        where T : class
    {
        var read = verb.Reads(request, new Lookups(streets.Map, policies.Current.Latest));
        if (read.Value is not { } asked) return Task.FromResult(new Answered(read, null));
        var words = verb.Words(request);
        if (asked.NeedsWords && string.IsNullOrWhiteSpace(words)) return Task.FromResult(new Answered(Outcome.Of(Codes.ReasonMissing), null));
        return AskAsync(who, callNo, verb, asked.Command, tap, verb.WordsKind, words, verb.Photos(request), request, verb.Body);
    }

    /// <summary>Opens a child case for the work that remains after this one was made safe. Not urgent in itself, and hides what its parent hides.</summary>
    public async Task<Outcome<WhistleReceipt>> OpenChildAsync(Staff who, string callNo, OrderRequest request, string? key, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (Texts.Check(request.Note, Texts.DescriptionLimit, "description", out var description) is { } tooLong) return new(tooLong);
        if (description.Length == 0) return new(Outcome.Of(Codes.TextMissing));
        if (!Keys.TryMake(key, who, $"child {callNo}", request, ContractsJson.Default.OrderRequest, out var requestKey)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is not { } parent) return new(found);
        if (policies.Current.Latest.FindCategory(request.Category ?? parent.Category) is not { } category) return new(Outcome.Of(Codes.CategoryUnknown));
        if (streets.Map.FindGrid(parent.Grid.Value) is not { } grid) return new(Outcome.Of(Codes.GridUnknown));
        var reply = await desk.Submit(new DeskRequest.Blow(
            category with { Level = category.Level == Level.S1 ? Level.S2 : category.Level }, grid, null, Danger: false, parent.Recusal.Property, parent.Drill, Source.Child, post, description, Caller.Unknown)
        { Parent = parent.No }, requestKey);
        return reply is DeskReply.Done done
            ? new WhistleReceipt(done.Call.No.Value, done.Tracking, $"/t/{done.Tracking}", [.. done.Call.Answers.Select(a => new PromisedAnswer(Names.Camel(a.Kind), a.Clock.Due))])
            : new Outcome<WhistleReceipt>(Replies.Of(reply));
    }

    private async Task<Answered> AskAsync<T>(
        Staff who, string? callNo, Verb verb, Func<Post, CallCommand> command, Tap tap, string wordsKind, string? words, CallPhotos? pictures, T request, JsonTypeInfo<T> type)
    {
        if (who.Post is not { } post) return new Answered(Outcome.Of(Codes.Forbidden), null);
        if (!CallNo.IsOne(callNo)) return new Answered(sight.Unseen(post), null); // a hub client can send anything, including null
        if (Texts.Check(words, Texts.NoteLimit, wordsKind, out var clean) is { } tooLong) return new Answered(tooLong, null);
        if (!Keys.TryMake(tap.Key, who, $"{verb.Path} {callNo}", request, type, out var requestKey)) return new Answered(Outcome.Of(Codes.IdempotencyKeyInvalid), null);
        if (await photos.CheckAsync(pictures?.Ids, callNo, CancellationToken.None) is { } unknown) return new Answered(unknown, null);
        var ask = new DeskRequest.Ask(new CallNo(callNo!), command(post), clean.Length > 0 ? new CallWords(wordsKind, clean) : null) { Photos = pictures, Claimed = tap.Before(time.GetUtcNow()), Via = tap.Via };
        var reply = await desk.Submit(ask, requestKey);
        return reply switch
        {
            // Whoever has just recused themselves no longer sees it.
            DeskReply.Done { Call: var call, Already: var already } => new Answered(Replies.Of(reply), call.Recusal.Covers(post) ? null : Cards.Of(call), already),
            DeskReply.Refused { Why: Refusal.AlreadyAccepted, Call: { } won } => new Answered(Replies.Of(reply, streets.Map), Cards.Of(won)), // only whom it rang
            DeskReply.Refused { Call: { } judged } when verb == Verbs.Verify && judged.WasVerifiableBy(post) => new Answered(Replies.Of(reply), sight.Covers(post, judged) ? Cards.Of(judged) : null),
            DeskReply.Refused { Call: { } seen } when sight.Sees(post, seen) => new Answered(Replies.Of(reply, streets.Map), Cards.Of(seen)),
            DeskReply.Refused => new Answered(sight.Unseen(post), null),
            _ => new Answered(Replies.Of(reply), null),
        };
    }
}
