using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Reporting;

namespace DispatchCenter.Simulator;

/// <summary>Holds what a running server has against the promises, without any load: its journal, its board, the snapshot that a watcher gets, and its rates. Others may go on using it meanwhile.</summary>
internal sealed class JournalCheck(StreetApi api, Targets targets, RunOptions options, TextWriter output)
{
    private static readonly TimeSpan _fillTimeout = TimeSpan.FromSeconds(60), _look = TimeSpan.FromMilliseconds(50);

    private readonly Patience _patience = new(TimeProvider.System, Patience.DefaultBudget);

    /// <exception cref="BadInputException">The server cannot be read.</exception>
    public static async Task<Summary> RunAsync(RunOptions options, TextWriter output, CancellationToken stop)
    {
        var targets = new Targets(options.Targets, TimeProvider.System);
        using var api = new StreetApi(targets);
        return await new JournalCheck(api, targets, options, output).CheckAsync(stop);
    }

    private async Task<Summary> CheckAsync(CancellationToken stop)
    {
        var startedAt = TimeProvider.System.GetUtcNow();
        var (duty, auditor) = (await Session.SignIn(api, "duty", options.Password, stop), await Session.SignIn(api, "auditor", options.Password, stop));
        var screen = new ScreenLog("the watcher");
        var load = Load.Begin([screen]);
        await FillAsync(screen, duty, stop);
        var board = (await _patience.Persist(async () => await api.Board(Seeing.SnapshotLimit, await duty.Token(stop), stop), stop)).Value ?? throw new BadInputException("The board cannot be read, so nothing can be checked.");
        var rates = new FieldJudge { AsOf = screen.ServerTime - TimeSpan.FromSeconds(1) };
        var (journal, atSnapshot) = await ReadAsync(board.Seq, screen, rates, auditor, stop);
        output.WriteLine($"check: the journal of {targets} up to {journal.Head}, {journal.Cases.Count} cases and {journal.Matters.Count} other matters");
        var evidence = new Evidence { Whistles = [], Answers = [], Boards = [screen], Members = [], Journal = journal, SettledHead = screen.JoinedAt, ServerTime = screen.ServerTime };
        string[] ofAJournal = ["double winners", "journal gaps", "feed gaps", "doubled clocks", "missed clocks"];
        var promises = Promises.Check(evidence).Where(p => ofAJournal.Contains(p.Name))
            .Append(new Promise("board unlike the journal", BoardUnlike(board, journal)))
            .Append(new Promise("snapshot unlike the journal", atSnapshot))
            .Append(new Promise("rates unlike the journal", (await rates.Judge(api, await auditor.Token(stop), output, isField: false)).Rates));
        return Summary.Of(options, evidence, new RunFigures(false, TimeSpan.Zero, _patience.Retries, _patience.Busy, 0, load.End([screen]), StartedAt: startedAt)) with
        {
            Promises = [.. promises.Select(p => new PromiseSummary(p.Name, p.Faults.Count, p.Faults.Examples, p.Faults.Checks))],
        };
    }

    /// <summary>Watches until the screen stands where the journal stood.</summary>
    private async Task FillAsync(ScreenLog screen, Session duty, CancellationToken stop)
    {
        var head = (await _patience.Persist(async () => await api.Board(1, await duty.Token(stop), stop), stop)).Value?.Seq ?? throw new BadInputException($"No dispatch centre answers at {targets}, or its board cannot be read.");
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var feed = new FeedClient(targets, duty, screen);
        var stream = feed.Watch(watching.Token);
        var began = TimeProvider.System.GetTimestamp();
        while (screen.Epoch is null || screen.Through < head)
        {
            if (TimeProvider.System.GetElapsedTime(began) > _fillTimeout) throw new BadInputException($"A watcher did not reach the journal's head {head} within {_fillTimeout.TotalSeconds:0} s ({feed.LastError ?? "no error"}).");
            await Task.Delay(_look, TimeProvider.System, stop);
        }

        await watching.CancelAsync();
        await stream;
    }

    /// <summary>The journal exactly up to the board's position, and where the screen differs from it at its own.</summary>
    private async Task<(JournalAudit Journal, Faults AtSnapshot)> ReadAsync(long until, ScreenLog screen, FieldJudge rates, Session auditor, CancellationToken stop)
    {
        var (journal, unlike) = (new JournalAudit(), new Faults());
        if (screen.JoinedAt == 0) Compare(screen, journal, unlike);
        while (journal.Head < until)
        {
            var page = (await _patience.Persist(async () => await api.Journal(journal.Head, await auditor.Token(stop), stop), stop)).Value ?? throw new BadInputException($"The journal after {journal.Head} cannot be read, so nothing can be checked.");
            if (page.Entries.Count == 0) break;
            foreach (var line in page.Entries)
            {
                if (line.Seq > until) return (journal, unlike);
                journal.Add(line);
                rates.Add(line);
                if (line.Seq == screen.JoinedAt) Compare(screen, journal, unlike);
            }
        }

        return (journal, unlike);
    }

    /// <summary>Every open case is on the screen at its version, or farther from its breach than a snapshot reaches.</summary>
    private static void Compare(ScreenLog screen, JournalAudit journal, Faults unlike)
    {
        var open = journal.Cases.Where(c => c.OverSince is null).ToList();
        unlike.Check(open.Count);
        var missing = open.Count(c => screen.VersionSeen(c.CallNo) == 0);
        if (open.Count - missing < Math.Min(open.Count, Seeing.SnapshotLimit)) unlike.Add($"{open.Count} cases were open at journal {journal.Head}, and the snapshot had {open.Count - missing} of them");
        foreach (var trail in open)
            if (screen.VersionSeen(trail.CallNo) is > 0 and var seen && seen < trail.Version) unlike.Add($"{trail.CallNo} was at version {trail.Version} at journal {journal.Head}, and the snapshot had {seen}");
    }

    private static Faults BoardUnlike(Board board, JournalAudit journal)
    {
        var faults = new Faults();
        var open = journal.Cases.Where(c => c.OverSince is null).ToDictionary(c => c.CallNo);
        faults.Check(board.Calls.Count + 1);
        if (board.Total != open.Count) faults.Add($"the board counts {board.Total} open cases at journal {board.Seq}, and the journal {open.Count}");
        foreach (var card in board.Calls)
            if (!open.TryGetValue(card.CallNo, out var trail)) faults.Add($"{card.CallNo} is on the board and not open in the journal");
            else if (trail.Version != card.Version) faults.Add($"{card.CallNo} is at version {card.Version} on the board and at {trail.Version} in the journal");
        return faults;
    }
}
