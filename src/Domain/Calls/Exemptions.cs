using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>
/// 剔除: excludes a breach that was nobody's fault from the score, never from the record. A team on the case or its community's
/// desk requests it with a reason; the street decides, once. It has no clock: until the decision, the breach counts.
/// </summary>
internal static class Exemptions
{
    public static Decision Ask(WhistleCall call, CallCommand.AskExemption command, Surroundings world)
    {
        var by = command.By;
        if (!call.Audience.Includes(by)) return Life.Refuse(Refusal.WrongTeam);
        if (by.Kind is PostKind.StreetDesk or PostKind.Leader or PostKind.BuildingHead || !(call.IsWorkedOnBy(by) || by.Kind == PostKind.CommunityDesk)) return Life.Refuse(Refusal.NotEntitled);
        if (!world.OnDuty.Contains(by.Id)) return Life.Refuse(Refusal.NotOnDuty);
        if (call.Answers.FirstOrDefault(a => a.Key == command.Answer && a.Kind is AnswerKind.Accept or AnswerKind.Arrive or AnswerKind.Resolve) is not { } answer) return Life.Refuse(Refusal.NoSuchAnswer);
        if (!answer.Clock.Breached) return Life.Refuse(Refusal.NotBreached);
        if (call.Exemptions.Any(e => e.Answer == answer.Key)) return Life.Refuse(Refusal.AlreadyRequested);
        var next = call with { Exemptions = call.Exemptions.Add(new Exemption(answer.Key, command.Reason, by.Id)), TookPart = Steps.With(call.TookPart, by) };
        return Life.Move(next, Happening.Of(What.ExemptionAsked, by, new Detail.OfAnswer(answer.Key), new Detail.ExemptFor(command.Reason)));
    }

    public static Decision Rule(WhistleCall call, CallCommand.RuleExemption command, Surroundings world)
    {
        var by = command.By;
        if (!call.Audience.Includes(by)) return Life.Refuse(Refusal.WrongTeam);
        if (by.Kind is not (PostKind.StreetDesk or PostKind.Leader)) return Life.Refuse(Refusal.NotEntitled);
        if (!world.OnDuty.Contains(by.Id)) return Life.Refuse(Refusal.NotOnDuty);
        if (call.Exemptions.FirstOrDefault(e => e.Answer == command.Answer && e.Granted is null) is not { } asked) return Life.Refuse(Refusal.NothingRequested);
        if (asked.By == by.Id) return Life.Refuse(Refusal.NotEntitled);
        var next = call with { Exemptions = call.Exemptions.Replace(asked, asked with { Granted = command.Granted }), TookPart = Steps.With(call.TookPart, by) };
        return Life.Move(next, Happening.Of(
            command.Granted ? What.Exempted : What.ExemptionDenied, by, new Detail.OfAnswer(asked.Answer), new Detail.ExemptFor(asked.Reason)));
    }
}
