using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Feed;

/// <summary>The watchers of single cases (residents' pages), bounded in number.</summary>
internal sealed class Followers(int limit)
{
    private readonly ConcurrentDictionary<string, (Pulse Pulse, int Count)> _calls = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Beat(string callNo)
    {
        if (_calls.TryGetValue(callNo, out var call)) call.Pulse.Beat();
    }

    public void BeatAll()
    {
        foreach (var call in _calls.Values) call.Pulse.Beat();
    }

    /// <summary>Yields at once and whenever the case changes; ends at once if there are too many followers.</summary>
    public async IAsyncEnumerable<bool> Watch(string callNo, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            yield break;
        }

        var pulse = _calls.AddOrUpdate(callNo, _ => (new Pulse(), 1), (_, have) => (have.Pulse, have.Count + 1)).Pulse;
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
            Interlocked.Decrement(ref _count);
            var left = _calls.AddOrUpdate(callNo, _ => (pulse, 0), (_, have) => (have.Pulse, have.Count - 1));
            if (left.Count == 0) ((ICollection<KeyValuePair<string, (Pulse, int)>>)_calls).Remove(new(callNo, left));
        }
    }
}
