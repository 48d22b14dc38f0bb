using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>Computes unmanned hours from the stored shifts; a fallback rota counts as cover.</summary>
public sealed class CoverBook(Roster roster, StreetBook streets)
{
    internal const string RulesKind = "duty";

    /// <summary>Every unit of the street, teams first.</summary>
    public IEnumerable<DutyUnit> Units => [.. streets.Map.Teams.Select(t => DutyUnit.Of(t.Code)), .. streets.Map.Communities.Select(c => DutyUnit.Of(c.Code)), DutyUnit.Street, DutyUnit.Leader];

    /// <summary>The community of a unit; null for the street's own.</summary>
    public CommunityCode? CommunityOf(DutyUnit unit) => unit.Desk ?? (unit.Team is { } team ? streets.Map.FindTeam(team.Value)?.Community : null);

    public Team? FindTeam(string? code) => code is null ? null : streets.Map.FindTeam(code);

    public bool IsUnit(string? unit) => unit is not null && Units.Any(u => u.Value == unit);

    internal static async Task<DutyRules> RulesAsync(DispatchDb db, CancellationToken ct) =>
        await db.Documents.AsNoTracking().Where(d => d.Kind == RulesKind).OrderByDescending(d => d.Version).Select(d => d.Json).FirstOrDefaultAsync(ct) is { } json
            ? JsonSerializer.Deserialize(json, ContractsJson.Default.DutyRules)! : new DutyRules();

    /// <summary>The unmanned hours of units, consecutive hours merged, ordered by unit and time.</summary>
    internal async Task<List<RosterGap>> GapsAsync(DispatchDb db, IEnumerable<DutyUnit> units, Stretch within, CancellationToken ct)
    {
        var (manned, fallback) = await MannedAsync(db, within, ct);
        var rules = await RulesAsync(db, ct);
        var gaps = new List<RosterGap>();
        foreach (var unit in units)
        {
            var there = manned.GetValueOrDefault(unit, []);
            bool Needed(DateTimeOffset hour) => IsNeeded(rules, unit, hour);
            var open = Cover.GapHours(within, there, Needed).ToList();
            if (open.Count == 0) continue;
            var uncovered = CommunityOf(unit) is { } community && fallback.TryGetValue(community, out var standby)
                ? Cover.GapHours(within, there.Concat(standby), Needed).ToHashSet() : null;
            foreach (var hour in open)
            {
                var covered = uncovered is not null && !uncovered.Contains(hour);
                if (gaps.Count > 0 && gaps[^1] is var last && last.Unit == unit.Value && last.Until == hour && last.Fallback == covered) gaps[^1] = last with { Until = hour.AddHours(1) };
                else gaps.Add(new RosterGap(unit.Value, hour, hour.AddHours(1), covered));
            }
        }

        return gaps;
    }

    /// <summary>When each unit is manned, and when a community's fallback is on standby.</summary>
    internal async Task<(Dictionary<DutyUnit, List<Stretch>> Manned, Dictionary<CommunityCode, List<Stretch>> Fallback)> MannedAsync(DispatchDb db, Stretch within, CancellationToken ct)
    {
        var (from, until) = (within.From, within.Until);
        var held = (await Roster.HoldsAsync(db, ct)).Select(h => h.Post).ToHashSet();
        var shifts = await db.Shifts.AsNoTracking().Where(s => s.From < until && (s.Until == null || s.Until > from) && s.State != ShiftRow.Off).ToListAsync(ct);
        var (manned, fallback) = (new Dictionary<DutyUnit, List<Stretch>>(), new Dictionary<CommunityCode, List<Stretch>>());
        foreach (var shift in shifts)
        {
            if (roster.FindPost(shift.Post) is not { } post || !held.Contains(shift.Post)) continue;
            var time = new Stretch(shift.From, shift.Until ?? DateTimeOffset.MaxValue);
            if (!shift.Standby && DutyUnit.Mans(post)) Add(manned, DutyUnit.Of(post), time);
            else if (shift.Standby && post.Community is { } community) Add(fallback, community, time);
        }

        return (manned, fallback);
    }

    private static bool IsNeeded(DutyRules rules, DutyUnit unit, DateTimeOffset hour)
    {
        if (unit == DutyUnit.Leader) return rules.Seasons?.Any(s => s.From < hour.AddHours(1) && hour < s.Until) == true;
        var kind = unit.Team is not null ? "team" : unit.Desk is not null ? "community" : "street";
        if (rules.Hours?.TryGetValue(kind, out var text) != true) return true;
        return Patterns.WindowOf(text) is var (from, until) && Cover.InWindow(hour, from, until);
    }

    private static void Add<TKey>(Dictionary<TKey, List<Stretch>> to, TKey key, Stretch time) where TKey : notnull
    {
        if (!to.TryGetValue(key, out var list)) to.Add(key, list = []);
        list.Add(time);
    }
}
