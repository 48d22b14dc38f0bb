using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using static DispatchCenter.Domain.Matters.ProceedingCommand;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>Walks one matter and looks at every step.</summary>
internal sealed class MatterWalker(MatterWalk walk)
{
    private readonly HashSet<(string Key, DateTimeOffset From, int Visit, ClockAct? Act)> _acts = [];
    private readonly List<Change> _journal = [];
    private readonly HashSet<string> _everOwed = [];
    private readonly HashSet<string> _owed = [];
    private readonly List<(string Ask, Respondent By)> _did = [];
    private readonly Dictionary<int, bool> _items = [];
    private DateTimeOffset _now = walk.Start;
    private OnDuty _onDuty = walk.Posts.OnDuty(walk.Seed);
    private Proceeding _matter = null!;
    private string _text = string.Empty;

    public HashSet<string> Seen { get; } = [];

    public int Moved { get; private set; }

    public int Refused { get; private set; }

    private MatterWorld World => new(_now, walk.Procedure, DefaultPolicy, Calendar, Map, _onDuty, walk.Posts.Held);

    public void Go()
    {
        var starter = walk.Posts.Held[walk.Seed % walk.Posts.Held.Length];
        GridCode? grid = walk.Procedure.Place == PlaceKind.Grid ? new(walk.Grid) : null;
        CommunityCode? community = walk.Procedure.Place == PlaceKind.Street ? null : Map.FindGrid(walk.Grid)!.Community;
        Step(Proceedings.Open(new Opening(new("MT-00000001"), starter, community, grid, Origin.Staff), World), by: null);
        foreach (var move in walk.Moves)
        {
            switch (move)
            {
                case Move.Wait wait:
                    _now += wait.For;
                    break;
                case Move.WaitForClock wait when _matter.NextDue is { } due && due >= _now:
                    _now = due.AddMilliseconds(wait.Milliseconds);
                    break;
                case Move.WaitForClock:
                    break;
                case Move.Shift shift:
                    _onDuty = walk.Posts.OnDuty(shift.Seed);
                    break;
                case Move.Try attempt:
                    CatchUp();
                    Ask(Commands(attempt.Seed).Any());
                    break;
                case Move.Proceed proceed:
                    CatchUp();
                    foreach (var command in Commands(proceed.Seed).Natural())
                        if (Ask(command)) break;
                    break;
                default:
                    throw new InvalidOperationException($"Unknown move {move}.");
            }

            CatchUp();
        }

        Assert.True(_text == MatterText.Of(_matter), "Something changed without a fact.");
        Assert.Equal(_text, MatterText.Of(_journal.Aggregate((Proceeding?)null, (matter, change) => matter.After(change.Facts))!));
    }

    private MatterCommands Commands(int seed) => new(new Random(seed), _matter, walk.Procedure, walk.Posts, _now);

    private void CatchUp()
    {
        if (_matter.NextDue is not { } first || first >= _now) return;
        var before = _matter;
        var moves = Proceedings.CatchUp(_matter, World);
        foreach (var moved in moves)
        {
            Assert.True(moved.Change.Due < _now, "A clock acted before its instant had passed.");
            Assert.Equal(_matter.NextDue, moved.Change.Due);
            ActsOnce(moved.Change);
            Step(moved, by: null);
        }

        for (var i = 1; i < moves.Length; i++) Assert.True(moves[i - 1].Change.Due <= moves[i].Change.Due, "Clocks acted out of order.");
        Assert.True(_matter.NextDue is null || _matter.NextDue >= _now, "A clock is still behind after catching up.");
        Assert.True(Proceedings.CatchUp(_matter, World).IsEmpty, "There was more to catch up with.");
        Assert.Equal(_text, MatterText.Of(OneByOne(before)));
    }

    private void ActsOnce(Change change)
    {
        Assert.Null(change.By);
        var (key, visit) = (change.Answer!, _matter.Before.Length);
        var (from, act) = key switch
        {
            Proceedings.StageKey => (_matter.Visit!.Clock!.From, change.What),
            Proceedings.PromiseKey => (_matter.Promise!.From, change.What),
            Proceedings.PauseKey => (_matter.Suspended!.From, change.What),
            _ => (_matter.Pleas.Single(p => p.Key == key).Clock.From, change.What),
        };
        if (key == Proceedings.PromiseKey) visit = 0;
        ClockAct? did = act switch
        {
            MatterWhat.Warned => ClockAct.Warn,
            MatterWhat.Lapsed => ClockAct.Lapse,
            MatterWhat.DoubleLapsed => ClockAct.DoubleLapse,
            MatterWhat.Resumed => null,
            _ => throw new InvalidOperationException($"A clock did {act}."),
        };
        Assert.True(_acts.Add((key, from, visit, did)), $"{key} acted twice.");
        if (did > ClockAct.Warn) Assert.Contains((key, from, visit, did - 1), _acts);
    }

    /// <summary>Every act at its own first millisecond, as a tick that is never late would do.</summary>
    private Proceeding OneByOne(Proceeding matter)
    {
        while (matter.NextDue is { } due && due < _now)
            matter = Assert.Single(Proceedings.CatchUp(matter, World with { Now = due.AddTicks(1) }).Take(1)).Matter;
        return matter;
    }

    private bool Ask(ProceedingCommand command)
    {
        var step = Proceedings.Decide(_matter, command, World);
        var again = Proceedings.Decide(_matter, command, World);
        var by = command.Asker;
        if (by is not null && _matter.Recusal.Covers(by)) Assert.Equal(new Step.Refused(Refusal.NotFound), step);
        if (step is not Step.Moved moved)
        {
            Assert.Equal(step, again);
            Refused++;
            return false;
        }

        Assert.Equal(MatterText.Of(moved.Change), MatterText.Of(Assert.IsType<Step.Moved>(again).Change)); // and a change determines the matter

        if (command is Lapse) ActsOnce(moved.Change);
        else Assert.Null(moved.Change.Due);
        if (by is not null)
        {
            Assert.True(walk.Posts.Held.Any(p => p.IsAmong([by.Id]) && _matter.Audience.Includes(p)), $"{by.Id} changed a matter that it may not see.");
            Assert.True(_onDuty.Contains(by.Id) || moved.Change.What is MatterWhat.Late or MatterWhat.Noted or MatterWhat.Recused, $"{by.Id} is off duty.");
            if (command is Rule rule) Assert.False(by.IsAmong([_matter.Pleas.Single(p => p.Kind == rule.Kind).By]), "Somebody decided on their own request.");
        }

        if (!_matter.IsOpen) Assert.True(moved.Change.What is MatterWhat.Late or MatterWhat.Noted or MatterWhat.ChildEnded or MatterWhat.Hidden or MatterWhat.ItemTaken, $"{moved.Change.What} after the end.");
        Step(moved, by);
        return true;
    }

    private void Step(Step.Moved moved, Post? by)
    {
        Moved++;
        Seen.Add(moved.Change.What.ToString());
        var matter = _journal.Count == 0 ? null : _matter;
        foreach (var fact in moved.Change.Facts) matter = Look(fact, matter, by);
        Assert.Equal(_journal.Count + 1, moved.Matter.Version);
        _text = MatterText.Of(moved.Matter);
        Assert.Equal(_text, MatterText.Of((_journal.Count == 0 ? null : _matter).After(moved.Change.Facts)));
        _journal.Add(moved.Change);
        _matter = moved.Matter;
        Assert.Equal(Running(_matter).Min(), _matter.NextDue);
        Assert.Equal(_owed.Order(), (_matter.Visit?.Owed.Select(o => o.Key) ?? []).Order());
        Assert.Equal(_items.OrderBy(i => i.Key).Select(i => (i.Key, i.Value)), _matter.Items.Select(i => (i.Number, i.ReturnedAt is not null)));
        if (_matter.IsOpen) Assert.True(_matter.NextDue is not null || _matter.Children.Any(c => c.Outcome is null) || _matter.Visit!.Owed.Any(CanBeAnswered), "Nothing can move it any more.");
        else Assert.Equal((null, null, true, true), (_matter.NextDue, _matter.BreachAt, _matter is { Outcome: not null, EndedAt: not null, Suspended: null }, _matter.Pleas.IsEmpty));
    }

    /// <summary>Keeps its own account of what is owed, answered and handed over.</summary>
    private Proceeding Look(Fact fact, Proceeding? matter, Post? by)
    {
        Seen.Add(fact.GetType().Name);
        switch (fact)
        {
            case Fact.Entered entered:
                Assert.Empty(_owed);
                Assert.Null(matter!.Suspended);
                foreach (var owed in entered.Visit.Owed) IsOwed(owed);
                break;
            case Fact.AlsoOwed also:
                IsOwed(also.Owed);
                break;
            case Fact.Answered answered:
                Assert.Null(matter!.Suspended);
                IsAnswered(matter, matter.Visit!.Owed.Single(o => o.Key == answered.Owed), answered.Given, by);
                _did.Add((answered.Given.Ask, answered.Given.By));
                break;
            case Fact.ItemTaken taken:
                IsAllowed(matter!, taken.Item.Ask, by);
                Assert.Equal(_items.Count + 1, taken.Item.Number);
                _items.Add(taken.Item.Number, false);
                _did.Add((taken.Item.Ask, taken.Item.By));
                break;
            case Fact.ItemReturned returned:
                Assert.False(_items[returned.Number], "An item was given back twice.");
                _items[returned.Number] = true;
                break;
            case Fact.Resumed resumed:
                KeepsWhatWasLeft(matter!.Suspended!, resumed.At, matter.Visit!.Clock, resumed.Stage);
                KeepsWhatWasLeft(matter.Suspended!, resumed.At, matter is { PromiseKept: null, IsOnItsWayOut: false } ? matter.Promise : null, resumed.Promise);
                break;
            case Fact.Asked asked:
                Assert.Contains(asked.Owed, _owed);
                break;
            case Fact.Left left:
                IsLeft(matter!.Visit!, left);
                break;
            case Fact.Ended ended:
                Assert.Empty(_owed);
                Seen.Add(ended.Outcome);
                break;
            default:
                break;
        }

        return matter.After([fact]);
    }

    private static void KeepsWhatWasLeft(Suspension pause, DateTimeOffset at, Clock? before, Clock? after)
    {
        if (before is null || after is null || before.Due < pause.From) return;
        Assert.Equal(Calendar.Elapsed(pause.From, before.Due, before.Kind), Calendar.Elapsed(at, after.Due, after.Kind));
    }

    private void IsOwed(Owed owed)
    {
        Assert.True(_everOwed.Add(owed.Key), $"{owed.Key} is owed twice.");
        _owed.Add(owed.Key);
        Assert.NotEmpty(owed.Asked);
        Assert.InRange(owed.Need, 1, owed.Asked.Length);
        Assert.Equal(owed.Asked.Length, owed.Asked.Distinct().Count());
    }

    private void IsAnswered(Proceeding matter, Owed owed, Given given, Post? by)
    {
        IsAllowed(matter, owed.Ask, by);
        Assert.Contains(given.For, owed.Silent);
        Assert.False(owed.IsMet, "An answer came after enough others.");
        Assert.DoesNotContain(owed.Answers, a => by is null ? a.By == given.By : a.By is Respondent.OfPost post && by.IsAmong([post.Post]));
        if (by is null) Assert.Equal(given.For, given.By);
        if (by is null || given.For.Admits(by)) return;
        Seen.Add("in place");
        Assert.True(
            walk.Procedure.FindStage(matter.Visit!.Stage)!.Gate is Gate.Done && by.Team is null && matter.Rung >= (by.Kind == PostKind.CommunityDesk ? Rung.Community : Rung.Street) && (by.Community is null || by.Community == matter.Community),
            $"{by.Id} answered for {given.For}.");
    }

    private void IsAllowed(Proceeding matter, string ask, Post? by)
    {
        if (by is null) return;
        Assert.False(matter.Recusal.Covers(by), $"{by.Id} is recused.");
        Assert.True(_onDuty.Contains(by.Id), $"{by.Id} is off duty.");
        Assert.False(IsBarred(matter, ask, by), $"{by.Id} is barred.");
    }

    private void IsLeft(Visit visit, Fact.Left left)
    {
        Assert.Equal(_owed.Order(), visit.Owed.Select(o => o.Key).Order());
        Seen.Add(left.Outcome);
        foreach (var owed in visit.Owed)
        {
            Seen.Add(owed.IsMet ? "met" : visit.Clock?.Breached is true ? "overdue" : "released");
            if (left.Outcome is not (Outcomes.Lapsed or Outcomes.Cancelled) && walk.Procedure.FindStage(visit.Stage)!.Gate is not Gate.Vote)
                Assert.True(owed.IsMet != (left.Outcome == Outcomes.Failed) || visit.Owed.Length > 1, $"{owed.Key} was left open by {left.Outcome}.");
        }

        _owed.Clear();
    }

    /// <summary>Whether somebody could still give an answer, on duty or not. Above the street's desk there is nobody.</summary>
    private bool CanBeAnswered(Owed owed) => !owed.IsMet && owed.Silent.Any(asked => asked is Respondent.OfParty or Respondent.Caller or Respondent.OfKind { Kind: PostKind.StreetDesk } || walk.Posts.Held.Any(p =>
        asked.Admits(p) && !_matter.Recusal.Covers(p) && !IsBarred(_matter, owed.Ask, p) && !owed.Answers.Any(a => a.By is Respondent.OfPost by && p.IsAmong([by.Post]))));

    private bool IsBarred(Proceeding matter, string ask, Post by) => walk.Procedure.FindAsk(ask)!.Barred.Any(barred =>
        barred == "starter" ? by.IsAmong([matter.Starter]) : _did.Any(d => d.Ask == barred && d.By is Respondent.OfPost post && by.IsAmong([post.Post])));

    /// <summary>The next instant of every clock that runs.</summary>
    private static IEnumerable<DateTimeOffset?> Running(Proceeding matter)
    {
        if (matter.Visit is not { } visit) yield break;
        foreach (var plea in matter.Pleas) yield return Next(plea.Clock);
        if (matter.Suspended is { } pause)
        {
            yield return pause.Until;
            yield break;
        }

        if (visit.Clock is { } clock) yield return Next(clock);
        if (matter is { Promise: { } promise, PromiseKept: null, IsOnItsWayOut: false }) yield return Next(promise);
    }

    private static DateTimeOffset? Next(Clock clock) => new DateTimeOffset?[] { clock.WarnAt, clock.Due, clock.DoubleAt, null }[clock.Acted is { } acted ? (int)acted + 1 : 0];
}
