using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A case with its text, for the people on it. Every access is logged first: who, when, which case.</summary>
public sealed class CallQueries(Database database, StaffSight sight, JournalQueries journal, Roster roster, PolicyBook policies, StreetBook streets, TimeProvider time)
{
    public const int ReasonLimit = 200;

    /// <summary>Everything about a case except the caller's full contact.</summary>
    public async Task<Outcome<CallDetail>> DetailAsync(Staff who, string callNo, CancellationToken ct)
    {
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is not { } call) return new(found);
        await AuditAsync(who, callNo, "detail", null, ct);

        await using var db = database.Context();
        var words = await db.Words.Where(w => w.CallNo == callNo).OrderBy(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        var caller = who.Post!.Kind == PostKind.BuildingHead ? null : await db.CallerAsync(callNo, ct);
        var history = await journal.OfCallAsync(callNo, ct);
        var chance = new Chance(call, who.Post!, World(call));
        var allowed = Verbs.All.Where(verb => Access.May(who, verb.Right)).Select(verb => (verb.Name, Commands: verb.Allowed(chance).ToList())).Where(verb => verb.Commands.Count > 0).ToList();
        return new CallDetail
        {
            Call = Cards.Of(call),
            Description = words.Find(w => w.Kind == "description")?.Words ?? string.Empty,
            Contact = caller is null or { Name: null, Phone: null, Lat: null } ? null
                : new MaskedContact(Masked.Name(caller.Name), Masked.Phone(caller.Phone)) { Position = caller.Lat is null ? null : true, PhoneAt = await db.PhoneAtAsync(callNo, ct) },
            Texts = [.. words.Where(w => w.Kind != "description").Select(w => new CallText(w.Kind, LookQueries.KindOf(roster, w.ByPost), w.At, w.Words, w.Version))],
            Guide = Cards.GuideOf(call, roster),
            Exemptions = [.. call.Exemptions.Select(e => new ExemptionView(e.Answer, Names.Camel(e.Reason), e.Granted))],
            Photos = await PhotoStore.OfCallAsync(db, callNo, ct),
            Timeline = [.. history.Select(e => new TimelineLine(e.Version, e.At, LookQueries.KindOf(roster, e.By), e.What, e.Answer, Details.Texts(e.Detail)))],
            Commands = [.. allowed.Select(verb => verb.Name)],
            Acknowledgeable = OrNull(allowed.SelectMany(verb => verb.Commands).OfType<CallCommand.Acknowledge>().Select(command => command.Answer)),
            Releasable = OrNull(allowed.SelectMany(verb => verb.Commands).OfType<CallCommand.Release>().Select(command => command.Answer)),
            Petitions = call.Petitions.IsEmpty ? null : [.. call.Petitions.Select(petition => PleaOf(petition, call))],
            Extensions = allowed.Any(verb => verb.Name == Verbs.RequestExtension.Name) && call.Owed(AnswerKind.Resolve) is { } owed ? Cards.ExtensionsOf(owed.Clock, World(call).Calendar) : null,
            Erasure = call.IsOpen ? null : await HeldQueries.OfAsync(db, callNo, ct),
        };
    }

    /// <summary>How long somebody who opened a case counts as being at it.</summary>
    public static readonly TimeSpan Beside = TimeSpan.FromMinutes(10);

    /// <summary>Which other desks have opened the case lately, so that two officers at one case know of each other; the last first. By kind of post, never a person.</summary>
    public async Task<Outcome<BesideView>> BesideAsync(Staff who, string callNo, CancellationToken ct)
    {
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is null) return new(found);
        await using var db = database.Context();
        var since = time.GetUtcNow() - Beside;
        var looks = await db.Reads.AsNoTracking().Where(r => r.CallNo == callNo && r.At >= since && r.Looked == "detail" && r.Post != who.Post!.Id.Value).OrderByDescending(r => r.At).Take(MostLooks).Select(r => new { r.Post, r.At }).ToListAsync(ct);
        var desks = looks.Where(look => roster.FindPost(look.Post)?.Kind is PostKind.CommunityDesk or PostKind.StreetDesk or PostKind.Leader);
        return new BesideView([.. desks.DistinctBy(look => look.Post).Select(look => new BesideLine(LookQueries.KindOf(roster, look.Post), look.At))]);
    }

    private const int MostLooks = 100;

    /// <summary>A photo of the case. The small ones are covered by the access to the case itself; a large one is logged as its own access.</summary>
    public async Task<Outcome<KeptPhoto>> PhotoAsync(Staff who, string callNo, string id, bool small, CancellationToken ct)
    {
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is null) return new(found);
        if (!small) await AuditAsync(who, callNo, "photo", null, ct);
        await using var db = database.Context();
        return await PhotoStore.ReadAsync(db, callNo, id, small, ct) is { } photo ? photo : Outcome.Of(Codes.NotFound).As<KeptPhoto>();
    }

    /// <summary>The caller's full contact, including any location they attached, for a reason that is logged.</summary>
    public async Task<Outcome<ContactView>> ContactAsync(Staff who, string callNo, string? reason, CancellationToken ct)
    {
        if (Texts.Check(reason, ReasonLimit, "reason", out var why) is { } tooLong) return new(tooLong);
        if (why.Length == 0) return new(Outcome.Of(Codes.TextMissing));
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is not { } call) return new(found);
        if (call.IsOver) return new(Outcome.Of(Codes.CallOver));
        if (!call.MayContactCaller(who.Post!, roster.Held)) return new(Outcome.Of(Codes.OutOfTurn));
        await AuditAsync(who, callNo, "contact", why, ct);
        await using var db = database.Context();
        var caller = await db.CallerAsync(callNo, ct);
        return caller is null or { Name: null, Phone: null, Lat: null } ? Outcome.Of("no_contact").As<ContactView>() : new ContactView(caller.Name, caller.Phone) { Position = PositionOf(caller) };
    }

    private Task<int> AuditAsync(Staff who, string callNo, string looked, string? reason, CancellationToken ct) =>
        database.WriteAsync(db =>
        {
            db.Reads.Add(new ReadRow { At = time.GetUtcNow(), Account = who.Id, Post = who.Post!.Id.Value, CallNo = callNo, Looked = looked, Reason = db.DataKeys.EncryptAny(ReadRow.ReasonColumn, reason) });
            return db.SaveChangesAsync(ct);
        }, ct);

    /// <summary>What is asked, with the deadline that granting it would set.</summary>
    private PleaView PleaOf(Petition petition, WhistleCall call) => new(
        Names.Camel(petition.Kind), petition.Length is { } length ? (int)length.TotalMinutes : null, petition.Until,
        petition.Length is { } more ? call.DueIfExtended(more, World(call).Calendar) : null, petition.Clock.Due);

    private Surroundings World(WhistleCall call)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new Surroundings(now, policies.Current.Of(call.PolicyVersion), policies.Current.CalendarOf(call.PolicyVersion), streets.Map, roster.At(now)) { Held = roster.Held };
    }

    private static List<string>? OrNull(IEnumerable<string> keys) => keys.ToList() is { Count: > 0 } some ? some : null;

    private static PositionView? PositionOf(Caller caller)
    {
        if (caller is not { Lat: { } lat, Lon: { } lon, Datum: { } datum }) return null;
        var sent = new GeoPoint(lat, lon);
        var (wgs84, gcj02) = datum == Intake.Gcj02Name ? (Gcj02.ToWgs84(sent), sent) : (sent, Gcj02.FromWgs84(sent));
        return new PositionView(lat, lon, datum, [wgs84.Lat, wgs84.Lon], [gcj02.Lat, gcj02.Lon]);
    }
}
