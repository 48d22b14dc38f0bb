using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What a kind decided on a command, in the terms of the ledger.</summary>
internal abstract record MatterDecision
{
    private MatterDecision() { }

    /// <param name="By">A post's id, a party, <see cref="JournalEntry.ByCaller"/> or <see cref="JournalEntry.ByClock"/>.</param>
    /// <param name="Answer">What it was about: an answer or a wait.</param>
    /// <param name="Due">If a clock acted: its instant.</param>
    public sealed record Moved(IMatter Matter, string What, string By, string? Answer, DateTimeOffset? Due, ImmutableArray<Detail> Detail) : MatterDecision;

    public sealed record Already : MatterDecision;

    public sealed record Refused(Refusal Why) : MatterDecision;
}

/// <summary>
/// What the ledger needs of a kind of matter: decide, catch up, card, notices, and how a row of it is written. Everything else, from the idempotency key to the
/// recusal of its dependents, is the ledger's and the same for all. A third kind needs a reason.
/// </summary>
internal abstract class MatterKind
{
    /// <summary>The name in the journal and on the wire.</summary>
    public abstract string Name { get; }

    /// <summary>The first letter of its numbers.</summary>
    public abstract char Letter { get; }

    /// <summary>The table of its matters. The desk reads <c>body</c> and <c>tracking</c> by <c>no</c>, sweep and auditor <c>next_due</c>.</summary>
    public abstract string Table { get; }

    /// <summary>The column of its table with the tracking code.</summary>
    public string TrackingColumn => field ??= $"{Table}.tracking";

    /// <summary>Where the auditor is among its matters: one row.</summary>
    public abstract string AuditorTable { get; }

    /// <summary>Further conditions on the rows of its table that this program understands.</summary>
    public virtual string Understood => string.Empty;

    public abstract IMatter Read(string body);

    public abstract void Save(DeskStore store, Held held, string card);

    /// <summary>The card as UTF-8 JSON.</summary>
    public abstract byte[] CardOf(IMatter matter);

    /// <summary>Opens the matter that a request asks for, and writes it.</summary>
    public abstract DeskReply Open(DeskBatch batch, DeskJob job);

    public abstract MatterDecision Decide(IMatter matter, IMatterCommand command, DeskWorld world);

    /// <summary>Applies every clock that fell due before now, in order.</summary>
    public abstract IReadOnlyList<MatterDecision.Moved> CatchUp(IMatter matter, DeskWorld world);

    /// <summary>The command of the sweep.</summary>
    public abstract IMatterCommand Lapse(DateTimeOffset seen);

    /// <summary>The command that hides a matter from more posts.</summary>
    public abstract IMatterCommand Hide(PostId? by, Recusal more);

    /// <summary>A command with what it needs to know of another matter.</summary>
    public virtual IMatterCommand Informed(IMatterCommand command, Func<CallNo, IMatter?> find) => command;

    /// <summary>The other matter that a command changes along with this one: it must move too, or neither does.</summary>
    public virtual (CallNo No, IMatterCommand Command)? Beside(IMatter matter, IMatterCommand command) => null;

    /// <summary>The words of a change as they are kept: with what only the desk knows.</summary>
    public virtual CallWords Kept(MatterDecision.Moved moved, CallWords words) => words;

    /// <summary>What another matter is told once this one has changed.</summary>
    public virtual (CallNo No, IMatterCommand Command)? Tells(IMatter? before, IMatter after) => null;

    /// <summary>The addresses at which notices are pointless after a change; an empty one stands for all.</summary>
    public abstract IEnumerable<string> NoLongerTold(IMatter before, IMatter after);

    /// <summary>The notices that a change causes.</summary>
    public abstract IEnumerable<Notice> Notices(Plan plan, IMatter? before, MatterDecision.Moved moved, DateTimeOffset now);
}

/// <summary>The kinds of matter that this program knows.</summary>
internal static class MatterKinds
{
    public static readonly WhistleKind Whistle = new();
    public static readonly ProcedureKind Procedure = new();

    public static readonly ImmutableArray<MatterKind> All = [Whistle, Procedure];

    /// <summary>The kind of a number. A number of no known kind is looked for among the whistles, and not found.</summary>
    public static MatterKind Of(string no)
    {
        foreach (var kind in All)
            if (no.Length > 0 && no[0] == kind.Letter) return kind;
        return Whistle;
    }
}
