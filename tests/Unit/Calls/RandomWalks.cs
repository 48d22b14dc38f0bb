using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Rates;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
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
        }, times: 10_000);
        Assert.Equal(typeof(CallState).GetNestedTypes().Where(t => !t.IsAbstract).Select(t => t.Name).Order(), states.Order());
        Assert.Equal([], Enum.GetValues<What>().Except(whats));
    }
}

/// <summary>Walks one case and looks at every step.</summary>
internal sealed class Walker(Walk walk)
{
    private static readonly Policy Parties = RecusalStories.Parties();

    private readonly HashSet<(string Key, DateTimeOffset From, ClockAct Act)> _acts = [];
    private readonly Policy _policy = walk.Parties ? Parties : DefaultPolicy;
    private WhistleCall _call = null!;
    private DateTimeOffset _now = walk.Start;
    private OnDuty _onDuty = Walk.PostsOf(walk.Shift);
    private readonly List<RateEntry> _journal = [];
    private readonly RateBook _folded = new();

    public HashSet<string> States { get; } = [];

    public HashSet<What> Whats { get; } = [];

    private Surroundings World => new(_now, _policy, Calendar, Map, _onDuty);

    public void Go()
    {
        var opened = Life.Open(Whistle(walk.Category, walk.Grid, walk.Danger, walk.Hide) with { Source = walk.From.Source, By = walk.From.By }, World);
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

        Keeps();
    }

    /// <summary>What the row of a case and its journal have to give back.</summary>
    private void Keeps()
    {
        Assert.Equal(Text(_call), Text(CallJson.Read(Text(_call))));
        var anew = new RateBook();
        foreach (var entry in _journal) anew.Apply(entry);
        foreach (var asOf in new[] { _journal[^1].At, _now, _now.AddDays(40) })
        {
            Assert.True(anew.At(asOf, RatesBy.Team).SequenceEqual(_folded.At(asOf, RatesBy.Team)), "The rates by team are others when they are computed anew.");
            Assert.True(anew.At(asOf, RatesBy.Street).SequenceEqual(_folded.At(asOf, RatesBy.Street)), "The rates are others when they are computed anew.");
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

        for (var i = 1; i < moves.Length; i++) Assert.True(moves[i - 1].Happening.Due <= moves[i].Happening.Due, "Clocks acted out of order.");
        Assert.True(_call.NextDue is null || _call.NextDue >= _now, "A clock is still behind after catching up.");
        if (moves.IsEmpty) return;
        Assert.True(Life.CatchUp(_call, World).IsEmpty, "There was more to catch up with.");
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
            if (!_call.Audience.Includes(by)) Assert.True(moved.Happening.What is What.Verified or What.Rejected or What.Recused || command is CallCommand.Absorb { Leaves: true }, $"{by.Id} changed a case that it may not see.");
            var finishesOwn = (_call.Lead is Lead.OfTeam lead && lead.Post == by.Id)
                || (command is CallCommand.Arrive or CallCommand.Resolve && by.Team is not null && _call.Owed(AnswerKind.Accept)?.Met?.By == by.Id);
            Assert.True(_onDuty.Contains(by.Id) || finishesOwn || command is CallCommand.Note or CallCommand.Absorb or CallCommand.Recuse, $"{by.Id} is off duty.");
            Assert.False(
                by.Kind is PostKind.BuildingHead or PostKind.Leader && command is not (CallCommand.Note or CallCommand.ConfirmEmergency or CallCommand.Absorb or CallCommand.Recuse)
                && !(by.Kind == PostKind.Leader && command is CallCommand.Rule or CallCommand.RuleExemption), "A volunteer or a leader answered.");
            if (command is CallCommand.RuleExemption exempted) Assert.NotEqual(by.Id, _call.Exemptions.Single(e => e.Answer == exempted.Answer).By);
            if (command is CallCommand.Rule ruled) Assert.NotEqual(by.Id, _call.Petitions.Single(p => p.Kind == ruled.Kind).By);
        }

        if (command is CallCommand.CallHelp or CallCommand.AnswerHelp)
            Assert.Equal((_call.State, _call.Rung, string.Join(',', _call.Teams), _call.BreachAt), (moved.Call.State, moved.Call.Rung, string.Join(',', moved.Call.Teams), moved.Call.BreachAt)); // the lead keeps it
        if (moved.Happening.What is What.Verified or What.Rejected || command is CallCommand.Callback)
        {
            Assert.DoesNotContain(by!.Id, _call.TookPart);
            Assert.NotEqual(walk.From.By?.Id, by.Id);
        }

        if (command is CallCommand.Evaluate { Of: null }) Assert.NotEqual(Source.Patrol, _call.Source);
        Assert.Equal(_call.CallerNotes + (moved.Happening is { What: What.Noted, By: null } ? 1 : 0), moved.Call.CallerNotes);
        Step(moved);
        if (moved.Happening.What is What.Returned || (moved.Happening.What is What.Recused or What.Hidden && _call.State is CallState.Ringing)) SomebodyListens();
        return true;
    }

    private void Step(Decision.Moved moved)
    {
        var (before, after, happening) = (_call, moved.Call, moved.Happening);
        Assert.True(before.Version + 1 == after.Version, "A version is missing.");
        Assert.False(before.IsOver && happening.What is not (What.Parted or What.EvaluatedPart or What.Hidden or What.ExemptionAsked or What.Exempted or What.ExemptionDenied), "A case that is over changed.");
        if (happening.Due is not null) Assert.True(_acts.Add(ActOf(before)), "A clock acted twice.");
        Assert.True(after.Rung >= before.Rung, "The rung descended.");
        Assert.True(after.TookPart.AsSpan().StartsWith(before.TookPart.AsSpan()), "Somebody who took part was forgotten.");
        Assert.True(after.Returned.AsSpan().StartsWith(before.Returned.AsSpan()), "A return was forgotten.");
        Assert.True(after.Reopened >= before.Reopened && after.Rejected >= before.Rejected && (after.Supervised || !before.Supervised));
        foreach (var (old, kept) in before.Answers.Zip(after.Answers))
        {
            Assert.True((old.Key, old.Kind, old.Party, old.Clock.From) == (kept.Key, kept.Kind, kept.Party, kept.Clock.From), "An answer became another.");
            var recused = kept is { Released: true, Met: null, Party: "property" } && after.Recusal.Property && !before.Recusal.Property;
            Assert.True(old.Required == kept.Required || happening.What == What.Released || recused, "An answer is owed no longer.");
            Moves(old.Clock, kept.Clock, before, after, happening);
            Assert.True((kept.Clock.Acted ?? (ClockAct)(-1)) >= (old.Clock.Acted ?? (ClockAct)(-1)), "An act was forgotten.");
            Assert.True(kept.Met == old.Met || old.Met is null || happening.What is What.Returned or What.Designated or What.Corrected or What.Recused or What.Hidden or What.Joined, "An answer was unmet.");
        }

        Assert.True(after.Answers.Length >= before.Answers.Length, "An answer disappeared.");
        if (after.State is CallState.Ringing)
            foreach (var team in after.Ringing)
                if (!before.Ringing.Contains(team)) Assert.True(_onDuty.CanAnswer(team, after.Recusal), "A team was rung with nobody on duty.");
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
            Assert.True(happening.What == What.Resumed || happening.Detail.Contains(new Detail.Resumed()), "The clocks go on and nobody says so.");
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
        Assert.True((accept.Met is not null, arrive.Met is not null, resolve.Met is not null) ==
            _call.State switch
            {
                CallState.Ringing => (false, false, false),
                CallState.Accepted => (true, false, false),
                CallState.OnScene => (true, true, false),
                CallState.Resolved or CallState.Verified or CallState.Closed => (true, true, true),
                CallState.HandedUp => (true, true, false),
                CallState.Withdrawn or CallState.Declined or CallState.Merged => (accept.Met is not null, arrive.Met is not null, false),
                _ => throw new InvalidOperationException($"Unknown state {_call.State}."),
            }, "The answers are not those of the state.");
        if (_call.State is CallState.Resolved or CallState.Verified or CallState.Closed)
            Assert.False(_call.Answers.Any(a => a is { Required: true, IsOwed: true }), "A case is resolved that still owes an answer.");
        if (!_call.IsOpen) Assert.Null(_call.NextDue);
        else if (_call.NextDue is null) Assert.Equal(Rung.Street, _call.Rung);
        if (_call.Lead is Lead.OfStreet) Assert.True(_call.Rung == Rung.Street || _call.Level == Level.S1);
        Distinct([.. _call.Answers.Select(a => a.Key)]);
        Distinct(_call.Ringing);
        Distinct(_call.Attached);
        Distinct(_call.Returned);
        Distinct(_call.Teams);
        Distinct(_call.Helpers);
        Assert.Empty(_call.Helpers.Intersect(_call.Teams));
        Distinct(_call.TookPart);
        if (_call.State is CallState.Ringing && !_call.Returned.IsEmpty) Assert.DoesNotContain(_call.Ringing.Intersect(_call.Returned), t => t != _call.Designated);
        if (_call.Suspended is not null) Assert.True(_call.State is CallState.Accepted or CallState.OnScene);
        Distinct([.. _call.Petitions.Select(p => p.Kind)]);
        if (!_call.Abroad)
            foreach (var team in _call.Teams.Concat(_call.Helpers)) Assert.True(_call.Community == Map.FindTeam(team.Value)!.Community, "A team of another community works on it unmarked.");
        if (_call.Recusal != Recusal.None)
            foreach (var post in Everybody)
                Assert.False(_call.Recusal.Covers(post) && (_call.Audience.Includes(post) || _call.Rings(post)), "It is seen by whom it is hidden from.");
        Fold(moved);
    }

    /// <summary>The journal's entry of this change, and that up to here the case's time splits without a remainder.</summary>
    private void Fold(Decision.Moved moved)
    {
        var happening = moved.Happening;
        var entry = new RateEntry(_call.No.Value, _call.Version, _now, Names.Camel(happening.What), happening.Due, happening.Detail, RateJournalQueries.CardOf(Cards.Of(_call)));
        _journal.Add(entry);
        _folded.Apply(entry);
        var told = _folded.Cases.Single();
        foreach (var asOf in new[] { _now, _now.AddMinutes(7) })
        {
            Assert.True(told.Time(asOf) == told.Parts(asOf).Sum, "The parts are not the whole.");
            Assert.True(told.Parts(asOf) is var (push, reach, human, department, pause) && Min(push, reach, human, department, pause) >= TimeSpan.Zero, "A part is negative.");
        }

        static TimeSpan Min(params ReadOnlySpan<TimeSpan> parts)
        {
            var least = parts[0];
            foreach (var part in parts)
                if (part < least) least = part;
            return least;
        }
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

    /// <summary>What anybody would do next, and now and then an exception first.</summary>
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
        if (_call.State is CallState.Accepted or CallState.OnScene && random.Next(12) == 0) asked.AddRange(posts.Select(p => new CallCommand.CallHelp(p, p.Team ?? Team(random.Next(1, 7)))));
        if (_call.Answers.Any(x => x is { Kind: AnswerKind.Help, IsOwed: true }) && random.Next(2) == 0) asked.AddRange(posts.Select(p => new CallCommand.AnswerHelp(p, Comes: random.Next(3) > 0)));
        if (_call.State is CallState.Verified && random.Next(3) == 0) asked.AddRange(posts.Select(p => new CallCommand.Callback(p, CallbackResult.NoAnswer, null, null)));
        if (_call.Exemptions.FirstOrDefault(x => x.Granted is null) is { } exemption && random.Next(2) == 0) asked.AddRange(posts.Select(p => new CallCommand.RuleExemption(p, exemption.Answer, random.Next(2) == 0)));
        if (_call.Answers.FirstOrDefault(x => x.Clock.Breached) is { } late && random.Next(4) == 0) asked.AddRange(posts.Select(p => new CallCommand.AskExemption(p, late.Key, ExemptionReason.Caller)));
        if (random.Next(16) == 0) asked.AddRange(posts.Select(p => new CallCommand.Recuse(p)));
        if (_call.State is CallState.Merged) asked.AddRange(posts.Select(p => new CallCommand.Unmerge(p)));
        if (_call.State is CallState.OnScene && walk.Parties) asked.AddRange(posts.SelectMany(p => new[] { "committee", "property" }.Select(key => new CallCommand.Acknowledge(p, key))));
        asked.AddRange(_call.State switch
        {
            CallState.Ringing => posts.Select(CallCommand (p) => new CallCommand.Accept(p)),
            CallState.Accepted => posts.Select(CallCommand (p) => new CallCommand.Arrive(p)),
            CallState.OnScene or CallState.HandedUp => posts.Select(CallCommand (p) => new CallCommand.Resolve(p)),
            CallState.Resolved => posts.Select(CallCommand (p) => new CallCommand.Verify(p, Passed: random.Next(4) > 0)),
            _ => [new CallCommand.Evaluate(Solved: random.Next(2) == 0, (Satisfaction)random.Next(3)) { Of = _call.Joined.IsEmpty || random.Next(2) == 0 ? null : _call.Joined[random.Next(_call.Joined.Length)] }],
        });
        return asked;
    }

    private static void Distinct<T>(ImmutableArray<T> items)
    {
        for (var i = 1; i < items.Length; i++) Assert.True(items.IndexOf(items[i]) == i, "Something is there twice.");
    }

    private static string Text(WhistleCall call) => CallJson.Write(call);
}
