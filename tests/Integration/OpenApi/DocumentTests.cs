using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel.OpenApi;
using Xunit;

namespace DispatchCenter.Integration.OpenApi;

/// <summary>The served document. To write docs/openapi.json anew: DISPATCH_WRITE_DOCS=true.</summary>
[Trait("Database", "SQLite")] // made from the endpoints and types; alike on both
public sealed class DocumentTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        var served = (await _street.Anyone.Read("/openapi/v1.json")).Text.ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_DOCS") == "true") await File.WriteAllTextAsync(CommittedDocument.File, served);
        Assert.True(File.Exists(CommittedDocument.File) && await File.ReadAllTextAsync(CommittedDocument.File) == served, "docs/openapi.json is stale: run this test with DISPATCH_WRITE_DOCS=true, read what has changed, and commit it.");
    }

    [Fact]
    public async Task Every_row_of_the_table_is_an_operation_with_an_id_of_its_own()
    {
        var ids = Operations(await Served()).Select(operation => operation["operationId"]!.GetValue<string>()).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.Equal(ApiOperations.Requests.Select(request => ApiOperations.Of(request).Id).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_names_its_refusals_and_every_number_is_one()
    {
        var document = await Served();
        foreach (var operation in Operations(document))
            foreach (var (status, answer) in operation["responses"]!.AsObject())
                if (status[0] is '4' or '5' && operation["operationId"]!.GetValue<string>() != "getReady") Assert.Equal($"#/components/responses/Problem{status}", answer!["$ref"]!.GetValue<string>());
        Assert.DoesNotContain("\"integer\",\"string\"", document.ToJsonString(), StringComparison.Ordinal);
        var codes = document["components"]!["schemas"]!["ApiProblem"]!["properties"]!["code"]!["x-extensible-enum"]!.AsArray().Select(code => code!.GetValue<string>()).ToHashSet();
        Assert.Superset(new HashSet<string> { Codes.AlreadyAccepted, Codes.Busy, Codes.TimeOffsetMissing, Codes.Internal, "purpose_missing" }, codes);
    }

    private static IEnumerable<JsonNode> Operations(JsonNode document) => document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!);

    private async Task<JsonNode> Served() => JsonNode.Parse((await _street.Anyone.Read("/openapi/v1.json")).Text)!;
}
