using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// The state of one watcher's screen, and whether the feed kept its promises to it. Pure: frames and instants in, faults out. Uses
/// two bytes per case, and eight more for each sampled one. Written only by the loop that reads the stream, and read by others only after
/// that loop has ended, except for <see cref="Through"/>, <see cref="IsConnected"/> and the counters.
/// </summary>
/// <param name="cases">Shared by all watchers who see the same.</param>
internal sealed class ScreenLog(string name, CaseNumbers cases)
{
    private readonly List<Replacement> _replacements = [];
    private ushort[] _versions = [];
    private long[] _firstSeen = [];
    private HashSet<int>? _gone;
    private List<TimeSpan>? _outages;
    private List<long>? _breaks;
    private long _through;
    private long _lostAt;
    private bool _inSnapshot;

    public ScreenLog(string name)
        : this(name, new CaseNumbers())
    {
    }

    public string Name { get; } = name;

    /// <summary>The screen's position in the journal; a reconnect resumes after it.</summary>
    public long Through => Volatile.Read(ref _through);

    /// <summary>A frame has arrived since the stream was last opened.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>The journal position of the first snapshot: all later changes must arrive.</summary>
    public long JoinedAt { get; private set; }

    /// <summary>Null until the first frame.</summary>
    public string? Epoch { get; private set; }

    public DateTimeOffset? ServerTime { get; private set; }

    public long Frames { get; private set; }

    /// <summary>Cards received; each is a delivery.</summary>
    public long Deliveries { get; private set; }

    public int Resyncs { get; private set; }

    /// <summary>How often a stream broke after bringing frames.</summary>
    public int Reconnects => _breaks?.Count ?? 0;

    /// <summary>When each of them broke.</summary>
    public IReadOnlyList<long> Breaks => _breaks ?? [];

    public int EpochChanges { get; private set; }

    /// <summary>For each break, the time until the next stream's first frame.</summary>
    public IReadOnlyList<TimeSpan> Outages => _outages ?? [];

    /// <summary>Frames that do not start at the screen's position, or are not frames at all.</summary>
    public Faults Gaps { get; } = new();

    /// <summary>An older version of a case after a newer one.</summary>
    public Faults OutOfOrder { get; } = new();

    /// <summary>Snapshots that replaced the screen after a resync.</summary>
    public IReadOnlyList<Replacement> Replacements => _replacements;

    /// <summary>The highest version of a case ever shown; 0 for none.</summary>
    public int VersionSeen(string callNo) => cases.Find(callNo) is { } number && number < _versions.Length ? _versions[number] : 0;

    /// <summary>The watcher was told that it may no longer see the case.</summary>
    public bool WasGone(string callNo) => _gone is not null && cases.Find(callNo) is { } number && _gone.Contains(number);

    /// <summary>When the first frame with the case was read; null if it was never seen or not sampled.</summary>
    public long? FirstSeen(string callNo) =>
        cases.Find(callNo) is { } number && number % cases.SampleEvery == 0 && number / cases.SampleEvery < _firstSeen.Length
        && _firstSeen[number / cases.SampleEvery] is > 0 and var at ? at : null;

    public bool Take(FeedFrame frame, long at) => Take(FrameFacts.Of(frame, cases), at);

    /// <param name="at">When the frame was read.</param>
    /// <returns>False if the epoch changed: the watcher must start over.</returns>
    public bool Take(FrameFacts frame, long at)
    {
        Frames++;
        ServerTime = frame.ServerTime;
        TakeBack(at);
        if (Epoch is not null && frame.Epoch != Epoch)
        {
            StartAnew(frame.Epoch);
            return false;
        }

        Epoch = frame.Epoch;
        TakePosition(frame);
        foreach (var card in frame.Cards) TakeCard(card, at);
        foreach (var gone in frame.Gone) (_gone ??= []).Add(gone);
        return true;
    }

    /// <summary>The stream broke and will be reopened from <see cref="Through"/>.</summary>
    /// <param name="at">When it broke.</param>
    public void Lose(long at)
    {
        IsConnected = false;
        _inSnapshot = false;
        if (_lostAt != 0 || Frames == 0) return; // another attempt, or one before the first frame
        _lostAt = at;
        (_breaks ??= []).Add(at);
    }

    private void TakeBack(long at)
    {
        IsConnected = true;
        if (_lostAt == 0) return;
        (_outages ??= []).Add(TimeProvider.System.GetElapsedTime(_lostAt, at));
        _lostAt = 0;
    }

    private void StartAnew(string epoch)
    {
        Epoch = epoch;
        EpochChanges++;
        (_versions, _firstSeen, _gone) = ([], [], null);
        _replacements.Clear();
        _inSnapshot = false;
        JoinedAt = 0;
        MoveTo(0);
    }

    private void TakePosition(FrameFacts frame)
    {
        Gaps.Check();
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
            case FrameKinds.Delta or FrameKinds.Beat:
                if (frame.From != Through || frame.Through < frame.From)
                    Gaps.Add($"{Name} stood at {Through} and got a {frame.Kind} from {frame.From} through {frame.Through}");
                break;
            default:
                Gaps.Add($"{Name} got a frame of the unknown kind '{frame.Kind}'");
                break;
        }

        _inSnapshot = false;
        MoveTo(Math.Max(frame.Through, Through));
    }

    private void TakeSnapshot(FrameFacts frame)
    {
        if (!_inSnapshot) _replacements.Add(new Replacement(0, 0));
        _inSnapshot = true;
        var sofar = _replacements[^1];
        _replacements[^1] = new Replacement(Math.Max(sofar.Through, frame.Through), sofar.Cases + frame.Cards.Length);
        MoveTo(Math.Max(frame.Through, Through));
        if (_replacements.Count == 1) JoinedAt = Through;
    }

    private void TakeCard(CardMark card, long at)
    {
        Deliveries++;
        OutOfOrder.Check();
        if (card.Case >= _versions.Length) Array.Resize(ref _versions, Math.Max(card.Case + 1, _versions.Length * 2));
        var before = _versions[card.Case];
        if (before == 0) KeepFirstSight(card.Case, at);
        if (card.Version < before) OutOfOrder.Add($"{Name} saw {cases.Name(card.Case)} at version {before}, then at {card.Version}");
        else _versions[card.Case] = (ushort)Math.Min(card.Version, ushort.MaxValue);
    }

    private void KeepFirstSight(int number, long at)
    {
        if (number % cases.SampleEvery != 0) return;
        var sample = number / cases.SampleEvery;
        if (sample >= _firstSeen.Length) Array.Resize(ref _firstSeen, Math.Max(sample + 1, _firstSeen.Length * 2));
        _firstSeen[sample] = at;
    }

    private void MoveTo(long through) => Volatile.Write(ref _through, through);
}

/// <summary>A snapshot: its journal position and number of cases.</summary>
internal readonly record struct Replacement(long Through, int Cases);
