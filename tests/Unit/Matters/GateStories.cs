using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using static DispatchCenter.Unit.Matters.Drafts;
using static DispatchCenter.Unit.Matters.MatterStory;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>What closes a stage, on which outcome, and where that leads.</summary>
public sealed class GateStories
{
    [Theory]
    [InlineData("yes yes no", "passed")]
    [InlineData("yes no no", "rejected")]
    [InlineData("yes no abstain", "rejected")]
    [InlineData("yes abstain abstain", "passed")]
    [InlineData("abstain abstain abstain", "rejected")]
    public void A_vote_passes_with_more_yes_than_no_as_soon_as_everyone_has_voted(string votes, string outcome) =>
        Assert.Equal(outcome, Voted(Majority.Simple, votes).Matter.Outcome);

    [Theory]
    [InlineData(Majority.TwoThirds, "yes yes no", "passed")]
    [InlineData(Majority.TwoThirds, "yes no abstain", "rejected")]
    [InlineData(Majority.TwoThirds, "yes abstain abstain", "passed")]
    [InlineData(Majority.TwoThirds, "abstain abstain abstain", "rejected")]
    [InlineData(Majority.Unanimous, "yes yes no", "rejected")]
    [InlineData(Majority.Unanimous, "yes yes abstain", "passed")]
    [InlineData(Majority.Unanimous, "abstain abstain abstain", "rejected")]
    public void Abstentions_count_neither_for_nor_against(Majority majority, string votes, string outcome) => Assert.Equal(outcome, Voted(majority, votes).Matter.Outcome);

    [Theory]
    [InlineData("yes", "noQuorum")]
    [InlineData("yes yes", "passed")]
    [InlineData("yes abstain", "passed")]
    [InlineData("no no", "rejected")]
    public void When_the_clock_of_a_vote_runs_out_the_votes_cast_are_counted(string votes, string outcome)
    {
        var story = Voted(Majority.Simple, votes);
        Assert.True(story.Reaches(story.Clock.Due).Matter.IsOpen);
        Assert.Equal(outcome, story.Passes(TimeSpan.FromMilliseconds(1)).Matter.Outcome);
        story.IsRefused(Answer(Worker(1, 3), "vote", "yes"), Refusal.Over);
    }

    [Fact]
    public void Nobody_votes_twice_or_says_anything_but_yes_no_or_abstain()
    {
        var story = Voted(Majority.Simple, "yes");
        Assert.IsType<Step.Already>(story.Asks(Answer(Worker(1), "vote", "yes")));
        story.IsRefused(Answer(Worker(1), "vote", "no"), Refusal.AlreadyAnswered).IsRefused(Answer(Worker(1, 2), "vote", "pass"), Refusal.NoSuchAnswer);
    }

    [Fact]
    public void One_fail_fails_a_signature_of_all_at_once()
    {
        var story = Begins(Of(Sign("sign", AskAll("sign", GridWorkers)))).Gives(Worker(1), "sign", "pass");
        Assert.Equal("failed", story.Gives(Worker(1, 2), "sign", "fail").Matter.Outcome);
    }

    [Fact]
    public void A_signature_passes_once_all_have_signed()
    {
        var story = Begins(Of(Sign("sign", AskAll("sign", GridWorkers), Ask("also", Leaders)))).AllGive("sign", "pass", Worker(1), Worker(1, 2), Worker(1, 3));
        Assert.Equal("passed", story.Gives(Leader, "also", "pass").Matter.Outcome);
    }

    [Fact]
    public void Of_k_signatures_of_n_some_may_fail_until_too_few_are_left()
    {
        var two = Of(Sign("sign", AskAll("sign", GridWorkers) with { Need = new Need(2) }));
        Assert.Equal("passed", Begins(two).Gives(Worker(1), "sign", "fail").AllGive("sign", "pass", Worker(1, 2), Worker(1, 3)).Matter.Outcome);
        Assert.Equal("failed", Begins(two).Gives(Worker(1), "sign", "pass").AllGive("sign", "fail", Worker(1, 2), Worker(1, 3)).Matter.Outcome);
    }

    [Fact]
    public void A_fail_after_enough_have_passed_is_told_that_it_is_too_late()
    {
        var story = Begins(Of(Sign("sign", AskAll("sign", GridWorkers) with { Need = new Need(2) }, Ask("also", Leaders)))).AllGive("sign", "pass", Worker(1), Worker(1, 2));
        story.IsRefused(Answer(Worker(1, 3), "sign", "fail"), Refusal.AlreadyAnswered);
    }

    [Fact]
    public void Each_outcome_leads_to_its_own_stage()
    {
        var procedure = Of(
            Task("first", GridWorkers).On("hard", "police").On("done", "desk"),
            Task("police", Policemen).On("done", End),
            Task("desk", CommunityDesks).On("done", End));
        Assert.Equal("police", Begins(procedure).Gives(Worker(1), "first", "hard").Stage);
        Assert.Equal("desk", Begins(procedure).Gives(Worker(1), "first").Stage);
        var vote = Of(Vote("vote", 1, Majority.Simple, GridWorkers).On("rejected", "again"), Task("again", Policemen));
        Assert.Equal("again", Begins(vote).AllGive("vote", "no", Worker(1), Worker(1, 2), Worker(1, 3)).Stage);
    }

    [Fact]
    public void A_loop_back_is_a_second_round_with_new_keys_and_a_fresh_clock()
    {
        var procedure = Of(
            Task("work", GridWorkers).On("done", "check").Within(TimeSpan.FromHours(2)),
            Task("check", Policemen).On("poor", "work").On("done", End));
        var story = Begins(procedure).Passes(TimeSpan.FromHours(1)).Gives(Worker(1), "work").Passes(TimeSpan.FromHours(1)).Gives(Police(1), "check", "poor");
        Assert.Equal((2, story.Now.AddHours(2)), (story.Matter.Visit!.Round, story.Clock.Due));
        Assert.Equal(["work2"], story.Matter.Visit.Owed.Select(o => o.Key));
        story.IsRefused(Answer(Worker(1), "work"), Refusal.AlreadyAnswered).Gives(Worker(1), "work2").Gives(Police(1), "check2");
        Assert.Equal(["work", "check", "work", "check"], story.Matter.Before.Select(b => b.Stage));
        Assert.Equal("done", story.Matter.Outcome);
    }

    [Fact]
    public void A_loop_without_an_end_is_ended_by_the_most_visits()
    {
        var story = Begins(Of(Task("work", GridWorkers).On("again", "work")));
        for (var round = 1; round <= Proceeding.MaxVisits; round++) story.Gives(Worker(1), round == 1 ? "work" : $"work{round}", "again");
        Assert.Equal((Proceeding.MaxVisits, "again"), (story.Matter.Before.Length, story.Matter.Outcome));
    }

    /// <summary>A vote of the three grid workers with a quorum of two, and so many votes.</summary>
    private static MatterStory Voted(Majority majority, string votes)
    {
        var story = Begins(Of(Vote("vote", quorum: 2, majority, GridWorkers)));
        foreach (var (vote, nth) in votes.Split(' ').Select((vote, n) => (vote, n + 1))) story.Gives(Worker(1, nth), "vote", vote);
        return story;
    }
}
