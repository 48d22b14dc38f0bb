using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Matters;

/// <summary>事项: something owed by an instant, as the ledger sees it. The whistle is one kind; what a procedure describes is the other.</summary>
public interface IMatter
{
    /// <summary>Unique among all kinds.</summary>
    CallNo No { get; }

    /// <summary>The number of changes, from 1.</summary>
    int Version { get; }

    /// <summary>Empty for a matter of the whole street.</summary>
    CommunityCode Community { get; }

    /// <summary>Null for a matter of a community or of the street.</summary>
    GridCode? Grid { get; }

    DateTimeOffset OpenedAt { get; }

    /// <summary>It stands on boards, and its clocks run.</summary>
    bool IsOpen { get; }

    /// <summary>The next instant at which any of its clocks acts; null if none runs.</summary>
    DateTimeOffset? NextDue { get; }

    /// <summary>When what is owed now is or was due; null if nothing is.</summary>
    DateTimeOffset? BreachAt { get; }

    Audience Audience { get; }

    Recusal Recusal { get; }

    /// <summary>Matters that are hidden from everyone this one is hidden from.</summary>
    ImmutableArray<CallNo> Dependents { get; }
}

/// <summary>Something that is done to a matter of some kind.</summary>
public interface IMatterCommand
{
    /// <summary>The post that acts; null for people outside, clocks and other matters.</summary>
    Post? Asker { get; }

    /// <summary>For the command of a clock: the matter's NextDue when the sweep found it due. Null for any other command.</summary>
    DateTimeOffset? Lapsed => null;
}
