using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using static DispatchCenter.Domain.Matters.ProceedingCommand;
using static DispatchCenter.Unit.Matters.Drafts;
using static DispatchCenter.Unit.Matters.MatterStory;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>Who sees a matter, from whom it is hidden, and what comes of its children.</summary>
public sealed class SightStories
{
    [Fact]
    public void A_sealed_matter_shows_only_to_those_who_are_asked_and_who_opened_it()
    {
        var story = Begins(Of(Task("work", Leaders)) with { Visibility = Visibility.Sealed }, by: Worker(1));
        Assert.Equal([Worker(1).Id, Leader.Id], Seeing(story));
        story.IsRefused(new Note(new Actor.OfPost(Desk(1))), Refusal.WrongTeam).IsRefused(new Recuse(Desk(1)), Refusal.WrongTeam);
    }

    [Fact]
    public void A_sealed_matter_shows_to_the_desk_it_has_climbed_to()
    {
        var story = Begins(Of(Task("work", Leaders).Within(TimeSpan.FromHours(1))) with { Visibility = Visibility.Sealed }).Passes(TimeSpan.FromMinutes(61));
        Assert.Equal([Worker(1).Id, Desk(1).Id, Leader.Id], Seeing(story));
        Assert.Contains(StreetDesk.Id, Seeing(story.Passes(TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Staff_are_the_teams_of_the_grid_the_desks_and_those_who_are_asked()
    {
        var seeing = Seeing(Begins(Of(Task("work", new Role.OfKind(PostKind.Police))), held: Everybody.Remove(Police(1))));
        Assert.Equal([Worker(1).Id, Worker(1, 2).Id, Worker(1, 3).Id, Property(1).Id, Head(1).Id, Police(2).Id, Police(3).Id, Desk(1).Id, StreetDesk.Id, Leader.Id], seeing);
    }

    [Fact]
    public void A_public_matter_shows_to_every_post_and_a_stage_can_differ_from_its_procedure()
    {
        var story = Begins(Of(Task("work", GridWorkers).On("done", "talk"), Task("talk", Leaders) with { Visibility = Visibility.Sealed }) with { Visibility = Visibility.Public });
        Assert.Equal(Everybody.Length, Seeing(story).Length);
        Assert.Equal([Worker(1).Id, Worker(1, 2).Id, Worker(1, 3).Id, Leader.Id], Seeing(story.Gives(Worker(1), "work"))); // those asked before still see it
    }

    [Fact]
    public void Who_recuses_themselves_neither_sees_nor_answers_and_others_of_the_role_do()
    {
        var story = Begins(Of(Task("work", GridWorkers))).Does(new Recuse(Worker(1, 2)));
        Assert.DoesNotContain(Worker(1, 2).Id, Seeing(story));
        story.IsRefused(Answer(Worker(1, 2), "work"), Refusal.NotFound).IsRefused(new Note(new Actor.OfPost(Worker(1, 2))), Refusal.NotFound);
        Assert.Equal(["gridWorker@grid:g1"], story.Asked("work"));
        story.Gives(Worker(1), "work");
    }

    [Fact]
    public void If_the_only_one_asked_recuses_themselves_the_desk_answers_instead()
    {
        var story = Begins(Of(Task("work", Policemen))).Does(new Recuse(Police(1)));
        Assert.Equal(["communityDesk@community:c1"], story.Asked("work"));
        Assert.Equal([new Fact.Skipped("work", "police@team:t1")], story.Journal[^1].Facts.OfType<Fact.Skipped>());
        Assert.Equal(Rung.Community, story.Matter.Rung);
        story.Gives(Desk(1), "work");
    }

    [Fact]
    public void Two_answers_lost_to_one_recusal_climb_to_the_community_and_not_past_it()
    {
        var story = Begins(Of(Stage("work", Ask("one", Policemen), Ask("other", Policemen)).On("done", End))).Does(new Recuse(Police(1)));
        Assert.Equal(Rung.Community, story.Matter.Rung);
        Assert.Equal("done", story.Gives(Desk(1), "one").Gives(Desk(1), "other").Matter.Outcome);
    }

    [Fact]
    public void If_the_desk_itself_recuses_the_street_answers()
    {
        var story = Begins(Of(Task("work", CommunityDesks))).Does(new Recuse(Desk(1)));
        Assert.Equal(["streetDesk@street"], story.Asked("work"));
        Assert.Equal(Rung.Street, story.Matter.Rung);
    }

    [Fact]
    public void Whoever_recuses_themselves_from_a_vote_is_left_out_of_it()
    {
        var story = Begins(Of(Vote("vote", 2, Majority.Simple, GridWorkers))).AllGive("vote", "yes", Worker(1), Worker(1, 2));
        Assert.Equal("passed", story.Does(new Recuse(Worker(1, 3))).Matter.Outcome);
    }

    [Fact]
    public void What_is_hidden_with_its_parent_is_hidden_even_after_the_end()
    {
        var story = Begins(Of(Task("work", GridWorkers))).Gives(Worker(1), "work");
        var more = Recusal.None with { Posts = [Police(1).Id] };
        story.Does(new Hide(null, more));
        Assert.DoesNotContain(Police(1).Id, Seeing(story));
        Assert.IsType<Step.Already>(story.Asks(new Hide(null, more)));
    }

    [Fact]
    public void A_stage_can_wait_for_the_children_and_the_end_of_the_last_moves_it()
    {
        var procedure = Of(Task("work", GridWorkers).On("done", "wait"), (Stage("wait") with { AwaitsChildren = true }).On("done", End));
        var story = Begins(procedure).IsRefused(new OpenChild(Worker(4), new("MT-00000002")), Refusal.WrongTeam).IsRefused(new OpenChild(Police(1), new("MT-00000002")), Refusal.NotEntitled);
        story.Does(new OpenChild(Worker(1), new("MT-00000002"))).Does(new OpenChild(Desk(1), new("MT-00000003"))).Gives(Worker(1), "work");
        Assert.Equal("wait", story.Does(new ChildEnded(new("MT-00000003"), "failed")).Stage);
        Assert.IsType<Step.Already>(story.Asks(new ChildEnded(new("MT-00000003"), "done")));
        Assert.IsType<Step.Already>(story.Asks(new ChildEnded(new("MT-00000009"), "done")));
        Assert.Equal("done", story.Does(new ChildEnded(new("MT-00000002"), "done")).Matter.Outcome);
    }

    [Fact]
    public void A_stage_that_waits_for_no_child_is_passed_through() =>
        Assert.Equal("done", Begins(Of((Stage("wait") with { AwaitsChildren = true }).On("done", End))).Matter.Outcome);

    [Fact]
    public void An_answered_stage_still_waits_for_its_children()
    {
        var story = Begins(Of(Task("work", GridWorkers) with { AwaitsChildren = true })).Does(new OpenChild(Worker(1), new("MT-00000002"))).Gives(Worker(1), "work");
        Assert.Equal("done", story.Does(new ChildEnded(new("MT-00000002"), "done")).Matter.Outcome);
    }

    [Fact]
    public void So_many_children_and_no_more()
    {
        var story = Begins(Of(Task("work", GridWorkers)));
        for (var child = 0; child < Proceeding.MaxChildren; child++) story.Does(new OpenChild(Worker(1), new($"MT-1000000{child}")));
        story.IsRefused(new OpenChild(Worker(1), new("MT-20000000")), Refusal.OutOfBounds);
    }

    [Fact]
    public void A_matter_of_the_street_goes_to_the_street()
    {
        var story = Begins(Of(Task("work", GridWorkers).Within(TimeSpan.FromHours(1))) with { Place = PlaceKind.Street }, by: Leader, onDuty: Everybody.Remove(Leader));
        Assert.Equal(["gridWorker@street"], story.Asked("work"));
        Assert.Equal(Rung.Street, story.Passes(TimeSpan.FromMinutes(61)).Matter.Rung);
    }

    private static PostId[] Seeing(MatterStory story) => [.. story.Held.Where(story.Matter.Audience.Includes).Select(p => p.Id)];
}
