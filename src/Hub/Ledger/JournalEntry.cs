using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Hub.Ledger;

/// <summary>One committed change on its way from the desk to the watchers: codes only. The card is serialized once.</summary>
public sealed record JournalEntry
{
    public required long Seq { get; init; }

    /// <summary>The kind of matter: <see cref="Whistle"/>, or another, perhaps one that this program does not know.</summary>
    public string Kind { get; init; } = Whistle;

    /// <summary>The matter's number.</summary>
    public required string CallNo { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A post's id, <see cref="ByCaller"/> or <see cref="ByClock"/>.</summary>
    public required string By { get; init; }

    public required string What { get; init; }

    public string? Answer { get; init; }

    public DateTimeOffset? Due { get; init; }

    public required ImmutableArray<Detail> Detail { get; init; }

    /// <summary>Who may see the case after the change.</summary>
    public required Audience Audience { get; init; }

    /// <summary>Who could see it before: they learn that it is gone. Same as <see cref="Audience"/> if nothing changed.</summary>
    public required Audience Before { get; init; }

    /// <summary>The card as UTF-8 JSON.</summary>
    public required byte[] Card { get; init; }

    /// <summary>The trace it belongs to, on the node that committed it; neither stored nor sent.</summary>
    public System.Diagnostics.ActivityContext Trace { get; init; }

    /// <summary>Those it rang get a last look at the card when someone accepts it: it tells them which team and post won.</summary>
    public bool LastLook => What == "accepted";

    /// <summary>Whether it is about a whistle; other kinds travel beside them, for clients that know of them.</summary>
    public bool IsWhistle => Kind == Whistle;

    public const string Whistle = "whistle";
    public const string ByCaller = "caller";
    public const string ByClock = "clock";
}

/// <summary>The seam between the desk and every node's watchers. In-process here; with Redis, entries from other nodes arrive too.</summary>
public interface IFeedBus
{
    /// <summary>Called after the commit, in commit order; must return at once and must not throw.</summary>
    void Publish(IReadOnlyList<JournalEntry> entries);
}
