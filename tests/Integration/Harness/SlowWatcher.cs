using System.Net.WebSockets;
using System.Text;
using DispatchCenter.Contracts;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>A client that asks to watch and then hardly reads: its socket fills up, and only then does the server notice.</summary>
public sealed class SlowWatcher : IAsyncDisposable
{
    /// <summary>A trickle of 64 KiB a second: enough that the server does not drop the connection, far too little to keep up.</summary>
    private static readonly TimeSpan SipEvery = TimeSpan.FromMilliseconds(250);

    private const int Sip = 16 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _read = new();
    private Task _sipping = Task.CompletedTask;

    public static async Task<SlowWatcher> OpenAsync(TestStreet street, string userName)
    {
        var watcher = new SlowWatcher();
        await RawHub.ConnectAsync(watcher._socket, street.Anyone.BaseAddress!, await street.TokenOf(userName));
        await watcher.Say("""{"protocol":"json","version":1}""");
        await watcher.Say($$"""{"type":4,"invocationId":"1","target":"{{HubNames.Watch}}","arguments":[0]}""");
        watcher._sipping = watcher.SipAsync();
        return watcher;
    }

    /// <summary>Reads as fast as it can; the stream must say that the watcher is too far behind, and then start over.</summary>
    public async Task ReadUntilResync()
    {
        await _stop.CancelAsync();
        await _sipping;
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        var buffer = new byte[1 << 20];
        while (true)
        {
            var text = _read.ToString();
            var resync = text.IndexOf("\"kind\":\"resync\"", StringComparison.Ordinal);
            if (resync >= 0 && text.IndexOf("\"kind\":\"snapshot\"", resync, StringComparison.Ordinal) > 0) return;
            if (resync < 0 && _read.Length > 1 << 20) _read.Remove(0, _read.Length - 100);
            await Read(buffer, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sipping;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task SipAsync()
    {
        using var timer = new PeriodicTimer(SipEvery, TimeProvider.System);
        var buffer = new byte[Sip];
        try
        {
            for (var sips = 1; await timer.WaitForNextTickAsync(_stop.Token); sips++)
            {
                await Read(buffer, CancellationToken.None);
                if (sips % 20 == 0) await Say("""{"type":6}"""); // still alive
            }
        }
        catch (OperationCanceledException)
        {
            // It reads at full speed from now on, or is disposed.
        }
    }

    private async Task Read(byte[] buffer, CancellationToken ct)
    {
        var got = await _socket.ReceiveAsync(buffer.AsMemory(), ct);
        Assert.NotEqual(WebSocketMessageType.Close, got.MessageType);
        _read.Append(Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    private Task Say(string message) => _socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, true, CancellationToken.None);
}
