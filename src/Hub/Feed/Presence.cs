using System.Collections.Concurrent;
using System.Collections.Frozen;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Feed;

/// <summary>Which on-duty posts (值守在线) have a screen open, over all nodes: opaque ids, never a person. The own node's always; the others' as far as Redis tells.</summary>
public sealed class Presence(Roster roster, TimeProvider time)
{
    /// <summary>Posts that are noted; the rest is not counted.</summary>
    public const int Limit = 5_000;

    private readonly ConcurrentDictionary<PostId, int> _watching = new();

    /// <summary>How long a client may be silent before its connection is cut: it pings every 15 s.</summary>
    public static readonly TimeSpan ClientSilence = TimeSpan.FromSeconds(30);

    /// <summary>Posts on duty with a screen at another node, as last told.</summary>
    internal FrozenSet<PostId> Elsewhere { get; set; } = [];

    /// <summary>Posts that another node has noted in the database, which outlives Redis: they may be gone by now, but nobody may say so yet.</summary>
    internal FrozenSet<PostId> Noted { get; set; } = [];

    /// <summary>Beats when a post comes or goes.</summary>
    internal Pulse Changed { get; } = new();

    /// <summary>Posts on duty with a screen at this node.</summary>
    public IReadOnlySet<PostId> Own
    {
        get
        {
            var onDuty = roster.At(time.GetUtcNow());
            return _watching.Where(w => w.Value > 0 && onDuty.Contains(w.Key)).Select(w => w.Key).Take(Limit).ToHashSet();
        }
    }

    /// <summary>Posts on duty with a screen at any node.</summary>
    public IReadOnlySet<PostId> Now => Own.Union(Elsewhere).ToHashSet();

    /// <summary>Posts that may have a screen at some node. Wrong only on the side of reachable, whatever becomes of Redis.</summary>
    internal IReadOnlySet<PostId> Perhaps => Own.Union(Elsewhere).Union(Noted).ToHashSet();

    /// <summary>A connection of the post watches until this is disposed.</summary>
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
