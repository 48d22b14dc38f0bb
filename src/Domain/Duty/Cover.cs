using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Duty;

/// <summary>Finds gaps (空岗): required hours in which nobody is on duty.</summary>
public static class Cover
{
    /// <summary>The required hours, each once, that are not fully covered within the given range.</summary>
    /// <param name="within">The range to check; anything outside is ignored.</param>
    /// <param name="manned">When someone is on duty for the unit, in any order.</param>
    /// <param name="needed">Whether the hour that begins at this instant must be covered.</param>
    public static IEnumerable<DateTimeOffset> GapHours(Stretch within, IEnumerable<Stretch> manned, Func<DateTimeOffset, bool> needed)
    {
        var last = DateTimeOffset.MinValue;
        foreach (var open in within.Without(manned))
        {
            for (var hour = HourOf(open.From); hour < open.Until; hour = hour.AddHours(1))
            {
                if (hour <= last || !needed(hour)) continue; // two holes in one hour are one gap
                yield return last = hour;
            }
        }
    }

    /// <summary>The start of the hour; an offset of whole hours does not change it.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset at) => new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>Whether an instant is in a window of the day in Asia/Shanghai; a window that ends after 1,440 crosses midnight.</summary>
    public static bool InWindow(DateTimeOffset at, int fromMinute, int untilMinute)
    {
        var minute = (int)(at.ToUniversalTime() + WorkCalendar.Offset).TimeOfDay.TotalMinutes;
        return (minute >= fromMinute && minute < untilMinute) || minute + 1440 < untilMinute;
    }
}
