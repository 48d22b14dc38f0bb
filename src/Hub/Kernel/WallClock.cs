using System.Globalization;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Wall-clock time in Asia/Shanghai.</summary>
internal static class WallClock
{
    public static string Write(DateTimeOffset at, string form) => at.ToOffset(WorkCalendar.Offset).ToString(form, CultureInfo.InvariantCulture);
}
