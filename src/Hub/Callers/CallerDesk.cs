using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Calls;
using DispatchCenter.Hub.Desk;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Photos;
using DispatchCenter.Hub.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Callers;

/// <summary>What a resident can do: blow a whistle, follow it by the tracking code, add a note, withdraw, evaluate.</summary>
public sealed class CallerDesk(DispatchDesk desk, Database database, Roster roster, PhotoBook photos, Intake intake)
{
    /// <summary>Whether an officer has already whistled with this key: what is sent again gets its answer again.</summary>
    public async Task<bool> HasBlownAsync(string? idempotencyKey, Staff officer, CancellationToken ct)
    {
        await using var db = database.Context();
        return idempotencyKey is not null && await db.Keys.AnyAsync(k => k.Scope == officer.Id && k.Key == idempotencyKey, ct);
    }

    /// <summary>Blows a whistle; the receipt comes after it is on disk.</summary>
    /// <param name="officer">Who writes it down for a caller (代录); null for a whistle from a page.</param>
    public async Task<Outcome<WhistleReceipt>> BlowAsync(WhistleRequest request, string? idempotencyKey, CancellationToken ct, Staff? officer = null)
    {
        ct.ThrowIfCancellationRequested();
        if (!Keys.TryMake(idempotencyKey, officer, "whistle", request, ContractsJson.Default.WhistleRequest, out var key)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        var checkedRequest = intake.Check(request, officer);
        if (checkedRequest.Value is not { } blow) return new(checkedRequest);
        if (await photos.CheckAsync(request.Photos, null, ct) is { } unknown) return new(unknown);
        var reply = await desk.Submit(blow, key);
        if (reply is not DeskReply.Done done) return new(Replies.Of(reply));
        var promised = done.Call.Answers.Where(a => a.Clock.From == done.Call.OpenedAt);
        return new WhistleReceipt(done.Call.No.Value, done.Tracking, $"/t/{done.Tracking}", [.. promised.Select(a => new PromisedAnswer(Names.Camel(a.Kind), a.Clock.Due))]);
    }

    /// <summary>The case as its caller sees it; null for an unknown code.</summary>
    /// <param name="signedIn">Whoever is signed in where the code is used: they are not offered to rate their own work.</param>
    public async Task<TrackedCall?> TrackAsync(string code, CancellationToken ct, Staff? signedIn = null)
    {
        if (await FindAsync(code, ct) is not { } call) return null;
        var seen = await SeenAsync(call, ct);
        return call.MayNotEvaluate(signedIn?.Post) is null ? seen : seen with { CanEvaluate = false };
    }

    private async Task<TrackedCall> SeenAsync(WhistleCall call, CancellationToken ct)
    {
        if (call.State is CallState.Declined) return View(call) with { Reason = await WordsAsync(call, ct) };
        if (call.State is not CallState.Merged merged || await CallReader.FindAsync(database, merged.Into.Value, ct) is not { } other) return View(call);
        // 并案: the caller goes on seeing a case, under the number of their own whistle.
        return View(other) with
        {
            CallNo = call.No.Value, Version = call.Version + other.Version, Category = call.Category, Grid = call.Grid.Value, Station = call.Station?.Value, OpenedAt = call.OpenedAt,
            Guide = Cards.GuideOf(call, roster), Together = true, CanWithdraw = false, CanEvaluate = false,
        };
    }

    /// <param name="signedIn">Whoever is signed in where the code is used: they do not rate their own work.</param>
    public async Task<Outcome> EvaluateAsync(string code, EvaluationRequest request, CancellationToken ct, string? idempotencyKey = null, Staff? signedIn = null)
    {
        if (request.Solved is not { } solved || Names.Parse<Satisfaction>(request.Satisfaction) is not { } satisfaction) return Outcome.Of(Codes.SatisfactionUnknown);
        return Texts.Check(request.Words, Texts.NoteLimit, "words", out var words)
            ?? await AskAsync(code, new CallCommand.Evaluate(solved, satisfaction) { SignedIn = signedIn?.Post }, "evaluation", words, "evaluate", request, ContractsJson.Default.EvaluationRequest, idempotencyKey, ct);
    }

    /// <summary>Adds words, photos or both.</summary>
    public async Task<Outcome> NoteAsync(string code, NoteRequest request, CancellationToken ct, string? idempotencyKey = null)
    {
        if (Texts.Check(request.Note, Texts.NoteLimit, "note", out var words) is { } refused) return refused;
        var pictures = request.Photos is { Count: > 0 } ids ? new CallPhotos("note", ids) : null;
        if (words.Length == 0 && pictures is null) return Outcome.Of(Codes.TextMissing);
        return await AskAsync(code, new CallCommand.Note(null), "note", words, "note", request, ContractsJson.Default.NoteRequest, idempotencyKey, ct, pictures);
    }

    /// <summary>The photos of the caller's own case, before and after it was dealt with; not those of another that it goes on in.</summary>
    public async Task<List<CallPhoto>?> PhotosAsync(string code, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not { } call) return null;
        await using var db = database.Context();
        return await PhotoBook.OfCallAsync(db, call.No.Value, ct);
    }

    public async Task<KeptPhoto?> PhotoAsync(string code, string id, bool small, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not { } call) return null;
        await using var db = database.Context();
        return await PhotoBook.ReadAsync(db, call.No.Value, id, small, ct);
    }

    public Task<Outcome> WithdrawAsync(string code, CancellationToken ct, string? idempotencyKey = null) =>
        AskAsync(code, new CallCommand.Withdraw(), "note", string.Empty, "withdraw", new NoteRequest(null), ContractsJson.Default.NoteRequest, idempotencyKey, ct);

    /// <summary>The number of the case whose changes the caller follows: that which theirs goes on in, where it was merged. Null for an unknown code.</summary>
    public async Task<string?> CallNoAsync(string code, CancellationToken ct) =>
        await FindAsync(code, ct) is { } call ? (call.State is CallState.Merged merged ? merged.Into : call.No).Value : null;

    private async Task<Outcome> AskAsync<T>(
        string code, CallCommand command, string kind, string words, string verb, T request, JsonTypeInfo<T> type, string? idempotencyKey, CancellationToken ct,
        CallPhotos? pictures = null)
    {
        if (await FindAsync(code, ct) is not { } call) return Outcome.Of(Codes.TrackingUnknown);
        if (!Keys.TryMake(idempotencyKey, null, $"{verb} {call.No}", request, type, out var key)) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        if (await photos.CheckAsync(pictures?.Ids, call.No.Value, ct) is { } unknown) return unknown;
        var reply = await desk.Submit(new DeskRequest.Ask(call.No, command, words.Length > 0 ? new CallWords(kind, words) : null) { Photos = pictures }, key);
        return command is CallCommand.Evaluate && reply is DeskReply.Refused { Why: Refusal.OutOfTurn } ? Outcome.Of("evaluate_too_early") : Replies.Of(reply);
    }

    private async Task<WhistleCall?> FindAsync(string code, CancellationToken ct)
    {
        if (code.Length is < 20 or > 32 || !code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return null;
        await using var db = database.Context();
        var body = await db.Calls.AsNoTracking().Where(c => c.Tracking == code).Select(c => c.Body).FirstOrDefaultAsync(ct);
        return body is null ? null : CallJson.Read(body);
    }

    /// <summary>The words that came with the last change.</summary>
    private async Task<string?> WordsAsync(WhistleCall call, CancellationToken ct)
    {
        await using var db = database.Context();
        return await db.Words.AsNoTracking().Where(w => w.CallNo == call.No.Value && w.Version == call.Version).Select(w => w.Words).FirstOrDefaultAsync(ct);
    }

    private TrackedCall View(WhistleCall call)
    {
        var card = Cards.Of(call);
        return new TrackedCall
        {
            CallNo = card.CallNo,
            Version = card.Version,
            Category = card.Category,
            Level = card.Level,
            State = card.State,
            Grid = card.Grid,
            Station = card.Station,
            OpenedAt = card.OpenedAt,
            Steps = card.Answers,
            Lead = card.Lead,
            Guide = Cards.GuideOf(call, roster),
            Overdue = call.Supervised,
            CanWithdraw = call.State is CallState.Ringing or CallState.Accepted or CallState.OnScene or CallState.HandedUp,
            CanEvaluate = call.State is CallState.Verified,
            SuspendedUntil = call.Suspended?.Until,
            EvaluateBy = call.State is CallState.Verified verified ? verified.Evaluate.Due : null,
        };
    }
}
