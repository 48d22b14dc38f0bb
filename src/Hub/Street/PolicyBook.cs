using System.Collections.Frozen;
using System.Globalization;
using DispatchCenter.Contracts;
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

    /// <param name="inForce">The version for new whistles; the others include those that are to come.</param>
    public Policies(IReadOnlyCollection<(Policy Policy, IReadOnlyDictionary<DateOnly, bool> Holidays)> versions, int inForce)
    {
        _versions = versions.ToFrozenDictionary(v => v.Policy.Version, v => (v.Policy, new WorkCalendar(v.Policy.Hours, v.Holidays)));
        (Latest, Holidays) = versions.Single(v => v.Policy.Version == inForce);
    }

    /// <summary>The version for new whistles.</summary>
    public Policy Latest { get; }

    /// <summary>Days that differ from their weekday, for new whistles: true for a make-up working day, false for a holiday.</summary>
    public IReadOnlyDictionary<DateOnly, bool> Holidays { get; }

    /// <exception cref="UnknownPolicyException">Another node may have added it since.</exception>
    public Policy Of(int version) => Find(version).Policy;

    /// <exception cref="UnknownPolicyException">Another node may have added it since.</exception>
    public WorkCalendar CalendarOf(int version) => Find(version).Calendar;

    /// <summary>What a category is called; one that the latest policy no longer has keeps its last name. A code that no version knows is its own.</summary>
    public (string Zh, string En) CategoryName(string code) => Newest(p => p.FindCategory(code) is { } c ? (c.Name, c.NameEn) : ((string, string)?)null) ?? (code, code);

    /// <summary>The same of a party.</summary>
    public (string Zh, string En) PartyName(string code) => Newest(p => p.FindParty(code) is { } party ? (party.Name, party.NameEn) : ((string, string)?)null) ?? (code, code);

    /// <summary>The categories and parties that only earlier policies have.</summary>
    public IEnumerable<FormerView> Former =>
    [
        .. Before.SelectMany(p => p.Categories).Select(c => c.Code).Distinct().Where(code => Latest.FindCategory(code) is null).Select(code => CategoryName(code) is var (zh, en) ? new FormerView("categories", code, zh, en) : null!),
        .. Before.SelectMany(p => p.Parties).Select(p => p.Code).Distinct().Where(code => Latest.FindParty(code) is null).Select(code => PartyName(code) is var (zh, en) ? new FormerView("parties", code, zh, en) : null!),
    ];

    private IEnumerable<Policy> Before => _versions.Where(v => v.Key < Latest.Version).OrderByDescending(v => v.Key).Select(v => v.Value.Policy);

    private (string Zh, string En)? Newest(Func<Policy, (string Zh, string En)?> find) => Before.Prepend(Latest).Select(find).FirstOrDefault(name => name is not null);

    /// <summary>The policy of a version; null if there is none, or it was taken back.</summary>
    public Policy? Known(int version) => _versions.TryGetValue(version, out var known) ? known.Policy : null;

    private (Policy Policy, WorkCalendar Calendar) Find(int version) =>
        _versions.TryGetValue(version, out var known) ? known : throw new UnknownPolicyException(version);
}

/// <summary>A policy version that is to come.</summary>
/// <param name="From">When it begins.</param>
public sealed record PlannedPolicy(Policy Policy, DateTimeOffset From);

/// <summary>A case uses a policy version that this node has not loaded.</summary>
internal sealed class UnknownPolicyException(int version) : Exception($"Policy version {version} has not been loaded.");

/// <summary>
/// The street's policies: the embedded default is version 1, the street's own follow. A version and its holidays never change: an
/// imported list makes a new version. A version may begin later: every node lets it begin by its clock, and until then it can be taken back.
/// </summary>
public sealed class PolicyBook(Database database, TimeProvider time)
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "policies";

    /// <summary>How far ahead a version may begin.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    private volatile Loaded? _loaded;

    /// <summary>What a node knows: the policies until the planned one begins, and from then on.</summary>
    private sealed record Loaded(Policies Now, PlannedPolicy? Planned, Policies Then);

    public Policies Current => (_loaded ?? throw new InvalidOperationException("The policies are not loaded yet.")) is var loaded && HasBegun(loaded.Planned) ? loaded.Then : loaded.Now;

    /// <summary>The version that is to come; null if there is none.</summary>
    public PlannedPolicy? Planned => HasBegun(_loaded?.Planned) ? null : _loaded?.Planned;

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
            var (shelf, now) = (await PolicyShelf.ReadAsync(db, ct), time.GetUtcNow());
            if (shelf.At(now) is { } inForce)
            {
                var embedded = Holidays.Embedded();
                var all = shelf.Entries.Select(e => (PolicyJson.ParseStored(e.Json, e.Version), e.DaysOver(embedded))).ToList();
                var policies = new Policies(all, inForce.Version);
                _loaded = shelf.Planned(now) is { } next
                    ? new Loaded(policies, new PlannedPolicy(policies.Of(next.Version), next.From!.Value), new Policies(all, next.Version))
                    : new Loaded(policies, null, policies);
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
        return (version, await db.Documents.AsNoTracking().Where(d => d.Kind == PolicyShelf.Kind && d.Version == version).Select(d => d.Json).SingleAsync(ct));
    }

    /// <summary>The policy that a document would be. Stores nothing.</summary>
    /// <exception cref="UnusableDocumentException">The document is not a usable policy.</exception>
    public static Policy Check(string json) => PolicyJson.Parse(json, 1);

    /// <summary>Adds a version for new whistles; open cases keep theirs.</summary>
    /// <exception cref="UnusableDocumentException">The document is not a usable policy, or another version is to come.</exception>
    public Task<int> AddAsync(string json, string byAccount, CancellationToken ct) => AddAsync(json, null, null, byAccount, ct);

    /// <summary>Adds a version for the whistles from an instant on; open cases keep theirs.</summary>
    /// <param name="from">When it begins; null: at once.</param>
    /// <param name="basedOn">The version that it changes: refused if other rules are in force by now. Null: it replaces whatever is in force.</param>
    /// <exception cref="UnusableDocumentException">The document is not a usable policy, its time cannot be, or another version is to come or came first.</exception>
    public async Task<int> AddAsync(string json, DateTimeOffset? from, int? basedOn, string byAccount, CancellationToken ct)
    {
        await RegisterRoles.CheckAsync(database, Check(json), ct);
        return await WriteAsync((shelf, now) =>
        {
            if (shelf.Planned(now) is { } planned) throw UnusableDocumentException.Of("policy_planned", planned.Version, planned.From!.Value.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
            if (from <= now) throw UnusableDocumentException.Of("policy_past");
            if (from > now + Furthest) throw UnusableDocumentException.Of("policy_far");
            if (basedOn is { } known && shelf.At(now) is { } inForce && shelf.Find(known)?.Json != inForce.Json) throw UnusableDocumentException.Of("policy_meanwhile", known, inForce.Version);
            return from is { } start ? [(PolicyShelf.Kind, json), (PolicyShelf.StartKind, PolicyShelf.WriteStart(start))] : [(PolicyShelf.Kind, json)];
        }, byAccount, ct);
    }

    /// <summary>
    /// Imports the holidays of whole years: a version with the rules in force, in which these years replace the old ones. It applies to new
    /// whistles; existing deadlines do not move. A version that is to come keeps them.
    /// </summary>
    public Task<int> AddHolidaysAsync(IReadOnlyDictionary<DateOnly, bool> years, string byAccount, CancellationToken ct) => WriteAsync((shelf, now) =>
        shelf.At(now) is { } inForce
            ? [(PolicyShelf.Kind, inForce.Json), (PolicyShelf.HolidayKind, Holidays.Write(inForce.Imported is { } before ? Holidays.Over(before, years) : years))]
            : throw new InvalidOperationException("The policies are not loaded yet."), byAccount, ct);

    /// <summary>Takes back the version that is to come. False: it has begun, or was taken back already.</summary>
    public async Task<bool> TakeBackAsync(int version, string byAccount, CancellationToken ct)
    {
        var taken = await database.WriteAsync(async db =>
        {
            var now = time.GetUtcNow();
            if ((await PolicyShelf.ReadAsync(db, ct)).Planned(now)?.Version != version) return false;
            db.AddDocument(new DocumentRow { Kind = PolicyShelf.BackKind, Version = version, Json = "{}", At = now, ByAccount = byAccount });
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(Name, ct);
            return true;
        }, ct);
        await LoadAsync(ct);
        return taken;
    }

    private bool HasBegun(PlannedPolicy? planned) => planned is not null && planned.From <= time.GetUtcNow();

    /// <param name="documents">What the new version consists of, by kind.</param>
    private async Task<int> WriteAsync(Func<PolicyShelf, DateTimeOffset, (string Kind, string Json)[]> documents, string byAccount, CancellationToken ct)
    {
        var added = await database.WriteAsync(async db =>
        {
            var (shelf, now) = (await PolicyShelf.ReadAsync(db, ct), time.GetUtcNow());
            foreach (var (kind, json) in documents(shelf, now)) db.AddDocument(new DocumentRow { Kind = kind, Version = shelf.Last + 1, Json = json, At = now, ByAccount = byAccount });
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(Name, ct);
            return shelf.Last + 1;
        }, ct);
        await LoadAsync(ct);
        return added;
    }
}
