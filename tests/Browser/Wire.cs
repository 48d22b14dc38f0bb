using System.Text.Json;

namespace DispatchCenter.Browser;

/// <summary>The wire behind one page, with nothing cached: how fast it is, and what went over it.</summary>
internal sealed class Wire
{
    public const int Kilobit = 1_000 / 8;

    private readonly Dictionary<string, string> _addresses = [];
    private readonly Dictionary<string, double> _bytes = [];
    private readonly ICDPSession _network;

    private Wire(ICDPSession network)
    {
        _network = network;
        network.Event("Network.requestWillBeSent").OnEvent += (_, sent) => _addresses[Id(sent)] = sent!.Value.GetProperty("request").GetProperty("url").GetString()!;
        network.Event("Network.loadingFinished").OnEvent += (_, done) => _bytes[Id(done)] = done!.Value.GetProperty("encodedDataLength").GetDouble();
    }

    public int Requests => _bytes.Count;

    public double Bytes => _bytes.Values.Sum();

    public IEnumerable<string> Lines => _bytes.Select(one => $"{one.Value,8} {_addresses.GetValueOrDefault(one.Key)}");

    public static async Task<Wire> OfAsync(IPage page)
    {
        var wire = new Wire(await page.Context.NewCDPSessionAsync(page));
        await wire._network.SendAsync("Network.enable");
        return wire;
    }

    public Task WithoutCacheAsync() => _network.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });

    /// <summary>How fast it is, both ways, in bytes a second; -1 without a limit.</summary>
    public Task SpeedAsync(int bytes, int latency) => _network.SendAsync("Network.emulateNetworkConditions", new()
    {
        ["offline"] = false, ["latency"] = latency, ["downloadThroughput"] = bytes, ["uploadThroughput"] = bytes,
    });

    private static string Id(JsonElement? message) => message!.Value.GetProperty("requestId").GetString()!;
}
