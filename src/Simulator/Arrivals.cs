using System.Globalization;
using CsvHelper;

namespace DispatchCenter.Simulator;

/// <summary>When requests arrive: read from a recording (a CSV with a <c>created_at</c> column, rows in any order) or generated at random.</summary>
internal static class Arrivals
{
    public const string Column = "created_at";

    /// <summary>More rows than any street has in a year.</summary>
    public const int MaxRows = 1_000_000;

    private const int MaxBadLinesShown = 5;

    /// <returns>The offset of each arrival from the first, ascending.</returns>
    /// <exception cref="BadInputException">The file or column is missing, a time is unreadable, or there are no rows or too many.</exception>
    public static IReadOnlyList<TimeSpan> Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader, path);
        }
        catch (CsvFormatException e)
        {
            throw new BadInputException($"The recording {path} is not a CSV: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The recording {path} cannot be read: {e.Message}", e);
        }
    }

    internal static IReadOnlyList<TimeSpan> Read(TextReader reader, string path)
    {
        using var csv = CsvReader.Create(reader, new CsvReaderOptions { Separator = ',', TrackLineNumbers = true }, leaveOpen: true);
        if (!csv.TryGetFieldIndex(Column, out var column))
            throw new BadInputException($"The recording {path} has no column {Column} in its first line.");

        var times = new List<DateTimeOffset>();
        var bad = new List<string>();
        var badLines = 0;
        while (csv.Read())
        {
            if (times.Count == MaxRows) throw new BadInputException($"The recording {path} has more than {MaxRows:N0} rows.");
            var text = column < csv.FieldCount ? csv.GetString(column) : "";
            if (TryParse(text, out var time)) times.Add(time);
            else if (++badLines <= MaxBadLinesShown) bad.Add($"{csv.LineNumber} ('{text}')");
        }

        if (badLines > 0)
            throw new BadInputException($"The recording {path} has {badLines} line(s) without a readable {Column}: line {string.Join(", ", bad)}.");
        if (times.Count == 0) throw new BadInputException($"The recording {path} has no rows.");
        times.Sort();
        return [.. times.Select(t => t - times[0])];
    }

    /// <summary>A Poisson process from one seed, as for independent callers.</summary>
    /// <param name="rate">Per second.</param>
    /// <exception cref="BadInputException">More than <see cref="MaxRows"/>.</exception>
    public static IReadOnlyList<TimeSpan> Poisson(double rate, TimeSpan duration, int seed)
    {
        var random = new Random(seed);
        var arrivals = new List<TimeSpan>();
        for (var at = 0.0; ; Add(arrivals, at))
        {
            at += -Math.Log(1 - random.NextDouble()) / rate;
            if (at >= duration.TotalSeconds) return arrivals;
        }
    }

    /// <summary>Evenly spaced.</summary>
    /// <param name="rate">Per second.</param>
    /// <exception cref="BadInputException">More than <see cref="MaxRows"/>.</exception>
    public static IReadOnlyList<TimeSpan> Even(double rate, TimeSpan duration)
    {
        var arrivals = new List<TimeSpan>();
        for (var at = 0.0; at < duration.TotalSeconds; at = arrivals.Count / rate) Add(arrivals, at);
        return arrivals;
    }

    private static void Add(List<TimeSpan> arrivals, double seconds)
    {
        if (arrivals.Count == MaxRows) throw new BadInputException($"That is more than {MaxRows:N0} whistles: lower the rate or the time.");
        arrivals.Add(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Only differences matter, so a time without an offset is read as UTC.</summary>
    private static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
