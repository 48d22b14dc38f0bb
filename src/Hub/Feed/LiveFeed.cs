using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Storage;
using Microsoft.Extensions.Hosting;

namespace DispatchCenter.Hub.Feed;

/// <summary>Who watches.</summary>
/// <param name="Eyes">What the watcher may see: everybody with equal eyes shares a lane.</param>
/// <param name="OnlyOnDuty">Calls reach this watcher only while the post is on duty (promise 6).</param>
/// <param name="Post">The watcher's own post; null for those who only look.</param>
/// <param name="StillValid">Whether the account may still watch; asked before every frame.</param>
public sealed record Viewer(Post Eyes, bool OnlyOnDuty, PostId? Post, Func<bool> StillValid);

/// <summary>
/// The only exit to watchers. Every watcher sees every change it may see, in order, never an older version after a newer one; a slow
/// one is held back by its own stream alone and, too far behind, is told to start over.
/// </summary>
public sealed class LiveFeed(JournalReader journal, SnapshotReader snapshots, Roster roster, TimeProvider time) : BackgroundService, IFeedBus
{
    /// <summary>The first change leaves at once; then at most one frame per watcher in this time.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest silence.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>How often waiting watchers look whether a beat, a shift or a revocation is due.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Watchers of a lane who come within this time share one snapshot; its server time is no older.</summary>
    public static readonly TimeSpan SnapshotLife = TimeSpan.FromMilliseconds(250);

    /// <summary>A watcher this many changes behind what its lane keeps is told to start over.</summary>
    public const int BehindLimit = 5_000;

    /// <summary>Watchers of single cases (residents' pages) at once.</summary>
    public const int CallWatchersLimit = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(PostKind, string?, string?), Lane> _lanes = [];
    private readonly ConcurrentDictionary<string, (Pulse Pulse, int Watchers)> _calls = new();
    private int _callWatchers;
    private long _head;
    private string _epoch = string.Empty;

    /// <summary>The last published sequence number.</summary>
    public long Head => Interlocked.Read(ref _head);

    public string Epoch => _epoch;

    /// <summary>Whether one more page may follow its case.</summary>
    public bool TakesCallWatchers => Volatile.Read(ref _callWatchers) < CallWatchersLimit;

    /// <summary>Watchers of the hub now.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate) return _lanes.Values.Sum(l => l.Watchers);
        }
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        var (epoch, seq) = await journal.HeadAsync(ct);
        (_epoch, _head) = (epoch, seq);
    }

    public void Publish(IReadOnlyList<JournalEntry> entries)
    {
        var woken = new HashSet<Lane>();
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (entry.Seq <= _head) continue;
                foreach (var lane in _lanes.Values)
                {
                    if (!lane.Concerns(entry)) continue;
                    lane.Append(entry);
                    woken.Add(lane);
                }

                Interlocked.Exchange(ref _head, entry.Seq);
            }
        }

        foreach (var lane in woken) lane.Pulse.Beat();
        foreach (var entry in entries)
            if (_calls.TryGetValue(entry.CallNo, out var call)) call.Pulse.Beat();
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
            var cursor = Math.Max(0, afterSeq);
            var called = Called(viewer);
            var fromScratch = cursor == 0;
            var sent = time.GetTimestamp() - Ticks(Pace);
            while (!ct.IsCancellationRequested && viewer.StillValid())
            {
                var pulse = lane.Pulse.Next;
                if (called != Called(viewer))
                {
                    called = !called;
                    fromScratch = true;
                    yield return Plain(FrameKinds.Resync, cursor, cursor);
                }

                if (fromScratch)
                {
                    var whole = true;
                    foreach (var part in called ? (await SnapshotOf(lane, ct)).Frames : [Empty()])
                    {
                        whole = called == Called(viewer) && viewer.StillValid();
                        if (!whole) break; // the shift or the account ended meanwhile
                        yield return part;
                        cursor = part.Through;
                    }

                    (fromScratch, sent) = (!whole, time.GetTimestamp());
                }
                else if (called && lane.Last > cursor && Head > cursor)
                {
                    var early = Pace - time.GetElapsedTime(sent);
                    if (early > TimeSpan.Zero)
                    {
                        await Task.Delay(early, time, ct);
                        if (called != Called(viewer) || !viewer.StillValid()) continue; // no longer: the shift or the account ended meanwhile
                    }

                    var delta = lane.Delta(_epoch, cursor, Head, time.GetUtcNow()) ?? await FromJournal(lane, cursor, ct);
                    yield return delta ?? Plain(FrameKinds.Resync, cursor, cursor);
                    (fromScratch, cursor, sent) = (delta is null, delta?.Through ?? cursor, time.GetTimestamp());
                }
                else if (time.GetElapsedTime(sent) >= BeatEvery)
                {
                    var through = Math.Max(cursor, called ? Math.Min(Head, QuietUpTo(lane, cursor)) : Head);
                    yield return Plain(FrameKinds.Beat, cursor, through);
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

    /// <summary>Completes whenever this case changes; the caller reads the case anew each time.</summary>
    public async IAsyncEnumerable<bool> WatchCall(string callNo, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Interlocked.Increment(ref _callWatchers) > CallWatchersLimit)
        {
            Interlocked.Decrement(ref _callWatchers);
            yield break;
        }

        var pulse = _calls.AddOrUpdate(callNo, _ => (new Pulse(), 1), (_, have) => (have.Pulse, have.Watchers + 1)).Pulse;
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var next = pulse.Next;
                yield return true;
                await next.WaitAsync(ct);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _callWatchers);
            var left = _calls.AddOrUpdate(callNo, _ => (pulse, 0), (_, have) => (have.Pulse, have.Watchers - 1));
            if (left.Watchers == 0) ((ICollection<KeyValuePair<string, (Pulse, int)>>)_calls).Remove(new(callNo, left));
        }
    }

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

    /// <summary>The lane's newest relevant entry may have come after the look at it: a beat must not pass it by.</summary>
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
            var key = (eyes.Kind, eyes.Community?.Value, eyes.Team?.Value);
            if (!_lanes.TryGetValue(key, out var lane)) _lanes.Add(key, lane = new Lane(eyes, _head));
            lane.Watchers++;
            return lane;
        }
    }

    private void Leave(Lane lane)
    {
        lock (_gate)
        {
            var eyes = lane.Eyes;
            if (--lane.Watchers == 0) _lanes.Remove((eyes.Kind, eyes.Community?.Value, eyes.Team?.Value));
        }
    }

    private async Task<Snapshot> SnapshotOf(Lane lane, CancellationToken ct)
    {
        await lane.SnapshotGate.WaitAsync(ct);
        try
        {
            if (lane.Snapshot is { } made && lane.Last <= made.Seq && time.GetElapsedTime(made.MadeAt) < SnapshotLife) return made;
            var (seq, cards) = await snapshots.ReadAsync(lane.Eyes, ct);
            return lane.Snapshot = new Snapshot(seq, time.GetTimestamp(), Frames.Snapshot(_epoch, seq, cards, time.GetUtcNow()));
        }
        finally
        {
            lane.SnapshotGate.Release();
        }
    }

    private async Task<WireFrame?> FromJournal(Lane lane, long cursor, CancellationToken ct)
    {
        if (Head - cursor > BehindLimit) return null;
        var entries = await journal.ReadAsync(cursor, JournalReader.PageLimit, ct);
        return entries.Count == 0 ? null : Frames.Delta(lane.Eyes, _epoch, cursor, entries[^1].Seq, entries, time.GetUtcNow());
    }

    private WireFrame Empty() => WireFrame.Write(_epoch, FrameKinds.Snapshot, 0, Head, time.GetUtcNow(), [], []);

    private WireFrame Plain(string kind, long from, long through) => WireFrame.Write(_epoch, kind, from, through, time.GetUtcNow(), [], []);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
