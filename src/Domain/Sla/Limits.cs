namespace DispatchCenter.Domain.Sla;

/// <summary>The time limits of a case's answers: the policy's limits at its level, and the standard that applies, if any.</summary>
public static class Limits
{
    /// <summary>
    /// The clock of one answer required from <paramref name="from"/>. A standard's limit replaces the policy's for 办结. No other
    /// answer may be due after 办结: one that would be, compared by instant because the kinds of clock differ, runs on the clock of 办结.
    /// A standard never gives S1 more time: its 办结 means making the place safe, and the repair covered by the standard is a child case.
    /// </summary>
    public static Clock Start(WorkCalendar calendar, DateTimeOffset from, Policy policy, Level level, AnswerRule owed, AppliedStandard? standard)
    {
        var own = Of(policy.Limit(level, owed.Key));
        if (standard is null) return own;
        var resolve = Of(standard.Within);
        if (level == Level.S1 && Of(policy.Limit(level, policy.Pack.Single(rule => rule.Kind == AnswerKind.Resolve).Key)) is var safe && resolve.Due > safe.Due) resolve = safe;
        return owed.Kind == AnswerKind.Resolve || own.Due > resolve.Due ? resolve : own;

        Clock Of(Span span) => Clock.Start(calendar, from, span, policy.WarnFraction);
    }
}
