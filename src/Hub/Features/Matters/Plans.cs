using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>What the desk has planned, a document of the street for each kind: the latest version holds, and adding one is an act.</summary>
internal static class Plans
{
    /// <summary>The plan and since when it holds; null if there is none.</summary>
    public static async Task<(T Plan, DateTimeOffset Since)?> LatestAsync<T>(DispatchDb db, string kind, JsonTypeInfo<T> type, CancellationToken ct) =>
        await db.Documents.AsNoTracking().Where(d => d.Kind == kind).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct) is { } row ? (JsonSerializer.Deserialize(row.Json, type)!, row.At) : null;

    public static Task KeepAsync<T>(Database database, string kind, T plan, JsonTypeInfo<T> type, Staff by, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var version = (await db.Documents.Where(d => d.Kind == kind).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
        db.AddDocument(new DocumentRow { Kind = kind, Version = version, Json = JsonSerializer.Serialize(plan, type), At = at, ByAccount = by.Id });
        return await db.SaveChangesAsync(ct);
    }, ct);
}
