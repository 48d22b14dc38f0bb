using System.Globalization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DispatchCenter.Bench.Durable;

/// <summary>The real desk over a real file, with the feed behind it and nobody watching.</summary>
internal sealed class DeskArm : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DispatchDesk _desk;
    private readonly CountingBus _bus;
    private readonly Whistles _whistles;
    private long _asked;

    private DeskArm(ServiceProvider services)
    {
        _services = services;
        _bus = new CountingBus(services.GetRequiredService<LiveFeed>());
        _whistles = new Whistles(services);
        _desk = new DispatchDesk(
            services.GetRequiredService<Database>(), services.GetRequiredService<StreetBook>(), services.GetRequiredService<PolicyBook>(), services.GetRequiredService<ProcedureBook>(),
            services.GetRequiredService<Roster>(), services.GetRequiredService<ReachBook>(), _bus, TimeProvider.System, NullLogger<DispatchDesk>.Instance);
    }

    public Database Database => _services.GetRequiredService<Database>();

    public static async Task<DeskArm> OpenAsync(string folder)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddDispatchEngine(
            new DispatchOptions
            {
                DatabasePath = Path.Combine(folder, "dispatch.db"),
                DataPath = folder,
                KeysPath = Path.Combine(Path.GetDirectoryName(folder)!, "keys"), // those of the file that every run begins with
                Demo = true,
                DemoPassword = DispatchOptions.DefaultDemoPassword,
                RateLimits = false,
            },
            ticking: false).BuildServiceProvider();
        await services.OpenStreetAsync();
        var arm = new DeskArm(services);
        await arm._desk.StartAsync(CancellationToken.None);
        return arm;
    }

    /// <summary>Callers who whistle, each the next one when the last is on disk.</summary>
    public async Task<Run> RunAsync(Stretch stretch, int callers)
    {
        var (batches, entries) = (0L, 0L);
        return await stretch.MeasureAsync(
            () => (batches, entries) = (_bus.Batches, _bus.Entries),
            () => (double)(_bus.Entries - entries) / (_bus.Batches - batches),
            _whistles.Callers(_desk, stretch, callers));
    }

    /// <summary>Blows so many whistles and no more.</summary>
    public Task BlowAsync(int whistles, int callers) => Parallel.ForAsync(0, whistles, new ParallelOptions { MaxDegreeOfParallelism = callers }, async (_, _) =>
    {
        var (blow, key) = _whistles.Next(Interlocked.Increment(ref _asked));
        Whistles.Taken(await _desk.Submit(blow, key));
    });

    /// <summary>Callers who whistle and withdraw, each the next one when the last is on disk.</summary>
    public Task<Run> BlowAndWithdrawAsync(Stretch stretch, int callers) => stretch.MeasureAsync(
        () => { },
        () => 0,
        [.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!stretch.IsOver)
            {
                var (blow, key) = _whistles.Next(Interlocked.Increment(ref _asked));
                if (await _desk.Submit(blow, key) is not DeskReply.Done blown || await _desk.Submit(new DeskRequest.Ask(blown.Call.No, new CallCommand.Withdraw())) is not DeskReply.Done)
                    throw new InvalidOperationException("A whistle or its withdrawal was refused.");
                stretch.Count();
            }
        }))]);

    public async ValueTask DisposeAsync()
    {
        await _desk.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    /// <summary>Passes on, and counts the batches.</summary>
    private sealed class CountingBus(LiveFeed feed) : IFeedBus
    {
        public long Batches { get; private set; }

        public long Entries { get; private set; }

        public void Publish(IReadOnlyList<JournalEntry> entries)
        {
            Batches++;
            Entries += entries.Count;
            feed.Publish(entries);
        }
    }
}
