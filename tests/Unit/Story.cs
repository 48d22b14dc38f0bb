using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Unit;

/// <summary>Tells the life of one case as the desk would live it: before anything happens, the clocks catch up.</summary>
internal sealed class Story
{
    private Story(DateTimeOffset now, Policy policy, OnDuty onDuty) => (Now, Policy, OnDuty) = (now, policy, onDuty);

    public DateTimeOffset Now { get; private set; }

    public Policy Policy { get; }

    public OnDuty OnDuty { get; private set; }

    public WhistleCall Call { get; private set; } = null!;

    /// <summary>All that has happened, oldest first.</summary>
    public List<Happening> Journal { get; } = [];

    /// <summary>The posts that somebody holds.</summary>
    public IReadOnlyCollection<Post> Held { get; private set; } = TestStreet.Everybody;

    public Surroundings World => new(Now, Policy, TestStreet.Calendar, TestStreet.Map, OnDuty) { Held = Held };

    /// <summary>A whistle at an instant on the wall, by default Monday 2 November 2026 at nine, with everybody on duty.</summary>
    public static Story Begins(Whistle whistle, IEnumerable<Post>? onDuty = null, string at = "2026-11-02 09:00", Policy? policy = null)
    {
        var story = new Story(TestStreet.At(at), policy ?? TestStreet.DefaultPolicy, new OnDuty(onDuty ?? TestStreet.Everybody));
        story.Take(Life.Open(whistle, story.World));
        return story;
    }

    /// <summary>Time passes, and every clock that fell due before the new instant acts.</summary>
    public Story Passes(TimeSpan span) => Reaches(Now + span);

    public Story Reaches(DateTimeOffset instant)
    {
        Now = instant;
        foreach (var move in Life.CatchUp(Call, World)) Take(move);
        return this;
    }

    /// <summary>To the instant itself, at which the answer is still on time.</summary>
    public Story ReachesDueOf(string answer) => Reaches(Answer(answer).Clock.Due);

    /// <summary>To the first millisecond past the limit.</summary>
    public Story ReachesLapseOf(string answer) => Reaches(Answer(answer).Clock.Due.AddMilliseconds(1));

    /// <summary>To the first millisecond past twice the limit.</summary>
    public Story ReachesDoubleLapseOf(string answer) => Reaches(Answer(answer).Clock.DoubleAt.AddMilliseconds(1));

    public Story ShiftChangesTo(params IEnumerable<Post> posts)
    {
        OnDuty = new OnDuty(posts);
        return this;
    }

    /// <summary>These posts are held by nobody any more.</summary>
    public Story Loses(params IEnumerable<Post> posts)
    {
        Held = [.. Held.ExceptBy(posts.Select(p => p.Id), p => p.Id)];
        OnDuty = new OnDuty(OnDuty.Posts.ExceptBy(posts.Select(p => p.Id), p => p.Id));
        return this;
    }

    public Decision Asks(CallCommand command)
    {
        Reaches(Now);
        var decision = Life.Decide(Call, command, World);
        if (decision is Decision.Moved moved) Take(moved);
        return decision;
    }

    /// <summary>Does something that has to succeed.</summary>
    public Story Does(CallCommand command)
    {
        Assert.IsType<Decision.Moved>(Asks(command));
        return this;
    }

    public void IsRefused(CallCommand command, Refusal why)
    {
        var before = Call;
        Assert.Equal(new Decision.Refused(why), Asks(command));
        Assert.Same(before, Call);
    }

    public Answer Answer(string key) => Call.Answers.Single(a => a.Key == key);

    public Happening Last(What what) => Journal.Last(h => h.What == what);

    public string[] LastDetail => Details.Texts(Journal[^1].Detail);

    public CallState State => Call.State;

    public Story IsAcceptedBy(Post by) => Does(new CallCommand.Accept(by));

    public Story IsOnSceneWith(Post by) => IsAcceptedBy(by).Does(new CallCommand.Arrive(by));

    public Story IsResolvedBy(Post by) => IsOnSceneWith(by).Does(new CallCommand.Resolve(by));

    public Story IsVerified(Post lead, Post verifier) => IsResolvedBy(lead).Does(new CallCommand.Verify(verifier, Passed: true));

    private void Take(Decision.Moved moved)
    {
        Call = moved.Call;
        Journal.Add(moved.Happening);
    }
}
