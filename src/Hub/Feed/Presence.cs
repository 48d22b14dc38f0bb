using System.Collections.Concurrent;
using System.Collections.Frozen;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Feed;

/// <summary>Which on-duty posts (值守在线) have a page open, over all nodes: opaque ids, never people. This node's posts are exact; the others' come from Redis.</summary>
public sealed class Presence(Roster roster, TimeProvider time)
{
    /// <summary>The maximum of posts recorded; the rest are not counted.</summary>
    public const int Limit = 5_000;

    private readonly ConcurrentDictionary<PostId, int> _watching = new();

    /// <summary>How long a client may be silent before its connection is cut; it pings every 15 s.</summary>
    public static readonly TimeSpan ClientSilence = TimeSpan.FromSeconds(30);

    /// <summary>On-duty posts with a page at another node, as last reported.</summary>
    internal FrozenSet<PostId> Elsewhere { get; set; } = [];

    /// <summary>Posts that another node recorded in the database, which survives a loss of Redis: they may be gone, but that is not certain yet.</summary>
    internal FrozenSet<PostId> Noted { get; set; } = [];

    /// <summary>Beats when a post connects or disconnects.</summary>
    internal Pulse Changed { get; } = new();

    /// <summary>On-duty posts with a page at this node.</summary>
    public IReadOnlySet<PostId> Own
    {
        get
        {
            var onDuty = roster.At(time.GetUtcNow());
            return _watching.Where(w => w.Value > 0 && onDuty.Contains(w.Key)).Select(w => w.Key).Take(Limit).ToHashSet();
        }
    }

    /// <summary>On-duty posts with a page at any node.</summary>
    public IReadOnlySet<PostId> Now => Own.Union(Elsewhere).ToHashSet();

    /// <summary>Posts that may have a page at some node. If Redis fails, it errs on the side of reachable.</summary>
    internal IReadOnlySet<PostId> Perhaps => Own.Union(Elsewhere).Union(Noted).ToHashSet();

    /// <summary>Records a watching connection of the post until disposed.</summary>
    public IDisposable Enter(PostId post)
    {
        if (_watching.AddOrUpdate(post, 1, (_, count) => count + 1) == 1) Changed.Beat();
        return new Leaving(() =>
        {
            if (_watching.AddOrUpdate(post, 0, (_, count) => count - 1) > 0) return;
            _watching.TryRemove(new KeyValuePair<PostId, int>(post, 0));
            Changed.Beat();
        });
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
