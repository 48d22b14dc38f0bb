using System.CommandLine;
using DispatchCenter.Simulator.Platforms;
using DispatchCenter.Simulator.Reporting;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator;

/// <summary>The commands that begin from what a run has left behind.</summary>
internal static partial class Commands
{
    private static Command Again()
    {
        var file = new Argument<string>("FILE") { Description = "A report (--json) of a scenario, or a trace" };
        var breaker = new Option<string?>("--breaker") { Description = "The program that breaks what the scenario wants broken, such as deploy/local-cluster" };
        var server = new Option<string>("--web") { Description = "For a scenario with a server of its own: its DispatchCenter.Web.dll", DefaultValueFactory = _ => ReachOptions.BuiltProgram };
        var again = With(new Command("again", "Repeat a run: a report's scenario with its seed, or the whistles of a trace at the same times") { file, breaker, server });
        again.SetAction((parsed, _) => Program.Play(() =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var shared = Shared(parsed, "again", $"again {Path.GetFileName(path)}");
            if (SavedRun.IsTrace(path))
            {
                var trace = Trace.Read(path);
                var options = trace.Repeat(shared);
                return new Playing.OnStreet(options, _ => Plan.Of(options, trace.Draw()));
            }

            var (summary, scenario) = SavedRun.Scenario(path);
            return Scenarios(parsed, scenario, shared with { Seed = summary.Seed, Repeats = summary.About?.Plan }, summary.Speed, parsed.GetValue(breaker), parsed.GetRequiredValue(server));
        }));
        return again;
    }

    private static Command Check()
    {
        var check = new Command("check", "Hold a running server's journal, board, feed and rates against the promises, without any load") { _targets, _password, _allowRemote, _json, _html, _junit };
        check.SetAction((parsed, _) => Program.Check(() => Saving(parsed, new RunOptions
        {
            Command = "check", Title = "check", Boards = 0, Seed = 0, Targets = TargetsOf(parsed), Password = parsed.GetRequiredValue(_password), Drain = TimeSpan.Zero,
        })));
        return check;
    }

    private static Command Report()
    {
        var file = new Argument<string>("FILE") { Description = "What a run has written by --json" };
        var report = new Command("report", "Render a saved run as one HTML page: FILE with the ending .html, or --html") { file, _html, _junit };
        report.SetAction((parsed, _) => Program.Tell(() =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var summary = SavedRun.Read(path);
            var html = Whole(parsed.GetValue(_html)) ?? Path.ChangeExtension(path, ".html");
            SavedRun.Write(html, HtmlReport.Of(summary));
            if (Whole(parsed.GetValue(_junit)) is { } junit) SavedRun.Write(junit, JUnit.Of(summary));
            return $"the report is in {html}";
        }));
        return report;
    }
}
