using System.CommandLine;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Platforms;
using DispatchCenter.Simulator.Reporting;
using DispatchCenter.Simulator.Scenarios;

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
        if (Misused(parsed) is not { } why) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        await Console.Error.WriteLineAsync(why);
        return BadInput;
    }

    /// <summary>What is wrong with a command line, in one sentence; null if nothing is.</summary>
    internal static string? Misused(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is not [var first, ..]) return command is RootCommand ? $"Name a command: {Names(command)}." : parsed.Errors[0].Message;
        return command is RootCommand
            ? $"There is no {(first.StartsWith('-') ? "option" : "command")} '{first}': the commands are {Names(command)}."
            : $"'{command.Name}' has no {(first.StartsWith('-') ? "option" : "place for")} '{first}': '{command.Name} --help' lists what it takes.";
    }

    private static string Names(Command root) => string.Join(", ", root.Subcommands.Select(c => c.Name));

    /// <param name="prepare">Parses the command line; may reject it.</param>
    public static Task<int> Run(Func<(RunOptions Options, Func<StreetView, Plan> Draw)> prepare) => Play(() =>
    {
        var (options, draw) = prepare();
        return new Playing.OnStreet(options, draw);
    });

    /// <param name="prepare">Parses the command line; may reject it.</param>
    public static Task<int> Play(Func<Playing> prepare) => Run(async stop =>
    {
        switch (prepare())
        {
            case Playing.OnStreet(var options, var draw):
                var verdict = await Rehearsal.Run(options, draw, Console.Out, stop);
                return await Say(options, verdict.Summary, verdict.Evidence);
            case Playing.OnGateways(var options, var reach):
                return await Say(options, await ReachRun.RunAsync(options, reach, Console.Out, stop), null);
            case var other:
                throw new InvalidOperationException($"Unknown run {other.GetType().Name}.");
        }
    });

    /// <param name="prepare">Parses the command line; may reject it.</param>
    public static Task<int> Check(Func<RunOptions> prepare) => Run(async stop =>
    {
        var options = prepare();
        return await Say(options, await JournalCheck.RunAsync(options, Console.Out, stop), null);
    });

    /// <param name="words">What to write to the terminal; may reject the command line.</param>
    public static Task<int> Tell(Func<string> words) => Run(async _ =>
    {
        await Console.Out.WriteLineAsync(words());
        return Held;
    });

    /// <param name="prepare">Parses the command line; may reject it.</param>
    /// <returns>Also broken if no rate is sustained, or not for the full time.</returns>
    public static Task<int> Find(Func<StormSearch> prepare) => Run(async stop =>
    {
        if (await prepare().Run(Console.Out, stop) is not var (options, verdict)) return Broken;
        var said = await Say(options, verdict.Summary, verdict.Evidence);
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

    /// <param name="evidence">Of a run on a street, for its trace; null for another.</param>
    private static async Task<int> Say(RunOptions options, Summary summary, Evidence? evidence)
    {
        Report.Write(Console.Out, summary);
        if (options.JsonFile is not null) await SavedRun.WriteJson(options.JsonFile, summary, SummaryJson.Default.Summary);
        if (options.HtmlFile is not null) SavedRun.Write(options.HtmlFile, HtmlReport.Of(summary));
        if (options.JUnitFile is not null) SavedRun.Write(options.JUnitFile, JUnit.Of(summary));
        if (evidence is not null && (!summary.Held || options.TraceFile is not null)) await WriteTrace(options, summary, evidence);
        return summary switch { { Held: false } => Broken, { Interrupted: true } => Interrupted, _ => Held };
    }

    private static async Task WriteTrace(RunOptions options, Summary summary, Evidence evidence)
    {
        var path = options.TraceFile ?? Path.GetFullPath($"simulator-{options.Command}-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}.trace.json");
        await SavedRun.WriteJson(path, Trace.Of(options, summary, evidence, options.CommandLine), TraceJson.Default.Trace);
        Console.WriteLine($"the run is in {path}: again {Path.GetFileName(path)} blows the same whistles at the same times");
    }
}

/// <summary>What is to be played.</summary>
internal abstract record Playing
{
    private Playing()
    {
    }

    /// <summary>A plan against a given server.</summary>
    public sealed record OnStreet(RunOptions Options, Func<StreetView, Plan> Draw) : Playing;

    /// <summary>Played platforms against a server of its own.</summary>
    public sealed record OnGateways(RunOptions Options, ReachOptions Reach) : Playing;
}
