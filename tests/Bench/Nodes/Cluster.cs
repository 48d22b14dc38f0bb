using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DispatchCenter.Bench.Nodes;

/// <summary>The cluster of deploy/local-cluster, in a folder and on ports of its own; it ends with this.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Ports that a cluster takes, one after the other.</summary>
    private const int Ports = 12;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"dispatch-bench-{Guid.NewGuid():N}"[..24]);
    private readonly int _port = FreePorts();

    private Cluster(int nodes) => Nodes = nodes;

    public int Nodes { get; }

    /// <summary>The connection string of its database.</summary>
    public string Database => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port + 11};Database=dispatch;Username=dispatch");

    /// <summary>A folder for what goes with it; removed at its end.</summary>
    public string Folder => _folder;

    public static async Task<Cluster> StartAsync(int nodes)
    {
        var cluster = new Cluster(nodes);
        await cluster.RunAsync("start", $"{nodes}");
        return cluster;
    }

    /// <summary>Where a node, from 1, listens.</summary>
    public Uri Node(int n) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port + n}"));

    /// <summary>One command of the script.</summary>
    /// <exception cref="InvalidOperationException">It failed; its words are in the message.</exception>
    public async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(Path.Combine(Report.Root(), "deploy", "local-cluster"), command) { RedirectStandardError = true, RedirectStandardOutput = true };
        (start.Environment["DISPATCH_CLUSTER"], start.Environment["DISPATCH_PORT"]) = (_folder, $"{_port}");
        using var process = Process.Start(start)!;
        // What it starts goes on and keeps nothing of ours open.
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"local-cluster {string.Join(' ', command)}: {said[0]}{said[1]}");
    }

    public async ValueTask DisposeAsync() => await RunAsync("clean");

    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 30_000);
            if (Enumerable.Range(first, Ports).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
