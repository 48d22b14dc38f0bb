using DispatchCenter.Simulator;
using Spectre.Console;

namespace DispatchCenter.Unit.Simulation;

public class PanelTests
{
    private static readonly Look _look = new()
    {
        Whistles = 100,
        Sent = 40,
        Acknowledged = 39,
        WhistlesPerSecond = 5,
        DeliveriesPerSecond = 1_234,
        Retries = 3,
        Busy = 2,
        Connected = 8,
        Watchers = 10,
        Lag = 0.5,
        Acknowledgement = 12.34,
        ToTeam = null,
        Faults = 1,
    };

    [Fact]
    public void A_line_says_how_far_it_is() =>
        Assert.Equal("sent 40 of 100, acknowledged 39, retries 3, connected 8 of 10, acknowledged p99 12.3 ms, faults 1", LivePanel.Line(_look));

    [Fact]
    public void The_panel_shows_the_same_and_takes_a_title_as_it_is()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Write(LivePanel.Table(_look, new RunOptions { Command = "replay", Title = "replay [x].csv", Boards = 0, Seed = 1, Targets = [], Password = "", Drain = TimeSpan.Zero }));
        Assert.All(["replay [x].csv", "40 of 100", "8 of 10 connected", "1234 a second", "12.3 ms", "0.5 ms"], shown => Assert.Contains(shown, text.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Away_from_a_terminal_it_ends_with_the_work()
    {
        using var output = new StringWriter();
        await LivePanel.Show(Task.CompletedTask, null!, new RunOptions { Command = "x", Title = "x", Boards = 0, Seed = 1, Targets = [], Password = "", Drain = TimeSpan.Zero }, output);
        Assert.Empty(output.ToString());
    }
}
