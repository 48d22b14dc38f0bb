using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Matters;

/// <summary>Who acts: the holder of a post, or somebody outside with a link.</summary>
public abstract record Actor
{
    private Actor() { }

    public abstract Respondent As { get; }

    public sealed record OfPost(Post Post) : Actor
    {
        public override Respondent As => new Respondent.OfPost(Post.Id);
    }

    /// <summary>The person the matter is for, or a party.</summary>
    public sealed record Outside(Respondent Who) : Actor
    {
        public override Respondent As => Who;
    }
}

/// <summary>A request to open a matter, already checked against the street.</summary>
/// <param name="Grid">For a procedure at a grid; otherwise null.</param>
/// <param name="Community">For a procedure at a grid or a community; otherwise null.</param>
public sealed record Opening(CallNo No, Post By, CommunityCode? Community, GridCode? Grid, Origin Origin)
{
    public CallNo? Parent { get; init; }

    public bool Drill { get; init; }

    /// <summary>What its parent is hidden from.</summary>
    public Recusal Hidden { get; init; } = Recusal.None;

    /// <summary>The posts chosen for asks.</summary>
    public ImmutableDictionary<string, ImmutableArray<PostId>> Chosen { get; init; } = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty;
}

/// <summary>Something that is done to a matter.</summary>
public abstract record ProceedingCommand : IMatterCommand
{
    private ProceedingCommand() { }

    /// <summary>The post that acts; null for clocks, other matters and people outside.</summary>
    public virtual Post? Asker => null;

    /// <summary>An answer that is owed.</summary>
    /// <param name="Says">An outcome of the stage; yes, no or abstain; pass or fail; or item, for one more item.</param>
    /// <param name="HasWords">Something was written with it: if it comes too late, it is kept.</param>
    public sealed record Answer(Actor By, string Owed, string Says, bool HasWords = false) : ProceedingCommand
    {
        public override Post? Asker => (By as Actor.OfPost)?.Post;
    }

    /// <summary>Chooses who is asked: for an answer owed now, or for an ask to come whose role is chosen.</summary>
    public sealed record Choose(Post By, string Key, ImmutableArray<PostId> Posts) : ProceedingCommand
    {
        public override Post? Asker => By;
    }

    /// <summary>Asks the tier above for more time or a pause.</summary>
    public sealed record Plead(Post By, PetitionKind Kind, TimeSpan? Length = null, DateTimeOffset? Until = null) : ProceedingCommand
    {
        public override Post? Asker => By;
    }

    public sealed record Rule(Post By, PetitionKind Kind, bool Granted) : ProceedingCommand
    {
        public override Post? Asker => By;
    }

    /// <summary>Ends a pause early.</summary>
    public sealed record Resume(Post By) : ProceedingCommand
    {
        public override Post? Asker => By;
    }

    /// <summary>Withdrawn by the person it is for, or cancelled by who opened it or a desk.</summary>
    public sealed record Cancel(Actor By) : ProceedingCommand
    {
        public override Post? Asker => (By as Actor.OfPost)?.Post;
    }

    public sealed record Note(Actor By) : ProceedingCommand
    {
        public override Post? Asker => (By as Actor.OfPost)?.Post;
    }

    /// <summary>Opens a matter out of this one; it already has its number.</summary>
    public sealed record OpenChild(Post By, CallNo Child) : ProceedingCommand
    {
        public override Post? Asker => By;
    }

    public sealed record ChildEnded(CallNo Child, string Outcome) : ProceedingCommand;

    /// <summary>本人回避.</summary>
    public sealed record Recuse(Post By) : ProceedingCommand
    {
        public override Post? Asker => By;
    }

    /// <summary>回避 inherited from its parent.</summary>
    public sealed record Hide(PostId? By, Recusal More) : ProceedingCommand;

    /// <summary>A clock's instant has passed. <paramref name="Seen"/> is the matter's NextDue when the sweep found it due.</summary>
    public sealed record Lapse(DateTimeOffset Seen) : ProceedingCommand, IMatterCommand
    {
        DateTimeOffset? IMatterCommand.Lapsed => Seen;
    }
}

/// <summary>The context of a decision.</summary>
/// <param name="Now">UTC, whole milliseconds.</param>
/// <param name="Policy">The version at the matter's opening.</param>
/// <param name="Held">Every post that somebody holds, on duty or not.</param>
public sealed record MatterWorld(DateTimeOffset Now, Procedure Procedure, Policy Policy, WorkCalendar Calendar, StreetMap Map, OnDuty OnDuty, IReadOnlyCollection<Post> Held);

/// <summary>What happened to a matter in one change.</summary>
public enum MatterWhat
{
    Opened,
    Answered,
    ItemTaken,
    Late,
    Warned,
    Lapsed,
    DoubleLapsed,
    Chosen,
    Requested,
    Granted,
    Denied,
    Resumed,
    Cancelled,
    Noted,
    ChildOpened,
    ChildEnded,
    Recused,
    Hidden,
}

/// <summary>One change of a matter: codes only.</summary>
/// <param name="By">Who acted; null for a clock or another matter.</param>
/// <param name="Answer">The owed answer or the clock it was about.</param>
/// <param name="Due">If a clock acted: its instant.</param>
public sealed record Change(MatterWhat What, Respondent? By, string? Answer, DateTimeOffset? Due, ImmutableArray<Fact> Facts);

/// <summary>The outcome of a command on a matter.</summary>
public abstract record Step
{
    private Step() { }

    public sealed record Moved(Proceeding Matter, Change Change) : Step;

    /// <summary>The asker had already done exactly this: no error.</summary>
    public sealed record Already : Step;

    public sealed record Refused(Refusal Why) : Step;
}
