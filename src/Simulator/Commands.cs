using System.CommandLine;
using System.Globalization;
using DispatchCenter.Simulator.Choosing;
using DispatchCenter.Simulator.Platforms;

namespace DispatchCenter.Simulator;

/// <summary>The command line: its commands, and the options that they share.</summary>
internal static partial class Commands
{
    private const int DefaultDrainSeconds = 30;
    private const int MaxRate = 10_000;
    private const int MaxSeconds = 7 * 24 * 3_600;
    private const int MaxWeekDays = 28;
    private const int MaxPerDay = 20_000;
    private const int MaxWeeks = 100;

    /// <summary>The number for 滕州, a county-level city of a million, on a day in 2025.</summary>
    private const int WhistlesADay = 592;

    private const double UsualSpeed = 600;

    private static readonly Option<int> _seed = Number("--seed", "Random seed for places, categories and lives", 1, 0, int.MaxValue);
    private static readonly Option<int> _drain = Number("--drain", "Seconds for watchers to catch up at the end", DefaultDrainSeconds, 0, RunOptions.MaxDrainSeconds);
    private static readonly Option<int> _patience = Number("--patience", "Seconds to retry a whistle or an answer", (int)Patience.DefaultBudget.TotalSeconds, 1, RunOptions.MaxDrainSeconds);
    private static readonly Option<string> _password = new("--password") { Description = "The demo accounts' password", DefaultValueFactory = _ => RunOptions.DefaultPassword };
    private static readonly Option<bool> _allowRemote = new("--allow-remote") { Description = "Allow a target on another machine" };
    private static readonly Option<string?> _json = new("--json") { Description = "Also write the summary to this file" };
    private static readonly Option<string?> _html = new("--html") { Description = "Write the report to this file, as one HTML page" };
    private static readonly Option<string?> _junit = new("--junit") { Description = "Write the verdict to this file, as JUnit XML: a test case a promise" };
    private static readonly Option<string?> _trace = new("--trace") { Description = "Write a trace to this file (a failed run always writes one)" };

    private static readonly Option<int> _watchers = Number("--watchers", "Additional watchers: team members, except for --street and --cases", 100, 0, RunOptions.MaxWatchers);
    private static readonly Option<int> _onStreet = Number("--street", "How many of them are duty officers' boards, which see the whole street", 0, 0, RunOptions.MaxWatchers);
    private static readonly Option<int> _cases = Number("--cases", "How many of them are residents with their case page open", 0, 0, RunOptions.MaxWatchers);

    private static readonly Option<double> _matters = Number("--matters", "For this share of the whistles also open an errand; crews take them on, take in papers, deal with them, give back, cancel, or leave them to their clocks", 0.0, 0, 1);

    private static readonly Option<string[]> _targets = new("--target", "--server")
    {
        Description = "The dispatch centre; repeat for each node",
        DefaultValueFactory = _ => [RunOptions.DefaultTarget],
    };

    public static RootCommand Root() => new("Simulator for the dispatch centre") { Day(), Replay(), Storm(), Field(), Choose(), Reach(), Check(), Again(), Report() };

    private static Command Choose()
    {
        var days = Number("--days", "Days; the heating day is the third, the storm comes on the fifth", 7, 1, MaxWeekDays);
        var perDay = Number("--per-day", "Whistles on a day without a surge", (double)WhistlesADay, 1, MaxPerDay);
        var weeks = Number("--weeks", "Number of weeks, with consecutive seeds", 3, 1, MaxWeeks);
        var choose = new Command("choose", "Compare nearest-first with the balanced ranking on random weeks of the server's street, in virtual time; sends no whistles") { days, perDay, weeks, _seed, _targets, _allowRemote };
        choose.SetAction((parsed, _) => Program.Show(async stop =>
        {
            var targets = new Targets([.. parsed.GetRequiredValue(_targets).Take(RunOptions.MaxTargets).Select(t => RunOptions.ParseTarget(t, parsed.GetValue(_allowRemote)))], TimeProvider.System);
            using var api = new StreetApi(targets);
            var street = await api.Street(stop);
            var comparison = new Comparison(street.Value ?? throw new BadInputException($"No dispatch centre answers at {targets} ({street.Code})."));
            return comparison.Print(Console.Out, parsed.GetValue(_seed), parsed.GetValue(weeks), parsed.GetValue(days), parsed.GetValue(perDay));
        }));
        return choose;
    }

    private static Command Reach()
    {
        var calls = Number("--calls", "Whistles", 1_000, 1, 100_000);
        var faults = Number("--faults", "The share of requests that a platform handles badly", 0.3, 0, 0.9);
        var kills = Number("--kills", "How often the server is killed in the middle", 2, 0, 20);
        var server = new Option<string>("--server") { Description = "The server's DispatchCenter.Web.dll, which is started over a folder of its own", DefaultValueFactory = _ => ReachOptions.BuiltProgram };
        var reach = new Command("reach", "Reach people over played platforms (企业微信, calls, texts, Web Push) that fail, while the server is killed and started again, and check who was told and who accepted") { calls, faults, kills, _seed, server, _json, _html, _junit };
        reach.SetAction((parsed, _) => Program.Play(() => new Playing.OnGateways(
            Saving(parsed, new RunOptions { Command = "reach", Title = "reach", Boards = 0, Seed = parsed.GetValue(_seed), Targets = [], Password = RunOptions.DefaultPassword, Drain = TimeSpan.Zero }),
            new ReachOptions(parsed.GetValue(calls), parsed.GetValue(faults), parsed.GetValue(kills), parsed.GetValue(_seed), parsed.GetRequiredValue(server)))));
        return reach;
    }

    private static RunOptions Watching(ParseResult parsed, RunOptions options)
    {
        var (all, boards, pages) = (parsed.GetValue(_watchers), parsed.GetValue(_onStreet), parsed.GetValue(_cases));
        if (boards + pages > all) throw new BadInputException($"--street {boards} and --cases {pages} are more than --watchers {all}.");
        return options with { Boards = boards, Pages = pages, TeamWatchers = all - boards - pages };
    }

    private static Command Watched(Command command)
    {
        foreach (var option in new[] { _watchers, _onStreet, _cases }) command.Add(option);
        return With(command);
    }

    private static Command With(Command command)
    {
        foreach (var option in new Option[] { _seed, _drain, _patience, _targets, _password, _allowRemote, _json, _html, _junit, _trace }) command.Add(option);
        return command;
    }

    private static RunOptions Shared(ParseResult parsed, string command, string title) => Saving(parsed, new RunOptions
    {
        Command = command,
        Title = title,
        Boards = 0,
        Seed = parsed.GetValue(_seed),
        Drain = TimeSpan.FromSeconds(parsed.GetValue(_drain)),
        Patience = TimeSpan.FromSeconds(parsed.GetValue(_patience)),
        Targets = TargetsOf(parsed),
        Password = parsed.GetRequiredValue(_password),
        TraceFile = Whole(parsed.GetValue(_trace)),
    });

    private static RunOptions Saving(ParseResult parsed, RunOptions options) => options with
    {
        CommandLine = Environment.GetCommandLineArgs()[1..], JsonFile = Whole(parsed.GetValue(_json)), HtmlFile = Whole(parsed.GetValue(_html)), JUnitFile = Whole(parsed.GetValue(_junit)),
    };

    private static IReadOnlyList<Uri> TargetsOf(ParseResult parsed)
    {
        var targets = parsed.GetRequiredValue(_targets);
        if (targets.Length > RunOptions.MaxTargets) throw new BadInputException($"--target may be given {RunOptions.MaxTargets} times at most.");
        return [.. targets.Select(t => RunOptions.ParseTarget(t, parsed.GetValue(_allowRemote))).Distinct()];
    }

    private static string? Whole(string? path) => path is null ? null : Path.GetFullPath(path);

    /// <summary>A number within bounds; anything else is rejected with a message.</summary>
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
