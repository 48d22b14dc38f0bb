using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Blows a whistle for whoever finds something amiss in another room of the house.</summary>
public interface IWhistles
{
    /// <summary>Acknowledged once it is on disk; the same key makes one case.</summary>
    Task<Outcome<WhistleReceipt>> BlowAsync(WhistleRequest request, string? idempotencyKey, CancellationToken ct, Staff? officer = null);
}
