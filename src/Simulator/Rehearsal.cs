using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator;

/// <summary>
/// Runs a generated load against a live dispatch centre: residents blow the whistle, teams race, watchers look on; at the end the journal is compared
/// with everything that people were told and shown. Every simulator command is one of these.
/// </summary>
internal sealed class Rehearsal : IAsyncDisposable
{
    private const int WarmConnections = 32;

    private static readonly TimeSpan _fillTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _interruptedDrain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _pollEvery = TimeSpan.FromMilliseconds(100);

    private readonly RunOptions _options;
    private readonly TextWriter _output;
    private readonly Targets _targets;
    private readonly StreetApi _api;
    private readonly Patience _patience;
    private readonly Patience _auditorsPatience = new(TimeProvider.System, Patience.DefaultBudget);
    private readonly Sightings _sightings = new();
    private readonly CancellationTokenSource _streaming = new();
    private readonly CasePages _pages;
    private readonly FieldJudge _field = new();
    private Fleet? _fleet;
    private IReadOnlyList<TeamBot> _bots = [];

    private Rehearsal(RunOptions options, TextWriter output)
    {
        (_options, _output) = (options, output);
        _targets = new Targets(options.Targets, TimeProvider.System);
        _api = new StreetApi(_targets);
        _patience = new Patience(TimeProvider.System, options.Patience);
        _pages = new CasePages(_targets, options.Pages, _streaming.Token);
    }

    /// <summary>Unique to this run and a prefix of the idempotency keys, so the same seed can run again on the same server.</summary>
    private string RunId { get; } = $"sim-{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds():x}";

    /// <param name="draw">Plans the run for the server's street.</param>
    /// <param name="stop">Ends the run early; everything acknowledged by then is still checked.</param>
    /// <exception cref="BadInputException">The run cannot begin, or its journal cannot be read.</exception>
    public static async Task<Verdict> Run(RunOptions options, Func<StreetView, Plan> draw, TextWriter output, CancellationToken stop)
    {
        await using var rehearsal = new Rehearsal(options, output);
        return await rehearsal.Run(draw, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _streaming.CancelAsync();
        await Task.WhenAll(_bots.Select(b => b.DisposeAsync().AsTask()));
        _fleet?.Dispose();
        _pages.Dispose();
        _streaming.Dispose();
        _api.Dispose();
    }

    private async Task<Verdict> Run(Func<StreetView, Plan> draw, CancellationToken stop)
    {
        var street = await ReadStreet(stop);
        var plan = draw(street);
        var (whistles, errands) = (plan.Whistles, plan.Errands);
        if (whistles.Count == 0) throw new BadInputException("No whistles in that time: use more time or a higher rate.");
        var duty = await Session.SignIn(_api, "duty", _options.Password, stop);
        var auditor = await Session.SignIn(_api, "auditor", _options.Password, stop);
        var crew = await Crew.SignIn(_api, _targets, street, _options.Password, _sightings, stop);
        _bots = crew.Bots;
        _fleet = new Fleet(_options, _targets, duty, crew, whistles.Count);
        var streams = Task.WhenAll([.. _bots.Select(b => b.Watch(_streaming.Token)), _fleet.Watch(_streaming.Token)]);
        await FillScreens(auditor, stop);

        _output.WriteLine($"{_options.Title}: {whistles.Count} whistles at {_options.Speed}x against {_targets}, seed {_options.Seed}, boards {_fleet.Boards.Count}, team watchers {_fleet.Members.Count}, pages {_pages.Most}, team members {_bots.Count}");
        _output.WriteLine($"plan {plan.Digest}{(_options.Repeats is { } first && first != plan.Digest ? $", and not {first}: this server's street is another one" : "")}");
        await OpenConnections(stop);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var field = _options.Field ? new FieldTools(_api, crew, await FieldDesks.SignIn(_api, street, _options.Password, stop), _patience, RunId, stop) : null;
        using var lives = new CaseLives(_api, crew, _sightings, _patience, RunId, _options.Pace, until.Token, field);
        using var residents = new Residents(_api, lives, _pages, _patience, RunId);
        var (load, began, startedAt) = (Load.Begin(Screens()), TimeProvider.System.GetTimestamp(), TimeProvider.System.GetUtcNow());
        if (_options.Until is { } limit) until.CancelAfter(limit);
        if (errands.Count > 0) await ErrandLives.Prepare(_api, _options.Password, stop);
        var errandLives = new ErrandLives(_api, crew, _patience, RunId, _options.Speed, until.Token);
        var callouts = new CalloutLives(_api, crew, duty, _patience, _options, RunId, until.Token);
        var shifts = new ShiftLives(_api, crew, _patience, _options, RunId, until.Token);
        var breaker = new Breaker(_options.Breaker ?? string.Empty, _options, _output);
        var work = Task.WhenAll(
            residents.Blow(whistles, _options.Speed, stop), errandLives.Run(errands, stop), callouts.Run(plan.Callouts, stop), shifts.Run(plan.Shifts), breaker.Run(plan.Faults, stop));
        await LivePanel.Show(work, new Progress(whistles, residents, _patience, [.. Screens()], [.. Members()]), _options, _output);
        await work;
        var carried = load.End(Screens());

        var settledHead = (await ReadJournal(0, auditor)).Head;
        var journal = await Drain(settledHead, stop.IsCancellationRequested ? _interruptedDrain : _options.Drain, auditor);
        await _streaming.CancelAsync();
        await Task.WhenAll(streams, _pages.Ended());
        var evidence = field is null ? null : await _field.Judge(_api, await auditor.Token(CancellationToken.None), _output);
        var last = whistles.Max(w => w.StartedAt);
        var sending = last == 0 ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(whistles[0].IntendedAt, last);
        var found = new Evidence
        {
            Whistles = [.. whistles, .. field?.Others ?? []],
            Answers = [.. lives.Answers],
            Errands = errands,
            Steps = errandLives.Steps,
            Boards = _fleet!.Boards,
            Members = [.. Members()],
            Pages = _pages.Pages,
            Journal = journal,
            SettledHead = settledHead,
            ServerTime = Screens().Max(s => s.ServerTime),
            Absences = shifts.Absences,
            Callouts = await callouts.Judge(journal),
            Breaking = breaker.Judge(),
            Field = evidence,
        };
        var figures = new RunFigures(stop.IsCancellationRequested, sending, _patience.Retries, _patience.Busy, lives.Races, carried, plan.Digest, began, startedAt);
        return new Verdict(Summary.Of(_options, found, figures), found);
    }

    private async Task<StreetView> ReadStreet(CancellationToken stop)
    {
        var street = await _api.Street(stop);
        return street.Value ?? throw new BadInputException($"No dispatch centre answers at {_targets} ({street.Code}).");
    }

    /// <summary>Warms up the connection pool and code, so the first burst is like later ones.</summary>
    private async Task OpenConnections(CancellationToken stop) =>
        await Task.WhenAll(Enumerable.Range(0, WarmConnections).Select(_ => _api.Street(stop)));

    /// <summary>Why some stream last broke; null if none did.</summary>
    private string? LastError => _fleet!.LastError ?? _bots.Select(b => b.LastError).FirstOrDefault(e => e is not null);

    /// <summary>Waits until every screen is at the journal's head before the first whistle.</summary>
    private async Task FillScreens(Session auditor, CancellationToken stop)
    {
        var head = (await ReadJournal(0, auditor)).Head;
        var behind = await Until(() => Screens().Where(s => s.Epoch is null || s.Through < head).ToArray(), _fillTimeout, stop);
        if (behind.Length == 0) return;
        throw new BadInputException(
            $"{behind.Length} of {Screens().Count()} streams, {behind[0].Name} among them, did not reach the journal's head {head} within {_fillTimeout.TotalSeconds} s ({LastError ?? "no error"}).");
    }

    /// <summary>Waits until everyone has reached the head, and reads the journal, which defines what the pages must show.</summary>
    private async Task<JournalAudit> Drain(long head, TimeSpan limit, Session auditor)
    {
        var behind = await Until(() => Screens().Where(s => s.Through < head).ToArray(), limit, CancellationToken.None);
        if (behind.Length > 0) _output.WriteLine($"{behind.Length} streams, {behind[0].Name} among them, did not reach the journal's head {head} within {limit.TotalSeconds} s ({LastError ?? "no error"})");
        _field.AsOf = Screens().Max(s => s.ServerTime) - TimeSpan.FromSeconds(1);
        var journal = await Audit(auditor);
        var due = journal.VersionsAt(head);
        await Until(() => _pages.Pages.Where(p => p.Version < due.GetValueOrDefault(p.CallNo)).ToArray(), limit, CancellationToken.None);
        return journal;
    }

    /// <summary>Retries until nothing is left or the time is up; returns what is left.</summary>
    private static async Task<T[]> Until<T>(Func<T[]> left, TimeSpan limit, CancellationToken stop)
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
        var page = await _auditorsPatience.Persist(() => _api.Journal(after, token, CancellationToken.None), CancellationToken.None);
        return page.Value ?? throw new BadInputException($"The journal after {after} cannot be read ({page.Code}), so nothing can be checked.");
    }

    private async Task<JournalAudit> Audit(Session auditor)
    {
        var audit = new JournalAudit();
        while (true)
        {
            var page = await ReadJournal(audit.Head, auditor);
            foreach (var line in page.Entries)
            {
                audit.Add(line);
                if (_options.Field && line.Kind is null) _field.Add(line);
            }

            if (page.Entries.Count == 0 || audit.Head >= page.Head) return audit;
        }
    }

    private IEnumerable<MemberLog> Members() => _bots.Select(b => b.Log).Concat(_fleet!.Members);

    private IEnumerable<ScreenLog> Screens() => _fleet!.Boards.Concat(Members().Select(m => m.Screen));
}

/// <summary>A run's results, and the evidence.</summary>
internal sealed record Verdict(Summary Summary, Evidence Evidence);
