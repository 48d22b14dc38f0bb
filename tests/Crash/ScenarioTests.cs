using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Reporting;
using DispatchCenter.Simulator.Scenarios;
using Xunit;

namespace DispatchCenter.Crash;

/// <summary>A short scenario with everything in it against the real host, which is killed in the middle; then the report, the same plan again, and a look without load.</summary>
public sealed class ScenarioTests(ITestOutputHelper output)
{
    private const string Text = """
        {
          "scenario": 1, "title": { "zh": "短场景", "en": "A short scenario" }, "life": "16s", "people": "hurried",
          "whistles": [{ "count": 60, "shape": [1, 2, 1] }, { "count": 10, "from": "2s", "until": "4s", "grids": 0.25, "categories": { "05": 1 } }],
          "errands": 0.15,
          "callouts": [{ "at": "1s", "drill": true, "kinds": ["gridWorker"], "answered": 0.5, "within": "6s" }],
          "shifts": [{ "at": "3s", "share": 0.3, "for": "8s" }],
          "faults": [{ "at": "8s", "run": ["again"] }],
          "watchers": { "boards": 2, "teams": 36, "pages": 5 }
        }
        """;

    [Fact]
    public async Task A_scenario_is_played_over_a_kill_and_its_report_says_what_happened()
    {
        using var folder = new TempFolder();
        await using var server = await Killed.StartAsync(folder.Path);
        var day = Assert.IsType<ScenarioDocument.StreetDay>(ScenarioReader.Read(Encoding.UTF8.GetBytes(Text), "short", "short.jsonc"));
        var options = Options(day, server.Url, server.Breaker);
        var said = new StringWriter();
        var plan = default(Plan);
        var (summary, _) = await Rehearsal.Run(options, street => plan = Plan.Draw(day, options.Seed, street), said, TestContext.Current.CancellationToken);
        output.WriteLine(said.ToString());
        foreach (var broken in summary.Promises.Where(p => p.Count > 0)) output.WriteLine($"{broken.Name}: {broken.Count} of {broken.Checks}: {string.Join(" | ", broken.Examples)}");
        Assert.True(summary.Held, string.Join(", ", summary.Promises.Where(p => p.Count > 0).Select(p => p.Name)));
        Assert.Equal((70, 70), (summary.Sent, summary.Acknowledged));
        Assert.Equal((plan!.Digest, "short"), (summary.About!.Plan, summary.About.Scenario));
        foreach (var tested in (string[])["lost", "out of order", "double winners", "duplicated", "journal gaps", "feed gaps", "missing on boards", "missing on teams", "missing on pages", "off-duty rings", "call-outs unlike their report", "nothing broke"])
            Assert.True(summary.Promises.Single(p => p.Name == tested).Checks > 0, tested);
        Assert.True(summary.Reconnects > 0, "nobody noticed the kill");
        Assert.Equal(70, summary.Series!.Points.Sum(p => p.Sent));

        var page = HtmlReport.Of(summary);
        Assert.Contains(plan.Digest, page, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict\"", page, StringComparison.Ordinal);
        Assert.Equal("0", XDocument.Parse(JUnit.Of(summary)).Root!.Element("testsuite")!.Attribute("failures")!.Value);

        // The report alone is enough to plan the same again.
        var saved = Path.Combine(folder.Path, "report.json");
        await SavedRun.WriteJson(saved, summary, SummaryJson.Default.Summary);
        var (before, again) = SavedRun.Scenario(saved);
        Assert.Equal(Text, again.Text);
        using var api = new StreetApi(new Targets(options.Targets, TimeProvider.System));
        Assert.Equal(before.About!.Plan, Plan.Draw((ScenarioDocument.StreetDay)again, before.Seed, (await api.Street(TestContext.Current.CancellationToken)).Value!).Digest);

        // And a server in this state holds its promises without any load.
        var looked = await JournalCheck.RunAsync(options with { Command = "check", Title = "check", Scenario = null }, TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.True(looked.Held, JsonSerializer.Serialize(looked.Promises, SummaryJson.Default.IReadOnlyListPromiseSummary));
        foreach (var tested in (string[])["journal gaps", "board unlike the journal", "snapshot unlike the journal", "rates unlike the journal"])
            Assert.True(looked.Promises.Single(p => p.Name == tested).Checks > 0, tested);
        Assert.Equal(0, looked.Sent);
    }

    [Fact]
    public async Task A_fault_that_did_not_happen_counts_as_broken()
    {
        var breaker = new Breaker(Path.Combine(AppContext.BaseDirectory, "nowhere"), Options(null, new Uri("http://127.0.0.1:1"), null), TextWriter.Null);
        await breaker.Run([new PlannedFault(TimeSpan.Zero, ["redis", "stop"])], TestContext.Current.CancellationToken);
        var faults = breaker.Judge()!;
        Assert.Equal((1, 1), (faults.Count, faults.Checks));
        Assert.StartsWith("redis stop could not be run", faults.Examples[0], StringComparison.Ordinal);
    }

    private static RunOptions Options(ScenarioDocument.StreetDay? day, Uri url, string? breaker) => new()
    {
        Command = "run", Title = "run short", Seed = 3, Targets = [url], Password = RunOptions.DefaultPassword, Drain = TimeSpan.FromSeconds(60), Patience = TimeSpan.FromMinutes(3), Scenario = day, Breaker = breaker,
        Boards = day?.Boards ?? 0, TeamWatchers = day?.TeamWatchers ?? 0, Pages = day?.Pages ?? 0, Matters = day?.Errands ?? 0, Until = day?.Life, CommandLine = ["run", "short.jsonc"],
    };

    /// <summary>The host on a fixed port, and a program that kills it; a loop starts it again, as a service manager does.</summary>
    private sealed class Killed : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _kept;

        private Killed(Simulator.Platforms.ServerProcess server, string folder)
        {
            (Url, Breaker) = (server.Url, Path.Combine(folder, "breaker.sh"));
            var mark = Path.Combine(folder, "kill");
            File.WriteAllText(Breaker, $"#!/bin/sh\nset -e\n: > '{mark}'\nwhile [ -e '{mark}' ]; do sleep 0.1; done\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Breaker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _kept = KeepAsync(server, mark);
        }

        public Uri Url { get; }

        public string Breaker { get; }

        public static async Task<Killed> StartAsync(string folder) => new(await Simulator.Platforms.ServerProcess.StartAsync(Program(), CancellationToken.None), folder);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _kept;
            _stop.Dispose();
        }

        private async Task KeepAsync(Simulator.Platforms.ServerProcess server, string mark)
        {
            await using var kept = server;
            using var watch = new FileSystemWatcher(Path.GetDirectoryName(mark)!, Path.GetFileName(mark));
            var asked = new SemaphoreSlim(0);
            watch.Created += (_, _) => asked.Release();
            watch.EnableRaisingEvents = true;
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    await asked.WaitAsync(_stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                server.Kill();
                await server.StartAgainAsync(CancellationToken.None);
                File.Delete(mark);
            }
        }

        private static string Program() =>
            ((System.Reflection.AssemblyMetadataAttribute[])System.Attribute.GetCustomAttributes(typeof(ScenarioTests).Assembly, typeof(System.Reflection.AssemblyMetadataAttribute))).Single(a => a.Key == "WebProgram").Value!;
    }
}
