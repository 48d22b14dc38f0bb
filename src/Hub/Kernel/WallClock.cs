using System.Globalization;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Hub.Kernel;

/// <summary>The clock on the wall: Asia/Shanghai.</summary>
internal static class WallClock
{
    public static string Write(DateTimeOffset at, string form) => at.ToOffset(WorkCalendar.Offset).ToString(form, CultureInfo.InvariantCulture);
}
