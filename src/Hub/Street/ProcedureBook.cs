using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Street;

/// <summary>Every version of every procedure that a matter may follow. Immutable.</summary>
public sealed class Procedures
{
    private readonly FrozenDictionary<(string Code, int Version), Procedure> _versions;
    private readonly FrozenDictionary<string, Procedure> _latest;

    public Procedures(IReadOnlyCollection<Procedure> versions)
    {
        _versions = versions.ToFrozenDictionary(p => (p.Code, p.Version));
        Latest = [.. versions.GroupBy(p => p.Code).Select(g => g.MaxBy(p => p.Version)!).OrderBy(p => p.Code, StringComparer.Ordinal)];
        _latest = Latest.ToFrozenDictionary(p => p.Code);
    }

    /// <summary>The version of each for new matters, by code.</summary>
    public ImmutableArray<Procedure> Latest { get; }

    /// <summary>The version for new matters; null if there is no such procedure.</summary>
    public Procedure? Find(string code) => _latest.GetValueOrDefault(code);

    /// <summary>The version that a matter keeps; null if this node has not loaded it.</summary>
    internal Procedure? Of(Proceeding matter) => _versions.GetValueOrDefault((matter.Procedure, matter.ProcedureVersion));

    /// <exception cref="UnknownProcedureException">Another node may have added it since.</exception>
    public Procedure Of(string code, int version) => _versions.TryGetValue((code, version), out var known) ? known : throw new UnknownProcedureException(code, version);
}

/// <summary>A matter follows a version of a procedure that this node has not loaded.</summary>
internal sealed class UnknownProcedureException(string code, int version) : Exception($"Version {version} of the procedure {code} has not been loaded.");

/// <summary>
/// The street's procedures, each with versions from 1. Those that are shipped are the first versions of their codes; the street's own follow. A version never
/// changes, and an open matter keeps the one it began with.
/// </summary>
public sealed class ProcedureBook(Database database, PolicyBook policies, TimeProvider time, ILogger<ProcedureBook> log)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "procedures";

    private const string KindPrefix = "procedure:";
    private const string Folder = "DispatchCenter.Hub.Street.procedures.";
    private volatile Procedures? _current;

    public Procedures Current => _current ?? throw new InvalidOperationException("The procedures are not loaded yet.");

    /// <summary>The documents that are shipped, in the order of their file names.</summary>
    public static IEnumerable<string> Shipped()
    {
        var assembly = typeof(ProcedureBook).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    /// <summary>Loads every version, after adding what is shipped and has none yet.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var known = await ReadAsync(ct);
        foreach (var json in Shipped()) known = await ShipAsync(json, known, ct);
        _current = known;
    }

    /// <summary>Adds a version for new matters; open ones keep theirs.</summary>
    /// <exception cref="UnusableDocumentException">The document is not a usable procedure under the latest policy.</exception>
    public async Task<Procedure> AddAsync(string json, string byAccount, CancellationToken ct)
    {
        var code = ProcedureJson.Parse(json, 1, policies.Current.Latest).Code;
        var version = await AddAsync(code, json, byAccount, isFirst: false, ct);
        await LoadAsync(ct);
        return Current.Of(code, version);
    }

    /// <summary>Under an unusual policy a shipped procedure may not be usable: the street then goes without it.</summary>
    private async Task<Procedures> ShipAsync(string json, Procedures known, CancellationToken ct)
    {
        var policy = policies.Current.Latest;
        var code = ProcedureJson.ParseStored(json, 1, policy).Code;
        if (known.Find(code) is not null) return known;
        if (ProcedureJson.Mistakes(json, policy) is [var first, ..])
        {
            HubLog.ProcedureUnusable(log, code, first.En);
            return known;
        }

        await AddAsync(code, json, "system", isFirst: true, ct);
        return await ReadAsync(ct);
    }

    /// <returns>The version; 0 if it was to be the first and was not.</returns>
    private Task<int> AddAsync(string code, string json, string byAccount, bool isFirst, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var kind = KindPrefix + code;
        var last = await db.Documents.Where(d => d.Kind == kind).MaxAsync(d => (int?)d.Version, ct) ?? 0;
        if (isFirst && last > 0) return 0; // another node was faster
        db.AddDocument(new DocumentRow { Kind = kind, Version = last + 1, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
        await db.SaveChangesAsync(ct);
        await db.ChangedAsync(Name, ct);
        return last + 1;
    }, ct);

    private async Task<Procedures> ReadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var rows = await db.Documents.AsNoTracking().Where(d => d.Kind.StartsWith(KindPrefix)).ToListAsync(ct);
        return new Procedures([.. rows.Select(r => ProcedureJson.ParseStored(r.Json, r.Version, policies.Current.Latest))]);
    }
}
