using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>The latest version of the street's map; earlier ones stay in the database.</summary>
public sealed class StreetBook(Database database, PolicyBook policies, TimeProvider time)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "streets";

    private const string Kind = "street";
    private static readonly StreetMap Nowhere = Sentences.Find("street_none") is var (_, zh, en) ? new(zh, en, [], [], [], []) : throw new InvalidOperationException();
    private volatile StreetMap _map = Nowhere;
    private volatile StreetNames _names = new();
    private volatile Ground _ground = new(Nowhere);
    private volatile Dictionary<string, HashSet<string>> _communitiesOfTeams = [];
    private (StreetMap Map, int Policy, StreetView View)? _view;

    public StreetMap Map => _map;

    /// <summary>What its places and teams are called, also those of earlier maps.</summary>
    public StreetNames PlaceNames => _names;

    /// <summary>The distances between its grids.</summary>
    public Ground Ground
    {
        get
        {
            var (map, ground) = (_map, _ground);
            return ReferenceEquals(ground.Map, map) ? ground : _ground = new Ground(map);
        }
    }

    /// <summary>The public view, without people.</summary>
    public StreetView View
    {
        get
        {
            var (map, policy) = (_map, policies.Current.Latest);
            if (_view is { } made && ReferenceEquals(made.Map, map) && made.Policy == policy.Version) return made.View;
            var view = StreetJson.View(map, [.. policy.Categories.Select(c => new CategoryView(c.Code, c.Name, c.NameEn, c.Level.ToString()))]) with
            {
                Parties = [.. policy.Parties.Select(p => new PartyNameView(p.Code, p.Name, p.NameEn, p.Kind))],
                Surge = new SurgeView((int)policy.SurgeWithin.TotalMinutes, policy.SurgeCases),
                Promises = [.. Promises(policy)],
                Former = [.. _names.Former, .. policies.Current.Former],
            };
            _view = (map, policy.Version, view);
            return view;
        }
    }

    /// <summary>
    /// The communities whose cases a team may ever have been called to: its own, and those of the grids it covers, in every version of the
    /// map, because an open case keeps its original teams.
    /// </summary>
    public IReadOnlyCollection<string> CommunitiesOf(TeamCode team) => _communitiesOfTeams.TryGetValue(team.Value, out var communities) ? communities : [];

    /// <summary>The time limits promised to a new whistle at each level.</summary>
    internal static IEnumerable<PromiseView> Promises(Policy policy) =>
        from level in Enum.GetValues<Level>()
        from rule in policy.Pack
        let span = policy.Limit(level, rule.Key)
        select new PromiseView(level.ToString(), Names.Camel(rule.Kind), Names.Camel(span.Kind), span.Length.TotalHours);

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var (latest, names, communities) = (Nowhere, new StreetNames(), new Dictionary<string, HashSet<string>>());
        await foreach (var json in db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderBy(d => d.Version).Select(d => d.Json).AsAsyncEnumerable().WithCancellation(ct))
        {
            Note(communities, latest = StreetJson.Read(json));
            names.Take(latest);
        }

        (_map, _names, _communitiesOfTeams) = (latest, names, communities);
    }

    /// <summary>The map that was in force at an instant; before the first, one without a place.</summary>
    public static async Task<StreetMap> MapAtAsync(DispatchDb db, DateTimeOffset at, CancellationToken ct) =>
        await db.Documents.AsNoTracking().Where(d => d.Kind == Kind && d.At <= at).OrderByDescending(d => d.Version).Select(d => d.Json).FirstOrDefaultAsync(ct) is { } json ? StreetJson.Read(json) : Nowhere;

    /// <summary>Adds a version of the map, all or nothing.</summary>
    public async Task AddAsync(StreetMap map, string byAccount, CancellationToken ct)
    {
        await database.WriteAsync(async db =>
        {
            var version = (await db.Documents.Where(d => d.Kind == Kind).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
            db.AddDocument(new DocumentRow { Kind = Kind, Version = version, Json = StreetJson.Write(map), At = time.GetUtcNow(), ByAccount = byAccount });
            await db.ChangedAsync(StreetBook.Name, ct);
            return await db.SaveChangesAsync(ct);
        }, ct);
        await LoadAsync(ct);
    }

    private static void Note(Dictionary<string, HashSet<string>> communities, StreetMap map)
    {
        foreach (var team in map.Teams)
        {
            if (!communities.TryGetValue(team.Code.Value, out var of)) communities.Add(team.Code.Value, of = []);
            of.Add(team.Community.Value);
            of.UnionWith(team.Grids.Select(g => map.FindGrid(g.Value)?.Community.Value).OfType<string>());
        }
    }
}
