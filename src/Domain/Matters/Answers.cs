using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Domain.Matters;

/// <summary>Answers that are given: by whom, to what, and what comes of one that is too late.</summary>
internal static class Answers
{
    public static Step Give(Turn turn, ProceedingCommand.Answer command)
    {
        var matter = turn.Now;
        if (matter.Visit?.Owed.FirstOrDefault(o => o.Key == command.Owed) is not { } owed) return TooLate(turn, command);
        var ask = turn.World.Procedure.FindAsk(owed.Ask)!;
        var may = Proceedings.MaySay(turn.Stage, ask);
        if (owed.Answers.Any(given => SameAs(given.By, command.By))) return owed.Answers.Any(g => SameAs(g.By, command.By) && g.Says == command.Says) ? new Step.Already() : Late(turn, command, Refusal.AlreadyAnswered);
        var asked = owed.IsMet ? null : owed.Silent.Where(a => Admits(a, command.By)).OrderBy(a => a is Respondent.OfKind).FirstOrDefault() ?? InPlace(turn, owed, command.By);
        if (asked is null) return NoPlace(turn, command, owed);
        if (Unable(turn, ask, command.By) is { } why) return Proceedings.Refuse(why);
        if (!may.Contains(command.Says)) return Proceedings.Refuse(Refusal.NoSuchAnswer);
        turn.Resume(turn.World.Now);
        if (command.Says == Proceedings.Item) return TakeItem(turn, command, ask);
        turn.Do(new Fact.Answered(owed.Key, new Given(ask.Key, command.By.As, asked, command.Says, turn.World.Now)));
        if (owed.Item is { } number && turn.Now.Visit!.Owed.First(o => o.Key == owed.Key).IsMet) turn.Do(new Fact.ItemReturned(number, turn.World.Now));
        turn.Settle();
        Orders.AskAgain(turn);
        return turn.Moved(MatterWhat.Answered, command.By.As, owed.Key);
    }

    /// <summary>Enough others have answered, or others are asked in their place.</summary>
    private static Step NoPlace(Turn turn, ProceedingCommand.Answer command, Owed owed)
    {
        if (owed.Asked.Any(a => Admits(a, command.By))) return Late(turn, command, Refusal.AlreadyAnswered);
        var why = NotAsked(turn, command.By);
        return owed.Replaced.Any(a => Admits(a, command.By)) ? Late(turn, command, why) : Proceedings.Refuse(why);
    }

    /// <summary>The stage is over. A paper that was handed over meanwhile is taken all the same: somebody holds it.</summary>
    private static Step TooLate(Turn turn, ProceedingCommand.Answer command)
    {
        var matter = turn.Now;
        if (!matter.Before.Any(b => b.Asked.TryGetValue(command.Owed, out var asked) && asked.Any(a => Admits(a, command.By))))
            return Proceedings.Refuse(command.Asker is { } post && !matter.Audience.Includes(post) ? Refusal.WrongTeam : Refusal.NoSuchAnswer);
        var ask = turn.World.Procedure.Stages.SelectMany(s => s.Asks).FirstOrDefault(a => a.Collects && IsOf(a, command.Owed));
        if (command.Says != Proceedings.Item || ask is null) return Late(turn, command, matter.IsOpen ? Refusal.AlreadyAnswered : Refusal.Over);
        var back = turn.World.Procedure.FindStage(turn.World.Procedure.Cancelled ?? Path.End);
        if (!matter.IsOpen && (back is null || !back.Asks.Any(a => a.PerItemOf == ask.Key) || matter.Before.Length >= Proceeding.MaxVisits)) return Late(turn, command, Refusal.Over);
        if (Unable(turn, ask, command.By) is { } why) return Proceedings.Refuse(why);
        return matter.IsOpen ? TakeItem(turn, command, ask) : OpenAgain(turn, command, ask, back!);
    }

    /// <summary>A paper that was handed over before the end reached the phone: the matter is open once more, only for giving it back.</summary>
    private static Step OpenAgain(Turn turn, ProceedingCommand.Answer command, Ask ask, Stage back)
    {
        if (turn.Now.Items.Length >= Proceeding.MaxItems) return Proceedings.Refuse(Refusal.OutOfBounds);
        turn.Do(new Fact.Reopened());
        turn.Do(new Fact.ItemTaken(new Item(turn.Now.Items.Length + 1, ask.Key, command.By.As, turn.World.Now)));
        turn.Enter(back.Key);
        return turn.Moved(MatterWhat.ItemTaken, command.By.As, command.Owed);
    }

    private static Step TakeItem(Turn turn, ProceedingCommand.Answer command, Ask ask)
    {
        if (turn.Now.Items.Length >= Proceeding.MaxItems) return Proceedings.Refuse(Refusal.OutOfBounds);
        var item = new Item(turn.Now.Items.Length + 1, ask.Key, command.By.As, turn.World.Now);
        turn.Do(new Fact.ItemTaken(item));
        foreach (var back in turn.Stage.Asks.Where(a => a.PerItemOf == ask.Key))
        {
            var visit = turn.Now.Visit!;
            var (skipped, key) = (ImmutableArray.CreateBuilder<Fact.Skipped>(), visit.Round == 1 ? back.Key : $"{back.Key}{visit.Round}");
            var asked = Roles.Asked(back, turn.Now, turn.World, skipped);
            turn.Do(new Fact.AlsoOwed(Roles.ForItem(key, back, item, asked, back.Need.Of(asked.Length))));
            turn.Tell(skipped.ToImmutable());
        }

        // Somebody holds it and no stage to come gives it back: the desk has to know.
        if (!FlowMistakes.GivesBack(turn.World.Procedure, turn.Stage, ask.Key)) turn.Tell([new Fact.Skipped(ask.Key, "giveBack")]);
        Orders.AskAgain(turn);
        return turn.Moved(MatterWhat.ItemTaken, command.By.As, command.Owed);
    }

    /// <summary>Too late, but written without network perhaps: what was written is kept, and moves nothing.</summary>
    private static Step Late(Turn turn, ProceedingCommand.Answer command, Refusal otherwise)
    {
        if (!command.HasWords) return Proceedings.Refuse(otherwise);
        turn.Do(new Fact.Late(command.Owed));
        return turn.Moved(MatterWhat.Late, command.By.As, command.Owed);
    }

    /// <summary>A desk that the matter has climbed to may answer for those who have not, where the stage allows it.</summary>
    private static Respondent? InPlace(Turn turn, Owed owed, Actor by) =>
        by is Actor.OfPost { Post: var post } && turn.Stage.AllowsInPlace && turn.Now.HasClimbedTo(post) ? owed.Silent.FirstOrDefault() : null;

    private static Refusal? Unable(Turn turn, Ask ask, Actor by) => by switch
    {
        Actor.OfPost { Post: var post } when !turn.World.OnDuty.Contains(post.Id) => Refusal.NotOnDuty,
        Actor.OfPost { Post: var post } when Roles.IsBarred(ask, post, turn.Now) => Refusal.TookPart,
        _ => null,
    };

    private static Refusal NotAsked(Turn turn, Actor by) => by is Actor.OfPost { Post: var post } && turn.Now.Audience.Includes(post) ? Refusal.NotEntitled : Refusal.WrongTeam;

    private static bool Admits(Respondent asked, Actor by) => by switch
    {
        Actor.OfPost { Post: var post } => asked.Admits(post),
        Actor.Outside { Who: var who } => asked == who,
        _ => throw new InvalidOperationException($"Unknown actor {by}."),
    };

    private static bool SameAs(Respondent given, Actor by) => by is Actor.OfPost { Post: var post } ? given is Respondent.OfPost && given.Admits(post) : given == by.As;

    /// <summary>Whether a key of something owed belongs to an ask: the ask itself, or a later round of its stage.</summary>
    private static bool IsOf(Ask ask, string owed) => owed.StartsWith(ask.Key, StringComparison.Ordinal) && !owed.AsSpan(ask.Key.Length).ContainsAnyExceptInRange('0', '9');
}
