namespace DispatchCenter.Domain.Sla;

/// <summary>How long the answers of a case may take: the policy's limits at its level, and the standard that it is under, if any.</summary>
public static class Limits
{
    /// <summary>
    /// The clock of one answer that is owed from <paramref name="from"/> on. A standard's limit takes the place of the policy's for 办结. No
    /// other answer is then due after 办结: one that would be, by its instant, for the kinds of clock differ, runs on the clock of 办结.
    /// A standard never gives S1 longer: its 办结 is to make the place safe, and the repair that a standard is about is a child case.
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
