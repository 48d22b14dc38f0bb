using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using DispatchCenter.Contracts;

namespace DispatchCenter.Integration.Harness;

/// <summary>A watcher that shows what is on the wire, record by record, and reads nothing until told to.</summary>
public sealed class RawHub : IAsyncDisposable
{
    private const char End = '\u001e';

    private readonly ClientWebSocket _socket = new();

    /// <summary>Connects with a small socket buffer and asks to watch from a snapshot.</summary>
    public static async Task<RawHub> WatchAsync(Uri address, string token)
    {
        var hub = new RawHub();
        await ConnectAsync(hub._socket, address, token);
        await hub.Say("""{"protocol":"json","version":1}""");
        await hub.Say($$"""{"type":4,"invocationId":"1","target":"{{HubNames.Watch}}","arguments":[0]}""");
        return hub;
    }

    /// <summary>Connects a socket with a small buffer, so the server soon cannot write.</summary>
    internal static async Task ConnectAsync(ClientWebSocket to, Uri address, string token)
    {
        var uri = new UriBuilder(new Uri(address, HubNames.Path)) { Scheme = "ws", Query = $"access_token={Uri.EscapeDataString(token)}" }.Uri;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }, disposeHandler: false);
        await to.ConnectAsync(uri, invoker, CancellationToken.None);
    }

    public Task Say(string record) => _socket.SendAsync(Encoding.UTF8.GetBytes(record + End), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Every record until the server closes, which it must do in good order.</summary>
    public async Task<string[]> ReadToEnd()
    {
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        var (buffer, read) = (new byte[64 * 1024], new MemoryStream());
        while (await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token) is { MessageType: not WebSocketMessageType.Close } got) read.Write(buffer, 0, got.Count);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return Encoding.UTF8.GetString(read.ToArray()).Split(End, StringSplitOptions.RemoveEmptyEntries);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
