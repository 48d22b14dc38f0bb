using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace DispatchCenter.Mutants;

/// <summary>Draws the mutants: those that compile, in an order that the seed gives.</summary>
internal static class Selection
{
    private static readonly string[] Ledger = ["DispatchDesk", "DeskBatch", "DeskJob", "DeskLeaves", "DeskPut", "DeskRequest", "DeskStatements", "DeskStore", "JournalEntry", "JournalQueries", "Sweep"];
    private static readonly string[] Feed = ["CatchUp", "EpochGuard", "Followers", "Lane", "LiveFeed", "Sequencer", "Turns"];

    public static IReadOnlyList<Mutant> Draw(Tree tree, string area, int seed, int count)
    {
        var all = new List<(Mutant Mutant, CSharpCompilation Of)>();
        if (area is "all" or "domain") Add("domain", tree.Compile("src/Domain"), path => path.StartsWith("src/Domain/", StringComparison.Ordinal));
        if (area is "all" or "ledger" or "feed")
        {
            var hub = tree.Compile("src/Hub");
            if (area != "feed") Add("ledger", hub, path => Ledger.Any(name => path == $"src/Hub/Ledger/{name}.cs"));
            if (area != "ledger") Add("feed", hub, path => Feed.Any(name => path == $"src/Hub/Feed/{name}.cs"));
        }

        // A mutant's number is its place in the draw. Those that do not compile make room for the next.
        var order = new Queue<(Mutant Mutant, CSharpCompilation Of)>(all.OrderBy(m => m.Mutant.Draw(seed)).Select((m, at) => (m.Mutant with { Id = at + 1 }, m.Of)));
        var drawn = new List<(Mutant Mutant, CSharpCompilation Of)>();
        var places = order.Count;
        while (true)
        {
            while (drawn.Count < count && order.TryDequeue(out var next)) drawn.Add(next);
            var guilty = drawn.GroupBy(m => m.Of, m => m.Mutant).SelectMany(of => Guilty(of.Key, [.. of], tree)).ToHashSet();
            if (guilty.Count == 0) break;
            drawn.RemoveAll(m => guilty.Contains(m.Mutant.Id));
        }

        Console.WriteLine($"{drawn.Count} mutants drawn of {places} places.");
        return [.. drawn.Select(m => m.Mutant)];

        void Add(string name, CSharpCompilation compilation, Func<string, bool> belongs)
        {
            foreach (var file in compilation.SyntaxTrees.OrderBy(t => t.FilePath, StringComparer.Ordinal))
                if (tree.Relative(file.FilePath) is var path && belongs(path) && !path.Contains("/obj/", StringComparison.Ordinal))
                    all.AddRange(Operators.Of(name, path, compilation.GetSemanticModel(file)).Select(m => (m, compilation)));
        }
    }

    /// <summary>Who keeps the others from compiling.</summary>
    private static IEnumerable<int> Guilty(CSharpCompilation compilation, IReadOnlyList<Mutant> mutants, Tree tree)
    {
        var woven = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(Tree.Switch, (CSharpParseOptions)compilation.SyntaxTrees[0].Options));
        foreach (var file in compilation.SyntaxTrees)
            if (mutants.Where(m => m.Path == tree.Relative(file.FilePath)).ToList() is { Count: > 0 } here)
                woven = woven.ReplaceSyntaxTree(file, file.WithChangedText(SourceText.From(Mutant.Weave(file.ToString(), here))));
        var errors = woven.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && !d.IsWarningAsError).ToList();
        var guilty = errors.SelectMany(e => Mutant.Guilty(e.Id, e.Location.SourceTree!.GetRoot(), e.Location.SourceSpan.Start, mutants)).ToHashSet();
        return errors.Count > 0 && guilty.Count == 0 ? throw new InvalidOperationException($"The mutants do not compile: {errors[0]}") : guilty;
    }
}
