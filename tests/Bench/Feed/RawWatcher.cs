using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Bench.Feed;

/// <summary>What a watcher says, and what it hears before it watches.</summary>
/// <param name="Path">Of the WebSocket.</param>
/// <param name="Steps">What it says in turn, each after it has heard the words before.</param>
/// <param name="Ready">What it hears when it watches.</param>
/// <param name="Alive">What it says now and then so as not to be given up.</param>
internal sealed record Talk(string Path, (string? After, string Say)[] Steps, string Ready, string Alive);

/// <summary>A watcher that costs the machine as little as it can: a socket and a buffer.</summary>
internal sealed class RawWatcher : IDisposable
{
    private const int ShortRoom = 8 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CardReader _cards;
    private readonly Talk _talk;

    private RawWatcher(Talk talk, Action<int> seen) => (_talk, _cards) = (talk, new CardReader(seen));

    /// <summary>Why it watches no longer; null while it does.</summary>
    public string? Ended { get; private set; }

    /// <summary>Connects; it watches when this returns, and reads until it is disposed of.</summary>
    /// <param name="seen">Told the running number of each card.</param>
    /// <param name="stalls">It reads nothing more once it watches.</param>
    public static async Task<RawWatcher> OpenAsync(Uri server, Talk talk, Action<int> seen, bool stalls)
    {
        var watcher = new RawWatcher(talk, seen);
        if (stalls) watcher._socket.ReceiveBufferSize = ShortRoom;
        await watcher._socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));
        await watcher.UpgradeAsync(server);
        await watcher.GreetAsync();
        if (!stalls) _ = watcher.ReadAsync();
        return watcher;
    }

    /// <summary>Says that it is there.</summary>
    public Task LiveAsync() => SayAsync(_talk.Alive);

    public void Dispose() => _socket.Dispose();

    private async Task UpgradeAsync(Uri server)
    {
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {_talk.Path} HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\n\r\n"));
        // Byte by byte, so that nothing of what follows is taken away.
        var (answer, one) = (new StringBuilder(), new byte[1]);
        while (!(answer.Length > 4 && answer.ToString(answer.Length - 4, 4) == "\r\n\r\n"))
        {
            if (await _socket.ReceiveAsync(one) == 0) throw new IOException($"The server closed: {answer}");
            answer.Append((char)one[0]);
        }

        if (!answer.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new IOException($"The server takes no WebSocket: {answer}");
    }

    private async Task GreetAsync()
    {
        var heard = new StringBuilder();
        foreach (var (after, say) in _talk.Steps)
        {
            if (after is not null) await HearAsync(heard, after);
            await SayAsync(say);
        }

        await HearAsync(heard, _talk.Ready);
    }

    private async Task HearAsync(StringBuilder heard, string words)
    {
        while (heard.ToString().IndexOf(words, StringComparison.Ordinal) is var at)
        {
            if (at >= 0)
            {
                heard.Remove(0, at + words.Length);
                return;
            }

            var count = await _socket.ReceiveAsync(_cards.Room);
            if (count == 0) throw new IOException($"The server closed before it said {words}.");
            _cards.Take(count, text => heard.Append(Encoding.UTF8.GetString(text)));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _socket.ReceiveAsync(_cards.Room) is var count and > 0) _cards.Take(count);
            Ended = "the server closed";
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Ended = e.Message;
        }
    }

    /// <summary>A masked text frame; the mask is zero, which leaves the text as it is.</summary>
    private async Task SayAsync(string text)
    {
        var said = Encoding.UTF8.GetBytes(text);
        byte[] frame = [0x81, .. said.Length < 126 ? [(byte)(0x80 | said.Length)] : Long(said.Length), 0, 0, 0, 0, .. said];
        await _socket.SendAsync(frame);
    }

    private static byte[] Long(int length)
    {
        byte[] head = [0x80 | 126, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(1), (ushort)length);
        return head;
    }
}
