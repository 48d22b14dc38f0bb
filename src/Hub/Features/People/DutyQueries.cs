using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.People;

/// <summary>A person's view of their own duty.</summary>
public sealed class DutyQueries(Database database, Roster roster, SwapCommands swaps, GapWatch gaps, DutyHandOver handOver)
{
    /// <summary>How far ahead own shifts are shown.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(35);

    public async Task<DutyView> OfAsync(Staff who, RosterQueries rosters, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = database.Context();
        var colleagues = new List<RosterPost>();
        foreach (var unit in who.Posts.Select(DutyUnit.Of).Distinct()) colleagues.AddRange((await rosters.PostsAsync(db, unit, ct)).Where(p => p.Unit == unit.Value));
        var ids = colleagues.Select(p => p.Id).ToList();
        var shifts = await RosterQueries.ShiftsAsync(db, ids, new Stretch(now, now + Ahead), ct);
        var running = shifts.Where(s => s.Post == who.Post?.Id.Value && s.From <= now && !s.Standby).ToList();
        return new DutyView(
            who.Post?.Id.Value, who.Post is { } post && roster.At(now).Contains(post.Id), running.Exists(s => s.Until is null) ? null : running.Max(s => s.Until),
            [.. colleagues.Where(p => who.Posts.Any(own => own.Id.Value == p.Id))], colleagues, [.. shifts.Select(s => s.View())],
            await swaps.OfAsync(who, ct), (await gaps.OfAsync(who, ct)).Gaps, who.Post is null ? [] : await handOver.NotesAsync(DutyUnit.Of(who.Post), ct));
    }
}
