using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.Extensions.DependencyInjection;
using Path = System.IO.Path;

namespace DispatchCenter.Crash;

/// <summary>A clock that stands where it was put.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>The engine inside the test, at any moment in time and without a sweep: it plants cases whose clocks are due already.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Engine(ServiceProvider services, ManualClock clock) => (_services, Clock) = (services, clock);

    public ManualClock Clock { get; }

    public static async Task<Engine> OpenAsync(string dataFolder, DateTimeOffset now)
    {
        var clock = new ManualClock(now);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock).AddDispatchEngine(
            new DispatchOptions
            {
                DatabasePath = Path.Combine(dataFolder, "dispatch.db"),
                DataPath = dataFolder,
                KeysPath = Path.Combine(dataFolder, "keys"),
                Demo = true,
                DemoPassword = DispatchOptions.DefaultDemoPassword,
                RateLimits = false,
            },
            ticking: false).BuildServiceProvider();
        await services.OpenStreetAsync();
        await services.GetRequiredService<DispatchDesk>().StartAsync(CancellationToken.None);
        return new Engine(services, clock);
    }

    /// <summary>Blows a whistle now; the number of the case once it is on disk.</summary>
    public async Task<string> WhistleAsync(string grid, string category)
    {
        var receipt = await _services.GetRequiredService<CallerCommands>().BlowAsync(new WhistleRequest { Grid = grid, Category = category }, null, CancellationToken.None);
        return receipt.Value?.CallNo ?? throw new InvalidOperationException(receipt.MessageEn);
    }

    /// <summary>Adds a procedure.</summary>
    public Task AddAsync(string document) => _services.GetRequiredService<ProcedureBook>().AddAsync(document, "crash", CancellationToken.None);

    /// <summary>Opens a matter of a procedure at a grid now; its number once it is on disk.</summary>
    public async Task<string> OpenAsync(string procedure, string grid)
    {
        var by = _services.GetRequiredService<Roster>().Held.First(p => p.Grid?.Value == grid);
        var begin = new DeskRequest.Begin(procedure, by, by.Community, by.Grid, Origin.Staff, string.Empty, Caller.Unknown);
        return await _services.GetRequiredService<DispatchDesk>().Submit(begin) is DeskReply.Done done ? done.Matter.No.Value : throw new InvalidOperationException("The matter was refused.");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<DispatchDesk>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
