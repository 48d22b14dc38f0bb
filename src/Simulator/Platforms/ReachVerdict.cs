using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>What a run left behind: at the street, at the platforms and with the people.</summary>
internal sealed record ReachEvidence
{
    public required IReadOnlyList<Person> People { get; init; }

    public required IReadOnlyList<JournalLine> Journal { get; init; }

    public required IReadOnlyList<OutboxEntry> Outbox { get; init; }

    /// <summary>The reports that the street has in its own table.</summary>
    public required IReadOnlyList<BelievedReport> Believed { get; init; }

    /// <summary>The numbers of the cases whose callers were told that they are taken.</summary>
    public required IReadOnlyCollection<string> Acknowledged { get; init; }

    public required Told Told { get; init; }

    public required IReadOnlyCollection<Won> Won { get; init; }

    /// <summary>How often somebody off duty or unknown tried, and what was taken from numbers that are nobody's.</summary>
    public required (int Tries, IReadOnlyCollection<string> Taken) Unentitled { get; init; }

    /// <summary>The codes that each report was answered with.</summary>
    public required ILookup<string, string> Answers { get; init; }

    /// <summary>Reports that no gateway signed, and those of them that were not refused.</summary>
    public required (int Sent, IReadOnlyCollection<string> Taken) Forged { get; init; }
}

/// <summary>A promise, what was looked at, and what broke it.</summary>
internal sealed record Checked(string Promise, int Of, IReadOnlyList<string> Broken);

/// <summary>Holds the promises against the evidence. A message is what a platform shows: a repeat that it knows by key, duplicate check or tag is the same one.</summary>
internal sealed class ReachVerdict
{
    private const string Ringing = "ringing", Digest = "digest", Accepted = "accepted", Whistled = "whistled";

    private readonly ReachEvidence _found;
    private readonly Dictionary<string, Person> _byPost;
    private readonly ILookup<(string Channel, string CallNo), OutboxEntry> _rows;
    private readonly ILookup<(string Channel, Person To, string CallNo), Telling> _told;
    private readonly HashSet<(string Channel, string Address)> _counted;
    private readonly HashSet<(string CallNo, string Post)> _cannot;

    public ReachVerdict(ReachEvidence found)
    {
        _found = found;
        _byPost = found.People.ToDictionary(p => p.Post);
        _rows = found.Outbox.ToLookup(o => (o.Channel, o.CallNo));
        _told = found.Told.All.ToLookup(t => (t.Channel, t.To, t.CallNo));
        _counted = [.. found.Outbox.Where(o => o is { Event: Digest, State: "sent" }).Select(o => (o.Channel, o.Address))];
        _cannot = [.. found.Believed.Where(b => b.IsNo).Select(b => (b.CallNo, b.Post))];
        All = [Reached(), Final(), Once(), Kept(), OneWinner(), Given(), OffDuty(), Away(), Signatures(), Same(), new("nothing reached a platform that it had to refuse", found.Told.All.Count(), [.. found.Told.Wrong])];
    }

    public IReadOnlyList<Checked> All { get; }

    public bool Held => All.All(c => c.Broken.Count == 0);

    /// <summary>How those who are to be told of a ringing case were: by how many ways, or why by none.</summary>
    public Dictionary<string, int> Ways { get; } = [];

    /// <summary>Whoever was on duty all the time and is called for a case got it on some way, or each way says why not.</summary>
    private Checked Reached()
    {
        var (broken, pairs) = (new List<string>(), 0);
        foreach (var line in _found.Journal.Where(l => l is { What: Whistled, Card.State: CallStates.Ringing }))
        {
            var recused = PushRules.RecusesProperty(line.Card!);
            foreach (var person in _found.People.Where(p => p is { WasAlwaysOn: true, StaysAway: false } && line.Card!.Teams.Any(team => p.IsCalledFor(team, recused))))
            {
                pairs++;
                var ways = ReachRun.Channels.Select(channel => (Channel: channel, Is: WayOf(channel, person, line.CallNo))).ToList();
                var reached = ways.Count(w => w.Is == "told");
                var how = reached > 0 ? $"told by {reached}" : $"by none: {string.Join(", ", ways.Select(w => $"{w.Channel} {w.Is}"))}";
                Ways[how] = Ways.GetValueOrDefault(how) + 1;
                broken.AddRange(ways.Where(w => w.Is is null or "").Select(w => $"{person.Me.UserName} was not told of {line.CallNo} by {w.Channel}, and nothing says why"));
            }
        }

        return new("each person to be told was told, or it says why not", pairs, broken);
    }

    /// <summary>told; or what the street says of it; empty if it says nothing.</summary>
    private string? WayOf(string channel, Person person, string callNo)
    {
        var of = _rows[(channel, callNo)].Where(o => o.Event == Ringing).ToList();
        if (of.FirstOrDefault(o => o.Post == person.Post) is not { } own)
            return _cannot.Contains((callNo, person.Post)) ? "not after they said no" : of.FirstOrDefault(o => o.Post is null) is { State: not ("waiting" or "expanded") } place ? $"{place.State} {place.Why}".TrimEnd() : null;
        return own.State switch
        {
            "sent" => IsShown(own, person) ? "told" : null,
            "collapsed" => _counted.Contains((own.Channel, own.Address)) ? "told" : "in a count that was not sent",
            "cancelled" => $"cancelled {own.Why}".TrimEnd(),
            "waiting" => null,
            _ => own.Why.Length == 0 ? null : $"{own.State} {own.Why}",
        };
    }

    private bool IsShown(OutboxEntry row, Person person) => _told[(row.Channel, person, row.CallNo)].Any(t => row.Channel == PushService.Channel || t.Name == row.Key);

    private Checked Final() => new("each message is sent, or ended with a reason; what is sent was taken by a platform", _found.Outbox.Count, [.. from row in _found.Outbox
        where row.State == "waiting" || (row.State is "dead" or "skipped" && row.Why.Length == 0) || (row is { State: "sent", Post: { } post, Event: not Digest } && _byPost.TryGetValue(post, out var to) && !IsShown(row, to))
        select $"{row.Channel} {row.Address} {row.Event} {row.CallNo} {row.State} {row.Why}"]);

    private Checked Once()
    {
        var events = _found.Outbox.ToDictionary(o => o.Key, o => o.Event);
        var shown = _found.Told.All.Where(t => t.CallNo.Length > 0).GroupBy(t => (t.Channel, t.To, t.CallNo, Event: t.Channel == PushService.Channel ? Ringing : events.GetValueOrDefault(t.Name) is { } known ? known == "answered" ? t.Name : known : "unknown to the street")).ToList();
        return new("nobody was told twice of one event on one way", shown.Count, [.. shown.Where(g => g.Count() > 1 || g.Key.Event == "unknown to the street").Select(g => $"{g.Key.To.Me.UserName} {g.Key.Channel} {g.Key.CallNo} {g.Key.Event}: {string.Join(" | ", g.Select(t => t.Name))}")]);
    }

    private IEnumerable<JournalLine> Accepts => _found.Journal.Where(l => l.What == Accepted);

    private Checked Kept()
    {
        var accepts = Accepts.Select(l => (l.CallNo, l.By)).ToHashSet();
        return new("no confirmed accept is lost", _found.Won.Count, [.. _found.Won.Where(w => !accepts.Contains((w.CallNo, w.Post))).Select(w => $"{w.CallNo} by {w.Via}")]);
    }

    private Checked OneWinner()
    {
        var winners = Accepts.ToLookup(l => l.CallNo);
        return new("each case has one winner", _found.Acknowledged.Count, [.. _found.Acknowledged.Where(no => winners[no].Count() != 1).Select(no => $"{no}: {winners[no].Count()}")]);
    }

    private Checked Given()
    {
        var won = _found.Won.Select(w => (w.CallNo, w.Post)).ToHashSet();
        return new("nothing was accepted that nobody gave", Accepts.Count(), [.. Accepts.Where(l => !won.Contains((l.CallNo, l.By))).Select(l => $"{l.CallNo} by {l.By}")]);
    }

    private Checked OffDuty() => new(
        "nobody off duty accepted, nor did a stranger", _found.Unentitled.Tries,
        [.. _found.Unentitled.Taken, .. Accepts.Where(l => _byPost.TryGetValue(l.By, out var by) && by.WasOffAt(l.At)).Select(l => $"{_byPost[l.By].Me.UserName} accepted {l.CallNo}")]);

    private Checked Away() => new("nobody who was off duty all the time was told", _found.People.Count(p => p.StaysAway), [.. _found.Told.All.Where(t => t.To.StaysAway).Select(t => $"{t.To.Me.UserName} {t.Channel} {t.CallNo}")]);

    private Checked Signatures() => new("no report with a wrong signature was believed", _found.Forged.Sent, [.. _found.Forged.Taken, .. _found.Believed.Where(b => b.Id.StartsWith("forged", StringComparison.Ordinal)).Select(b => b.Id)]);

    private Checked Same() => new("a report that came again got the first answer", _found.Answers.Count(a => a.Count() > 1), [.. _found.Answers.Where(a => a.Distinct().Count() > 1).Select(a => $"{a.Key}: {string.Join(", ", a)}")]);
}
