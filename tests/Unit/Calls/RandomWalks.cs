using System.Collections.Immutable;
using System.Text.Json;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>Whatever people and clocks do to a case, in whatever order, these things hold.</summary>
public sealed class RandomWalks
{
    /// <summary>Walks that never get anywhere would prove nothing, so they must reach every state and every kind of change as well.</summary>
    [Fact]
    public void No_sequence_of_commands_and_clocks_breaks_a_promise_and_every_state_is_reached()
    {
        var (states, whats) = (new HashSet<string>(), new HashSet<What>());
        Properties.ForAll(Walk.Any, walk =>
        {
            var walker = new Walker(walk);
            walker.Go();
            states.UnionWith(walker.States);
            whats.UnionWith(walker.Whats);
        }, times: 3_000);
        Assert.Equal(typeof(CallState).GetNestedTypes().Select(t => t.Name).Order(), states.Order());
        Assert.Equal([], Enum.GetValues<What>().Except(whats));
    }
}

/// <summary>Walks one case and looks at every step.</summary>
internal sealed class Walker(Walk walk)
{
    private readonly HashSet<(string Key, DateTimeOffset From, ClockAct Act)> _acts = [];
    private readonly Policy _policy = walk.Parties ? RecusalStories.Parties() : DefaultPolicy;
    private WhistleCall _call = null!;
    private DateTimeOffset _now = walk.Start;
    private OnDuty _onDuty = Walk.PostsOf(walk.Shift);

    public HashSet<string> States { get; } = [];

    public HashSet<What> Whats { get; } = [];

    private Surroundings World => new(_now, _policy, Calendar, Map, _onDuty);

    public void Go()
    {
        var opened = Life.Open(Whistle(walk.Category, walk.Grid, walk.Danger, walk.Hide), World);
        Assert.Equal(1, opened.Call.Version);
        Look(opened);
        SomebodyListens();
        foreach (var turn in walk.Turns)
        {
            switch (turn)
            {
                case Turn.Wait wait:
                    _now += wait.For;
                    break;
                case Turn.WaitForClock wait when _call.NextDue is { } due && due >= _now:
                    _now = due.AddMilliseconds(wait.Milliseconds);
                    break;
                case Turn.WaitForClock:
                    break;
                case Turn.Shift shift:
                    _onDuty = Walk.PostsOf(shift.Seed);
                    break;
                case Turn.Try attempt:
                    CatchUp();
                    Ask(attempt.Command);
                    break;
                case Turn.Proceed proceed:
                    CatchUp();
                    foreach (var command in Natural(new Random(proceed.Seed)))
                        if (Ask(command)) break;
                    break;
                default:
                    throw new InvalidOperationException($"Unknown turn {turn}.");
            }

            CatchUp();
        }
    }

    private void CatchUp()
    {
        var before = _call;
        var moves = Life.CatchUp(_call, World);
        foreach (var moved in moves)
        {
            Assert.True(moved.Happening.Due < _now, "A clock acted before its instant had passed.");
            Step(moved);
        }

        Assert.Equal(moves.Select(m => m.Happening.Due).Order(), moves.Select(m => m.Happening.Due));
        Assert.True(_call.NextDue is null || _call.NextDue >= _now, "A clock is still behind after catching up.");
        if (moves.IsEmpty) return;
        Assert.Empty(Life.CatchUp(_call, World));
        Assert.Equal(Text(_call), Text(OneByOne(before)));
    }

    /// <summary>Every act at its own first millisecond, as a tick that is never late would do.</summary>
    private WhistleCall OneByOne(WhistleCall call)
    {
        while (call.NextDue is { } due && due < _now)
            call = Assert.Single(Life.CatchUp(call, World with { Now = due.AddTicks(1) }).Take(1)).Call;
        return call;
    }

    private bool Ask(CallCommand command)
    {
        var decision = Life.Decide(_call, command, World);
        var by = command.Asker;
        if (by is not null && _call.Recusal.Covers(by)) Assert.Equal(new Decision.Refused(Refusal.NotFound), decision);
        if (decision is not Decision.Moved moved) return false;
        if (by is not null)
        {
            Assert.True(_call.Audience.Includes(by) || moved.Happening.What is What.Verified or What.Rejected or What.Parted, $"{by.Id} changed a case that it may not see.");
            var finishesOwn = _call.Lead is Lead.OfTeam lead && lead.Post == by.Id;
            Assert.True(_onDuty.Contains(by.Id) || finishesOwn || command is CallCommand.Note or CallCommand.Absorb, $"{by.Id} is off duty.");
            Assert.False(
                by.Kind is PostKind.BuildingHead or PostKind.Leader && command is not (CallCommand.Note or CallCommand.ConfirmEmergency or CallCommand.Absorb)
                && !(by.Kind == PostKind.Leader && command is CallCommand.Rule), "A volunteer or a leader answered.");
            if (command is CallCommand.Rule ruled) Assert.NotEqual(by.Id, _call.Petitions.Single(p => p.Kind == ruled.Kind).By);
        }

        if (moved.Happening.What is What.Verified or What.Rejected) Assert.DoesNotContain(by!.Id, _call.TookPart);
        Step(moved);
        if (moved.Happening.What is What.Returned) SomebodyListens();
        return true;
    }

    private void Step(Decision.Moved moved)
    {
        var (before, after, happening) = (_call, moved.Call, moved.Happening);
        Assert.Equal(before.Version + 1, after.Version);
        Assert.False(before.IsOver && happening.What != What.Parted, "A case that is over changed.");
        if (happening.Due is not null) Assert.True(_acts.Add(ActOf(before)), "A clock acted twice.");
        Assert.True(after.Rung >= before.Rung, "The rung descended.");
        Assert.Equal(before.TookPart, after.TookPart.Take(before.TookPart.Length));
        Assert.Equal(before.Returned, after.Returned.Take(before.Returned.Length));
        Assert.True(after.Reopened >= before.Reopened && after.Rejected >= before.Rejected && (after.Supervised || !before.Supervised));
        foreach (var (old, kept) in before.Answers.Zip(after.Answers))
        {
            Assert.Equal((old.Key, old.Kind, old.Party, old.Clock.From), (kept.Key, kept.Kind, kept.Party, kept.Clock.From));
            var recused = kept is { Released: true, Met: null, Party: "property" } && after.Recusal.Property && !before.Recusal.Property;
            Assert.True(old.Required == kept.Required || happening.What == What.Released || recused, "An answer is owed no longer.");
            Moves(old.Clock, kept.Clock, before, after, happening);
            Assert.True((kept.Clock.Acted ?? (ClockAct)(-1)) >= (old.Clock.Acted ?? (ClockAct)(-1)), "An act was forgotten.");
            Assert.True(kept.Met == old.Met || old.Met is null || happening.What is What.Returned or What.Designated or What.Corrected, "An answer was unmet.");
        }

        Assert.True(after.Answers.Length >= before.Answers.Length, "An answer disappeared.");
        if (after.State is CallState.Ringing)
            Assert.All(after.Ringing.Except(before.Ringing), team => Assert.True(_onDuty.CanAnswer(team, after.Recusal), $"{team} was rung with nobody on duty."));
        Look(moved);
        if (happening is { What: What.Lapsed or What.DoubleLapsed, Answer: "accept" } && after.State is CallState.Ringing) SomebodyListens();
    }

    /// <summary>A due moves only by a pause (what was left is left), by an extension (by its length), or by a correction or 疑难 (from the first receipt).</summary>
    private void Moves(Clock old, Clock kept, WhistleCall before, WhistleCall after, Happening happening)
    {
        if (old.Due == kept.Due && old.WarnAt == kept.WarnAt && old.DoubleAt == kept.DoubleAt) return;
        if (before.Suspended is { } suspended && after.Suspended is null)
        {
            var to = after.Pauses[^1].To;
            Assert.True(happening.What == What.Resumed || happening.Detail.Contains("resumed"), "The clocks go on and nobody says so.");
            foreach (var (was, now) in new[] { (old.WarnAt, kept.WarnAt), (old.Due, kept.Due), (old.DoubleAt, kept.DoubleAt) })
                Assert.Equal(was < suspended.From ? was : Calendar.Add(to, new Span(old.Kind, Calendar.Elapsed(suspended.From, was, old.Kind))), now);
            Assert.Equal(
                Calendar.Elapsed(suspended.From, old.DoubleAt, old.Kind), Calendar.Elapsed(to, kept.DoubleAt, old.Kind));
            return;
        }

        if (happening.What == What.Granted) Assert.Equal(after.Extended, Calendar.Elapsed(old.DoubleAt, kept.DoubleAt, old.Kind));
        else Assert.True(happening.What is What.Corrected or What.Difficult, $"A due moved because of {happening.What}.");
        if (happening.What == What.Corrected && before.Pauses.IsEmpty && before.Extended is null)
            Assert.Contains(kept.Due, after.Answers.Where(a => a.Clock == kept).Select(a => Calendar.Add(after.OpenedAt, _policy.Limit(after.Level, a.Key))));
    }

    private void Look(Decision.Moved moved)
    {
        _call = moved.Call;
        States.Add(_call.State.GetType().Name);
        Whats.Add(moved.Happening.What);
        var (accept, arrive, resolve) = (_call.Owed(AnswerKind.Accept)!, _call.Owed(AnswerKind.Arrive)!, _call.Owed(AnswerKind.Resolve)!);
        Assert.Equal(
            _call.State switch
            {
                CallState.Ringing => (false, false, false),
                CallState.Accepted => (true, false, false),
                CallState.OnScene => (true, true, false),
                CallState.Resolved or CallState.Verified or CallState.Closed => (true, true, true),
                CallState.HandedUp => (true, true, false),
                CallState.Withdrawn or CallState.Declined or CallState.Merged => (accept.Met is not null, arrive.Met is not null, false),
                _ => throw new InvalidOperationException($"Unknown state {_call.State}."),
            },
            (accept.Met is not null, arrive.Met is not null, resolve.Met is not null));
        if (_call.State is CallState.Resolved or CallState.Verified or CallState.Closed)
            Assert.DoesNotContain(_call.Answers, a => a is { Required: true, IsOwed: true });
        if (!_call.IsOpen) Assert.Null(_call.NextDue);
        else if (_call.NextDue is null) Assert.Equal(Rung.Street, _call.Rung);
        if (_call.Lead is Lead.OfStreet) Assert.True(_call.Rung == Rung.Street || _call.Level == Level.S1);
        Distinct(_call.Answers.Select(a => a.Key));
        Distinct(_call.Ringing);
        Distinct(_call.Attached);
        Distinct(_call.Returned);
        Distinct(_call.Teams);
        Distinct(_call.TookPart);
        if (_call.State is CallState.Ringing) Assert.DoesNotContain(_call.Ringing.Intersect(_call.Returned), t => t != _call.Designated);
        if (_call.Suspended is not null) Assert.True(_call.State is CallState.Accepted or CallState.OnScene);
        Distinct(_call.Petitions.Select(p => p.Kind));
        if (!_call.Abroad)
            Assert.All(_call.Teams, t => Assert.Equal(_call.Community, Map.FindTeam(t.Value)!.Community));
        if (_call.Recusal.Property)
            Assert.DoesNotContain(Everybody, post => post.Kind == PostKind.Property && _call.Audience.Includes(post));
        Assert.Equal(Text(_call), Text(JsonSerializer.Deserialize<WhistleCall>(Text(_call))!));
    }

    /// <summary>Somebody on duty may take it now, or it stands at the street and says that nobody is there.</summary>
    private void SomebodyListens() => Assert.True(
        _call is { Rung: Rung.Street, NobodyOnDuty: true } || Everybody.Any(post => Life.Decide(_call, new CallCommand.Accept(post), World) is Decision.Moved),
        "It rings where nobody is on duty.");

    private static (string Key, DateTimeOffset From, ClockAct Act) ActOf(WhistleCall call)
    {
        IEnumerable<(string Key, Clock Clock)> running = call.State switch
        {
            CallState.Resolved s => [(Life.VerifyKey, s.Verify)],
            CallState.Verified s => [(Life.EvaluateKey, s.Evaluate)],
            CallState.HandedUp s => [(Life.OutsideKey, s.Outside)],
            _ => [.. call.Suspended is null ? call.Answers.Where(a => a.IsOwed).Select(a => (a.Key, a.Clock)) : [], .. call.Petitions.Select(p => (p.Key, p.Clock))],
        };
        if (call.Suspended is { } suspended && suspended.Until == call.NextDue) return (Life.SuspensionKey, suspended.From, ClockAct.Lapse);
        var (key, clock) = running.First(r => r.Clock.Next?.At == call.NextDue);
        return (key, clock.From, clock.Next!.Value.Act);
    }

    private List<CallCommand> Natural(Random random)
    {
        var posts = Everybody.ToArray();
        random.Shuffle(posts);
        List<CallCommand> asked = [];
        if (random.Next(8) == 0) asked.AddRange(posts.Select(p => new CallCommand.Return(p, ReturnReason.Unsafe)));
        if (random.Next(4) == 0) asked.AddRange(posts.OrderBy(p => p.Team is null ? 0 : random.Next(4)).Select(p => Walk.AnyOrder(p, random.Next(), _now)));
        if (random.Next(12) == 0) asked.AddRange(posts.Select(p => new CallCommand.Request(p, PetitionKind.Decline)));
        if (!_call.Petitions.IsEmpty && random.Next(2) == 0) asked.AddRange(posts.Select(p => new CallCommand.Rule(p, _call.Petitions[0].Kind, Granted: random.Next(4) > 0)));
        if (_call.Answers.FirstOrDefault(x => x is { Kind: AnswerKind.Attend, IsOwed: true }) is { } called && random.Next(3) == 0)
            asked.AddRange(posts.Select(CallCommand (p) => random.Next(2) == 0 ? new CallCommand.Release(p, called.Key) : new CallCommand.Attend(p, called.Key)));
        if (random.Next(12) == 0) asked.AddRange(posts.Select(p => new CallCommand.Summon(p, "gas")));
        if (_call.State is CallState.Verified && random.Next(3) == 0) asked.AddRange(posts.Select(p => new CallCommand.Callback(p, CallbackResult.NoAnswer, null, null)));
        if (_call.State is CallState.Merged) asked.AddRange(posts.Select(p => new CallCommand.Unmerge(p)));
        asked.AddRange(posts.Select(p => new CallCommand.Accept(p)));
        asked.AddRange(posts.Select(p => new CallCommand.Arrive(p)));
        if (walk.Parties) asked.AddRange(posts.SelectMany(p => new[] { "committee", "property" }.Select(key => new CallCommand.Acknowledge(p, key))));
        asked.AddRange(posts.Select(p => new CallCommand.Resolve(p)));
        asked.AddRange(posts.Select(p => new CallCommand.Verify(p, Passed: random.Next(4) > 0)));
        asked.Add(new CallCommand.Evaluate(Solved: random.Next(2) == 0, (Satisfaction)random.Next(3)));
        return asked;
    }

    private static void Distinct<T>(IEnumerable<T> items) => Assert.Distinct(items);

    private static string Text(WhistleCall call) => JsonSerializer.Serialize(call);
}
