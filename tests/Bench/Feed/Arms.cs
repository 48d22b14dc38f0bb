using System.Globalization;
using System.Net.Http.Json;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Bench.Feed;

/// <summary>A server, or several nodes of one, and the watchers they have, each on its core.</summary>
internal sealed class Arm(string talk, (Side Side, Uri Url)[] nodes, Side load) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _due = Path.GetTempFileName();

    /// <summary>The first node: changes are published there.</summary>
    public Side Server => nodes[0].Side;

    /// <summary>Processor time of all nodes so far.</summary>
    public TimeSpan Cpu => nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.Side.Cpu);

    public Side Load => load;

    /// <summary>Connects watchers, as many to each node; they watch when this returns.</summary>
    /// <param name="stalled">So many of them read nothing more.</param>
    /// <param name="name">Of the watchers, for <see cref="LatencyAsync"/>; at the bare hub also their group.</param>
    /// <param name="userName">The account, at our host.</param>
    public async Task ConnectAsync(int watchers, int stalled = 0, string name = "all", string userName = "duty")
    {
        foreach (var (_, url) in nodes)
            await load.AskAsync("connect", talk, url, watchers / nodes.Length, stalled / nodes.Length, name, talk == StreetSide.Name ? await TokenAsync(url, userName) : name);
    }

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
    /// <param name="watchers">Who reads.</param>
    /// <returns>The publisher's lag: its p99 in milliseconds.</returns>
    public async Task<double> PacedAsync(int perSecond, TimeSpan span, int watchers)
    {
        var (before, changes) = (await CountAsync(), (int)(span.TotalSeconds * perSecond));
        var lag = (await Server.AskAsync("publish", perSecond, changes, _due))[0];
        await UntilAsync(before + ((long)changes * watchers));
        return double.Parse(lag, CultureInfo.InvariantCulture);
    }

    /// <summary>p99 in milliseconds from the time at which each change was due to every watcher of a name.</summary>
    /// <param name="due">The file with the changes that count and when they were due; those of <see cref="PacedAsync"/> unless told.</param>
    public async Task<double> LatencyAsync(string name = "all", string? due = null)
    {
        var words = await load.AskAsync("latency", name, due ?? _due);
        if (words[2] != "0") throw new InvalidOperationException($"{words[2]} changes were not seen.");
        return double.Parse(words[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Publishes changes evenly for so long, whatever becomes of them.</summary>
    /// <param name="quiet">After this long without a delivery nothing more is waited for.</param>
    /// <returns>How many deliveries were due, and how many came.</returns>
    public async Task<(long Due, long Came)> RegardlessAsync(int perSecond, TimeSpan span, int watchers, TimeSpan quiet)
    {
        var (before, changes) = (await CountAsync(), (int)(span.TotalSeconds * perSecond));
        await Server.AskAsync("publish-regardless", perSecond, changes, _due);
        var (last, came) = (-1L, await CountAsync());
        for (; came != last; came = await CountAsync())
        {
            last = came;
            await Task.Delay(quiet, TimeProvider.System);
        }

        return ((long)changes * watchers, came - before);
    }

    /// <summary>Publishes changes at once and waits until every watcher has every one.</summary>
    public async Task BurstAsync(int changes, int watchers)
    {
        var before = await CountAsync();
        await Server.AskAsync("burst", changes);
        await UntilAsync(before + ((long)changes * watchers));
    }

    public async ValueTask DisposeAsync()
    {
        await load.DisposeAsync();
        foreach (var (side, _) in nodes) await side.DisposeAsync();
        File.Delete(_due);
    }

    internal static async Task<string> TokenAsync(Uri url, string userName)
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

    /// <summary>Our host over a street without a case, as it is.</summary>
    public static Task<Arm> DeskAsync(Material material) => OpenAsync(StreetSide.Name, material.NewFolder(), material.Changes);

    public static Task<Arm> BareAsync(Material material) => OpenAsync(BareHubSide.Name, material.Changes);

    /// <summary>Two nodes of ours on one database and one Redis.</summary>
    /// <param name="settings">Of the host, for both nodes.</param>
    public static async Task<Arm> TwoStreetsAsync(Material material, params string[] settings)
    {
        var keys = Directory.CreateDirectory(Path.Combine(material.NewFolder(), "keys")).FullName;
        string[] first = [material.NewFolder(), material.Changes, $"--Dispatch:Keys={keys}", .. settings], second = [material.NewFolder(), .. first[1..]];
        var nodes = new[] { await NodeAsync(await Side.StartAsync(StreetSide.Name, Side.ServerCore, first)), await NodeAsync(await Side.StartAsync(StreetSide.Name, Side.ServerCore, second)) };
        foreach (var (side, _) in nodes)
        {
            await side.AskAsync("detach");
            await side.AskAsync("linked");
        }

        return new Arm(StreetSide.Name, nodes, await Side.StartAsync(WatcherSide.Name, Side.LoadCore));
    }

    /// <summary>Two nodes of socket.io on one Redis.</summary>
    public static async Task<Arm> TwoSocketIosAsync(Material material, int redisPort)
    {
        var folder = await SocketIo.InstalledAsync();
        string[] command = ["node", "server.mjs", $"{redisPort}", await material.CardsAsync()];
        var nodes = new[] { await NodeAsync(await Side.StartAsync(SocketIo.Name, Side.ServerCore, command, folder)), await NodeAsync(await Side.StartAsync(SocketIo.Name, Side.ServerCore, command, folder)) };
        return new Arm(SocketIo.Name, nodes, await Side.StartAsync(WatcherSide.Name, Side.LoadCore));
    }

    /// <summary>Two nodes of a bare hub on SignalR's own Redis backplane.</summary>
    public static async Task<Arm> TwoHubsAsync(Material material, int redisPort)
    {
        string[] args = [material.Changes, $"{redisPort}"];
        var nodes = new[] { await NodeAsync(await Side.StartAsync(BareHubSide.Name, Side.ServerCore, args)), await NodeAsync(await Side.StartAsync(BareHubSide.Name, Side.ServerCore, args)) };
        return new Arm(BareHubSide.Name, nodes, await Side.StartAsync(WatcherSide.Name, Side.LoadCore));
    }

    private static async Task<Arm> OpenAsync(string name, params string[] args) =>
        new(name, [await NodeAsync(await Side.StartAsync(name, Side.ServerCore, args))], await Side.StartAsync(WatcherSide.Name, Side.LoadCore));

    private static async Task<(Side, Uri)> NodeAsync(Side side) => (side, new Uri((await side.AskAsync("url"))[0]));
}
