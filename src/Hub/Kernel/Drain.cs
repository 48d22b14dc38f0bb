using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// Empties this node before it goes: it is ready no longer, takes no new watcher, finishes and answers the commands in flight, and
/// tells its watchers to come again, a few at a time, so that the other nodes are not met by all of them at once.
/// </summary>
public sealed class Drain(TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>The time between two looks at the connections that are left.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Connections are told to move over this many steps.</summary>
    public const int Spread = 30;

    /// <summary>So few are told at once.</summary>
    public const int Few = 20;

    /// <summary>After this many steps, 4 s, whoever is left is cut off.</summary>
    public const int Most = 80;

    /// <summary>So many steps more, 2 s, for WebSockets to close in good order.</summary>
    public const int MostToClose = 40;

    private readonly ConcurrentDictionary<string, Seat> _seats = new();
    private readonly CancellationTokenSource _begun = new();
    private readonly Lock _gate = new();
    private Task? _running;
    private int _requests;

    /// <summary>Whether the node is being emptied.</summary>
    public bool IsOn => _begun.IsCancellationRequested;

    /// <summary>Cancelled when the draining begins; long answers end with it.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Hub connections now.</summary>
    public int Connections => _seats.Count;

    /// <summary>A new connection's place; null where none is given any more.</summary>
    public Seat? Take(HubCallerContext connection)
    {
        if (IsOn) return null;
        return _seats[connection.ConnectionId] = new Seat(connection);
    }

    public void Leave(HubCallerContext connection) => _seats.TryRemove(connection.ConnectionId, out _);

    /// <summary>
    /// Around the whole request of a hub connection. The hub lets go of a connection before its WebSocket has closed in good order, and the
    /// host must not stop in between: who has read that it is to come again would find its connection broken.
    /// </summary>
    public async Task DuringAsync(Func<Task> request)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            await request();
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    /// <summary>Empties the node; once, however often it is asked.</summary>
    public Task RunAsync()
    {
        lock (_gate) return _running ??= EmptyAsync();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => RunAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _begun.Dispose();

    private async Task EmptyAsync()
    {
        await _begun.CancelAsync();
        var perStep = Math.Max(Few, (_seats.Count + Spread - 1) / Spread);
        if (!_seats.IsEmpty) HubLog.Draining(log, _seats.Count);
        for (var step = 0; step < Most && !_seats.IsEmpty; step++)
        {
            var moved = 0;
            foreach (var seat in _seats.Values)
                if (moved < perStep && seat.TryMove()) moved++;
            await Task.Delay(Step, time);
        }

        foreach (var seat in _seats.Values) seat.CutOff();
        for (var step = 0; step < MostToClose && Volatile.Read(ref _requests) > 0; step++) await Task.Delay(Step, time);
    }

    /// <summary>One connection, and how many of its commands are in flight.</summary>
    public sealed class Seat(HubCallerContext connection)
    {
        private readonly Lock _gate = new();
        private int _inFlight;
        private int _answered;
        private int _answeredAtLook;
        private bool _moved;

        /// <summary>A command begins; false where the connection has been told to move, and nothing must happen any more.</summary>
        public bool TryBegin()
        {
            lock (_gate)
            {
                if (_moved) return false;
                _inFlight++;
                return true;
            }
        }

        public void End()
        {
            lock (_gate)
            {
                _inFlight--;
                _answered++;
            }
        }

        /// <summary>
        /// Tells the client to come again, once no command is in flight. The hub writes an answer after the command has ended, and tells
        /// nobody when: a step without an end is waited for.
        /// </summary>
        internal bool TryMove()
        {
            lock (_gate)
            {
                var quiet = _inFlight == 0 && _answered == _answeredAtLook;
                _answeredAtLook = _answered;
                if (_moved || !quiet) return false;
                _moved = true;
            }

            // Closes with allowReconnect, which Abort would not.
            if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime) lifetime.RequestClose();
            else connection.Abort();
            return true;
        }

        internal void CutOff() => connection.Abort();
    }
}
