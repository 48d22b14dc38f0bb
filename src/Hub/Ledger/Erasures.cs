using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// 删除: everything personal about one matter was to be erased (个人信息保护法, article 47). Codes only; it stays, so that a backup that is put back is erased again.
/// </summary>
public sealed class ErasureRow
{
    /// <summary>The number of the case or matter; of an entry of the register its code after <c>entry:</c>.</summary>
    public required string CallNo { get; set; }

    /// <summary>When it was opened: after a restored backup a number may be given a second time, to somebody else. Of an entry, when the version was written that was erased last.</summary>
    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>When it was first asked for.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>As in <see cref="ActRow.ByAccount"/>.</summary>
    public required string ByAccount { get; set; }

    /// <summary>One of <see cref="Reasons"/>.</summary>
    public required string Reason { get; set; }

    /// <summary>Null until the case has ended: until then somebody still has to find the caller.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Why something may be erased, after article 47: the person asks, withdraws their consent, the purpose is met, or it should not have been collected.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["requested", "consentWithdrawn", "purposeMet", "unlawful"];
}

/// <summary>The table of erasures.</summary>
public static class ErasureTables
{
    extension(DispatchDb db)
    {
        public DbSet<ErasureRow> Erasures => db.Set<ErasureRow>();
    }
}
