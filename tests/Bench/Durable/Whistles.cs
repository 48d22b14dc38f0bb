using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Bench.Durable;

/// <summary>Whistles as a page sends them, over all stations and categories of the street in turn.</summary>
internal sealed class Whistles(IServiceProvider services)
{
    private readonly StreetMap _map = services.GetRequiredService<StreetBook>().Map;
    private readonly Policy _policy = services.GetRequiredService<PolicyBook>().Current.Latest;

    /// <summary>A team's grids, or those of all others.</summary>
    public Grid[] Grids(string team, bool others)
    {
        var own = _map.FindTeam(team)!.Grids;
        return [.. _map.Grids.Where(g => own.Contains(g.Code) != others)];
    }

    /// <summary>At the next station.</summary>
    public (DeskRequest.Blow Blow, RequestKey Key) Next(long n)
    {
        var station = _map.Stations[(int)(n % _map.Stations.Length)];
        return At(_map.FindGrid(station.Grid.Value)!, station, n);
    }

    public (DeskRequest.Blow Blow, RequestKey Key) At(Grid grid, Station? station, long n)
    {
        var key = Guid.NewGuid().ToString("N");
        return (
            new DeskRequest.Blow(
                _policy.Categories[(int)(n % _policy.Categories.Length)], grid, station, Danger: n % 10 == 0, HideFromProperty: false, Drill: false, Source.Page, null,
                "楼道里有一股烧焦的味道，三层的灯一直在闪，麻烦派人来看一下。", new Caller("王女士", "13900000000", 35.06, 122.37, "wgs84")),
            new RequestKey(string.Empty, key, key + key));
    }

    /// <summary>Callers who whistle, each the next one when the last is on disk, until the stretch is over.</summary>
    public Task[] Callers(DispatchDesk desk, Stretch stretch, int callers)
    {
        var asked = 0L;
        return [.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!stretch.IsOver)
            {
                var (blow, key) = Next(Interlocked.Increment(ref asked));
                Taken(await desk.Submit(blow, key));
                stretch.Count();
            }
        }))];
    }

    /// <summary>The case of a whistle.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public static WhistleCall Taken(DeskReply reply) => reply is DeskReply.Done done ? done.Call : throw new InvalidOperationException($"A whistle was refused: {reply}.");
}
