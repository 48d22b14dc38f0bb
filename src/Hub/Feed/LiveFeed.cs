using System.Runtime.CompilerServices;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.Extensions.Hosting;

namespace DispatchCenter.Hub.Feed;

/// <summary>A watcher.</summary>
/// <param name="Eyes">What the watcher may see: watchers with equal eyes share a lane, apart from their own recusals.</param>
/// <param name="OnlyOnDuty">Calls reach this watcher only while its post is on duty (promise 6).</param>
/// <param name="Post">The watcher's own post; null for accounts that only look.</param>
/// <param name="StillValid">Whether the account may still watch; checked before every frame.</param>
public sealed record Viewer(Post Eyes, bool OnlyOnDuty, PostId? Post, Func<bool> StillValid);

/// <summary>
/// The only way out to watchers. Every watcher sees every change it may see, in order, never an older version after a newer one. A slow
/// watcher is held back only by its own stream and, if too far behind, is told to start over.
/// </summary>
public sealed class LiveFeed(JournalQueries journal, SnapshotQueries snapshots, Roster roster, DispatchOptions options, TimeProvider time) : BackgroundService, IFeedBus
{
    /// <summary>
    /// At most one frame per watcher in this time, on average. After a silence the first <see cref="Turns.Credit"/> leave at once.
    /// </summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest silence before a beat.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>How often waiting watchers check for a due beat, shift or revocation.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Watchers of a lane who arrive within this time share one snapshot; its server time is no older.</summary>
    public static readonly TimeSpan SnapshotLife = TimeSpan.FromMilliseconds(250);

    /// <summary>A watcher this many changes behind its lane's log is told to start over.</summary>
    public const int BehindLimit = 5_000;

    /// <summary>The maximum of concurrent watchers of single cases (residents' pages).</summary>
    public const int CallWatchersLimit = 10_000;

    /// <summary>Of these, those of one case: a whole estate may stand behind it. Pages beyond it ask again every few seconds.</summary>
    public const int CaseWatchersLimit = 2_000;

    /// <summary>And those from one address, unless limits per address are off: a mobile network's subscribers share one.</summary>
    public const int AddressWatchersLimit = 1_000;

    private readonly Lock _gate = new();
    private readonly Sequencer _sequence = new(time);
    private readonly Dictionary<(PostKind, string?, string?), Lane> _lanes = [];
    private readonly Followers _followers = new(CallWatchersLimit, CaseWatchersLimit, options.RateLimits ? AddressWatchersLimit : null);
    private volatile string _epoch = string.Empty;

    /// <summary>The last published sequence number.</summary>
    public long Head => _sequence.Head;

    public string Epoch => _epoch;

    /// <summary>Known committed changes that have not been sent to watchers: usually 0.</summary>
    public long Behind
    {
        get
        {
            lock (_gate) return _sequence.Behind;
        }
    }

    /// <summary>Current watchers of single cases.</summary>
    public int CallWatchers => _followers.Count;

    /// <summary>Current watchers of the hub.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate) return _lanes.Values.Sum(l => l.Watchers);
        }
    }

    /// <summary>How long the next change has been missing while later ones are known; null if none is missing.</summary>
    internal TimeSpan? GapAge
    {
        get
        {
            lock (_gate) return _sequence.GapAge;
        }
    }

    /// <summary>Beats when a gap opens.</summary>
    internal Pulse Unrest { get; } = new();

    public async Task LoadAsync(CancellationToken ct)
    {
        var (epoch, seq) = await journal.HeadAsync(ct);
        StartOver(epoch, seq);
    }

    /// <summary>
    /// Starts over at a database head and epoch: every watcher is told to discard everything and gets a snapshot. For a restored
    /// database; nothing published before counts.
    /// </summary>
    public void StartOver(string epoch, long seq)
    {
        Lane[] over;
        lock (_gate)
        {
            _epoch = epoch;
            _sequence.StartAt(seq);
            over = [.. _lanes.Values];
            _lanes.Clear();
            foreach (var lane in over) lane.IsOver = true;
        }

        foreach (var lane in over) lane.Pulse.Beat();
        _followers.BeatAll();
    }

    /// <summary>
    /// Takes committed entries from any source, in any order and with duplicates, and releases them in sequence order. With
    /// several nodes, the local desk's entries may be ahead of others still in transit.
    /// </summary>
    public void Publish(IReadOnlyList<JournalEntry> entries) => Take(null, entries);

    /// <summary>The same for entries of a given epoch; false, and nothing taken, if it is not the feed's.</summary>
    internal bool Take(string? epoch, IReadOnlyList<JournalEntry> entries)
    {
        if (entries.Count == 0) return true;
        var woken = new HashSet<Lane>();
        var seen = CallWatchers > 0 ? new List<string>() : null;
        var opened = false;
        try
        {
            lock (_gate)
            {
                if (epoch is not null && epoch != _epoch) return false;
                try
                {
                    // First record what is known, so that any failure below leaves a known gap, which is closed from the journal.
                    _sequence.Expect(entries[^1].Seq);
                    foreach (var entry in entries)
                        for (var next = _sequence.IsNext(entry) ? entry : null; next is not null; next = _sequence.Passed())
                        {
                            LetOut(next, woken);
                            seen?.Add(next.CallNo);
                        }
                }
                finally
                {
                    opened = _sequence.Settle();
                }
            }
        }
        finally
        {
            foreach (var lane in woken) lane.Pulse.Beat();
            foreach (var no in seen ?? []) _followers.Beat(no);
            if (opened) Unrest.Beat();
        }

        return true;
    }

    /// <summary>Learns the database's head. What should have arrived by then and has not is read from the journal.</summary>
    internal void Expect(string epoch, long seq, TimeSpan doubtAfter)
    {
        lock (_gate)
        {
            if (epoch != _epoch) return;
            _sequence.Doubt(seq, doubtAfter);
            _sequence.Settle();
        }
    }

    /// <summary>
    /// What this viewer may see, from a snapshot (<paramref name="afterSeq"/> 0) or from where it left off; a number beyond the head
    /// waits. Ends when the token is cancelled or the viewer is no longer valid.
    /// </summary>
    public async IAsyncEnumerable<WireFrame> Watch(Viewer viewer, long afterSeq, [EnumeratorCancellation] CancellationToken ct)
    {
        var lane = Join(viewer.Eyes);
        try
        {
            var (cursor, seen) = (Math.Max(0, afterSeq), 0L); // seen: up to here there was nothing to show
            var called = Called(viewer);
            var fromScratch = cursor == 0;
            var (sent, turn, resting) = (time.GetTimestamp(), -1L, false);
            while (!ct.IsCancellationRequested && viewer.StillValid())
            {
                if (resting)
                {
                    await lane.Turns.Rest().WaitAsync(ct);
                    resting = false;
                    continue;
                }

                var pulse = lane.Pulse.Next;
                if (lane.IsOver)
                {
                    Leave(lane);
                    lane = Join(viewer.Eyes);
                    (cursor, seen, fromScratch) = (0, 0, true);
                    yield return Plain(lane, FrameKinds.Resync, 0, 0);
                    continue;
                }

                if (called != Called(viewer))
                {
                    called = !called;
                    fromScratch = true;
                    yield return Plain(lane, FrameKinds.Resync, cursor, cursor);
                }

                if (fromScratch)
                {
                    (turn, resting) = (lane.Turns.Open, true);
                    var whole = true;
                    foreach (var part in called ? (await SnapshotOf(lane, viewer.Eyes, ct)).Frames : [Empty(lane)])
                    {
                        whole = called == Called(viewer) && viewer.StillValid();
                        if (!whole) break; // the shift or the account has ended meanwhile
                        yield return part;
                        cursor = part.Through;
                    }

                    (fromScratch, sent) = (!whole, time.GetTimestamp());
                }
                else if (called && lane.Last > Math.Max(cursor, seen) && Head > Math.Max(cursor, seen))
                {
                    if (!lane.Turns.TryTake(ref turn))
                    {
                        resting = true;
                        continue;
                    }

                    var delta = lane.Delta(cursor, Head, time.GetUtcNow(), viewer.Eyes);
                    if (delta is { IsEmpty: true })
                    {
                        seen = delta.Through; // not even the time of hidden cases may show
                        continue;
                    }

                    if (delta is null && Head - cursor <= BehindLimit && (delta = await FromJournal(lane, viewer.Eyes, cursor, ct)) is null)
                    {
                        await Task.Delay(Pace, time, ct); // published, but not visible in the database yet
                        continue;
                    }

                    resting = delta is not null;
                    yield return delta ?? Plain(lane, FrameKinds.Resync, cursor, cursor);
                    (fromScratch, cursor, sent) = (delta is null, delta?.Through ?? cursor, time.GetTimestamp());
                }
                else if (time.GetElapsedTime(sent) >= BeatEvery)
                {
                    var through = Math.Max(cursor, called ? Math.Min(Head, QuietUpTo(lane, Math.Max(cursor, seen))) : Head);
                    yield return Plain(lane, FrameKinds.Beat, cursor, through);
                    (cursor, sent) = (through, time.GetTimestamp());
                }
                else
                {
                    await pulse.WaitAsync(ct);
                }
            }
        }
        finally
        {
            Leave(lane);
        }
    }

    /// <summary>A seat for a follower of this case, who rereads it at each change; null if there is none left for the case or the address.</summary>
    public Followers.Seat? Follow(string callNo, string address) => _followers.Enter(callNo, address);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Lane[] lanes;
            lock (_gate) lanes = [.. _lanes.Values];
            foreach (var lane in lanes) lane.Pulse.Beat();
        }
    }

    /// <summary>The lane's newest entry may have arrived after the check; a beat must not skip it.</summary>
    private long QuietUpTo(Lane lane, long cursor)
    {
        var head = Head;
        return lane.Last > cursor ? cursor : head;
    }

    private bool Called(Viewer viewer) => !viewer.OnlyOnDuty || (viewer.Post is { } post && roster.At(time.GetUtcNow()).Contains(post));

    private Lane Join(Post eyes)
    {
        lock (_gate)
        {
            var key = KeyOf(eyes);
            if (!_lanes.TryGetValue(key, out var lane)) _lanes.Add(key, lane = new Lane(eyes with { Id = Lane.Anybody, Grid = null, Also = [], Former = [] }, _epoch, Head, time));
            lane.Watchers++;
            return lane;
        }
    }

    private void Leave(Lane lane)
    {
        lock (_gate)
            if (--lane.Watchers == 0 && !lane.IsOver) _lanes.Remove(KeyOf(lane.Eyes));
    }

    private void LetOut(JournalEntry entry, HashSet<Lane> woken)
    {
        foreach (var lane in _lanes.Values)
        {
            if (!lane.Concerns(entry)) continue;
            lane.Append(entry);
            woken.Add(lane);
        }
    }

    private async Task<Snapshot> SnapshotOf(Lane lane, Post eyes, CancellationToken ct)
    {
        var shared = await SharedSnapshotOf(lane, ct);
        return eyes.IsOrWasAmong(shared.Recused) || Lane.Differs(shared.Particular, eyes, lane.Eyes) ? await MakeSnapshot(lane, eyes, ct) : shared;
    }

    private async Task<Snapshot> SharedSnapshotOf(Lane lane, CancellationToken ct)
    {
        await lane.SnapshotGate.WaitAsync(ct);
        try
        {
            if (lane.Snapshot is { } made && lane.Last <= made.Seq && time.GetElapsedTime(made.MadeAt) < SnapshotLife) return made;
            return lane.Snapshot = await MakeSnapshot(lane, lane.Eyes, ct);
        }
        finally
        {
            lane.SnapshotGate.Release();
        }
    }

    private async Task<Snapshot> MakeSnapshot(Lane lane, Post eyes, CancellationToken ct)
    {
        var (seq, cards, recused, matters, particular) = await snapshots.ReadAsync(eyes, ct);
        return new Snapshot(seq, time.GetTimestamp(), Frames.Snapshot(lane.Epoch, seq, cards, matters, time.GetUtcNow()), recused, particular);
    }

    private async Task<WireFrame?> FromJournal(Lane lane, Post eyes, long cursor, CancellationToken ct)
    {
        var entries = await journal.ReadAsync(cursor, JournalQueries.PageLimit, ct);
        return entries.Count == 0 ? null : Frames.Delta(eyes, lane.Epoch, cursor, entries[^1].Seq, entries, time.GetUtcNow());
    }

    private WireFrame Empty(Lane lane) => WireFrame.Write(lane.Epoch, FrameKinds.Snapshot, 0, Head, time.GetUtcNow(), [], []);

    private WireFrame Plain(Lane lane, string kind, long from, long through) => WireFrame.Write(lane.Epoch, kind, from, through, time.GetUtcNow(), [], []);

    private static (PostKind, string?, string?) KeyOf(Post eyes) => (eyes.Kind, eyes.Community?.Value, eyes.Team?.Value);
}
