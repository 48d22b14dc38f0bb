using System.Collections.Immutable;
using System.Text.Json;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>The rhythms that hold, and the document that they come from.</summary>
/// <param name="Version">0 if the street has none.</param>
public sealed record RhythmsNow(int Version, DateTimeOffset Since, string Json, ImmutableArray<Rhythm> All)
{
    /// <summary>Whether any of them visits or calls homes: nobody is offered what the street does not do.</summary>
    public bool HasHomes(string what) => All.Any(r => Names.Camel(r.Homes) == what);
}

/// <summary>The street's rhythms (周期), one document with versions: the latest holds. A street has none until it takes one; a shipped one is offered.</summary>
public sealed class RhythmBook(Database database, ProcedureBook procedures, RegisterBook register, TimeProvider time, ILogger<RhythmBook> log)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "rhythms";

    private const string Kind = "rhythms";
    private static readonly RhythmsNow None = new(0, DateTimeOffset.MinValue, """{ "rhythms": [] }""", []);
    private volatile RhythmsNow? _now;

    public RhythmsNow Now => _now ?? throw new InvalidOperationException("The rhythms are not loaded yet.");

    /// <summary>The document that is offered to every street.</summary>
    public static string Shipped()
    {
        using var reader = new StreamReader(typeof(RhythmBook).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Features.Rounds.shipped-rhythms.json")!);
        return reader.ReadToEnd();
    }

    /// <summary>Loads the latest version. It was usable when it was added: what has lost its procedure or its kinds since opens nothing.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var row = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct);
        if (row is null)
        {
            _now = None;
            return;
        }

        _now = new RhythmsNow(row.Version, row.At, row.Json, Usable(row.Json));
    }

    private ImmutableArray<Rhythm> Usable(string json)
    {
        try
        {
            var mistakes = RhythmJson.Read(json, procedures.Current.Find, register.Now.Map.Kinds, out var rhythms);
            foreach (var mistake in mistakes) HubLog.RhythmUnusable(log, ProcedureJson.Refused(mistake).English);
            return [.. rhythms.Where((_, i) => !mistakes.Any(m => m.Member.StartsWith($"$.rhythms[{i}]", StringComparison.Ordinal)))];
        }
        catch (JsonException e)
        {
            HubLog.RhythmUnusable(log, e.Message); // written by a newer program
            return [];
        }
    }

    /// <summary>What would hold by a document.</summary>
    /// <exception cref="UnusableDocumentException">It cannot be used; the first mistake is named.</exception>
    public ImmutableArray<Rhythm> Parse(string json) => RhythmJson.Parse(json, procedures.Current.Find, register.Now.Map.Kinds);

    /// <summary>Adds a version; returns its number. What is due from now on follows it; what was opened stays.</summary>
    /// <exception cref="UnusableDocumentException">It cannot be used; the first mistake is named.</exception>
    public async Task<int> AddAsync(string json, string byAccount, CancellationToken ct)
    {
        _ = Parse(json);
        var version = await database.WriteAsync(async db =>
        {
            var next = (await db.Documents.Where(d => d.Kind == Kind).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
            db.AddDocument(new DocumentRow { Kind = Kind, Version = next, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
            await db.ChangedAsync(Name, ct);
            await db.SaveChangesAsync(ct);
            return next;
        }, ct);
        await LoadAsync(ct);
        return version;
    }
}
