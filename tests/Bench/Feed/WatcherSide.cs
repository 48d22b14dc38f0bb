using System.Globalization;
using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Feed;

/// <summary>The load: watchers by the hundred, who count the cards that reach them.</summary>
internal sealed class WatcherSide : ISide
{
    public const string Name = "watchers";

    /// <summary>Servers give up whom they have not heard for 30 s.</summary>
    private static readonly TimeSpan SayAliveEvery = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly List<RawWatcher> _watchers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _living;
    private long _seen;

    public WatcherSide() => _living = LiveAsync();

    public async Task<string> DoAsync(string command, string[] words)
    {
        switch (command)
        {
            case "connect":
                await ConnectAsync(words);
                return "connected";
            case "count":
                if (_watchers.Find(w => w.Ended is not null) is { } gone) throw new InvalidOperationException($"A watcher watches no longer: {gone.Ended}");
                return $"{Interlocked.Read(ref _seen)}";
            case "until":
                return await UntilAsync(long.Parse(words[0], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(words[1], CultureInfo.InvariantCulture)));
            default: throw new ArgumentException($"Unknown command {command}.", nameof(command));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _living;
        foreach (var watcher in _watchers) watcher.Dispose();
        _stop.Dispose();
    }

    /// <param name="words">Which talk, the server, how many, a token where one is needed.</param>
    private async Task ConnectAsync(string[] words)
    {
        var talk = words[0] == StreetSide.Name ? Talks.Street(words[3]) : Talks.Bare;
        for (var i = 0; i < int.Parse(words[2], CultureInfo.InvariantCulture); i++)
        {
            var watcher = await RawWatcher.OpenAsync(new Uri(words[1]), talk, _ => Interlocked.Increment(ref _seen), stalls: false);
            lock (_watchers) _watchers.Add(watcher);
        }
    }

    /// <summary>Waits until so many cards have come in all.</summary>
    private async Task<string> UntilAsync(long cards, TimeSpan within)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (Interlocked.Read(ref _seen) < cards && TimeProvider.System.GetElapsedTime(started) < within) await timer.WaitForNextTickAsync();
        return $"{Interlocked.Read(ref _seen)}";
    }

    private async Task LiveAsync()
    {
        using var timer = new PeriodicTimer(SayAliveEvery, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                RawWatcher[] all;
                lock (_watchers) all = [.. _watchers];
                foreach (var watcher in all.Where(w => w.Ended is null)) await watcher.LiveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The side ends.
        }
    }
}
