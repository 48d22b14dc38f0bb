using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DispatchCenter.Integration.Harness;

namespace DispatchCenter.Bench.Sides;

/// <summary>A Redis of our own on a free loopback port, on the core of the load: it is counted on no side.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Process? _process;

    private Redis(int port) => Port = port;

    public int Port { get; }

    public static async Task<Redis> StartAsync()
    {
        var redis = new Redis(PostgresServer.FreePort());
        await redis.UpAsync();
        return redis;
    }

    /// <summary>Starts it, or starts it again, empty.</summary>
    public async Task UpAsync()
    {
        var start = new ProcessStartInfo("taskset", ["-c", $"{Side.LoadCore}", "redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server does not start.");
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!await AnswersAsync()) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Ends it as a lost machine would.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
