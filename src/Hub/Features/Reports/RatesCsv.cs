using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>The rates as a CSV table.</summary>
public static class RatesCsv
{
    public static byte[] Write(RatesView view) => Csv.Write("rates_columns", view.Groups.Select(g => (IEnumerable<string>)
    [
        Day(view.From), Day(view.To), WallClock.Iso(view.AsOf), g.Code, g.Name, g.NameEn, Number(g.Rank), Number(g.Cases), Number(g.Breached), Number(g.Exempt),
        .. new[] { g.Score, g.Response, g.Solved, g.Satisfied, g.Callback, g.FirstTeam, g.Returned, g.Redone, g.ResolvedOnTime }
            .SelectMany(rate => new[] { Number(rate.Value), Number(rate.Low), Number(rate.High), Number(rate.Of) }),
        .. new[] { g.Time.Push, g.Time.Reach, g.Time.Human, g.Time.Department, g.Time.Pause }.Select(seconds => seconds.ToString(CultureInfo.InvariantCulture)),
    ]));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int? n) => n?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;

    private static string Number(double? x) => x?.ToString("0.####", CultureInfo.InvariantCulture) ?? string.Empty;
}
