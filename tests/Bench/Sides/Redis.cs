using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DispatchCenter.Integration.Harness;

namespace DispatchCenter.Bench.Sides;

/// <summary>A Redis of our own on a free loopback port, on the core of the load: it is counted on no side.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private Redis(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<Redis> StartAsync()
    {
        var port = PostgresServer.FreePort();
        var start = new ProcessStartInfo("taskset", ["-c", $"{Side.LoadCore}", "redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var redis = new Redis(Process.Start(start) ?? throw new InvalidOperationException("redis-server does not start."), port);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!await redis.AnswersAsync()) await timer.WaitForNextTickAsync(limit.Token);
        return redis;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

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
