using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>Why a team returns a case.</summary>
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

/// <summary>What the lead may ask the tier above. A petition never stops a clock.</summary>
public enum PetitionKind
{
    /// <summary>延期: once, by at most the original span.</summary>
    Extension,

    /// <summary>挂起: pauses the clocks, with a reason and an end.</summary>
    Suspension,

    /// <summary>不予受理: ends the case, with a reason for the caller.</summary>
    Decline,
}

/// <summary>Why the score should leave out a breach.</summary>
public enum ExemptionReason
{
    /// <summary>不可抗力: weather, disaster or a government order.</summary>
    ForceMajeure,

    /// <summary>外部原因: whoever had to act is neither the street's nor called by it.</summary>
    OutsideCause,

    /// <summary>来电人原因: the caller could not be reached, or asked for a later time.</summary>
    Caller,

    /// <summary>系统故障: the whistle did not arrive in time.</summary>
    System,
}

/// <summary>The outcome of phoning the caller (回访).</summary>
public enum CallbackResult
{
    /// <summary>接通.</summary>
    Reached,

    /// <summary>未接通.</summary>
    NoAnswer,

    /// <summary>拒访.</summary>
    Refused,
}

/// <summary>What a caller did to the number they left.</summary>
public enum PhoneChange
{
    /// <summary>改号码.</summary>
    Changed,

    /// <summary>删号码.</summary>
    Removed,
}

/// <summary>What can be asked of a case. The text that comes with a command is kept elsewhere, where it can be erased.</summary>
public abstract record CallCommand : IMatterCommand
{
    private CallCommand(Post? asker = null) => Asker = asker;

    /// <summary>Who asks; null for the caller, a link or a clock.</summary>
    public Post? Asker { get; }

    /// <summary>一应接单.</summary>
    public sealed record Accept(Post By) : CallCommand(By);

    /// <summary>二应到场.</summary>
    public sealed record Arrive(Post By) : CallCommand(By);

    /// <summary>三应办结.</summary>
    public sealed record Resolve(Post By) : CallCommand(By);

    /// <summary>A called party confirms that it got the call; null if by its link, without a post.</summary>
    public sealed record Acknowledge(Post? By, string Answer) : CallCommand(By)
    {
        /// <summary>When the party told the desk that records it; null if now.</summary>
        public DateTimeOffset? SaidAt { get; init; }
    }

    /// <summary>退单.</summary>
    public sealed record Return(Post By, ReturnReason Reason) : CallCommand(By);

    /// <summary>核查.</summary>
    public sealed record Verify(Post By, bool Passed) : CallCommand(By);

    /// <summary>评价, by the caller.</summary>
    public sealed record Evaluate(bool Solved, Satisfaction Satisfaction) : CallCommand
    {
        /// <summary>The post signed in on the device that uses the caller's code; null if none. A post may not rate its own work.</summary>
        public Post? SignedIn { get; init; }

        /// <summary>The joined whistle whose caller rates their own part; null for the case's own caller.</summary>
        public CallNo? Of { get; init; }
    }

    /// <summary>回访, by a desk. What the caller said counts as their evaluation.</summary>
    /// <param name="Solved">With <paramref name="Satisfaction"/>, what the caller said; null if nobody was reached.</param>
    public sealed record Callback(Post By, CallbackResult Result, bool? Solved, Satisfaction? Satisfaction) : CallCommand(By);

    /// <summary>The caller or someone on the case adds a note; its text is kept elsewhere.</summary>
    public sealed record Note(Post? By) : CallCommand(By)
    {
        /// <summary>The joined whistle whose caller writes; null for the case's own caller and for posts.</summary>
        public CallNo? Of { get; init; }

        /// <summary>What the caller did to their own number; null for a note.</summary>
        public PhoneChange? Phone { get; init; }
    }

    /// <summary>告诉来电人, by the lead or a desk: for everybody who reported it; the text is kept elsewhere.</summary>
    public sealed record TellCaller(Post By) : CallCommand(By);

    /// <summary>撤回, by the caller.</summary>
    public sealed record Withdraw : CallCommand;

    /// <summary>指派、改派, by a desk: rings this team and no other.</summary>
    public sealed record Designate(Post By, TeamCode Team) : CallCommand(By)
    {
        /// <summary>The designated team that the officer saw, empty for none: refused if another has been designated since. Null: whatever stands there is replaced.</summary>
        public string? Instead { get; init; }
    }

    /// <summary>更正 of category, level and grid; null leaves a value unchanged.</summary>
    public sealed record Correct(Post By, Category? Category, Level? Level, Grid? Grid) : CallCommand(By);

    /// <summary>街道吹哨、部门报到: calls one of the policy's parties to this case.</summary>
    public sealed record Summon(Post By, string Party) : CallCommand(By);

    /// <summary>A called party answers: through its link (null), or a desk records what it was told.</summary>
    public sealed record Attend(Post? By, string Answer) : CallCommand(By)
    {
        /// <summary>When the party told the desk that records it; null if now.</summary>
        public DateTimeOffset? SaidAt { get; init; }
    }

    /// <summary>A called party reports through its link that its part of the work is done.</summary>
    public sealed record Finish(string Answer) : CallCommand;

    /// <summary>不归我管: a party says through its link that this is not its matter. Its answer stays owed until a desk has dealt with that.</summary>
    public sealed record Disclaim(string Answer) : CallCommand;

    /// <summary>请邻队增援: calls another team to help. The lead keeps the case and its clocks.</summary>
    public sealed record CallHelp(Post By, TeamCode Team) : CallCommand(By);

    /// <summary>A team called to help comes, or cannot.</summary>
    public sealed record AnswerHelp(Post By, bool Comes) : CallCommand(By);

    /// <summary>The lead stops waiting for a called party.</summary>
    public sealed record Release(Post By, string Answer) : CallCommand(By);

    /// <summary>Petitions the tier above. <paramref name="Length"/> is the extension; <paramref name="Until"/> the end of the suspension.</summary>
    public sealed record Request(Post By, PetitionKind Kind, TimeSpan? Length = null, DateTimeOffset? Until = null) : CallCommand(By);

    /// <summary>The tier above grants or denies a petition.</summary>
    public sealed record Rule(Post By, PetitionKind Kind, bool Granted) : CallCommand(By);

    /// <summary>恢复: ends the suspension early.</summary>
    public sealed record Resume(Post By) : CallCommand(By);

    /// <summary>疑难: a desk gives the case the long limit, with a plan.</summary>
    public sealed record MarkDifficult(Post By) : CallCommand(By);

    /// <summary>上报: the city does what the street cannot, and has to answer by <paramref name="Due"/>.</summary>
    public sealed record HandUp(Post By, DateTimeOffset Due) : CallCommand(By)
    {
        /// <summary>The city's own number of the case, by which it is found again; null if there is none yet.</summary>
        public string? CityNo { get; init; }
    }

    /// <summary>并案: the case continues in another one about the same thing. Without a post it is the caller's own 我也遇到, sent with the whistle itself.</summary>
    public sealed record Merge(Post? By, CallNo Into) : CallCommand(By)
    {
        /// <summary>Who may not see the other case: from now on they may not see this one either, because it names the other.</summary>
        public Recusal Hidden { get; init; } = Recusal.None;
    }

    /// <summary>撤销并案.</summary>
    public sealed record Unmerge(Post By) : CallCommand(By);

    /// <summary>本人回避: the asker learns nothing more about this case.</summary>
    public sealed record Recuse(Post By) : CallCommand(By);

    /// <summary>回避 inherited from another case: the parent of this one, or the one it was merged into. Nobody requests it directly.</summary>
    /// <param name="By">Who caused the recusal there.</param>
    public sealed record Hide(PostId? By, Recusal More) : CallCommand;

    /// <summary>申请剔除 of one answer's breach, by whoever works on the case or by the community's desk.</summary>
    public sealed record AskExemption(Post By, string Answer, ExemptionReason Reason) : CallCommand(By);

    /// <summary>The street decides whether the breach is left out; never the one who asked.</summary>
    public sealed record RuleExemption(Post By, string Answer, bool Granted) : CallCommand(By);

    /// <summary>A desk has called 110, 119, 120 or 122, which software cannot do.</summary>
    public sealed record ConfirmEmergency(Post By, string Number) : CallCommand(By)
    {
        /// <summary>Police, fire, ambulance, traffic.</summary>
        public static readonly ImmutableArray<string> Numbers = ["110", "119", "120", "122"];
    }

    /// <summary>Opens a child case for the remaining work; <paramref name="Child"/> already has its number.</summary>
    public sealed record OpenChild(Post By, CallNo Child) : CallCommand(By);

    /// <summary>Another whistle about the same thing was merged into this case or, if it <paramref name="Leaves"/>, was taken out again.</summary>
    public sealed record Absorb(Post? By, CallNo Other, Level Level, bool Leaves) : CallCommand(By)
    {
        /// <summary>Who may not see the other case: from now on they may not see this one either, because it mentions the other.</summary>
        public Recusal Hidden { get; init; } = Recusal.None;

        /// <summary>Whether the other case is a drill: a drill never absorbs a real case, nor the reverse.</summary>
        public bool Drill { get; init; }

        /// <summary>Who recorded the other case: they count as a reporter of this one too. Null if a caller blew it.</summary>
        public PostId? Reporter { get; init; }

        /// <summary>Where the guides of the other case sit: they stay the contact of its caller.</summary>
        public ImmutableArray<GuideSeat> Guides { get => field.IsDefault ? [] : field; init; } = [];
    }

    /// <summary>The people on duty changed: rings newcomers, skips a tier that is now empty, and hands the cases of those who left to those who came.</summary>
    public sealed record ShiftChange : CallCommand;

    /// <summary>A clock's instant has passed. <paramref name="Seen"/> is the case's NextDue when the sweep found it due.</summary>
    public sealed record Lapse(DateTimeOffset Seen) : CallCommand, IMatterCommand
    {
        DateTimeOffset? IMatterCommand.Lapsed => Seen;
    }
}
