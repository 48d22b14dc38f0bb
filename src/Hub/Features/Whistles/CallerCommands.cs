using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>What a resident can do: blow a whistle, follow it by the tracking code, add a note, withdraw, evaluate.</summary>
public sealed class CallerCommands(DispatchDesk desk, Database database, PhotoStore photos, Intake intake, CallerQueries reader) : IWhistles
{
    /// <summary>Whether an officer has already blown a whistle with this key: a resend gets the same answer.</summary>
    public async Task<bool> HasBlownAsync(string? idempotencyKey, Staff officer, CancellationToken ct)
    {
        await using var db = database.Context();
        return idempotencyKey is not null && await db.Keys.AnyAsync(k => k.Scope == officer.Id && k.Key == idempotencyKey, ct);
    }

    /// <summary>Blows a whistle; the receipt comes once it is on disk.</summary>
    /// <param name="officer">Who records it for a caller (代录); null for a whistle from a page.</param>
    public async Task<Outcome<WhistleReceipt>> BlowAsync(WhistleRequest request, string? idempotencyKey, CancellationToken ct, Staff? officer = null)
    {
        ct.ThrowIfCancellationRequested();
        return await TakeAsync(request, idempotencyKey, officer, null, ct);
    }

    /// <summary>The same by a personal link: a source of its own.</summary>
    /// <param name="bearer">Whose link it is.</param>
    /// <param name="signedIn">Whoever is signed in on that phone: they reported it, so they do not verify it.</param>
    internal Task<Outcome<WhistleReceipt>> ReportAsync(WhistleRequest request, string bearer, Staff? signedIn, string? idempotencyKey, CancellationToken ct) =>
        TakeAsync(request, idempotencyKey, null, (bearer, signedIn?.Post), ct);

    /// <inheritdoc/>
    public Task<Outcome?> LacksPhotosAsync(IReadOnlyList<string>? ids, CancellationToken ct) => photos.CheckAsync(ids, null, ct);

    private async Task<Outcome<WhistleReceipt>> TakeAsync(WhistleRequest request, string? idempotencyKey, Staff? officer, (string Bearer, Post? By)? reporter, CancellationToken ct)
    {
        var receipt = await SendAsync(request, idempotencyKey, officer, reporter, ct);
        if (!receipt.Ok) Telemetry.Refused(receipt.Code);
        return receipt;
    }

    private async Task<Outcome<WhistleReceipt>> SendAsync(WhistleRequest request, string? idempotencyKey, Staff? officer, (string Bearer, Post? By)? reporter, CancellationToken ct)
    {
        if (request.Location is { } odd && !(double.IsFinite(odd.Lat ?? 0) && double.IsFinite(odd.Lon ?? 0))) request = request with { Location = odd with { Lat = null, Lon = null } };
        if (!Keys.TryMake(idempotencyKey, officer, reporter is null ? "whistle" : $"whistle {reporter.Value.Bearer}", request, ContractsJson.Default.WhistleRequest, out var key)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        var checkedRequest = intake.Check(request, officer);
        if (checkedRequest.Value is not var (blow, leftOut, phone)) return new(checkedRequest);
        if (reporter is { } from) blow = blow with { Source = Source.Informant, Reporter = from.Bearer, By = from.By };
        var reply = await desk.Submit(blow with { Photos = await photos.TakeAsync(request.Photos, ct) }, key);
        if (reply is not DeskReply.Done done) return new(Replies.Of(reply));
        var promised = done.Call.Answers.Where(a => a.Clock.From == done.Call.OpenedAt);
        if (!await photos.HasAllAsync(done.Call.No.Value, request.Photos, ct)) leftOut = [Intake.Photo, .. leftOut];
        return new WhistleReceipt(done.Call.No.Value, done.Tracking, $"/t/{done.Tracking}", [.. promised.Select(a => new PromisedAnswer(Names.Camel(a.Kind), a.Clock.Due))])
        {
            LeftOut = leftOut.Count > 0 ? leftOut : null,
            PhoneUnusual = phone is { IsUnusual: true } && (officer is null || request.Anyway is not true) ? true : null,
            PhoneNoText = phone is { TakesText: false } ? true : null,
        };
    }

    /// <inheritdoc cref="CallerQueries.TrackAsync"/>
    public Task<TrackedCall?> TrackAsync(string code, CancellationToken ct, Staff? signedIn = null) => reader.TrackAsync(code, ct, signedIn);

    /// <inheritdoc cref="CallerQueries.PhotosAsync(string, CancellationToken)"/>
    public Task<List<CallPhoto>?> PhotosAsync(string code, CancellationToken ct) => reader.PhotosAsync(code, ct);

    public Task<KeptPhoto?> PhotoAsync(string code, string id, bool small, CancellationToken ct) => reader.PhotoAsync(code, id, small, ct);

    /// <summary>The caller's verdict on their own part: of their own case, or of the one it continues in.</summary>
    /// <param name="signedIn">Whoever is signed in on the device that uses the code: they may not rate their own work.</param>
    public async Task<Outcome> EvaluateAsync(string code, EvaluationRequest request, CancellationToken ct, string? idempotencyKey = null, Staff? signedIn = null)
    {
        if (request.Solved is not { } solved || Names.Parse<Satisfaction>(request.Satisfaction) is not { } satisfaction) return Outcome.Of(Codes.SatisfactionUnknown);
        // Also when it continues in a case of somebody who does rate it.
        if (await reader.FindAsync(code, ct) is ({ HasCaller: false }, _)) return Outcome.Of(Codes.NoCaller);
        return Texts.Check(request.Words, Texts.NoteLimit, "words", out var words)
            ?? await AskAsync(code, of => new CallCommand.Evaluate(solved, satisfaction) { Of = of, SignedIn = signedIn?.Post }, "evaluation", words, "evaluate", request, ContractsJson.Default.EvaluationRequest, idempotencyKey, ct);
    }

    /// <summary>Adds text, photos or both.</summary>
    public async Task<Outcome> NoteAsync(string code, NoteRequest request, CancellationToken ct, string? idempotencyKey = null)
    {
        if (Texts.Check(request.Note, Texts.NoteLimit, "note", out var words) is { } refused) return refused;
        var pictures = request.Photos is { Count: > 0 } ids ? new CallPhotos("note", ids) : null;
        if (words.Length == 0 && pictures is null) return Outcome.Of(Codes.TextMissing);
        return await AskAsync(code, of => new CallCommand.Note(null) { Of = of }, "note", words, "note", request, ContractsJson.Default.NoteRequest, idempotencyKey, ct, pictures);
    }

    /// <summary>Puts a number in place of the one that the caller left with their own whistle, or removes it. Never asked about: an unusual one is kept, and the page says so.</summary>
    /// <param name="number">As it was typed; null removes it.</param>
    public async Task<Outcome> MendPhoneAsync(string code, string? number, CancellationToken ct, string? idempotencyKey = null)
    {
        if (await reader.FindAsync(code, ct) is not var (own, _)) return Outcome.Of(Codes.TrackingUnknown);
        if (!own.HasCaller) return Outcome.Of(Codes.NoCaller);
        if (own.Parent is not null) return Outcome.Of("phone_of_parent");
        var phone = Phones.OfPerson(number);
        if (number is not null && phone is null) return Outcome.Of("phone_invalid");
        var theirs = new List<string> { own.No.Value };
        await using (var db = database.Context())
        {
            var known = await db.CallerAsync(own.No.Value, ct);
            if ((known?.Phone is { } stored ? Phones.OneForm(stored) : null) == phone?.Number) return Outcome.Of("already_done") with { Code = Codes.Ok };
            theirs.AddRange(await db.WithSameNumberAsync(own.No.Value, [.. own.Children.Select(c => c.Value)], ct));
        }

        var change = phone is null ? PhoneChange.Removed : PhoneChange.Changed;
        return await AskAsync(
            code, of => new CallCommand.Note(null) { Of = of, Phone = change }, string.Empty, string.Empty, "phone", new PhoneRequest(phone?.Number), ContractsJson.Default.PhoneRequest, idempotencyKey, ct,
            phone: new CallerPhone(theirs, phone?.Number));
    }

    /// <summary>Accepts a photo sent after its whistle, on the same terms as a note. With a key it counts once however often it is sent.</summary>
    public async Task<Outcome<PhotoReceipt>> AddPhotoAsync(string code, ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> small, string from, string? idempotencyKey, CancellationToken ct)
    {
        if (await reader.FindAsync(code, ct) is not var (own, leading)) return new(Outcome.Of(Codes.TrackingUnknown));
        if ((leading ?? own).IsOver) return new(Outcome.Of(Codes.CallOver)); // before it is stored
        var kept = await photos.KeepAsync(file, small, from, ct, idempotencyKey is null ? null : PhotoStore.IdOf($"{own.No} {idempotencyKey}", file.Span));
        if (kept.Value is not { } photo) return kept;
        var noted = await NoteAsync(code, new NoteRequest(null) { Photos = [photo.Id] }, ct, idempotencyKey);
        return noted.Ok ? photo : new Outcome<PhotoReceipt>(noted);
    }

    /// <summary>撤回 of the caller's own part. If it continues in another case, that case goes on for the others.</summary>
    public async Task<Outcome> WithdrawAsync(string code, CancellationToken ct, string? idempotencyKey = null)
    {
        if (await reader.FindAsync(code, ct) is not var (own, leading)) return Outcome.Of(Codes.TrackingUnknown);
        if (leading is not null && !CallerQueries.MayWithdraw(leading)) return Outcome.Of(leading.IsOver ? Codes.CallOver : Codes.OutOfTurn);
        if (!Keys.TryMake(idempotencyKey, null, $"withdraw {own.No}", new NoteRequest(null), ContractsJson.Default.NoteRequest, out var key)) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        return Replies.Of(await desk.Submit(new DeskRequest.Ask(own.No, new CallCommand.Withdraw()), key));
    }

    /// <summary>The number of the case whose changes the caller follows: if theirs was merged, the one it continues in. Null for an unknown code.</summary>
    public async Task<string?> CallNoAsync(string code, CancellationToken ct) =>
        await reader.FindAsync(code, ct) is var (own, leading) ? (leading ?? own).No.Value : null;

    /// <summary>Sends a command to the case in which the caller's continues, for their own part of it, or to the caller's own.</summary>
    private async Task<Outcome> AskAsync<T>(
        string code, Func<CallNo?, CallCommand> command, string kind, string words, string verb, T request, JsonTypeInfo<T> type, string? idempotencyKey, CancellationToken ct,
        CallPhotos? pictures = null, CallerPhone? phone = null)
    {
        if (await reader.FindAsync(code, ct) is not var (own, leading)) return Outcome.Of(Codes.TrackingUnknown);
        if (!Keys.TryMake(idempotencyKey, null, $"{verb} {own.No}", request, type, out var key)) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        var asked = (leading ?? own).No;
        if (await photos.CheckAsync(pictures?.Ids, asked.Value, ct) is { } unknown) return unknown;
        var what = command(leading is null ? null : own.No);
        if (leading is not null && what is CallCommand.Evaluate { SignedIn: var by } && own.MayNotEvaluate(by) is { } why) return Replies.Of(new DeskReply.Refused(why, own));
        var reply = await desk.Submit(new DeskRequest.Ask(asked, what, words.Length > 0 ? new CallWords(kind, words) : null) { Photos = pictures, Phone = phone }, key);
        return what is CallCommand.Evaluate && reply is DeskReply.Refused { Why: Refusal.OutOfTurn } ? Outcome.Of("evaluate_too_early") : Replies.Of(reply);
    }
}
