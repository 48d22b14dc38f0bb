using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>Sends again what the server was too busy for, within bounds, as long as it asks and no longer.</summary>
internal sealed class Patience
{
    private const int MaxAttempts = 60;
    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _maxWait = TimeSpan.FromSeconds(5);

    private int _retries;

    public int Retries => Volatile.Read(ref _retries);

    /// <summary>An HTTP request; the caller gives the same key to every attempt.</summary>
    public async Task<Answer<T>> Persist<T>(Func<Task<Answer<T>>> send, CancellationToken stop)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var answer = await send();
            if (!answer.MayRetry || attempt == MaxAttempts || TimeProvider.System.GetElapsedTime(began) > _budget) return answer;
            await Wait(attempt, answer.RetryAfter, stop);
        }
    }

    /// <summary>A hub command; one whose connection broke is given again, and "out of turn" then means that the first one was done.</summary>
    public async Task<Reply?> Persist(Func<Task<Reply?>> send, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        var broke = false;
        for (var attempt = 1; ; attempt++)
        {
            var reply = await send();
            if (broke && reply?.Code == Codes.OutOfTurn) return reply with { Ok = true };
            if (reply is not null and not { Code: Codes.Busy }) return reply;
            if (attempt == MaxAttempts || TimeProvider.System.GetElapsedTime(began) > _budget) return reply;
            broke |= reply is null;
            await Wait(attempt, null, stop);
        }
    }

    private Task Wait(int attempt, TimeSpan? asked, CancellationToken stop)
    {
        Interlocked.Increment(ref _retries);
        var wait = asked ?? _firstWait * Math.Pow(2, Math.Min(attempt - 1, 10));
        return Task.Delay(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, _firstWait.Ticks, _maxWait.Ticks)), TimeProvider.System, stop);
    }
}
