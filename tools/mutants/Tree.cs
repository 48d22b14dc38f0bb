using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace DispatchCenter.Mutants;

/// <summary>A copy of the checkout, in which the mutants live. The checkout itself is only read.</summary>
/// <param name="through">A command that every build and every test run goes through, such as <c>flock FILE</c>; empty for none.</param>
internal sealed partial class Tree(string checkout, string folder, string[] through)
{
    /// <summary>No analyzers and no warnings as errors: a mutant need not be pretty.</summary>
    private static readonly string[] Plain = ["-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:WarningLevel=0", "-p:EnforceCodeStyleInBuild=false"];

    public string Folder => folder;

    public string Relative(string path) => Path.GetRelativePath(folder, path);

    public string At(string path) => Path.Combine(folder, path);

    /// <summary>Copies what git knows or would add, under these folders or everywhere.</summary>
    public void Copy(string under = ".")
    {
        var (_, files) = Run(checkout, "git", ["ls-files", "-z", "-co", "--exclude-standard", "--", under]);
        foreach (var file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(checkout, file))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            if (!File.Exists(At(file)) || !File.ReadAllBytes(At(file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(checkout, file)))) File.Copy(Path.Combine(checkout, file), At(file), overwrite: true);
        }
    }

    /// <summary>The compilation of a project as the build makes it, generated sources included.</summary>
    public CSharpCompilation Compile(string project)
    {
        var (code, said) = Run(folder, "dotnet", ["build", At(project), "--no-incremental", .. Plain, "-p:EmitCompilerGeneratedFiles=true", "-p:ProvideCommandLineArgs=true", "-getItem:CscCommandLineArgs"], through);
        if (code != 0) throw new InvalidOperationException($"{project} does not build:\n{said}");
        using var items = JsonDocument.Parse(said[said.IndexOf('{', StringComparison.Ordinal)..]);
        var arguments = CSharpCommandLineParser.Default.Parse([.. items.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(a => a.GetProperty("Identity").GetString()!)], At(project), null);
        var generated = Directory.EnumerateFiles(Path.Combine(At(project), "obj", "Release"), "*.cs", SearchOption.AllDirectories).Where(path => path.Contains("/generated/", StringComparison.Ordinal));
        var trees = arguments.SourceFiles.Select(f => f.Path).Concat(generated).Distinct().Select(path => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), arguments.ParseOptions, path));
        var references = arguments.MetadataReferences.Select(r => MetadataReference.CreateFromFile(Path.GetFullPath(r.Reference, At(project)), r.Properties));
        var compilation = CSharpCompilation.Create(arguments.CompilationName ?? project, trees, references, arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Default));
        if (compilation.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error && !d.IsWarningAsError) is { } error) throw new InvalidOperationException($"{project} does not compile here: {error}");
        return compilation;
    }

    /// <summary>Puts the mutants and their switch into the sources. What does not compile with the others is left out.</summary>
    public IReadOnlyList<Mutant> Weave(IReadOnlyList<Mutant> mutants, IReadOnlyList<string> projects)
    {
        File.WriteAllText(At("src/Domain/MutantSwitch.cs"), Switch);
        foreach (var project in projects) File.WriteAllText(At($"{project}/MutantsReached.cs"), Reached);
        var originals = mutants.Select(m => m.Path).Distinct().ToDictionary(path => path, path => File.ReadAllText(Path.Combine(checkout, path)));
        while (true)
        {
            foreach (var (path, text) in originals) File.WriteAllText(At(path), Mutant.Weave(text, mutants.Where(m => m.Path == path)));
            var errors = Build(projects);
            if (errors.Count == 0) return mutants;
            var guilty = errors.SelectMany(e => Near(e, mutants)).ToHashSet();
            if (guilty.Count == 0) throw new InvalidOperationException($"The copy does not build:\n{string.Join('\n', errors)}");
            Console.WriteLine($"Left out, because they do not compile with the others: {string.Join(", ", guilty)}.");
            mutants = [.. mutants.Where(m => !guilty.Contains(m.Id))];
        }
    }

    public IReadOnlyList<string> Build(IReadOnlyList<string> projects)
    {
        foreach (var project in projects)
        {
            var (code, said) = Run(folder, "dotnet", ["build", At(project), .. Plain], through);
            if (code != 0) return [.. said.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct().DefaultIfEmpty(said)];
        }

        return [];
    }

    /// <summary>The mutants that an error is about.</summary>
    private static IEnumerable<int> Near(string error, IReadOnlyList<Mutant> mutants)
    {
        if (Place().Match(error) is not { Success: true } place || !File.Exists(place.Groups[1].Value)) return [];
        var text = SourceText.From(File.ReadAllText(place.Groups[1].Value));
        var at = text.Lines[int.Parse(place.Groups[2].Value, null) - 1].Start + int.Parse(place.Groups[3].Value, null) - 1;
        return Mutant.Guilty(place.Groups[4].Value, CSharpSyntaxTree.ParseText(text).GetRoot(), at, mutants);
    }

    public static (int Code, string Said) Run(string at, string program, IReadOnlyList<string> arguments, string[]? through = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] all = [.. through ?? [], program, .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { WorkingDirectory = at, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? said : said + errors.Result);
    }

    public const string Switch = """
        namespace DispatchCenter.Domain;

        public static class MutantSwitch
        {
            private static readonly int On = int.TryParse(System.Environment.GetEnvironmentVariable("DISPATCH_MUTANT"), out var id) ? id : 0;
            private static readonly string? File = System.Environment.GetEnvironmentVariable("DISPATCH_MUTANTS_REACHED");
            private static readonly bool[]? Reached = File is null ? null : new bool[100_000];
            private static readonly System.Collections.Generic.HashSet<(string, int)> Written = [];

            public static bool Is(int id)
            {
                if (Reached is not null) Reached[id] = true;
                return id == On;
            }

            public static void Tested(string by)
            {
                if (Reached is null) return;
                lock (Written)
                {
                    for (var id = 0; id < Reached.Length; id++)
                    {
                        if (!Reached[id]) continue;
                        Reached[id] = false;
                        if (Written.Add((by, id))) System.IO.File.AppendAllText(File!, $"{by}\t{id}\n");
                    }
                }
            }
        }
        """;

    private const string Reached = """
        [assembly: DispatchCenter.MutantsReached]

        namespace DispatchCenter;

        [System.AttributeUsage(System.AttributeTargets.Assembly)]
        public sealed class MutantsReachedAttribute : Xunit.v3.BeforeAfterTestAttribute
        {
            public override void After(System.Reflection.MethodInfo methodUnderTest, Xunit.v3.IXunitTest test) => DispatchCenter.Domain.MutantSwitch.Tested(test.TestCase.TestClassName);
        }
        """;

    [GeneratedRegex(@"^\s*(.+?)\((\d+),(\d+)\): error (\w+)")]
    private static partial Regex Place();
}
