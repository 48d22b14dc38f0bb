using System.CommandLine;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Platforms;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator;

/// <summary>The commands that put a load on a street.</summary>
internal static partial class Commands
{
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
            return (options, street => Plan.Of(options, Scenario.Draw(options.Seed, street, arrivals, Tempo.Hurried)));
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
                return (options, street => Plan.Of(options, Scenario.Draw(options.Seed, street, arrivals, Tempo.Hurried)));
            });

            RunOptions Options() => Watching(parsed, Shared(parsed, "storm", "storm")) with { Matters = parsed.GetValue(_matters) };
            StormSearch Search() => new(Options(), parsed.GetValue(rate), MaxRate, TimeSpan.FromSeconds(parsed.GetValue(step)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), Arrive);
            IReadOnlyList<TimeSpan> Arrive(double perSecond, TimeSpan length) => parsed.GetValue(even) ? Arrivals.Even(perSecond, length) : Arrivals.Poisson(perSecond, length, parsed.GetValue(_seed));
        });
        return storm;
    }

    private static Command Day()
    {
        var name = new Argument<string?>("SCENARIO") { Description = $"A shipped scenario ({string.Join(", ", ScenarioLibrary.Names)}) or a file; without one, a random day as the options say", Arity = ArgumentArity.ZeroOrOne };
        var hours = Number("--hours", "Simulated hours", 24.0, 0.01, MaxSeconds / 3_600);
        var minutes = Number<double?>("--minutes", "The same in minutes", null, 0.1, MaxSeconds / 60);
        var speed = Number<double?>("--speed", "Speed-up over real time: 600, or the scenario's", null, 0.001, RunOptions.MaxSpeed);
        var perDay = Number("--per-day", "Whistles per simulated day", (double)WhistlesADay, 1, MaxRate * 86_400.0);
        var rate = Number<double?>("--rate", "Whistles per second of real time instead", null, 0.001, MaxRate);
        var breaker = new Option<string?>("--breaker") { Description = "The program that breaks what a scenario wants broken, such as deploy/local-cluster" };
        var server = new Option<string>("--web") { Description = "For a scenario with a server of its own: its DispatchCenter.Web.dll", DefaultValueFactory = _ => ReachOptions.BuiltProgram };
        var show = new Option<bool>("--show") { Description = "Write the scenario to the terminal instead of playing it: a beginning for one of your own" };
        var run = Watched(new Command("run", "Play a scenario against a running street: whistles, errands, call-outs, shifts and faults, and check every promise") { name, hours, minutes, speed, perDay, rate, _matters, breaker, server, show });
        Option[] ofRandomDays = [hours, minutes, perDay, rate, _matters, _watchers, _onStreet, _cases];
        run.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(name) is not { } asked) return Program.Run(RandomDay);
            if (asked.StartsWith('-')) return Program.Tell(() => throw new BadInputException($"'run' has no option '{asked}': 'run --help' lists what it takes."));
            if (parsed.GetValue(show)) return Program.Tell(() => ScenarioLibrary.Find(asked).Text);
            return Program.Play(() =>
            {
                var scenario = ScenarioLibrary.Find(asked);
                if (ofRandomDays.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } twice) throw new BadInputException($"{twice.Name} is for a run without a scenario: {asked} says that itself.");
                return Scenarios(parsed, scenario, Shared(parsed, "run", $"run {scenario.Name}"), parsed.GetValue(speed), parsed.GetValue(breaker), parsed.GetRequiredValue(server));
            });

            (RunOptions, Func<StreetView, Plan>) RandomDay()
            {
                var life = parsed.GetValue(minutes) is { } few ? TimeSpan.FromMinutes(few) : TimeSpan.FromHours(parsed.GetValue(hours));
                var pace = parsed.GetValue(speed) ?? UsualSpeed;
                var perSecond = parsed.GetValue(rate) is { } fast ? fast / pace : parsed.GetValue(perDay) / 86_400;
                var options = Watching(parsed, Shared(parsed, "run", $"run of {life}")) with { Speed = pace, Pace = pace, Until = life / pace, Matters = parsed.GetValue(_matters) };
                var arrivals = Arrivals.Poisson(perSecond, life, options.Seed);
                return (options, street => Plan.Of(options, Scenario.Draw(options.Seed, street, arrivals, Tempo.Human)));
            }
        });
        return run;
    }

    /// <param name="speed">Instead of the scenario's; null for that.</param>
    /// <exception cref="BadInputException">The scenario cannot be played as asked.</exception>
    private static Playing Scenarios(ParseResult parsed, ScenarioDocument scenario, RunOptions shared, double? speed, string? breaker, string program)
    {
        switch (scenario)
        {
            case ScenarioDocument.StreetDay day:
                if (day.Faults.Count > 0 && breaker is null)
                    throw new BadInputException($"The scenario {day.Name} breaks things ({string.Join(", ", day.Faults.Select(f => string.Join(' ', f.Words)))}): name the program that does so by --breaker; deploy/local-cluster is one.");
                var pace = speed ?? day.Speed;
                var options = shared with
                {
                    Scenario = day, Breaker = breaker, Speed = pace, Pace = pace, Until = day.Life / pace, Matters = day.Errands, Boards = day.Boards, TeamWatchers = day.TeamWatchers, Pages = day.Pages,
                };
                return new Playing.OnStreet(options, street => Plan.Draw(day, options.Seed, street));
            case ScenarioDocument.LyingGateways gateways:
                if (parsed.GetResult(_targets) is { Implicit: false }) throw new BadInputException($"The scenario {gateways.Name} plays the gateways of a server of its own: leave --target out.");
                return new Playing.OnGateways(shared with { Scenario = gateways, Targets = [] }, new ReachOptions(gateways.Calls, gateways.Faults, gateways.Kills, shared.Seed, program));
            default:
                throw new InvalidOperationException($"Unknown scenario {scenario.GetType().Name}.");
        }
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
            return (options, street => Plan.Of(options, Scenario.DrawField(options.Seed, street, Arrivals.Even(count / length.TotalSeconds, length))));
        }));
        return field;
    }
}
