using DispatchCenter.Domain.Calls;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Sla;

/// <summary>What the default policy promises for a whistle at a given moment, reckoned by hand.</summary>
public sealed class LimitsOfTheDefaultPolicy
{
    [Theory]
    // S1 runs on, whatever the hour.
    [InlineData("01", "2026-11-02 09:00", "2026-11-02 09:03", "2026-11-02 09:15", "2026-11-02 11:00")]
    [InlineData("01", "2026-10-01 23:58", "2026-10-02 00:01", "2026-10-02 00:13", "2026-10-02 01:58")]
    // S2 too.
    [InlineData("02", "2026-11-02 09:00", "2026-11-02 09:15", "2026-11-02 10:00", "2026-11-03 09:00")]
    [InlineData("02", "2026-12-31 23:50", "2027-01-01 00:05", "2027-01-01 00:50", "2027-01-01 23:50")]
    // S3: two service hours, twelve service hours, three working days.
    [InlineData("08", "2026-11-02 09:00", "2026-11-02 11:00", "2026-11-03 09:00", "2026-11-05 09:00")]
    [InlineData("08", "2026-11-06 19:00", "2026-11-07 09:00", "2026-11-07 19:00", "2026-11-11 17:30")]
    [InlineData("08", "2026-11-02 03:00", "2026-11-02 10:00", "2026-11-02 20:00", "2026-11-04 17:30")]
    // On Friday evening before the make-up Sunday: Sunday, Monday and Tuesday are the three days.
    [InlineData("08", "2026-09-18 21:00", "2026-09-19 10:00", "2026-09-19 20:00", "2026-09-22 17:30")]
    // On the first day of 国庆 service hours run, working days wait for 8, 9 and 10 October.
    [InlineData("08", "2026-10-01 10:00", "2026-10-01 12:00", "2026-10-02 10:00", "2026-10-10 17:30")]
    // In 春节: 24, 25 and 26 February.
    [InlineData("08", "2026-02-16 19:30", "2026-02-17 09:30", "2026-02-17 19:30", "2026-02-26 17:30")]
    public void A_whistle_owes_its_three_answers_by(string category, string at, string accept, string arrive, string resolve)
    {
        var story = Story.Begins(Whistle(category), at: at);
        Assert.Equal(At(accept), story.Answer("accept").Clock.Due);
        Assert.Equal(At(arrive), story.Answer("arrive").Clock.Due);
        Assert.Equal(At(resolve), story.Answer("resolve").Clock.Due);
        Assert.Equal(At(at), story.Call.OpenedAt);
    }

    [Theory]
    [InlineData("01", "accept", "2026-11-02 09:02:24", "2026-11-02 09:06")]
    [InlineData("01", "arrive", "2026-11-02 09:12", "2026-11-02 09:30")]
    [InlineData("01", "resolve", "2026-11-02 10:36", "2026-11-02 13:00")]
    [InlineData("02", "accept", "2026-11-02 09:12", "2026-11-02 09:30")]
    [InlineData("02", "arrive", "2026-11-02 09:48", "2026-11-02 11:00")]
    [InlineData("02", "resolve", "2026-11-03 04:12", "2026-11-04 09:00")]
    [InlineData("08", "accept", "2026-11-02 10:36", "2026-11-02 13:00")]
    [InlineData("08", "arrive", "2026-11-02 18:36", "2026-11-04 09:00")]
    // 80 % of 21 working hours are 16 h 48 min: 6.5 h on Monday, 7 on Tuesday, 3 h 18 min on Wednesday.
    [InlineData("08", "resolve", "2026-11-04 11:48", "2026-11-10 09:00")]
    public void A_warning_comes_at_80_percent_and_the_last_word_at_twice_the_limit(string category, string answer, string warn, string twice)
    {
        var clock = Story.Begins(Whistle(category), at: "2026-11-02 09:00").Answer(answer).Clock;
        Assert.Equal(At(warn), clock.WarnAt);
        Assert.Equal(At(twice), clock.DoubleAt);
    }

    [Fact]
    public void Verification_waits_one_working_day_and_evaluation_seven_days()
    {
        var story = Story.Begins(Whistle(), at: "2026-09-24 16:00").IsResolvedBy(Worker(1));
        Assert.Equal(At("2026-09-28 16:00"), Assert.IsType<CallState.Resolved>(story.State).Verify.Due);
        story.Does(new CallCommand.Verify(Worker(2), Passed: true));
        Assert.Equal(At("2026-10-01 16:00"), Assert.IsType<CallState.Verified>(story.State).Evaluate.Due);
    }
}
