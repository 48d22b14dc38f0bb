using System.Collections.Frozen;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Sla;

/// <summary>Every version of the policy that a case may be under, with its calendar. Immutable.</summary>
public sealed class Policies
{
    private readonly FrozenDictionary<int, (Policy Policy, WorkCalendar Calendar)> _versions;

    public Policies(IEnumerable<Policy> policies, IReadOnlyDictionary<DateOnly, bool> holidays)
    {
        _versions = policies.ToFrozenDictionary(p => p.Version, p => (p, new WorkCalendar(p.Hours, holidays)));
        Latest = _versions[_versions.Keys.Max()].Policy;
    }

    /// <summary>The one that new whistles are under.</summary>
    public Policy Latest { get; }

    /// <exception cref="UnknownPolicyException">Another node may have added it since.</exception>
    public Policy Of(int version) => Find(version).Policy;

    /// <exception cref="UnknownPolicyException">Another node may have added it since.</exception>
    public WorkCalendar CalendarOf(int version) => Find(version).Calendar;

    private (Policy Policy, WorkCalendar Calendar) Find(int version) =>
        _versions.TryGetValue(version, out var known) ? known : throw new UnknownPolicyException(version);
}

/// <summary>A case is under a version of the policy that this node has not read.</summary>
internal sealed class UnknownPolicyException(int version) : Exception($"The policy's version {version} is not known here.");

/// <summary>The street's policies: the embedded default is version 1, a street's own follow. A version never changes.</summary>
public sealed class PolicyBook(Database database, TimeProvider time)
{
    private const string Kind = "policy";
    private volatile Policies? _current;

    public Policies Current => _current ?? throw new InvalidOperationException("The policies are not loaded yet.");

    public static string DefaultJson()
    {
        using var stream = typeof(PolicyBook).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Sla.default-policy.json")!;
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
                _current = new Policies(rows.Select(r => PolicyJson.Parse(r.Json, r.Version)), Holidays.Embedded());
                return;
            }
        }

        await AddAsync(DefaultJson(), "system", ct);
    }

    /// <summary>Adds a version; whistles from now on are under it, open cases stay under theirs.</summary>
    /// <exception cref="FormatException">The document is no usable policy; the message says why.</exception>
    public async Task<int> AddAsync(string json, string byAccount, CancellationToken ct)
    {
        PolicyJson.Parse(json, 1);
        var added = await database.WriteAsync(async db =>
        {
            var version = (await db.Documents.Where(d => d.Kind == Kind).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
            db.Documents.Add(new DocumentRow { Kind = Kind, Version = version, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(BookWatch.Policies, ct);
            return version;
        }, ct);
        await LoadAsync(ct);
        return added;
    }
}
