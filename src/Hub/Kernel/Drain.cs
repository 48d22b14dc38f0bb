using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// Drains this node before it stops: it reports not ready, rejects new watchers, finishes and answers the commands in flight, and
/// asks its watchers to reconnect a few at a time, so they do not all hit the other nodes at once.
/// </summary>
public sealed class Drain(TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>The time between two checks of the remaining connections.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>The number of steps over which connections are asked to move.</summary>
    public const int Spread = 30;

    /// <summary>The smallest number to ask per step.</summary>
    public const int Few = 20;

    /// <summary>After this many steps, 4 s, the remaining connections are cut off.</summary>
    public const int Most = 80;

    /// <summary>This many extra steps, 2 s, let WebSockets close cleanly.</summary>
    public const int MostToClose = 40;

    private readonly ConcurrentDictionary<string, Seat> _seats = new();
    private readonly CancellationTokenSource _begun = new();
    private readonly Lock _gate = new();
    private Task? _running;
    private int _requests;

    /// <summary>Whether the node is draining.</summary>
    public bool IsOn => _begun.IsCancellationRequested;

    /// <summary>Cancelled when draining begins, which ends long responses.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Current hub connections.</summary>
    public int Connections => _seats.Count;

    /// <summary>A slot for a new connection; null while draining.</summary>
    public Seat? Take(HubCallerContext connection)
    {
        if (IsOn) return null;
        return _seats[connection.ConnectionId] = new Seat(connection);
    }

    public void Leave(HubCallerContext connection) => _seats.TryRemove(connection.ConnectionId, out _);

    /// <summary>
    /// Wraps the whole request of a hub connection. The hub drops a connection before its WebSocket has closed cleanly, and the
    /// host must not stop in between: a client that was asked to reconnect would see a broken connection.
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

    /// <summary>Drains the node; idempotent.</summary>
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

    /// <summary>A connection and its number of commands in flight.</summary>
    public sealed class Seat(HubCallerContext connection)
    {
        private readonly Lock _gate = new();
        private int _inFlight;
        private int _answered;
        private int _answeredAtLook;
        private bool _moved;

        /// <summary>Begins a command; false if the connection has been asked to move and must not do anything more.</summary>
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
        /// Asks the client to reconnect once no command is in flight. The hub writes an answer after the command has ended and
        /// does not signal it, so a step without a completed command is required.
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

            // Closes with allowReconnect, which Abort does not.
            if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime) lifetime.RequestClose();
            else connection.Abort();
            return true;
        }

        internal void CutOff() => connection.Abort();
    }
}
