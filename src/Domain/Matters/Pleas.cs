using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Matters;

/// <summary>延期、挂起: asked for by those who owe, decided a tier above, never by the same post. A request stops no clock.</summary>
internal static class Pleas
{
    public static Step Plead(Turn turn, ProceedingCommand.Plead command)
    {
        var (matter, by) = (turn.Now, command.By);
        if (!matter.OwedBy(by).Any() && !by.IsAmong([matter.Starter]) && !turn.IsDesk(by)) return Proceedings.Refuse(matter.Audience.Includes(by) ? Refusal.NotEntitled : Refusal.WrongTeam);
        if (!turn.World.OnDuty.Contains(by.Id)) return Proceedings.Refuse(Refusal.NotOnDuty);
        if (matter.Pleas.Any(p => p.Kind == command.Kind)) return Proceedings.Refuse(Refusal.AlreadyRequested);
        if (OutOfBounds(turn, command.Kind, command.Length, command.Until) is { } why) return Proceedings.Refuse(why);
        var clock = Clock.Start(turn.World.Calendar, turn.World.Now, turn.World.Policy.Decide, turn.World.Policy.WarnFraction);
        turn.Do(new Fact.Pleaded(new Plea(command.Kind, by.Id, RankOf(by), command.Length, command.Until, clock)));
        return turn.Moved(MatterWhat.Requested, new Respondent.OfPost(by.Id), $"decide{command.Kind}");
    }

    public static Step Rule(Turn turn, ProceedingCommand.Rule command)
    {
        var (matter, by) = (turn.Now, command.By);
        if (!matter.Audience.Includes(by)) return Proceedings.Refuse(Refusal.WrongTeam);
        if (!turn.IsDesk(by) && by.Kind != PostKind.Leader) return Proceedings.Refuse(Refusal.NotEntitled);
        if (!turn.World.OnDuty.Contains(by.Id)) return Proceedings.Refuse(Refusal.NotOnDuty);
        if (matter.Pleas.FirstOrDefault(p => p.Kind == command.Kind) is not { } asked) return Proceedings.Refuse(Refusal.NothingRequested);
        // The street has nobody above it: there, a second person decides.
        if (by.IsOrWasAmong([asked.By]) || (asked.Rank == Rung.Street ? RankOf(by) < Rung.Street : RankOf(by) <= asked.Rank)) return Proceedings.Refuse(Refusal.NotEntitled);
        if (command.Granted && OutOfBounds(turn, asked.Kind, asked.Length, asked.Until) is { } why) return Proceedings.Refuse(why);
        turn.Do(new Fact.Ruled(asked.Kind, command.Granted));
        if (command.Granted) turn.Do(asked.Kind == PetitionKind.Extension ? new Fact.Extended(matter.Visit!.Clock!.Extended(turn.World.Calendar, asked.Length!.Value)) : new Fact.Paused(turn.World.Now, asked.Until!.Value));
        return turn.Moved(command.Granted ? MatterWhat.Granted : MatterWhat.Denied, new Respondent.OfPost(by.Id), asked.Key);
    }

    public static Step Resume(Turn turn, ProceedingCommand.Resume command)
    {
        var (matter, by) = (turn.Now, command.By);
        if (!matter.OwedBy(by).Any() && !turn.IsDesk(by)) return Proceedings.Refuse(matter.Audience.Includes(by) ? Refusal.NotEntitled : Refusal.WrongTeam);
        if (!turn.World.OnDuty.Contains(by.Id)) return Proceedings.Refuse(Refusal.NotOnDuty);
        if (matter.Suspended is null) return Proceedings.Refuse(Refusal.NothingRequested);
        turn.Resume(turn.World.Now);
        return turn.Moved(MatterWhat.Resumed, new Respondent.OfPost(by.Id));
    }

    /// <summary>One extension of a stage, of at most its original time; a pause of at most <see cref="Proceedings.LongestPause"/>.</summary>
    private static Refusal? OutOfBounds(Turn turn, PetitionKind kind, TimeSpan? length, DateTimeOffset? until)
    {
        var (matter, now) = (turn.Now, turn.World.Now);
        if (matter.Suspended is not null) return Refusal.Suspended;
        if (kind == PetitionKind.Suspension) return until is null || until <= now || until > now + Proceedings.LongestPause ? Refusal.OutOfBounds : null;
        if (kind != PetitionKind.Extension || matter.Visit!.Clock is not { } clock) return Refusal.OutOfTurn;
        if (matter.Visit.Extended) return Refusal.AlreadyRequested;
        if (clock.Breached) return Refusal.TooLate;
        return length is null || length < TimeSpan.FromMinutes(1) || length > clock.SpanOn(turn.World.Calendar) ? Refusal.OutOfBounds : null;
    }

    private static Rung RankOf(Post by) => by.Kind switch
    {
        PostKind.CommunityDesk => Rung.Community,
        PostKind.StreetDesk or PostKind.Leader => Rung.Street,
        _ => Rung.Team,
    };
}
