using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Register;

/// <summary>
/// Where a called party is reached: at whoever holds its role, or the role of its code, at the grid of the case or around it, such as the community's own mediation room; otherwise
/// at the number of the policy's list. So a street that keeps no register loses nothing.
/// </summary>
public sealed class PartyNumbers(RegisterBook book, PolicyBook policies, TimeProvider time)
{
    /// <summary>Null if it has no number anywhere.</summary>
    public Task<string?> OfAsync(DispatchDb db, string party, GridCode grid, CancellationToken ct) => OfAsync(db, party, RegisterMap.Of(grid), ct);

    /// <param name="place">As in <see cref="Entry.Place"/>.</param>
    public async Task<string?> OfAsync(DispatchDb db, string party, string place, CancellationToken ct)
    {
        var (now, listed) = (book.Now, policies.Current.Latest.FindParty(party));
        foreach (var holder in now.Map.Resolve(listed?.Role ?? party, place, time.GetUtcNow())?.Holders ?? [])
            if (await NumberAsync(db, now, holder, ct) is { } number) return number;
        return listed?.Phone;
    }

    private static async Task<string?> NumberAsync(DispatchDb db, RegisterNow now, Entry holder, CancellationToken ct)
    {
        if (now.Map.Kinds.Find(holder.Kind)?.Calls is not { } key) return null;
        if (now.FieldsOf(holder.Code).GetValueOrDefault(key) is { } readable) return readable;
        var closed = await db.EntryFields.AsNoTracking().Where(f => f.Code == holder.Code).Select(f => f.Closed).FirstOrDefaultAsync(ct);
        return RegisterJson.ReadFields(closed is null ? null : db.DataKeys.Decrypt(closed)).GetValueOrDefault(key);
    }
}
