using System.Text.Json;

namespace DispatchCenter.Browser;

/// <summary>A resident on a bad network does not wait for much.</summary>
public sealed class Weight(Street street, ITestOutputHelper output) : IAsyncDisposable
{
    private const int Most = 30 * 1024;

    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("/s/01")]
    [InlineData("/t/")]
    public async Task A_residents_first_load_is_at_most_30_KiB_on_the_wire(string path)
    {
        if (path == "/t/")
            path += (await street.Api.WhistleAsync("12")).Track;
        var window = await _windows.ResidentAsync("about:blank");
        var network = await window.Page.Context.NewCDPSessionAsync(window.Page);
        var (addresses, bytes) = (new Dictionary<string, string>(), new Dictionary<string, double>());
        network.Event("Network.requestWillBeSent").OnEvent += (_, sent) => addresses[Id(sent)] = sent!.Value.GetProperty("request").GetProperty("url").GetString()!;
        network.Event("Network.loadingFinished").OnEvent += (_, done) => bytes[Id(done)] = done!.Value.GetProperty("encodedDataLength").GetDouble();
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await window.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        await Expect(window.Find("h1")).ToBeVisibleAsync();

        foreach (var (id, count) in bytes)
            output.WriteLine($"{count,8} {addresses.GetValueOrDefault(id)}");
        Assert.True(bytes.Count >= 2, "nothing was measured");
        Assert.InRange(bytes.Values.Sum(), 1, Most);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static string Id(JsonElement? message) => message!.Value.GetProperty("requestId").GetString()!;
}
