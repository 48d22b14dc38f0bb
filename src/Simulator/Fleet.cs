namespace DispatchCenter.Simulator;

/// <summary>All raw watchers of a run: duty officers' boards, and team members' connections spread over the teams.</summary>
internal sealed class Fleet : IDisposable
{
    /// <summary>The maximum of concurrent connection attempts; thousands at once would measure the listener's backlog.</summary>
    private const int MaxConnectingAtOnce = 128;

    /// <summary>The total of first-sight times kept: 64 MB.</summary>
    private const int MaxSamples = 8_000_000;

    private readonly SemaphoreSlim _door = new(MaxConnectingAtOnce);
    private readonly List<RawWatcher> _watchers = [];
    private readonly List<ScreenLog> _boards = [];
    private readonly List<MemberLog> _members = [];

    /// <param name="whistles">The number planned: above a bound, only some cases are sampled for latency.</param>
    public Fleet(RunOptions options, Targets targets, Session duty, Crew crew, int whistles)
    {
        var sights = (long)whistles * (options.Boards + 1 + (options.TeamWatchers / Math.Max(1, crew.Teams)));
        var sampleEvery = (int)(1 + (sights / MaxSamples));
        var street = new FrameReader(new CaseNumbers(sampleEvery));
        for (var i = 1; i <= options.Boards; i++)
        {
            _boards.Add(new ScreenLog($"board {i}", street.Cases));
            _watchers.Add(new RawWatcher(targets, duty, _boards[^1], street, _door));
        }

        var readers = new Dictionary<(string?, string?), FrameReader>();
        for (var i = 0; i < options.TeamWatchers; i++)
        {
            var session = crew.Bots[i % crew.Bots.Count].Session;
            var lane = (session.Me.Team, session.Me.PostKind);
            if (!readers.TryGetValue(lane, out var reader)) readers.Add(lane, reader = new FrameReader(new CaseNumbers(sampleEvery)));
            var screen = new ScreenLog($"{session.Me.UserName} #{1 + (i / crew.Bots.Count)}", reader.Cases);
            _members.Add(new MemberLog(session.Me, screen));
            _watchers.Add(new RawWatcher(targets, session, screen, reader, _door));
        }
    }

    public IReadOnlyList<ScreenLog> Boards => _boards;

    public IReadOnlyList<MemberLog> Members => _members;

    public string? LastError => _watchers.Select(w => w.LastError).FirstOrDefault(e => e is not null);

    /// <summary>Runs until stopped.</summary>
    public async Task Watch(CancellationToken stop) => await Task.WhenAll([.. _watchers.Select(w => w.Watch(stop)), Ping(stop)]);

    public void Dispose() => _door.Dispose();

    /// <summary>Pings a fifteenth of the watchers each second, to avoid bursts.</summary>
    private async Task Ping(CancellationToken stop)
    {
        var parts = (int)RawWatcher.PingEvery.TotalSeconds;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            for (var part = 0; await timer.WaitForNextTickAsync(stop); part = (part + 1) % parts)
                for (var i = part; i < _watchers.Count; i += parts)
                    _watchers[i].Ping();
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }
}
