using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>What a desk can order: designate a team, correct, mark, refer to the city, merge. Each says who may.</summary>
internal static class Orders
{
    /// <summary>No external deadline is farther ahead.</summary>
    public static readonly TimeSpan LongestOutside = TimeSpan.FromDays(365);

    /// <summary>指派、改派: only this team rings, on the running clocks; the previous lead no longer has the case.</summary>
    public static Decision Designate(WhistleCall call, CallCommand.Designate command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (world.Map.FindTeam(command.Team.Value) is not { } team) return Life.Refuse(Refusal.UnknownTeam);
        if (command.By.Kind == PostKind.CommunityDesk && team.Community != call.Community) return Life.Refuse(Refusal.UnknownTeam);
        var from = call.Lead as Lead.OfTeam;
        if (from?.Team == team.Code || (call.State is CallState.Ringing && call.Designated == team.Code)) return new Decision.Already();
        if (command.Instead is { } seen && call.Designated is { } sent && sent.Value != seen) return Life.Refuse(Refusal.DesignatedMeanwhile);
        if (!world.OnDuty.CanAnswer(team.Code, call.Recusal)) return Life.Refuse(Refusal.NobodyOnDuty);
        (call, var detail) = Petitions.Resumed(call, world);
        detail = detail.Insert(0, new Detail.Team(team.Code));
        if (from is not null) detail = detail.Add(new Detail.From(from.Team));
        var next = Steps.RingsAgain(call, [team.Code]) with { Designated = team.Code, Abroad = call.Abroad || team.Community != call.Community, NobodyOnDuty = false, TookPart = Steps.With(call.TookPart, command.By) };
        return Life.Move(next, Happening.Of(What.Designated, command.By, detail));
    }

    /// <summary>
    /// 更正. Open answers from the first receipt get clocks recomputed from that receipt at the corrected level, with the same
    /// pauses and extension. What has lapsed stays lapsed, and a warning is not repeated. If the new due time is in the past,
    /// the answer lapses at once, because the caller has waited that long.
    /// </summary>
    public static Decision Correct(WhistleCall call, CallCommand.Correct command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why && (call.Lead is not { } lead || Steps.Unable(call, lead, command.By, world) is not null)) return Life.Refuse(why);
        if (call.Suspended is not null) return Life.Refuse(Refusal.Suspended);
        var category = command.Category is { } c && c.Code != call.Category ? c : null;
        var level = command.Level ?? category?.Level ?? call.Level;
        var grid = command.Grid is { } g && g.Code != call.Grid ? g : null;
        if (category is null && level == call.Level && grid is null) return Life.Refuse(Refusal.NothingToCorrect);
        var detail = ImmutableArray.CreateBuilder<Detail>();
        if (category is not null) detail.Add(new Detail.InCategory(category.Code));
        if (level != call.Level) detail.Add(new Detail.AtLevel(level));
        if (grid is not null) detail.Add(new Detail.InGrid(grid.Code));

        var (next, lost) = Recusals.Hide(call, new Recusal(category is { RecusesProperty: true }), world);
        detail.AddRange(lost);
        next = next with
        {
            Category = category?.Code ?? call.Category,
            Standard = category is null ? call.Standard : null, // it belonged to another category
            Level = level,
            TookPart = Steps.With(call.TookPart, command.By),
            // A desk that accepted an S1 at second 0 keeps it on its own rung.
            Rung = next.Lead switch { Lead.OfStreet => Rung.Street, Lead.OfCommunity when next.Rung == Rung.Team => Rung.Community, _ => next.Rung },
        };
        if (level != call.Level) next = next with { Answers = [.. next.Answers.Select(a => Recomputed(a, next, world))] };
        if (grid is not null) next = Moved(next, grid);
        if (next.State is CallState.Ringing)
        {
            (next, var how) = RingsThere(next, grid is not null, world);
            detail.AddRange(how);
        }

        return Life.Move(next, Happening.Of(What.Corrected, command.By, detail.ToImmutable()));
    }

    /// <summary>疑难: 办结 gets the long limit, counted from first receipt.</summary>
    public static Decision MarkDifficult(WhistleCall call, CallCommand.MarkDifficult command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.Difficult) return new Decision.Already();
        if (call.Suspended is not null) return Life.Refuse(Refusal.Suspended);
        var owed = call.Owed(AnswerKind.Resolve)!;
        if (owed.Clock.Breached) return Life.Refuse(Refusal.TooLate);
        var clock = Clock.Start(world.Calendar, owed.Clock.From, world.Policy.Difficult, world.Policy.WarnFraction) with { Acted = owed.Clock.Acted };
        if (clock.Due <= owed.Clock.Due) return Life.Refuse(Refusal.OutOfBounds);
        var next = call with { Difficult = true, Answers = call.Answers.Replace(owed, owed with { Clock = Again(clock, call, world) }) };
        return Life.Move(next, Happening.Of(What.Difficult, command.By));
    }

    /// <summary>
    /// 上报: the city has the case, and a clock runs to the time it has named; ours stop for good. The street's desk leads,
    /// receives the city's answer and resolves with it; the team stays attached.
    /// </summary>
    public static Decision HandUp(WhistleCall call, Lead lead, CallCommand.HandUp command, Surroundings world)
    {
        if (command.By.Kind != PostKind.StreetDesk) return Life.Refuse(call.Audience.Includes(command.By) ? Refusal.NotEntitled : Refusal.WrongTeam);
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (command.Due <= world.Now || command.Due > world.Now + LongestOutside) return Life.Refuse(Refusal.OutOfBounds);
        (call, var detail) = Petitions.Resumed(call, world);
        var next = call with
        {
            State = new CallState.HandedUp(new Lead.OfStreet(), Clock.Until(world.Now, command.Due, world.Policy.WarnFraction)),
            Attached = lead is Lead.OfTeam { Team: var team } && !call.Attached.Contains(team) ? call.Attached.Add(team) : call.Attached,
            Rung = Rung.Street,
            CityNo = command.CityNo ?? call.CityNo,
            Petitions = [],
            TookPart = Steps.With(call.TookPart, command.By),
        };
        return Life.Move(next, Happening.Of(What.HandedUp, command.By, [new Detail.Until(command.Due), .. detail]));
    }

    /// <summary>并案. The desk makes sure that the other case is open and takes this one in.</summary>
    public static Decision Merge(WhistleCall call, CallCommand.Merge command, Surroundings world)
    {
        if (command.By is { } by ? Barred(call, by, world) is { } why : NotAtOnce(call, out why)) return Life.Refuse(why);
        if (command.Into == call.No || !call.Joined.IsEmpty) return Life.Refuse(Refusal.CannotMerge);
        (call, var detail) = Petitions.Resumed(call, world);
        (call, var lost) = Recusals.Hide(call, command.Hidden, world);
        var next = call with { State = new CallState.Merged(command.Into, call.State), Petitions = [] };
        return Life.Move(next, Happening.Of(What.Merged, command.By, [new Detail.Into(command.Into), .. detail, .. lost]));
    }

    /// <summary>Restores the case with the clocks of its receipt: what has lapsed since acts at once, and a ringing case rings whoever is on duty now.</summary>
    public static Decision Unmerge(WhistleCall call, CallState.Merged state, CallCommand.Unmerge command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        var (next, detail) = (call with { State = state.Before }, ImmutableArray.Create<Detail>(new Detail.Into(state.Into)));
        (next, var rung) = Recusals.RingOn(next, world);
        return Life.Move(next, Happening.Of(What.Unmerged, command.By, [.. detail, .. rung]));
    }

    /// <summary>
    /// The other half of 并案: the leading case represents the joined ones, so every caller is informed and the case counts once. A child
    /// case counts in no rate, so nothing is merged into one.
    /// </summary>
    public static Decision Absorb(WhistleCall call, CallCommand.Absorb command, Surroundings world)
    {
        if (command.Leaves == !call.Joined.Contains(command.Other)) return new Decision.Already();
        if (command.Leaves) return Part(call with { Joined = call.Joined.Remove(command.Other), Evaluated = call.Evaluated.Remove(command.Other), Guides = call.Guides.RemoveAll(g => g.No == command.Other) }, command);
        if (command.By is { } by && !call.Audience.Includes(by)) return Life.Refuse(Refusal.CannotMerge);
        if (command.Level < call.Level) return Life.Refuse(Refusal.CannotMerge); // a more urgent case must not wait for a less urgent one
        if (call.Parent is not null || call.Drill != command.Drill) return Life.Refuse(Refusal.CannotMerge);
        var (next, lost) = Recusals.Hide(call, command.Hidden, world);
        (next, var rung) = next.Recusal == call.Recusal ? (next, []) : Recusals.RingOn(next, world);
        var part = command.Reporter is { } reporter && !next.TookPart.Contains(reporter) ? next.TookPart.Add(reporter) : next.TookPart;
        var abroad = next.Abroad || command.Guides.Any(g => g is { Team: not null, Community: { } home } && home != next.Community);
        return Life.Move(next with { Joined = next.Joined.Add(command.Other), TookPart = part, Guides = [.. next.Guides, .. command.Guides], Abroad = abroad }, Happening.Of(What.Joined, command.By, [new Detail.Other(command.Other), .. lost, .. rung]));
    }

    /// <summary>A joined case leaves. If it was the last one with an active caller, nobody needs the case any more.</summary>
    private static Decision Part(WhistleCall next, CallCommand.Absorb command)
    {
        var withdrawn = next is { CallerWithdrew: true, Joined.IsEmpty: true, State: CallState.Ringing or CallState.Accepted or CallState.OnScene or CallState.HandedUp };
        return withdrawn
            ? Life.Move(Steps.Ended(next, new CallState.Withdrawn()), Happening.Of(What.Withdrawn, command.By, new Detail.Other(command.Other)))
            : Life.Move(next, Happening.Of(What.Parted, command.By, new Detail.Other(command.Other)));
    }

    public static Decision ConfirmEmergency(WhistleCall call, CallCommand.ConfirmEmergency command, Surroundings world)
    {
        if (!call.Audience.Includes(command.By)) return Life.Refuse(Refusal.WrongTeam);
        if (!world.OnDuty.Contains(command.By.Id)) return Life.Refuse(Refusal.NotOnDuty);
        if (!CallCommand.ConfirmEmergency.Numbers.Contains(command.Number)) return Life.Refuse(Refusal.OutOfBounds);
        if (call.Emergency.Contains(command.Number)) return new Decision.Already();
        return Life.Move(call with { Emergency = call.Emergency.Add(command.Number) }, Happening.Of(What.EmergencyConfirmed, command.By, new Detail.Number(command.Number)));
    }

    public static Decision OpenChild(WhistleCall call, CallCommand.OpenChild command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why && (call.Lead is not { } lead || Steps.Unable(call, lead, command.By, world) is not null)) return Life.Refuse(why);
        if (call.Parent is not null) return Life.Refuse(Refusal.NotEntitled);
        return Life.Move(call with { Children = call.Children.Add(command.Child) }, Happening.Of(What.ChildOpened, command.By, new Detail.Child(command.Child)));
    }

    /// <summary>Why a post may not give orders on this case: it is not its community's desk or the street's, or is off duty.</summary>
    public static Refusal? Barred(WhistleCall call, Post by, Surroundings world)
    {
        if (!call.Audience.Includes(by)) return Refusal.WrongTeam;
        if (by.Kind is not (PostKind.CommunityDesk or PostKind.StreetDesk)) return Refusal.NotEntitled;
        return world.OnDuty.Contains(by.Id) ? null : Refusal.NotOnDuty;
    }

    /// <summary>我也遇到 is only possible with the whistle; later, a desk merges.</summary>
    private static bool NotAtOnce(WhistleCall call, out Refusal why)
    {
        why = Refusal.NotEntitled;
        return call.Version > 1;
    }

    private static Answer Recomputed(Answer answer, WhistleCall call, Surroundings world)
    {
        var old = answer.Clock;
        if (!answer.IsOwed || world.Policy.Pack.FirstOrDefault(rule => rule.Key == answer.Key) is not { } owed || old.Breached || (call.Difficult && answer.Kind == AnswerKind.Resolve)) return answer;
        var clock = Limits.Start(world.Calendar, old.From, world.Policy, call.Level, owed, call.Standard) with { Acted = old.Acted };
        clock = Again(clock, call, world);
        // An extension is never longer than the span it extends.
        return answer with { Clock = answer.Kind == AnswerKind.Resolve && call.Extended is { } by ? clock.Extended(world.Calendar, by < clock.Length ? by : clock.Length!.Value) : clock };
    }

    /// <summary>A recomputed clock is paused for as long as the others were.</summary>
    private static Clock Again(Clock clock, WhistleCall call, Surroundings world) =>
        call.Pauses.Where(pause => pause.From >= clock.From).Aggregate(clock, (c, pause) => c.Paused(world.Calendar, pause.From, pause.To));

    private static WhistleCall Moved(WhistleCall call, Grid grid) => call with
    {
        Grid = grid.Code,
        Community = grid.Community,
        Station = null,
        Abroad = call.Abroad || grid.Community != call.Community,
        State = call.State switch
        {
            CallState.Accepted { Lead: Lead.OfCommunity } => new CallState.Accepted(new Lead.OfCommunity(grid.Community)),
            CallState.OnScene { Lead: Lead.OfCommunity } => new CallState.OnScene(new Lead.OfCommunity(grid.Community)),
            _ => call.State,
        },
    };

    /// <summary>The teams that ring after a correction: those of the place that may see it, and the community's others if it has escalated that far.</summary>
    private static (WhistleCall Call, ImmutableArray<Detail> Detail) RingsThere(WhistleCall call, bool elsewhere, Surroundings world)
    {
        var teams = elsewhere || call.Ringing.IsEmpty ? world.Map.TeamsOf(call.Grid).Select(t => t.Code) : call.Ringing;
        var designated = elsewhere ? null : call.Designated;
        var next = call with
        {
            Designated = designated,
            Ringing = [.. teams.Where(t => (!call.Returned.Contains(t) || t == designated) && world.OnDuty.CanAnswer(t, call.Recusal))],
        };
        if (next.Rung == Rung.Team && !next.Ringing.IsEmpty) return (next, []);
        if (next.Rung == Rung.Team) return Ladder.Climb(next, Rung.Community, world, [new Detail.Skipped(Seat.Team)]);
        return elsewhere ? Ladder.Climb(next, Rung.Community, world, []) : (next, []);
    }
}
