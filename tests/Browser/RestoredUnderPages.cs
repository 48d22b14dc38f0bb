using System.Net;

namespace DispatchCenter.Browser;

/// <summary>The server is stopped under open watchers (a page, and the client from npm), everything of an earlier night is put back, keys included, and the server is started again.</summary>
public sealed class RestoredUnderPages(Street street) : IAsyncLifetime
{
    private const float Patience = 60_000;

    private readonly DirectoryInfo _night = Directory.CreateTempSubdirectory("dispatch-browser-night-");
    private WebHost _host = null!;
    private StreetApi _api = null!;
    private Windows _windows = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        _api = new StreetApi(_host.Url);
        _windows = new Windows(street.Chromium, _host.Url);
    }

    [Fact]
    public async Task A_page_and_a_client_from_npm_end_with_exactly_the_new_truth_by_themselves()
    {
        var (kept, _) = await _api.WhistleAsync("04");
        await _host.KillAsync();
        Copy(_host.Data, _night.FullName);
        await _host.StartAgainAsync();
        List<string> gone = [];
        for (var i = 0; i < 4; i++) gone.Add((await _api.WhistleAsync("04")).CallNo);
        var desk = await _windows.DeskAsync("duty");
        desk.Forgive("WebSocket connection to|Failed to load resource: net::ERR_(CONNECTION|INCOMPLETE)");
        foreach (var no in gone) await Expect(desk.Call(no)).ToBeVisibleAsync();
        await desk.MarkAsync();
        using var npm = new NpmWatcher(_host.Url, "duty");
        var (old, before) = await TruthAsync();
        Assert.Equal(old, await npm.UntilAsync(before));

        await _host.KillAsync();
        Copy(_night.FullName, _host.Data);
        await _host.StartAgainAsync();
        List<string> fresh = [];
        for (var i = 0; i < 2; i++) fresh.Add((await _api.WhistleAsync("11")).CallNo);
        Assert.Equal(gone[..2], fresh); // numbers are given a second time
        foreach (var no in gone.Except(fresh)) await Expect(desk.Call(no)).ToBeHiddenAsync(new() { Timeout = Patience });
        foreach (var no in fresh.Append(kept)) await Expect(desk.Call(no)).ToBeVisibleAsync();
        var (epoch, truth) = await TruthAsync();
        Assert.Equal(fresh.Append(kept).Order(), truth.Keys.Order());
        Assert.Equal((epoch, true), (await npm.UntilAsync(truth), epoch != old));
        await desk.LiveAsync();
        await desk.SameDocumentAsync();
    }

    /// <summary>The epoch, and each case with its version, as the board says.</summary>
    private async Task<(string Epoch, Dictionary<string, int> Cases)> TruthAsync()
    {
        var (status, board) = await _api.AskAsync("duty", HttpMethod.Get, "/api/board?limit=5000", null);
        Assert.Equal(HttpStatusCode.OK, status);
        return ((string)board!["epoch"]!, board["calls"]!.AsArray().ToDictionary(c => (string)c!["callNo"]!, c => (int)c!["version"]!));
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
        _night.Delete(recursive: true);
    }

    /// <summary>Into the files that are there, which keep their places on the disk.</summary>
    private static void Copy(string from, string to)
    {
        foreach (var log in Directory.GetFiles(to, "dispatch.db-*")) File.Delete(log);
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place, overwrite: true);
        }
    }
}
