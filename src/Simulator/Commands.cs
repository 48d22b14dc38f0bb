using System.CommandLine;
using System.Globalization;
using DispatchCenter.Simulator.Choosing;
using DispatchCenter.Simulator.Platforms;

namespace DispatchCenter.Simulator;

/// <summary>The command line: what each command generates, and the shared options.</summary>
internal static class Commands
{
    private const int DefaultDrainSeconds = 30;
    private const int MaxRate = 10_000;
    private const int MaxSeconds = 7 * 24 * 3_600;
    private const int MaxWeekDays = 28;
    private const int MaxPerDay = 20_000;
    private const int MaxWeeks = 100;

    /// <summary>The number for 滕州, a county-level city of a million, on a day in 2025.</summary>
    private const int WhistlesADay = 592;

    private static readonly Option<int> _seed = Number("--seed", "Random seed for places, categories and lives", 1, 0, int.MaxValue);
    private static readonly Option<int> _drain = Number("--drain", "Seconds for watchers to catch up at the end", DefaultDrainSeconds, 0, RunOptions.MaxDrainSeconds);
    private static readonly Option<int> _patience = Number("--patience", "Seconds to retry a whistle or an answer", (int)Patience.DefaultBudget.TotalSeconds, 1, RunOptions.MaxDrainSeconds);
    private static readonly Option<string> _password = new("--password") { Description = "The demo accounts' password", DefaultValueFactory = _ => RunOptions.DefaultPassword };
    private static readonly Option<bool> _allowRemote = new("--allow-remote") { Description = "Allow a target on another machine" };
    private static readonly Option<string?> _json = new("--json") { Description = "Also write the summary to this file" };
    private static readonly Option<string?> _trace = new("--trace") { Description = "Write a trace to this file (a failed run always writes one)" };

    private static readonly Option<int> _watchers = Number("--watchers", "Additional watchers: team members, except for --street and --cases", 100, 0, RunOptions.MaxWatchers);
    private static readonly Option<int> _onStreet = Number("--street", "How many of them are duty officers' boards, which see the whole street", 0, 0, RunOptions.MaxWatchers);
    private static readonly Option<int> _cases = Number("--cases", "How many of them are residents with their case page open", 0, 0, RunOptions.MaxWatchers);

    private static readonly Option<double> _matters = Number("--matters", "For this share of the whistles also open an errand; crews take them on, take in papers, deal with them, give back, cancel, or leave them to their clocks", 0.0, 0, 1);

    private static readonly Option<string[]> _targets = new("--target")
    {
        Description = "The dispatch centre; repeat for each node",
        DefaultValueFactory = _ => [RunOptions.DefaultTarget],
    };

    public static RootCommand Root() => new("Simulator for the dispatch centre") { Replay(), Storm(), Day(), Field(), Again(), Choose(), Reach() };

    private static Command Replay()
    {
        var file = new Argument<string>("FILE") { Description = "A CSV with a created_at column; rows in any order" };
        var speed = Number("--speed", "Speed-up over the recording", 1.0, 0.001, RunOptions.MaxSpeed);
        var watchers = Number("--watchers", "Duty officers' boards", 2, 0, RunOptions.MaxWatchers);
        var limit = Number<int?>("--limit", "Use only this many whistles", null, 1, Arrivals.MaxRows);
        var replay = With(new Command("replay", "Replay a recording of requests against a running demo street and check every promise") { file, speed, watchers, limit });
        replay.SetAction((parsed, _) => Program.Run(() =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var options = Shared(parsed, "replay", $"replay {Path.GetFileName(path)}") with { Speed = parsed.GetValue(speed), Boards = parsed.GetValue(watchers) };
            var arrivals = Arrivals.Read(path).Take(parsed.GetValue(limit) ?? Arrivals.MaxRows).ToArray();
            return (options, street => Scenario.Draw(options.Seed, street, arrivals, Tempo.Hurried));
        }));
        return replay;
    }

    private static Command Storm()
    {
        var rate = Number("--rate", "Whistles per second, not counting answers", 10.0, 0.01, MaxRate);
        var seconds = Number("--seconds", "How long", 60, 1, MaxSeconds);
        var even = new Option<bool>("--even") { Description = "Evenly spaced instead of random (Poisson)" };
        var find = new Option<bool>("--find") { Description = "Find the highest sustained rate, starting at --rate: every promise held, whistle to team p99 at most 2 s" };
        var step = Number("--step", "Seconds per rate tried by --find", 15, 1, MaxSeconds);
        var storm = Watched(new Command("storm", "Send whistles at a fixed rate, whatever the server answers, and measure what watchers get") { rate, seconds, even, find, step, _matters });
        storm.SetAction((parsed, _) =>
        {
            return parsed.GetValue(find) ? Program.Find(Search) : Program.Run(() =>
            {
                var options = Options();
                var arrivals = Arrive(parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)));
                return (options, street => Scenario.Draw(options.Seed, street, arrivals, Tempo.Hurried));
            });

            RunOptions Options() => Watching(parsed, Shared(parsed, "storm", "storm")) with { Matters = parsed.GetValue(_matters) };
            StormSearch Search() => new(Options(), parsed.GetValue(rate), MaxRate, TimeSpan.FromSeconds(parsed.GetValue(step)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), Arrive);
            IReadOnlyList<TimeSpan> Arrive(double perSecond, TimeSpan length) => parsed.GetValue(even) ? Arrivals.Even(perSecond, length) : Arrivals.Poisson(perSecond, length, parsed.GetValue(_seed));
        });
        return storm;
    }

    private static Command Day()
    {
        var hours = Number("--hours", "Simulated hours", 24.0, 0.01, MaxSeconds / 3_600);
        var minutes = Number<double?>("--minutes", "The same in minutes", null, 0.1, MaxSeconds / 60);
        var speed = Number("--speed", "Speed-up over real time", 600.0, 0.001, RunOptions.MaxSpeed);
        var perDay = Number("--per-day", "Whistles per simulated day", (double)WhistlesADay, 1, MaxRate * 86_400.0);
        var rate = Number<double?>("--rate", "Whistles per second of real time instead", null, 0.001, MaxRate);
        var run = Watched(new Command("run", "Simulate some hours of a street: whistles, human pace, races, verification and ratings") { hours, minutes, speed, perDay, rate, _matters });
        run.SetAction((parsed, _) => Program.Run(() =>
        {
            var life = parsed.GetValue(minutes) is { } few ? TimeSpan.FromMinutes(few) : TimeSpan.FromHours(parsed.GetValue(hours));
            var pace = parsed.GetValue(speed);
            var perSecond = parsed.GetValue(rate) is { } fast ? fast / pace : parsed.GetValue(perDay) / 86_400;
            var options = Watching(parsed, Shared(parsed, "run", $"run of {life}")) with { Speed = pace, Pace = pace, Until = life / pace, Matters = parsed.GetValue(_matters) };
            var arrivals = Arrivals.Poisson(perSecond, life, options.Seed);
            return (options, street => Scenario.Draw(options.Seed, street, arrivals, Tempo.Human));
        }));
        return run;
    }

    private static Command Field()
    {
        var cases = Number("--cases", "Whistles, not counting those that lives add", 2_000, 1, 100_000);
        var minutes = Number("--minutes", "Over how long", 5.0, 0.1, MaxSeconds / 60);
        var field = Watched(new Command("field", "Play every exception and check the rates against the journal; needs a policy with limits of minutes: set them at /admin/policy, or by \"import policy\"") { cases, minutes });
        field.SetAction((parsed, _) => Program.Run(() =>
        {
            var (count, length) = (parsed.GetValue(cases), TimeSpan.FromMinutes(parsed.GetValue(minutes)));
            var options = Watching(parsed, Shared(parsed, "field", $"{count} cases in the field")) with { Field = true };
            return (options, street => Scenario.DrawField(options.Seed, street, Arrivals.Even(count / length.TotalSeconds, length)));
        }));
        return field;
    }

    private static Command Again()
    {
        var file = new Argument<string>("FILE") { Description = "A trace file" };
        var again = With(new Command("again", "Repeat the whistles of a trace at the same times") { file });
        again.SetAction((parsed, _) => Program.Run(() =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var trace = Trace.Read(path);
            return (trace.Repeat(Shared(parsed, "again", $"again {Path.GetFileName(path)}")), _ => trace.Draw());
        }));
        return again;
    }

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
        var reach = new Command("reach", "Reach people over played platforms (企业微信, calls, texts, Web Push) that fail, while the server is killed and started again, and check who was told and who accepted") { calls, faults, kills, _seed, server };
        reach.SetAction((parsed, _) => Program.Show(stop =>
            ReachRun.RunAsync(new ReachOptions(parsed.GetValue(calls), parsed.GetValue(faults), parsed.GetValue(kills), parsed.GetValue(_seed), parsed.GetRequiredValue(server)), Console.Out, stop)));
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
        foreach (var option in new Option[] { _seed, _drain, _patience, _targets, _password, _allowRemote, _json, _trace }) command.Add(option);
        return command;
    }

    private static RunOptions Shared(ParseResult parsed, string command, string title)
    {
        var targets = parsed.GetRequiredValue(_targets);
        if (targets.Length > RunOptions.MaxTargets) throw new BadInputException($"--target may be given {RunOptions.MaxTargets} times at most.");
        return new RunOptions
        {
            Command = command,
            Title = title,
            Boards = 0,
            Seed = parsed.GetValue(_seed),
            Drain = TimeSpan.FromSeconds(parsed.GetValue(_drain)),
            Patience = TimeSpan.FromSeconds(parsed.GetValue(_patience)),
            Targets = [.. targets.Select(t => RunOptions.ParseTarget(t, parsed.GetValue(_allowRemote))).Distinct()],
            Password = parsed.GetRequiredValue(_password),
            JsonFile = parsed.GetValue(_json) is { } json ? Path.GetFullPath(json) : null,
            TraceFile = parsed.GetValue(_trace) is { } trace ? Path.GetFullPath(trace) : null,
        };
    }

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
