using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Kernel;

/// <summary>二次验证: what the street asks of its accounts beside a password.</summary>
public enum SecondFactorPolicy
{
    /// <summary>Nobody can turn one on, and none is asked for; those that are in force wait.</summary>
    Off,

    /// <summary>Whoever has turned one on is asked for it.</summary>
    Offered,

    /// <summary>Administrators, auditors and leaders see nothing but the page for it until they have one; others as with <see cref="Offered"/>.</summary>
    Required,
}

/// <summary>Whom the policy applies to.</summary>
public static class SecondFactorPolicies
{
    /// <summary>Whether an account must set up its second factor before anything else.</summary>
    public static bool IsOwedBy(this SecondFactorPolicy policy, Staff who) =>
        policy == SecondFactorPolicy.Required && !who.HasSecondFactor && who.Role is Role.Admin or Role.Auditor or Role.Leader;
}
