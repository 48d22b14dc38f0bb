using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// What all watchers with the same eyes see: a bounded log of relevant entries, and the frames built from it, each
/// serialized once for all. Complete for every sequence number after <see cref="Floor"/>. A watcher whose post is recused from
/// one of the cases gets its own frame instead.
/// </summary>
/// <param name="eyes">Shared eyes, so without a post id.</param>
internal sealed class Lane(Post eyes, string epoch, long floor, TimeProvider time)
{
    /// <summary>Nobody's post: recusals of single posts do not hide anything from it.</summary>
    public static readonly PostId Anybody = new("*");

    /// <summary>The number of entries kept; older ones come from the journal.</summary>
    public const int LogLimit = 2_048;

    /// <summary>The maximum of cards per frame.</summary>
    public const int FrameCards = 500;

    /// <summary>The maximum bytes of cards per frame.</summary>
    public const int FrameBytes = 256 * 1024;

    private const int FramesKept = 8;

    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _log = new();
    private readonly Queue<(long From, long Head, WireFrame Frame, Audience[] Particular)> _frames = new();
    private long _last = floor;
    private long _framed = floor;

    private volatile bool _isOver;

    public Post Eyes => eyes;

    /// <summary>The epoch of every sequence number in the lane.</summary>
    public string Epoch => epoch;

    /// <summary>The feed has started over, so watchers must switch to the lane that replaced this one.</summary>
    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }

    public Pulse Pulse { get; } = new();

    /// <summary>When the next frame may leave, for all watchers of the lane.</summary>
    public Turns Turns { get; } = new(time);

    /// <summary>Serialises the building of snapshots, so watchers who arrive together share one.</summary>
    public SemaphoreSlim SnapshotGate { get; } = new(1, 1);

    /// <summary>The latest snapshot; valid until the lane gets a newer entry.</summary>
    public Snapshot? Snapshot { get; set; }

    public int Watchers { get; set; }

    public long Floor { get; private set; } = floor;

    /// <summary>The last sequence number relevant to the lane.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Whether any watcher of the lane may have to learn of an entry.</summary>
    public bool Concerns(JournalEntry entry) =>
        entry.Audience.Includes(eyes) || (!ReferenceEquals(entry.Before, entry.Audience) && entry.Before.Includes(eyes)) || (!entry.IsWhistle && (entry.Audience.IsParticular || entry.Before.IsParticular));

    /// <summary>Appends the next entry; a duplicate from an interrupted publish does no harm.</summary>
    public void Append(JournalEntry entry)
    {
        lock (_gate)
        {
            if (entry.Seq <= _last) return;
            _log.Enqueue(entry);
            if (_log.Count > LogLimit) Floor = _log.Dequeue().Seq;
            Interlocked.Exchange(ref _last, entry.Seq);
        }
    }

    /// <summary>The delta after <paramref name="cursor"/> up to <paramref name="head"/>; null if the log does not reach back that far.</summary>
    /// <param name="own">The watcher's own eyes.</param>
    public WireFrame? Delta(long cursor, long head, DateTimeOffset now, Post own)
    {
        lock (_gate)
        {
            if (cursor < Floor) return null;
            var entries = _log.SkipWhile(e => e.Seq <= cursor).TakeWhile(e => e.Seq <= head);
            foreach (var made in _frames)
                if (made.From == cursor && made.Head == head) return Differs(made.Particular, own, eyes) ? Frames.Delta(own, epoch, cursor, head, entries, now) : made.Frame;
            var frame = Frames.Delta(eyes, epoch, cursor, head, entries, now);
            Audience[] particular = [.. entries.SelectMany(e => ReferenceEquals(e.Before, e.Audience) ? [e.Audience] : new[] { e.Audience, e.Before }).Where(a => a.IsParticular)];
            _frames.Enqueue((cursor, head, frame, particular));
            if (_frames.Count > FramesKept) _frames.Dequeue();
            Telemetry.Framed(entries.TakeWhile(e => e.Seq <= frame.Through), now, ref _framed);
            return Differs(particular, own, eyes) ? Frames.Delta(own, epoch, cursor, head, entries, now) : frame;
        }
    }

    /// <summary>Whether a watcher sees other matters among these than the lane does.</summary>
    public static bool Differs(IReadOnlyCollection<Audience> particular, Post own, Post shared)
    {
        foreach (var audience in particular)
            if (audience.Includes(own) != audience.Includes(shared)) return true;
        return false;
    }
}

/// <summary>A snapshot as frames; only the last advances <c>through</c>, to <see cref="Seq"/>.</summary>
/// <param name="Recused">Posts that may see less than this.</param>
/// <param name="Particular">Who may see the matters of other kinds that not every watcher of the lane may.</param>
internal sealed record Snapshot(long Seq, long MadeAt, IReadOnlyList<WireFrame> Frames, IReadOnlySet<PostId> Recused, IReadOnlyList<Audience> Particular);

/// <summary>Builds frames.</summary>
internal static class Frames
{
    /// <summary>Each case at the latest version these eyes may see; if a limit is reached, the frame ends early and the next one continues.</summary>
    public static WireFrame Delta(Post eyes, string epoch, long cursor, long head, IEnumerable<JournalEntry> entries, DateTimeOffset now)
    {
        var latest = new Dictionary<string, JournalEntry>();
        var (bytes, through) = (0, head);
        foreach (var entry in entries)
        {
            if (latest.Count >= Lane.FrameCards || bytes >= Lane.FrameBytes)
            {
                through = entry.Seq - 1;
                break;
            }

            if (!entry.Audience.Includes(eyes) && !entry.Before.Includes(eyes)) continue;
            bytes += entry.Card.Length;
            latest.Remove(entry.CallNo); // so the order is that of the latest change
            latest.Add(entry.CallNo, entry);
        }

        return WireFrame.Write(epoch, FrameKinds.Delta, cursor, through, now,
            [.. latest.Values.Where(e => e.IsWhistle && (e.LastLook || e.Audience.Includes(eyes))).Select(e => e.Card)],
            [.. latest.Values.Where(e => e.IsWhistle && !e.Audience.Includes(eyes)).Select(e => e.CallNo)],
            ([.. latest.Values.Where(e => !e.IsWhistle && e.Audience.Includes(eyes)).Select(e => e.Card)], [.. latest.Values.Where(e => !e.IsWhistle && !e.Audience.Includes(eyes)).Select(e => e.CallNo)]));
    }

    /// <summary>Whistles first, then the other matters.</summary>
    public static List<WireFrame> Snapshot(string epoch, long seq, IReadOnlyList<byte[]> cards, IReadOnlyList<byte[]> matters, DateTimeOffset now)
    {
        var frames = new List<WireFrame>();
        var chunk = new List<byte[]>();
        var bytes = 0;
        foreach (var card in cards)
        {
            if (chunk.Count >= Lane.FrameCards || bytes >= Lane.FrameBytes)
            {
                frames.Add(WireFrame.Write(epoch, FrameKinds.Snapshot, 0, 0, now, chunk, []));
                chunk.Clear();
                bytes = 0;
            }

            chunk.Add(card);
            bytes += card.Length;
        }

        foreach (var part in matters.Chunk(Lane.FrameCards / 2))
        {
            if (bytes > 0 || chunk.Count > 0) frames.Add(WireFrame.Write(epoch, FrameKinds.Snapshot, 0, 0, now, chunk, []));
            chunk.Clear();
            bytes = 0;
            frames.Add(WireFrame.Write(epoch, FrameKinds.Snapshot, 0, 0, now, [], [], (part, [])));
        }

        frames.Add(WireFrame.Write(epoch, FrameKinds.Snapshot, 0, seq, now, chunk, []));
        return frames;
    }
}
