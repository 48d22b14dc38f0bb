using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>Whom a case may be pushed to, according to the contract. Pure.</summary>
internal static class PushRules
{
    public const string GridWorker = "gridWorker";
    public const string Property = "property";
    public const string Police = "police";
    private const string TeamRung = "team";
    private const string Help = "help";

    public static bool RecusesProperty(CallCard card) =>
        card.Category == Scenario.PropertyDispute || card.Flags.Contains(CallFlags.PropertyRecused);

    /// <summary>Why this card must not reach this team member; null if it may.</summary>
    public static string? WhyWrong(Me member, CallCard card)
    {
        if (member.PostKind == Property && RecusesProperty(card)) return "property staff are recused from it";
        if (member.Team is { } team && card.Teams.Contains(team)) return null;
        if (card.Answers.Any(a => a.Kind == Help && a.Party == member.Team && a.Released is not true)) return null; // called to help, or helping
        if (member.Community is null || member.Community != card.Community) return "it is of another team and community";
        if (card.State == CallStates.Resolved && member.PostKind == GridWorker) return null;
        return card.Rung == TeamRung ? "it is of another team and has not climbed" : null;
    }

    /// <summary>Only those on duty are called.</summary>
    public static bool RingsOffDuty(Me member, CallCard card) => !member.OnDuty && card.State == CallStates.Ringing;
}
