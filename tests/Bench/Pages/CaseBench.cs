using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Pages;

/// <summary>e3: from the click on a row to a case whose story has 500 events, in the real browser, with 5,000 cases on the board.</summary>
internal static class CaseBench
{
    private const int Cases = 5_000;
    private const int Events = 500;
    private const double P95Most = 200;

    /// <summary>Notes until the case has so many events; as the page itself would send them. Returns its number.</summary>
    private const string Write = """
        (async () => {
          const row = document.querySelector('.queue-row:not([hidden])');
          const no = row.dataset.no;
          for (let i = 0; i < 500; i++) {
            const answer = await fetch('/api/calls/' + no + '/note', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'fetch' }, body: JSON.stringify({ note: '第 ' + i + ' 次查看，水位没有变化。' }) });
            if (!answer.ok) return window.written = 'refused: ' + await answer.text();
          }
          window.written = no;
        })()
        """;

    /// <summary>Opens it again and again; each time from the click until it has been drawn.</summary>
    private const string Open = """
        (async () => {
          const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          const times = [];
          for (let i = 0; i < ROUNDS; i++) {
            document.querySelector('#detail .back')?.click();
            await frame();
            const from = performance.now();
            document.querySelector(`.queue-row[data-no="${written}"]`).click();
            while (document.querySelectorAll('#detail .timeline li').length < 500) await frame();
            await frame();
            times.push(performance.now() - from);
          }
          window.times = times;
        })()
        """;

    public static async Task<int> RunAsync(int rounds)
    {
        using var material = await Material.PrepareAsync(Cases);
        var folder = Path.GetDirectoryName(material.Copy())!;
        await using var server = await Side.StartAsync("street", Side.ServerCore, folder, material.Changes);
        var url = (await server.AskAsync("url"))[0];
        await server.AskAsync("detach");
        await using var browser = await Chromium.StartAsync(1440, 900);
        await browser.OpenAsync($"{url}/signin?returnUrl=%2Fdesk%3Fq%3DW");
        await browser.SayAsync(BoardBench.SignIn);
        await browser.UntilAsync("document.getElementById('link')?.dataset.state === 'live'");
        await browser.UntilAsync("document.querySelector('.queue-row:not([hidden])') !== null");
        await browser.SayAsync(Write + ", null");
        await browser.UntilAsync("window.written !== undefined");
        var written = (string?)await browser.SayAsync("written");
        if (written is null || written.StartsWith("refused", StringComparison.Ordinal)) throw new InvalidOperationException(written);
        await browser.SayAsync(Open.Replace("ROUNDS", $"{rounds}", StringComparison.Ordinal) + ", null");
        await browser.UntilAsync("window.times !== undefined");
        double[] times = [.. (await browser.SayAsync("times"))!.AsArray().Select(ms => ms!.GetValue<double>()).Order()];
        var (p50, p95) = (times[times.Length / 2], times[(int)Math.Ceiling(0.95 * times.Length) - 1]);
        return Report.Finish(
            new Row(
                "e3",
                $"a case of {Events} events opened on a board of {Cases}",
                $"p95 ≤{Report.Number(P95Most, "0")} ms",
                $"{(p95 <= P95Most ? string.Empty : "**missed:** ")}p50 {Report.Number(p50, "0")} · p95 {Report.Number(p95, "0")} · most {Report.Number(times[^1], "0")} ms",
                "–",
                $"`tests/Bench e3`, {times.Length} times, from the click until it is drawn; Chromium headless without a GPU at 1440×900 on one core, the whole host on the other"),
            p95 <= P95Most);
    }
}
