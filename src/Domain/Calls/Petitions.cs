using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>延期、挂起、不予受理: requested by the lead, decided a tier above, never by the same post. A request stops no clock.</summary>
internal static class Petitions
{
    /// <summary>The longest suspension.</summary>
    public static readonly TimeSpan LongestSuspension = TimeSpan.FromDays(90);

    public static Decision Request(WhistleCall call, CallCommand.Request command, Surroundings world)
    {
        var by = command.By;
        var leads = call.Lead is { } lead && Steps.Unable(call, lead, by, world) is null;
        if (!leads && Orders.Barred(call, by, world) is { } why) return Life.Refuse(why);
        if (!leads && command.Kind != PetitionKind.Decline) return Life.Refuse(Refusal.NotEntitled);
        if (call.Petitions.Any(p => p.Kind == command.Kind)) return Life.Refuse(Refusal.AlreadyRequested);
        if (OutOfBounds(call, command.Kind, command.Length, command.Until, world) is { } bounds) return Life.Refuse(bounds);
        var clock = Clock.Start(world.Calendar, world.Now, world.Policy.Decide, world.Policy.WarnFraction);
        var petition = new Petition(command.Kind, by.Id, RankOf(by), command.Length, command.Until, clock);
        return Life.Move(call with { Petitions = call.Petitions.Add(petition), TookPart = Steps.With(call.TookPart, by) }, Happening.Of(What.Requested, by, Asked(call, petition, world)));
    }

    public static Decision Rule(WhistleCall call, CallCommand.Rule command, Surroundings world)
    {
        var by = command.By;
        if (!call.Audience.Includes(by)) return Life.Refuse(Refusal.WrongTeam);
        if (by.Kind is not (PostKind.CommunityDesk or PostKind.StreetDesk or PostKind.Leader)) return Life.Refuse(Refusal.NotEntitled);
        if (!world.OnDuty.Contains(by.Id)) return Life.Refuse(Refusal.NotOnDuty);
        if (call.Petitions.FirstOrDefault(p => p.Kind == command.Kind) is not { } asked) return Life.Refuse(Refusal.NothingRequested);
        // Above both the requester and the current lead. The street has nobody above it: there, a second person decides.
        var below = (Rung)Math.Max((int)asked.Rank, (int)RankOf(call.Lead));
        if (asked.By == by.Id || (below == Rung.Street ? RankOf(by) < below : RankOf(by) <= below)) return Life.Refuse(Refusal.NotEntitled);
        var next = call with { Petitions = call.Petitions.Remove(asked), TookPart = Steps.With(call.TookPart, by) };
        var detail = Asked(call, asked, world);
        if (!command.Granted) return Life.Move(next, Happening.Of(What.Denied, by, detail));
        if (OutOfBounds(call, asked.Kind, asked.Length, asked.Until, world) is { } bounds) return Life.Refuse(bounds);
        return asked.Kind switch
        {
            PetitionKind.Extension => Life.Move(Extend(next, asked.Length!.Value, world), Happening.Of(What.Granted, by, detail)),
            PetitionKind.Suspension => Life.Move(next with { Suspended = new Suspension(world.Now, asked.Until!.Value) }, Happening.Of(What.Granted, by, detail)),
            PetitionKind.Decline => Life.Move(Steps.Ended(next, new CallState.Declined()), Happening.Of(What.Declined, by, detail)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), asked.Kind, null),
        };
    }

    /// <summary>What is asked, for whoever decides and for the timeline: how much longer and the deadline that would make, or the end of the suspension.</summary>
    private static ImmutableArray<Detail> Asked(WhistleCall call, Petition asked, Surroundings world) =>
    [
        new Detail.Petition(asked.Kind),
        .. asked.Length is { } length && call.DueIfExtended(length, world.Calendar) is { } due ? new Detail[] { new Detail.Minutes((int)length.TotalMinutes), new Detail.Until(due) } : [],
        .. asked.Until is { } until ? new Detail[] { new Detail.Until(until) } : [],
    ];

    public static Decision Resume(WhistleCall call, CallCommand.Resume command, Surroundings world)
    {
        if ((call.Lead is not { } lead || Steps.Unable(call, lead, command.By, world) is not null) && Orders.Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.Suspended is null) return Life.Refuse(Refusal.NothingRequested);
        return Life.Move(Resumed(call, world).Call, Happening.Of(What.Resumed, command.By));
    }

    /// <summary>The clocks resume with the time they had left; a step taken during a suspension ends it.</summary>
    public static (WhistleCall Call, ImmutableArray<Detail> Detail) Resumed(WhistleCall call, Surroundings world) =>
        call.Suspended is null ? (call, []) : (At(call, world.Now, world), [new Detail.Resumed()]);

    /// <summary>The suspension ends at a fixed instant, even if the tick is late.</summary>
    public static WhistleCall At(WhistleCall call, DateTimeOffset instant, Surroundings world)
    {
        var pause = new Pause(call.Suspended!.From, instant);
        return call with
        {
            Suspended = null,
            Pauses = call.Pauses.Add(pause),
            Answers = [.. call.Answers.Select(a => a.IsOwed ? a with { Clock = a.Clock.Paused(world.Calendar, pause.From, pause.To) } : a)],
        };
    }

    private static Refusal? OutOfBounds(WhistleCall call, PetitionKind kind, TimeSpan? length, DateTimeOffset? until, Surroundings world)
    {
        if (kind == PetitionKind.Decline) return null;
        if (call.State is not (CallState.Accepted or CallState.OnScene)) return Refusal.OutOfTurn;
        if (kind == PetitionKind.Suspension)
            return call.Suspended is not null ? Refusal.AlreadyRequested
                : until is null || until <= world.Now || until > world.Now + LongestSuspension ? Refusal.OutOfBounds : null;
        var owed = call.Owed(AnswerKind.Resolve)!;
        if (call.Extended is not null) return Refusal.AlreadyRequested;
        if (call.Suspended is not null) return Refusal.Suspended;
        if (owed.Clock.Breached) return Refusal.TooLate;
        return length is null || length < TimeSpan.FromMinutes(1) || length > owed.Clock.SpanOn(world.Calendar) ? Refusal.OutOfBounds : null;
    }

    private static WhistleCall Extend(WhistleCall call, TimeSpan by, Surroundings world)
    {
        var owed = call.Owed(AnswerKind.Resolve)!;
        return call with { Extended = by, Answers = call.Answers.Replace(owed, owed with { Clock = owed.Clock.Extended(world.Calendar, by) }) };
    }

    private static Rung RankOf(Post by) => by.Kind switch
    {
        PostKind.CommunityDesk => Rung.Community,
        PostKind.StreetDesk or PostKind.Leader => Rung.Street,
        _ => Rung.Team,
    };

    private static Rung RankOf(Lead? lead) => lead switch
    {
        Lead.OfStreet => Rung.Street,
        Lead.OfCommunity => Rung.Community,
        _ => Rung.Team,
    };

}
