using System.Globalization;
using System.Text.Json.Nodes;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>What came of reading a list of days off. Only a list without a refused line is taken: half a calendar is a wrong one.</summary>
/// <param name="Unusable">Why nothing at all was read; null where the file could be.</param>
public sealed record HolidayImport(IReadOnlyDictionary<DateOnly, bool> Days, IReadOnlyList<RefusedLine> Refused, Words? Unusable)
{
    public bool IsUsable => Unusable is null && Refused.Count == 0 && Days.Count > 0;
}

/// <summary>
/// Public holidays and make-up working days (调休): date, kind, name. A list comes with the program; a street takes in the years that the State Council
/// announces later, each November, and a year that is taken in stands in place of the program's.
/// </summary>
public static class Holidays
{
    /// <summary>Days of a file: several years of them.</summary>
    public const int MaxLines = 1_000;

    private const string Form = "yyyy-MM-dd";

    /// <summary>True for a working day, false for a holiday.</summary>
    public static IReadOnlyDictionary<DateOnly, bool> Embedded()
    {
        using var stream = typeof(Holidays).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Street.cn-holidays.csv")!;
        var import = Read("cn-holidays.csv", () => stream, 1);
        return import.IsUsable ? import.Days : throw new FormatException("The list of holidays that comes with the program is not usable.");
    }

    /// <param name="firstYear">What is over stays as it was: a day of an earlier year is refused.</param>
    public static HolidayImport Read(string name, Func<Stream?> open, int firstYear)
    {
        var table = CsvTable.Read(new CsvShape(name, MaxLines, "date", "kind") { Optional = ["name"] }, _ => open());
        if (table is CsvTable.Unusable unusable) return new HolidayImport(new Dictionary<DateOnly, bool>(), [], unusable.Why);
        var usable = (CsvTable.Usable)table;
        var (days, refused) = (new Dictionary<DateOnly, bool>(), new List<RefusedLine>(usable.Refused));
        foreach (var row in usable.Rows)
            if (Line(row, days, firstYear) is { } why) refused.Add(new RefusedLine(name, row.Line, why));
        return new HolidayImport(days, [.. refused.OrderBy(r => r.Line)], null);
    }

    internal static string Write(IReadOnlyDictionary<DateOnly, bool> days) =>
        new JsonObject(days.OrderBy(d => d.Key).Select(d => KeyValuePair.Create(d.Key.ToString(Form, CultureInfo.InvariantCulture), (JsonNode?)d.Value))).ToJsonString();

    internal static Dictionary<DateOnly, bool> Read(string json) =>
        JsonNode.Parse(json)!.AsObject().ToDictionary(d => DateOnly.ParseExact(d.Key, Form, CultureInfo.InvariantCulture), d => d.Value!.GetValue<bool>());

    /// <summary>The years of <paramref name="later"/> in place of the same years before.</summary>
    internal static Dictionary<DateOnly, bool> Over(IReadOnlyDictionary<DateOnly, bool> before, IReadOnlyDictionary<DateOnly, bool> later)
    {
        var years = later.Keys.Select(day => day.Year).ToHashSet();
        return before.Where(day => !years.Contains(day.Key.Year)).Concat(later).ToDictionary(day => day.Key, day => day.Value);
    }

    private static Words? Line(CsvLine row, Dictionary<DateOnly, bool> days, int firstYear)
    {
        if (!DateOnly.TryParseExact(row["date"], Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return StreetWords.Say("holiday_date_invalid", row["date"]);
        if (day.Year < firstYear) return StreetWords.Say("holiday_past", row["date"]);
        if (day.Year > firstYear + WorkCalendar.MaxDaysAhead / 366 && firstYear > 1) return StreetWords.Say("holiday_far", row["date"]);
        bool? works = row["kind"] switch { "workday" => true, "holiday" => false, _ => null };
        if (works is null) return StreetWords.Say("holiday_kind_unknown", row["kind"]);
        if (works.Value && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) return StreetWords.Say("holiday_workday_needless", row["date"]);
        return days.TryAdd(day, works.Value) ? null : StreetWords.Say("holiday_repeated", row["date"]);
    }
}
