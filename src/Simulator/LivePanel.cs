using System.Globalization;
using Spectre.Console;

namespace DispatchCenter.Simulator;

/// <summary>Shows a run's progress: a live panel on a terminal, an occasional line elsewhere.</summary>
internal static class LivePanel
{
    private static readonly TimeSpan _refreshEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _lineEvery = TimeSpan.FromSeconds(10);

    /// <summary>Ends when the work ends, however it does.</summary>
    public static Task Show(Task work, Progress progress, RunOptions options, TextWriter output) =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive
            ? ShowLive(work, progress, options)
            : ShowLines(work, progress, output);

    private static async Task ShowLines(Task work, Progress progress, TextWriter output)
    {
        while (!await Ended(work, _lineEvery)) output.WriteLine(Line(progress.Now()));
    }

    private static async Task ShowLive(Task work, Progress progress, RunOptions options) =>
        await AnsiConsole.Live(Table(progress.Now(), options)).AutoClear(true).StartAsync(async live =>
        {
            while (!await Ended(work, _refreshEvery)) live.UpdateTarget(Table(progress.Now(), options));
        });

    private static async Task<bool> Ended(Task work, TimeSpan within) =>
        await Task.WhenAny(work, Task.Delay(within, TimeProvider.System, CancellationToken.None)) == work;

    internal static string Line(Look now) => string.Create(CultureInfo.InvariantCulture,
        $"sent {now.Sent} of {now.Whistles}, acknowledged {now.Acknowledged}, retries {now.Retries}, connected {now.Connected} of {now.Watchers}, acknowledged p99 {Ms(now.Acknowledgement)}, faults {now.Faults}");

    internal static Table Table(Look now, RunOptions options)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(options.Title)) };
        table.AddColumns("", "");
        table.HideHeaders();
        void Row(string name, FormattableString value) => table.AddRow(name, Markup.Escape(value.ToString(CultureInfo.InvariantCulture)));
        Row("whistles", $"{now.Sent} of {now.Whistles}, {now.WhistlesPerSecond:F1} a second");
        Row("acknowledged", $"{now.Acknowledged}");
        Row("retries", $"{now.Retries}, busy answers {now.Busy}");
        Row("watchers", $"{now.Connected} of {now.Watchers} connected");
        Row("deliveries", $"{now.DeliveriesPerSecond:F0} a second");
        Row("p99 acknowledged", $"{Ms(now.Acknowledgement)}");
        Row("p99 on the team", $"{Ms(now.ToTeam)}");
        Row("p99 generator lag", $"{Ms(now.Lag)}");
        table.AddRow("faults so far", now.Faults == 0 ? "[green]0[/]" : string.Create(CultureInfo.InvariantCulture, $"[red]{now.Faults}[/]"));
        return table;
    }

    private static string Ms(double? milliseconds) => milliseconds is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:F1} ms") : "-";
}
