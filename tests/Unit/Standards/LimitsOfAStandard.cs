using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Standards;

/// <summary>A standard's limit takes the place of the policy's for 办结, and what comes before is never due after it.</summary>
public sealed class LimitsOfAStandard
{
    private static readonly Span TwoHours = new(ClockKind.Continuous, TimeSpan.FromHours(2));

    [Fact]
    public void Its_limit_is_that_of_resolve_and_the_case_and_its_journal_name_it()
    {
        var story = Begins("08", TwoHours, "2026-11-02 09:00");
        Assert.Equal(At("2026-11-02 11:00"), story.Answer("resolve").Clock.Due);
        Assert.Equal(new AppliedStandard("01-28-1", TwoHours), story.Call.Standard);
        Assert.Equal(["standard:01-28-1"], Details.Texts(story.Last(What.Whistled).Detail));
    }

    [Fact]
    public void A_shorter_resolve_draws_the_earlier_answers_in_by_the_instant_they_are_due()
    {
        var story = Begins("08", TwoHours, "2026-11-02 09:00"); // S3: accept 2, arrive 12 service hours
        Assert.Equal(At("2026-11-02 11:00"), story.Answer("accept").Clock.Due);
        Assert.Equal(story.Answer("resolve").Clock, story.Answer("arrive").Clock);
    }

    [Fact]
    public void At_night_it_is_the_instants_that_are_compared_not_the_lengths()
    {
        // Two hours of service begin at eight in the morning, two hours of the night now.
        var story = Begins("08", TwoHours, "2026-11-02 22:00");
        var midnight = At("2026-11-03 00:00");
        Assert.All(story.Call.Answers, answer => Assert.Equal((midnight, ClockKind.Continuous), (answer.Clock.Due, answer.Clock.Kind)));
    }

    [Fact]
    public void Answers_that_are_due_before_it_keep_their_own_clocks()
    {
        var story = Begins("08", new Span(ClockKind.WorkingTime, TimeSpan.FromHours(7)), "2026-11-02 09:00"); // 1天: due Tuesday 09:00
        var plain = Story.Begins(Whistle("08"));
        Assert.Equal(plain.Answer("accept").Clock, story.Answer("accept").Clock);
        Assert.Equal(plain.Answer("arrive").Clock, story.Answer("arrive").Clock); // Monday 21:00 is Tuesday 09:00 in service hours
        Assert.Equal(At("2026-11-03 09:00"), story.Answer("resolve").Clock.Due);
        Assert.Equal(ClockKind.ServiceHours, story.Answer("arrive").Clock.Kind);
    }

    [Fact]
    public void A_longer_limit_lengthens_resolve_alone()
    {
        var story = Begins("08", new Span(ClockKind.WorkingTime, TimeSpan.FromHours(105)), "2026-11-02 09:00");
        var plain = Story.Begins(Whistle("08"));
        Assert.Equal(plain.Call.Answers[..2].Select(a => a.Clock), story.Call.Answers[..2].Select(a => a.Clock));
        Assert.Equal(At("2026-11-23 09:00"), story.Answer("resolve").Clock.Due);
    }

    [Theory]
    [InlineData(15 * 24, "11:00")] // S1 is to be made safe within two hours, whatever the repair may take
    [InlineData(1, "10:00")]
    public void It_never_gives_S1_longer(int hours, string due)
    {
        var span = new Span(ClockKind.Continuous, TimeSpan.FromHours(hours));
        var story = Story.Begins(Whistle("08", danger: true) with { Standard = new("05-01-2", span) });
        Assert.Equal(At($"2026-11-02 {due}"), story.Answer("resolve").Clock.Due);
    }

    [Fact]
    public void Without_one_every_clock_is_the_policys() =>
        Assert.All(Story.Begins(Whistle("08")).Call.Answers, answer =>
            Assert.Equal(Clock.Start(Calendar, At("2026-11-02 09:00"), DefaultPolicy.Limit(Level.S3, answer.Key), 0.8), answer.Clock));

    private static Story Begins(string category, Span within, string at) => Story.Begins(Whistle(category) with { Standard = new("01-28-1", within) }, at: at);
}
