using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// A party without an account answers through a link to the one case it was called to (部门报到). The link shows no caller, ends with the
/// case or after <see cref="Life"/>, and gives each answer once. Every access is logged.
/// </summary>
public sealed class PartyCommands(DispatchDesk desk, Database database, StaffSight sight, PolicyBook policies, PartyNumbers numbers, ReachBook reach, PhotoStore photos, TimeProvider time)
{
    /// <summary>How long a link is valid.</summary>
    public static readonly TimeSpan Life = PartyLinks.Life;

    /// <summary>The name under which a party's accesses are logged.</summary>
    private const string Reader = "party";

    /// <summary>Creates a link for an outstanding answer; it is shown to the asker and stored nowhere in clear. A new link ends earlier ones.</summary>
    public async Task<Outcome<LinkReply>> LinkAsync(Staff who, string callNo, string? answer, CancellationToken ct)
    {
        var found = await OwedAsync(who, callNo, answer, ct);
        if (found.Value is not { } owed) return new(found);
        var (code, until) = await PartyLinks.MakeAsync(database, callNo, owed.Answer.Key, time.GetUtcNow(), ct);
        return new LinkReply("/" + PartyLinks.PathOf(code), until);
    }

    /// <summary>Sends the party its message with the link again, on every channel that reaches it.</summary>
    public async Task<Outcome<LinkSent>> SendAsync(Staff who, string callNo, string? answer, CancellationToken ct)
    {
        var found = await OwedAsync(who, callNo, answer, ct);
        if (found.Value is not { } owed) return new(found);
        var plan = reach.Plan;
        await using var reading = database.Context();
        var number = await numbers.OfAsync(reading, owed.Answer.Party, owed.Call.Grid, ct);
        List<Notice> notices = [.. plan?.ToParty(owed.Call, owed.Answer, time.GetUtcNow()).Where(n => plan.Channels[n.Channel].Reaches(number)) ?? []];
        if (notices.Count == 0) return new(Outcome.Of("party_untold"));
        await database.WriteAsideAsync(db =>
        {
            foreach (var notice in notices) db.Outbox.Add(notice.AsRow(time.GetUtcNow()));
            return db.SaveChangesAsync(ct);
        }, ct);
        reach.Told(notices.Count);
        return new LinkSent(notices.Count);
    }

    /// <summary>The case behind a link; null if the link is unknown or expired, or its case is over or continues in another. A party that is no longer needed reads no words.</summary>
    public async Task<PartyView?> ViewAsync(string code, CancellationToken ct)
    {
        if (await OpenAsync(code, ct) is not var (call, owed)) return null;
        await using var db = database.Context();
        var description = owed.Released ? null : (await db.Words.Where(w => w.CallNo == call.No.Value && w.Kind == "description").Take(1).ReadAsync(db, ct)).FirstOrDefault()?.Words;
        await database.WriteAsync(writing =>
        {
            writing.Reads.Add(new ReadRow { At = time.GetUtcNow(), Account = Reader, Post = owed.Key, CallNo = call.No.Value, Looked = "detail", Reason = null });
            return writing.SaveChangesAsync(ct);
        }, ct);
        var party = policies.Current.Of(call.PolicyVersion).FindParty(owed.Party);
        return new PartyView(
            call.No.Value, owed.Party, party?.Name ?? owed.Party, party?.NameEn ?? owed.Party, call.Category, call.Level.ToString(), call.Grid.Value, call.Station?.Value,
            Names.Of(call.State), description ?? string.Empty, call.OpenedAt, owed.Clock.Due, owed.Met is not null, owed.Released)
        {
            Kind = owed.Kind == AnswerKind.Acknowledge ? Names.Camel(owed.Kind) : null,
            Done = owed.Done is not null ? true : null,
            Disclaimed = owed.Disclaimed ? true : null,
        };
    }

    /// <summary>Whether a link is open: nobody else may store photos.</summary>
    public async Task<bool> KnowsAsync(string code, CancellationToken ct) => await OpenAsync(code, ct) is not null;

    /// <summary>The party answers; a second time is no error and changes nothing. Its photos show what it found.</summary>
    public Task<Outcome> AttendAsync(string code, NoteRequest said, string? idempotencyKey, CancellationToken ct) =>
        SayAsync(code, said, CallPhotos.Before, "attend", "note", owed => owed.Kind == AnswerKind.Attend ? new CallCommand.Attend(null, owed.Key) : new CallCommand.Acknowledge(null, owed.Key), idempotencyKey, ct);

    /// <summary>The party's part of the work is done. Its photos show the result.</summary>
    public Task<Outcome> FinishAsync(string code, NoteRequest said, string? idempotencyKey, CancellationToken ct) =>
        SayAsync(code, said, CallPhotos.After, "finish", "note", owed => new CallCommand.Finish(owed.Key), idempotencyKey, ct);

    /// <summary>不归我管, with a reason for the desk.</summary>
    public Task<Outcome> DisclaimAsync(string code, NoteRequest said, string? idempotencyKey, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(said.Note) ? Task.FromResult(Outcome.Of(Codes.ReasonMissing)) : SayAsync(code, said, CallPhotos.Before, "disclaim", "disclaimNote", owed => new CallCommand.Disclaim(owed.Key), idempotencyKey, ct);

    private async Task<Outcome> SayAsync(string code, NoteRequest said, string shows, string verb, string kind, Func<Answer, CallCommand> command, string? idempotencyKey, CancellationToken ct)
    {
        if (Texts.Check(said.Note, Texts.NoteLimit, "note", out var words) is { } tooLong) return tooLong;
        if (await OpenAsync(code, ct) is not var (call, owed)) return Outcome.Of(Codes.LinkUnknown);
        if (!Keys.TryMake(idempotencyKey, null, $"{verb} {call.No} {owed.Key}", said, ContractsJson.Default.NoteRequest, out var key)) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        var pictures = said.Photos is { Count: > 0 } ids ? new CallPhotos(shows, ids) : null;
        if (await photos.CheckAsync(pictures?.Ids, call.No.Value, ct) is { } unknown) return unknown;
        return Replies.Of(await desk.Submit(new DeskRequest.Ask(call.No, command(owed), words.Length > 0 ? new CallWords(kind, words) : null) { Photos = pictures }, key));
    }

    /// <summary>An outstanding answer that is given through a link, for the lead or a desk.</summary>
    private async Task<Outcome<Due>> OwedAsync(Staff who, string callNo, string? answer, CancellationToken ct)
    {
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is not { } call) return new(found);
        if (!call.IsWorkedOnBy(who.Post!) && who.Post!.Kind is not (Domain.Duty.PostKind.CommunityDesk or Domain.Duty.PostKind.StreetDesk)) return new(Outcome.Of(Codes.WrongTeam));
        if (!call.IsOpen) return new(Outcome.Of(Codes.CallOver));
        return call.Answers.FirstOrDefault(a => a.Key == answer && a.IsOwed && Summons.IsOfParty(a, policies.Current.Of(call.PolicyVersion))) is { } owed
            ? new Due(call, owed) : new Outcome<Due>(Outcome.Of(Codes.NoSuchAnswer));
    }

    private async Task<(WhistleCall Call, Answer Owed)?> OpenAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        var (hash, now) = (LinkCode.HashOf(code), time.GetUtcNow());
        await using var db = database.Context();
        var link = await db.PartyLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Hash == hash && l.ExpiresAt > now, ct);
        if (link is null || await CaseQueries.FindAsync(database, Sight.OfTheEngine, link.CallNo, ct) is not { IsOpen: true } call) return null;
        return call.Answers.FirstOrDefault(a => a.Key == link.Answer) is { } owed ? (call, owed) : null;
    }

    private sealed record Due(WhistleCall Call, Answer Answer);
}
