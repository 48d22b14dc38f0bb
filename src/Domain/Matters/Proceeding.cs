using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Matters;

/// <summary>Where the request for a matter came from.</summary>
public enum Origin
{
    Counter,
    Phone,

    /// <summary>From a whistle or another matter, whose number is its parent.</summary>
    Case,

    /// <summary>Somebody of the staff opened it themselves.</summary>
    Staff,
}

/// <summary>One answer that was given.</summary>
/// <param name="Ask">The ask of the procedure.</param>
/// <param name="By">A post, a party or the caller.</param>
/// <param name="For">In whose place: the respondent that was asked.</param>
/// <param name="Says">An outcome; yes, no or abstain; pass or fail.</param>
public sealed record Given(string Ask, Respondent By, Respondent For, string Says, DateTimeOffset At);

/// <summary>Something handed over with a receipt, such as a paper. What it is stands in erasable text.</summary>
/// <param name="Number">From 1 within the matter.</param>
public sealed record Item(int Number, string Ask, Respondent By, DateTimeOffset At)
{
    public DateTimeOffset? ReturnedAt { get; init; }
}

/// <summary>One answer owed in the current stage, by some of those who are asked.</summary>
/// <param name="Key">Unique in the matter: the ask, the round of the stage from the second on, and the item.</param>
/// <param name="Asked">Who is asked; each answers once.</param>
/// <param name="Need">How many answers suffice.</param>
public sealed record Owed(string Key, string Ask, ImmutableArray<Respondent> Asked, int Need)
{
    /// <summary>The item to give back; null unless the ask is owed for each item.</summary>
    public int? Item { get; init; }

    public ImmutableArray<Given> Answers { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Those who were asked before others were asked in their place.</summary>
    public ImmutableArray<Respondent> Replaced { get => field.IsDefault ? [] : field; init; } = [];

    [JsonIgnore]
    public IEnumerable<Respondent> EverAsked => Asked.Concat(Replaced);

    [JsonIgnore]
    public bool IsMet => Answers.Count(a => a.Says != Proceedings.Fail) >= Need;

    /// <summary>Those who were asked and have not answered.</summary>
    [JsonIgnore]
    public IEnumerable<Respondent> Silent => Asked.Where(asked => !Answers.Any(given => given.For == asked));
}

/// <summary>A visit to a stage.</summary>
/// <param name="Round">How often the matter has been in this stage, from 1.</param>
/// <param name="Clock">Null if the stage has no limit.</param>
public sealed record Visit(string Stage, int Round, DateTimeOffset At, Clock? Clock, ImmutableArray<Owed> Owed)
{
    public bool Extended { get; init; }

    /// <summary>When it ends, whoever has answered; null if only answers and its clock end it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>叫应: those who are asked are rung until each has answered.</summary>
    public bool Rings { get; init; }
}

/// <summary>A visit that is over.</summary>
/// <param name="Outcome">What ended it.</param>
/// <param name="Asked">Who was asked, by the key of what they owed: their late answers are still recorded.</param>
public sealed record Past(string Stage, int Round, DateTimeOffset From, DateTimeOffset To, string Outcome, bool Late, ImmutableDictionary<string, ImmutableArray<Respondent>> Asked);

/// <summary>A request for more time or for a pause, with the clock of its decision.</summary>
/// <param name="Rank">The tier of the asker; the one above decides.</param>
public sealed record Plea(PetitionKind Kind, PostId By, Rung Rank, TimeSpan? Length, DateTimeOffset? Until, Clock Clock)
{
    [JsonIgnore]
    public string Key => $"decide{Kind}";
}

/// <summary>A matter opened out of this one.</summary>
/// <param name="Outcome">Null while it is open.</param>
public sealed record Child(CallNo No, string? Outcome);

/// <summary>
/// One matter that follows a <see cref="Procedure"/>. Immutable; the fold of its <see cref="Fact"/>s, which the journal keeps; only <see cref="Proceedings"/> makes them.
/// All times are UTC. It holds codes only: what people write stands in separate, erasable tables.
/// </summary>
public sealed record Proceeding : IMatter
{
    /// <summary>Visits to stages of one matter; after that it can only move towards its end.</summary>
    public const int MaxVisits = 200;

    public const int MaxItems = 50;

    public const int MaxChildren = 50;

    public required CallNo No { get; init; }

    public int Version { get; init; }

    public required string Procedure { get; init; }

    public required int ProcedureVersion { get; init; }

    /// <summary>The policy at its opening: hours and parties.</summary>
    public required int PolicyVersion { get; init; }

    public required CommunityCode Community { get; init; }

    public GridCode? Grid { get; init; }

    /// <summary>The teams of its grid at its opening.</summary>
    public ImmutableArray<TeamCode> Teams { get; init; } = [];

    public required Origin Origin { get; init; }

    /// <summary>Who opened it.</summary>
    public required PostId Starter { get; init; }

    public CallNo? Parent { get; init; }

    public bool Drill { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required Recusal Recusal { get; init; }

    /// <summary>Of the current stage.</summary>
    public required Visibility Visibility { get; init; }

    /// <summary>Null once it has ended.</summary>
    public Visit? Visit { get; init; }

    /// <summary>How it ended; null while it is open.</summary>
    public string? Outcome { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It is on its way to its end because somebody cancelled it.</summary>
    public bool Cancelled { get; init; }

    /// <summary>How it had ended before a late paper opened it once more, only to be given back; null otherwise.</summary>
    public string? Closing { get; init; }

    public ImmutableArray<Past> Before { get; init; } = [];

    /// <summary>Every answer of earlier visits.</summary>
    public ImmutableArray<Given> Given { get; init; } = [];

    public ImmutableArray<Item> Items { get; init; } = [];

    /// <summary>The posts chosen for asks to come.</summary>
    public ImmutableDictionary<string, ImmutableArray<PostId>> Chosen { get; init; } = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty;

    /// <summary>The clock of the promise; null without one.</summary>
    public Clock? Promise { get; init; }

    public DateTimeOffset? PromiseKept { get; init; }

    public Suspension? Suspended { get; init; }

    public ImmutableArray<Pause> Pauses { get; init; } = [];

    public ImmutableArray<Plea> Pleas { get; init; } = [];

    public ImmutableArray<Child> Children { get; init; } = [];

    public Rung Rung { get; init; }

    /// <summary>The top of the ladder was reached with nobody on duty.</summary>
    public bool NobodyOnDuty { get; init; }

    /// <summary>How often the person it is for, or a party, has written.</summary>
    public int CallerNotes { get; init; }

    [JsonIgnore]
    public bool IsOpen => Visit is not null;

    [JsonIgnore]
    public ImmutableArray<CallNo> Dependents => [.. Children.Select(c => c.No)];

    [JsonIgnore]
    public DateTimeOffset? NextDue => Pending()?.At;

    [JsonIgnore]
    public DateTimeOffset? BreachAt => Visit is null ? null : Suspended?.Until ?? Earlier(Visit.Clock?.Due, IsPromiseRunning ? Promise!.Due : null);

    /// <summary>Whatever the outcome of its stage, it ends there: it is cancelled, or had ended before.</summary>
    [JsonIgnore]
    public bool IsOnItsWayOut => Cancelled || Closing is not null;

    /// <summary>Until it is kept, or the matter is cancelled or ends.</summary>
    [JsonIgnore]
    public bool IsPromiseRunning => Promise is not null && PromiseKept is null && IsOpen && !IsOnItsWayOut;

    /// <summary>Everyone who is asked, or was; who opened it; and the desks it has climbed to.</summary>
    [JsonIgnore]
    public Audience Audience => new(Community, Visibility == Visibility.Sealed ? [] : Teams, false, Recusal)
    {
        Sealed = Visibility == Visibility.Sealed,
        Everyone = Visibility == Visibility.Public,
        Asked =
        [
            .. new[] { (Respondent)new Respondent.OfPost(Starter) }
                .Concat(Visit?.Owed.SelectMany(o => o.EverAsked) ?? []).Concat(Before.SelectMany(b => b.Asked.Values).SelectMany(a => a))
                .Concat(Rung >= Rung.Community ? [new Respondent.OfKind(PostKind.CommunityDesk, new Area.OfCommunity(Community))] : [])
                .Concat(Rung == Rung.Street || !Pleas.IsEmpty ? [new Respondent.OfKind(PostKind.StreetDesk, new Area.OfStreet())] : [])
                .Where(a => a is Respondent.OfKind or Respondent.OfPost).Distinct(),
        ],
    };

    /// <summary>
    /// Whoever is waited for now: those who have not answered, the desks it has climbed to, and the desks that a request waits for. Their inboxes show it.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<Respondent> Awaited => (Visit?.Owed ?? []).Where(o => !o.IsMet).SelectMany(o => o.Silent)
        .Concat(Rung >= Rung.Community ? [new Respondent.OfKind(PostKind.CommunityDesk, new Area.OfCommunity(Community))] : [])
        .Concat(Rung == Rung.Street || Pleas.Any(p => p.Rank > Rung.Team || p.Clock.Breached) ? [new Respondent.OfKind(PostKind.StreetDesk, new Area.OfStreet())] : [])
        .Concat(Pleas.Any(p => p.Rank == Rung.Team) ? [new Respondent.OfKind(PostKind.CommunityDesk, new Area.OfCommunity(Community))] : []).Distinct();

    /// <summary>Whether it has climbed to the desk of this post.</summary>
    public bool HasClimbedTo(Post post) =>
        IsOpen && !Recusal.Covers(post) && ((post.Kind == PostKind.StreetDesk && Rung == Rung.Street) || (post.Kind == PostKind.CommunityDesk && post.Community == Community && Rung >= Rung.Community));

    /// <summary>What is owed by the holder of a post now: asked, not answered, and not hidden from them.</summary>
    public IEnumerable<Owed> OwedBy(Post post) =>
        Visit is null || Recusal.Covers(post) ? [] : Visit.Owed.Where(o => !o.IsMet && o.Silent.Any(a => a.Admits(post)) && !o.Answers.Any(g => IsBy(g, post)));

    internal static bool IsBy(Given given, Post post) => given.By is Respondent.OfPost by && by.Admits(post);

    /// <summary>The earliest act among the running clocks; on a tie the stage before the promise before its end before requests.</summary>
    internal (string Key, ClockAct Act, DateTimeOffset At)? Pending()
    {
        if (Visit is null) return null;
        (string Key, ClockAct Act, DateTimeOffset At)? first = null;
        void Consider(string key, ClockAct act, DateTimeOffset at)
        {
            if (first is null || at < first.Value.At) first = (key, act, at);
        }

        if (Suspended is { } pause) Consider(Proceedings.PauseKey, ClockAct.Lapse, pause.Until);
        else
        {
            if (Visit.Clock?.Next is { } stage) Consider(Proceedings.StageKey, stage.Act, stage.At);
            if (IsPromiseRunning && Promise!.Next is { } promise) Consider(Proceedings.PromiseKey, promise.Act, promise.At);
        }

        if (Visit.Until is { } until) Consider(Proceedings.UntilKey, ClockAct.Lapse, until);

        foreach (var plea in Pleas)
            if (plea.Clock.Next is { } decision) Consider(plea.Key, decision.Act, decision.At);
        return first;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
