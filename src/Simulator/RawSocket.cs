using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Simulator;

/// <summary>
/// A bare WebSocket client: no pipe, no header dictionary, no compression. Much smaller than the framework's, so
/// thousands fit into one process. The owner reads; sending is thread-safe and serialised.
/// </summary>
internal sealed class RawSocket : IDisposable
{
    public const int MaxSent = 64 * 1024;

    private const int MaxHead = 16 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private int _sending;

    private RawSocket(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    /// <exception cref="IOException">Rejected or broken off; the message contains the status received.</exception>
    public static async Task<RawSocket> Open(Uri target, string path, string token, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.DnsSafeHost, target.Port, stop);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (target.Scheme == Uri.UriSchemeHttps)
            {
                var secured = new SslStream(stream);
                stream = secured;
                await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = target.DnsSafeHost }, stop);
            }

            await stream.WriteAsync(Upgrade(target, path, token), stop);
            await ReadUpgrade(stream, stop);
            return new RawSocket(socket, stream);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>0 if the server has closed the connection.</returns>
    public ValueTask<int> Read(Memory<byte> into) => _stream.ReadAsync(into);

    public Task SendText(ReadOnlyMemory<byte> text) => Send(0x1, text);

    public Task SendPong(ReadOnlyMemory<byte> payload) => Send(0xA, payload);

    public void Dispose() => _socket.Dispose();

    private async Task Send(byte opcode, ReadOnlyMemory<byte> payload)
    {
        var frame = Frame(opcode, payload.Span);
        while (Interlocked.Exchange(ref _sending, 1) != 0) await Task.Yield();
        try
        {
            await _stream.WriteAsync(frame);
        }
        finally
        {
            Volatile.Write(ref _sending, 0);
        }
    }

    /// <summary>A client must mask; a mask of zeros leaves the payload unchanged.</summary>
    internal static byte[] Frame(byte opcode, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxSent - 1);
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + 4 + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)(0x80 | (head == 2 ? payload.Length : 126));
        if (head == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame.AsSpan(head + 4));
        return frame;
    }

    /// <summary>The token is sent in a header, because addresses end up in logs.</summary>
    private static byte[] Upgrade(Uri target, string path, string token) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {target.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\nAuthorization: Bearer {token}\r\n\r\n");

    /// <summary>The server sends nothing after its headers until asked, so only the headers are read here.</summary>
    private static async Task ReadUpgrade(Stream stream, CancellationToken stop)
    {
        var head = new byte[MaxHead];
        for (var length = 0; length < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), stop);
            if (read == 0) throw new IOException("The server hung up during the handshake.");
            length += read;
            var end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end < 0) continue;
            var line = Encoding.ASCII.GetString(head, 0, head.AsSpan().IndexOf("\r\n"u8));
            if (!line.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new IOException($"The server answered {line}.");
            if (length > end + 4) throw new WireException("The server sent data before it was asked.");
            return;
        }

        throw new WireException($"The server's response headers exceed {MaxHead} bytes.");
    }
}
