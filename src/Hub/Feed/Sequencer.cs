using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Puts entries that arrive in any order into sequence order, without gaps or duplicates. Early entries wait in a bounded
/// buffer; what does not fit is dropped, because the journal has it. Not thread-safe: the feed's gate guards it.
/// </summary>
internal sealed class Sequencer(TimeProvider time)
{
    /// <summary>The maximum of buffered entries; about 6 MB of cards.</summary>
    public const int WaitingLimit = 4_096;

    private readonly Dictionary<long, (JournalEntry Entry, long Since)> _waiting = [];
    private long _head;
    private long _known;
    private long _missing;
    private long _since;

    /// <summary>Everything up to here has been released. May be read at any time.</summary>
    public long Head => Interlocked.Read(ref _head);

    /// <summary>Known committed entries that have not been released.</summary>
    public long Behind => _known - _head;

    public int Waiting => _waiting.Count;

    /// <summary>How long the next entry has been missing; null if nothing is missing.</summary>
    public TimeSpan? GapAge => _head < _known ? time.GetElapsedTime(_since) : null;

    public void StartAt(long head)
    {
        Interlocked.Exchange(ref _head, head);
        (_known, _missing) = (head, 0);
        _waiting.Clear();
    }

    /// <summary>Records that the entries up to here are committed.</summary>
    public void Expect(long seq) => _known = Math.Max(_known, seq);

    /// <summary>Whether this entry is the next to release. An old one is not; an early one is buffered.</summary>
    public bool IsNext(JournalEntry entry)
    {
        if (entry.Seq == _head + 1) return true;
        if (entry.Seq > _head && _waiting.Count < WaitingLimit) _waiting.TryAdd(entry.Seq, (entry, time.GetTimestamp()));
        return false;
    }

    /// <summary>Records the release of the next entry; returns the following one if it is buffered.</summary>
    public JournalEntry? Passed()
    {
        var head = Interlocked.Increment(ref _head);
        if (_waiting.Count == 0) return null;
        _waiting.Remove(head);
        return _waiting.GetValueOrDefault(head + 1).Entry;
    }

    /// <summary>Call after every change; true if a new gap has opened.</summary>
    public bool Settle()
    {
        var missing = _head < _known ? _head + 1 : 0;
        if (missing == _missing) return false;
        var opened = _missing == 0;
        (_missing, _since) = (missing, time.GetTimestamp());
        return opened;
    }

    /// <summary>Drops entries that have long been beyond the database's head: they were not committed, or the journal will deliver them.</summary>
    public void Doubt(long databaseHead, TimeSpan waited)
    {
        foreach (var (seq, (_, since)) in _waiting)
            if (seq > databaseHead && time.GetElapsedTime(since) >= waited) _waiting.Remove(seq);
        _known = Math.Max(Math.Max(databaseHead, _head), _waiting.Count == 0 ? 0 : _waiting.Keys.Max());
    }
}
