using System.Globalization;
using System.Xml.Linq;

namespace DispatchCenter.Mutants;

/// <summary>The tests of one project of the copy.</summary>
internal sealed class Suite
{
    /// <summary>How much longer than without a mutant a run may take before it counts as hung.</summary>
    private const int Patience = 5;

    /// <summary>Together, the classes that are asked first.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    private const int Few = 3;

    private static readonly TimeSpan Start = TimeSpan.FromSeconds(40);

    private readonly Tree _tree;
    private readonly string _project;
    private readonly string[] _through;
    private readonly ILookup<int, string> _reaching;
    private readonly Dictionary<string, double> _seconds;
    private readonly string[] _broken;

    /// <summary>Runs the tests without a mutant: which of them reach which, how long they take, and which fail in the copy (they read sources) and are left out.</summary>
    /// <param name="classes">Only these; all if empty.</param>
    public Suite(Tree tree, string project, string[] through, IReadOnlyList<string> classes)
    {
        (_tree, _project, _through) = (tree, project, through);
        var (reached, results) = (tree.At($"{project}/reached.txt"), tree.At($"{project}/results.xml"));
        if (!File.Exists(results))
        {
            File.Delete(reached);
            var (_, said) = Run([.. classes.SelectMany(c => new[] { "-class", c }), "-xml", results], new() { ["DISPATCH_MUTANTS_REACHED"] = reached }, TimeSpan.FromHours(2));
            if (!File.Exists(results)) throw new InvalidOperationException(said);
        }

        _reaching = File.ReadLines(reached).Select(line => line.Split('\t')).ToLookup(parts => int.Parse(parts[1], null), parts => parts[0]);
        var tests = XDocument.Load(results).Descendants("test").ToList();
        _seconds = tests.GroupBy(t => t.Attribute("type")!.Value).ToDictionary(g => g.Key, g => g.Sum(t => double.Parse(t.Attribute("time")!.Value, CultureInfo.InvariantCulture)));
        _broken = [.. tests.Where(t => t.Attribute("result")!.Value == "Fail").Select(t => $"{t.Attribute("type")!.Value}.{t.Attribute("method")!.Value}").Distinct()];
        Console.WriteLine($"{project}: {tests.Count} tests of {_seconds.Count} classes, {_seconds.Values.Sum():0} s; left out, because they fail without a mutant: {(_broken.Length == 0 ? "none" : string.Join(", ", _broken))}.");
    }

    /// <summary>
    /// The name of what killed it; null if it lives. The classes that reach it are asked, the quick ones first. What few reach may have been reached once for all of them
    /// (a static value), so there the others are asked too.
    /// </summary>
    /// <param name="limit">The most that the classes of one mutant may take without it.</param>
    public string? Killer(Mutant mutant, TimeSpan limit)
    {
        var near = _reaching[mutant.Id].Where(_seconds.ContainsKey).OrderBy(c => _seconds[c]).ToList();
        if (near.Count == 0) return null;
        var sum = 0.0;
        var quick = near.TakeWhile(c => (sum += _seconds[c]) <= Quick.TotalSeconds).ToList();
        return Kills(mutant, quick, limit) ?? Kills(mutant, [.. near.Skip(quick.Count)], limit)
            ?? (near.Count <= Few ? Kills(mutant, [.. _seconds.Keys.Except(near).OrderBy(c => _seconds[c])], limit) : null);
    }

    private string? Kills(Mutant mutant, List<string> classes, TimeSpan limit)
    {
        if (classes.Count == 0) return null;
        var sum = 0.0;
        var within = classes.TakeWhile(c => (sum += _seconds[c]) <= limit.TotalSeconds || c == classes[0]).ToList();
        var expected = TimeSpan.FromSeconds(within.Sum(c => _seconds[c]));
        var (code, said) = Run([.. within.SelectMany(c => new[] { "-class", c }), .. _broken.SelectMany(t => new[] { "-method-", t }), "-stopOnFail"],
            new() { ["DISPATCH_MUTANT"] = mutant.Id.ToString(CultureInfo.InvariantCulture) }, Start + (Patience * expected));
        if (code == 0) return null;
        var failed = said.Split('\n').FirstOrDefault(line => line.Contains("[FAIL]", StringComparison.Ordinal))?.Replace("[FAIL]", "", StringComparison.Ordinal).Trim();
        return failed ?? (code is 124 or 137 ? "hung" : $"ended with {code}");
    }

    private (int Code, string Said) Run(IReadOnlyList<string> arguments, Dictionary<string, string> environment, TimeSpan timeout)
    {
        environment["DOTNET_TieredPGO"] = "0";
        environment["DOTNET_PROCESSOR_COUNT"] = "1";
        environment["DOTNET_GCHeapHardLimit"] = "0x100000000"; // a mutant that hoards ends itself and not the machine
        var name = Path.GetFileName(_project);
        return Tree.Run(_tree.At(_project), "timeout", ["-s", "KILL", timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), "dotnet", _tree.At($"{_project}/bin/Release/net10.0/DispatchCenter.{name}.dll"), .. arguments, "-parallel", "none", "-noColor"], _through, environment);
    }
}
