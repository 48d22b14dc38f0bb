using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Puts entries that come in any order into the order of their numbers, without a hole and each once. What comes early waits, in
/// bounded room; what does not fit is not kept, for the journal has it. Not safe for several threads: the feed's gate guards it.
/// </summary>
internal sealed class Sequencer(TimeProvider time)
{
    /// <summary>Entries that wait for an earlier one; about 6 MB of cards.</summary>
    public const int WaitingLimit = 4_096;

    private readonly Dictionary<long, (JournalEntry Entry, long Since)> _waiting = [];
    private long _head;
    private long _known;
    private long _missing;
    private long _since;

    /// <summary>Everything up to here has been let out. May be read at any time.</summary>
    public long Head => Interlocked.Read(ref _head);

    /// <summary>Committed entries known of that have not been let out.</summary>
    public long Behind => _known - _head;

    public int Waiting => _waiting.Count;

    /// <summary>How long the next entry has been missing; null where nothing is missing.</summary>
    public TimeSpan? GapAge => _head < _known ? time.GetElapsedTime(_since) : null;

    public void StartAt(long head)
    {
        Interlocked.Exchange(ref _head, head);
        (_known, _missing) = (head, 0);
        _waiting.Clear();
    }

    /// <summary>Learns that the entries up to here are committed.</summary>
    public void Expect(long seq) => _known = Math.Max(_known, seq);

    /// <summary>Whether this is the next to be let out. An old one is not; an early one is kept until its turn comes.</summary>
    public bool IsNext(JournalEntry entry)
    {
        if (entry.Seq == _head + 1) return true;
        if (entry.Seq > _head && _waiting.Count < WaitingLimit) _waiting.TryAdd(entry.Seq, (entry, time.GetTimestamp()));
        return false;
    }

    /// <summary>Says that the next one has been let out; returns the one after it where that waits already.</summary>
    public JournalEntry? Passed()
    {
        var head = Interlocked.Increment(ref _head);
        if (_waiting.Count == 0) return null;
        _waiting.Remove(head);
        return _waiting.GetValueOrDefault(head + 1).Entry;
    }

    /// <summary>To be called after every change; true where a gap has opened that was not there before.</summary>
    public bool Settle()
    {
        var missing = _head < _known ? _head + 1 : 0;
        if (missing == _missing) return false;
        var opened = _missing == 0;
        (_missing, _since) = (missing, time.GetTimestamp());
        return opened;
    }

    /// <summary>Forgets what has waited for long beyond the database's head: it was not committed, or the journal brings it once it can be seen.</summary>
    public void Doubt(long databaseHead, TimeSpan waited)
    {
        foreach (var (seq, (_, since)) in _waiting)
            if (seq > databaseHead && time.GetElapsedTime(since) >= waited) _waiting.Remove(seq);
        _known = Math.Max(Math.Max(databaseHead, _head), _waiting.Count == 0 ? 0 : _waiting.Keys.Max());
    }
}
