using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DispatchCenter.Bench.Nodes;

/// <summary>c4: changes lost while Redis is restarted again and again under a storm over two nodes. The simulator compares every watcher with the journal.</summary>
internal static class RedisRestartsBench
{
    private const int Rate = 10;
    private const int Watchers = 100;
    private const int OnStreet = 20;

    /// <summary>Redis is there this long, and away this long, in turns.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(TimeSpan measured)
    {
        await using var cluster = await Cluster.StartAsync(2);
        var json = Path.Combine(cluster.Folder, "storm.json");
        var simulator = Path.Combine(Report.Root(), "src", "Simulator", "bin", "Release", "net10.0", "DispatchCenter.Simulator.dll");
        string[] arguments =
        [
            simulator, "storm", "--target", $"{cluster.Node(1)}", "--target", $"{cluster.Node(2)}", "--rate", $"{Rate}", "--seconds", $"{(int)measured.TotalSeconds}", "--watchers", $"{Watchers}",
            "--street", $"{OnStreet}", "--json", json,
        ];
        using var storm = Process.Start("dotnet", arguments);
        var restarts = 0;
        for (var kill = false; ; kill = !kill)
        {
            if (await Task.WhenAny(storm.WaitForExitAsync(), Task.Delay(Turn, TimeProvider.System)) is { } first && storm.HasExited && first.IsCompleted) break;
            await cluster.RunAsync("redis", kill ? "crash" : "stop");
            await Task.Delay(Turn, TimeProvider.System);
            await cluster.RunAsync("redis", "start");
            restarts++;
        }

        if (!File.Exists(json)) throw new InvalidOperationException("The storm gave no summary.");
        using var summary = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        var promises = summary.RootElement.GetProperty("promises").EnumerateArray().ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("count").GetInt64());
        var lost = promises["lost"] + promises["journal gaps"] + promises["feed gaps"] + promises["missing on boards"] + promises["missing on teams"] + promises["out of order"];
        var broken = promises.Values.Sum() - lost;
        var (changes, deliveries) = (summary.RootElement.GetProperty("journalLines").GetInt64(), summary.RootElement.GetProperty("deliveries").GetInt64());
        return Report.Finish(
            new Row(
                "c4",
                "changes lost over Redis restarts",
                "0",
                string.Create(CultureInfo.InvariantCulture, $"{lost} of {changes} changes ({deliveries} deliveries, {restarts} restarts)"),
                "–",
                string.Create(CultureInfo.InvariantCulture, $"`tests/Bench c4`, two nodes, {measured.TotalSeconds:0} s at {Rate} whistles/s and their answers, {Watchers} watchers, Redis stopped or killed every {2 * Turn.TotalSeconds:0} s for {Turn.TotalSeconds:0} s")),
            lost == 0 && broken == 0 && restarts > 0);
    }
}
