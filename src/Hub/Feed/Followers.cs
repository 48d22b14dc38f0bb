using System.Runtime.CompilerServices;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Feed;

/// <summary>The watchers of single cases (residents' pages), bounded in number: all together, of one case, and from one address, so that neither a crowd nor a script keeps the others out.</summary>
/// <param name="most">All together.</param>
/// <param name="ofCase">Of one case.</param>
/// <param name="fromAddress">From one address; none for no limit.</param>
public sealed class Followers(int most, int ofCase, int? fromAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Pulse Pulse, int Count)> _calls = [];
    private readonly Dictionary<string, int> _addresses = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Beat(string callNo)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(callNo, out var call)) call.Pulse.Beat();
        }
    }

    public void BeatAll()
    {
        lock (_gate)
        {
            foreach (var call in _calls.Values) call.Pulse.Beat();
        }
    }

    /// <summary>A seat; null if there is none for this case or this address.</summary>
    public Seat? Enter(string callNo, string from)
    {
        lock (_gate)
        {
            var (pulse, count) = _calls.GetValueOrDefault(callNo, (new Pulse(), 0));
            var mine = _addresses.GetValueOrDefault(from);
            if (_count >= most || count >= ofCase || mine >= fromAddress) return null;
            _count++;
            _calls[callNo] = (pulse, count + 1);
            _addresses[from] = mine + 1;
            return new Seat(this, callNo, from, pulse);
        }
    }

    private void Leave(string callNo, string from)
    {
        lock (_gate)
        {
            _count--;
            var (pulse, count) = _calls[callNo];
            if (count > 1) _calls[callNo] = (pulse, count - 1);
            else _calls.Remove(callNo);
            if (_addresses[from] > 1) _addresses[from]--;
            else _addresses.Remove(from);
        }
    }

    /// <summary>One follower's. Disposing it makes room.</summary>
    public sealed class Seat : IDisposable
    {
        private readonly (string CallNo, string From) _of;
        private readonly Pulse _pulse;
        private Followers? _followers;

        internal Seat(Followers followers, string callNo, string from, Pulse pulse) => (_followers, _of, _pulse) = (followers, (callNo, from), pulse);

        /// <summary>Yields at once and whenever the case changes.</summary>
        public async IAsyncEnumerable<bool> Changes([EnumeratorCancellation] CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                var next = _pulse.Next;
                yield return true;
                await next.WaitAsync(ct);
            }
        }

        public void Dispose() => Interlocked.Exchange(ref _followers, null)?.Leave(_of.CallNo, _of.From);
    }
}
