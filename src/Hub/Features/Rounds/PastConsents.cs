using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>What homes had agreed to at past instants: a round that is over stays as it was, whatever they agree to since. What was erased with an entry is gone from it too.</summary>
internal sealed class PastConsents(List<HouseholdConsentRow> rows)
{
    /// <summary>What held at some instant from the first to the last.</summary>
    public static async Task<PastConsents> ReadAsync(DispatchDb db, DateTimeOffset first, DateTimeOffset last, CancellationToken ct) =>
        new(await db.HouseholdConsents.AsNoTracking().Where(c => c.At <= last && (c.EndedAt == null || c.EndedAt > first)).ToListAsync(ct));

    /// <summary>As the register has it of now; an instant within those that were read.</summary>
    public HashSet<(string What, string Entry)> At(DateTimeOffset at) => [.. rows.Where(c => c.At <= at && (c.EndedAt is null || c.EndedAt > at)).Select(c => (c.What, c.Entry))];
}
