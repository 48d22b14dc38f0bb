using System.Globalization;
using System.Text.Json.Nodes;
using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Pages;

/// <summary>e1: the duty officer's board in the real browser with 5,000 open cases, of which the real hub changes 1,000 a second; and what its memory does meanwhile.</summary>
internal static class BoardBench
{
    private const int Cases = 5_000;
    private const int Rate = 1_000;
    private const int Frames = 60;

    /// <summary>A frame in fifty may be late: the browser shares its one core with its own drawing.</summary>
    private const double FramesAtLeast = 0.98 * Frames;

    private const double HeapMost = 1.1;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Counts in the page itself: frames drawn, tasks over 50 ms, what the socket brought. The cards are counted by their versions.</summary>
    private const string Counters = """
        window.bench = { frames: 0, long: [], bytes: 0, cards: 0 };
        const Plain = WebSocket;
        window.WebSocket = class extends Plain {
          constructor(...args) {
            super(...args);
            this.addEventListener('message', ({ data }) => {
              bench.bytes += data.length;
              for (let at = data.indexOf('"version":'); at >= 0; at = data.indexOf('"version":', at + 10)) bench.cards++;
            });
          }
        };
        const frame = () => { bench.frames++; requestAnimationFrame(frame); };
        requestAnimationFrame(frame);
        new PerformanceObserver((list) => bench.long.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ entryTypes: ['longtask'] });
        """;

    internal const string SignIn = """
        document.getElementById('user').value = 'duty';
        document.getElementById('password').value = 'mulin-demo-2026';
        document.querySelector('main form[method=post]').submit();
        """;

    public static async Task<int> RunAsync(TimeSpan duration)
    {
        using var material = await Material.PrepareAsync(Cases + 200); // what the desk opened while its callers ended is a few more
        var folder = Path.GetDirectoryName(material.Copy())!;
        await using var server = await Side.StartAsync("street", Side.ServerCore, folder, material.Changes);
        var url = (await server.AskAsync("url"))[0];
        await server.AskAsync("detach");
        await using var browser = await Chromium.StartAsync(1440, 900);
        // Cases that are minutes old are a flood, whose rows are put together; whoever looks for a number sees every one.
        await browser.OpenAsync($"{url}/signin?returnUrl=%2Fdesk%3Fq%3DW");
        await browser.BeforeAsync(Counters);
        await browser.SayAsync(SignIn);
        await browser.UntilAsync("document.getElementById('link')?.dataset.state === 'live'");
        await browser.UntilAsync($"document.getElementById('queue').getAttribute('aria-rowcount') >= {Cases}");

        var publishing = server.AskAsync("revise", Rate, (int)((WarmUp + duration).TotalSeconds * Rate), material.NewFile());
        await Task.Delay(WarmUp, TimeProvider.System);
        var heapBefore = await browser.HeapAsync();
        var from = TimeProvider.System.GetTimestamp();
        var before = await CountsAsync(browser);
        await Task.Delay(duration - TimeSpan.FromSeconds(1), TimeProvider.System);
        var seconds = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        var after = await CountsAsync(browser);
        var heapAfter = await browser.HeapAsync();
        var lag = double.Parse((await publishing)[0], CultureInfo.InvariantCulture);
        return Finish(before, after, seconds, heapAfter / heapBefore, heapAfter, lag);
    }

    private static int Finish(Counts before, Counts after, double seconds, double heap, double heapBytes, double lag)
    {
        var (frames, cards, bytes) = ((after.Frames - before.Frames) / seconds, (after.Cards - before.Cards) / seconds, (after.Bytes - before.Bytes) / seconds);
        var longTasks = after.Long.Skip(before.Long.Length).ToArray();
        if (cards < 0.98 * Rate) throw new InvalidOperationException(FormattableString.Invariant($"Only {cards:0} cards a second reached the board; the publisher's lag p99 was {lag:0} ms."));
        var met = frames >= FramesAtLeast && longTasks.Length == 0 && heap <= HeapMost;
        return Report.Finish(
            new Row(
                "e1",
                $"board with {Cases} open cases and {Rate} changes/s in the browser",
                $"{Frames} fps, no long task, heap ×≤{Report.Number(HeapMost, "0.0")}",
                $"{(met ? string.Empty : "**missed:** ")}{Report.Number(frames, "0.0")} fps · {longTasks.Length} long tasks{(longTasks.Length > 0 ? $" (≤{longTasks.Max()} ms)" : string.Empty)} · {Report.Number(cards, "0")} cards and {Report.Number(bytes / 1024, "0")} KiB a second · heap {Report.Number(heapBytes / 1024 / 1024, "0.0")} MiB, ×{Report.Number(heap)}",
                "–",
                $"`tests/Bench e1`, {Report.Number(seconds, "0")} s after {WarmUp.TotalSeconds:0} s, Chromium headless without a GPU at 1440×900 on one core, the whole host on the other; publisher's lag p99 {Report.Number(lag, "0.0")} ms"),
            met);
    }

    private static async Task<Counts> CountsAsync(Chromium browser)
    {
        var said = (await browser.SayAsync("bench"))!;
        return new Counts(said["frames"]!.GetValue<int>(), said["cards"]!.GetValue<long>(), said["bytes"]!.GetValue<long>(), [.. said["long"]!.AsArray().Select(ms => ms!.GetValue<int>())]);
    }

    private sealed record Counts(int Frames, long Cards, long Bytes, int[] Long);
}
