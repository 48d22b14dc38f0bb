using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The street's head, read under its lock.</summary>
internal readonly record struct Head(string Street, string Epoch, long Seq, string Day, long DayCount);

/// <summary>A matter as the desk holds it during a batch.</summary>
/// <param name="Was">The digest of its row as it was loaded; null for a new one.</param>
internal sealed record Held(IMatter Matter, MatterKind Kind, string Tracking, string? Was)
{
    /// <summary>Who made its last change in this batch, as the journal names them.</summary>
    public string By { get; init; } = string.Empty;
}
