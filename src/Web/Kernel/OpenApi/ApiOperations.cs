using System.Collections.Frozen;
using CsvHelper;

namespace DispatchCenter.Web.Kernel.OpenApi;

/// <summary>A row of <c>Operations.csv</c>.</summary>
/// <param name="Id">Stable: generated clients name their methods after it.</param>
/// <param name="Takes">key: <c>Idempotency-Key</c>. tap: that and <c>Tapped-Ago</c>. signature: the headers that a gateway signs with.</param>
internal sealed record ApiOperation(string Id, string Takes, string Summary);

/// <summary>What every operation of the API is called and does in one sentence, and what every group of them is about. An operation without a row has no document.</summary>
internal static class ApiOperations
{
    public const string Key = "key", Tap = "tap", Signature = "signature";

    private static readonly FrozenDictionary<string, ApiOperation> All = Load();

    public static IEnumerable<string> Requests => All.Keys.Where(request => !request.StartsWith("TAG ", StringComparison.Ordinal));

    /// <param name="request">The method and the route as it was mapped, such as <c>GET /api/calls/{no}</c>.</param>
    /// <exception cref="InvalidOperationException">The table has no such row.</exception>
    public static ApiOperation Of(string request) => All.TryGetValue(request, out var known) ? known : throw new InvalidOperationException($"Operations.csv has no row for {request}.");

    /// <summary>The groups, and what they are about.</summary>
    public static IEnumerable<(string Name, string About)> Groups =>
        All.Where(row => row.Key.StartsWith("TAG ", StringComparison.Ordinal)).Select(row => (row.Key[4..], row.Value.Summary)).OrderBy(row => row.Item1, StringComparer.Ordinal);

    private static FrozenDictionary<string, ApiOperation> Load()
    {
        var all = new Dictionary<string, ApiOperation>();
        using var table = typeof(ApiOperations).Assembly.GetManifestResourceStream("operations.csv")!;
        using var csv = CsvReader.Create(table, new CsvReaderOptions { Separator = ',' });
        while (csv.Read()) all.Add(csv.GetString("request"), new ApiOperation(csv.GetString("id"), csv.GetString("takes"), csv.GetString("summary")));
        return all.ToFrozenDictionary();
    }
}
