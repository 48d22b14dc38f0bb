using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DispatchCenter.Integration.Harness;

/// <summary>
/// Sits between a node and PostgreSQL and drops a connection at the worst moment: on commit, before the server has heard of it
/// or after it has done it.
/// </summary>
public sealed class CommitProxy : IAsyncDisposable
{
    private static readonly byte[] Commit = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private Cut? _armed;
    private volatile bool _isAway;

    public CommitProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>While true, every connection is cut, including new ones.</summary>
    public bool IsAway
    {
        get => _isAway;
        set
        {
            _isAway = value;
            if (!value) return;
            foreach (var socket in _open.Keys) socket.Close();
        }
    }

    /// <summary>Cuts the connection of the next commit.</summary>
    /// <param name="done">Whether the server commits first; otherwise it never hears of it.</param>
    /// <param name="thenAway">Whether the server is unreachable from then on.</param>
    /// <returns>Completes once that has happened.</returns>
    public Task CutNext(bool done, bool thenAway = false)
    {
        var cut = new Cut(done, thenAway);
        Volatile.Write(ref _armed, cut);
        return cut.Happened.Task;
    }

    public async ValueTask DisposeAsync()
    {
        IsAway = true;
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            (_open[client], _open[server]) = (true, true);
            try
            {
                if (IsAway) return;
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                var cut = new Holder();
                await Task.WhenAny(PumpAsync(client, server, cut, isClient: true), PumpAsync(server, client, cut, isClient: false));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Either side is gone, and so is the other.
            }
            finally
            {
                _open.TryRemove(client, out _);
                _open.TryRemove(server, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Holder holder, bool isClient)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is var got and > 0)
        {
            if (isClient && buffer.AsSpan(0, got).IndexOf(Commit) >= 0 && Interlocked.Exchange(ref _armed, null) is { } cut)
            {
                if (!cut.Done)
                {
                    Happen(cut);
                    return;
                }

                holder.Cut = cut; // its answer will be swallowed
            }
            else if (!isClient && holder.Cut is { } swallowed)
            {
                Happen(swallowed);
                return;
            }

            for (var sent = 0; sent < got;) sent += await to.SendAsync(buffer.AsMemory(sent, got - sent));
        }
    }

    private void Happen(Cut cut)
    {
        if (cut.ThenAway) IsAway = true;
        cut.Happened.TrySetResult();
    }

    private sealed record Cut(bool Done, bool ThenAway)
    {
        public TaskCompletionSource Happened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Holder
    {
        public volatile Cut? Cut;
    }
}
