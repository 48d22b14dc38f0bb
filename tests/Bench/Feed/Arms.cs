using System.Globalization;
using System.Net.Http.Json;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Contracts;
using DispatchCenter.Hub;

namespace DispatchCenter.Bench.Feed;

/// <summary>A server and the watchers it has, each on its core.</summary>
internal sealed class Arm(string talk, Side server, Side load, Uri url) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public Side Server => server;

    public Side Load => load;

    /// <summary>Connects watchers; they watch when this returns.</summary>
    public async Task ConnectAsync(int watchers) =>
        await load.AskAsync("connect", talk, url, watchers, talk == StreetSide.Name ? await TokenAsync("duty") : string.Empty);

    /// <summary>Cards that have reached watchers so far.</summary>
    public async Task<long> CountAsync() => long.Parse((await load.AskAsync("count"))[0], CultureInfo.InvariantCulture);

    /// <summary>Waits until so many cards have come in all.</summary>
    /// <exception cref="InvalidOperationException">Fewer came, or more: something was lost or came twice.</exception>
    public async Task UntilAsync(long cards)
    {
        var came = long.Parse((await load.AskAsync("until", cards, Patience.TotalSeconds))[0], CultureInfo.InvariantCulture);
        if (came != cards) throw new InvalidOperationException($"{came} cards came instead of {cards}.");
    }

    /// <summary>Publishes changes evenly for so long and waits until every watcher has every one.</summary>
    public async Task PacedAsync(int perSecond, TimeSpan span, int watchers)
    {
        var (before, changes) = (await CountAsync(), (int)(span.TotalSeconds * perSecond));
        await server.AskAsync("publish", perSecond, changes);
        await UntilAsync(before + ((long)changes * watchers));
    }

    /// <summary>Publishes changes at once and waits until every watcher has every one.</summary>
    public async Task BurstAsync(int changes, int watchers)
    {
        var before = await CountAsync();
        await server.AskAsync("burst", changes);
        await UntilAsync(before + ((long)changes * watchers));
    }

    public async ValueTask DisposeAsync()
    {
        await load.DisposeAsync();
        await server.DisposeAsync();
    }

    private async Task<string> TokenAsync(string userName)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        using var answer = await http.PostAsJsonAsync("/api/login", new LoginRequest(userName, DispatchOptions.DefaultDemoPassword), ContractsJson.Default.LoginRequest);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.LoginReply))!.AccessToken;
    }
}

/// <summary>Starts arms.</summary>
internal static class Arms
{
    /// <summary>Our host over a street without a case; changes are published past its database.</summary>
    public static async Task<Arm> StreetAsync(Material material)
    {
        var arm = await OpenAsync(StreetSide.Name, material.NewFolder(), material.Changes);
        await arm.Server.AskAsync("detach");
        return arm;
    }

    public static Task<Arm> BareAsync(Material material) => OpenAsync(BareHubSide.Name, material.Changes);

    private static async Task<Arm> OpenAsync(string name, params string[] args)
    {
        var server = await Side.StartAsync(name, Side.ServerCore, args);
        var load = await Side.StartAsync(WatcherSide.Name, Side.LoadCore);
        return new Arm(name, server, load, new Uri((await server.AskAsync("url"))[0]));
    }
}
