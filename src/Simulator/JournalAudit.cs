using System.Runtime.InteropServices;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Reads the journal line by line from the start and checks its own rules. Pure; keeps one trail per case and one
/// small entry per line, never the cards.
/// </summary>
internal sealed class JournalAudit
{
    /// <summary>The longest journal that can be checked in memory.</summary>
    public const int MaxLines = 5_000_000;

    private readonly Dictionary<string, CaseTrail> _cases = [];
    private readonly List<Change> _changes = [];
    private readonly List<ClockAct> _acts = [];
    private readonly Dictionary<string, Eyes> _eyes = [];
    private readonly Dictionary<string, MatterTrail> _matters = [];

    public long Head { get; private set; }

    /// <summary>Gaps and duplicates in Seq, and in the versions of a case.</summary>
    public Faults Gaps { get; } = new();

    public Faults DoubleWinners { get; } = new();

    public Faults DoubledClocks { get; } = new();

    public IReadOnlyCollection<CaseTrail> Cases => _cases.Values;

    /// <summary>Every change, in order.</summary>
    public IReadOnlyList<Change> Changes => _changes;

    /// <summary>Every action of a clock, in order.</summary>
    public IReadOnlyList<ClockAct> ClockActs => _acts;

    /// <summary>The matters of other kinds.</summary>
    public IReadOnlyCollection<MatterTrail> Matters => _matters.Values;

    public MatterTrail? FindMatter(string callNo) => _matters.GetValueOrDefault(callNo);

    public CaseTrail? Find(string callNo) => _cases.GetValueOrDefault(callNo);

    /// <summary>The version of each case at a position in the journal.</summary>
    public Dictionary<string, int> VersionsAt(long seq)
    {
        var versions = new Dictionary<string, int>();
        foreach (var change in _changes.TakeWhile(c => c.Seq <= seq)) versions[change.Case.CallNo] = change.Version;
        return versions;
    }

    public void Add(JournalLine line)
    {
        if (_changes.Count == MaxLines) throw new BadInputException($"The journal has more than {MaxLines:N0} lines: start from a fresh demo database.");
        Gaps.Check();
        if (line.Kind is not null)
        {
            AddMatter(line);
            return;
        }

        ref var trail = ref CollectionsMarshal.GetValueRefOrAddDefault(_cases, line.CallNo, out _);
        trail ??= new CaseTrail(line.CallNo);

        if (line.Seq != Head + 1) Gaps.Add($"journal {line.Seq} follows {Head}");
        if (line.Version != trail.Version + 1) Gaps.Add($"{line.CallNo} version {line.Version} follows {trail.Version}");
        if (line.Card!.CallNo != line.CallNo || line.Card!.Version != line.Version)
            Gaps.Add($"journal {line.Seq} is about {line.CallNo} version {line.Version} but carries {line.Card!.CallNo} version {line.Card!.Version}");
        Head = line.Seq;
        _changes.Add(new Change(line.Seq, trail, line.Version, EyesOf(line.Card!)));
        TakeWinner(trail, line);
        TakeClock(trail, line);
        trail.Take(line);
    }

    /// <summary>A line about another kind of matter: in its place, and the next version of its matter.</summary>
    private void AddMatter(JournalLine line)
    {
        if (line.Seq != Head + 1) Gaps.Add($"journal {line.Seq} follows {Head}");
        ref var trail = ref CollectionsMarshal.GetValueRefOrAddDefault(_matters, line.CallNo, out _);
        trail ??= new MatterTrail(line.CallNo);
        if (line.Version != trail.Version + 1) Gaps.Add($"{line.CallNo} version {line.Version} follows {trail.Version}");
        if (line.Matter is { } card && (card.CallNo != line.CallNo || card.Version != line.Version))
            Gaps.Add($"journal {line.Seq} is about {line.CallNo} version {line.Version} but carries {card.CallNo} version {card.Version}");
        Head = line.Seq;
        trail.Take(line);
        if (line.Due is not { } due || line.By != Whats.Clock) return;
        _acts.Add(new ClockAct(line.At, line.At - due));
        DoubledClocks.Check();
        if (!trail.ClockActs.Add((line.Answer, line.What, due))) DoubledClocks.Add($"{line.CallNo} {line.Answer} {line.What} acted again at journal {line.Seq}, due {due:O}");
    }

    /// <summary>Shared by all cards with the same audience: there are few audiences and many changes.</summary>
    private Eyes EyesOf(CallCard card)
    {
        var recused = PushRules.RecusesProperty(card);
        ref var eyes = ref CollectionsMarshal.GetValueRefOrAddDefault(_eyes, $"{recused} {string.Join(' ', card.Teams)}", out _);
        return eyes ??= new Eyes(card.Teams, recused);
    }

    private void TakeWinner(CaseTrail trail, JournalLine line)
    {
        if (line.What == Whats.Accepted)
        {
            DoubleWinners.Check();
            if (trail.Holder is { } holder) DoubleWinners.Add($"{line.CallNo} was accepted by {holder} and again by {line.By} at journal {line.Seq}");
            trail.Holder = line.By;
        }
        else if (Whats.OpensAgain(line.What) || line.Card!.State == CallStates.Ringing)
        {
            trail.Holder = null; // or the lead lost it
        }
    }

    private void TakeClock(CaseTrail trail, JournalLine line)
    {
        if (Whats.OpensAgain(line.What)) trail.ClockActs.Clear();
        if (line.What == Whats.Requested) trail.ClockActs.RemoveWhere(act => act.Answer?.StartsWith("decide", StringComparison.Ordinal) == true);
        if (line.Due is not { } due || !Whats.IsOfAClock(line.What)) return;
        _acts.Add(new ClockAct(line.At, line.At - due));
        DoubledClocks.Check();
        if (!trail.ClockActs.Add((line.Answer, line.What)))
            DoubledClocks.Add($"{line.CallNo} {line.Answer} {line.What} acted again at journal {line.Seq}, due {due:O}");
    }
}

/// <summary>A clock acted, so much after the instant at which it was due.</summary>
internal readonly record struct ClockAct(DateTimeOffset At, TimeSpan Late);

/// <summary>One change of one case at one position in the journal.</summary>
internal readonly record struct Change(long Seq, CaseTrail Case, int Version, Eyes Eyes);

/// <summary>Which teams a case rings or involves, and whether their property staff are recused.</summary>
internal sealed record Eyes(IReadOnlyList<string> Teams, bool PropertyRecused)
{
    public bool Include(string? team, bool isProperty) => team is not null && Teams.Contains(team) && !(isProperty && PropertyRecused);
}

/// <summary>The journal of one case.</summary>
internal sealed class CaseTrail(string callNo)
{
    private readonly HashSet<(string What, string By)> _acts = [];

    public string CallNo { get; } = callNo;

    public int Version { get; private set; }

    public DateTimeOffset? NextDue { get; private set; }

    /// <summary>The journal position at which the case ended; null while it is open.</summary>
    public long? OverSince { get; private set; }

    public string? Holder { get; set; }

    /// <summary>How often it was accepted.</summary>
    public int Taken { get; private set; }

    /// <summary>Which posts recused themselves, and at which version.</summary>
    public Dictionary<string, int> Recused { get; } = [];

    public HashSet<(string? Answer, string What)> ClockActs { get; } = [];

    public bool Has(string what, string by) => _acts.Contains((what, by));

    public bool Has(string what) => _acts.Any(a => a.What == what);

    public void Take(JournalLine line)
    {
        Version = line.Version;
        NextDue = line.Card!.NextDue;
        OverSince = Whats.HasEnded(line.Card!.State) ? OverSince ?? line.Seq : null;
        _acts.Add((line.What, line.By));
        if (line.What == Whats.Accepted) Taken++;
        if (line.What == Whats.Recused) Recused.TryAdd(line.By, line.Version);
    }
}

/// <summary>The journal of one matter of another kind.</summary>
internal sealed class MatterTrail(string callNo)
{
    private readonly Dictionary<(string What, string? Answer, string By), int> _acts = [];
    private readonly List<(long Seq, int Version)> _changes = [];

    public string CallNo { get; } = callNo;

    public int Version { get; private set; }

    public DateTimeOffset? NextDue { get; private set; }

    /// <summary>The journal position at which it ended; null while it is open.</summary>
    public long? OverSince { get; private set; }

    /// <summary>The due instant tells one visit of a stage from the next.</summary>
    public HashSet<(string? Answer, string What, DateTimeOffset Due)> ClockActs { get; } = [];

    /// <summary>How often somebody did this.</summary>
    public int Count(string what, string? answer, string by) => _acts.GetValueOrDefault((what, answer, by));

    /// <summary>Its last change up to a position in the journal; null if there is none.</summary>
    public (long Seq, int Version)? LastUpTo(long seq) => _changes.FindLast(c => c.Seq <= seq) is { Seq: > 0 } last ? last : null;

    public void Take(JournalLine line)
    {
        Version = line.Version;
        NextDue = line.Matter?.NextDue;
        OverSince = line.Matter is { Stage: null } ? OverSince ?? line.Seq : null;
        _changes.Add((line.Seq, line.Version));
        var act = (line.What, line.Answer, line.By);
        _acts[act] = _acts.GetValueOrDefault(act) + 1;
    }
}

/// <summary>The values of <see cref="JournalLine.What"/> that the checks look for.</summary>
internal static class Whats
{
    public const string Whistled = "whistled";
    public const string Accepted = "accepted";
    public const string Arrived = "arrived";
    public const string Resolved = "resolved";
    public const string Verified = "verified";
    public const string Evaluated = "evaluated";
    public const string Reopened = "reopened";
    public const string Closed = "closed";
    public const string Rejected = "rejected";
    public const string Requested = "requested";
    public const string Recused = "recused";
    public const string Withdrawn = "withdrawn";
    public const string Noted = "noted";
    public const string Clock = "clock";
    private const string Returned = "returned";
    private const string Warned = "warned";
    private const string Lapsed = "lapsed";
    private const string DoubleLapsed = "doubleLapsed";

    /// <summary>Whether a case in this state goes no further: written down from the rules and not taken from the engine, which it judges.</summary>
    public static bool HasEnded(string state) => state is CallStates.Closed or CallStates.Withdrawn or CallStates.Merged or CallStates.Declined;

    /// <summary>After these the case can be accepted again, and clocks of the same name restart.</summary>
    public static bool OpensAgain(string what) => what is Returned or Reopened or Rejected;

    public static bool IsOfAClock(string what) => what is Warned or Lapsed or DoubleLapsed or Closed;
}
