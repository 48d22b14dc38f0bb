using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// What one watcher has on its screen, and whether the feed kept its word to it. Pure: frames and instants go in, faults come out.
/// Written by the one loop that reads the stream, and read by others only after that loop has ended, but for <see cref="Through"/>.
/// </summary>
internal sealed class ScreenLog(string name)
{
    private readonly Dictionary<string, Sight> _cases = [];
    private readonly List<Replacement> _replacements = [];
    private long _through;
    private bool _inSnapshot;

    public string Name { get; } = name;

    /// <summary>How far this screen is in the journal; a reconnect asks for what came after.</summary>
    public long Through => Volatile.Read(ref _through);

    /// <summary>The journal's position when the screen was first filled: later changes must all reach it.</summary>
    public long JoinedAt { get; private set; }

    /// <summary>Null until the first frame.</summary>
    public string? Epoch { get; private set; }

    public DateTimeOffset? ServerTime { get; private set; }

    public int Resyncs { get; private set; }

    /// <summary>How often the stream broke off and was taken up again.</summary>
    public int Reconnects { get; private set; }

    public int EpochChanges { get; private set; }

    /// <summary>Deltas that do not begin where the screen is.</summary>
    public Faults Gaps { get; } = new();

    /// <summary>An older version of a case after a newer one.</summary>
    public Faults OutOfOrder { get; } = new();

    /// <summary>The highest version of a case that was ever on this screen; 0 for none.</summary>
    public int VersionSeen(string callNo) => _cases.TryGetValue(callNo, out var sight) ? sight.Version : 0;

    /// <summary>The timestamp of the first frame that held the case.</summary>
    public long? FirstSeen(string callNo) => _cases.TryGetValue(callNo, out var sight) ? sight.FirstSeen : null;

    /// <summary>Whole screens that replaced this one after a resync.</summary>
    public IReadOnlyList<Replacement> Replacements => _replacements;

    /// <param name="at">The timestamp at which the frame was read.</param>
    /// <returns>False when the database is another one (its epoch changed): the watcher must ask for everything anew.</returns>
    public bool Take(FeedFrame frame, long at)
    {
        ServerTime = frame.ServerTime;
        if (Epoch is not null && frame.Epoch != Epoch)
        {
            StartAnew(frame.Epoch);
            return false;
        }

        Epoch = frame.Epoch;
        TakePosition(frame);
        foreach (var card in frame.Calls) TakeCard(card, at);
        return true;
    }

    /// <summary>The stream is opened again, from <see cref="Through"/>.</summary>
    public void Reopen()
    {
        Reconnects++;
        _inSnapshot = false;
    }

    private void StartAnew(string epoch)
    {
        Epoch = epoch;
        EpochChanges++;
        _cases.Clear();
        _replacements.Clear();
        _inSnapshot = false;
        JoinedAt = 0;
        MoveTo(0);
    }

    private void TakePosition(FeedFrame frame)
    {
        switch (frame.Kind)
        {
            case FrameKinds.Resync:
                Resyncs++;
                _inSnapshot = false;
                MoveTo(0);
                return;
            case FrameKinds.Snapshot:
                TakeSnapshot(frame);
                return;
            case FrameKinds.Delta:
                if (frame.From != Through) Gaps.Add($"{Name} stood at {Through} and got a delta from {frame.From} through {frame.Through}");
                break;
            case FrameKinds.Beat:
                if (frame.Through < Through) Gaps.Add($"{Name} stood at {Through} and got a beat back to {frame.Through}");
                break;
            default:
                Gaps.Add($"{Name} got a frame of the unknown kind '{frame.Kind}'");
                break;
        }

        _inSnapshot = false;
        MoveTo(Math.Max(frame.Through, Through));
    }

    private void TakeSnapshot(FeedFrame frame)
    {
        if (!_inSnapshot) _replacements.Add(new Replacement(0, 0));
        _inSnapshot = true;
        var sofar = _replacements[^1];
        _replacements[^1] = new Replacement(Math.Max(sofar.Through, frame.Through), sofar.Cases + frame.Calls.Count);
        MoveTo(Math.Max(frame.Through, Through));
        if (_replacements.Count == 1) JoinedAt = Through;
    }

    private void TakeCard(CallCard card, long at)
    {
        if (!_cases.TryGetValue(card.CallNo, out var sight))
        {
            _cases.Add(card.CallNo, new Sight(at, card.Version));
            return;
        }

        if (card.Version < sight.Version) OutOfOrder.Add($"{Name} saw {card.CallNo} at version {sight.Version}, then at {card.Version}");
        else _cases[card.CallNo] = sight with { Version = card.Version };
    }

    private void MoveTo(long through) => Volatile.Write(ref _through, through);

    private readonly record struct Sight(long FirstSeen, int Version);
}

/// <summary>A screen that was filled as a whole: up to where in the journal, and with how many cases.</summary>
internal readonly record struct Replacement(long Through, int Cases);
