using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Duty;

/// <summary>What must be manned, and when; gaps (空岗) are where it is not.</summary>
public static class Cover
{
    /// <summary>The hours, each once, that are needed and not manned at every moment of what is asked about.</summary>
    /// <param name="within">Asked about; what lies outside counts for nothing.</param>
    /// <param name="manned">The stretches in which somebody mans the unit, in any order.</param>
    /// <param name="needed">Whether an hour that begins at this instant is to be manned.</param>
    public static IEnumerable<DateTimeOffset> GapHours(Stretch within, IEnumerable<Stretch> manned, Func<DateTimeOffset, bool> needed)
    {
        var last = DateTimeOffset.MinValue;
        foreach (var open in within.Without(manned))
        {
            for (var hour = HourOf(open.From); hour < open.Until; hour = hour.AddHours(1))
            {
                if (hour <= last || !needed(hour)) continue; // two holes in an hour are one gap
                yield return last = hour;
            }
        }
    }

    /// <summary>The beginning of the hour; an offset of whole hours leaves it the same everywhere.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset at) => new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>Whether an instant lies in a window of the day in Asia/Shanghai; a window that ends past 1,440 goes over midnight.</summary>
    public static bool InWindow(DateTimeOffset at, int fromMinute, int untilMinute)
    {
        var minute = (int)(at.ToUniversalTime() + WorkCalendar.Offset).TimeOfDay.TotalMinutes;
        return (minute >= fromMinute && minute < untilMinute) || minute + 1440 < untilMinute;
    }
}
