using System.Globalization;
using DispatchCenter.Bench;
using DispatchCenter.Bench.Durable;

// Measures beside a peer in one run; every measure prints its row of docs/performance.md.
return args switch
{
    ["durable", .. var rest] => await DurableBench.RunAsync(
        TimeSpan.FromSeconds(Option(rest, "--seconds", 3)), Option(rest, "--callers", 64), Option(rest, "--pairs", 5)),
    _ => Usage(),
};

static int Option(string[] args, string name, int otherwise) =>
    Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Bench -- durable [--seconds N] [--callers 64] [--pairs 5]");
    return 2;
}
