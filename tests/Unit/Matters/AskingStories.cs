using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using static DispatchCenter.Unit.Matters.Drafts;
using static DispatchCenter.Unit.Matters.MatterStory;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>Who is asked, how many have to answer, and who may.</summary>
public sealed class AskingStories
{
    [Fact]
    public void A_role_is_looked_for_outwards_from_the_grid_to_the_street()
    {
        Assert.Equal(["gridWorker@grid:g1"], Begins(Of(Task("work", GridWorkers))).Asked("work"));
        Assert.Equal(["police@team:t1"], Begins(Of(Task("work", Policemen))).Asked("work"));
        Assert.Equal(["police@community:c1"], Begins(Of(Task("work", Policemen)), held: Everybody.Remove(Police(1))).Asked("work"));
        Assert.Equal(["police@street"], Begins(Of(Task("work", Policemen)), held: Everybody.RemoveRange([Police(1), Police(2), Police(3)])).Asked("work"));
        Assert.Equal(["communityDesk@community:c1"], Begins(Of(Task("work", CommunityDesks))).Asked("work"));
        Assert.Equal(["leader@street"], Begins(Of(Task("work", Leaders))).Asked("work"));
    }

    [Fact]
    public void An_ask_can_look_wider_than_the_place_of_the_matter()
    {
        var story = Begins(Of(Stage("work", Ask("work", GridWorkers) with { At = PlaceKind.Community }).On("done", End)));
        Assert.Equal(["gridWorker@community:c1"], story.Asked("work"));
        story.IsRefused(Answer(Worker(4), "work"), Refusal.WrongTeam).Gives(Worker(3), "work");
        Assert.Equal("done", story.Matter.Outcome);
    }

    [Fact]
    public void A_grid_of_two_teams_asks_the_first_that_has_the_role()
    {
        Assert.Equal(["police@team:t1"], Begins(Of(Task("work", Policemen)), grid: "g12").Asked("work"));
        Assert.Equal(["police@team:t2"], Begins(Of(Task("work", Policemen)), grid: "g12", held: Everybody.Remove(Police(1))).Asked("work"));
    }

    [Fact]
    public void Where_nobody_holds_the_role_the_community_desk_is_asked_told_and_climbed_to()
    {
        var story = Begins(Of(Task("work", Leaders)), held: Everybody.Remove(Leader));
        Assert.Equal(["communityDesk@community:c1"], story.Asked("work"));
        Assert.Contains(new Fact.Skipped("work", "leader"), story.Facts);
        Assert.Equal(Rung.Community, story.Matter.Rung);
        story.Gives(Desk(1), "work");
    }

    [Fact]
    public void Where_the_community_has_no_desk_either_the_street_is_asked()
    {
        var story = Begins(Of(Task("work", Leaders)), held: Everybody.RemoveRange([Leader, Desk(1)]));
        Assert.Equal(["streetDesk@street"], story.Asked("work"));
        Assert.Equal(Rung.Street, story.Matter.Rung);
    }

    [Fact]
    public void Of_several_roles_the_one_that_nobody_holds_is_told_and_the_others_are_asked()
    {
        var story = Begins(Of(Task("work", Leaders, Policemen)), held: Everybody.Remove(Leader));
        Assert.Equal(["police@team:t1"], story.Asked("work"));
        Assert.Contains(new Fact.Skipped("work", "leader"), story.Facts);
        Assert.Equal(Rung.Community, story.Matter.Rung);
    }

    [Fact]
    public void One_of_a_role_is_enough_and_the_second_is_told()
    {
        var procedure = Of(Stage("work", Ask("work", GridWorkers), Ask("look", Policemen)).On("done", End));
        var story = Begins(procedure).Gives(Worker(1), "work").IsRefused(Answer(Worker(1, 2), "work"), Refusal.AlreadyAnswered);
        Assert.IsType<Step.Already>(story.Asks(Answer(Worker(1), "work")));
        story.Gives(Police(1), "look").IsRefused(Answer(Worker(1, 2), "work"), Refusal.Over);
        Assert.Equal("done", story.Matter.Outcome);
    }

    [Fact]
    public void Of_two_at_the_same_instant_for_the_last_place_one_wins_and_the_words_of_the_other_are_kept()
    {
        var two = Stage("work", Ask("work", GridWorkers) with { EachPost = true, Need = new Need(2) }).On("done", "next");
        var story = Begins(Of(two, Task("next", Policemen))).Gives(Worker(1), "work");
        Assert.Equal("work", story.Stage);
        story.Gives(Worker(1, 2), "work").IsRefused(Answer(Worker(1, 3), "work"), Refusal.AlreadyAnswered);
        Assert.Equal("next", story.Stage);
        var before = story.Matter;
        story.Does(Answer(Worker(1, 3), "work", words: true));
        Assert.Equal([new Fact.Late("work")], story.Journal[^1].Facts.AsEnumerable());
        Assert.Equal(MatterText.Of(before with { Version = before.Version + 1 }), MatterText.Of(story.Matter));
    }

    [Fact]
    public void Words_that_come_after_the_end_are_kept_too()
    {
        var story = Begins(Of(Task("work", GridWorkers))).Gives(Worker(1), "work").IsRefused(Answer(Worker(1, 2), "work"), Refusal.Over);
        story.Does(Answer(Worker(1, 2), "work", words: true)).IsRefused(Answer(Worker(4), "work", words: true), Refusal.WrongTeam);
        Assert.Equal(MatterWhat.Late, story.Journal[^1].What);
        Assert.Equal("done", story.Matter.Outcome);
    }

    [Fact]
    public void All_of_each_post_waits_for_every_one_of_them()
    {
        var story = Begins(Of(Stage("work", AskAll("work", GridWorkers)).On("done", End)));
        Assert.Equal(["post:t1-worker1", "post:t1-worker2", "post:t1-worker3"], story.Asked("work"));
        story.AllGive("work", "done", Worker(1), Worker(1, 2)).IsRefused(Answer(Worker(1), "work", "other"), Refusal.AlreadyAnswered);
        Assert.True(story.Matter.IsOpen);
        Assert.Equal("done", story.Gives(Worker(1, 3), "work").Matter.Outcome);
    }

    [Fact]
    public void More_are_never_needed_than_are_asked()
    {
        var five = Ask("work", GridWorkers, Leaders) with { Need = new Need(5) };
        Assert.Equal("done", Begins(Of(Stage("work", five).On("done", End))).Gives(Worker(1), "work").Gives(Leader, "work").Matter.Outcome);
    }

    [Fact]
    public void Chosen_posts_alone_are_asked()
    {
        var procedure = Of(Task("first", GridWorkers).On("done", "work"), Stage("work", WhomChosen("work")).On("done", End));
        var story = Begins(procedure).IsRefused(new ProceedingCommand.Choose(Police(1), "work", [Police(2).Id]), Refusal.NotEntitled)
            .IsRefused(new ProceedingCommand.Choose(Worker(1), "work", []), Refusal.OutOfBounds)
            .IsRefused(new ProceedingCommand.Choose(Worker(1), "work", [new PostId("nobody")]), Refusal.UnknownTeam)
            .IsRefused(new ProceedingCommand.Choose(Worker(1), "other", [Police(2).Id]), Refusal.NoSuchAnswer)
            .Does(new ProceedingCommand.Choose(Worker(1), "work", [Police(2).Id, Police(3).Id])).Gives(Worker(1), "first");
        Assert.Equal(["post:t2-police", "post:t3-police"], story.Asked("work"));
        story.IsRefused(Answer(Police(1), "work"), Refusal.NotEntitled).Gives(Police(3), "work");
    }

    [Fact]
    public void Posts_can_be_chosen_with_the_opening_and_without_any_the_desk_is_asked()
    {
        var procedure = Of(Stage("work", WhomChosen("work")).On("done", End));
        var chosen = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty.Add("work", [Police(5).Id]);
        Assert.Equal(["post:t5-police"], Begins(procedure, chosen: chosen).Asked("work"));
        Assert.Equal(["communityDesk@community:c1"], Begins(procedure).Asked("work"));
    }

    [Fact]
    public void A_desk_chooses_others_for_those_who_are_silent_and_the_answers_given_stay()
    {
        var story = Begins(Of(Stage("work", AskAll("work", GridWorkers)).On("done", End))).Gives(Worker(1), "work")
            .IsRefused(new ProceedingCommand.Choose(Worker(1), "work", [Police(1).Id]), Refusal.NotEntitled)
            .IsRefused(new ProceedingCommand.Choose(Desk(2), "work", [Police(1).Id]), Refusal.WrongTeam)
            .IsRefused(new ProceedingCommand.Choose(Desk(1), "work", [Worker(1).Id]), Refusal.AlreadyAnswered)
            .Does(new ProceedingCommand.Choose(Desk(1), "work", [Police(1).Id]));
        Assert.Equal(["post:t1-worker1", "post:t1-police"], story.Asked("work"));
        story.IsRefused(Answer(Worker(1, 2), "work"), Refusal.NotEntitled);
        Assert.Equal("done", story.Gives(Police(1), "work").Matter.Outcome);
    }

    [Fact]
    public void The_words_of_somebody_in_whose_place_others_are_asked_are_kept()
    {
        var story = Begins(Of(Task("work", Policemen)) with { Visibility = Visibility.Sealed }, by: Desk(1)).Does(new ProceedingCommand.Choose(Desk(1), "work", [Worker(1).Id]));
        story.IsRefused(Answer(Police(1), "work"), Refusal.NotEntitled).Does(Answer(Police(1), "work", words: true));
        Assert.Equal(MatterWhat.Late, story.Journal[^1].What);
        story.Gives(Worker(1), "work").Does(Answer(Police(1), "work", words: true));
    }

    [Fact]
    public void Nobody_who_did_the_work_checks_it_under_any_of_their_posts()
    {
        var check = Stage("check", Ask("check", GridWorkers) with { Barred = ["work"] }).On("done", End);
        var twin = Worker(1, 2) with { Also = [Worker(2).Id] };
        var same = Worker(2) with { Also = [Worker(1, 2).Id], Grid = new("g1") };
        var held = Everybody.Replace(Worker(1, 2), twin).Replace(Worker(2), same);
        var story = Begins(Of(Task("work", GridWorkers).On("done", "check"), check), held: held).Gives(twin, "work");
        story.IsRefused(Answer(twin, "check"), Refusal.TookPart).IsRefused(Answer(same, "check"), Refusal.TookPart).IsRefused(new ProceedingCommand.Choose(Desk(1), "check", [same.Id]), Refusal.TookPart).Gives(Worker(1), "check");
    }

    [Fact]
    public void If_an_answer_bars_the_last_who_could_give_another_the_desk_is_asked()
    {
        var story = Begins(Of(Stage("work", Ask("work", Policemen), Ask("check", Policemen) with { Barred = ["work"] }).On("done", End))).Gives(Police(1), "work");
        Assert.Equal(["communityDesk@community:c1"], story.Asked("check"));
        Assert.Contains(new Fact.Skipped("check", "police@team:t1"), story.Journal[^1].Facts);
        Assert.Equal("done", story.Gives(Desk(1), "check").Matter.Outcome);
    }

    [Fact]
    public void A_person_with_two_posts_is_asked_once()
    {
        var (one, two) = (Worker(1, 2) with { Also = [Worker(1, 3).Id] }, Worker(1, 3) with { Also = [Worker(1, 2).Id] });
        var held = Everybody.Replace(Worker(1, 2), one).Replace(Worker(1, 3), two);
        var story = Begins(Of(Stage("work", AskAll("work", GridWorkers)).On("done", End)), held: held);
        Assert.Equal(["post:t1-worker1", "post:t1-worker2"], story.Asked("work"));
        Assert.Equal("done", story.Gives(two, "work").Gives(Worker(1), "work").Matter.Outcome);
        story = Begins(Of(Task("work", Policemen)), held: held).Does(new ProceedingCommand.Choose(Desk(1), "work", [one.Id, two.Id]));
        Assert.Equal(["post:t1-worker2"], story.Asked("work"));
    }

    [Fact]
    public void Who_is_asked_by_post_leaves_the_place_of_their_kind_to_others()
    {
        var story = Begins(Of(Stage("work", Ask("work", GridWorkers, new Role.Starter()) with { Need = Need.All }).On("done", End)), by: Worker(1));
        Assert.Equal("done", story.Gives(Worker(1), "work").Gives(Worker(1, 2), "work").Matter.Outcome);
    }

    [Fact]
    public void If_the_others_of_a_kind_are_gone_the_desk_answers_for_it()
    {
        var held = Everybody.RemoveAll(p => p.Kind == PostKind.GridWorker && p != Worker(1));
        var story = Begins(Of(Stage("work", Ask("work", GridWorkers, new Role.Starter()) with { Need = Need.All }).On("done", End)), held: held).Gives(Worker(1), "work");
        Assert.Equal(["post:t1-worker1", "communityDesk@community:c1"], story.Asked("work"));
    }

    [Fact]
    public void Who_opened_the_matter_can_be_barred()
    {
        var story = Begins(Of(Stage("check", Ask("check", GridWorkers) with { Barred = ["starter"] }).On("done", End)));
        story.IsRefused(Answer(Worker(1), "check"), Refusal.TookPart).Gives(Worker(1, 2), "check");
        Assert.DoesNotContain("post:t1-worker1", Begins(Of(Stage("check", AskAll("check", GridWorkers) with { Barred = ["starter"] }).On("done", End))).Asked("check"));
    }

    [Fact]
    public void If_everybody_nearby_is_barred_the_role_is_looked_for_further_out()
    {
        var check = Stage("check", Ask("check", Policemen) with { Barred = ["work"] }).On("done", End);
        var story = Begins(Of(Task("work", Policemen).On("done", "check"), check)).Gives(Police(1), "work");
        Assert.Equal(["police@community:c1"], story.Asked("check"));
    }

    [Fact]
    public void Who_did_an_earlier_step_is_asked_again_and_who_opened_it_too()
    {
        var again = Stage("again", Ask("again", new Role.WhoDid("work"), new Role.Starter()) with { Need = Need.All }).On("done", End);
        var story = Begins(Of(Task("work", Policemen).On("done", "again"), again), by: Worker(1, 3)).Gives(Police(1), "work");
        Assert.Equal(["post:t1-police", "post:t1-worker3"], story.Asked("again"));
        Assert.Equal("done", story.AllGive("again", "done", Police(1), Worker(1, 3)).Matter.Outcome);
    }

    [Fact]
    public void The_caller_and_a_party_answer_from_outside()
    {
        var procedure = Of(
            Task("agree", new Role.Caller()).On("done", "repair"),
            Task("repair", new Role.OfParty("housing")).On("done", End)) with { HasCaller = true };
        var (caller, party) = (new Respondent.Caller(), new Respondent.OfParty("housing"));
        var story = Begins(procedure).IsRefused(new ProceedingCommand.Answer(new Actor.Outside(party), "agree", "done"), Refusal.WrongTeam);
        story.IsRefused(Answer(Worker(1), "agree"), Refusal.NotEntitled).Gives(caller, "agree");
        story.IsRefused(new ProceedingCommand.Note(new Actor.Outside(new Respondent.OfParty("market"))), Refusal.WrongTeam);
        story.Does(new ProceedingCommand.Note(new Actor.Outside(party))).Gives(party, "repair");
        Assert.Equal(("done", 1), (story.Matter.Outcome, story.Matter.CallerNotes));
    }

    [Fact]
    public void A_party_that_the_policy_does_not_know_is_told_and_the_desk_is_asked()
    {
        var story = Begins(Of(Task("repair", new Role.OfParty("nobody"))));
        Assert.Equal(["communityDesk@community:c1"], story.Asked("repair"));
        Assert.Contains(new Fact.Skipped("repair", "party:nobody"), story.Facts);
    }

    [Fact]
    public void A_post_off_duty_may_not_answer()
    {
        var story = Begins(Of(Task("work", GridWorkers)), onDuty: Everybody.Remove(Worker(1, 2)));
        story.IsRefused(Answer(Worker(1, 2), "work"), Refusal.NotOnDuty).Gives(Worker(1), "work");
    }

    [Fact]
    public void A_desk_answers_in_place_of_others_only_once_the_matter_has_climbed_to_it()
    {
        var story = Begins(Of(Task("work", GridWorkers).Within(TimeSpan.FromHours(1)))).IsRefused(Answer(Desk(1), "work"), Refusal.NotEntitled);
        story.Passes(TimeSpan.FromMinutes(61)).IsRefused(Answer(StreetDesk, "work"), Refusal.NotEntitled).Gives(Desk(1), "work");
        Assert.Equal([new Given("work", new Respondent.OfPost(Desk(1).Id), new Respondent.OfKind(PostKind.GridWorker, new Area.OfGrid(new("g1"))), "done", story.Now)], story.Matter.Given.AsEnumerable());
    }

    [Fact]
    public void The_desk_of_another_community_answers_what_it_is_asked_and_has_no_say_otherwise()
    {
        var procedure = Of(Stage("work", WhomChosen("help"), Ask("work", Policemen)).On("done", End));
        var story = Begins(procedure, chosen: ImmutableDictionary<string, ImmutableArray<PostId>>.Empty.Add("help", [Desk(2).Id])).Does(new ProceedingCommand.Recuse(Police(1)));
        Assert.Equal(Rung.Community, story.Matter.Rung);
        story.IsRefused(Answer(Desk(2), "work"), Refusal.NotEntitled).IsRefused(new ProceedingCommand.Cancel(new Actor.OfPost(Desk(2))), Refusal.NotEntitled);
        story.IsRefused(new ProceedingCommand.Choose(Desk(2), "work", [Police(2).Id]), Refusal.NotEntitled).Gives(Desk(2), "help").Gives(Desk(1), "work");
    }

    [Fact]
    public void A_desk_never_votes_or_signs_in_place_of_others()
    {
        var sign = Begins(Of(Sign("sign", AskAll("sign", GridWorkers)).Within(TimeSpan.FromHours(1)))).Passes(TimeSpan.FromMinutes(150));
        Assert.Equal(Rung.Street, sign.Matter.Rung);
        sign.IsRefused(Answer(Desk(1), "sign", "pass"), Refusal.NotEntitled).IsRefused(Answer(StreetDesk, "sign", "pass"), Refusal.NotEntitled);
        var vote = Begins(Of(Vote("vote", 1, Majority.Simple, Leaders, GridWorkers)), held: Everybody.Remove(Leader));
        Assert.Equal(Rung.Community, vote.Matter.Rung);
        vote.IsRefused(Answer(Desk(1), "vote", "yes"), Refusal.NotEntitled);
    }

    [Fact]
    public void Only_what_the_stage_provides_for_may_be_said()
    {
        var story = Begins(Of(Task("work", GridWorkers).On("refused", End)));
        story.IsRefused(Answer(Worker(1), "work", "perhaps"), Refusal.NoSuchAnswer).IsRefused(Answer(Worker(1), "work", "item"), Refusal.NoSuchAnswer);
        story.IsRefused(Answer(Worker(1), "other"), Refusal.NoSuchAnswer);
        Assert.Equal("refused", story.Gives(Worker(1), "work", "refused").Matter.Outcome);
    }
}
