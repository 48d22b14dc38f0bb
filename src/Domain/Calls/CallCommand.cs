using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>Why a team hands a case back.</summary>
public enum ReturnReason
{
    /// <summary>无职权: always allowed.</summary>
    NoPower,

    /// <summary>不安全: always allowed.</summary>
    Unsafe,

    /// <summary>地点不对.</summary>
    WrongPlace,

    /// <summary>其他.</summary>
    Other,
}

/// <summary>What the one who has a case may ask a tier above. A request never stops a clock.</summary>
public enum PetitionKind
{
    /// <summary>延期: once, at most the original span.</summary>
    Extension,

    /// <summary>挂起: the clocks stop, with a reason and an end.</summary>
    Suspension,

    /// <summary>不予受理: the case ends, with a reason for the caller.</summary>
    Decline,
}

/// <summary>Why a breach is to be left out of the score.</summary>
public enum ExemptionReason
{
    /// <summary>不可抗力: weather, disaster, an order of the state.</summary>
    ForceMajeure,

    /// <summary>外部原因: who had to act is neither the street's nor called by it.</summary>
    OutsideCause,

    /// <summary>来电人原因: not reached, or asked for a later hour.</summary>
    Caller,

    /// <summary>系统故障: the whistle did not come through in time.</summary>
    System,
}

/// <summary>What came of calling the caller back (回访).</summary>
public enum CallbackResult
{
    /// <summary>接通.</summary>
    Reached,

    /// <summary>未接通.</summary>
    NoAnswer,

    /// <summary>拒访.</summary>
    Refused,
}

/// <summary>What can be asked of a case. Words that come with a command are kept elsewhere: they are erasable.</summary>
public abstract record CallCommand
{
    private CallCommand(Post? asker = null) => Asker = asker;

    /// <summary>Who asks; null for the caller, for a link and for clocks.</summary>
    public Post? Asker { get; }

    /// <summary>一应接单.</summary>
    public sealed record Accept(Post By) : CallCommand(By);

    /// <summary>二应到场.</summary>
    public sealed record Arrive(Post By) : CallCommand(By);

    /// <summary>三应办结.</summary>
    public sealed record Resolve(Post By) : CallCommand(By);

    /// <summary>A called party has heard; by its link (null) where it has no post.</summary>
    public sealed record Acknowledge(Post? By, string Answer) : CallCommand(By);

    /// <summary>退单.</summary>
    public sealed record Return(Post By, ReturnReason Reason) : CallCommand(By);

    /// <summary>核查.</summary>
    public sealed record Verify(Post By, bool Passed) : CallCommand(By);

    /// <summary>评价, by the caller.</summary>
    public sealed record Evaluate(bool Solved, Satisfaction Satisfaction) : CallCommand
    {
        /// <summary>The post that is signed in where the caller's code is used; null where nobody is. It does not rate its own work.</summary>
        public Post? SignedIn { get; init; }

        /// <summary>The joined whistle whose caller says it of their own part; null for the case's own caller.</summary>
        public CallNo? Of { get; init; }
    }

    /// <summary>回访, by a desk. What the caller said counts as their evaluation.</summary>
    /// <param name="Solved">With <paramref name="Satisfaction"/>, what the caller said; null where nobody was reached.</param>
    public sealed record Callback(Post By, CallbackResult Result, bool? Solved, Satisfaction? Satisfaction) : CallCommand(By);

    /// <summary>The caller, or somebody on the case, adds words; the words themselves are kept elsewhere.</summary>
    public sealed record Note(Post? By) : CallCommand(By)
    {
        /// <summary>The joined whistle whose caller writes; null for the case's own caller and for posts.</summary>
        public CallNo? Of { get; init; }
    }

    /// <summary>撤回, by the caller.</summary>
    public sealed record Withdraw : CallCommand;

    /// <summary>指派、改派, by a desk: this team and no other is rung.</summary>
    public sealed record Designate(Post By, TeamCode Team) : CallCommand(By);

    /// <summary>更正 of what, how urgent and where; null stays as it is.</summary>
    public sealed record Correct(Post By, Category? Category, Level? Level, Grid? Grid) : CallCommand(By);

    /// <summary>街道吹哨、部门报到: calls a party of the policy to this case.</summary>
    public sealed record Summon(Post By, string Party) : CallCommand(By);

    /// <summary>A called party answers: by its link (null), or a desk writes down what it was told.</summary>
    public sealed record Attend(Post? By, string Answer) : CallCommand(By);

    /// <summary>The lead waits no longer for a called party.</summary>
    public sealed record Release(Post By, string Answer) : CallCommand(By);

    /// <summary>Asks the tier above. <paramref name="Length"/> is the extension; <paramref name="Until"/> the end of the suspension.</summary>
    public sealed record Request(Post By, PetitionKind Kind, TimeSpan? Length = null, DateTimeOffset? Until = null) : CallCommand(By);

    /// <summary>The tier above grants or denies.</summary>
    public sealed record Rule(Post By, PetitionKind Kind, bool Granted) : CallCommand(By);

    /// <summary>恢复: the suspension ends before its time.</summary>
    public sealed record Resume(Post By) : CallCommand(By);

    /// <summary>疑难: a desk gives it the long limit, with a plan.</summary>
    public sealed record MarkDifficult(Post By) : CallCommand(By);

    /// <summary>上报: the city does what the street cannot, and is to be heard of by <paramref name="Due"/>.</summary>
    public sealed record HandUp(Post By, DateTimeOffset Due) : CallCommand(By);

    /// <summary>并案: it goes on in another case about the same thing. Without a post it is the caller's own 我也遇到, with the whistle itself.</summary>
    public sealed record Merge(Post? By, CallNo Into) : CallCommand(By)
    {
        /// <summary>Who may not see the other case: from now on not this one either, which names it.</summary>
        public Recusal Hidden { get; init; } = Recusal.None;
    }

    /// <summary>撤销并案.</summary>
    public sealed record Unmerge(Post By) : CallCommand(By);

    /// <summary>本人回避: whoever asks learns nothing more of this case.</summary>
    public sealed record Recuse(Post By) : CallCommand(By);

    /// <summary>回避 that comes with another case: with the one that this is a child of, or was merged into. Nobody asks for it by itself.</summary>
    /// <param name="By">Who did there what hides it.</param>
    public sealed record Hide(PostId? By, Recusal More) : CallCommand;

    /// <summary>申请剔除 of one answer's breach, by who works on it or the community's desk.</summary>
    public sealed record AskExemption(Post By, string Answer, ExemptionReason Reason) : CallCommand(By);

    /// <summary>The street says whether it is left out; never who asked.</summary>
    public sealed record RuleExemption(Post By, string Answer, bool Granted) : CallCommand(By);

    /// <summary>A desk has called 110, 119, 120 or 122: software cannot.</summary>
    public sealed record ConfirmEmergency(Post By, string Number) : CallCommand(By)
    {
        /// <summary>Police, fire, ambulance, traffic.</summary>
        public static readonly ImmutableArray<string> Numbers = ["110", "119", "120", "122"];
    }

    /// <summary>A child case for what is left to do; <paramref name="Child"/> has its number already.</summary>
    public sealed record OpenChild(Post By, CallNo Child) : CallCommand(By);

    /// <summary>Another whistle about the same thing has been merged into this case, or, where it <paramref name="Leaves"/>, has been taken out again.</summary>
    public sealed record Absorb(Post? By, CallNo Other, Level Level, bool Leaves) : CallCommand(By)
    {
        /// <summary>Who may not see the other case: from now on not this one either, which tells of it.</summary>
        public Recusal Hidden { get; init; } = Recusal.None;

        /// <summary>Whether the other is an exercise: one never takes a real case in, nor the other way about.</summary>
        public bool Drill { get; init; }

        /// <summary>Who wrote the other down: they have reported this matter too. Null where a caller did.</summary>
        public PostId? Reporter { get; init; }
    }

    /// <summary>Others are on duty now: whoever came is rung, a tier that has emptied is skipped at once, and what somebody had in hand who has left goes on to who came.</summary>
    public sealed record ShiftChange : CallCommand;

    /// <summary>A clock's instant has passed. <paramref name="Seen"/> is the case's NextDue when it was found due.</summary>
    public sealed record Lapse(DateTimeOffset Seen) : CallCommand;
}
