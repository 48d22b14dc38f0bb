using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>The latest version of the city's standards; earlier ones stay in the database, and open cases keep their limits.</summary>
public sealed class StandardsBook(Database database, TimeProvider time)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "standards";

    private const string Kind = "standards";
    private volatile Held _held = new([]);

    /// <summary>The public view, in file order.</summary>
    public StandardsView View => _held.View;

    /// <summary>The line of a key; null if there is none.</summary>
    public Standard? Find(string key) => _held.Keys.GetValueOrDefault(key);

    /// <summary>The line for whistles that only give a category: the one mapped to it. If there are several, none applies.</summary>
    public Standard? OfCategory(string category) => _held.Categories.GetValueOrDefault(category);

    /// <summary>Whether this table is the one in force.</summary>
    public bool Holds(ImmutableArray<Standard> standards) => standards.SequenceEqual(_held.Lines);

    /// <summary>A line with its limit under a policy; null if that policy's hours cannot hold it, so the policy's own limit applies.</summary>
    public static AppliedStandard? Apply(Standard standard, Policy policy) =>
        standard.Limit.On(policy.Hours) is var span && policy.Holds(span) ? new AppliedStandard(standard.Key, span) : null;

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var json = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).Select(d => d.Json).FirstOrDefaultAsync(ct);
        _held = new Held(json is null ? [] : StandardsJson.Read(json));
    }

    /// <summary>Replaces the whole table, all or nothing. Importing the same table again changes nothing.</summary>
    public async Task AddAsync(ImmutableArray<Standard> standards, string byAccount, CancellationToken ct)
    {
        var json = StandardsJson.Write(standards);
        await database.WriteAsync(async db =>
        {
            var latest = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct);
            if (latest?.Json == json) return 0;
            db.AddDocument(new DocumentRow { Kind = Kind, Version = (latest?.Version ?? 0) + 1, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
            await db.ChangedAsync(StandardsBook.Name, ct);
            return await db.SaveChangesAsync(ct);
        }, ct);
        await LoadAsync(ct);
    }

    /// <summary>
    /// Maps lines to categories, all or none. A line is left as it is where somebody else has mapped it since, or replaced the table: those are returned, and then nothing was changed.
    /// </summary>
    /// <param name="wanted">By the key of a line: the category that it had when it was shown, and the one it is to have; null for none.</param>
    public async Task<IReadOnlyList<string>> MapAsync(IReadOnlyDictionary<string, (string? Was, string? Now)> wanted, string byAccount, CancellationToken ct)
    {
        var overtaken = await database.WriteAsync(async db =>
        {
            var latest = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct);
            var lines = latest is null ? [] : StandardsJson.Read(latest.Json);
            var known = lines.ToDictionary(line => line.Key, line => line.Category);
            var late = wanted.Where(w => w.Value.Was != w.Value.Now && (!known.TryGetValue(w.Key, out var has) || (has != w.Value.Was && has != w.Value.Now))).Select(w => w.Key).ToList();
            if (late.Count > 0) return late;
            var json = StandardsJson.Write([.. lines.Select(line => wanted.TryGetValue(line.Key, out var w) && w.Was != w.Now ? line with { Category = w.Now } : line)]);
            if (latest is null || latest.Json == json) return late;
            db.AddDocument(new DocumentRow { Kind = Kind, Version = latest.Version + 1, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
            await db.ChangedAsync(StandardsBook.Name, ct);
            await db.SaveChangesAsync(ct);
            return late;
        }, ct);
        await LoadAsync(ct);
        return overtaken;
    }

    private sealed class Held(ImmutableArray<Standard> standards)
    {
        public ImmutableArray<Standard> Lines => standards;

        public FrozenDictionary<string, Standard> Keys { get; } = standards.ToFrozenDictionary(s => s.Key);

        public FrozenDictionary<string, Standard> Categories { get; } =
            standards.Where(s => s.Category is not null).GroupBy(s => s.Category!).Where(g => g.Count() == 1).ToFrozenDictionary(g => g.Key, g => g.Single());

        public StandardsView View { get; } = new([.. standards.Select(ViewOf)]);

        private static StandardView ViewOf(Standard s)
        {
            var (_, zh, en) = Sentences.Find($"limit_{Names.Camel(s.Limit.Unit)}");
            return new StandardView(
                s.Key, s.ClassCode, s.ClassName, s.ItemCode, s.ItemName, s.Filing, s.Closing,
                string.Format(CultureInfo.InvariantCulture, zh, s.Limit.Count), string.Format(CultureInfo.InvariantCulture, en, s.Limit.Count), s.Category);
        }
    }
}
