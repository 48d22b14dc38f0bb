using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;

namespace DispatchCenter.Simulator;

/// <summary>The command line. Exit codes: 0 every promise held, 1 one was broken, 2 bad input or an unusable server, 130 interrupted.</summary>
internal static class Program
{
    private const int Held = 0;
    private const int Broken = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;
    private const int DefaultDrainSeconds = 30;

    private static readonly Argument<string> _file = new("FILE") { Description = "A CSV with a created_at column; its rows may be in any order" };
    private static readonly Option<double> _speed = Number("--speed", "How many times faster than recorded", 1.0, 0.001, ReplayOptions.MaxSpeed);
    private static readonly Option<int> _watchers = Number("--watchers", "How many duty officers' boards look on", 10, 0, ReplayOptions.MaxWatchers);
    private static readonly Option<int> _seed = Number("--seed", "Draws places, categories and lives", 1, 0, int.MaxValue);
    private static readonly Option<int?> _limit = Number<int?>("--limit", "Only the first so many whistles", null, 1, Arrivals.MaxRows);
    private static readonly Option<int> _drain = Number("--drain", "Seconds that the watchers may take to catch up", DefaultDrainSeconds, 0, ReplayOptions.MaxDrainSeconds);
    private static readonly Option<string> _target = Text("--target", "The dispatch centre", ReplayOptions.DefaultTarget);
    private static readonly Option<string> _password = Text("--password", "The demo accounts' password", ReplayOptions.DefaultPassword);
    private static readonly Option<bool> _allowRemote = new("--allow-remote") { Description = "The target may be another machine" };
    private static readonly Option<string?> _json = new("--json") { Description = "Also write the summary to this file" };

    public static async Task<int> Main(string[] arguments)
    {
        var replay = new Command("replay", "Replay a recording of requests against a running demo street and check every promise")
        {
            _file, _speed, _watchers, _seed, _limit, _drain, _target, _password, _allowRemote, _json,
        };
        replay.SetAction((parsed, _) => Replay(parsed));
        var parsed = new RootCommand("The simulator of the dispatch centre") { replay }.Parse(arguments);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        return BadInput;
    }

    private static async Task<int> Replay(ParseResult parsed)
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
            var options = ReadOptions(parsed);
            var summary = await Simulator.Replay.Run(options, Console.Out, stop.Token);
            Report.Write(Console.Out, summary);
            if (options.JsonFile is not null) await WriteJson(options.JsonFile, summary);
            return summary switch { { Held: false } => Broken, { Interrupted: true } => Interrupted, _ => Held };
        }
        catch (BadInputException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadInput;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted before the first whistle.");
            return Interrupted;
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
        }
    }

    private static ReplayOptions ReadOptions(ParseResult parsed) => new()
    {
        File = Path.GetFullPath(parsed.GetRequiredValue(_file)),
        Speed = parsed.GetValue(_speed),
        Watchers = parsed.GetValue(_watchers),
        Seed = parsed.GetValue(_seed),
        Limit = parsed.GetValue(_limit),
        Drain = TimeSpan.FromSeconds(parsed.GetValue(_drain)),
        Target = ReplayOptions.ParseTarget(parsed.GetRequiredValue(_target), parsed.GetValue(_allowRemote)),
        Password = parsed.GetRequiredValue(_password),
        JsonFile = parsed.GetValue(_json) is { } json ? Path.GetFullPath(json) : null,
    };

    private static async Task WriteJson(string path, Summary summary)
    {
        try
        {
            await using var file = File.Create(path);
            await JsonSerializer.SerializeAsync(file, summary, SummaryJson.Default.Summary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The summary cannot be written to {path}: {e.Message}", e);
        }
    }

    private static Option<string> Text(string name, string description, string byDefault) =>
        new(name) { Description = description, DefaultValueFactory = _ => byDefault };

    /// <summary>A number within bounds; anything else is refused with a sentence.</summary>
    private static Option<T> Number<T>(string name, string description, T byDefault, double min, double max) => new(name)
    {
        Description = $"{description} ({min:0.###} to {max:0})",
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
            if (isNumber && number >= min && number <= max && (type == typeof(double) || double.IsInteger(number)))
                return (T)Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
            result.AddError($"{name} must be a {(type == typeof(double) ? "number" : "whole number")} from {min:0.###} to {max:0}, not '{text}'.");
            return byDefault;
        },
    };
}
