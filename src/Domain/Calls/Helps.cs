using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>
/// 请邻队增援: a neighbour team helps, and the lead keeps the case. Its word is one more answer of the case, which nothing waits for but whose clock climbs; while it helps, it
/// reads the case and does nothing in the lead's place.
/// </summary>
internal static class Helps
{
    /// <summary>At most this many calls for help per case.</summary>
    public const int Limit = 6;

    public const string Prefix = "help-";

    /// <summary>By the lead, or the desk of the community or street. A team of another community is the street's to call.</summary>
    public static Decision Call(WhistleCall call, CallCommand.CallHelp command, Surroundings world)
    {
        if (Summons.Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.Suspended is not null) return Life.Refuse(Refusal.Suspended);
        if (world.Map.FindTeam(command.Team.Value) is not { } team || call.Teams.Contains(team.Code)) return Life.Refuse(Refusal.UnknownTeam);
        if (command.By.Kind != PostKind.StreetDesk && team.Community != call.Community) return Life.Refuse(Refusal.UnknownTeam);
        if (call.Helpers.Contains(team.Code)) return new Decision.Already();
        if (call.Answers.Count(a => a.Kind == AnswerKind.Help) >= Limit) return Life.Refuse(Refusal.OutOfBounds);
        if (!world.OnDuty.CanAnswer(team.Code, call.Recusal)) return Life.Refuse(Refusal.NobodyOnDuty);
        var key = Enumerable.Range(1, call.Answers.Length + 1).Select(nth => nth == 1 ? $"{Prefix}{team.Code}" : $"{Prefix}{team.Code}-{nth}").First(free => call.Answers.All(a => a.Key != free));
        var clock = Clock.Start(world.Calendar, world.Now, world.Policy.Limit(call.Level, world.Policy.Pack.First(a => a.Kind == AnswerKind.Accept).Key), world.Policy.WarnFraction);
        var next = call with
        {
            Answers = call.Answers.Add(new Answer(key, AnswerKind.Help, team.Code.Value, Required: false, clock, null)),
            Abroad = call.Abroad || team.Community != call.Community,
            TookPart = Steps.With(call.TookPart, command.By),
        };
        return Life.Move(next, Happening.Of(What.HelpCalled, command.By, new Detail.Team(team.Code)));
    }

    /// <summary>By anyone of the called team who could accept a case. Whoever comes takes part; a team that cannot come reads the case no longer.</summary>
    public static Decision Answer(WhistleCall call, CallCommand.AnswerHelp command, Surroundings world)
    {
        var by = command.By;
        if (by.Team is not { } team || call.Answers.LastOrDefault(a => a.Kind == AnswerKind.Help && a.Party == team.Value && !a.Released) is not { } asked)
            return Life.Refuse(call.Audience.Includes(by) ? Refusal.NotEntitled : Refusal.WrongTeam);
        if (by.Kind is PostKind.BuildingHead or PostKind.Leader) return Life.Refuse(Refusal.MayNotAccept);
        if (asked.Met is not null) return command.Comes ? new Decision.Already() : Life.Refuse(Refusal.OutOfTurn);
        if (!world.OnDuty.Contains(by.Id)) return Life.Refuse(Refusal.NotOnDuty);
        return command.Comes
            ? Life.Move(
                call with { Answers = call.Answers.Replace(asked, asked with { Met = new Met(world.Now, by.Id) }), TookPart = Steps.With(call.TookPart, by) },
                Happening.Of(What.HelpComes, by, new Detail.Team(team)))
            : Life.Move(call with { Answers = call.Answers.Replace(asked, asked with { Released = true }) }, Happening.Of(What.HelpDeclined, by, new Detail.Team(team)));
    }
}
