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

    /// <summary>A caller whose whistle was joined has evaluated their own part; the case goes on waiting for its own caller.</summary>
    EvaluatedPart,

    /// <summary>The caller said it was not solved.</summary>
    Reopened,
    Noted,

    /// <summary>The shift changed and the case rings others.</summary>
    Rang,

    /// <summary>The shift ended and the case went on to who came, or up the ladder where nobody did.</summary>
    HandedOver,
    Withdrawn,
    Warned,
    Lapsed,
    DoubleLapsed,

    /// <summary>Nobody evaluated in time (未评价).</summary>
    Closed,

    /// <summary>回访 that reached nobody, or was refused.</summary>
    CalledBack,

    /// <summary>指派、改派.</summary>
    Designated,
    Corrected,

    /// <summary>A party was called (部门报到).</summary>
    Summoned,
    Attended,
    Released,
    Requested,
    Granted,
    Denied,
    Resumed,

    /// <summary>疑难.</summary>
    Difficult,
    HandedUp,
    Merged,
    Unmerged,

    /// <summary>Another whistle was merged into this case, or taken out of it.</summary>
    Joined,
    Parted,
    EmergencyConfirmed,
    ChildOpened,

    /// <summary>不予受理.</summary>
    Declined,

    /// <summary>本人回避.</summary>
    Recused,

    /// <summary>回避, with the case that this is a child of or was merged into.</summary>
    Hidden,

    /// <summary>申请剔除.</summary>
    ExemptionAsked,

    /// <summary>剔除: the answer's breach leaves the score.</summary>
    Exempted,
    ExemptionDenied,
}

/// <summary>One change, in codes only: no words, no person.</summary>
/// <param name="By">The post; null for the caller and for clocks.</param>
/// <param name="Answer">For a clock's act: the answer or wait that it is about.</param>
/// <param name="Due">For a clock's act: its instant.</param>
/// <param name="Detail">What went with it.</param>
public sealed record Happening(What What, PostId? By, string? Answer, DateTimeOffset? Due, ImmutableArray<Detail> Detail)
{
    public static Happening Of(What what, Post? by, params ImmutableArray<Detail> detail) => new(what, by?.Id, null, null, detail);

    public static Happening Clock(ClockAct act, string answer, DateTimeOffset due, ImmutableArray<Detail> detail) =>
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

    /// <summary>核查, 回访 and 评价 are for somebody who took no part.</summary>
    TookPart,

    /// <summary>核查 is for grid workers.</summary>
    NotGridWorker,

    NoSuchAnswer,

    /// <summary>The clock that seemed due has moved or has acted already.</summary>
    ClockMoved,

    /// <summary>A called party has not answered yet.</summary>
    AnswersOwed,

    /// <summary>A designated team hands back only what it has no power for, or what is unsafe.</summary>
    Designated,

    /// <summary>The post may not ask this of the case, or decide it.</summary>
    NotEntitled,

    /// <summary>No such team, or not one that this desk may send.</summary>
    UnknownTeam,

    /// <summary>The team has nobody on duty who could take it.</summary>
    NobodyOnDuty,

    UnknownParty,

    /// <summary>Asked already and not decided yet, or granted before.</summary>
    AlreadyRequested,

    NothingRequested,

    /// <summary>Longer than the rules allow, or an instant that has passed.</summary>
    OutOfBounds,

    /// <summary>The clock in question has lapsed: the breach stands.</summary>
    TooLate,

    /// <summary>The clocks stand still: resume first.</summary>
    Suspended,

    /// <summary>The other case is over, is merged itself, or is this one.</summary>
    CannotMerge,

    /// <summary>A correction that changes nothing.</summary>
    NothingToCorrect,

    /// <summary>The answer was given in time, or is not late yet: there is nothing to leave out.</summary>
    NotBreached,

    /// <summary>It was seen on the round (巡查上报): there is no caller who could evaluate.</summary>
    NoCaller,
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
