using System.Collections.Frozen;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>Every policy version that a case may use, with its calendar. Immutable.</summary>
public sealed class Policies
{
    private readonly FrozenDictionary<int, (Policy Policy, WorkCalendar Calendar)> _versions;

    public Policies(IReadOnlyCollection<(Policy Policy, IReadOnlyDictionary<DateOnly, bool> Holidays)> versions)
    {
        _versions = versions.ToFrozenDictionary(v => v.Policy.Version, v => (v.Policy, new WorkCalendar(v.Policy.Hours, v.Holidays)));
        (Latest, Holidays) = versions.MaxBy(v => v.Policy.Version);
    }

    /// <summary>The version for new whistles.</summary>
    public Policy Latest { get; }

    /// <summary>Days that differ from their weekday, for new whistles: true for a make-up working day, false for a holiday.</summary>
    public IReadOnlyDictionary<DateOnly, bool> Holidays { get; }

    /// <exception cref="UnknownPolicyException">Another node may have added it since.</exception>
    public Policy Of(int version) => Find(version).Policy;

    /// <exception cref="UnknownPolicyException">Another node may have added it since.</exception>
    public WorkCalendar CalendarOf(int version) => Find(version).Calendar;

    private (Policy Policy, WorkCalendar Calendar) Find(int version) =>
        _versions.TryGetValue(version, out var known) ? known : throw new UnknownPolicyException(version);
}

/// <summary>A case uses a policy version that this node has not loaded.</summary>
internal sealed class UnknownPolicyException(int version) : Exception($"Policy version {version} has not been loaded.");

/// <summary>
/// The street's policies: the embedded default is version 1, the street's own follow. A version and its holidays never change: an
/// imported list makes a new version.
/// </summary>
public sealed class PolicyBook(Database database, TimeProvider time)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "policies";

    private const string Kind = "policy";
    private const string HolidayKind = "holidays";
    private volatile Policies? _current;

    public Policies Current => _current ?? throw new InvalidOperationException("The policies are not loaded yet.");

    public static string DefaultJson()
    {
        using var stream = typeof(PolicyBook).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Street.default-policy.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Loads every version, and writes the default as the first into an empty database.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using (var db = database.Context())
        {
            var rows = await db.Documents.Where(d => d.Kind == Kind).OrderBy(d => d.Version).ToListAsync(ct);
            if (rows.Count > 0)
            {
                var embedded = Holidays.Embedded();
                var lists = (await db.Documents.Where(d => d.Kind == HolidayKind).OrderBy(d => d.Version).ToListAsync(ct)).Select(l => (l.Version, Days: Holidays.Over(embedded, Holidays.Read(l.Json)))).ToList();
                _current = new Policies([.. rows.Select(r => (PolicyJson.ParseStored(r.Json, r.Version), lists.FindLast(l => l.Version <= r.Version).Days ?? embedded))]);
                return;
            }
        }

        await AddAsync(DefaultJson(), "system", ct);
    }

    /// <summary>The version in force and its document, as it was uploaded.</summary>
    public async Task<(int Version, string Json)> TextAsync(CancellationToken ct)
    {
        var version = Current.Latest.Version;
        await using var db = database.Context();
        return (version, await db.Documents.AsNoTracking().Where(d => d.Kind == Kind && d.Version == version).Select(d => d.Json).SingleAsync(ct));
    }

    /// <summary>Adds a version for new whistles; open cases keep theirs.</summary>
    /// <exception cref="UnusableDocumentException">The document is not a usable policy.</exception>
    public Task<int> AddAsync(string json, string byAccount, CancellationToken ct)
    {
        PolicyJson.Parse(json, 1);
        return AddAsync(json, null, byAccount, ct);
    }

    /// <summary>
    /// Imports the holidays of whole years: a version with the latest rules, in which these years replace the old ones. It applies to new
    /// whistles; existing deadlines do not move.
    /// </summary>
    public Task<int> AddHolidaysAsync(IReadOnlyDictionary<DateOnly, bool> years, string byAccount, CancellationToken ct) => AddAsync(null, years, byAccount, ct);

    private async Task<int> AddAsync(string? json, IReadOnlyDictionary<DateOnly, bool>? years, string byAccount, CancellationToken ct)
    {
        var added = await database.WriteAsync(async db =>
        {
            var latest = await db.Documents.AsNoTracking().Where(d => d.Kind == Kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct);
            var version = (latest?.Version ?? 0) + 1;
            db.AddDocument(new DocumentRow { Kind = Kind, Version = version, Json = json ?? latest!.Json, At = time.GetUtcNow(), ByAccount = byAccount });
            if (years is not null)
            {
                var before = await db.Documents.AsNoTracking().Where(d => d.Kind == HolidayKind).OrderByDescending(d => d.Version).Select(d => d.Json).FirstOrDefaultAsync(ct);
                db.AddDocument(new DocumentRow { Kind = HolidayKind, Version = version, Json = Holidays.Write(before is null ? years : Holidays.Over(Holidays.Read(before), years)), At = time.GetUtcNow(), ByAccount = byAccount });
            }

            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(PolicyBook.Name, ct);
            return version;
        }, ct);
        await LoadAsync(ct);
        return added;
    }
}
