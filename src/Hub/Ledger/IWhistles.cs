using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Blows a whistle for whoever finds something amiss in another room of the house.</summary>
public interface IWhistles
{
    /// <summary>Acknowledged once it is on disk; the same key makes one case.</summary>
    /// <remarks>A whistle is never refused for its photos: those that are not there are left out.</remarks>
    Task<Outcome<WhistleReceipt>> BlowAsync(WhistleRequest request, string? idempotencyKey, CancellationToken ct, Staff? officer = null);

    /// <summary>
    /// Why these photos could not go with a whistle; null if they can. For senders that hold on to them: an upload that nothing named in time is forgotten, and they send it again.
    /// </summary>
    Task<Outcome?> LacksPhotosAsync(IReadOnlyList<string>? ids, CancellationToken ct);
}
