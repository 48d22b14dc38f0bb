using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>Who is handling the case.</summary>
[JsonDerivedType(typeof(OfTeam), "team")]
[JsonDerivedType(typeof(OfCommunity), "community")]
[JsonDerivedType(typeof(OfStreet), "street")]
public abstract record Lead
{
    private Lead() { }

    /// <summary>A team, through the post that tapped 接单 first.</summary>
    public sealed record OfTeam(TeamCode Team, CommunityCode Community, PostKind Kind, PostId Post) : Lead;

    /// <summary>The community's desk.</summary>
    public sealed record OfCommunity(CommunityCode Community) : Lead;

    /// <summary>The street's desk.</summary>
    public sealed record OfStreet : Lead;
}

/// <summary>How a closed case ended.</summary>
[JsonDerivedType(typeof(Rated), "rated")]
[JsonDerivedType(typeof(Unrated), "unrated")]
public abstract record Ending
{
    private Ending() { }

    /// <summary>The caller said it is solved.</summary>
    public sealed record Rated(Satisfaction Satisfaction) : Ending;

    /// <summary>未评价: the caller did not answer in time; never counted as satisfied.</summary>
    public sealed record Unrated : Ending;
}

/// <summary>The caller's verdict.</summary>
public enum Satisfaction
{
    /// <summary>满意.</summary>
    Satisfied,

    /// <summary>基本满意.</summary>
    MostlySatisfied,

    /// <summary>不满意.</summary>
    Dissatisfied,
}

/// <summary>The state of a case; each state carries exactly the data that hold in it.</summary>
[JsonDerivedType(typeof(Ringing), "ringing")]
[JsonDerivedType(typeof(Accepted), "accepted")]
[JsonDerivedType(typeof(OnScene), "onScene")]
[JsonDerivedType(typeof(Resolved), "resolved")]
[JsonDerivedType(typeof(Verified), "verified")]
[JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
[JsonDerivedType(typeof(HandedUp), "handedUp")]
[JsonDerivedType(typeof(Merged), "merged")]
[JsonDerivedType(typeof(Declined), "declined")]
public abstract record CallState
{
    private static readonly FrozenSet<string> NamesOfEnded =
        typeof(CallState).GetCustomAttributes<JsonDerivedTypeAttribute>().Where(state => state.DerivedType.IsAssignableTo(typeof(Ended))).Select(state => (string)state.TypeDiscriminator!).ToFrozenSet();

    private CallState() { }

    /// <summary>The names, in the journal and on the wire, of the states that are <see cref="Ended"/>.</summary>
    public static IEnumerable<string> EndedNames => NamesOfEnded.Order(StringComparer.Ordinal);

    /// <summary>Whether the state with this name in the journal or on the wire is <see cref="Ended"/>.</summary>
    public static bool HasEnded(string name) => NamesOfEnded.Contains(name);

    /// <summary>The case moves no further on its own: it is over, or continues in another one. None of its clocks run, and boards drop it.</summary>
    public abstract record Ended : CallState;

    /// <summary>It is ringing; nobody has accepted it.</summary>
    public sealed record Ringing : CallState;

    /// <summary>一应: accepted.</summary>
    public sealed record Accepted(Lead Lead) : CallState;

    /// <summary>二应: someone is on the scene.</summary>
    public sealed record OnScene(Lead Lead) : CallState;

    /// <summary>三应: resolved, awaiting 核查 by a grid worker who took no part.</summary>
    public sealed record Resolved(Lead Lead, Clock Verify) : CallState;

    /// <summary>Verified, awaiting the caller's evaluation.</summary>
    public sealed record Verified(Lead Lead, Clock Evaluate) : CallState;

    /// <summary>Over.</summary>
    public sealed record Closed(Lead Lead, Ending Ending) : Ended;

    /// <summary>Over: the caller withdrew it.</summary>
    public sealed record Withdrawn : Ended;

    /// <summary>上报: referred to the city, awaiting its answer.</summary>
    public sealed record HandedUp(Lead Lead, Clock Outside) : CallState;

    /// <summary>并案: continues in another case. None of its clocks run; if taken out again, it returns to the state before.</summary>
    public sealed record Merged(CallNo Into, CallState Before) : Ended;

    /// <summary>Over: 不予受理, approved by a second person.</summary>
    public sealed record Declined : Ended;
}
