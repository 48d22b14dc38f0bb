using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>街道吹哨、部门报到: the second whistle. A called party owes its own answer, and the case cannot be resolved before that.</summary>
public static class Summons
{
    /// <summary>At most this many called parties per case.</summary>
    public const int Limit = 12;

    public const string Prefix = "party-";

    /// <summary>By the lead, or the desk of the community or street.</summary>
    public static Decision Summon(WhistleCall call, CallCommand.Summon command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.Suspended is not null) return Life.Refuse(Refusal.Suspended);
        if (world.Policy.FindParty(command.Party) is not { } party) return Life.Refuse(Refusal.UnknownParty);
        var before = call.Answers.Where(a => a.Kind == AnswerKind.Attend).ToList();
        if (before.Exists(a => a.Party == party.Code && a.IsOwed)) return new Decision.Already();
        if (before.Count >= Limit) return Life.Refuse(Refusal.OutOfBounds);
        var nth = before.Count(a => a.Party == party.Code) + 1;
        var key = nth == 1 ? $"{Prefix}{party.Code}" : $"{Prefix}{party.Code}-{nth}";
        var clock = Clock.Start(world.Calendar, world.Now, world.Policy.AttendLimit(call.Level), world.Policy.WarnFraction);
        var next = call with { Answers = call.Answers.Add(new Answer(key, AnswerKind.Attend, party.Code, Required: true, clock, null)), TookPart = Steps.With(call.TookPart, command.By) };
        return Life.Move(next, Happening.Of(What.Summoned, command.By, new Detail.OfAnswer(key), new Detail.OfParty(party.Code)));
    }

    /// <summary>The party has attended or answered, through its link or as told to a desk.</summary>
    public static Decision Attend(WhistleCall call, CallCommand.Attend command, Surroundings world)
    {
        if (command.By is { } by && Orders.Barred(call, by, world) is { } why) return Life.Refuse(why);
        if (Find(call, command.Answer) is not { } answer) return Life.Refuse(Refusal.NoSuchAnswer);
        if (answer.Met is not null) return new Decision.Already();
        if (answer.Released) return Life.Refuse(Refusal.OutOfTurn);
        if (!CouldBeSaid(call, command.SaidAt, world)) return Life.Refuse(Refusal.OutOfBounds);
        var who = command.By?.Id ?? PartyOf(answer);
        return Life.Move(
            call with { Answers = call.Answers.Replace(answer, answer with { Met = new Met(world.Now, who), Disclaimed = false }) },
            new Happening(What.Attended, who, null, null, [new Detail.OfAnswer(answer.Key), new Detail.OfParty(answer.Party), .. Said(command.SaidAt)]));
    }

    /// <summary>The party's part of the work is done; if it had not attended yet, it has now.</summary>
    public static Decision Finish(WhistleCall call, CallCommand.Finish command, Surroundings world)
    {
        if (Find(call, command.Answer) is not { } answer) return Life.Refuse(Refusal.NoSuchAnswer);
        if (answer.Done is not null) return new Decision.Already();
        if (answer.Released) return Life.Refuse(Refusal.OutOfTurn);
        var who = PartyOf(answer);
        return Life.Move(
            call with { Answers = call.Answers.Replace(answer, answer with { Met = answer.Met ?? new Met(world.Now, who), Done = world.Now, Disclaimed = false }) },
            new Happening(What.Finished, who, null, null, [new Detail.OfAnswer(answer.Key), new Detail.OfParty(answer.Party)]));
    }

    /// <summary>
    /// 不归我管. The answer stays owed and its clock runs: a desk releases the party with a reason, or insists. So nobody gets rid of a case by saying so.
    /// </summary>
    public static Decision Disclaim(WhistleCall call, CallCommand.Disclaim command, Surroundings world)
    {
        if (call.Answers.FirstOrDefault(a => a.Key == command.Answer && IsOfParty(a, world.Policy)) is not { } answer) return Life.Refuse(Refusal.NoSuchAnswer);
        if (answer.Disclaimed) return new Decision.Already();
        if (!answer.IsOwed) return Life.Refuse(Refusal.OutOfTurn);
        return Life.Move(
            call with { Answers = call.Answers.Replace(answer, answer with { Disclaimed = true }) },
            new Happening(What.Disclaimed, PartyOf(answer), null, null, [new Detail.OfAnswer(answer.Key), new Detail.OfParty(answer.Party)]));
    }

    /// <summary>A party has no post: the key of its answer identifies it.</summary>
    internal static PostId PartyOf(Answer answer) => new(answer.Kind == AnswerKind.Attend ? answer.Key : Prefix + answer.Key);

    /// <summary>Whether an answer is owed by a listed party, which has no post and answers through a link: called to the case, or required by the pack.</summary>
    public static bool IsOfParty(Answer answer, Policy policy) =>
        answer.Kind == AnswerKind.Attend || (answer.Kind == AnswerKind.Acknowledge && policy.FindParty(answer.Party) is not null);

    /// <summary>Whether a party may have said something then: since the case was opened, to the minute, and not in the future.</summary>
    internal static bool CouldBeSaid(WhistleCall call, DateTimeOffset? at, Surroundings world) => at is not { } then || (then > call.OpenedAt.AddMinutes(-1) && then <= world.Now);

    internal static ImmutableArray<Detail> Said(DateTimeOffset? at) => at is { } then ? [new Detail.Said(then)] : [];

    /// <summary>The link is opened after the case has moved past that.</summary>
    /// <param name="done">Whether the party had said exactly this before.</param>
    public static Decision Late(WhistleCall call, string key, Func<Answer, bool> done) =>
        call.Answers.FirstOrDefault(a => a.Key == key && a.Kind is AnswerKind.Attend or AnswerKind.Acknowledge) is not { } answer ? Life.Refuse(Refusal.NoSuchAnswer)
        : done(answer) ? new Decision.Already()
        : Life.Refuse(call.IsOpen ? Refusal.OutOfTurn : Refusal.Over);

    /// <summary>
    /// A party, called or from the pack, or a team called to help is no longer needed: its clock stops and a breach stays on record. A team cannot release the desks
    /// above it; those release each other.
    /// </summary>
    public static Decision Release(WhistleCall call, CallCommand.Release command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.Answers.FirstOrDefault(a => a.Key == command.Answer && a.Kind is AnswerKind.Attend or AnswerKind.Acknowledge or AnswerKind.Help) is not { } answer) return Life.Refuse(Refusal.NoSuchAnswer);
        if (answer.Released) return new Decision.Already();
        if (answer.Met is not null) return Life.Refuse(Refusal.OutOfTurn);
        if (answer.IsOfDesk && command.By.Team is not null) return Life.Refuse(Refusal.NotEntitled);
        var released = call.Answers.Replace(answer, answer with { Required = false, Released = true });
        return Life.Move(call with { Answers = released }, Happening.Of(
            What.Released, command.By, answer.Kind == AnswerKind.Help ? [new Detail.Team(new(answer.Party))] : [new Detail.OfAnswer(answer.Key), new Detail.OfParty(answer.Party)]));
    }

    private static Answer? Find(WhistleCall call, string key) => call.Answers.FirstOrDefault(a => a.Key == key && a.Kind == AnswerKind.Attend);

    internal static Refusal? Barred(WhistleCall call, Post by, Surroundings world) =>
        call.Lead is { } lead && Steps.Unable(call, lead, by, world) is null ? null : Orders.Barred(call, by, world);
}
