using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Domain.Calls.CallCommand;
using static DispatchCenter.Domain.Calls.CallState;

namespace DispatchCenter.Domain.Calls;

/// <summary>The whole life of a case, from 听邻说事 to 由邻评事. Pure; throws for no pair of state and command.</summary>
public static class Life
{
    public const string VerifyKey = "verify";
    public const string EvaluateKey = "evaluate";
    public const string SuspensionKey = "suspension";
    public const string OutsideKey = "outside";

    /// <summary>A case returned this often goes to the street, which designates a team.</summary>
    public const int ReturnsUntilStreet = 3;

    /// <summary>Takes in a whistle: sets every clock from <c>now</c> and rings the first tier with anyone on duty.</summary>
    public static Decision.Moved Open(Whistle whistle, Surroundings world)
    {
        var level = whistle.Danger ? Level.S1 : whistle.Category.Level;
        var recusal = new Recusal(whistle.HideFromProperty || whistle.Category.RecusesProperty).And(whistle.Hidden);
        // Whoever reports by a personal link and has a post besides took it in for nobody: they only do not verify it.
        var officer = whistle.Source is Source.Informant ? null : whistle.By;
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
            Guide = officer?.Id,
            TookPart = officer is null && whistle.By is { } reporter ? [reporter.Id] : [],
            Guides = officer is { } guide ? [new GuideSeat(whistle.No, guide.Id, guide.Team, guide.Community)] : [],
            Abroad = officer is { Team: not null, Community: { } home } && home != whistle.Grid.Community,
            Parent = whistle.Parent,
            Recusal = recusal,
            OpenedAt = world.Now,
            State = new Ringing(),
            Rung = Rung.Team,
            Ringing = [.. world.Map.TeamsOf(whistle.Grid.Code).Select(t => t.Code).Where(t => world.OnDuty.CanAnswer(t, recusal))],
            Standard = whistle.Standard,
            Answers = [.. world.Policy.Pack.Where(rule => !Steps.Recused(rule, recusal)).Select(rule => new Answer(
                rule.Key, rule.Kind, rule.Party, rule.Required,
                Limits.Start(world.Calendar, world.Now, world.Policy, level, rule, whistle.Standard), null))],
        };
        ImmutableArray<Detail> detail = whistle.Standard is { } standard ? [new Detail.ByStandard(standard.Key)] : [];
        if (call.Ringing.IsEmpty) (call, detail) = Ladder.Climb(call, Rung.Community, world, detail.Add(new Detail.Skipped(Seat.Team)));
        return new Decision.Moved(call, Happening.Of(What.Whistled, whistle.By, detail));
    }

    /// <summary>What a command does to a case. The caller must first apply every lapse due before <c>now</c>: see <see cref="CatchUp"/>.</summary>
    public static Decision Decide(WhistleCall call, CallCommand command, Surroundings world) =>
        command.Asker is { } by && call.Recusal.Covers(by) ? Refuse(Refusal.NotFound) : DecideOpenly(call, command, world);

    private static Decision DecideOpenly(WhistleCall call, CallCommand command, Surroundings world) => (call.State, command) switch
    {
        (Ringing, Accept c) => Steps.Accept(call, c.By, world),
        (Ringing, Arrive or Resolve or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Ringing, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (Ringing, Withdraw) => Steps.Withdraw(call),

        (Accepted, Accept c) => Steps.Taken(call, c.By),
        (Accepted s, Arrive c) => Steps.Arrive(call, s.Lead, c.By, world),
        (Accepted s, Resolve c) when call.Owed(AnswerKind.Arrive) is null => Steps.Resolve(call, s.Lead, c.By, world), // a pack that does not require 到场
        (Accepted, Resolve) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Accepted s, Return c) => Steps.Return(call, s.Lead, c, world),
        (Accepted, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (Accepted, Withdraw) => Steps.Withdraw(call),

        (OnScene, Accept c) => Steps.Taken(call, c.By),
        (OnScene, Arrive) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (OnScene s, Resolve c) => Steps.Resolve(call, s.Lead, c.By, world),
        (OnScene s, Return c) => Steps.Return(call, s.Lead, c, world),
        (OnScene, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (OnScene, Withdraw) => Steps.Withdraw(call),

        (Resolved, Accept c) => Steps.Taken(call, c.By),
        (Resolved, Arrive or Resolve or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Resolved s, Verify c) => Steps.Verify(call, s, c, world),
        (Resolved, Evaluate or Withdraw) => Refuse(Refusal.OutOfTurn),

        (Verified, Accept c) => Steps.Taken(call, c.By),
        (Verified, Arrive or Resolve or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (Verified, Verify c) => Steps.VerifiedBefore(call, c),
        (Verified s, Evaluate c) => Steps.Evaluate(call, s, c, world),
        (Verified, Withdraw) => Refuse(Refusal.OutOfTurn),

        (HandedUp s, Resolve c) => Steps.Resolve(call, s.Lead, c.By, world),
        (HandedUp, Accept c) => Steps.Taken(call, c.By),
        (HandedUp, Arrive or Return) => Steps.Outsider(call, command, Refusal.OutOfTurn),
        (HandedUp, Verify or Evaluate) => Refuse(Refusal.OutOfTurn),
        (HandedUp, Withdraw) => Steps.Withdraw(call),

        // Exceptions, while someone works on it.
        (Ringing or Accepted or OnScene, Designate c) => Orders.Designate(call, c, world),
        (Ringing or Accepted or OnScene, Correct c) => Orders.Correct(call, c, world),
        (Ringing or Accepted or OnScene, Summon c) => Summons.Summon(call, c, world),
        (Ringing or Accepted or OnScene or HandedUp, Attend c) => Summons.Attend(call, c, world),
        (Accepted or OnScene, CallHelp c) => Helps.Call(call, c, world),
        (Ringing or Accepted or OnScene or HandedUp, AnswerHelp c) => Helps.Answer(call, c, world),
        (Ringing or Accepted or OnScene or HandedUp, Finish c) => Summons.Finish(call, c, world),
        (Ringing or Accepted or OnScene or HandedUp, Disclaim c) => Summons.Disclaim(call, c, world),
        (Ringing or Accepted or OnScene or HandedUp, Release c) => Summons.Release(call, c, world),
        (Ringing or Accepted or OnScene, Request c) => Petitions.Request(call, c, world),
        (Ringing or Accepted or OnScene, Rule c) => Petitions.Rule(call, c, world),
        (Accepted or OnScene, Resume c) => Petitions.Resume(call, c, world),
        (OnScene, MarkDifficult c) => Orders.MarkDifficult(call, c, world),
        (OnScene s, HandUp c) => Orders.HandUp(call, s.Lead, c, world),
        (Ringing or Accepted or OnScene, Merge c) => Orders.Merge(call, c, world),
        (Merged s, Unmerge c) => Orders.Unmerge(call, s, c, world),
        (Verified s, Callback c) => Steps.Callback(call, s, c, world),
        (Ringing or Accepted or OnScene or Resolved or Verified or HandedUp, ConfirmEmergency c) => Orders.ConfirmEmergency(call, c, world),
        (Accepted or OnScene or Resolved or Verified or HandedUp, OpenChild c) => Orders.OpenChild(call, c, world),
        (Ringing or Accepted or OnScene or Resolved or Verified or HandedUp, Absorb c) => Orders.Absorb(call, c, world),
        (Ended, Absorb { Leaves: true } c) => Orders.Absorb(call, c, world),
        (Ended, Absorb) => Refuse(Refusal.CannotMerge),

        (Ringing or Accepted or OnScene or Resolved or Verified or HandedUp, Recuse c) => Recusals.Recuse(call, c, world),
        (Accepted or OnScene or Resolved or Verified or Closed, AskExemption c) => Exemptions.Ask(call, c, world),
        (Ringing or Accepted or OnScene or Resolved or Verified or Closed, RuleExemption c) => Exemptions.Rule(call, c, world),

        (Ringing or Accepted or OnScene or Resolved or Verified or HandedUp, TellCaller c) => Steps.TellCaller(call, c, world),

        // Over, or continued elsewhere.
        (Ended, Accept or Arrive or Resolve or Return or Acknowledge or TellCaller or Note { By: not null }) => Steps.Outsider(call, command, Refusal.Over),
        (Ended, Verify) => Refuse(Refusal.Over),
        (Closed s, Evaluate { Of: { } of } c) => Steps.EvaluateLate(call, s, of, c),
        (Ended, Evaluate) => Refuse(Refusal.Over),
        (Withdrawn, Withdraw) => new Decision.Already(),
        (Merged, Withdraw) => Steps.Withdraw(call),
        (Closed or Declined, Withdraw) => Refuse(Refusal.Over),
        (Ended, Note) => Refuse(Refusal.Over),

        (_, Hide c) => Recusals.HideWith(call, c, world), // texts stay readable in every state
        (_, Note c) => Steps.Note(call, c),
        (_, Acknowledge c) => Steps.Acknowledge(call, c, world),
        (Ringing, ShiftChange) => Ladder.ShiftChange(call, world),
        (Accepted s, ShiftChange) => HandOver.ShiftChange(call, s.Lead, lead => s with { Lead = lead }, world),
        (OnScene s, ShiftChange) => HandOver.ShiftChange(call, s.Lead, lead => s with { Lead = lead }, world),
        (_, ShiftChange) => new Decision.Already(),
        (_, Lapse c) => Clocks.Lapse(call, c, world),
        (_, Attend { By: null } c) => Summons.Late(call, c.Answer, a => a.Met is not null),
        (_, Finish c) => Summons.Late(call, c.Answer, a => a.Done is not null),
        (_, Disclaim c) => Summons.Late(call, c.Answer, a => a.Disclaimed),
        (_, CallHelp or AnswerHelp or Designate or Correct or Summon or Attend or Release or Request or Rule or Resume or MarkDifficult or HandUp or Merge or Unmerge or Callback or ConfirmEmergency or OpenChild or Recuse or AskExemption or RuleExemption) =>
            Steps.Outsider(call, command, call.IsOpen ? Refusal.OutOfTurn : Refusal.Over),
        _ => throw new InvalidOperationException($"No rule for {call.State.GetType().Name} and {command.GetType().Name}."),
    };

    /// <summary>Applies, in time order, every clock that fell due before <c>now</c>; exactly at the instant is still on time.</summary>
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

    internal static Decision Move(WhistleCall next, Happening happening) => new Decision.Moved(next with
    {
        Version = next.Version + 1,
        CallerNotes = happening is { What: What.Noted, By: null } ? next.CallerNotes + 1 : next.CallerNotes,
    }, happening);
}
