using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Matters;

/// <summary>What a matter's clocks do when an instant has passed. Each act happens once, and at its instant, however late the tick.</summary>
internal static class Lapses
{
    public static Step Lapse(Turn turn, ProceedingCommand.Lapse command)
    {
        if (turn.Now.Pending() is not { } pending || pending.At != command.Seen || pending.At >= turn.World.Now) return Proceedings.Refuse(Refusal.ClockMoved);
        var (key, act, at) = pending;
        turn = turn.At(at);
        if (key == Proceedings.PauseKey)
        {
            turn.Resume(at);
            return turn.Moved(MatterWhat.Resumed, null, key, at);
        }

        if (key == Proceedings.UntilKey)
        {
            turn.Leave(Outcomes.Lapsed);
            return turn.Moved(MatterWhat.Lapsed, null, key, at);
        }

        turn.Do(new Fact.Acted(key, act));
        if (act == ClockAct.Lapse && key == Proceedings.StageKey && Ending(turn) is { } outcome) turn.Leave(outcome);
        else if (act == ClockAct.Lapse) turn.Climb(key == Proceedings.StageKey ? Rung.Community : Rung.Street);
        else if (act == ClockAct.DoubleLapse) turn.Climb(Rung.Street);
        return turn.Moved(act switch
        {
            ClockAct.Warn => MatterWhat.Warned,
            ClockAct.Lapse => MatterWhat.Lapsed,
            ClockAct.DoubleLapse => MatterWhat.DoubleLapsed,
            _ => throw new InvalidOperationException($"Unknown act {act}."),
        }, null, key, at);
    }

    /// <summary>How the end of its clock ends a stage; null if it climbs instead. The votes cast by then are counted.</summary>
    private static string? Ending(Turn turn) => turn.Stage.Gate switch
    {
        Gate.Vote vote => Gates.Count(vote, turn.Now.Visit!.Owed[0]),
        _ => turn.Stage.Until is null && turn.Stage.Next.ContainsKey(Outcomes.Lapsed) ? Outcomes.Lapsed : null,
    };
}
