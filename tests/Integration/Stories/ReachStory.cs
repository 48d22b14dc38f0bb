using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>A street with a receiver beside it, for all stories of a class; each begins without channels, numbers and messages.</summary>
public sealed class ReachStreet : IAsyncLifetime
{
    public TestStreet Street { get; private set; } = null!;

    public Receiver Receiver { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Receiver = await Receiver.StartAsync();
        Street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true");
        await Street.Sweep();
    }

    public async ValueTask DisposeAsync()
    {
        await Street.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}

/// <summary>What the street says beyond its pages: the real desk, database and HTTP, and a clock that only the story moves.</summary>
public abstract class ReachStory(ReachStreet shared) : IClassFixture<ReachStreet>, IAsyncLifetime
{
    protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    protected TestStreet Street => shared.Street;

    protected Receiver Receiver => shared.Receiver;

    public async ValueTask InitializeAsync()
    {
        await using var db = Street.Service<Database>().Context();
        await db.Outbox.ExecuteDeleteAsync();
        await db.Channels.ExecuteDeleteAsync();
        await db.PushPhones.ExecuteDeleteAsync();
        await db.GatewayAnswers.ExecuteDeleteAsync();
        await db.Documents.Where(d => d.Kind == "reach").ExecuteDeleteAsync();
        await db.Users.ExecuteUpdateAsync(s => s.SetProperty(u => u.Phone, (Encrypted?)null));
        await Street.Service<ReachBook>().LoadAsync(CancellationToken.None);
        Receiver.Forget();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected async Task<Answer> Put(string path, object body) =>
        await (await Street.As("admin")).Ask(HttpMethod.Put, path, new StringContent(JsonSerializer.Serialize(body), null, "application/json"));

    /// <summary>A channel that leads to the receiver, under its own code.</summary>
    protected async Task Channel(string code, string kind, string? address = null, string? secret = null, int? perMinute = null, int? timeoutSeconds = null) =>
        (await Put($"/api/channels/{code}", new { kind, addresses = address is null ? null : new[] { address }, url = $"{Receiver.Url}/{code}", secret, perMinute, timeoutSeconds })).Value<ChannelsView>();

    protected async Task Phone(string userName, string phone) => Assert.Equal(System.Net.HttpStatusCode.NoContent, (await Put($"/api/staff/{userName}/phone", new { phone })).Status);

    protected async Task Rules(params object[] rules) => (await Put("/api/reach", new { rules = new { link = "https://street.example", rules } })).Value<ReachView>();

    /// <summary>Sends all that is due now.</summary>
    protected Task Send() => Street.Service<OutboxWorker>().RunAsync(CancellationToken.None);

    protected async Task SendAfter(TimeSpan span)
    {
        Street.FastForward(span);
        await Send();
    }

    /// <summary>The outbox of a case, a line a message: event, channel, address, state and why.</summary>
    protected async Task<string[]> Outbox(string callNo)
    {
        await using var db = Street.Service<Database>().Context();
        return [.. (await db.Outbox.AsNoTracking().Where(o => o.CallNo == callNo).OrderBy(o => o.Id).ToListAsync()).Select(o => $"{o.Event} {o.Channel} {o.Address} {o.State} {o.Why}".TrimEnd())];
    }

    protected async Task<OutboxPage> Page(string state) => (await (await Street.As("admin")).Read($"/api/outbox?state={state}")).Value<OutboxPage>();

    protected async Task Resend(string query) => Assert.Equal(System.Net.HttpStatusCode.NoContent, (await (await Street.As("admin")).Send($"/api/outbox/{query}")).Status);

    protected async Task BackOnDuty(params string[] userNames)
    {
        foreach (var name in userNames) await Street.Service<Roster>().AddShiftAsync(await Street.PostOf(name), Street.Now, null, CancellationToken.None);
    }
}
