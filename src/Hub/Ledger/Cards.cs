using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Builds the card that watchers see: codes only, no text, no person, no post id.</summary>
internal static class Cards
{
    /// <summary>What is usually asked for of a clock, the shortest first.</summary>
    public static List<ExtensionView> ExtensionsOf(Clock clock, WorkCalendar calendar) => [.. clock.Extensions(calendar).Select(e => new ExtensionView(e.Hours, e.Due))];

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
        Source = Names.Camel(call.Source),
        CityNo = call.CityNo,
        State = Names.Of(call.State),
        Rung = Names.Camel(call.Rung),
        Teams = [.. call.Teams.Select(t => t.Value)],
        Lead = call.Lead is { } lead ? LeadOf(lead) : null,
        Answers = [.. call.Answers.Select(AnswerOf)],
        NextDue = call.NextDue,
        BreachAt = call.BreachAt,
        OpenedAt = call.OpenedAt,
        SuspendedUntil = call.Suspended?.Until,
        MergedInto = call.State is CallState.Merged merged ? merged.Into.Value : null,
        Parent = call.Parent?.Value,
        Others = call.Joined.Length > 0 ? call.Joined.Length : null,
        Guides = call.GuideTeams is { IsEmpty: false } guides ? [.. guides.Select(t => t.Value)] : null,
        CallerNotes = call.CallerNotes > 0 ? call.CallerNotes : null,
        Petitions = PetitionsOf(call) is { Count: > 0 } asked ? asked : null,
    };

    /// <summary>首问: the post that guides the caller from start to end, never the person; the community's desk if that post may not see the case.</summary>
    public static LeadCard GuideOf(WhistleCall call, Roster roster) => roster.FindPost(call.Guide?.Value) is { } post && call.Audience.Includes(post)
        ? new LeadCard(post.Team?.Value, Names.Camel(post.Kind), post.Community?.Value)
        : LeadOf(new Lead.OfCommunity(call.Community));

    private static List<string> PetitionsOf(WhistleCall call) =>
        [.. call.Petitions.Select(p => Names.Camel(p.Kind)), .. call.Exemptions.Any(e => e.Granted is null) ? new[] { "exemption" } : []];

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
        Released = answer.Released ? true : null,
        DoneAt = answer.Done,
        Disclaimed = answer.Disclaimed ? true : null,
    };

    private static List<string> Flags(WhistleCall call)
    {
        var flags = new List<string>();
        if (call.Danger) flags.Add(CallFlags.Danger);
        if (call.Drill) flags.Add(CallFlags.Drill);
        if (call.Recusal.Property) flags.Add(CallFlags.PropertyRecused);
        if (call.Supervised) flags.Add(CallFlags.Supervised);
        if (call.Reopened + call.Rejected > 0) flags.Add(CallFlags.Reopened);
        if (call.Designated is not null) flags.Add(CallFlags.Designated);
        if (call.Suspended is not null) flags.Add(CallFlags.Suspended);
        if (call.Extended is not null) flags.Add(CallFlags.Extended);
        if (call.Difficult) flags.Add(CallFlags.Difficult);
        if (call.Parent is not null) flags.Add(CallFlags.Child);
        if (!call.Joined.IsEmpty) flags.Add(CallFlags.Joined);
        if (PetitionsOf(call).Count > 0) flags.Add(CallFlags.Asked);
        if (call.NobodyOnDuty) flags.Add(CallFlags.NobodyOnDuty);
        return flags;
    }
}
