using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Domain.Matters.ProceedingCommand;
using static DispatchCenter.Unit.Matters.Drafts;
using static DispatchCenter.Unit.Matters.MatterStory;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>Papers taken with a receipt and given back, and what becomes of them when a matter is cancelled.</summary>
public sealed class ItemStories
{
    [Fact]
    public void Papers_are_taken_one_by_one_and_each_is_given_back()
    {
        var story = Begins(Errand()).AllGive("paper", "item", Worker(1), Worker(1, 2)).Gives(Worker(1), "paper").Gives(Police(1), "work");
        Assert.Equal([(1, Worker(1).Id), (2, Worker(1, 2).Id)], story.Matter.Items.Select(i => (i.Number, ((Respondent.OfPost)i.By).Post)));
        Assert.Equal(["giveBack-1", "giveBack-2"], story.Matter.Visit!.Owed.Select(o => o.Key));
        story.Gives(Worker(1), "giveBack-2");
        Assert.Equal([null, story.Now], story.Matter.Items.Select(i => i.ReturnedAt));
        Assert.IsType<Step.Already>(story.Asks(Answer(Worker(1), "giveBack-2")));
        story.IsRefused(Answer(Worker(1, 2), "giveBack-2"), Refusal.AlreadyAnswered);
        Assert.Equal("done", story.Gives(Worker(1), "giveBack-1").Matter.Outcome);
    }

    [Fact]
    public void Without_papers_there_is_nothing_to_give_back() =>
        Assert.Equal("done", Begins(Errand()).Gives(Worker(1), "paper").Gives(Police(1), "work").Matter.Outcome);

    [Fact]
    public void A_paper_that_comes_after_its_stage_is_taken_and_owed_back_too()
    {
        var story = Begins(Errand()).Gives(Worker(1), "paper", "item").Gives(Worker(1), "paper").Gives(Worker(1, 2), "paper", "item");
        Assert.Equal("work", story.Stage);
        story.Gives(Police(1), "work").Gives(Worker(1, 3), "paper", "item");
        Assert.Equal(["giveBack-1", "giveBack-2", "giveBack-3"], story.Matter.Visit!.Owed.Select(o => o.Key));
        story.IsRefused(Answer(Police(1), "paper", "item"), Refusal.NoSuchAnswer);
        foreach (var number in new[] { 3, 1, 2 }) story.Gives(Worker(1), $"giveBack-{number}");
        Assert.Equal("done", story.Matter.Outcome);
    }

    [Fact]
    public void A_paper_that_comes_after_the_end_opens_the_matter_once_more_only_to_be_given_back()
    {
        var story = Begins(Errand() with { Promise = new Promise(new Span(ClockKind.Continuous, TimeSpan.FromHours(1)), "none") }).Gives(Worker(1), "paper").Gives(Police(1), "work");
        Assert.Equal("done", story.Matter.Outcome);
        story.Passes(TimeSpan.FromHours(2)).Gives(Worker(1, 2), "paper", "item");
        Assert.Equal(("back", "giveBack2-1", false), (story.Stage, story.Matter.Visit!.Owed.Single().Key, story.Matter.IsPromiseRunning));
        story.Gives(Worker(1), "giveBack2-1");
        Assert.Equal(("done", null, true), (story.Matter.Outcome, story.Matter.NextDue, story.Matter.Items.All(i => i.ReturnedAt is not null)));
    }

    [Fact]
    public void A_withdrawn_matter_without_papers_takes_one_that_comes_late_and_owes_it_back()
    {
        var story = Begins(Errand()).Does(new ProceedingCommand.Cancel(new Actor.OfPost(Desk(1))));
        Assert.Equal(Outcomes.Cancelled, story.Matter.Outcome);
        story.Gives(Worker(1), "paper", "item").Gives(Worker(1), "giveBack2-1");
        Assert.Equal((Outcomes.Cancelled, 1), (story.Matter.Outcome, story.Matter.Items.Length));
    }

    [Fact]
    public void Where_nothing_gives_papers_back_after_the_end_a_late_one_is_refused() =>
        Begins(Errand() with { Cancelled = null }).Gives(Worker(1), "paper").Gives(Police(1), "work").IsRefused(Answer(Worker(1), "paper", "item"), Refusal.Over);

    [Fact]
    public void A_second_round_of_giving_back_owes_only_what_came_since_the_first()
    {
        var errand = Errand();
        var procedure = errand with { Stages = [errand.Stages[0], errand.Stages[1], errand.Stages[2].On("done", "look"), Task("look", Policemen).On("again", "back")] };
        var story = Begins(procedure).Gives(Worker(1), "paper", "item").Gives(Worker(1), "paper").Gives(Police(1), "work").Gives(Worker(1), "giveBack-1");
        story.Gives(Worker(1), "paper", "item").Gives(Police(1), "look", "again");
        Assert.Equal(["giveBack2-2"], story.Matter.Visit!.Owed.Select(o => o.Key));
        story.Gives(Worker(1), "giveBack2-2").Gives(Police(1), "look2", "again");
        Assert.Equal("look", story.Stage); // there was nothing left to give back
    }

    [Fact]
    public void A_late_paper_that_nobody_can_give_back_is_told_and_asked_of_the_desk()
    {
        var errand = Errand();
        var back = errand.Stages[2] with { Asks = [Ask("giveBack", Leaders) with { PerItemOf = "paper" }] };
        var story = Begins(errand with { Stages = errand.Stages.SetItem(2, back) }, held: Everybody.Remove(Leader)).Gives(Worker(1), "paper", "item").Gives(Worker(1), "paper").Gives(Police(1), "work");
        story.Gives(Worker(1), "paper", "item");
        Assert.Equal(["communityDesk@community:c1"], story.Asked("giveBack-2"));
        Assert.Contains(new Fact.Skipped("giveBack", "leader"), story.Journal[^1].Facts);
    }

    [Fact]
    public void A_late_paper_after_the_last_stage_that_gives_papers_back_goes_to_the_desk()
    {
        var errand = Errand();
        var procedure = errand with { Stages = [errand.Stages[0], errand.Stages[1], errand.Stages[2].On("done", "look"), Task("look", Policemen)] };
        var story = Begins(procedure).Gives(Worker(1), "paper").Gives(Police(1), "work");
        Assert.Equal(("look", Rung.Team), (story.Stage, story.Matter.Rung));
        story.Gives(Worker(1), "paper", "item");
        Assert.Equal((1, Rung.Community), (story.Matter.Items.Length, story.Matter.Rung));
        Assert.Contains(new Fact.Skipped("paper", "giveBack"), story.Journal[^1].Facts);
    }

    [Fact]
    public void So_many_papers_are_taken_and_no_more()
    {
        var story = Begins(Errand());
        for (var paper = 0; paper < Proceeding.MaxItems; paper++) story.Gives(Worker(1), "paper", "item");
        story.IsRefused(Answer(Worker(1), "paper", "item"), Refusal.OutOfBounds).Gives(Worker(1), "paper").IsRefused(Answer(Worker(1), "paper", "item"), Refusal.OutOfBounds);
    }

    [Fact]
    public void Who_took_a_paper_in_can_be_barred_from_giving_it_back()
    {
        var errand = Errand();
        var back = errand.Stages[2] with { Asks = [errand.Stages[2].Asks[0] with { Barred = ["paper"] }] };
        var story = Begins(errand with { Stages = errand.Stages.SetItem(2, back) }).Gives(Worker(1), "paper", "item").Gives(Worker(1, 2), "paper").Gives(Police(1), "work");
        story.IsRefused(Answer(Worker(1), "giveBack-1"), Refusal.TookPart).IsRefused(Answer(Worker(1, 2), "giveBack-1"), Refusal.TookPart).Gives(Worker(1, 3), "giveBack-1");
    }

    [Fact]
    public void A_cancelled_matter_with_papers_ends_once_they_are_given_back()
    {
        var story = Begins(Errand()).Gives(Worker(1), "paper", "item").Does(new Cancel(new Actor.Outside(new Respondent.Caller())));
        Assert.Equal(("back", true), (story.Stage, story.Matter.Cancelled));
        Assert.IsType<Step.Already>(story.Asks(new Cancel(new Actor.OfPost(Desk(1)))));
        story.Gives(Worker(1), "giveBack-1");
        Assert.Equal("cancelled", story.Matter.Outcome);
        Assert.IsType<Step.Already>(story.Asks(new Cancel(new Actor.OfPost(Desk(1)))));
    }

    [Fact]
    public void A_cancelled_matter_without_papers_ends_at_once()
    {
        Assert.Equal("cancelled", Begins(Errand()).Does(new Cancel(new Actor.OfPost(Desk(1)))).Matter.Outcome);
        Assert.Equal("cancelled", Begins(Of(Task("work", GridWorkers))).Does(new Cancel(new Actor.OfPost(Worker(1)))).Matter.Outcome);
    }

    [Fact]
    public void Cancelling_while_the_papers_are_given_back_changes_only_how_it_ends()
    {
        var story = Begins(Errand()).Gives(Worker(1), "paper", "item").Gives(Worker(1), "paper").Gives(Police(1), "work").Does(new Cancel(new Actor.OfPost(StreetDesk)));
        Assert.Equal("back", story.Stage);
        Assert.Equal("cancelled", story.Gives(Worker(1), "giveBack-1").Matter.Outcome);
    }

    [Fact]
    public void Only_who_opened_it_a_desk_or_the_person_it_is_for_cancels_a_matter()
    {
        var story = Begins(Of(Task("work", GridWorkers))).IsRefused(new Cancel(new Actor.OfPost(Worker(1, 2))), Refusal.NotEntitled).IsRefused(new Cancel(new Actor.OfPost(Desk(2))), Refusal.WrongTeam);
        story.IsRefused(new Cancel(new Actor.Outside(new Respondent.Caller())), Refusal.NotEntitled).ShiftChangesTo(Worker(1, 2)).IsRefused(new Cancel(new Actor.OfPost(Worker(1))), Refusal.NotOnDuty);
    }

    [Fact]
    public void Nothing_is_promised_any_more_once_a_matter_is_cancelled()
    {
        var errand = Errand() with { Promise = new Promise(new Span(ClockKind.Continuous, TimeSpan.FromHours(5)), "work") };
        var story = Begins(errand).Gives(Worker(1), "paper", "item").Does(new Cancel(new Actor.Outside(new Respondent.Caller()))).Passes(TimeSpan.FromDays(2));
        Assert.Equal((null, Rung.Team, false), (story.Matter.NextDue, story.Matter.Rung, story.Matter.Promise!.Breached));
    }
}
