using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>The steps people take on a case.</summary>
internal static class Steps
{
    /// <summary>一应: the first tap by anyone it rings wins.</summary>
    public static Decision Accept(WhistleCall call, Post by, Surroundings world)
    {
        if (!call.Rings(by)) return Life.Refuse(Refusal.WrongTeam);
        if (by.Kind is PostKind.BuildingHead or PostKind.Leader) return Life.Refuse(Refusal.MayNotAccept);
        if (!world.OnDuty.Contains(by.Id)) return Life.Refuse(Refusal.NotOnDuty);
        Lead lead = by.Kind switch
        {
            PostKind.StreetDesk => new Lead.OfStreet(),
            PostKind.CommunityDesk => new Lead.OfCommunity(call.Community),
            _ => new Lead.OfTeam(by.Team!.Value, call.Community, by.Kind, by.Id),
        };
        var sent = lead is Lead.OfTeam team && team.Team == call.Designated ? call.Designated : null; // another that accepts ends the assignment
        var next = Meet(call, AnswerKind.Accept, by, world) with { State = new CallState.Accepted(lead), Designated = sent, NobodyOnDuty = false };
        return Life.Move(next, Happening.Of(What.Accepted, by));
    }

    /// <summary>Accepting an accepted case: a repeat by the winner is no error, everyone else is told who won.</summary>
    public static Decision Taken(WhistleCall call, Post by)
    {
        if (call.Owed(AnswerKind.Accept)?.Met?.By == by.Id) return new Decision.Already();
        var rang = by.Team is { } team && call.Ringing.Contains(team);
        return Life.Refuse(rang || call.Audience.Includes(by) ? Refusal.AlreadyAccepted : Refusal.WrongTeam);
    }

    /// <summary>二应: the lead or an attached team is on the scene.</summary>
    public static Decision Arrive(WhistleCall call, Lead lead, Post by, Surroundings world)
    {
        if (UnableToFinish(call, lead, by, world) is { } why) return Life.Refuse(why);
        (call, var detail) = Petitions.Resumed(call, world);
        return Life.Move(Meet(call, AnswerKind.Arrive, by, world) with { State = new CallState.OnScene(lead) }, Happening.Of(What.Arrived, by, detail));
    }

    /// <summary>三应: resolved, and the caller informed. Not while a required party has not answered.</summary>
    public static Decision Resolve(WhistleCall call, Lead lead, Post by, Surroundings world)
    {
        if (UnableToFinish(call, lead, by, world) is { } why) return Life.Refuse(why);
        if (call.Answers.Any(a => a is { Required: true, IsOwed: true } && a.Kind != AnswerKind.Resolve)) return Life.Refuse(Refusal.AnswersOwed);
        (call, var detail) = Petitions.Resumed(call, world);
        var verify = Clock.Start(world.Calendar, world.Now, world.Policy.Verify, world.Policy.WarnFraction);
        return Life.Move(Meet(call, AnswerKind.Resolve, by, world) with { State = new CallState.Resolved(lead, verify), Petitions = [] }, Happening.Of(What.Resolved, by, detail));
    }

    /// <summary>退单: rings the next candidates at once, on the clocks of the first receipt.</summary>
    public static Decision Return(WhistleCall call, Lead lead, CallCommand.Return command, Surroundings world)
    {
        if (Unable(call, lead, command.By, world) is { } why) return Life.Refuse(why);
        if (lead is not Lead.OfTeam team || command.By.Team != team.Team) return Life.Refuse(Refusal.OutOfTurn);
        var sent = call.Designated == team.Team;
        if (sent && command.Reason is not (ReturnReason.NoPower or ReturnReason.Unsafe)) return Life.Refuse(Refusal.Designated);
        (call, var resumed) = Petitions.Resumed(call, world);
        var next = RingsAgain(call, [.. call.Ringing.Where(t => t != team.Team && !call.Returned.Contains(t) && world.OnDuty.CanAnswer(t, call.Recusal))]) with
        {
            Returned = call.Returned.Contains(team.Team) ? call.Returned : call.Returned.Add(team.Team),
            TookPart = With(call.TookPart, command.By),
        };
        ImmutableArray<Detail> detail = [new Detail.ReturnedFor(command.Reason), .. resumed];
        if (sent || next.Returned.Length >= Life.ReturnsUntilStreet) (next, detail) = Ladder.Climb(next, Rung.Street, world, detail);
        else (next, detail) = Ladder.RingNext(next, world, detail);
        return Life.Move(next, Happening.Of(What.Returned, command.By, detail));
    }

    /// <summary>Nobody leads it any more: it rings these teams, and 接单 and 到场 are required again, on the same clocks.</summary>
    internal static WhistleCall RingsAgain(WhistleCall call, ImmutableArray<TeamCode> teams) => call with
    {
        State = new CallState.Ringing(),
        Ringing = teams,
        Designated = null,
        Petitions = [.. call.Petitions.Where(p => p.Kind == PetitionKind.Decline)],
        Answers = [.. call.Answers.Select(a => a.Kind is AnswerKind.Accept or AnswerKind.Arrive ? a with { Met = null } : a)],
    };

    /// <summary>核查 by a grid worker who took no part. If it fails, the case goes back to the scene and needs a new resolve answer.</summary>
    public static Decision Verify(WhistleCall call, CallState.Resolved state, CallCommand.Verify command, Surroundings world)
    {
        if (command.By.Kind != PostKind.GridWorker) return Life.Refuse(Refusal.NotGridWorker);
        if (!call.MayBeVerifiedBy(command.By, world.Held)) return Life.Refuse(Refusal.WrongTeam);
        if (call.HasPartOf(command.By)) return Life.Refuse(Refusal.TookPart);
        if (!world.OnDuty.Contains(command.By.Id)) return Life.Refuse(Refusal.NotOnDuty);
        var next = call with { TookPart = With(call.TookPart, command.By) };
        if (!command.Passed)
        {
            next = OweResolve(next, world) with { State = new CallState.OnScene(state.Lead), Rejected = call.Rejected + 1 };
            return Life.Move(next, Happening.Of(What.Rejected, command.By));
        }

        var evaluate = Clock.Start(world.Calendar, world.Now, world.Policy.Evaluate, world.Policy.WarnFraction);
        return Life.Move(next with { State = new CallState.Verified(state.Lead, evaluate) }, Happening.Of(What.Verified, command.By));
    }

    public static Decision VerifiedBefore(WhistleCall call, CallCommand.Verify command) =>
        command.Passed && call.TookPart.Length > 0 && call.TookPart[^1] == command.By.Id ? new Decision.Already() : Life.Refuse(Refusal.OutOfTurn);

    /// <summary>评价: solved closes it; not solved reopens it for the same lead with a fresh 办结 clock, the second time a tier up.</summary>
    public static Decision Evaluate(WhistleCall call, CallState.Verified state, CallCommand.Evaluate command, Surroundings world)
    {
        if (call.MayNotEvaluate(command) is { } why) return Life.Refuse(why);
        if (command.Of is not { } of) return call.CallerWithdrew ? Life.Refuse(Refusal.Over) : Said(call, state, command.Solved, command.Satisfaction, null, [], world);
        if (!call.Joined.Contains(of)) return Life.Refuse(Refusal.Over);
        if (call.Evaluated.Contains(of)) return new Decision.Already();
        // Not solved for one caller means not solved. Solved closes the case only if its own caller has withdrawn.
        return command.Solved && !call.CallerWithdrew ? Part(call, of, command) : Said(call with { Evaluated = call.Evaluated.Add(of) }, state, command.Solved, command.Satisfaction, null, [new Detail.Of(of)], world);
    }

    /// <summary>A joined caller's rating after the case's own caller was quicker: they were asked as well. It reopens nothing.</summary>
    public static Decision EvaluateLate(WhistleCall call, CallState.Closed state, CallNo of, CallCommand.Evaluate command)
    {
        if (call.MayNotEvaluate(command) is { } why) return Life.Refuse(why);
        if (!call.Joined.Contains(of) || state.Ending is not Ending.Rated) return Life.Refuse(Refusal.Over);
        return call.Evaluated.Contains(of) ? new Decision.Already() : Part(call, of, command);
    }

    private static Decision Part(WhistleCall call, CallNo of, CallCommand.Evaluate command) => Life.Move(
        call with { Evaluated = call.Evaluated.Add(of) },
        Happening.Of(What.EvaluatedPart, null, new Detail.Of(of), new Detail.Solved(command.Solved), new Detail.Rated(command.Satisfaction)));

    /// <summary>回访 by a desk that took no part; reaching the caller counts as their evaluation.</summary>
    public static Decision Callback(WhistleCall call, CallState.Verified state, CallCommand.Callback command, Surroundings world)
    {
        if (Orders.Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.HasPartOf(command.By)) return Life.Refuse(Refusal.TookPart);
        ImmutableArray<Detail> detail = [new Detail.CalledBack(command.Result)];
        return command is { Result: CallbackResult.Reached, Solved: { } solved, Satisfaction: { } satisfaction }
            ? Said(call, state, solved, satisfaction, command.By, detail, world)
            : Life.Move(call, Happening.Of(What.CalledBack, command.By, detail));
    }

    private static Decision Said(
        WhistleCall call, CallState.Verified state, bool solved, Satisfaction satisfaction, Post? by, ImmutableArray<Detail> detail, Surroundings world)
    {
        ImmutableArray<Detail> said = [.. detail, new Detail.Solved(solved), new Detail.Rated(satisfaction)];
        if (solved)
        {
            var closed = call with { State = new CallState.Closed(state.Lead, new Ending.Rated(satisfaction)) };
            return Life.Move(closed, Happening.Of(What.Evaluated, by, said));
        }

        var next = OweResolve(call, world) with { State = new CallState.OnScene(state.Lead), Reopened = call.Reopened + 1, Evaluated = [] };
        if (next.Reopened < 2) return Life.Move(next, Happening.Of(What.Reopened, by, said));
        (next, var taken) = Ladder.TakeOver(next, state.Lead, lead => new CallState.OnScene(lead), world);
        return Life.Move(next, Happening.Of(What.Reopened, by, [.. said, .. taken]));
    }

    /// <summary>撤回. If others reported the same thing, the case continues for them without its own caller.</summary>
    public static Decision Withdraw(WhistleCall call)
    {
        if (call.Joined.IsEmpty) return Life.Move(Ended(call, new CallState.Withdrawn()), Happening.Of(What.Withdrawn, null));
        return call.CallerWithdrew ? new Decision.Already() : Life.Move(call with { CallerWithdrew = true }, Happening.Of(What.Noted, null, new Detail.CallerWithdrew()));
    }

    /// <summary>Over without a lead; those who worked on it can still see it.</summary>
    internal static WhistleCall Ended(WhistleCall call, CallState state) => call with { Ringing = call.Teams, State = state, Suspended = null, Petitions = [] };

    /// <summary>A party acknowledges. One party's answer never satisfies another's.</summary>
    public static Decision Acknowledge(WhistleCall call, CallCommand.Acknowledge command, Surroundings world)
    {
        var by = command.By;
        if (by is not null && !call.Audience.Includes(by)) return Life.Refuse(Refusal.WrongTeam);
        var answer = call.Answers.FirstOrDefault(a => a.Key == command.Answer && a.Kind == AnswerKind.Acknowledge);
        if (answer is null) return Life.Refuse(Refusal.NoSuchAnswer);
        // A listed party has no post: it answers through its link, or a desk records its answer.
        var listed = Summons.IsOfParty(answer, world.Policy);
        if (by is null ? !listed : answer.Party != Details.Camel(by.Kind) && !(listed && by.Kind is PostKind.CommunityDesk or PostKind.StreetDesk)) return Life.Refuse(Refusal.WrongTeam);
        if (answer.Met is not null) return new Decision.Already();
        if (answer.Released) return Life.Refuse(Refusal.OutOfTurn);
        if (by is not null && !world.OnDuty.Contains(by.Id)) return Life.Refuse(Refusal.NotOnDuty);
        if (!Summons.CouldBeSaid(call, command.SaidAt, world)) return Life.Refuse(Refusal.OutOfBounds);
        var who = by?.Id ?? Summons.PartyOf(answer);
        var next = call with
        {
            Answers = [.. call.Answers.Select(a => a.Key == answer.Key ? a with { Met = new Met(world.Now, who), Disclaimed = false } : a)],
            TookPart = by is null ? call.TookPart : With(call.TookPart, by),
        };
        return Life.Move(next, new Happening(What.Acknowledged, who, null, null, [new Detail.OfAnswer(answer.Key), .. Summons.Said(command.SaidAt)]));
    }

    /// <summary>Text from the caller, or from someone who may see the case.</summary>
    public static Decision Note(WhistleCall call, CallCommand.Note command)
    {
        if (command.By is { } by) return call.Audience.Includes(by) ? Life.Move(call, Happening.Of(What.Noted, by)) : Life.Refuse(Refusal.WrongTeam);
        ImmutableArray<Detail> detail = command.Phone is { } change ? [new Detail.Phone(change)] : [];
        if (command.Of is { } of) return call.Joined.Contains(of) ? Life.Move(call, Happening.Of(What.Noted, null, [new Detail.Of(of), .. detail])) : Life.Refuse(Refusal.Over);
        return call.CallerWithdrew ? Life.Refuse(Refusal.Over) : Life.Move(call, Happening.Of(What.Noted, null, detail));
    }

    /// <summary>告诉来电人: from the lead, or a desk on duty, to everybody who reported it. Something seen on patrol has nobody to tell.</summary>
    public static Decision TellCaller(WhistleCall call, CallCommand.TellCaller command, Surroundings world)
    {
        var leads = call.Lead is { } lead && Unable(call, lead, command.By, world) is null;
        if (!leads && Orders.Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        return call.Source is Source.Patrol && call.Joined.IsEmpty ? Life.Refuse(Refusal.NoCaller) : Life.Move(call, Happening.Of(What.ToldCaller, command.By));
    }

    /// <summary>An answer that is not due now: a repeat by the same post is no error; strangers learn nothing more.</summary>
    public static Decision Outsider(WhistleCall call, CallCommand command, Refusal why)
    {
        AnswerKind? kind = command switch
        {
            CallCommand.Accept => AnswerKind.Accept,
            CallCommand.Arrive => AnswerKind.Arrive,
            CallCommand.Resolve => AnswerKind.Resolve,
            CallCommand.Acknowledge => AnswerKind.Acknowledge,
            _ => null,
        };
        if (command.Asker is not { } by) return Life.Refuse(why);
        if (kind is { } owed && call.Owed(owed)?.Met?.By == by.Id) return new Decision.Already();
        return Life.Refuse(call.Audience.Includes(by) ? why : Refusal.WrongTeam);
    }

    /// <summary>Why a post may not act for the lead. The lead may act after its shift; others only on duty.</summary>
    internal static Refusal? Unable(WhistleCall call, Lead lead, Post by, Surroundings world)
    {
        if (!call.IsWorkedOnBy(by)) return Refusal.WrongTeam;
        if (by.Kind is PostKind.BuildingHead or PostKind.Leader) return Refusal.MayNotAccept;
        var has = lead is Lead.OfTeam team && team.Post == by.Id;
        return has || world.OnDuty.Contains(by.Id) ? null : Refusal.NotOnDuty;
    }

    /// <summary>The same for 到场 and 办结, which whoever accepted for a team may still give after a hand-over; at a desk, whoever sits there acts.</summary>
    private static Refusal? UnableToFinish(WhistleCall call, Lead lead, Post by, Surroundings world) => Unable(call, lead, by, world) switch
    {
        Refusal.NotOnDuty when by.Team is not null && call.Owed(AnswerKind.Accept)?.Met?.By == by.Id => null,
        var why => why,
    };

    /// <summary>Meets the one open answer of this kind.</summary>
    private static WhistleCall Meet(WhistleCall call, AnswerKind kind, Post by, Surroundings world)
    {
        var key = call.Answers.LastOrDefault(a => a.Kind == kind && a.Met is null)?.Key;
        return call with
        {
            Answers = [.. call.Answers.Select(a => a.Key == key ? a with { Met = new Met(world.Now, by.Id) } : a)],
            TookPart = With(call.TookPart, by),
        };
    }

    /// <summary>A fresh 办结 clock; earlier answers and their breaches stay on record.</summary>
    private static WhistleCall OweResolve(WhistleCall call, Surroundings world)
    {
        var last = call.Owed(AnswerKind.Resolve)!;
        var nth = call.Answers.Count(a => a.Kind == AnswerKind.Resolve) + 1;
        var rule = world.Policy.Pack.Last(r => r.Kind == AnswerKind.Resolve);
        var clock = Limits.Start(world.Calendar, world.Now, world.Policy, call.Level, rule, call.Standard);
        return call with { Answers = call.Answers.Add(last with { Key = $"{rule.Key}{nth}", Clock = clock, Met = null }) };
    }

    /// <summary>Whether a recused party would have to give this answer. It is never asked, so nothing waits for it.</summary>
    internal static bool Recused(AnswerRule rule, Recusal recusal) =>
        rule.Kind == AnswerKind.Acknowledge && recusal.Property && rule.Party == Details.Camel(PostKind.Property);

    internal static ImmutableArray<PostId> With(ImmutableArray<PostId> posts, Post by) => posts.Contains(by.Id) ? posts : posts.Add(by.Id);
}
