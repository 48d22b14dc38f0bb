using System.Diagnostics;
using System.Globalization;
using DispatchCenter.Mutants;

// Tests the tests: see --help.
const string Usage = """
    Tests the tests: puts so many mutants into a copy of the tree and says how many of them the tests kill.

      dotnet run --project tools/mutants -c Release -- --seed 7 --count 300

      --seed N         draws the same mutants of the same source every time (1)
      --count N        how many (100)
      --area NAME      domain (src/Domain), ledger (desk, journal, sweep), feed (its order) or all (all)
      --workers N      test runs at a time, one core each (1)
      --integration C  also the Integration tests, for what Unit leaves alive: * for all, or class names with wildcards, separated by commas
      --limit S        the most seconds of tests a mutant may cost each time (300)
      --minutes M      tries no further mutant after so long; another run with the same --work goes on
      --work FOLDER    where the copy lies and stays; otherwise a temporary one, which goes
      --retry          with --work: takes the tests from the checkout again and tries what lived once more
      --through "CMD"  a command before every build and test run, such as "flock FILE"

    One build holds every mutant, each behind a switch that an environment variable turns. What hangs counts as killed.
    """;

var options = new Dictionary<string, string>();
for (var i = 0; i < args.Length; i++)
{
    if (!args[i].StartsWith("--", StringComparison.Ordinal)) continue;
    options[args[i][2..]] = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[i + 1] : "";
}

string[] known = ["seed", "count", "area", "workers", "integration", "limit", "minutes", "work", "retry", "through"];
if (options.Keys.Except(known).Any() || options.GetValueOrDefault("area", "all") is not ("all" or "domain" or "ledger" or "feed"))
{
    Console.WriteLine(Usage);
    return options.ContainsKey("help") ? 0 : 2;
}

int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var checkout = Tree.Run(".", "git", ["rev-parse", "--show-toplevel"]).Said.Trim();
var kept = options.TryGetValue("work", out var work);
work ??= Directory.CreateTempSubdirectory("mutants-").FullName;
Directory.CreateDirectory(work);
var began = Stopwatch.StartNew();
try
{
    string[] through = [.. options.GetValueOrDefault("through", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    string[] integration = [.. options.GetValueOrDefault("integration", "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
    string[] projects = integration.Length == 0 ? ["tests/Unit"] : ["tests/Unit", "tests/Integration"];
    var tree = new Tree(checkout, Path.Combine(work, "tree"), through);
    var done = Path.Combine(work, "results.txt");
    var sheet = Path.Combine(work, "drawn.txt");
    IReadOnlyList<Mutant> mutants;
    if (File.Exists(sheet))
    {
        mutants = [.. File.ReadLines(sheet).Select(Mutant.Read)];
    }
    else
    {
        tree.Copy();
        File.Delete(tree.At("src/Domain/MutantSwitch.cs")); // of a run that was broken off
        mutants = tree.Weave(Selection.Draw(tree, options.GetValueOrDefault("area", "all"), Number("seed", 1), Number("count", 100)), projects);
        File.WriteAllLines(sheet, mutants.Select(m => m.ToLine()));
    }

    var retry = options.ContainsKey("retry");
    if (retry)
    {
        tree.Copy("tests");
        if (tree.Build(projects) is { Count: > 0 } errors) throw new InvalidOperationException(string.Join('\n', errors));
        foreach (var project in projects) File.Delete(tree.At($"{project}/results.xml"));
    }

    var suites = projects.Select(p => new Suite(tree, p, through, p.EndsWith("Unit", StringComparison.Ordinal) || integration is ["*"] ? [] : integration)).ToList();
    var limit = TimeSpan.FromSeconds(Number("limit", 300));
    var results = File.Exists(done) ? File.ReadLines(done).Select(line => line.Split('\t')).GroupBy(p => int.Parse(p[0], null)).ToDictionary(g => g.Key, g => g.Last()[1]) : new Dictionary<int, string>();
    if (retry) foreach (var (id, killer) in results.ToList()) if (killer.Length == 0) results.Remove(id);

    var end = began.Elapsed + TimeSpan.FromMinutes(Number("minutes", 1_000_000));
    Parallel.ForEach(mutants.Where(m => !results.ContainsKey(m.Id)).ToList(), new ParallelOptions { MaxDegreeOfParallelism = Number("workers", 1) }, mutant =>
    {
        if (began.Elapsed > end) return;
        var killer = "";
        foreach (var suite in suites)
        {
            killer = suite.Killer(mutant, limit) ?? "";
            if (killer.Length > 0) break;
        }

        lock (results)
        {
            results[mutant.Id] = killer;
            File.AppendAllText(done, $"{mutant.Id}\t{killer}\n");
            Console.WriteLine($"{began.Elapsed:hh\\:mm\\:ss}  {mutant.Id,4}  {(killer.Length > 0 ? "killed by " + killer : $"LIVES  {mutant.Path}:{mutant.Line}  {mutant.Operator}  {mutant.Before}  →  {mutant.After}")}");
        }
    });

    var lived = mutants.Where(m => results.TryGetValue(m.Id, out var killer) && killer.Length == 0).OrderBy(m => m.Path, StringComparer.Ordinal).ThenBy(m => m.Line).ToList();
    Console.WriteLine();
    foreach (var m in lived) Console.WriteLine($"lives  {m.Id,4}  {m.Path}:{m.Line}\n       {m.Operator}: {m.Before}\n       → {(m.After.Length == 0 ? "(nothing)" : m.After)}");
    foreach (var area in mutants.Where(m => results.ContainsKey(m.Id)).GroupBy(m => m.Area).OrderBy(g => g.Key, StringComparer.Ordinal))
        Console.WriteLine($"{area.Key}: {area.Count(m => results[m.Id].Length > 0)} of {area.Count()} killed");
    var tried = mutants.Count(m => results.ContainsKey(m.Id));
    Console.WriteLine($"seed {Number("seed", 1)}: {tried - lived.Count} of {tried} killed ({(tried == 0 ? 0 : 100.0 * (tried - lived.Count) / tried):0.0} %), {lived.Count} live, {mutants.Count - tried} not tried; {began.Elapsed.TotalMinutes:0} minutes");
    return lived.Count == 0 ? 0 : 1;
}
finally
{
    if (!kept) Directory.Delete(work, recursive: true);
}
