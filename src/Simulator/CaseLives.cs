using System.Collections.Concurrent;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>Plays every case's random life: accepted, often by two at once, arrived, resolved, verified, rated.</summary>
/// <param name="speed">How many times faster than generated people act.</param>
/// <param name="until">No further step begins after it.</param>
/// <param name="exceptions">Plays lives with an exception; null if there are none.</param>
internal sealed class CaseLives(StreetApi api, Crew crew, Sightings sightings, Patience patience, string runId, double speed, CancellationToken until, FieldTools? exceptions = null) : IDisposable
{
    /// <summary>The maximum of concurrent cases; the others wait.</summary>
    private const int MaxAtOnce = 4_096;

    /// <summary>A team that has not seen the case by then gives up; the checks report it.</summary>
    private static readonly TimeSpan _sightingTimeout = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _slots = new(MaxAtOnce);
    private readonly ConcurrentQueue<GivenAnswer> _answers = new();
    private int _races;

    public IReadOnlyCollection<GivenAnswer> Answers => [.. _answers, .. exceptions?.Answers ?? []];

    public int Races => Volatile.Read(ref _races);

    public void Dispose() => _slots.Dispose();

    public async Task Live(Whistle whistle, CancellationToken stop)
    {
        if (whistle.Receipt is not { } receipt || (!whistle.Life.Answered && whistle.Life.Story is null)) return;
        if (!await IsSeen(receipt.CallNo, stop)) return;
        await _slots.WaitAsync(stop);
        try
        {
            if (exceptions is not null && whistle.Life.Story is { } story) await FieldLives.Live(story, new FieldCase(exceptions, whistle));
            else await Work(whistle, receipt, stop);
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The run is over, and the case stays open.
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<bool> IsSeen(string callNo, CancellationToken stop)
    {
        try
        {
            await sightings.WhenSeen(callNo).WaitAsync(_sightingTimeout, TimeProvider.System, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task Work(Whistle whistle, WhistleReceipt receipt, CancellationToken stop)
    {
        var (life, pauses, callNo) = (whistle.Life, whistle.Life.Pauses, receipt.CallNo);
        await Pause(pauses.Accept);
        var racers = Racers(whistle);
        var winner = await Race(callNo, racers, stop);
        if (winner is null) return;

        await Pause(pauses.Arrive);
        if (!await Give(winner, HubNames.Arrive, Whats.Arrived, stop, callNo)) return;
        await Pause(pauses.Resolve);
        if (!await Give(winner, HubNames.Resolve, Whats.Resolved, stop, callNo, "Simulated report")) return;

        if (!life.Verified) return;
        var verifiers = crew.Verifiers(whistle.Community, racers);
        if (verifiers.Count == 0) return;
        await Pause(pauses.Verify);
        var verifier = verifiers[life.Pick % verifiers.Count];
        if (!await Give(verifier, HubNames.Verify, Whats.Verified, stop, callNo, true, "Simulated verification")) return;

        if (life.Satisfaction is null) return;
        await Pause(pauses.Evaluate);
        await Evaluate(whistle, receipt, life.Satisfaction, stop);
    }

    private TeamBot[] Racers(Whistle whistle)
    {
        var candidates = crew.Candidates(whistle.Team, whistle.PropertyRecused);
        if (candidates.Count == 0) return [];
        var first = whistle.Life.Pick % candidates.Count;
        return whistle.Life.Raced && candidates.Count > 1
            ? [candidates[first], candidates[(first + 1) % candidates.Count]]
            : [candidates[first]];
    }

    /// <summary>All tap at once.</summary>
    private async Task<TeamBot?> Race(string callNo, TeamBot[] racers, CancellationToken stop)
    {
        if (racers.Length > 1) Interlocked.Increment(ref _races);
        var won = await Task.WhenAll(racers.Select(racer => Give(racer, HubNames.Accept, Whats.Accepted, stop, callNo)));
        return racers.Zip(won).FirstOrDefault(r => r.Second).First;
    }

    private async Task<bool> Give(TeamBot bot, string command, string what, CancellationToken stop, params object?[] arguments)
    {
        var (callNo, intendedAt) = ((string)arguments[0]!, TimeProvider.System.GetTimestamp());
        var reply = await patience.Persist(() => bot.Command(command, stop, arguments), stop);
        var lead = reply?.Call?.Lead;
        _answers.Enqueue(new GivenAnswer(callNo, what, bot.Me.Post!, reply?.Ok == true, reply?.Code ?? "no answer", lead is not null, intendedAt));
        return reply?.Ok == true;
    }

    private async Task Evaluate(Whistle whistle, WhistleReceipt receipt, string satisfaction, CancellationToken stop)
    {
        var evaluation = new EvaluationRequest(whistle.Life.Solved, satisfaction, "Simulated evaluation");
        var (key, intendedAt) = ($"{runId}-e{whistle.Number}", TimeProvider.System.GetTimestamp());
        var answer = await patience.Persist(() => api.Evaluate(receipt.TrackingCode, evaluation, key, stop), stop);
        _answers.Enqueue(new GivenAnswer(receipt.CallNo, Whats.Evaluated, Promises.Caller, answer.Value is not null, answer.Code, false, intendedAt));
    }

    private Task Pause(TimeSpan drawn) => drawn > TimeSpan.Zero ? Task.Delay(drawn / speed, TimeProvider.System, until) : Task.CompletedTask;
}
