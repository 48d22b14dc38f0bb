using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Duty;

/// <summary>派谁. Monday at nine; 120 metres take a minute, and setting off takes three.</summary>
public sealed class ChoiceTests
{
    private static readonly DateTimeOffset Now = At("2026-11-02 09:00");
    private static readonly ChoiceRules Balanced = new();
    private static readonly ChoiceRules Nearest = Balanced with { Order = ChoiceOrder.NearestFirst };

    [Fact]
    public void Nearest_first_names_the_nearest_who_has_nothing_in_hand_and_where_everybody_has_the_nearest()
    {
        var busy = Somebody("a", 0, Queued(Level.S3, 600));
        Assert.Equal(["c", "b", "a"], Names(Nearest, Level.S2, busy, Somebody("b", 900), Somebody("c", 500)));
        Assert.Equal(["a", "b"], Names(Nearest, Level.S2, busy, Somebody("b", 900, Queued(Level.S3, 600))));
    }

    [Fact]
    public void The_balanced_order_goes_past_the_neighbour_who_is_busy_but_not_to_one_who_takes_longer_on_the_way()
    {
        Assert.Equal(["far", "near"], Names(Balanced, Level.S2, Somebody("near", 0, There(Level.S2, sinceMinutes: 5)), Somebody("far", 900)));
        Assert.Equal(["near", "far"], Names(Balanced, Level.S2, Somebody("near", 0, There(Level.S3, sinceMinutes: 29)), Somebody("far", 6_000)));
    }

    [Fact]
    public void What_is_more_urgent_is_expected_before_what_waits_but_not_before_what_is_under_way()
    {
        var waits = Weighed(Balanced, Level.S1, Somebody("a", 0, There(Level.S3, sinceMinutes: 29), Queued(Level.S3, 600)));
        Assert.Equal(30 + 3, waits.Arrives.TotalMinutes, 6);
        var underWay = Weighed(Balanced, Level.S1, Somebody("a", 0, Queued(Level.S3, 600)));
        Assert.Equal(3 + 30 + 3, underWay.Arrives.TotalMinutes, 6);
    }

    [Fact]
    public void Nobody_is_sent_first_whose_waiting_caller_would_then_be_too_late()
    {
        // Both would be there at once, but b has an S2 waiting that is just in time behind what is at hand.
        var tight = new OpenTask(Here, Level.S2, Now.AddMinutes(45), OnScene: false, Now);
        var loose = tight with { Due = Now.AddMinutes(600) };
        OpenTask[] Have(OpenTask waiting) => [There(Level.S2, sinceMinutes: 30), waiting];
        Assert.Equal(["b", "a"], Names(Balanced, Level.S1, Somebody("a", 0, Have(tight)), Somebody("b", 0, Have(loose))));
    }

    [Fact]
    public void Among_equals_goes_first_who_is_nearer_then_whose_team_has_taken_fewer_then_the_lower_code_however_they_are_listed()
    {
        Candidate[] all = [Somebody("b", 300), Somebody("a", 300), Somebody("c", 300) with { Taken = -1 }, Somebody("d", 0), Somebody("e", 0) with { Skilled = false }];
        Assert.Equal(["d", "c", "a", "b", "e"], Names(Balanced, Level.S2, all)); // what a lack of skill costs is worth more than 300 m
        Assert.Equal(Names(Balanced, Level.S2, all), Names(Balanced, Level.S2, [.. all.Reverse()]));
        Assert.Null(Choice.Best(new Matter(Here, Level.S2, Now.AddHours(1)), [], Balanced, Now));
    }

    [Fact]
    public void Only_who_is_on_duty_may_accept_and_is_not_recused_is_a_candidate()
    {
        var hidden = Story.Begins(Whistle(hide: true)).Call;
        var onDuty = new OnDuty([Worker(1), Property(1), Head(1), Police(2), Desk(1), StreetDesk]);
        Assert.Equal(["t1-worker1", "t2-police"], Of(hidden, [], onDuty).Select(c => c.Post.Id.Value).Order());
        Assert.Equal(["t1-property", "t1-worker1", "t2-police"], Of(Story.Begins(Whistle()).Call, [], onDuty).Select(c => c.Post.Id.Value).Order());
    }

    [Fact]
    public void What_rings_counts_with_whoever_of_its_team_has_least_in_hand_and_what_stands_still_with_nobody()
    {
        var onDuty = new OnDuty([Worker(1), Worker(1, 2), Police(1)]);
        var taken = Renamed(Story.Begins(Whistle("02")).IsAcceptedBy(Worker(1)).Call, 2);
        var ringing = Enumerable.Range(3, 2).Select(n => Renamed(Story.Begins(Whistle("02")).Call, n));
        var ofSomebodyOff = Renamed(Story.Begins(Whistle("02")).IsAcceptedBy(Worker(1, 3)).Call, 5);
        var suspended = taken with { No = new("WH-00000006"), Suspended = new Suspension(Now, Now.AddHours(1)) };
        var self = Story.Begins(Whistle("02")).Call;
        var loads = Of(self, [self, taken, .. ringing, ofSomebodyOff, suspended], onDuty).ToDictionary(c => c.Post.Id.Value, c => c.Tasks.Length);
        Assert.Equal([("t1-police", 2), ("t1-worker1", 1), ("t1-worker2", 1)], loads.Select(l => (l.Key, l.Value)).Order());
    }

    [Fact]
    public void A_skill_is_a_team_s_or_a_kind_of_post_s_and_where_nobody_has_one_nobody_lacks_it()
    {
        var map = new StreetMap("", "", Map.Communities, Map.Grids, [], [.. Map.Teams.Select(t => t.Code == Team(2) ? t with { Skills = ["05"] } : t)]);
        var onDuty = new OnDuty([Worker(1), Police(1), Worker(2)]);
        string[] Able(string category) => [.. Candidates.For(Story.Begins(Whistle(category)).Call, [], onDuty, new Ground(map), Balanced, _ => 0).Where(c => c.Skilled).Select(c => c.Post.Id.Value).Order()];
        Assert.Equal(["t2-worker1"], Able("05"));
        Assert.Equal(["t1-police"], Able("20"));
        Assert.Equal(["t1-police", "t1-worker1", "t2-worker1"], Able("13"));
    }

    private static readonly Site Here = new(0, 0);

    private static Candidate Somebody(string name, double metres, params OpenTask[] tasks) =>
        new(new Post(new(name), PostKind.GridWorker, C1, Team(1)), Team(1), new Site(metres, 0), OpenTask.InOrder(tasks), Skilled: true, 0);

    private static OpenTask There(Level level, int sinceMinutes) => new(Here, level, Now, OnScene: true, Now.AddMinutes(-sinceMinutes));

    private static OpenTask Queued(Level level, int dueMinutes) => new(Here, level, Now.AddMinutes(dueMinutes), OnScene: false, Now);

    private static string[] Names(ChoiceRules rules, Level level, params Candidate[] all) =>
        [.. Choice.Rank(new Matter(Here, level, Now.AddHours(1)), all, rules, Now).Select(w => w.Who.Post.Id.Value)];

    private static Weighed Weighed(ChoiceRules rules, Level level, Candidate who) => Choice.Rank(new Matter(Here, level, Now.AddHours(1)), [who], rules, Now)[0];

    private static ImmutableArray<Candidate> Of(WhistleCall call, IEnumerable<WhistleCall> others, OnDuty onDuty) => Candidates.For(call, others, onDuty, new Ground(Map), Balanced, _ => 0);

    private static WhistleCall Renamed(WhistleCall call, int n) => call with { No = new CallNo($"WH-0000000{n}") };
}
