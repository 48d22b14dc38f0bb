using Xunit;

namespace DispatchCenter.Crash;

public sealed class DayTests
{
    [Fact]
    public async Task A_clock_that_steps_back_over_midnight_gives_no_number_twice()
    {
        using var folder = new TempFolder();
        var evening = new DateTimeOffset(2026, 11, 22, 23, 59, 58, TimeSpan.FromHours(8));
        await using var engine = await Engine.OpenAsync(folder.Path, evening);
        var before = await engine.WhistleAsync("001", "01");
        engine.Clock.Now = evening.AddSeconds(3);
        var after = await engine.WhistleAsync("001", "01");
        engine.Clock.Now = evening.AddSeconds(1);
        var back = await engine.WhistleAsync("001", "01");
        engine.Clock.Now = evening.AddSeconds(4);
        var again = await engine.WhistleAsync("001", "01");
        Assert.Equal(["W261122-00001", "W261123-00001", "W261123-00002", "W261123-00003"], [before, after, back, again]);
    }
}
