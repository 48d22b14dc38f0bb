using System.Globalization;
using DispatchCenter.Bench;
using DispatchCenter.Bench.Clocks;
using DispatchCenter.Bench.Durable;
using DispatchCenter.Bench.Feed;
using DispatchCenter.Bench.Nodes;
using DispatchCenter.Bench.Pages;
using DispatchCenter.Bench.Register;
using DispatchCenter.Bench.Rim;
using DispatchCenter.Bench.Sides;

// Measures beside a peer in one run; every measure writes its row of docs/performance.md, or only prints it with --dry.
Report.Begin(dry: args.Contains("--dry"));
return args switch
{
    ["side", var name, .. var rest] => await SideLoop.RunAsync(name, rest),
    ["a1", .. var rest] => await DeliveriesBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 5)), Option(rest, "--pairs", 5)),
    ["a2", .. var rest] => await WhistleBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 20)), Option(rest, "--pairs", 5), Option(rest, "--rate", 3_000)),
    ["a3", .. var rest] => await MemoryBench.RunAsync(Option(rest, "--connections", 2_000), Option(rest, "--pairs", 5)),
    ["a4", .. var rest] => await StalledBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 6)), Option(rest, "--pairs", 5), Option(rest, "--rate", 100)),
    ["b1" or "durable", .. var rest] => await DurableBench.RunAsync(
        TimeSpan.FromSeconds(Option(rest, "--seconds", 3)), Option(rest, "--callers", 64), Option(rest, "--pairs", 5)),
    ["d1", .. var rest] => await DeadlineBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 3)), Option(rest, "--callers", 64), Option(rest, "--pairs", 5)),
    ["d2", .. var rest] => await LatenessBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 12)), Option(rest, "--pairs", 5)),
    ["d3", .. var rest] => await KilledNodesBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 60)), Option(rest, "--seed", 1)),
    ["c4", .. var rest] => await RedisRestartsBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 60))),
    ["e1", .. var rest] => await BoardBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 90))),
    ["open-cases", .. var rest] => await OpenCasesBench.RunAsync(Option(rest, "--rounds", 3)),
    ["c1", .. var rest] => await TwoNodesBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 5)), Option(rest, "--pairs", 5)),
    ["e2", .. var rest] => await ResidentBench.RunAsync(Option(rest, "--rounds", 3)),
    ["e3", .. var rest] => await CaseBench.RunAsync(Option(rest, "--rounds", 60)),
    ["f1", .. var rest] => await CrowdBench.RunAsync(TimeSpan.FromSeconds(Option(rest, "--seconds", 20)), Option(rest, "--pairs", 3), Option(rest, "--rate", 2_000)),
    ["f2", .. var rest] => await RegisterBench.RunAsync(Option(rest, "--rounds", 3)),
    _ => Usage(),
};

static int Option(string[] args, string name, int otherwise) =>
    Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Bench -- ROW [--pairs N] [--seconds N] [--dry]");
    Console.Error.WriteLine("rows: a1, a2 [--rate 3000], a3 [--connections 2000], a4 [--rate 100], b1 (durable) [--callers 64], c1, d1 [--callers 64], d2, d3 [--seed 1], c4, e1, open-cases [--rounds 3], e2 [--rounds 3], e3 [--rounds 60], f1 [--rate 2000], f2 [--rounds 3]");
    return 2;
}
