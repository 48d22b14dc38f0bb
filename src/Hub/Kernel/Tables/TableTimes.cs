using System.Globalization;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>Dates and times as people and spreadsheets write them: 2026-12-01, 2026/12/1, 2026.12.1 or 2026年12月1日, with 8:00, 08:00:00 or 24:00, in digits and colons of any width.</summary>
internal static class TableTimes
{
    private static readonly string[] Times = ["H:mm", "HH:mm", "H:mm:ss", "HH:mm:ss"];

    /// <summary>年, 月 and 日.</summary>
    private const char Year = '\u5E74', Month = '\u6708', Day = '\u65E5';

    public static DateOnly? DateOf(string text)
    {
        var parts = Texts.Plain(text).TrimEnd(Day).Split('-', '/', '.', Year, Month);
        return parts.Length == 3 && parts[0].Length == 4 && parts[1].Length is 1 or 2 && parts[2].Length is 1 or 2
            && DateOnly.TryParseExact(string.Join('-', parts), "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }

    /// <summary>A wall-clock time to the minute; a date alone is its beginning, and 24:00 the beginning of the next day.</summary>
    public static DateTime? WallOf(string text)
    {
        var words = Texts.Plain(text).Replace('T', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 1 or > 2 || DateOf(words[0]) is not { } date) return null;
        if (words.Length == 1) return date.ToDateTime(TimeOnly.MinValue);
        if (words[1] is "24:00" or "24:00:00") return date == DateOnly.MaxValue ? null : date.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return TimeOnly.TryParseExact(words[1], Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Second == 0 ? date.ToDateTime(time) : null;
    }

    /// <summary>As the readers above take it. A spreadsheet keeps a time as a fraction of a day: it is rounded to the second.</summary>
    public static string Write(DateTime at)
    {
        var whole = new DateTime((at.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
        return whole.ToString(whole.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : whole.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
