using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace DispatchCenter.Simulator;

/// <summary>
/// What SignalR's client needs under it: a duplex pipe over one WebSocket, negotiation skipped. SignalR does its own handshake and
/// framing on top, so the pipes carry bytes and know no messages.
/// </summary>
/// <param name="token">The bearer token of the moment; a reconnect asks again.</param>
/// <param name="hub">The hub's address of the moment, where there are several; else the endpoint's.</param>
internal sealed class WebSocketConnectionFactory(Func<CancellationToken, ValueTask<string>> token, Func<Uri>? hub = null) : IConnectionFactory
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var address = hub?.Invoke() ?? ((UriEndPoint)endpoint).Uri;
        var accessToken = await token(cancellationToken);
        var uri = new UriBuilder(address)
        {
            Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Query = $"access_token={Uri.EscapeDataString(accessToken)}",
        }.Uri;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_connectTimeout);
        var socket = new ClientWebSocket { Options = { Proxy = null } };
        try
        {
            await socket.ConnectAsync(uri, limit.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new WebSocketConnection(socket);
    }
}

/// <summary>One WebSocket as a connection: two pumps between the socket and the pipes, each of which ends the other.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private const int ReceiveSize = 16 * 1024;
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly PipePair _socketSide;
    private readonly Task _pumps;

    public WebSocketConnection(WebSocket socket)
    {
        _socket = socket;
        var incoming = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var outgoing = new Pipe(new PipeOptions(useSynchronizationContext: false));
        Transport = new PipePair(incoming.Reader, outgoing.Writer);
        _socketSide = new PipePair(outgoing.Reader, incoming.Writer);
        _pumps = Task.WhenAll(Receive(_socketSide.Output), Send(_socketSide.Input));
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        using var limit = new CancellationTokenSource(_closeTimeout);
        await using (limit.Token.Register(_socket.Abort)) await _pumps;
        _socket.Dispose();
        await base.DisposeAsync();
    }

    private async Task Receive(PipeWriter into)
    {
        Exception? broken = null;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(into.GetMemory(ReceiveSize), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                into.Advance(received.Count);
                var flushed = await into.FlushAsync();
                if (flushed.IsCompleted) break;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            broken = e;
        }

        await into.CompleteAsync(broken);
        _socketSide.Input.CancelPendingRead();
    }

    private async Task Send(PipeReader from)
    {
        try
        {
            while (true)
            {
                var read = await from.ReadAsync();
                if (read.IsCanceled) break;
                await SendAll(read.Buffer);
                from.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            _socket.Abort(); // the receiving pump reports it
        }

        await from.CompleteAsync();
    }

    private async ValueTask SendAll(ReadOnlySequence<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var segment = buffer.First;
            buffer = buffer.Slice(segment.Length);
            await _socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: buffer.IsEmpty, CancellationToken.None);
        }
    }

    private sealed record PipePair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
