namespace DispatchCenter.Browser;

/// <summary>A resident on a bad network does not wait for much.</summary>
public sealed class Weight(Street street, ITestOutputHelper output) : IAsyncDisposable
{
    private const int Most = 30 * 1024;

    /// <summary>Cumulative layout shift.</summary>
    private const double MostMoved = 0.05;

    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("/s")]
    [InlineData("/s/01")]
    [InlineData("/t/")]
    public async Task A_residents_first_load_is_at_most_30_KiB_on_the_wire_and_moves_nothing_that_stands(string path)
    {
        if (path == "/t/")
            path += (await street.Api.WhistleAsync("12")).Track;
        var window = await _windows.ResidentAsync("about:blank");
        var wire = await Wire.OfAsync(window.Page);
        await wire.WithoutCacheAsync();
        await window.WatchJumpsAsync();
        await window.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        await Expect(window.Find("h1")).ToBeVisibleAsync();

        foreach (var line in wire.Lines)
            output.WriteLine(line);
        Assert.True(wire.Requests >= 2, "nothing was measured");
        Assert.InRange(wire.Bytes, 1, Most);
        await window.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.InRange(await window.Page.EvaluateAsync<double>("() => jumped"), 0, MostMoved);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
