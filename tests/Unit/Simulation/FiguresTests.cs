using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class FiguresTests
{
    [Fact]
    public void Percentiles_are_real_samples_at_the_nearest_rank()
    {
        var of = Percentiles.Of(Enumerable.Range(1, 1_000).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));
        Assert.Equal(new Percentiles(1_000, 500, 900, 950, 990, 999, 1_000), of);
    }

    [Fact]
    public void One_sample_is_every_percentile() => Assert.Equal(new Percentiles(1, 7, 7, 7, 7, 7, 7), Percentiles.Of([TimeSpan.FromMilliseconds(7)]));

    [Fact]
    public void No_sample_gives_no_figure() => Assert.Null(Percentiles.Of([]));

    [Fact]
    public void Latency_counts_from_the_intended_instant_to_everybody_of_the_team_and_to_every_board()
    {
        var summary = Summarize(startedAt: 0);
        Assert.Equal((2, 60.0), (summary.WhistleToTeam!.Samples, summary.WhistleToTeam.Max));
        Assert.Equal((2, 90.0), (summary.WhistleToBoard!.Samples, summary.WhistleToBoard.Max));
        Assert.False(summary.LatencyVoid);
    }

    [Fact]
    public void A_lagging_generator_voids_the_latency_and_breaks_no_promise()
    {
        var summary = Summarize(Residents.LagLimit.TotalMilliseconds + 1);
        Assert.True(summary.LatencyVoid);
        Assert.True(summary.Held);
        Assert.Contains("VOID", Written(summary), StringComparison.Ordinal);
        Assert.Contains("all promises held", Written(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_counts_every_promise_and_shows_the_first_examples_of_a_broken_one()
    {
        var summary = Summary.Of(_options, Make.Evidence() with { Whistles = [Make.Whistle(), Make.Whistle(2, "DEMO-0002")] }, _run);
        var written = Written(summary);
        Assert.StartsWith("acknowledged 2 of 2, lost 1, out of order 0, double winners 0,", written, StringComparison.Ordinal);
        Assert.Contains("BROKEN lost: 1", written, StringComparison.Ordinal);
        Assert.Contains("DEMO-0002", written, StringComparison.Ordinal);
        Assert.DoesNotContain("all promises held", written, StringComparison.Ordinal);
    }

    private static readonly RunFigures _run = new(false, TimeSpan.FromSeconds(2), 0, 0, 1, new Load(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 10, 20, 1 << 20));

    private static readonly RunOptions _options = new()
    {
        Command = "replay",
        Title = "replay recording.csv",
        Speed = 2_000,
        Boards = 2,
        Seed = 1,
        Targets = [new Uri("http://localhost:5080")],
        Password = "",
        Drain = TimeSpan.Zero,
    };

    private static Summary Summarize(double startedAt)
    {
        var whistle = Make.Whistle();
        whistle.IntendedAt = At(100);
        whistle.StartedAt = At(100 + startedAt);
        whistle.AcknowledgedAt = At(130);
        return Summary.Of(_options, Make.Evidence() with
        {
            Whistles = [whistle],
            Boards = [ScreenAt(150), ScreenAt(190)],
            Members = [new MemberLog(Make.Member(), ScreenAt(160)), new MemberLog(Make.Member("police"), ScreenAt(140))],
        }, _run);
    }

    private static ScreenLog ScreenAt(double milliseconds)
    {
        var screen = new ScreenLog("screen");
        screen.Take(Make.Frame(FrameKinds.Snapshot, 0, 0), 1);
        screen.Take(Make.Frame(FrameKinds.Delta, 0, 2, Make.Card(version: 2)), At(milliseconds));
        return screen;
    }

    private static long At(double milliseconds) => (long)(milliseconds / 1_000 * TimeProvider.System.TimestampFrequency);

    private static string Written(Summary summary)
    {
        using var writer = new StringWriter();
        Report.Write(writer, summary);
        return writer.ToString();
    }
}
