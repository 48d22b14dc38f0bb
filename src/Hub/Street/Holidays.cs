using System.Globalization;
using System.Text.Json.Nodes;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>The result of reading a list of holidays. It is imported only without rejected lines: half a calendar is a wrong one.</summary>
/// <param name="Unusable">Why the file could not be read at all; null if it could.</param>
public sealed record HolidayImport(IReadOnlyDictionary<DateOnly, bool> Days, IReadOnlyList<RefusedLine> Refused, Words? Unusable)
{
    public bool IsUsable => Unusable is null && Refused.Count == 0 && Days.Count > 0;
}

/// <summary>
/// Public holidays and make-up working days (调休): date, kind, name. The program includes a list; a street imports the years that the State Council
/// announces later, each November. An imported year replaces the built-in one.
/// </summary>
public static class Holidays
{
    /// <summary>The maximum of days in a file: several years.</summary>
    public const int MaxLines = 1_000;

    private const string Form = "yyyy-MM-dd";

    /// <summary>True for a working day, false for a holiday.</summary>
    public static IReadOnlyDictionary<DateOnly, bool> Embedded()
    {
        using var stream = typeof(Holidays).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Street.cn-holidays.csv")!;
        var import = Read("cn-holidays.csv", () => stream, 1);
        return import.IsUsable ? import.Days : throw new FormatException("The built-in holiday list is not usable.");
    }

    /// <param name="firstYear">Past years are final: a day of an earlier year is rejected.</param>
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

    /// <summary>Replaces years with those of <paramref name="later"/>.</summary>
    internal static Dictionary<DateOnly, bool> Over(IReadOnlyDictionary<DateOnly, bool> before, IReadOnlyDictionary<DateOnly, bool> later)
    {
        var years = later.Keys.Select(day => day.Year).ToHashSet();
        return before.Where(day => !years.Contains(day.Key.Year)).Concat(later).ToDictionary(day => day.Key, day => day.Value);
    }

    private static Words? Line(CsvLine row, Dictionary<DateOnly, bool> days, int firstYear)
    {
        if (TableTimes.DateOf(row["date"]) is not { } day) return StreetWords.Say("holiday_date_invalid", row["date"]);
        if (day.Year < firstYear) return StreetWords.Say("holiday_past", row["date"]);
        if (day.Year > firstYear + WorkCalendar.MaxDaysAhead / 366 && firstYear > 1) return StreetWords.Say("holiday_far", row["date"]);
        bool? works = StreetWords.Means(row["kind"], "word_workday") ? true : StreetWords.Means(row["kind"], "word_holiday") ? false : null;
        if (works is null) return StreetWords.Say("holiday_kind_unknown", row["kind"]);
        if (works.Value && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) return StreetWords.Say("holiday_workday_needless", row["date"]);
        return days.TryAdd(day, works.Value) ? null : StreetWords.Say("holiday_repeated", row["date"]);
    }
}
