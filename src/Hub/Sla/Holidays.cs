using System.Globalization;
using CsvHelper;

namespace DispatchCenter.Hub.Sla;

/// <summary>The list of public holidays and make-up working days (调休) that comes with the program: date, kind, name.</summary>
public static class Holidays
{
    /// <summary>True for a working day, false for a holiday.</summary>
    public static IReadOnlyDictionary<DateOnly, bool> Embedded()
    {
        using var stream = typeof(Holidays).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Sla.cn-holidays.csv")!;
        using var reader = new CsvReader(new StreamReader(stream), CultureInfo.InvariantCulture);
        return reader.GetRecords(new { date = string.Empty, kind = string.Empty }).ToDictionary(
            line => DateOnly.ParseExact(line.date, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            line => line.kind switch
            {
                "workday" => true,
                "holiday" => false,
                _ => throw new FormatException($"{line.date}: \"{line.kind}\" is neither holiday nor workday."),
            });
    }
}
