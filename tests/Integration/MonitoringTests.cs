using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The alert rules and the dashboard in <c>deploy/monitoring</c> name what the server publishes, and Prometheus takes the rules.</summary>
public sealed partial class MonitoringTests
{
    private static readonly string Folder = Path.Combine(CommittedDocument.Root(), "deploy", "monitoring");

    [Fact]
    public async Task Every_metric_that_a_rule_or_a_panel_names_is_published()
    {
        await using var street = await TestStreet.StartAsync();
        await using var screen = await Screen.FilledAsync(street, "duty");
        var call = await street.Blow();
        await screen.Shows(call.CallNo, Contracts.CallStates.Ringing);
        street.Service<OutboxMeters>().Sent(TimeSpan.FromSeconds(1));
        await street.SweepAfter(TimeSpan.FromDays(1)); // beyond every clock of an accept
        var named = new[] { "alerts.yml", "dashboard.json" }.ToDictionary(file => file, file => Named().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(m => m.Value).ToHashSet());
        Assert.All(named, file => Assert.True(file.Value.Count >= 10, $"{file.Key} names {file.Value.Count} metrics only"));
        await Eventually.Holds(async () =>
        {
            var metrics = await street.Metrics();
            string[] missing = [.. named.SelectMany(file => file.Value).Distinct().Where(name => !Regex.IsMatch(metrics, $"(?m)^{name}[{{ ]")).Order()];
            return missing.Length == 0;
        });
    }

    [Fact]
    public void Every_panel_has_a_question_and_a_place_of_its_own()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.All(panels, panel => Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.NotEqual("", target.GetProperty("expr").GetString())));
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var taken = panels.SelectMany(panel => Cells(panel.GetProperty("gridPos"))).ToList();
        Assert.Equal(taken.Count, taken.Distinct().Count());
        Assert.All(taken, cell => Assert.InRange(cell.X, 0, 23));
    }

    [Fact]
    public async Task The_rules_are_in_order_by_Prometheus_own_checker()
    {
        var start = new ProcessStartInfo(ObservabilityTests.Promtool(), ["check", "rules", Path.Combine(Folder, "alerts.yml")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var checker = Process.Start(start)!;
        var said = await checker.StandardOutput.ReadToEndAsync() + await checker.StandardError.ReadToEndAsync();
        await checker.WaitForExitAsync();
        Assert.True(checker.ExitCode == 0 && said.Contains("rules found", StringComparison.Ordinal), said);
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonElement at)
    {
        int Of(string name) => at.GetProperty(name).GetInt32();
        return from x in Enumerable.Range(Of("x"), Of("w")) from y in Enumerable.Range(Of("y"), Of("h")) select (x, y);
    }

    [GeneratedRegex(@"\bdispatch_[a-z_]+\b")]
    private static partial Regex Named();
}
