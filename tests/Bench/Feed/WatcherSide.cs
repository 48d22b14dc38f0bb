using System.Diagnostics;
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
    private readonly List<Sightings> _sightings = [];
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
            case "record":
                lock (_watchers)
                    foreach (var sightings in _sightings) sightings.Begin(Publishing.Count(words));
                return "recording";
            case "latency": return Latency(words);
            case "disconnect":
                lock (_watchers)
                {
                    foreach (var watcher in _watchers) watcher.Dispose();
                    _watchers.Clear();
                    _sightings.Clear();
                }

                return "disconnected";
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

    /// <param name="words">Which talk, the server, how many, how many of them stall once they watch, a name for their latencies, a token or a group where one is needed.</param>
    private async Task ConnectAsync(string[] words)
    {
        var talk = Talks.Of(words[0], words[5]);
        var (count, stalled) = (Publishing.Count(words[2..]), Publishing.Count(words[3..]));
        for (var i = 0; i < count; i++)
        {
            var sightings = new Sightings(words[4]);
            var watcher = await RawWatcher.OpenAsync(new Uri(words[1]), talk, number =>
            {
                Interlocked.Increment(ref _seen);
                sightings.Note(number);
            }, stalls: i < stalled);
            lock (_watchers)
            {
                _watchers.Add(watcher);
                if (i >= stalled) _sightings.Add(sightings);
            }
        }
    }

    /// <summary>p50 and p99 in milliseconds over all changes of a file and all watchers of a name, and how many changes some watcher has not seen.</summary>
    /// <param name="words">The name, and a file: on each line a running number and the timestamp at which its change was to be published.</param>
    private string Latency(string[] words)
    {
        var (late, missing) = (new List<double>(), 0);
        var due = File.ReadLines(words[1]).Select(l => l.Split(' ')).Select(l => (Number: Publishing.Count(l), At: long.Parse(l[1], CultureInfo.InvariantCulture))).ToList();
        foreach (var sightings in _sightings.Where(s => s.Name == words[0]))
            foreach (var (number, at) in due)
            {
                if (sightings.Of(number) is { } seen) late.Add(Stopwatch.GetElapsedTime(at, seen).TotalMilliseconds);
                else missing++;
            }

        double[] all = [.. late];
        return $"{Report.Number(Report.Percentile(all, 0.5))} {Report.Number(Report.Percentile(all, 0.99))} {missing}";
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
