using System.Globalization;
using System.Text.Json.Nodes;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// The stored policy versions in the order in which they come into force. A version begins when it is added, or at the instant that was set for it;
/// one that was taken back never begins and is left out.
/// </summary>
internal sealed class PolicyShelf
{
    public const string Kind = "policy";
    public const string HolidayKind = "holidays";

    /// <summary>When the policy of the same version begins.</summary>
    public const string StartKind = "policyStart";

    /// <summary>The policy of the same version was taken back before it began.</summary>
    public const string BackKind = "policyTakenBack";

    private static readonly string[] Kinds = [Kind, HolidayKind, StartKind, BackKind];

    private readonly List<Entry> _entries;

    private PolicyShelf(List<Entry> entries, int last) => (_entries, Last) = (entries, last);

    /// <param name="From">The instant that was set for it; null if it began when it was added.</param>
    /// <param name="Imported">The holidays of the imported years; null if none were.</param>
    public sealed record Entry(int Version, string Json, DateTimeOffset? From, Dictionary<DateOnly, bool>? Imported)
    {
        /// <summary>Its holidays: the built-in ones, and the imported years in place of theirs.</summary>
        public IReadOnlyDictionary<DateOnly, bool> DaysOver(IReadOnlyDictionary<DateOnly, bool> embedded) => Imported is null ? embedded : Holidays.Over(embedded, Imported);

        public bool HasBegun(DateTimeOffset now) => From is not { } from || from <= now;
    }

    /// <summary>The highest version ever stored, including those taken back; 0 if there is none.</summary>
    public int Last { get; }

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The version for new whistles at an instant; null if nothing is stored.</summary>
    public Entry? At(DateTimeOffset now) => _entries.FindLast(e => e.HasBegun(now));

    /// <summary>The version that is to come; null if there is none.</summary>
    public Entry? Planned(DateTimeOffset now) => _entries.Find(e => !e.HasBegun(now));

    public Entry? Find(int version) => _entries.Find(e => e.Version == version);

    public static async Task<PolicyShelf> ReadAsync(DispatchDb db, CancellationToken ct)
    {
        var rows = (await db.Documents.AsNoTracking().Where(d => Kinds.Contains(d.Kind)).OrderBy(d => d.Version).ToListAsync(ct)).ToLookup(d => d.Kind);
        var back = rows[BackKind].Select(d => d.Version).ToHashSet();
        var starts = rows[StartKind].ToDictionary(d => d.Version, d => ReadStart(d.Json));
        var lists = rows[HolidayKind].ToDictionary(d => d.Version, d => Holidays.Read(d.Json));
        var added = DateTimeOffset.MinValue;
        var begins = new List<(DocumentRow Row, DateTimeOffset Begins)>();
        foreach (var row in rows[Kind].Where(r => !back.Contains(r.Version)))
        {
            if (starts.TryGetValue(row.Version, out var from)) begins.Add((row, from));
            else begins.Add((row, added = row.At > added ? row.At : added)); // a clock that was set back reorders nothing
        }

        var (entries, imported) = (new List<Entry>(), (Dictionary<DateOnly, bool>?)null);
        foreach (var (row, _) in begins.OrderBy(b => b.Begins))
        {
            imported = lists.GetValueOrDefault(row.Version) ?? imported;
            entries.Add(new Entry(row.Version, row.Json, starts.TryGetValue(row.Version, out var from) ? from : null, imported));
        }

        return new PolicyShelf(entries, rows[Kind].Select(r => r.Version).DefaultIfEmpty().Max());
    }

    public static string WriteStart(DateTimeOffset from) => new JsonObject { ["from"] = from.ToOffset(WorkCalendar.Offset).ToString("O", CultureInfo.InvariantCulture) }.ToJsonString();

    private static DateTimeOffset ReadStart(string json) => DateTimeOffset.Parse(JsonNode.Parse(json)!["from"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
