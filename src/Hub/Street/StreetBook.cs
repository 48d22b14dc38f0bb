using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Sla;
using DispatchCenter.Hub.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>The street's map in its latest version; earlier ones stay in the database.</summary>
public sealed class StreetBook(Database database, PolicyBook policies, TimeProvider time)
{
    private const string Kind = "street";
    private static readonly StreetMap Nowhere = new("（未导入街道）", "(no street imported)", [], [], [], []);
    private volatile StreetMap _map = Nowhere;
    private (StreetMap Map, int Policy, StreetView View)? _view;

    public StreetMap Map => _map;

    /// <summary>What the public may see: no person.</summary>
    public StreetView View
    {
        get
        {
            var (map, policy) = (_map, policies.Current.Latest);
            if (_view is { } made && ReferenceEquals(made.Map, map) && made.Policy == policy.Version) return made.View;
            var view = StreetJson.View(map, [.. policy.Categories.Select(c => new CategoryView(c.Code, c.Name, c.NameEn, c.Level.ToString()))]);
            _view = (map, policy.Version, view);
            return view;
        }
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var row = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct);
        _map = row is null ? Nowhere : StreetJson.Read(row.Json);
    }

    /// <summary>Adds a version of the map; all of it or nothing.</summary>
    public async Task AddAsync(StreetMap map, string byAccount, CancellationToken ct)
    {
        await database.WriteAsync(async db =>
        {
            var version = (await db.Documents.Where(d => d.Kind == Kind).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
            db.Documents.Add(new DocumentRow { Kind = Kind, Version = version, Json = StreetJson.Write(map), At = time.GetUtcNow(), ByAccount = byAccount });
            await db.ChangedAsync(BookWatch.Streets, ct);
            return await db.SaveChangesAsync(ct);
        }, ct);
        _map = map;
    }
}
