using System.Globalization;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Wall-clock time in Asia/Shanghai.</summary>
internal static class WallClock
{
    /// <summary>ISO 8601 to the second, with the street's offset: for files that people read.</summary>
    public static string Iso(DateTimeOffset at) => Write(at, "yyyy-MM-dd'T'HH:mm:sszzz");

    /// <summary>A time of day as HH:mm; null for anything else.</summary>
    public static TimeOnly? TimeOf(string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;

    public static string Write(DateTimeOffset at, string form) => at.ToOffset(WorkCalendar.Offset).ToString(form, CultureInfo.InvariantCulture);
}
