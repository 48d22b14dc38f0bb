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
        var who = command.By?.Id ?? new PostId(answer.Key); // a party has no post; its answer's key identifies it
        return Life.Move(
            call with { Answers = call.Answers.Replace(answer, answer with { Met = new Met(world.Now, who) }) },
            new Happening(What.Attended, who, null, null, [new Detail.OfAnswer(answer.Key), new Detail.OfParty(answer.Party!)]));
    }

    /// <summary>The link is opened after the case has moved past that.</summary>
    public static Decision Late(WhistleCall call, CallCommand.Attend command) =>
        Find(call, command.Answer) is not { } answer ? Life.Refuse(Refusal.NoSuchAnswer)
        : answer.Met is not null ? new Decision.Already()
        : Life.Refuse(call.IsOpen ? Refusal.OutOfTurn : Refusal.Over);

    /// <summary>
    /// A party, called or from the pack, is no longer needed: its clock stops and a breach stays on record. A team cannot release the desks
    /// above it; those release each other.
    /// </summary>
    public static Decision Release(WhistleCall call, CallCommand.Release command, Surroundings world)
    {
        if (Barred(call, command.By, world) is { } why) return Life.Refuse(why);
        if (call.Answers.FirstOrDefault(a => a.Key == command.Answer && a.Kind is AnswerKind.Attend or AnswerKind.Acknowledge) is not { } answer) return Life.Refuse(Refusal.NoSuchAnswer);
        if (answer.Released) return new Decision.Already();
        if (answer.Met is not null) return Life.Refuse(Refusal.OutOfTurn);
        if (answer.IsOfDesk && command.By.Team is not null) return Life.Refuse(Refusal.NotEntitled);
        var released = call.Answers.Replace(answer, answer with { Required = false, Released = true });
        return Life.Move(call with { Answers = released }, Happening.Of(What.Released, command.By, new Detail.OfAnswer(answer.Key), new Detail.OfParty(answer.Party!)));
    }

    private static Answer? Find(WhistleCall call, string key) => call.Answers.FirstOrDefault(a => a.Key == key && a.Kind == AnswerKind.Attend);

    private static Refusal? Barred(WhistleCall call, Post by, Surroundings world) =>
        call.Lead is { } lead && Steps.Unable(call, lead, by, world) is null ? null : Orders.Barred(call, by, world);
}
