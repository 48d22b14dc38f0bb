using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>What a post may do to a case now: each command is tried, so that a page never offers what the case would refuse.</summary>
public static class Offers
{
    /// <summary>The names of the commands, as the API knows them, in the order in which a page offers them.</summary>
    public static IEnumerable<string> To(WhistleCall call, Post by, Surroundings world) =>
        Tried(call, by, world).Where(t => t.Command is not null && Life.Decide(call, t.Command, world) is Decision.Moved).Select(t => t.Name).Distinct();

    /// <summary>The keys of the parties' answers that a post may give: its own, and for a desk those of the listed parties, which it writes down.</summary>
    public static IEnumerable<string> Acknowledgeable(WhistleCall call, Post by, Surroundings world) =>
        call.Answers.Where(a => a is { Kind: AnswerKind.Acknowledge, IsOwed: true }).Select(a => a.Key).Where(key => Life.Decide(call, new CallCommand.Acknowledge(by, key), world) is Decision.Moved);

    /// <summary>The keys of the answers that a post may wait for no longer.</summary>
    public static IEnumerable<string> Releasable(WhistleCall call, Post by, Surroundings world) =>
        call.Answers.Where(a => a is { Kind: AnswerKind.Acknowledge or AnswerKind.Attend, IsOwed: true }).Select(a => a.Key).Where(key => Life.Decide(call, new CallCommand.Release(by, key), world) is Decision.Moved);

    private static IEnumerable<(string Name, CallCommand? Command)> Tried(WhistleCall call, Post by, Surroundings world)
    {
        yield return ("accept", new CallCommand.Accept(by));
        yield return ("arrive", new CallCommand.Arrive(by));
        yield return ("resolve", new CallCommand.Resolve(by));
        yield return ("return", new CallCommand.Return(by, ReturnReason.NoPower));
        foreach (var answer in Acknowledgeable(call, by, world)) yield return ("acknowledge", new CallCommand.Acknowledge(by, answer));
        yield return ("verify", new CallCommand.Verify(by, Passed: true));
        yield return ("callback", new CallCommand.Callback(by, CallbackResult.NoAnswer, null, null));
        yield return ("summon", world.Policy.Parties.FirstOrDefault(p => !call.Answers.Any(a => a.Party == p.Code && a.IsOwed)) is { } party ? new CallCommand.Summon(by, party.Code) : null);
        var called = call.Answers.FirstOrDefault(a => a is { Kind: AnswerKind.Attend, IsOwed: true });
        yield return ("attend", called is null ? null : new CallCommand.Attend(by, called.Key));
        foreach (var answer in Releasable(call, by, world)) yield return ("release", new CallCommand.Release(by, answer));
        yield return ("designate", world.Map.Teams.FirstOrDefault(t => (t.Community == call.Community || by.Kind == PostKind.StreetDesk) && t.Code != (call.Lead as Lead.OfTeam)?.Team && t.Code != call.Designated
            && world.OnDuty.CanAnswer(t.Code, call.Recusal)) is { } team ? new CallCommand.Designate(by, team.Code) : null);
        yield return ("correct", new CallCommand.Correct(by, null, call.Level == Level.S3 ? Level.S2 : Level.S3, null));
        yield return ("requestExtension", new CallCommand.Request(by, PetitionKind.Extension, Length: TimeSpan.FromMinutes(1)));
        yield return ("requestSuspension", new CallCommand.Request(by, PetitionKind.Suspension, Until: world.Now.AddDays(1)));
        yield return ("requestDecline", new CallCommand.Request(by, PetitionKind.Decline));
        foreach (var petition in call.Petitions) yield return ($"rule{petition.Kind}", new CallCommand.Rule(by, petition.Kind, Granted: false));
        yield return ("resume", new CallCommand.Resume(by));
        yield return ("difficult", new CallCommand.MarkDifficult(by));
        yield return ("handUp", new CallCommand.HandUp(by, world.Now.AddDays(1)));
        yield return ("merge", new CallCommand.Merge(by, Nowhere));
        yield return ("unmerge", new CallCommand.Unmerge(by));
        yield return ("child", new CallCommand.OpenChild(by, Nowhere));
        yield return ("emergency", Orders.EmergencyNumbers.FirstOrDefault(n => !call.Emergency.Contains(n)) is { } number ? new CallCommand.ConfirmEmergency(by, number) : null);
        yield return ("requestExemption", call.Answers.FirstOrDefault(a => a.Kind is AnswerKind.Accept or AnswerKind.Arrive or AnswerKind.Resolve && a.Clock.Breached && !call.Exemptions.Any(e => e.Answer == a.Key)) is { } late
            ? new CallCommand.AskExemption(by, late.Key, ExemptionReason.OutsideCause) : null);
        yield return ("ruleExemption", call.Exemptions.FirstOrDefault(e => e.Granted is null) is { } exemption ? new CallCommand.RuleExemption(by, exemption.Answer, Granted: false) : null);
        yield return ("recuse", new CallCommand.Recuse(by));
        yield return ("note", new CallCommand.Note(by));
    }

    private static readonly CallNo Nowhere = new("W000000-00000");
}
