using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Simulator.Choosing;

/// <summary>One case of a random week. Its values do not depend on who is sent.</summary>
/// <param name="At">From the start of the week.</param>
/// <param name="Due">When 到场 is due, from the start of the week.</param>
/// <param name="Property">Whether property staff may accept it.</param>
/// <param name="Accept">From the recommendation to the accept.</param>
/// <param name="Haste">Actual travel time relative to the map's estimate.</param>
/// <param name="Work">Time on the scene. No desk knows it in advance.</param>
internal sealed record WeekCase(TimeSpan At, TimeSpan Due, Level Level, GridCode Grid, bool Property, TimeSpan Accept, double Haste, TimeSpan Work);

/// <summary>
/// Generates a week of a street from one seed: an even background by the hotline's weights, one whistle in five repeating an earlier
/// one, the first heating day, and a storm over part of the street.
/// </summary>
internal static class WeekPlan
{
    /// <summary>Monday, midnight in Asia/Shanghai; the default clocks of 到场 know no holidays.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 9, 0, 0, 0, WorkCalendar.Offset);

    /// <summary>The same grid and category within this time is one case: a desk merges them.</summary>
    public static readonly TimeSpan SameMatter = TimeSpan.FromHours(1);

    /// <summary>The share of heating whistles on the first heating day: 3,075 of 5,588 in a real city.</summary>
    private const double HeatingShare = 0.55;

    /// <summary>Zero-based.</summary>
    public const int HeatingDay = 2, StormDay = 4;

    private const int HeatingFrom = 6, HeatingUntil = 20;
    private const int StormFrom = 15, StormUntil = 20;

    /// <summary>Whistles per hour in a grid hit by the storm.</summary>
    private const double StormRate = 5;

    private const double StormPart = 0.25;
    private const double Spread = 0.8;
    private const double HasteSpread = 0.4;

    private static readonly TimeSpan Taking = TimeSpan.FromSeconds(45);
    private static readonly string[] StormCategories = ["02", "03", "07", "09", "10", "18"];

    /// <summary>Mean minutes on the scene; the spread is log-normal.</summary>
    private static readonly Dictionary<Level, double> Work = new() { [Level.S1] = 60, [Level.S2] = 50, [Level.S3] = 30 };

    /// <exception cref="BadInputException">The street is unusable, or has no limit for 到场.</exception>
    public static IReadOnlyList<WeekCase> Draw(int seed, StreetView street, Ground ground, int days, double perDay)
    {
        var all = Background(seed, street, days, perDay).Concat(Heating(seed, street, days, perDay)).Concat(Storm(seed, street, ground, days)).OrderBy(w => w.At);
        var (random, calendar) = (new Random(seed), new WorkCalendar(WorkHours.Default, []));
        var limits = street.Promises.Where(p => p.Answer == "arrive").ToDictionary(p => Enum.Parse<Level>(p.Level), p => new Span(Enum.Parse<ClockKind>(p.Clock, ignoreCase: true), TimeSpan.FromHours(p.Hours)));
        if (limits.Count != Enum.GetValues<Level>().Length) throw new BadInputException("The server's street has no limit for 到场 at every level.");
        var levels = street.Categories.ToDictionary(c => c.Code, c => Enum.Parse<Level>(c.Level));
        var last = new Dictionary<(string, string), TimeSpan>();
        var cases = new List<WeekCase>();
        foreach (var (at, whistle) in all)
        {
            var grid = whistle.Request.Grid ?? street.Stations.First(s => s.Code == whistle.Request.Station).Grid;
            var (accept, haste, work) = (Tempo.LogNormal(random, Taking, Spread), Tempo.LogNormal(random, TimeSpan.FromMinutes(1), HasteSpread).TotalMinutes, Tempo.LogNormal(random, TimeSpan.FromMinutes(1), Spread));
            var key = (grid, whistle.Request.Category!);
            if (last.TryGetValue(key, out var before) && at - before < SameMatter) continue;
            last[key] = at;
            var level = whistle.Request.Danger == true ? Level.S1 : levels[whistle.Request.Category!];
            cases.Add(new WeekCase(at, calendar.Add(Start + at, limits[level]) - Start, level, new GridCode(grid), !whistle.PropertyRecused, accept, haste, work * (Work[level] / Math.Exp(Spread * Spread / 2))));
        }

        return cases;
    }

    private static IEnumerable<(TimeSpan At, Whistle Whistle)> Background(int seed, StreetView street, int days, double perDay) =>
        Whistles(seed, street, perDay / 24, TimeSpan.Zero, TimeSpan.FromDays(days));

    private static IEnumerable<(TimeSpan At, Whistle Whistle)> Heating(int seed, StreetView street, int days, double perDay)
    {
        if (days <= HeatingDay) return [];
        var only = street with { Categories = [.. street.Categories.Where(c => c.Code == "05")] };
        return only.Categories.Count == 0 ? [] : Whistles(
            seed + 1, only, perDay * HeatingShare / (1 - HeatingShare) / (HeatingUntil - HeatingFrom), TimeSpan.FromHours((24 * HeatingDay) + HeatingFrom), TimeSpan.FromHours((24 * HeatingDay) + HeatingUntil));
    }

    private static IEnumerable<(TimeSpan At, Whistle Whistle)> Storm(int seed, StreetView street, Ground ground, int days)
    {
        if (days <= StormDay) return [];
        var eye = ground.SiteOf(new GridCode(street.Grids[new Random(seed + 2).Next(street.Grids.Count)].Code));
        var hit = street.Grids.OrderBy(g => Ground.Metres(eye, ground.SiteOf(new GridCode(g.Code)))).ThenBy(g => g.Code, StringComparer.Ordinal).Take((int)Math.Ceiling(street.Grids.Count * StormPart)).ToList();
        var codes = hit.Select(g => g.Code).ToHashSet();
        var there = street with
        {
            Grids = hit,
            Stations = [.. street.Stations.Where(s => codes.Contains(s.Grid))],
            Categories = [.. street.Categories.Where(c => StormCategories.Contains(c.Code))],
        };
        return there.Categories.Count == 0 ? [] : Whistles(seed + 3, there, StormRate * hit.Count, TimeSpan.FromHours((24 * StormDay) + StormFrom), TimeSpan.FromHours((24 * StormDay) + StormUntil));
    }

    private static IEnumerable<(TimeSpan At, Whistle Whistle)> Whistles(int seed, StreetView street, double perHour, TimeSpan from, TimeSpan until) =>
        Scenario.Draw(seed, street, Arrivals.Poisson(perHour / 3_600, until - from, seed), Tempo.Human).Select(w => (from + w.Offset, w));
}
