using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Hub.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// The peer: a hub with nothing around it, whose clients are one group or two, and a broadcast for every change. The cards are serialized
/// already, as ours are.
/// </summary>
internal sealed class BareHubSide : ISide
{
    public const string Name = "bare";

    /// <summary>Who is sent every change of a measure that knows no other group.</summary>
    private const string Everybody = "all";

    private const string Team = "team";
    private const string Street = "street";

    private readonly WebApplication _app;
    private readonly List<JournalEntry> _changes;
    private readonly RawCard[] _cards;
    private readonly IHubClients _groups;

    private BareHubSide(WebApplication app, List<JournalEntry> changes) =>
        (_app, _changes, _cards, _groups) = (app, changes, [.. changes.Select(c => new RawCard(c.Card))], app.Services.GetRequiredService<IHubContext<BareHub>>().Clients);

    /// <param name="args">The file with the changes; then, for nodes that share a backplane, the port of its Redis.</param>
    public static async Task<ISide> OpenAsync(string[] args)
    {
        var changes = await Material.ReadAsync(args[0]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var signalR = builder.Services.AddSignalR();
        if (args.Length > 1) signalR.AddStackExchangeRedis($"127.0.0.1:{args[1]},abortConnect=false");
        var app = builder.Build();
        app.MapHub<BareHub>("/hub");
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        return new BareHubSide(app, changes);
    }

    public async Task<string> DoAsync(string command, string[] words)
    {
        switch (command)
        {
            case "url": return _app.Urls.Single();
            case "publish": return await Publishing.PacedAsync(words, _changes, k => new ValueTask(SendAsync(k)));
            case "whistle": return await Arrivals.RunAsync(words, async (arrivals, k) =>
            {
                if (arrivals.IsTeams(k)) await SendAsync(k, Team);
                await SendAsync(k, Street);
            }, k => Task.FromResult(Publishing.RunningNumber(_changes[k].CallNo)));
            case "publish-regardless": return await Publishing.PacedAsync(words, _changes, k => new ValueTask(SendRegardlessAsync(k)));
            case "burst":
                for (var k = 0; k < Publishing.Count(words); k++) await SendAsync(k);
                return "published";
            default: throw new ArgumentException($"Unknown command {command}.", nameof(command));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task SendAsync(int k, string group = Everybody) => _groups.Group(group).SendAsync("card", _cards[k % _cards.Length]);

    /// <summary>What the backplane refuses is not sent again: nobody would know in which order.</summary>
    private async Task SendRegardlessAsync(int k)
    {
        try
        {
            await SendAsync(k);
        }
        catch (StackExchange.Redis.RedisException)
        {
            // Lost, and counted where it does not arrive.
        }
    }

    internal sealed class BareHub : Microsoft.AspNetCore.SignalR.Hub
    {
        public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, Context.GetHttpContext()!.Request.Query["group"].ToString());
    }

    /// <summary>A card that is JSON already.</summary>
    [JsonConverter(typeof(Converter))]
    internal sealed record RawCard(byte[] Utf8)
    {
        internal sealed class Converter : JsonConverter<RawCard>
        {
            public override RawCard Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

            public override void Write(Utf8JsonWriter writer, RawCard value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8, skipInputValidation: true);
        }
    }
}
