using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Retries requests when the server is busy or unreachable, within bounds. If the server does not respond to anyone for the whole
/// budget, everyone gives up at once, so a dead one does not delay the run whistle by whistle.
/// </summary>
/// <param name="budget">How long to retry a whistle or an answer.</param>
internal sealed class Patience(TimeProvider clock, TimeSpan budget)
{
    public const int MaxAttempts = 1_000;
    public static readonly TimeSpan DefaultBudget = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(100);

    private int _retries;
    private int _busy;
    private long _failingSince; // 0 while the server responds

    public int Retries => Volatile.Read(ref _retries);

    /// <summary>How often the server reported busy or rate-limited, instead of not responding.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>An HTTP request; the caller passes the same idempotency key to every attempt.</summary>
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

    /// <summary>A hub command; it is retried if the connection broke, and "out of turn" then means that the first attempt succeeded.</summary>
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
