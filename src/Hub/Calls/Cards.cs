using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Hub.Calls;

/// <summary>Makes the card that watchers see: codes only, no words, no person, no post id.</summary>
internal static class Cards
{
    public static CallCard Of(WhistleCall call) => new()
    {
        CallNo = call.No.Value,
        Version = call.Version,
        Category = call.Category,
        Level = call.Level.ToString(),
        Flags = Flags(call),
        Community = call.Community.Value,
        Grid = call.Grid.Value,
        Station = call.Station?.Value,
        State = Names.Of(call.State),
        Rung = Names.Camel(call.Rung),
        Teams = [.. call.Teams.Select(t => t.Value)],
        Lead = call.Lead is { } lead ? LeadOf(lead) : null,
        Answers = [.. call.Answers.Select(AnswerOf)],
        NextDue = call.NextDue,
        BreachAt = call.BreachAt,
        OpenedAt = call.OpenedAt,
    };

    public static LeadCard LeadOf(Lead lead) => lead switch
    {
        Lead.OfTeam l => new LeadCard(l.Team.Value, Names.Camel(l.Kind), l.Community.Value),
        Lead.OfCommunity l => new LeadCard(null, Names.Camel(PostKind.CommunityDesk), l.Community.Value),
        Lead.OfStreet => new LeadCard(null, Names.Camel(PostKind.StreetDesk), null),
        _ => throw new ArgumentOutOfRangeException(nameof(lead), lead, null),
    };

    private static AnswerCard AnswerOf(Answer answer) => new()
    {
        Key = answer.Key,
        Kind = Names.Camel(answer.Kind),
        Party = answer.Party,
        From = answer.Clock.From,
        Due = answer.Clock.Due,
        Met = answer.Met is not null,
        MetAt = answer.Met?.At,
        Breached = answer.Clock.Breached,
        Required = answer.Required,
    };

    private static List<string> Flags(WhistleCall call)
    {
        var flags = new List<string>();
        if (call.Danger) flags.Add(CallFlags.Danger);
        if (call.Drill) flags.Add(CallFlags.Drill);
        if (call.Recusal.Property) flags.Add(CallFlags.PropertyRecused);
        if (call.Supervised) flags.Add(CallFlags.Supervised);
        if (call.Reopened + call.Rejected > 0) flags.Add(CallFlags.Reopened);
        if (call.NobodyOnDuty) flags.Add(CallFlags.NobodyOnDuty);
        return flags;
    }
}
