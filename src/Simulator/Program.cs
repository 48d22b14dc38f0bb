using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>The process. Exit codes: 0 every promise held, 1 one was broken, 2 bad input or an unusable server, 130 interrupted.</summary>
internal static class Program
{
    private const int Held = 0;
    private const int Broken = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    public static async Task<int> Main(string[] arguments)
    {
        var parsed = Commands.Root().Parse(arguments);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        return BadInput;
    }

    /// <param name="prepare">Parses the command line; may reject it.</param>
    public static Task<int> Run(Func<(RunOptions Options, Func<StreetView, IReadOnlyList<Whistle>> Draw)> prepare) => Run(async stop =>
    {
        var (options, draw) = prepare();
        return await Say(options, await Rehearsal.Run(options, draw, Console.Out, stop));
    });

    /// <param name="prepare">Parses the command line; may reject it.</param>
    /// <returns>Also broken if no rate is sustained, or not for the full time.</returns>
    public static Task<int> Find(Func<StormSearch> prepare) => Run(async stop =>
    {
        if (await prepare().Run(Console.Out, stop) is not var (options, verdict)) return Broken;
        var said = await Say(options, verdict);
        return said == Held && StormSearch.TooMuch(verdict.Summary) is not null ? Broken : said;
    });

    /// <param name="holds">Whether what was to be shown holds.</param>
    public static Task<int> Show(Func<CancellationToken, Task<bool>> holds) => Run(async stop => await holds(stop) ? Held : Broken);

    private static async Task<int> Run(Func<CancellationToken, Task<int>> work)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCancel = (_, pressed) =>
        {
            pressed.Cancel = !stop.IsCancellationRequested; // a second Ctrl-C ends the process
            stop.Cancel();
        };
        Console.CancelKeyPress += onCancel;
        try
        {
            return await work(stop.Token);
        }
        catch (BadInputException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadInput;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted before there was anything to check.");
            return Interrupted;
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
        }
    }

    private static async Task<int> Say(RunOptions options, Verdict verdict)
    {
        var (summary, evidence) = verdict;
        Report.Write(Console.Out, summary);
        if (options.JsonFile is not null) await WriteJson(options.JsonFile, summary, SummaryJson.Default.Summary);
        if (!summary.Held || options.TraceFile is not null) await WriteTrace(options, summary, evidence);
        return summary switch { { Held: false } => Broken, { Interrupted: true } => Interrupted, _ => Held };
    }

    private static async Task WriteTrace(RunOptions options, Summary summary, Evidence evidence)
    {
        var path = options.TraceFile ?? Path.GetFullPath($"simulator-{options.Command}-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}.trace.json");
        await WriteJson(path, Trace.Of(options, summary, evidence, Environment.GetCommandLineArgs()[1..]), TraceJson.Default.Trace);
        Console.WriteLine($"the run is in {path}: again {Path.GetFileName(path)} blows the same whistles at the same times");
    }

    private static async Task WriteJson<T>(string path, T value, JsonTypeInfo<T> type)
    {
        try
        {
            await using var file = File.Create(path);
            await JsonSerializer.SerializeAsync(file, value, type);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
