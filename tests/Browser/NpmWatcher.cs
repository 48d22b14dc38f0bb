using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A watcher in a process of its own, by the client from npm (<c>npm/watch.mjs</c>).</summary>
public sealed class NpmWatcher : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _node;

    public NpmWatcher(string url, string account) => _node = Process.Start(new ProcessStartInfo("node", ["watch.mjs", url, account])
    {
        WorkingDirectory = Path.Combine(Repository.Root, "tests", "Browser", "npm"),
        RedirectStandardOutput = true,
    })!;

    /// <summary>Reads on until it holds exactly these cases at these versions; the epoch it then is in.</summary>
    public async Task<string> UntilAsync(IReadOnlyDictionary<string, int> truth)
    {
        using var limit = new CancellationTokenSource(Patience);
        var last = string.Empty;
        try
        {
            while (await _node.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                var held = JsonNode.Parse(last = line)!;
                if (held["cases"]!.AsObject().ToDictionary(c => c.Key, c => (int)c.Value!).OrderBy(c => c.Key).SequenceEqual(truth.OrderBy(c => c.Key))) return (string)held["epoch"]!;
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"The client from npm holds {last}, not {string.Join(' ', truth)}.");
    }

    public void Dispose()
    {
        if (!_node.HasExited) _node.Kill(entireProcessTree: true);
        _node.Dispose();
    }
}
