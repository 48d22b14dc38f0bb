using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>What comes in from outside: the recording and the target.</summary>
public class ReadingTests
{
    [Fact]
    public void Arrivals_in_any_order_come_out_ascending_from_the_first() =>
        Assert.Equal(
            [TimeSpan.Zero, TimeSpan.FromSeconds(4), TimeSpan.FromDays(1)],
            Read("id,created_at,type\n3,2017-12-28T13:36:22,\"a,b\"\n1,2017-12-27T13:36:26,x\n2,2017-12-27T13:36:22,y\n"));

    [Fact]
    public void A_time_with_an_offset_is_understood() =>
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(1)], Read("created_at\n2026-01-01T09:00:00+08:00\n2026-01-01T02:00:00Z\n"));

    [Fact]
    public void A_recording_without_the_column_is_refused_by_name() => AssertRefused("id,opened\n1,2\n", "created_at");

    [Fact]
    public void An_empty_recording_is_refused() => AssertRefused("", "created_at");

    [Fact]
    public void A_recording_without_rows_is_refused() => AssertRefused("created_at\n", "no row");

    [Fact]
    public void Unreadable_times_are_counted_and_the_first_lines_named() =>
        AssertRefused("id,created_at\n1,2017-12-27T13:36:22\n2,yesterday\n3\n", "2 line(s)", "line 3 ('yesterday'), 4 ('')");

    [Fact]
    public void A_recording_that_does_not_exist_is_refused() =>
        Assert.Contains("nowhere.csv", Assert.Throws<BadInputException>(() => Arrivals.Read("nowhere.csv")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.8.9.10")]
    [InlineData("https://[::1]:5081/ignored/path")]
    public void A_target_on_this_machine_needs_no_word(string target) => Assert.Equal("/", RunOptions.ParseTarget(target, false).AbsolutePath);

    [Theory]
    [InlineData("http://192.168.1.5:5080")]
    [InlineData("http://example.com")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://[2001:db8::1]:5080")]
    public void A_target_elsewhere_is_refused_unless_it_is_meant(string target)
    {
        Assert.Throws<BadInputException>(() => RunOptions.ParseTarget(target, false));
        Assert.Equal(new Uri(target).Host, RunOptions.ParseTarget(target, true).Host);
    }

    [Theory]
    [InlineData("localhost:5080")]
    [InlineData("ftp://localhost")]
    [InlineData("")]
    public void A_target_that_is_no_web_address_is_refused(string target) =>
        Assert.Throws<BadInputException>(() => RunOptions.ParseTarget(target, true));

    private static IReadOnlyList<TimeSpan> Read(string text)
    {
        using var reader = new StringReader(text);
        return Arrivals.Read(reader, "recording.csv");
    }

    private static void AssertRefused(string text, params string[] words)
    {
        var refused = Assert.Throws<BadInputException>(() => Read(text));
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }
}
