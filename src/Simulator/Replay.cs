using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Replays a recording against a running dispatch centre: residents blow, teams race, boards look on, and at the end the journal
/// judges what everybody was told and shown.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private const int WarmConnections = 32;

    private static readonly TimeSpan _fillTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _interruptedDrain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _pollEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _progressEvery = TimeSpan.FromSeconds(10);

    private readonly ReplayOptions _options;
    private readonly TextWriter _output;
    private readonly StreetApi _api;
    private readonly Patience _patience = new(TimeProvider.System);
    private readonly Sightings _sightings = new();
    private readonly List<BoardWatcher> _boards = [];
    private readonly CancellationTokenSource _streaming = new();
    private IReadOnlyList<TeamBot> _bots = [];

    private Replay(ReplayOptions options, TextWriter output)
    {
        (_options, _output, _api) = (options, output, new StreetApi(options.Target));
    }

    /// <summary>Unique to this run, so that the same seed can be replayed on the same server: the keys of the whistles begin with it.</summary>
    private string RunId { get; } = $"sim-{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds():x}";

    /// <param name="stop">Ends the run early; what was acknowledged by then is still checked.</param>
    /// <exception cref="BadInputException">The run cannot begin, or its journal cannot be read.</exception>
    public static async Task<Summary> Run(ReplayOptions options, TextWriter output, CancellationToken stop)
    {
        var arrivals = Arrivals.Read(options.File);
        if (options.Limit is { } limit) arrivals = [.. arrivals.Take(limit)];
        await using var replay = new Replay(options, output);
        return await replay.Run(arrivals, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _streaming.CancelAsync();
        await Task.WhenAll(_boards.Select(b => b.DisposeAsync().AsTask()).Concat(_bots.Select(b => b.DisposeAsync().AsTask())));
        _streaming.Dispose();
        _api.Dispose();
    }

    private async Task<Summary> Run(IReadOnlyList<TimeSpan> arrivals, CancellationToken stop)
    {
        var street = await ReadStreet(stop);
        var duty = await Session.SignIn(_api, "duty", _options.Password, stop);
        var auditor = await Session.SignIn(_api, "auditor", _options.Password, stop);
        var crew = await Crew.SignIn(_api, _options.Target, street, _options.Password, _sightings, stop);
        _bots = crew.Bots;
        var whistles = Scenario.Draw(_options.Seed, street, arrivals);
        for (var i = 1; i <= _options.Watchers; i++) _boards.Add(new BoardWatcher(_options.Target, duty, $"board {i}"));
        var streams = Task.WhenAll(_boards.Select(b => b.Watch(_streaming.Token)).Concat(_bots.Select(b => b.Watch(_streaming.Token))));
        await FillScreens(auditor, stop);

        _output.WriteLine($"replaying {whistles.Count} whistles at {_options.Speed}x against {_options.Target}, seed {_options.Seed}, boards {_boards.Count}, team members {_bots.Count}");
        await OpenConnections(stop);
        using var lives = new CaseLives(_api, crew, _sightings, _patience, RunId);
        using var residents = new Residents(_api, lives, _patience, RunId);
        await Work(residents, whistles, stop);

        var settledHead = (await ReadJournal(0, auditor)).Head;
        await Drain(settledHead, stop.IsCancellationRequested ? _interruptedDrain : _options.Drain);
        await _streaming.CancelAsync();
        await streams;
        return Judge(whistles, lives, settledHead, await Audit(auditor), stop.IsCancellationRequested);
    }

    private async Task<StreetView> ReadStreet(CancellationToken stop)
    {
        var street = await _api.Street(stop);
        return street.Value ?? throw new BadInputException($"No dispatch centre answers at {_options.Target} ({street.Code}).");
    }

    /// <summary>The first burst finds a pool of open connections and warm code, as every later one does.</summary>
    private async Task OpenConnections(CancellationToken stop) =>
        await Task.WhenAll(Enumerable.Range(0, WarmConnections).Select(_ => _api.Street(stop)));

    /// <summary>Nobody blows before every screen stands at the journal's head.</summary>
    private async Task FillScreens(Session auditor, CancellationToken stop)
    {
        var head = (await ReadJournal(0, auditor)).Head;
        var behind = await Until(() => Screens().Where(s => s.Epoch is null || s.Through < head).ToArray(), _fillTimeout, stop);
        if (behind.Length == 0) return;
        var why = _boards.Select(b => b.LastError).Concat(_bots.Select(b => b.LastError)).FirstOrDefault(e => e is not null);
        throw new BadInputException(
            $"{behind.Length} of {_boards.Count + _bots.Count} streams, {behind[0].Name} among them, did not reach the journal's head {head} within {_fillTimeout.TotalSeconds} s ({why ?? "no error"}).");
    }

    private async Task Work(Residents residents, IReadOnlyList<Whistle> whistles, CancellationToken stop)
    {
        var work = residents.Blow(whistles, _options.Speed, stop);
        while (await Task.WhenAny(work, Task.Delay(_progressEvery, TimeProvider.System, CancellationToken.None)) != work)
            _output.WriteLine($"sent {residents.Sent} of {whistles.Count}, acknowledged {residents.Acknowledged}, retries {_patience.Retries}");
        await work;
    }

    private async Task Drain(long head, TimeSpan limit)
    {
        var behind = await Until(() => Screens().Where(s => s.Through < head).ToArray(), limit, CancellationToken.None);
        if (behind.Length > 0) _output.WriteLine($"{behind.Length} streams, {behind[0].Name} among them, did not reach the journal's head {head} within {limit.TotalSeconds} s");
    }

    /// <summary>Asks again until nothing is left or the time is up; returns what is left.</summary>
    private static async Task<ScreenLog[]> Until(Func<ScreenLog[]> left, TimeSpan limit, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (left() is { Length: > 0 } some)
        {
            if (TimeProvider.System.GetElapsedTime(began) >= limit) return some;
            await Task.Delay(_pollEvery, TimeProvider.System, stop);
        }

        return [];
    }

    private async Task<JournalPage> ReadJournal(long after, Session auditor)
    {
        var token = await auditor.Token(CancellationToken.None);
        var page = await _patience.Persist(() => _api.Journal(after, token, CancellationToken.None), CancellationToken.None);
        return page.Value ?? throw new BadInputException($"The journal after {after} cannot be read ({page.Code}), so nothing can be checked.");
    }

    private async Task<JournalAudit> Audit(Session auditor)
    {
        var audit = new JournalAudit();
        while (true)
        {
            var page = await ReadJournal(audit.Head, auditor);
            foreach (var line in page.Entries) audit.Add(line);
            if (page.Entries.Count == 0 || audit.Head >= page.Head) return audit;
        }
    }

    private Summary Judge(IReadOnlyList<Whistle> whistles, CaseLives lives, long settledHead, JournalAudit journal, bool interrupted)
    {
        var evidence = new Evidence
        {
            Whistles = whistles,
            Answers = [.. lives.Answers],
            Boards = [.. _boards.Select(b => b.Screen)],
            Members = [.. _bots.Select(b => b.Log)],
            Journal = journal,
            SettledHead = settledHead,
            ServerTime = Screens().Max(s => s.ServerTime),
        };
        var last = whistles.Max(w => w.StartedAt);
        var sending = last == 0 ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(whistles[0].IntendedAt, last);
        return Summary.Of(_options, evidence, new RunFigures(interrupted, sending, _patience.Retries, lives.Races));
    }

    private IEnumerable<ScreenLog> Screens() => _boards.Select(b => b.Screen).Concat(_bots.Select(b => b.Log.Screen));
}
