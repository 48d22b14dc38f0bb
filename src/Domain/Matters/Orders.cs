using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Domain.Matters;

/// <summary>What may be done to a matter besides answering.</summary>
internal static class Orders
{
    /// <summary>
    /// Names the posts to ask. For an ask to come: by who opened the matter, by who answers in it now, or by a desk. For what is owed now: by a desk, in place of
    /// those who have not answered.
    /// </summary>
    public static Step Choose(Turn turn, ProceedingCommand.Choose command)
    {
        var (matter, by) = (turn.Now, command.By);
        if (!matter.Audience.Includes(by)) return Proceedings.Refuse(Refusal.WrongTeam);
        if (!turn.World.OnDuty.Contains(by.Id)) return Proceedings.Refuse(Refusal.NotOnDuty);
        var owed = matter.Visit!.Owed.FirstOrDefault(o => o.Key == command.Key && !o.IsMet);
        if (turn.World.Procedure.FindAsk(owed?.Ask ?? command.Key) is not { } ask || (owed is null && !ask.Roles.Any(r => r is Role.Chosen))) return Proceedings.Refuse(Refusal.NoSuchAnswer);
        if (!turn.IsDesk(by) && (owed is not null || (!by.IsAmong([matter.Starter]) && !matter.OwedBy(by).Any()))) return Proceedings.Refuse(Refusal.NotEntitled);
        var posts = command.Posts.Distinct().ToImmutableArray();
        if (posts.Length is 0 or > Roles.MaxPosts) return Proceedings.Refuse(Refusal.OutOfBounds);
        var held = posts.Select(id => turn.World.Held.FirstOrDefault(p => p.Id == id && !matter.Recusal.Covers(p))).ToArray();
        if (held.Any(p => p is null)) return Proceedings.Refuse(Refusal.UnknownTeam);
        if (held.Any(p => Roles.IsBarred(ask, p!, matter))) return Proceedings.Refuse(Refusal.TookPart);
        if (owed?.Answers.Any(given => held.Any(p => Proceeding.IsBy(given, p!))) is true) return Proceedings.Refuse(Refusal.AlreadyAnswered);
        if (owed is null) turn.Do(new Fact.PostsChosen(command.Key, posts));
        else
        {
            Replace(turn, owed, ask, [.. posts.Select(p => new Respondent.OfPost(p))]);
            turn.Settle(); // fewer are asked now, so too few may be able to pass
        }

        return turn.Moved(MatterWhat.Chosen, new Respondent.OfPost(by.Id), command.Key);
    }

    public static Step Cancel(Turn turn, ProceedingCommand.Cancel command)
    {
        var matter = turn.Now;
        var entitled = command.By switch
        {
            Actor.Outside { Who: Respondent.Caller } => turn.World.Procedure.HasCaller,
            Actor.OfPost { Post: var post } => turn.IsDesk(post) || post.IsAmong([matter.Starter]),
            _ => false,
        };
        if (!entitled) return Proceedings.Refuse(command.Asker is { } by && !matter.Audience.Includes(by) ? Refusal.WrongTeam : Refusal.NotEntitled);
        if (command.Asker is { } asker && !turn.World.OnDuty.Contains(asker.Id)) return Proceedings.Refuse(Refusal.NotOnDuty);
        if (matter.IsOnItsWayOut) return new Step.Already();
        turn.Resume(turn.World.Now);
        turn.Do(new Fact.Cancelling());
        if (matter.Visit!.Stage != turn.World.Procedure.Cancelled) turn.Leave(Outcomes.Cancelled);
        return turn.Moved(MatterWhat.Cancelled, command.By.As);
    }

    public static Step Note(Turn turn, ProceedingCommand.Note command)
    {
        var matter = turn.Now;
        var admitted = command.By switch
        {
            Actor.OfPost { Post: var post } => matter.Audience.Includes(post),
            Actor.Outside { Who: Respondent.Caller } => turn.World.Procedure.HasCaller,
            Actor.Outside { Who: var who } => matter.Before.SelectMany(b => b.Asked.Values).SelectMany(a => a).Concat(matter.Visit?.Owed.SelectMany(o => o.EverAsked) ?? []).Contains(who),
            _ => false,
        };
        if (!admitted) return Proceedings.Refuse(Refusal.WrongTeam);
        turn.Do(new Fact.Noted(command.By is Actor.Outside));
        return turn.Moved(MatterWhat.Noted, command.By.As);
    }

    public static Step OpenChild(Turn turn, ProceedingCommand.OpenChild command)
    {
        var (matter, by) = (turn.Now, command.By);
        if (!matter.OwedBy(by).Any() && !by.IsAmong([matter.Starter]) && !turn.IsDesk(by)) return Proceedings.Refuse(matter.Audience.Includes(by) ? Refusal.NotEntitled : Refusal.WrongTeam);
        if (!turn.World.OnDuty.Contains(by.Id)) return Proceedings.Refuse(Refusal.NotOnDuty);
        if (matter.Children.Length >= Proceeding.MaxChildren) return Proceedings.Refuse(Refusal.OutOfBounds);
        turn.Do(new Fact.ChildOpened(command.Child));
        return turn.Moved(MatterWhat.ChildOpened, new Respondent.OfPost(by.Id));
    }

    public static Step ChildEnded(Turn turn, ProceedingCommand.ChildEnded command)
    {
        if (turn.Now.Children.FirstOrDefault(c => c.No == command.Child) is not { Outcome: null }) return new Step.Already();
        turn.Do(new Fact.ChildEnded(command.Child, command.Outcome));
        if (turn.Now.IsOpen) turn.Settle();
        return turn.Moved(MatterWhat.ChildEnded, null);
    }

    /// <summary>本人回避: open to anyone who sees the matter, on duty or not, and final.</summary>
    public static Step Recuse(Turn turn, ProceedingCommand.Recuse command)
    {
        var by = command.By;
        if (!turn.Now.Audience.Includes(by)) return Proceedings.Refuse(Refusal.WrongTeam);
        if (turn.Now.Recusal.Posts.Length >= Recusals.Limit) return Proceedings.Refuse(Refusal.OutOfBounds);
        return Hide(turn, Recusal.None with { Posts = [by.Id, .. by.Also] }, MatterWhat.Recused, new Respondent.OfPost(by.Id)); // the person, under any of their posts
    }

    /// <summary>Hides it from more posts.</summary>
    public static Step Hide(Turn turn, Recusal more, MatterWhat what, Respondent? by)
    {
        var recusal = turn.Now.Recusal.And(more);
        if (recusal == turn.Now.Recusal) return new Step.Already();
        turn.Do(new Fact.Hidden(recusal));
        AskAgain(turn);
        return turn.Moved(what, by);
    }

    /// <summary>
    /// What nobody of those asked can answer any more is asked of the desk: it is hidden from them, they have answered under another post, or what they have done
    /// meanwhile bars them. A vote goes on without them.
    /// </summary>
    public static void AskAgain(Turn turn)
    {
        var others = false;
        foreach (var owed in turn.Now.Visit?.Owed.Where(o => !o.IsMet) ?? [])
        {
            var ask = turn.World.Procedure.FindAsk(owed.Ask)!;
            bool Free(Post post) => !turn.Now.Recusal.Covers(post) && !Roles.IsBarred(ask, post, turn.Now) && !owed.Answers.Any(given => Proceeding.IsBy(given, post));
            if (owed.Silent.FirstOrDefault(a => !Roles.IsHeld(a, turn.World, Free)) is not { } gone) continue;
            ImmutableArray<Respondent> left = [.. owed.Silent.Where(a => Roles.IsHeld(a, turn.World, Free))];
            if (left.IsEmpty && turn.Stage.Gate is not Gate.Vote) left = [Roles.Desk(turn.Now, turn.World, Free)];
            if (left.SequenceEqual(owed.Silent)) continue;
            Replace(turn, owed, ask, left);
            turn.Tell([new Fact.Skipped(owed.Ask, gone.ToString()!)]);
            others = true;
        }

        if (others) turn.Settle();
    }

    /// <summary>Asks others in place of those who have not answered; the answers given stay.</summary>
    private static void Replace(Turn turn, Owed owed, Ask ask, ImmutableArray<Respondent> others)
    {
        var asked = Roles.OncePerPerson(owed.Asked.Where(a => owed.Answers.Any(g => g.For == a)).Concat(others), turn.World);
        turn.Do(new Fact.Asked(owed.Key, asked, turn.Stage.Gate is Gate.Vote ? asked.Length : ask.Need.Of(asked.Length)));
    }
}
