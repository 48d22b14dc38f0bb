using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Counts the street's open cases. A count shows nobody a case, so it needs no sight.</summary>
public static class CaseCounts
{
    public static Task<int> OpenAsync(DispatchDb db, CancellationToken ct) => db.Calls.CountAsync(c => c.IsOpen, ct);

    /// <param name="category">A category's code, which needs no escaping in JSON.</param>
    public static Task<int> OpenAsync(DispatchDb db, string category, CancellationToken ct)
    {
        var member = $"\"category\":\"{category}\"";
        return db.Calls.CountAsync(c => c.IsOpen && c.Card.Contains(member), ct);
    }
}
