using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>安静时段: for an S3 nobody's own phone rings at night, and nothing is lost; an S1 rings at once.</summary>
public sealed class QuietStories(ReachStreet shared) : ReachStory(shared)
{
    private const string Small = "08", Grave = "01";

    [Fact]
    public async Task An_S3_at_night_leaves_in_the_morning_on_personal_channels_and_at_once_in_a_room_and_an_S1_waits_for_nothing()
    {
        await NightAsync();
        var (small, grave) = ((await Street.Blow(category: Small)).CallNo, (await Street.Blow(category: Grave)).CallNo);
        await Send();
        Assert.Contains(Receiver.Of("room"), r => r.Text.Contains(small, StringComparison.Ordinal));
        Assert.Contains(Receiver.Of("sms"), r => r.Text.Contains(grave, StringComparison.Ordinal));
        await SendAfter(At(6, 59));
        Assert.DoesNotContain(Receiver.Of("sms"), r => r.Text.Contains(small, StringComparison.Ordinal));
        await SendAfter(TimeSpan.FromMinutes(1));
        Assert.Single(Receiver.Of("sms"), r => r.Text.Contains(small, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Accepted_during_the_night_nothing_leaves_in_the_morning_and_by_day_nothing_waits()
    {
        await NightAsync();
        var no = (await Street.Blow(category: Small)).CallNo;
        await Street.Do("grid001", no, "accept");
        await SendAfter(At(7, 30));
        Assert.DoesNotContain(Receiver.Of("sms"), r => r.Text.Contains(no, StringComparison.Ordinal));
        var day = (await Street.Blow(category: Small)).CallNo;
        await Send();
        Assert.Contains(Receiver.Of("sms"), r => r.Text.Contains(day, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("22:00", "22:00")]
    [InlineData("22", "07:00")]
    [InlineData("24:00", "07:00")]
    [InlineData("", "07:00")]
    public async Task Hours_that_are_none_are_refused(string from, string until) =>
        (await Put("/api/reach", new { rules = new { quiet = new { from, until }, rules = Array.Empty<object>() } })).Problem(422, "reach_invalid");

    private async Task NightAsync()
    {
        Street.FastForward(At(23, 0));
        await Channel("room", "weCom", "team:01");
        await Channel("sms", "sms", perMinute: 600);
        await Phone("grid001", "13900000001");
        (await Put("/api/reach", new { rules = new { quiet = new { from = "22:00", until = "07:00" }, rules = new[] { new { on = "ringing", to = "team", by = "sms" }, new { on = "ringing", to = "team", by = "robot" } } } })).Value<ReachView>();
    }

    /// <summary>How long it is until this time of day.</summary>
    private TimeSpan At(int hour, int minute)
    {
        var left = new TimeSpan(hour, minute, 0) - Street.Now.ToOffset(TimeSpan.FromHours(8)).TimeOfDay;
        return left > TimeSpan.Zero ? left : left + TimeSpan.FromDays(1);
    }
}
