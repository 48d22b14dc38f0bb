using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>What happened to a case in one change.</summary>
public enum What
{
    Whistled,
    Accepted,
    Arrived,
    Resolved,
    Acknowledged,
    Returned,
    Verified,

    /// <summary>核查 did not pass.</summary>
    Rejected,

    /// <summary>The caller evaluated and the case closed.</summary>
    Evaluated,

    /// <summary>The caller said it was not solved.</summary>
    Reopened,
    Noted,
    Withdrawn,
    Warned,
    Lapsed,
    DoubleLapsed,

    /// <summary>Nobody evaluated in time (未评价).</summary>
    Closed,
}

/// <summary>One change, in codes only: no words, no person.</summary>
/// <param name="By">The post; null for the caller and for clocks.</param>
/// <param name="Answer">For a clock's act: the answer or wait that it is about.</param>
/// <param name="Due">For a clock's act: its instant.</param>
/// <param name="Detail">What went with it: climbed:community, skipped:team, reason:noPower, overtaken, …</param>
public sealed record Happening(What What, PostId? By, string? Answer, DateTimeOffset? Due, ImmutableArray<string> Detail)
{
    public static Happening Of(What what, Post? by, params ImmutableArray<string> detail) => new(what, by?.Id, null, null, detail);

    public static Happening Clock(ClockAct act, string answer, DateTimeOffset due, ImmutableArray<string> detail) =>
        new(act switch
        {
            ClockAct.Warn => What.Warned,
            ClockAct.Lapse => What.Lapsed,
            ClockAct.DoubleLapse => What.DoubleLapsed,
            _ => throw new ArgumentOutOfRangeException(nameof(act), act, null),
        }, null, answer, due, detail);
}

/// <summary>Why a command is refused; nothing has changed then.</summary>
public enum Refusal
{
    /// <summary>No such case, or one that is hidden from the asker (回避).</summary>
    NotFound,

    /// <summary>Somebody else has it: the reply names team and post.</summary>
    AlreadyAccepted,

    /// <summary>The case is not at that step.</summary>
    OutOfTurn,

    /// <summary>Closed or withdrawn.</summary>
    Over,

    /// <summary>The asker's team or desk has nothing to do with the case.</summary>
    WrongTeam,

    NotOnDuty,

    /// <summary>A volunteer (楼长) may not take a case nor answer for the lead.</summary>
    MayNotAccept,

    /// <summary>核查 is for somebody who took no part.</summary>
    TookPart,

    /// <summary>核查 is for grid workers.</summary>
    NotGridWorker,

    NoSuchAnswer,

    /// <summary>The clock that seemed due has moved or has acted already.</summary>
    ClockMoved,

    /// <summary>A called party has not answered yet.</summary>
    AnswersOwed,
}

/// <summary>The outcome of asking a case something.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>The case changed.</summary>
    public sealed record Moved(WhistleCall Call, Happening Happening) : Decision;

    /// <summary>The asker had done just this before: nothing to do, and no fault.</summary>
    public sealed record Already : Decision;

    public sealed record Refused(Refusal Why) : Decision;
}
