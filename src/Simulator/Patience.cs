using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Sends again what the server was too busy for or away from, within bounds. A server that nobody has had an answer from for the whole
/// budget is given up by everybody at once, so a dead one does not hold the run up whistle by whistle.
/// </summary>
/// <param name="budget">For how long, before a whistle or an answer is given up.</param>
internal sealed class Patience(TimeProvider clock, TimeSpan budget)
{
    public const int MaxAttempts = 1_000;
    public static readonly TimeSpan DefaultBudget = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(100);

    private int _retries;
    private int _busy;
    private long _failingSince; // 0 while the server answers

    public int Retries => Volatile.Read(ref _retries);

    /// <summary>How often the server said that it is too busy or limits us, rather than saying nothing.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>An HTTP request; the caller gives the same key to every attempt.</summary>
    public async Task<Answer<T>> Persist<T>(Func<Task<Answer<T>>> send, CancellationToken stop)
        where T : class
    {
        var began = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var answer = await send();
            if (!answer.MayRetry) Answered();
            else if (answer.Status is 429 or 503) Interlocked.Increment(ref _busy);
            if (!answer.MayRetry || IsOver(attempt, began)) return answer;
            await Wait(attempt, answer.RetryAfter, stop);
        }
    }

    /// <summary>A hub command; one whose connection broke is given again, and "out of turn" then means that the first one was done.</summary>
    public async Task<Reply?> Persist(Func<Task<Reply?>> send, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        var broke = false;
        for (var attempt = 1; ; attempt++)
        {
            var reply = await send();
            if (reply is not null and not { Code: Codes.Busy })
            {
                Answered();
                return broke && reply.Code == Codes.OutOfTurn ? reply with { Ok = true } : reply;
            }

            if (reply is not null) Interlocked.Increment(ref _busy);
            if (IsOver(attempt, began)) return reply;
            broke |= reply is null;
            await Wait(attempt, null, stop);
        }
    }

    private void Answered() => Volatile.Write(ref _failingSince, 0);

    private bool IsOver(int attempt, long began)
    {
        var first = Interlocked.CompareExchange(ref _failingSince, clock.GetTimestamp(), 0);
        var failing = first == 0 ? TimeSpan.Zero : clock.GetElapsedTime(first);
        return attempt == MaxAttempts || clock.GetElapsedTime(began) >= budget || failing >= budget;
    }

    private Task Wait(int attempt, TimeSpan? asked, CancellationToken stop)
    {
        Interlocked.Increment(ref _retries);
        var wait = asked ?? _firstWait * Math.Pow(2, Math.Min(attempt - 1, 10));
        return Task.Delay(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, _firstWait.Ticks, MaxWait.Ticks)), clock, stop);
    }
}
