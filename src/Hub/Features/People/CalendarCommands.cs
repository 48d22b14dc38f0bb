using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// Calendar feeds of a person's or unit's duty. The address contains 128 random bits and is the capability, so any calendar app can read it; only a hash is
/// stored. It names posts, never people, and ends when revoked, or when its creator's account is gone or may no longer see what it shows.
/// </summary>
public sealed class CalendarCommands(Database database, Roster roster, CoverBook cover, AccountBook accounts, StreetBook streets)
{
    public const int MostFeeds = 10;

    public static readonly TimeSpan Back = TimeSpan.FromDays(31);

    /// <summary>How far ahead a calendar reaches.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(PatternCommands.MostDays);

    private const int MostEvents = 5_000;

    /// <summary>A feed of a unit, or by default of the requester's own post. Made on duty only; it is read at any time, for it tells when the next shift begins.</summary>
    public async Task<Outcome<RosterFeed>> MakeAsync(Staff who, string? unit, DateTimeOffset now, CancellationToken ct)
    {
        if (who.Post is not { } post || (unit is not null && (!cover.IsUnit(unit) || !cover.Sees(who, new DutyUnit(unit))))) return new(Outcome.Of(Codes.UnitUnknown));
        if (!roster.At(now).Contains(post.Id)) return new(Outcome.Of(Codes.NotOnDuty));
        var code = LinkCode.New();
        var made = await database.WriteAsync(async db =>
        {
            if (await db.RosterFeeds.CountAsync(f => f.Account == who.Id, ct) >= MostFeeds) return false;
            db.RosterFeeds.Add(new RosterFeedRow { Hash = LinkCode.HashOf(code), Account = who.Id, Post = unit is null ? post.Id.Value : null, Unit = unit, At = now });
            return await db.SaveChangesAsync(ct) > 0;
        }, ct);
        return made ? new RosterFeed($"/cal/{code}.ics") : new Outcome<RosterFeed>(Outcome.Of(Codes.FeedsTooMany));
    }

    /// <summary>Revokes every feed that the requester created.</summary>
    public Task<int> RevokeAsync(Staff who, CancellationToken ct) => database.WriteAsync(db => db.DeleteAsync(db.RosterFeeds.Where(f => f.Account == who.Id), ct), ct);

    /// <summary>The calendar of a code; null if there is none.</summary>
    public async Task<string?> ReadAsync(string code, bool chinese, DateTimeOffset now, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        await using var db = database.Context();
        var hash = LinkCode.HashOf(code);
        if (await db.RosterFeeds.AsNoTracking().FirstOrDefaultAsync(f => f.Hash == hash, ct) is not { } feed || accounts.OfId(feed.Account) is not { } maker) return null;
        if (feed.Unit is { } unit ? !cover.Sees(maker, new DutyUnit(unit)) : maker.As(feed.Post) is null) return null;
        var posts = feed.Unit is { } name ? roster.Posts.Where(p => DutyUnit.Of(p).Value == name).Select(p => p.Id.Value).ToList() : [feed.Post!];
        var shifts = await RosterQueries.ShiftsAsync(db, posts, new Stretch(now - Back, now + Ahead), ct);
        var street = (await db.Epochs.AsNoTracking().OrderBy(e => e.At).ThenBy(e => e.Epoch).Select(e => e.Epoch).FirstAsync(ct)).ToLowerInvariant();
        var title = $"{Say("roster_calendar", chinese)} · {(feed.Unit is { } of ? UnitName(new DutyUnit(of), chinese) : Label(roster.FindPost(feed.Post)!, chinese))}";
        return ICalendar.Write(title, shifts.Where(s => s.Until is not null).Take(MostEvents).Select(s => new CalendarEvent(
            $"shift-{s.Id}@{street}.dispatch-center", s.Version - 1, s.ChangedAt, s.From, s.Until!.Value,
            $"{Say(s.Standby ? "roster_standby" : "roster_duty", chinese)} · {Label(roster.FindPost(s.Post)!, chinese)}", UnitName(DutyUnit.Of(roster.FindPost(s.Post)!), chinese))));
    }

    /// <summary>The name of a post: its kind and its grid or team, never its holder.</summary>
    private string Label(Post post, bool chinese) =>
        $"{Say($"post_{Names.Camel(post.Kind)}", chinese)}{(post.Grid is { } code ? $" {In(streets.PlaceNames.Grid(code.Value), chinese)}" : string.Empty)}";

    private string UnitName(DutyUnit unit, bool chinese) =>
        unit.Team is { } team ? In(streets.PlaceNames.Team(team.Value), chinese)
        : unit.Desk is { } desk ? In(streets.PlaceNames.Community(desk.Value), chinese)
        : chinese ? streets.Map.Name : streets.Map.NameEn;

    private static string In((string Zh, string En) name, bool chinese) => chinese ? name.Zh : name.En;

    private static string Say(string code, bool chinese) => Sentences.Find(code) is var (_, zh, en) && chinese ? zh : en;
}
