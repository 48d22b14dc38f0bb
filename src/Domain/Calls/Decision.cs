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

    /// <summary>核查 failed.</summary>
    Rejected,

    /// <summary>The caller evaluated and the case closed.</summary>
    Evaluated,

    /// <summary>The caller of a joined whistle evaluated their own part; the case still waits for its own caller.</summary>
    EvaluatedPart,

    /// <summary>The caller said the problem was not solved.</summary>
    Reopened,
    Noted,

    /// <summary>告诉来电人.</summary>
    ToldCaller,

    /// <summary>The shift changed and the case rings others.</summary>
    Rang,

    /// <summary>The shift ended: the case went to those who came on duty, or up the ladder if nobody did.</summary>
    HandedOver,
    Withdrawn,
    Warned,
    Lapsed,
    DoubleLapsed,

    /// <summary>Nobody evaluated in time (未评价).</summary>
    Closed,

    /// <summary>回访 that was not answered, or was refused.</summary>
    CalledBack,

    /// <summary>指派、改派.</summary>
    Designated,
    Corrected,

    /// <summary>A party was called (部门报到).</summary>
    Summoned,
    Attended,

    /// <summary>请邻队增援.</summary>
    HelpCalled,
    HelpComes,

    /// <summary>The team called to help cannot come.</summary>
    HelpDeclined,

    /// <summary>A called party has done its part of the work.</summary>
    Finished,

    /// <summary>A party says that this is not its matter (不归我管).</summary>
    Disclaimed,
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

    /// <summary>Another whistle was merged into this case or taken out of it.</summary>
    Joined,
    Parted,
    EmergencyConfirmed,
    ChildOpened,

    /// <summary>不予受理.</summary>
    Declined,

    /// <summary>本人回避.</summary>
    Recused,

    /// <summary>回避 inherited from the parent case or from the case this one was merged into.</summary>
    Hidden,

    /// <summary>申请剔除.</summary>
    ExemptionAsked,

    /// <summary>剔除: the score leaves out the answer's breach.</summary>
    Exempted,
    ExemptionDenied,
}

/// <summary>One change, in codes only: no free text, no person.</summary>
/// <param name="By">The post; null for the caller and for clocks.</param>
/// <param name="Answer">If a clock acted: the answer or wait it acted on.</param>
/// <param name="Due">If a clock acted: its instant.</param>
/// <param name="Detail">What accompanied it.</param>
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

/// <summary>Why a command was refused; a refusal changes nothing.</summary>
public enum Refusal
{
    /// <summary>No such case, or one that is hidden from the asker (回避).</summary>
    NotFound,

    /// <summary>Someone else accepted it first: the reply names team and post.</summary>
    AlreadyAccepted,

    /// <summary>The case is not at that step.</summary>
    OutOfTurn,

    /// <summary>Closed or withdrawn.</summary>
    Over,

    /// <summary>The asker's team or desk is not involved in the case.</summary>
    WrongTeam,

    NotOnDuty,

    /// <summary>A volunteer (楼长) may neither accept a case nor answer for the lead.</summary>
    MayNotAccept,

    /// <summary>核查, 回访 and 评价 are reserved for people who took no part.</summary>
    TookPart,

    /// <summary>核查 is reserved for grid workers.</summary>
    NotGridWorker,

    NoSuchAnswer,

    /// <summary>The clock that looked due has moved or has already acted.</summary>
    ClockMoved,

    /// <summary>A called party has not answered yet.</summary>
    AnswersOwed,

    /// <summary>A designated team may return a case only for lack of authority or for safety.</summary>
    Designated,

    /// <summary>The post may not request or decide this.</summary>
    NotEntitled,

    /// <summary>No such team, or not one this desk may send.</summary>
    UnknownTeam,

    /// <summary>Nobody on duty in the team could accept it.</summary>
    NobodyOnDuty,

    UnknownParty,

    /// <summary>Already requested and not yet decided, or granted before.</summary>
    AlreadyRequested,

    NothingRequested,

    /// <summary>Longer than the rules allow, or an instant in the past.</summary>
    OutOfBounds,

    /// <summary>The clock has lapsed: the breach stands.</summary>
    TooLate,

    /// <summary>The clocks are paused: resume first.</summary>
    Suspended,

    /// <summary>The other case is over, is itself merged, or is this one.</summary>
    CannotMerge,

    /// <summary>Another officer has designated a team that this one had not seen yet.</summary>
    DesignatedMeanwhile,

    /// <summary>The correction changes nothing.</summary>
    NothingToCorrect,

    /// <summary>The answer was on time or is not late yet, so there is no breach to leave out.</summary>
    NotBreached,

    /// <summary>Seen on patrol (巡查上报): there is no caller to evaluate it.</summary>
    NoCaller,

    /// <summary>Enough others have answered, or the stage is over.</summary>
    AlreadyAnswered,
}

/// <summary>The outcome of a command.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>The case changed.</summary>
    public sealed record Moved(WhistleCall Call, Happening Happening) : Decision;

    /// <summary>The asker had already done exactly this: nothing to do, and no error.</summary>
    public sealed record Already : Decision;

    public sealed record Refused(Refusal Why) : Decision;
}
