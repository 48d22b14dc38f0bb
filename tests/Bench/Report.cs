using System.Globalization;
using System.Runtime.InteropServices;

namespace DispatchCenter.Bench;

/// <summary>Figures as they stand in docs/performance.md.</summary>
internal static class Report
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median with its least and most.</summary>
    public static string Spread(IReadOnlyCollection<double> values, string unit, string format = "0.00") => string.Create(
        CultureInfo.InvariantCulture, $"{Median(values).ToString(format, CultureInfo.InvariantCulture)}{unit} ({values.Min().ToString(format, CultureInfo.InvariantCulture)}–{values.Max().ToString(format, CultureInfo.InvariantCulture)})");

    public static string Row(params string[] cells) => $"| {string.Join(" | ", cells)} |";

    /// <summary>The processor, the cores, the kernel, the runtime, the file system of the data, and how busy the machine was.</summary>
    public static string Machine(string folder)
    {
        var cpu = Lines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var drive = new DriveInfo(folder);
        return $"{cpu}, {Environment.ProcessorCount} cores, {drive.DriveFormat}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load {Load()}";
    }

    public static string Load() => Lines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "unknown";

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];
}
