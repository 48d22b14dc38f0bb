using System.Diagnostics;
using System.Runtime.Loader;
using System.Text;
using DispatchCenter.Integration.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Xunit;

namespace DispatchCenter.Integration.OpenApi;

/// <summary>Programs written against clients that others' generators make of docs/openapi.json, and the lint that others check documents with.</summary>
[Trait("Database", "SQLite")] // about the document; what the answers hold is asked on both
public sealed class GeneratedClientTests(SharedStreet shared, ITestOutputHelper output) : IClassFixture<SharedStreet>
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    private static readonly string Npm = Path.Combine(CommittedDocument.Root(), "tests", "Browser", "npm");

    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task The_client_that_NSwag_makes_takes_a_whistle_from_start_to_end()
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "DispatchClient", UseBaseUrl = false, GenerateOptionalParameters = true, OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings = { Namespace = "Made", JsonLibrary = CSharpJsonLibrary.NewtonsoftJson }, // its default; with the other one it writes the names of its own enums
        };
        var client = new CSharpClientGenerator(await OpenApiDocument.FromFileAsync(CommittedDocument.File), settings).GenerateFile();
        var driver = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "OpenApi", "Driver.cs"));
        var run = Compile(client, driver).GetType("Driver")!.GetMethod("RunAsync")!;
        var from = _street.Now.AddDays(3);
        Assert.Equal("done", await (Task<string>)run.Invoke(null, [_street.Anyone.BaseAddress!.ToString(), TestStreet.Password, (await _street.PostOf("grid019")).Value, from])!);
    }

    [Fact]
    public async Task The_types_that_openapi_typescript_makes_fit_a_program_that_takes_a_whistle_from_start_to_end()
    {
        var folder = Directory.CreateTempSubdirectory("dispatch-openapi-");
        try
        {
            var types = Path.Combine(folder.FullName, "openapi.d.ts");
            await Run("openapi-typescript", CommittedDocument.File, "-o", types);
            var project = Path.Combine(folder.FullName, "tsconfig.json");
            await File.WriteAllTextAsync(project, $$"""
                {
                  "compilerOptions": {
                    "allowJs": true, "checkJs": true, "noEmit": true, "strict": true, "skipLibCheck": true, "target": "es2022", "module": "nodenext", "moduleResolution": "nodenext",
                    "lib": ["es2022", "dom"], "types": [], "paths": { "dispatch-openapi": ["{{types}}"] }
                  },
                  "files": ["{{Path.Combine(Npm, "openapi.mjs")}}"]
                }
                """);
            await Run("tsc", "-p", project);
            Assert.Contains("All as documented.", await Node("openapi.mjs", _street.Anyone.BaseAddress!.GetLeftPart(UriPartial.Authority), TestStreet.Password), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_document_passes_the_recommended_rules_of_a_linter() =>
        Assert.Contains("\"warnings\": 0", await Run("redocly", "lint", CommittedDocument.File, "--extends", "recommended", "--format", "json"), StringComparison.Ordinal);

    /// <summary>Runs a tool that npm ci has installed; it must succeed.</summary>
    private Task<string> Run(string tool, params string[] arguments) => Node([Path.Combine("node_modules", ".bin", tool), .. arguments]);

    private async Task<string> Node(params string[] arguments)
    {
        Assert.True(Directory.Exists(Path.Combine(Npm, "node_modules", "openapi-typescript")), $"node_modules is missing: run npm ci in {Npm}, or ./test.sh.");
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = Npm,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["NO_COLOR"] = "1" },
        })!;
        try
        {
            using var patience = new CancellationTokenSource(Within);
            var said = node.StandardOutput.ReadToEndAsync(patience.Token);
            var complained = node.StandardError.ReadToEndAsync(patience.Token);
            var words = await said + await complained;
            await node.WaitForExitAsync(patience.Token);
            output.WriteLine(words);
            Assert.True(node.ExitCode == 0, words);
            return words;
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }

    private static System.Reflection.Assembly Compile(params string[] sources)
    {
        var known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(file) is "netstandard.dll" or "mscorlib.dll" or "Newtonsoft.Json.dll");
        var compiled = CSharpCompilation.Create("Made", sources.Select(source => CSharpSyntaxTree.ParseText(source, encoding: Encoding.UTF8)), known.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var bytes = new MemoryStream();
        var result = compiled.Emit(bytes);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)));
        bytes.Position = 0;
        return new AssemblyLoadContext("Made").LoadFromStream(bytes);
    }
}
