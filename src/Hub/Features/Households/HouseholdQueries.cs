using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>What the register says of a household, as the household reads it.</summary>
/// <param name="Until">When its link ends by itself.</param>
/// <param name="Fields">Every field of its kind, also those that nobody reads without a purpose, and those that say nothing.</param>
/// <param name="Looks">Who looked it up, or read what it asked for; newest first, at most <see cref="TrackedCall.LooksLimit"/>.</param>
/// <param name="Requests">Newest first, at most <see cref="HouseholdQueries.Most"/>.</param>
public sealed record HouseholdView(EntryLine Entry, DateTimeOffset Until, IReadOnlyList<HouseholdField> Fields, IReadOnlyList<HouseholdLook> Looks, IReadOnlyList<HouseholdRequest> Requests)
{
    /// <summary>What was done before is of whoever lived there then, and not shown.</summary>
    public DateTimeOffset Since { get; init; }
}

/// <param name="Value">Null if it says nothing.</param>
/// <param name="Stands">What stands in the register: the code of a choice, yes or no.</param>
/// <param name="Asked">A correction of it is waiting to be decided.</param>
/// <param name="MayAsk">Whether a correction of it may be asked for at all.</param>
public sealed record HouseholdField(Field Field, FieldValue? Value, string? Stands, bool Asked, bool MayAsk);

/// <param name="By">The kind of post; never the person.</param>
/// <param name="Purpose">Of a look-up, why; null for another look.</param>
/// <param name="Looked">Of another look, what was looked at.</param>
public sealed record HouseholdLook(DateTimeOffset At, string By, Named? Purpose, string Looked);

/// <param name="State">One of <see cref="HouseholdRequestRow"/>.</param>
/// <param name="Value">What the field was to say; null if it was to go, or if that is no longer kept.</param>
/// <param name="Words">What was written with it.</param>
/// <param name="Due">By when it is promised to be decided; null once it is.</param>
/// <param name="DecidedAt">Null until it is.</param>
/// <param name="Why">The reason that was given.</param>
public sealed record HouseholdRequest(string Id, Named Field, string State, bool Remove, string? Value, string? Words, DateTimeOffset At, DateTimeOffset? Due, DateTimeOffset? DecidedAt, string? Why);

/// <summary>Reads a household's own entry through its link. The household itself leaves no look.</summary>
public sealed class HouseholdQueries(Database database, HouseholdLinks links, RegisterBook register, Roster roster, TimeProvider time)
{
    /// <summary>Requests shown.</summary>
    public const int Most = 50;

    /// <summary>Null for a link that holds no more, or never did.</summary>
    public async Task<HouseholdView?> ViewAsync(string code, CancellationToken ct)
    {
        await using var db = database.Context();
        var map = register.Now.Map;
        if (await links.FindAsync(db, code, ct) is not var (entry, until) || map.Kinds.Find(entry.Kind) is not { } kind) return null;
        var fields = (await db.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == entry.Code, ct))?.Read(db.DataKeys) ?? [];
        var since = await HouseholdLinks.SinceAsync(db, entry.Code, ct);
        var rows = await db.HouseholdRequests.AsNoTracking().Where(r => r.Entry == entry.Code && r.At >= since).OrderByDescending(r => r.At).ThenBy(r => r.Id).Take(Most).ToListAsync(ct);
        var open = rows.Where(r => r.State == HouseholdRequestRow.Open).Select(r => r.Field).ToHashSet();
        return new HouseholdView(RegisterQueries.Line(map, entry, time.GetUtcNow()), until,
            [.. kind.Fields.Select(f => new HouseholdField(f, fields.TryGetValue(f.Key, out var value) ? RegisterQueries.Shown(f, value) : null, value, open.Contains(f.Key), MayAsk(kind, f)))],
            await LooksAsync(db, map.Kinds, entry.Code, since, rows, ct), await RequestsAsync(db, kind, rows, ct))
        {
            Since = since,
        };
    }

    /// <summary>A date by which the entry stops counting is proved by a paper, not by a tap.</summary>
    internal static bool MayAsk(EntryKind kind, Field field) => field.Key != kind.Expires;

    private async Task<List<HouseholdLook>> LooksAsync(DispatchDb db, Kinds kinds, string entry, DateTimeOffset since, List<HouseholdRequestRow> rows, CancellationToken ct)
    {
        var numbers = rows.Where(r => r.Matter.Length > 0).Select(r => r.Matter).ToList();
        var looks = await db.RegisterLooks.AsNoTracking().Where(l => l.Entry == entry && l.At >= since).OrderByDescending(l => l.Id).Take(TrackedCall.LooksLimit).ToListAsync(ct);
        var reads = await db.Reads.AsNoTracking().Where(r => numbers.Contains(r.CallNo)).OrderByDescending(r => r.Id).Take(TrackedCall.LooksLimit).ToListAsync(ct);
        return
        [
            .. looks.Select(l => new HouseholdLook(l.At, LookQueries.KindOf(roster, l.Post), kinds.FindPurpose(l.Purpose) is { } why ? new Named(why.Code, why.Name, why.NameEn) : null, kinds.FindPurpose(l.Purpose) is null ? l.Purpose : LookQueries.LookedUp))
                .Concat(reads.Select(r => new HouseholdLook(r.At, LookQueries.KindOf(roster, r.Post), null, r.Looked)))
                .OrderByDescending(l => l.At).Take(TrackedCall.LooksLimit),
        ];
    }

    private static async Task<List<HouseholdRequest>> RequestsAsync(DispatchDb db, EntryKind kind, List<HouseholdRequestRow> rows, CancellationToken ct)
    {
        var numbers = rows.Where(r => r.Matter.Length > 0).Select(r => r.Matter).ToList();
        var matters = (await Sight.OfTheEngine.MattersIn(db).Where(m => numbers.Contains(m.No)).Select(m => m.Body).ToListAsync(ct)).Select(ProceedingJson.Read).ToDictionary(m => m.No.Value);
        var words = (await db.Words.Where(w => numbers.Contains(w.CallNo) && w.Kind == ProcedureKind.FormWords).OrderBy(w => w.Version).ReadAsync(db, ct)).Select(w => (w.CallNo, Form: MatterForms.Read(w.Words))).Where(w => w.Form is not null).ToLookup(w => w.CallNo, w => w.Form!);
        return [.. rows.Where(r => r.Matter.Length > 0).Select(row =>
        {
            var (field, matter) = (kind.FindField(row.Field), matters.GetValueOrDefault(row.Matter));
            var asked = words[row.Matter].FirstOrDefault(f => f.Owed is null)?.Values;
            return new HouseholdRequest(
                row.Id, field is null ? new Named(row.Field, row.Field, row.Field) : new Named(field.Key, field.Name, field.NameEn), row.State, asked?.ContainsKey(Correction.Remove) is true, asked?.GetValueOrDefault(Correction.Value), asked?.GetValueOrDefault(Correction.Words),
                row.At, matter is { IsOpen: true } ? matter.Promise?.Due : null, matter is { IsOpen: false, Before: [.., var last] } ? last.To : null, words[row.Matter].LastOrDefault(f => f.Owed is not null)?.Values.GetValueOrDefault(Correction.Why));
        })];
    }
}
