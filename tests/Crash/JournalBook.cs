using DispatchCenter.Contracts;
using Xunit;

namespace DispatchCenter.Crash;

/// <summary>What the journal said, life after life of the host, held against what must be true of it.</summary>
internal sealed class JournalBook(string auditorToken)
{
    /// <summary>One line without its card.</summary>
    private readonly record struct Line(string CallNo, int Version, DateTimeOffset At, string By, string What, string? Answer, DateTimeOffset? Due);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>A clock's acts and when they are due, as parts of its span. Every clock here is continuous.</summary>
    private static readonly (string What, double Part)[] Acts = [("warned", 0.8), ("lapsed", 1), ("doubleLapsed", 2)];

    private readonly List<Line> _lines = [];
    private readonly Dictionary<string, CallCard> _cards = [];
    private readonly Dictionary<string, MatterCard> _matters = [];
    private readonly Dictionary<(string CallNo, string What, string? Answer), Line> _firsts = [];

    public int Count => _lines.Count;

    public int ClockActs => _lines.Count(l => l.By == "clock");

    /// <summary>Reads what is new: no hole in the numbers, no hole in any case's versions, nothing twice.</summary>
    public async Task ReadOnAsync(WebHost host)
    {
        while (true)
        {
            var page = await host.GetAsync<JournalPage>($"/api/journal?after={_lines.Count}", auditorToken);
            Assert.True(page.Head >= _lines.Count, $"The journal had {_lines.Count} entries and has {page.Head}.");
            foreach (var entry in page.Entries) Take(entry);
            if (page.Entries.Count == 0) return;
        }
    }

    /// <summary>Every acknowledged whistle and answer is there, by whom it was, at the version that was acknowledged or before it.</summary>
    public void AssertHolds(IEnumerable<Acknowledged> acknowledged)
    {
        foreach (var (wish, callNo, version) in acknowledged)
        {
            Assert.True(_firsts.TryGetValue((callNo, wish.What, wish.Owed), out var line), $"{wish.What} {callNo} (key {wish.Key}) was acknowledged and is lost.");
            Assert.True(line.Version <= version && VersionOf(callNo) >= version, $"{wish.What} {callNo} was acknowledged at version {version}; the journal has it at {line.Version} of {VersionOf(callNo)}.");
            Assert.Equal(wish.By?.Post ?? "caller", line.By);
        }
    }

    /// <summary>One case for every key and no other: nothing was taken twice, nothing came from nowhere.</summary>
    public void AssertNothingElse(IEnumerable<string> planted, IReadOnlyCollection<Acknowledged> acknowledged)
    {
        var opened = acknowledged.Where(a => a.Wish.Opens).ToList();
        Assert.Equal(opened.Count, opened.Select(a => a.Wish.Key).Distinct().Count());
        Assert.Equal(opened.Count, opened.Select(a => a.CallNo).Distinct().Count());
        Assert.Equal(planted.Concat(opened.Select(a => a.CallNo)).Order(), _cards.Keys.Concat(_matters.Keys).Order());
        Assert.Equal(acknowledged.Count - opened.Count, _lines.Count(l => l.What is "accepted" or "arrived" or "resolved" or "answered" or "itemTaken"));
    }

    /// <summary>Waits until nothing is due that was due at <paramref name="by"/>.</summary>
    public async Task CatchUpAsync(WebHost host, DateTimeOffset by)
    {
        var started = TimeProvider.System.GetTimestamp();
        await ReadOnAsync(host);
        while (_cards.Values.Select(c => (c.CallNo, c.NextDue)).Concat(_matters.Values.Select(m => (m.CallNo, m.NextDue))).FirstOrDefault(c => c.NextDue < by) is { CallNo: not null } late)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{late.CallNo} was due at {late.NextDue:O} and no clock acts.");
            await Task.Delay(Look, TimeProvider.System);
            await ReadOnAsync(host);
        }
    }

    /// <summary>
    /// Every instant before <paramref name="by"/> of every clock that ran has acted exactly once (that nothing acts twice is seen at reading),
    /// never early, and no clock acted that had no such instant. The rule is told anew here: what ran is known from the cards alone.
    /// </summary>
    public void AssertClocks(DateTimeOffset by)
    {
        var expected = 0;
        foreach (var card in _cards.Values)
            foreach (var answer in card.Answers)
                foreach (var (what, part) in Acts)
                {
                    var at = answer.From + ((answer.Due - answer.From) * part);
                    var ran = card.State is CallStates.Ringing or CallStates.Accepted or CallStates.OnScene || answer.Met;
                    var due = ran && at < (answer.MetAt ?? by);
                    if (!_firsts.TryGetValue((card.CallNo, what, answer.Key), out var line))
                    {
                        Assert.False(due, $"{what} {answer.Key} of {card.CallNo} was due at {at:O} and is missing.");
                        continue;
                    }

                    Assert.Equal(at, line.Due);
                    Assert.True(line.At > at, $"{what} {answer.Key} of {card.CallNo} acted early: due {at:O}, at {line.At:O}.");
                    Assert.True(answer.MetAt is null || at < answer.MetAt, $"{what} {answer.Key} of {card.CallNo} acted after the answer.");
                    expected++;
                }

        // Of the matters, those that nobody answers have run out while the host died and came again; the errands' clocks run for hours.
        foreach (var card in _matters.Values.Where(m => m.Procedure == Town.Brisk))
            foreach (var (what, part) in Acts)
            {
                var at = card.From!.Value + ((card.Due!.Value - card.From.Value) * part);
                if (!_firsts.TryGetValue((card.CallNo, what, "stage"), out var line))
                {
                    Assert.False(at < by, $"{what} of {card.CallNo} was due at {at:O} and is missing.");
                    continue;
                }

                Assert.Equal(at, line.Due);
                Assert.True(line.At > at, $"{what} of {card.CallNo} acted early: due {at:O}, at {line.At:O}.");
                expected++;
            }

        Assert.Equal(expected, ClockActs);
    }

    /// <summary>Reads everything anew: it is what it was.</summary>
    public async Task AssertUnchangedAsync(WebHost host)
    {
        var again = new JournalBook(auditorToken);
        await again.ReadOnAsync(host);
        for (var i = 0; i < _lines.Count; i++) Assert.Equal(_lines[i], again._lines[i]);
    }

    private int VersionOf(string no) => _cards.TryGetValue(no, out var card) ? card.Version : _matters.TryGetValue(no, out var matter) ? matter.Version : 0;

    private void Take(JournalLine entry)
    {
        Assert.Equal(_lines.Count + 1, entry.Seq);
        Assert.Equal((entry.CallNo, VersionOf(entry.CallNo) + 1), (entry.CallNo, entry.Version));
        Assert.Equal((entry.CallNo, entry.Version), entry.Kind is null ? (entry.Card!.CallNo, entry.Card.Version) : (entry.Matter!.CallNo, entry.Matter.Version));
        var line = new Line(entry.CallNo, entry.Version, entry.At, entry.By, entry.What, entry.Answer, entry.Due);
        Assert.True(_firsts.TryAdd((line.CallNo, line.What, line.Answer), line), $"{line.What} {line.Answer} of {line.CallNo} stands twice, the second time at {entry.Seq}.");
        _lines.Add(line);
        if (entry.Kind is null) _cards[entry.CallNo] = entry.Card!;
        else _matters[entry.CallNo] = entry.Matter!;
    }
}
