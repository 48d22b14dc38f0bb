using DispatchCenter.Contracts;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Reporting;

namespace DispatchCenter.Unit.Simulation;

/// <summary>A run over time, and how it is drawn.</summary>
public sealed class SeriesTests
{
    [Fact]
    public void Each_event_stands_in_the_part_in_which_it_happened()
    {
        Whistle[] whistles = [Sent(1, 0.2, 0.3), Sent(2, 0.4, 2.5), Sent(3, 2.1, null)];
        var board = Make.Screen(1, 2);
        board.Lose(At(1.5));
        var late = Make.Journal(Make.Line(1), Make.ClockLine(2, "lapsed", "accept", Make.Noon) with { At = Make.Noon.AddSeconds(2.25) });
        var series = RunSeries.Of(Make.Evidence() with { Whistles = whistles, Boards = [board], Members = [], Journal = late }, [(whistles[0], TimeSpan.FromMilliseconds(70)), (whistles[1], TimeSpan.FromMilliseconds(90))], At(0), Make.Noon)!;
        Assert.Equal((1, 3), (series.PartSeconds, series.Points.Count));
        Assert.Equal([2, 0, 1], series.Points.Select(p => p.Sent));
        Assert.Equal([1, 0, 1], series.Points.Select(p => p.Acknowledged));
        Assert.Equal([0, 1, 0], series.Points.Select(p => p.Reconnects));
        Assert.Equal([2_100.0, null, null], series.Points.Select(p => p.Acknowledgement is { } of ? Math.Round(of.Max) : (double?)null));
        Assert.Equal([90.0, null, null], series.Points.Select(p => p.ToTeam?.Max));
        Assert.Equal([null, null, 2_250.0], series.Points.Select(p => p.ClockLateness?.Max));
    }

    [Fact]
    public void A_long_run_has_no_more_parts_than_a_plot_shows()
    {
        var series = RunSeries.Of(Make.Evidence() with { Whistles = [Sent(1, 0, 1), Sent(2, 3_600, 3_601)] }, [], At(0), Make.Noon)!;
        Assert.Equal(120, series.PartSeconds);
        Assert.InRange(series.Points.Count, 30, RunSeries.MaxPoints);
        Assert.Equal(2, series.Points.Sum(p => p.Sent));
    }

    [Fact]
    public void What_a_clock_did_before_the_run_is_not_of_it()
    {
        var journal = Make.Journal(Make.Line(1), Make.ClockLine(2, "lapsed", "accept", Make.Noon.AddSeconds(-10)) with { At = Make.Noon.AddSeconds(-1) });
        Assert.All(RunSeries.Of(Make.Evidence() with { Whistles = [Sent(1, 0, 1)], Journal = journal }, [], At(0), Make.Noon)!.Points, p => Assert.Null(p.ClockLateness));
    }

    [Fact]
    public void Nothing_sent_is_no_series() => Assert.Null(RunSeries.Of(Make.Evidence() with { Whistles = [] }, [], 0, Make.Noon));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.7, 0.8)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(81, 100)]
    [InlineData(2_500, 4_000)]
    public void A_scale_ends_at_a_round_number_that_holds_all(double most, double above) => Assert.Equal(above, Plot.Above(most), 9);

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(90, "90 s")]
    [InlineData(750, "12:30")]
    [InlineData(3_723, "1:02:03")]
    public void A_time_is_written_as_people_write_it(double seconds, string said) => Assert.Equal(said, Plot.Time(seconds));

    [Fact]
    public void A_line_breaks_where_there_is_no_sample_and_a_lone_sample_is_a_dot()
    {
        var svg = Plot.Draw("x", 5, [0.5, 1.5, 2.5, 3.5, 4.5], "ms", [1, 2, null, 4, null]);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Match(svg, "class=\"line a\" d=\"([^\"]*)\"").Groups[1].Value.Count(c => c == 'M'));
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(svg, "<circle"));
    }

    private static Whistle Sent(int number, double at, double? acknowledged)
    {
        var whistle = Make.Whistle(number, acknowledged is null ? null : $"DEMO-{number:0000}");
        (whistle.IntendedAt, whistle.StartedAt, whistle.AcknowledgedAt) = (At(at), At(at), acknowledged is { } end ? At(end) : 0);
        return whistle;
    }

    private static long At(double seconds) => TimeProvider.System.TimestampFrequency + (long)(seconds * TimeProvider.System.TimestampFrequency);
}
