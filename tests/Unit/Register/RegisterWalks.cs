using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Unit.Calls;
using FsCheck;
using FsCheck.Fluent;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Register;

/// <summary>
/// Whatever happens to a register while cases are open to which parties are called (tables, edits, retirements, ends by licence, ties that move, two communities that merge, a person
/// in five roles who leaves): no party vanishes from an open case, no clock is lost, and history says exactly who answered when.
/// </summary>
public sealed class RegisterWalks
{
    [Fact]
    public void No_change_of_the_register_loses_a_party_a_clock_or_who_answered()
    {
        var reached = new HashSet<string>();
        Properties.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var walk = new RegisterWalk(seed, Fault.None);
            walk.Go();
            reached.UnionWith(walk.Reached);
        }, times: 200);
        // Walks that never get anywhere would prove nothing.
        Assert.Equal(["attended", "disclaimed", "expired", "five roles left", "merged", "moved ties", "owed a pack's party", "refused lines", "released", "retired", "summoned", "table"], reached.Order(StringComparer.Ordinal));
    }

    /// <summary>Each of these mistakes, planted, is found: so the walk looks.</summary>
    [Theory]
    [InlineData(Fault.MapOfNow)]
    [InlineData(Fault.LatestVersions)]
    [InlineData(Fault.EndsForgotten)]
    [InlineData(Fault.TiesWithoutTheirTime)]
    [InlineData(Fault.PartyGoesWithItsEntry)]
    [InlineData(Fault.ClockStartsAnew)]
    public void A_planted_fault_is_found(Fault fault) =>
        Assert.Contains(Enumerable.Range(0, 200), seed => Record.Exception(new RegisterWalk(seed, fault).Go) is Xunit.Sdk.XunitException);
}

/// <summary>Mistakes that somebody could make.</summary>
public enum Fault
{
    None,

    /// <summary>History looks outwards over the map of today.</summary>
    MapOfNow,

    /// <summary>History reads the latest versions, whenever they were written.</summary>
    LatestVersions,

    /// <summary>What is stored forgets that an entry ends.</summary>
    EndsForgotten,

    /// <summary>What is stored forgets from when until when something is held.</summary>
    TiesWithoutTheirTime,

    /// <summary>A party leaves open cases when nobody of the register holds its role any more.</summary>
    PartyGoesWithItsEntry,

    /// <summary>The clocks of parties start again when the map changes.</summary>
    ClockStartsAnew,
}

/// <summary>One walk, drawn from a seed, on a virtual clock.</summary>
internal sealed class RegisterWalk(int seed, Fault fault)
{
    private const int Turns = 40, Questions = 60;

    private static readonly Kinds Shipped = KindsJson.Parse(RegisterBook.ShippedKinds(), 1);
    private static readonly string[] Called = ["gas", "mediation", "adviser", "water"];
    private static readonly string[] Asked = [.. Called, "branch", "volunteer", "property", "seconded"];

    private static readonly StreetMap Merged = new(
        Map.Name, Map.NameEn, [.. Map.Communities.Where(c => c.Code == C1)], [.. Map.Grids.Select(g => g with { Community = C1 })], [], [.. Map.Teams.Select(t => t with { Community = C1 })]);

    private readonly Random _random = new(seed);
    private readonly List<EntryRow> _rows = [];
    private readonly List<(DateTimeOffset At, RegisterMap Map)> _truth = [];
    private readonly Dictionary<(CallNo, string), Answer> _owed = [];
    private readonly List<WhistleCall> _calls = [];
    private readonly Policy _policy = seed % 2 == 0 ? DefaultPolicy : RecusalStories.Parties();
    private DateTimeOffset _now = At("2026-11-02 09:00").AddMinutes(seed % 10_000);
    private StreetMap _map = Map;
    private RegisterNow _register = new(new RegisterMap(Shipped, [], Map), FrozenDictionary<string, ImmutableDictionary<string, string>>.Empty, FrozenDictionary<string, int>.Empty);
    private ImmutableArray<Post> _held = Everybody;
    private OnDuty _onDuty = new(Everybody);
    private int _named;

    public HashSet<string> Reached { get; } = [];

    private Surroundings World => new(_now, _policy, Calendar, _map, _onDuty) { Held = _held };

    public void Go()
    {
        Known();
        Take(
            "code=e1|kind=estate|name=E|place=grid:g1", "code=b1|kind=building|name=B|place=e1", "code=e4|kind=estate|name=E|place=grid:g4", "code=gasworks|kind=department|name=G|place=street|holds=gas@street|phone=0632-5550001",
            "code=room1|kind=mediation|name=R|place=community:c1|phone=0632-5550002", "code=room2|kind=mediation|name=R|place=community:c2|phone=0632-5550003", "code=law2|kind=adviser|name=L|place=community:c2|person=P");
        foreach (var (grid, n) in ((string, int)[])[("g1", 1), ("g4", 2)]) _calls.Add(Life.Open(Whistle(grid: grid) with { No = new($"WH-0000000{n}") }, World).Call);
        Look();
        for (var turn = 0; turn < Turns; turn++)
        {
            _now = _now.AddMilliseconds(1);
            Turn();
            Look();
        }

        History();
    }

    private void Turn()
    {
        switch (_random.Next(14))
        {
            case 0 or 1:
                _now += TimeSpan.FromMinutes(_random.Next(3_000));
                CatchUp();
                break;
            case 2 or 3:
                Take([.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => AnyLine())]);
                Reached.Add("table");
                break;
            case 4 when Some(e => true) is { } one:
                Take($"code={one.Code}|until={Day(_random.Next(-3, 1))}");
                Reached.Add("retired");
                break;
            case 5:
                var person = $"p{++_named}";
                Take($"code={person}|kind=seconded|name=P|place={AnyPlace()}|holds={string.Join(';', Asked.Take(4).Select(role => $"{role}@{AnyPlace()}"))}|mobile=19900000001");
                break;
            case 6 when Some(e => e.Kind == "seconded" && e.Ties.Length == 4 && e.Until is null) is { } leaving: // four ties and the role of its kind
                Take($"code={leaving.Code}|until={Day(-1)}");
                _held = [.. _held.Where(p => !p.Id.Value.StartsWith("t4-worker", StringComparison.Ordinal))]; // and the posts that they held
                _onDuty = new OnDuty(_held);
                Reached.Add("five roles left");
                break;
            case 7 when Some(e => !e.Ties.IsEmpty) is { } tied:
                Take($"code={tied.Code}|holds={string.Join(';', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"{Any(Asked)}@{AnyPlace()}{AnySpan()}"))}");
                Reached.Add("moved ties");
                break;
            case 8 when Some(e => e.Kind == "adviser") is { } licensed:
                Take($"code={licensed.Code}|licenceUntil={Day(_random.Next(-2, 3))}");
                Reached.Add("expired");
                break;
            case 9 when _random.Next(3) == 0 && !ReferenceEquals(_map, Merged):
                Merge();
                break;
            case 10 or 11:
                Ask(Any(_calls), new CallCommand.Summon(StreetDesk, Any(Called)), "summoned");
                break;
            case 12 when Any(_calls) is var call && call.Answers.Where(a => a.Kind == AnswerKind.Attend && a.IsOwed).ToList() is { Count: > 0 } parties:
                var key = Any(parties).Key;
                if (_random.Next(3) == 0) Ask(call, new CallCommand.Release(StreetDesk, key), "released");
                else if (_random.Next(2) == 0) Ask(call, new CallCommand.Disclaim(key), "disclaimed");
                else Ask(call, new CallCommand.Attend(null, key), "attended");
                break;
            default:
                var at = Any(_calls);
                foreach (var post in _held.OrderBy(_ => _random.Next()))
                    if (Ask(at, at.State is CallState.Ringing ? new CallCommand.Accept(post) : new CallCommand.Arrive(post))) break;
                break;
        }
    }

    /// <summary>Two communities become one, first on the map, then in the register.</summary>
    private void Merge()
    {
        _map = Merged;
        _register = _register with { Map = new RegisterMap(Shipped, _register.Map.Entries, _map) };
        if (fault == Fault.ClockStartsAnew)
            for (var i = 0; i < _calls.Count; i++) _calls[i] = _calls[i] with { Answers = [.. _calls[i].Answers.Select(a => a.Kind == AnswerKind.Attend ? a with { Clock = Clock.Start(Calendar, _now, _policy.AttendLimit(_calls[i].Level), _policy.WarnFraction) } : a)] };
        Known();
        Look();
        _now = _now.AddMilliseconds(1);
        var c2 = RegisterMap.Of(C2);
        Take([.. _register.Map.Entries.Where(e => e.Place == c2 || e.Ties.Any(t => t.Place == c2)).OrderBy(e => e.Code, StringComparer.Ordinal)
            .Select(e => $"code={e.Code}|place={e.Place.Replace(c2, RegisterMap.Of(C1), StringComparison.Ordinal)}|holds={RegisterFile.Columns(e)[^1].Replace(c2, RegisterMap.Of(C1), StringComparison.Ordinal)}")]);
        Reached.Add("merged");
    }

    /// <summary>A table, as the program takes one: what is right is written, with a version that keeps what was.</summary>
    private void Take(params string[] lines)
    {
        var drafts = lines.Select((line, i) => new EntryDraft(i + 2, line.Split('|').Select(c => c.Split('=', 2)).ToDictionary(c => c[0], c => c[1]))).ToList();
        var (taken, refused) = new EntryReading(_register, _now).Read(drafts);
        if (refused.Count > 0) Reached.Add("refused lines");
        var (entries, versions, fields) = (_register.Map.Entries.ToDictionary(e => e.Code), _register.Versions.ToDictionary(), _register.Readable.ToDictionary());
        foreach (var (entry, said, version) in taken)
        {
            if (entries.TryGetValue(entry.Code, out var before) && before.SameAs(entry)) continue;
            foreach (var row in _rows.Where(r => r.Code == entry.Code)) row.Latest = false;
            _rows.Add(new EntryRow { Code = entry.Code, Version = version + 1, Latest = true, Kind = entry.Kind, Place = entry.Place, Data = RegisterJson.Write(entry), At = _now, ByAccount = "walk", Changed = string.Empty });
            (entries[entry.Code], versions[entry.Code]) = (entry, version + 1);
            fields[entry.Code] = fields.GetValueOrDefault(entry.Code, ImmutableDictionary<string, string>.Empty).SetItems(said.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key, f.Value!)));
        }

        _register = new RegisterNow(new RegisterMap(Shipped, entries.Values, _map), fields.ToFrozenDictionary(), versions.ToFrozenDictionary());
        if (fault == Fault.PartyGoesWithItsEntry)
            for (var i = 0; i < _calls.Count; i++) _calls[i] = _calls[i] with { Answers = [.. _calls[i].Answers.Where(a => a.Kind != AnswerKind.Attend || _register.Map.Resolve(a.Party, RegisterMap.Of(_calls[i].Grid), _now) is not null)] };
        Known();
    }

    private void Known() => _truth.Add((_now, _register.Map));

    private bool Ask(WhistleCall call, CallCommand command, string? reached = null)
    {
        CatchUp();
        var at = _calls.FindIndex(c => c.No == call.No);
        if (Life.Decide(_calls[at], command, World) is not Decision.Moved moved) return false;
        _calls[at] = moved.Call;
        if (reached is not null) Reached.Add(reached);
        foreach (var answer in moved.Call.Answers.Where(a => command is CallCommand.Release release && a.Key == release.Answer)) _owed.Remove((call.No, answer.Key));
        return true;
    }

    private void CatchUp()
    {
        for (var i = 0; i < _calls.Count; i++)
            foreach (var moved in Life.CatchUp(_calls[i], World)) _calls[i] = moved.Call;
    }

    /// <summary>Whoever was called is still there with the same clock, until they answer or somebody lets them go; and the case goes by whichever clock comes next.</summary>
    private void Look()
    {
        foreach (var call in _calls)
        {
            foreach (var ((no, key), was) in _owed.Where(o => o.Key.Item1 == call.No))
            {
                var answer = call.Answers.FirstOrDefault(a => a.Key == key);
                Assert.True(answer is not null && answer.Party == was.Party && answer.Kind == was.Kind && !answer.Released, $"{no}: {key} has vanished.");
                Assert.True(answer.Clock.From == was.Clock.From && answer.Clock.Due == was.Clock.Due, $"{no}: the clock of {key} is another.");
                if (call.State is CallState.Ringing or CallState.Accepted or CallState.OnScene && answer.IsOwed && answer.Clock.Next is { } next)
                    Assert.True(call.NextDue <= next.At, $"{no}: the clock of {key} is not listened to.");
            }

            foreach (var answer in call.Answers.Where(a => a.Kind is AnswerKind.Attend or AnswerKind.Acknowledge && a.IsOwed))
            {
                _owed[(call.No, answer.Key)] = answer;
                if (answer.Kind == AnswerKind.Acknowledge) Reached.Add("owed a pack's party");
            }

            Assert.Equal(CallJson.Write(call), CallJson.Write(CallJson.Read(CallJson.Write(call))));
        }
    }

    /// <summary>Any question about the past, put to what was stored, is answered as it would have been then.</summary>
    private void History()
    {
        for (var n = 0; n < Questions; n++)
        {
            var (at, until) = (_truth[n % _truth.Count].At, n % _truth.Count + 1 < _truth.Count ? _truth[(n % _truth.Count) + 1].At : _now);
            var then = at + ((until - at) * _random.NextDouble());
            var truth = _truth.Last(t => t.At <= then).Map;
            var rows = fault == Fault.LatestVersions ? _rows.Where(r => r.Latest) : _rows.Where(r => r.At <= then).GroupBy(r => r.Code).Select(versions => versions.MaxBy(r => r.Version)!);
            var told = new RegisterMap(Shipped, rows.Select(Read), fault == Fault.MapOfNow ? _map : truth.Map);
            string[] places = [Kinds.Street, .. truth.Map.Communities.Select(c => RegisterMap.Of(c.Code)), .. truth.Map.Grids.Select(g => RegisterMap.Of(g.Code)), .. truth.Entries.Select(e => e.Code).Order(StringComparer.Ordinal)];
            foreach (var role in Asked)
            {
                var place = places[_random.Next(places.Length)];
                var (was, has) = (truth.Resolve(role, place, then), told.Resolve(role, place, then));
                Assert.True(was?.Place == has?.Place && (was?.Holders ?? []).Select(h => h.Code).SequenceEqual((has?.Holders ?? []).Select(h => h.Code)) && (was?.Holders ?? []).Zip(has?.Holders ?? []).All(h => h.First.SameAs(h.Second)), $"{role} at {place}, {then:u}");
            }
        }
    }

    private Entry Read(EntryRow row)
    {
        var entry = RegisterJson.Read(row.Code, row.Kind, row.Place, row.Data);
        return fault switch
        {
            Fault.EndsForgotten => entry with { Until = null },
            Fault.TiesWithoutTheirTime => entry with { Ties = [.. entry.Ties.Select(t => new Tie(t.Role, t.Place, t.To))] },
            _ => entry,
        };
    }

    private string AnyLine() => _random.Next(6) switch
    {
        0 => $"code=v{_random.Next(8)}|kind=volunteer|name=V|place={Any<string>(["grid:g1", "grid:g4", "community:c1", "community:c2", "grid:g9"])}",
        1 => $"code=d{_random.Next(5)}|kind=department|name=D|place=street|holds={Any(Asked)}@{AnyPlace()}{AnySpan()}|phone=0632-5551{_random.Next(1_000):000}",
        2 => $"code=room{_random.Next(4)}|kind=mediation|name=R{_random.Next(9)}|place={Any<string>(["community:c1", "community:c2", "street"])}",
        3 => $"code=law{_random.Next(4)}|kind=adviser|name=L|person=P|place={Any<string>(["community:c1", "community:c2"])}|licenceUntil={Day(_random.Next(-2, 90))}",
        4 => $"code=b{_random.Next(4)}|kind=building|name=B|place={Any<string>(["e1", "e4", "e9", "grid:g1"])}",
        _ => $"code=e{_random.Next(6)}|kind=estate|name=E|place={Any<string>(["grid:g1", "grid:g4", "grid:g12", "community:c2"])}|until={(_random.Next(3) == 0 ? Day(_random.Next(-2, 9)) : string.Empty)}",
    };

    private string AnyPlace() => Any<string>(["street", "community:c1", "community:c2", "grid:g1", "grid:g4", "grid:g12", "e1", "b1", "e4"]);

    private string AnySpan() => _random.Next(3) switch { 0 => $"/{Day(_random.Next(-3, 2))}..", 1 => $"/..{Day(_random.Next(-1, 3))}", _ => string.Empty };

    private string Day(int days) => _now.ToOffset(WorkCalendar.Offset).AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private Entry? Some(Func<Entry, bool> fits) => _register.Map.Entries.Where(fits).OrderBy(e => e.Code, StringComparer.Ordinal).ToList() is { Count: > 0 } found ? Any(found) : null;

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
