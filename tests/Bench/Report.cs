using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DispatchCenter.Bench;

/// <summary>A row of docs/performance.md as a measure fills it; machine and day are added.</summary>
internal sealed record Row(string Id, string Measure, string Goal, string Figure, string Spread, string Method);

/// <summary>Figures as they stand in docs/performance.md.</summary>
internal static class Report
{
    private static string _loadAtStart = "unknown";
    private static bool _dry;

    /// <summary>Called first, before the measure itself loads the machine.</summary>
    /// <param name="dry">Rows are printed and not written.</param>
    public static void Begin(bool dry) => (_dry, _loadAtStart) = (dry, Load());

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Exact: the smallest sample that at least this share of all does not exceed. The samples are sorted in place.</summary>
    /// <exception cref="ArgumentException">There is no sample: no figure is better than a zero.</exception>
    public static double Percentile(double[] samples, double share)
    {
        if (samples.Length == 0) throw new ArgumentException("There is no sample.", nameof(samples));
        Array.Sort(samples);
        return samples[Math.Max(0, (int)Math.Ceiling(samples.Length * share) - 1)];
    }

    /// <summary>The median with its least and most.</summary>
    public static string Spread(IReadOnlyCollection<double> values, string unit, string format = "0.00") =>
        $"{Number(Median(values), format)}{unit} ({Range(values, unit: string.Empty, format)})";

    /// <summary>Least–most.</summary>
    public static string Range(IReadOnlyCollection<double> values, string unit, string format = "0.00") =>
        $"{Number(values.Min(), format)}–{Number(values.Max(), format)}{unit}";

    public static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Says how the rounds go, to whoever waits.</summary>
    public static void Say(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    /// <summary>Prints the row, puts it into docs/performance.md in the place of its forerunner, and says how long it took.</summary>
    /// <param name="met">Whether every median meets its goal.</param>
    /// <returns>The exit code: 1 where a goal is missed.</returns>
    public static int Finish(Row row, bool met)
    {
        using var process = Process.GetCurrentProcess();
        var now = TimeProvider.System.GetLocalNow();
        var line = $"| {row.Id} | {row.Measure} | {row.Goal} | {row.Figure} | {row.Spread} | {row.Method} | {Machine(Path.GetTempPath())} | {now:yyyy-MM-dd} |";
        Console.WriteLine(line);
        if (!_dry) Put(Path.Combine(Root(), "docs", "performance.md"), row.Id, line);
        Say($"{(met ? "every goal is met" : "a goal is MISSED")}; took {(now - process.StartTime).TotalSeconds:0} s");
        return met ? 0 : 1;
    }

    /// <summary>The processor, the cores, the file system of the data, the system, the runtime, and how busy the machine was.</summary>
    public static string Machine(string folder)
    {
        var cpu = Lines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var drive = new DriveInfo(folder);
        return $"{cpu}, {Environment.ProcessorCount} cores, {drive.DriveFormat}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load {_loadAtStart} → {Load()}";
    }

    public static string Load() => Lines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "unknown";

    /// <summary>Replaces the row with this id, or adds it to the table in the order of the ids.</summary>
    internal static void Put(string file, string id, string line)
    {
        var lines = File.ReadAllLines(file).ToList();
        var first = lines.FindIndex(l => l.StartsWith("|---", StringComparison.Ordinal)) + 1;
        var at = first;
        while (at < lines.Count && lines[at].StartsWith("| ", StringComparison.Ordinal) && string.CompareOrdinal(IdOf(lines[at]), id) < 0) at++;
        if (at < lines.Count && lines[at].StartsWith($"| {id} |", StringComparison.Ordinal)) lines[at] = line;
        else lines.Insert(at, line);
        File.WriteAllLines(file, lines);
    }

    private static string IdOf(string line) => line.Split('|')[1].Trim();

    /// <summary>The folder of the solution, above this program.</summary>
    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DispatchCenter.sln"))) return folder.FullName;
        throw new InvalidOperationException("This program does not lie below DispatchCenter.sln.");
    }

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];
}
