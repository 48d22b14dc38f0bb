using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Unit.Matters;

/// <summary>Tells the life of one matter as the desk would live it: before anything happens, the clocks catch up. After every move its facts must fold into it.</summary>
internal sealed class MatterStory
{
    private readonly Procedure _procedure;
    private readonly Policy _policy;

    private MatterStory(DateTimeOffset now, Procedure procedure, Policy policy, OnDuty onDuty, ImmutableArray<Post> held) =>
        (Now, _procedure, _policy, OnDuty, Held) = (now, procedure, policy, onDuty, held);

    public DateTimeOffset Now { get; private set; }

    public OnDuty OnDuty { get; private set; }

    public ImmutableArray<Post> Held { get; }

    public Proceeding Matter { get; private set; } = null!;

    /// <summary>All that has happened, oldest first.</summary>
    public List<Change> Journal { get; } = [];

    public IEnumerable<Fact> Facts => Journal.SelectMany(c => c.Facts);

    public MatterWorld World => new(Now, _procedure, _policy, TestStreet.Calendar, TestStreet.Map, OnDuty, Held);

    /// <summary>Opened at grid g1 by its first grid worker, by default on Monday 2 November 2026 at nine, with everybody on duty.</summary>
    public static MatterStory Begins(
        Procedure procedure, Post? by = null, string at = "2026-11-02 09:00", string? grid = "g1", IEnumerable<Post>? held = null, IEnumerable<Post>? onDuty = null,
        ImmutableDictionary<string, ImmutableArray<PostId>>? chosen = null)
    {
        ImmutableArray<Post> posts = [.. held ?? TestStreet.Everybody];
        var story = new MatterStory(TestStreet.At(at), procedure, TestStreet.DefaultPolicy, new OnDuty(onDuty ?? posts), posts);
        GridCode? place = grid is null || procedure.Place != PlaceKind.Grid ? null : new(grid);
        CommunityCode? community = procedure.Place == PlaceKind.Street ? null : place is null ? TestStreet.C1 : TestStreet.Map.FindGrid(grid!)!.Community;
        var opening = new Opening(new("MT-00000001"), by ?? TestStreet.Worker(1), community, place, Origin.Staff) { Chosen = chosen ?? ImmutableDictionary<string, ImmutableArray<PostId>>.Empty };
        story.Take(Proceedings.Open(opening, story.World));
        return story;
    }

    /// <summary>Time passes, and every clock that fell due before the new instant acts.</summary>
    public MatterStory Passes(TimeSpan span) => Reaches(Now + span);

    public MatterStory Reaches(string wall) => Reaches(TestStreet.At(wall));

    public MatterStory Reaches(DateTimeOffset instant)
    {
        Now = instant;
        foreach (var move in Proceedings.CatchUp(Matter, World)) Take(move);
        return this;
    }

    public MatterStory ShiftChangesTo(params IEnumerable<Post> posts)
    {
        OnDuty = new OnDuty(posts);
        return this;
    }

    public Step Asks(ProceedingCommand command)
    {
        Reaches(Now);
        var step = Proceedings.Decide(Matter, command, World);
        if (step is Step.Moved moved) Take(moved);
        return step;
    }

    /// <summary>Does something that has to succeed.</summary>
    public MatterStory Does(ProceedingCommand command)
    {
        Assert.IsType<Step.Moved>(Asks(command));
        return this;
    }

    public MatterStory IsRefused(ProceedingCommand command, Refusal why)
    {
        Reaches(Now);
        var before = Matter;
        Assert.Equal(new Step.Refused(why), Asks(command));
        Assert.Same(before, Matter);
        return this;
    }

    public MatterStory Gives(Post by, string owed, string says = Outcomes.Done) => Does(Answer(by, owed, says));

    public MatterStory Gives(Respondent outside, string owed, string says = Outcomes.Done) => Does(new ProceedingCommand.Answer(new Actor.Outside(outside), owed, says));

    /// <summary>The same answer by several posts, one after another.</summary>
    public MatterStory AllGive(string owed, string says, params IEnumerable<Post> posts)
    {
        foreach (var post in posts) Gives(post, owed, says);
        return this;
    }

    public static ProceedingCommand.Answer Answer(Post by, string owed, string says = Outcomes.Done, bool words = false) => new(new Actor.OfPost(by), owed, says, words);

    public string? Stage => Matter.Visit?.Stage;

    public Owed Owed(string key) => Matter.Visit!.Owed.Single(o => o.Key == key);

    public Clock Clock => Matter.Visit!.Clock!;

    /// <summary>Who is asked for something owed, as text.</summary>
    public string[] Asked(string key) => [.. Owed(key).Asked.Select(a => a.ToString()!)];

    private void Take(Step.Moved moved)
    {
        Matter = moved.Matter;
        Journal.Add(moved.Change);
        Assert.Equal(Journal.Count, Matter.Version);
        Assert.Equal(MatterText.Of(Matter), MatterText.Of(Journal.Aggregate((Proceeding?)null, (matter, change) => matter.After(change.Facts))!));
    }
}
