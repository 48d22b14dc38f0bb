using System.Globalization;

namespace DispatchCenter.Hub.Sla;

/// <summary>The list of public holidays and make-up working days (调休) that comes with the program: date, kind, name.</summary>
public static class Holidays
{
    /// <summary>True for a working day, false for a holiday.</summary>
    public static IReadOnlyDictionary<DateOnly, bool> Embedded()
    {
        using var stream = typeof(Holidays).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Sla.cn-holidays.csv")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    internal static Dictionary<DateOnly, bool> Parse(string csv) =>
        csv.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToDictionary(
            fields => DateOnly.ParseExact(fields[0], "yyyy-MM-dd", CultureInfo.InvariantCulture),
            fields => fields[1] switch
            {
                "workday" => true,
                "holiday" => false,
                _ => throw new FormatException($"{fields[0]}: \"{fields[1]}\" is neither holiday nor workday."),
            });
}
