using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>What all roster edits share: permissions, overlap rules, and the line in the roster's journal.</summary>
internal static class Rostering
{
    /// <summary>The farthest a shift can be entered ahead; anything later is a typing error.</summary>
    public static readonly TimeSpan FarthestAhead = TimeSpan.FromDays(400);

    /// <summary>The street manages all rosters, a community those of its own desk and teams.</summary>
    public static bool Rosters(this CoverBook cover, Staff who, DutyUnit unit) =>
        who.Post is { Kind: PostKind.StreetDesk or PostKind.Leader }
        || (who.Post is { Kind: PostKind.CommunityDesk, Community: { } community } && cover.CommunityOf(unit) == community);

    /// <summary>Visible to those who manage the unit and those who serve it.</summary>
    public static bool Sees(this CoverBook cover, Staff who, DutyUnit unit) => cover.Rosters(who, unit) || who.Posts.Any(p => DutyUnit.Of(p) == unit);

    public static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    /// <summary>"2026-03-12 08:00–20:00" in Asia/Shanghai, the same in both languages.</summary>
    public static (string, string) Say(DateTimeOffset from, DateTimeOffset? until)
    {
        var text = $"{WallClock.Write(from, "yyyy-MM-dd HH:mm")}–{(until is { } end ? WallClock.Write(end, (end - from).TotalHours < 24 ? "HH:mm" : "yyyy-MM-dd HH:mm") : string.Empty)}";
        return (text, text);
    }

    /// <summary>Why a period cannot be a shift; null if it can.</summary>
    public static Outcome? Fault(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now) =>
        from is not { } begins || until is not { } ends ? Invalid("from, until")
        : ends <= begins ? Invalid("until ≤ from")
        : ends - begins > Pattern.LongestShift ? Invalid("> 24 h")
        : begins > now + FarthestAhead ? Invalid("> 400 d") : null;

    /// <summary>Another shift of the same post in a period; a round-the-clock duty does not block.</summary>
    public static Task<ShiftRow?> OverlapAsync(this DispatchDb db, string post, DateTimeOffset from, DateTimeOffset until, CancellationToken ct, params long[] but) =>
        db.Shifts.AsNoTracking().Where(s => s.Post == post && s.From < until && s.Until > from && s.State != ShiftRow.Off && !but.Contains(s.Id)).OrderBy(s => s.From).FirstOrDefaultAsync(ct);

    public static Outcome Overlaps(ShiftRow with) => Outcome.Of(Codes.ShiftOverlaps, Say(with.From, with.Until));

    public static void Touch(this ShiftRow shift, DateTimeOffset now) => (shift.State, shift.Version, shift.ChangedAt) = (ShiftRow.Fixed, shift.Version + 1, now);

    /// <summary>Removes a shift that has not begun. It keeps its slot with an empty period.</summary>
    public static void TakeOut(this ShiftRow shift, DateTimeOffset now)
    {
        shift.Touch(now);
        (shift.State, shift.Until) = (ShiftRow.Off, shift.From);
    }

    /// <summary>Cuts a post's absences out of its future shifts.</summary>
    public static async Task<List<ShiftRow>> CutAsync(this DispatchDb db, string post, Stretch out_, DateTimeOffset now, CancellationToken ct)
    {
        var (from, until) = (out_.From, out_.Until);
        var hit = await db.Shifts.Where(s => s.Post == post && s.From < until && (s.Until == null || s.Until > from) && s.State != ShiftRow.Off).ToListAsync(ct);
        foreach (var shift in hit)
        {
            Stretch[] left = [.. new Stretch(shift.From, shift.Until ?? DateTimeOffset.MaxValue).Without([out_])];
            if (left.Length == 0)
            {
                shift.TakeOut(now);
                continue;
            }

            (shift.From, shift.Until) = (left[0].From, End(left[0]));
            shift.Touch(now);
            foreach (var more in left.Skip(1)) db.Shifts.Add(new ShiftRow { Post = post, From = more.From, Until = End(more), Standby = shift.Standby, ChangedAt = now });
        }

        return hit;

        static DateTimeOffset? End(Stretch stretch) => stretch.Until == DateTimeOffset.MaxValue ? null : stretch.Until;
    }

    /// <summary>Ids and codes only: no names, no free text.</summary>
    public static void Note(this DispatchDb db, Staff who, DateTimeOffset now, string what, Post? post, DutyUnit unit, ShiftRow? shift = null, Stretch? time = null, string detail = "") =>
        db.RosterJournal.Add(new RosterJournalRow
        {
            At = now, ByAccount = who.Id, ByPost = who.Post?.Id.Value, What = what, Unit = unit.Value, Post = post?.Id.Value ?? shift?.Post, Shift = shift is { Id: > 0 } ? shift.Id : null,
            FromAt = time?.From ?? shift?.From, UntilAt = time?.Until ?? shift?.Until, Detail = detail,
        });

    /// <summary>Removes a post from the roster: running shifts end now, future ones are removed, its calendars and open swaps end. Returns the number of each.</summary>
    public static async Task<(int Running, int Ahead)> RetireAsync(this DispatchDb db, Staff who, Post post, DateTimeOffset now, CancellationToken ct)
    {
        var running = await Roster.EndRunningAsync(db, post.Id.Value, now, now, ct);
        var ahead = await db.Shifts.Where(s => s.Post == post.Id.Value && s.From > now && s.State != ShiftRow.Off).ToListAsync(ct);
        ahead.ForEach(s => s.TakeOut(now));
        foreach (var row in await db.Posts.Where(p => p.Id == post.Id.Value).ToListAsync(ct)) row.RetiredAt = now;
        db.RemoveRange(await db.RosterFeeds.Where(f => f.Post == post.Id.Value).ToListAsync(ct));
        foreach (var swap in await db.Swaps.Where(s => (s.ByPost == post.Id.Value || s.WithPost == post.Id.Value) && s.State == SwapRow.Asked).ToListAsync(ct)) (swap.State, swap.AnsweredAt) = ("void", now);
        db.Note(who, now, "retired", post, DutyUnit.Of(post), detail: string.Join(' ', running.Concat(ahead).Select(s => $"shift:{s.Id}")));
        return (running.Count, ahead.Count);
    }

    /// <summary>A shift's previous state, as codes.</summary>
    public static string Before(this ShiftRow shift) => $"was:{shift.Post} {shift.From.ToUnixTimeMilliseconds()} {shift.Until?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "-"} {shift.State}";

    public static RosterShift View(this ShiftRow shift) => new(
        shift.Id, shift.Version, shift.Post, shift.From, shift.Until, shift.Slot.Split('/') is [_, var code, _] ? code : null, shift.State != ShiftRow.Planned, shift.Standby);

    private static Outcome Invalid(string what) => Outcome.Of(Codes.ShiftInvalid, (what, what));
}
