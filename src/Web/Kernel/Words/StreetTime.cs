using System.Globalization;

namespace DispatchCenter.Web.Kernel.Words;

/// <summary>Formats instants and durations in everyday language. Street time is UTC+8 all year: China has one time zone without daylight saving.</summary>
public static class StreetTime
{
    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>"14:05" today, "明天 09:00" tomorrow, otherwise with the date.</summary>
    public static string When(this Wording words, DateTimeOffset at, DateTimeOffset now)
    {
        var (local, today) = (at.ToOffset(Offset), now.ToOffset(Offset).Date);
        var time = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        if (local.Date == today)
            return time;
        if (local.Date == today.AddDays(1))
            return words["time.tomorrow", time];
        return local.ToString(words["time.dateFormat"], CultureInfo.InvariantCulture) + " " + time;
    }

    /// <summary>A duration in its two largest units, at least one minute.</summary>
    public static string Span(this Wording words, TimeSpan span)
    {
        var minutes = Math.Max(1, (long)span.Duration().TotalMinutes);
        return minutes switch
        {
            < 60 => words["time.minutes", minutes],
            < 24 * 60 when minutes % 60 == 0 => words["time.hours", minutes / 60],
            < 24 * 60 => words["time.hoursMinutes", minutes / 60, minutes % 60],
            _ => words["time.days", minutes / (24 * 60)],
        };
    }
}
