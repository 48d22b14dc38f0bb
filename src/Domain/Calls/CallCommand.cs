using DispatchCenter.Domain.Duty;

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

/// <summary>What can be asked of a case. Words that come with a command are kept elsewhere: they are erasable.</summary>
public abstract record CallCommand
{
    private CallCommand() { }

    /// <summary>一应接单.</summary>
    public sealed record Accept(Post By) : CallCommand;

    /// <summary>二应到场.</summary>
    public sealed record Arrive(Post By) : CallCommand;

    /// <summary>三应办结.</summary>
    public sealed record Resolve(Post By) : CallCommand;

    /// <summary>A called party has heard.</summary>
    public sealed record Acknowledge(Post By, string Answer) : CallCommand;

    /// <summary>退单.</summary>
    public sealed record Return(Post By, ReturnReason Reason) : CallCommand;

    /// <summary>核查.</summary>
    public sealed record Verify(Post By, bool Passed) : CallCommand;

    /// <summary>评价, by the caller.</summary>
    public sealed record Evaluate(bool Solved, Satisfaction Satisfaction) : CallCommand;

    /// <summary>The caller, or somebody on the case, adds words; the words themselves are kept elsewhere.</summary>
    public sealed record Note(Post? By) : CallCommand;

    /// <summary>撤回, by the caller.</summary>
    public sealed record Withdraw : CallCommand;

    /// <summary>A clock's instant has passed. <paramref name="Seen"/> is the case's NextDue when it was found due.</summary>
    public sealed record Lapse(DateTimeOffset Seen) : CallCommand;
}
