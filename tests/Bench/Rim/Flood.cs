using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DispatchCenter.Bench.Rim;

/// <summary>One address that means no good: so many requests a second over some connections, and uploads that drip beside them. It reads what it is sent and heeds none of it.</summary>
internal sealed class Flood : IAsyncDisposable
{
    /// <summary>Where it comes from; nobody else does.</summary>
    public static readonly IPAddress From = IPAddress.Parse("127.9.9.9");

    private const int Connections = 20;
    private const int Drips = 8;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly Uri _url;
    private readonly byte[][] _requests;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private long _sent;

    public Flood(Uri url, int rate)
    {
        _url = url;
        _requests =
        [
            Request("POST", "/api/whistles", """{"station":"01","category":"02"}"""), Request("GET", "/s/01"), Request("GET", "/t/0123456789abcdefghijkl"),
            Request("POST", "/api/login", """{"userName":"duty","password":"not the password"}"""), Request("GET", "/api/board"), Request("GET", "/no-such-page"),
        ];
        for (var i = 0; i < Connections; i++) _running.Add(SendAsync(i, rate / Connections));
        for (var i = 0; i < Drips; i++) _running.Add(DripAsync());
    }

    /// <summary>Requests that the server has taken from the wire or soon will.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task SendAsync(int at, int perSecond)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync();
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var reading = ReadAsync(socket, ended);
                var (began, sent) = (TimeProvider.System.GetTimestamp(), 0L);
                while (!ended.IsCancellationRequested)
                {
                    for (var due = (long)(TimeProvider.System.GetElapsedTime(began).TotalSeconds * perSecond); sent < due; sent++)
                    {
                        await socket.SendAsync(_requests[(at + sent) % _requests.Length], ended.Token);
                        Interlocked.Increment(ref _sent);
                    }

                    await Task.Delay(Tick, TimeProvider.System, ended.Token);
                }

                await reading;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The server has had enough of this connection, or the run is over: the next one.
            }
        }
    }

    private async Task DripAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync();
                await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /api/photos HTTP/1.1\r\nHost: {_url.Authority}\r\nContent-Type: image/jpeg\r\nContent-Length: 4000000\r\n\r\n"), _stop.Token);
                while (true)
                {
                    await socket.SendAsync(new byte[300], _stop.Token);
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _stop.Token);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Broken off: it begins again at once.
            }
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(From, 0));
        await socket.ConnectAsync(IPAddress.Loopback, _url.Port, _stop.Token);
        return socket;
    }

    private static async Task ReadAsync(Socket socket, CancellationTokenSource ended)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, ended.Token) > 0)
            {
                // Unread.
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await ended.CancelAsync();
    }

    private byte[] Request(string method, string path, string body = "") => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: {_url.Authority}\r\n{(body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n" : string.Empty)}\r\n{body}"));
}
