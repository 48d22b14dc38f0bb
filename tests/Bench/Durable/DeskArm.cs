using System.Globalization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Desk;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Sla;
using DispatchCenter.Hub.Storage;
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
    private long _asked;

    private DeskArm(ServiceProvider services)
    {
        _services = services;
        _bus = new CountingBus(services.GetRequiredService<LiveFeed>());
        _desk = new DispatchDesk(
            services.GetRequiredService<Database>(), services.GetRequiredService<StreetBook>(), services.GetRequiredService<PolicyBook>(),
            services.GetRequiredService<Roster>(), _bus, TimeProvider.System, NullLogger<DispatchDesk>.Instance);
    }

    public Database Database => _services.GetRequiredService<Database>();

    public static async Task<DeskArm> OpenAsync(string folder)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddDispatchEngine(
            new DispatchOptions
            {
                DatabasePath = Path.Combine(folder, "dispatch.db"),
                DataPath = folder,
                KeysPath = folder,
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
            [.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            {
                while (!stretch.IsOver)
                {
                    var (blow, key) = Next(Interlocked.Increment(ref _asked));
                    if (await _desk.Submit(blow, key) is not DeskReply.Done) throw new InvalidOperationException("A whistle was refused.");
                    stretch.Count();
                }
            }))]);
    }

    /// <summary>Blows so many whistles and no more.</summary>
    public Task BlowAsync(int whistles, int callers) => Parallel.ForAsync(0, whistles, new ParallelOptions { MaxDegreeOfParallelism = callers }, async (_, _) =>
    {
        var (blow, key) = Next(Interlocked.Increment(ref _asked));
        if (await _desk.Submit(blow, key) is not DeskReply.Done) throw new InvalidOperationException("A whistle was refused.");
    });

    /// <summary>Callers who whistle and withdraw, each the next one when the last is on disk.</summary>
    public Task<Run> BlowAndWithdrawAsync(Stretch stretch, int callers) => stretch.MeasureAsync(
        () => { },
        () => 0,
        [.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!stretch.IsOver)
            {
                var (blow, key) = Next(Interlocked.Increment(ref _asked));
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

    private (DeskRequest.Blow Blow, RequestKey Key) Next(long n)
    {
        var (map, policy) = (_services.GetRequiredService<StreetBook>().Map, _services.GetRequiredService<PolicyBook>().Current.Latest);
        var station = map.Stations[(int)(n % map.Stations.Length)];
        var key = Guid.NewGuid().ToString("N");
        return (
            new DeskRequest.Blow(
                policy.Categories[(int)(n % policy.Categories.Length)], map.FindGrid(station.Grid.Value)!, station, Danger: n % 10 == 0, HideFromProperty: false, Drill: false, Source.Page, null,
                "楼道里有一股烧焦的味道，三层的灯一直在闪，麻烦派人来看一下。", new Caller("王女士", "13900000000", 35.06, 122.37, "wgs84")),
            new RequestKey(string.Empty, key, key + key));
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
