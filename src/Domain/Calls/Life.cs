using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Domain.Calls.CallCommand;
using static DispatchCenter.Domain.Calls.CallState;

namespace DispatchCenter.Domain.Calls;

/// <summary>The whole life of a case: 听邻说事 to 由邻评事. Pure; it throws nothing for any pair of state and command.</summary>
public static class Life
{
    public const string VerifyKey = "verify";
    public const string EvaluateKey = "evaluate";

    /// <summary>A case returned this often goes to the street, which designates.</summary>
    public const int ReturnsUntilStreet = 3;

    /// <summary>Takes a whistle in: fixes every clock at <c>now</c> and rings the first tier with anybody on duty.</summary>
    public static Decision.Moved Open(Whistle whistle, Surroundings world)
    {
        var level = whistle.Danger ? Level.S1 : whistle.Category.Level;
        var recusal = new Recusal(whistle.HideFromProperty || whistle.Category.RecusesProperty);
        var call = new WhistleCall
        {
            No = whistle.No,
            Version = 1,
            PolicyVersion = world.Policy.Version,
            Category = whistle.Category.Code,
            Level = level,
            Community = whistle.Grid.Community,
            Grid = whistle.Grid.Code,
            Station = whistle.Station?.Code,
            Source = whistle.Source,
            Danger = whistle.Danger,
            Drill = whistle.Drill,
            Recusal = recusal,
            OpenedAt = world.Now,
            State = new Ringing(),
            Rung = Rung.Team,
            Ringing = [.. world.Map.TeamsOf(whistle.Grid.Code).Select(t => t.Code).Where(t => world.OnDuty.CanAnswer(t, recusal))],
            Answers = [.. world.Policy.Pack.Select(rule => new Answer(
                rule.Key, rule.Kind, rule.Party, rule.Required,
                Clock.Start(world.Calendar, world.Now, world.Policy.Limit(level, rule.Key), world.Policy.WarnFraction), null))],
        };
        var detail = ImmutableArray<string>.Empty;
        if (call.Ringing.IsEmpty) (call, detail) = Ladder.Climb(call, Rung.Community, world, ["skipped:team"]);
        return new Decision.Moved(call, Happening.Of(What.Whistled, whistle.By, detail));
    }

    /// <summary>What a command does to a case. The caller has first applied every lapse that was due before <c>now</c>: <see cref="CatchUp"/>.</summary>
    public static Decision Decide(WhistleCall call, CallCommand command, Surroundings world) => (call.State, command) switch
    {
        (Ringing, Accept c) => Steps.Accept(call, c.By, world),
        (Ringing, Arrive or Resolve or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Ringing, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (Ringing, Withdraw) => Steps.Withdraw(call),

        (Accepted s, Accept c) => Steps.Taken(call, s.Lead, c.By),
        (Accepted s, Arrive c) => Steps.Arrive(call, s.Lead, c.By, world),
        (Accepted, Resolve) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Accepted s, Return c) => Steps.Return(call, s.Lead, c, world),
        (Accepted, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (Accepted, Withdraw) => Steps.Withdraw(call),

        (OnScene s, Accept c) => Steps.Taken(call, s.Lead, c.By),
        (OnScene, Arrive) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (OnScene s, Resolve c) => Steps.Resolve(call, s.Lead, c.By, world),
        (OnScene s, Return c) => Steps.Return(call, s.Lead, c, world),
        (OnScene, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (OnScene, Withdraw) => Steps.Withdraw(call),

        (Resolved s, Accept c) => Steps.Taken(call, s.Lead, c.By),
        (Resolved, Arrive or Resolve or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Resolved s, Verify c) => Steps.Verify(call, s, c, world),
        (Resolved, Evaluate or Withdraw) => Refuse(Refusal.OutOfTurn),

        (Verified s, Accept c) => Steps.Taken(call, s.Lead, c.By),
        (Verified, Arrive or Resolve or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Verified, Verify c) => Steps.VerifiedBefore(call, c),
        (Verified s, Evaluate c) => Steps.Evaluate(call, s, c, world),
        (Verified, Withdraw) => Refuse(Refusal.OutOfTurn),

        (Closed or Withdrawn, Accept or Arrive or Resolve or Return or Acknowledge) => Steps.Outsider(call, command, Refusal.Over),
        (Closed or Withdrawn, Verify) => Refuse(Refusal.Over),
        (Closed, Evaluate or Withdraw) => Refuse(Refusal.Over),
        (Withdrawn, Evaluate) => Refuse(Refusal.Over),
        (Withdrawn, Withdraw) => new Decision.Already(),

        (Closed or Withdrawn, Note) => Refuse(Refusal.Over),
        (Ringing or Accepted or OnScene or Resolved or Verified, Note c) => Move(call, Happening.Of(What.Noted, c.By)),
        (Ringing or Accepted or OnScene or Resolved or Verified, Acknowledge c) => Steps.Acknowledge(call, c, world),
        (_, Lapse c) => Clocks.Lapse(call, c, world),
        _ => throw new InvalidOperationException($"No rule for {call.State.GetType().Name} and {command.GetType().Name}."),
    };

    /// <summary>Applies, in time order, every act of a clock whose instant lies before <c>now</c>; exactly at the instant is still on time.</summary>
    public static ImmutableArray<Decision.Moved> CatchUp(WhistleCall call, Surroundings world)
    {
        var moves = ImmutableArray<Decision.Moved>.Empty;
        while (call.NextDue is { } due && due < world.Now && Decide(call, new Lapse(due), world) is Decision.Moved moved)
        {
            moves = moves.Add(moved);
            call = moved.Call;
        }

        return moves;
    }

    internal static Decision Refuse(Refusal why) => new Decision.Refused(why);

    internal static Decision Move(WhistleCall next, Happening happening) => new Decision.Moved(next with { Version = next.Version + 1 }, happening);
}
