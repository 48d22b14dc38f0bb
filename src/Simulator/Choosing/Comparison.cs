using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Simulator.Choosing;

/// <summary>One week played twice, with the same whistles, travel and work.</summary>
internal sealed record ComparedWeek(int Seed, WeekFigures Nearest, WeekFigures Balanced)
{
    /// <summary>The required improvement.</summary>
    public const double MostLate = 0.9, MostMean = 1.1;

    /// <summary>Null if nobody was late with nearest-first, so nothing could improve.</summary>
    public double? LateRatio => Nearest.Late == 0 ? null : Balanced.Late / Nearest.Late;

    public double MeanRatio => Balanced.MeanMinutes / Nearest.MeanMinutes;

    public bool Holds => LateRatio <= MostLate && MeanRatio <= MostMean;
}

/// <summary>Compares the two rankings on random weeks of a street, in virtual time.</summary>
internal sealed class Comparison
{
    private readonly StreetView _street;
    private readonly StreetMap _map;
    private readonly Ground _ground;

    /// <exception cref="BadInputException">A street without grids or teams.</exception>
    public Comparison(StreetView street)
    {
        if (street.Grids.Count == 0 || street.Teams.Count == 0) throw new BadInputException("The server's street has no grids or no teams: is it a demo server?");
        _street = street;
        _map = new StreetMap(
            street.Name, street.NameEn,
            [.. street.Communities.Select(c => new Community(new(c.Code), c.Name, c.NameEn))],
            [.. street.Grids.Select(g => new Grid(new(g.Code), g.Name, g.NameEn, new(g.Community), [.. g.Outline.Select(p => new GeoPoint(p[0], p[1]))]))],
            [.. street.Stations.Select(s => new Station(new(s.Code), s.Name, s.NameEn, new(s.Grid)))],
            [.. street.Teams.Select(t => new Team(new(t.Code), t.Name, t.NameEn, new(t.Community), [.. t.Grids.Select(g => new GridCode(g))]))]);
        _ground = new Ground(_map);
    }

    public ComparedWeek Of(int seed, int days, double perDay)
    {
        var cases = WeekPlan.Draw(seed, _street, _ground, days, perDay);
        if (cases.Count == 0) throw new BadInputException("No whistles in that time: use more days or a higher rate.");
        return new ComparedWeek(seed, Live(ChoiceOrder.NearestFirst), Live(ChoiceOrder.Balanced));

        WeekFigures Live(ChoiceOrder order) => Week.Live(cases, _ground, new ChoiceRules { Order = order });
    }

    /// <summary>Prints every week and the spread.</summary>
    /// <returns>Whether the better order met the required improvement in the first week.</returns>
    public bool Print(TextWriter output, int seed, int weeks, int days, double perDay)
    {
        Line(output, $"{days} days, {perDay:0} whistles a day, {Week.PostsOf(_map).Count()} posts in {Week.Shifts} shifts; heating day {(days > WeekPlan.HeatingDay ? "in" : "out")}, storm {(days > WeekPlan.StormDay ? "in" : "out")}");
        Line(output, $"{"seed",-10} {"order",-14} {"cases",6} {"late",8} {"S1 S2",8} {"mean min",9} {"p95 min",9} {"spread",7} {"busiest h",9}");
        var all = new List<ComparedWeek>();
        for (var i = 0; i < weeks; i++)
        {
            var week = Of(seed + i, days, perDay);
            all.Add(week);
            Row(output, week.Seed, "nearestFirst", week.Nearest);
            Row(output, week.Seed, "balanced", week.Balanced);
            Line(output, $"{week.Seed,-10} ratio: late {(week.LateRatio is { } late ? late.ToString("0.00", CultureInfo.InvariantCulture) : "none was late")} (at most {ComparedWeek.MostLate}), mean time to arrive {week.MeanRatio:0.00} (at most {ComparedWeek.MostMean}){(week.Holds ? "" : ": NOT better")}");
        }

        var ratios = all.Select(w => w.LateRatio).OfType<double>().ToArray();
        if (ratios.Length > 0)
            Line(output, $"over {all.Count} weeks: late {ratios.Min():0.00} to {ratios.Max():0.00}, mean {ratios.Average():0.00}; mean time to arrive {all.Min(w => w.MeanRatio):0.00} to {all.Max(w => w.MeanRatio):0.00}; better in {all.Count(w => w.Holds)} of {all.Count}");
        return all[0].Holds;
    }

    private static void Row(TextWriter output, int seed, string order, WeekFigures f) =>
        Line(output, $"{seed,-10} {order,-14} {f.Cases,6} {f.Late,8:P2} {f.LateUrgent,8:P2} {f.MeanMinutes,9:0.0} {f.P95Minutes,9:0.0} {f.LoadSpread,7:0.00} {f.BusiestHours,9:0.0}");

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
