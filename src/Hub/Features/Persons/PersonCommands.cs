using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Persons;

/// <summary>Shows and erases what is held of a person, for an officer on duty and as far as the officer's own sight reaches: what is hidden from them stays for a colleague.</summary>
public sealed class PersonCommands(StaffSight sight, HeldQueries held, ErasureCommands erasures)
{
    public const int PurposeLimit = 200;

    /// <summary>Everything held about a case, or about every case of a telephone number.</summary>
    public async Task<Outcome<HeldView>> HeldAsync(Staff who, HeldRequest request, CancellationToken ct)
    {
        if (Texts.Check(request.Purpose, PurposeLimit, "reason", out var purpose) is { } tooLong) return new(tooLong);
        if (purpose.Length == 0) return new(Outcome.Of("purpose_missing"));
        var found = await NumbersAsync(who, request.CallNo, request.Phone, ct);
        return found.Value is { } numbers ? await held.OfAsync(numbers, who.Id, who.Post!.Id.Value, purpose, ct) : new Outcome<HeldView>(found);
    }

    /// <summary>What <see cref="EraseAsync"/> would erase at once, and what it would note: to be seen before it is gone for good.</summary>
    public async Task<Outcome<ErasedView>> WouldEraseAsync(Staff who, EraseRequest request, CancellationToken ct)
    {
        var found = await NumbersToEraseAsync(who, request, ct);
        return found.Value is { } numbers ? await held.EndedAsync(numbers, ct) : new Outcome<ErasedView>(found);
    }

    /// <summary>Erases it. Cases that are still open are erased when they have ended.</summary>
    public async Task<Outcome<ErasedView>> EraseAsync(Staff who, EraseRequest request, CancellationToken ct)
    {
        var found = await NumbersToEraseAsync(who, request, ct);
        if (found.Value is not { } numbers) return new(found);
        var (erased, waiting) = await erasures.AskAsync(numbers, who.Id, request.Reason!, ct);
        return new ErasedView(erased, waiting);
    }

    private async Task<Outcome<List<string>>> NumbersToEraseAsync(Staff who, EraseRequest request, CancellationToken ct) =>
        request.Reason is { } reason && ErasureRow.Reasons.Contains(reason) ? await NumbersAsync(who, request.CallNo, request.Phone, ct) : Outcome.Of("erase_reason_unknown").As<List<string>>();

    /// <summary>The numbers that the officer may see, of those that are asked for. A telephone number of nobody, and one whose cases are all hidden, have the same answer: none.</summary>
    private async Task<Outcome<List<string>>> NumbersAsync(Staff who, string? callNo, string? said, CancellationToken ct)
    {
        if (who.Post is not { } post) return Outcome.Of(Codes.Forbidden).As<List<string>>();
        if (sight.Unseen(post) is { Code: Codes.NotOnDuty } off) return new(off);
        if (string.IsNullOrWhiteSpace(callNo) == string.IsNullOrWhiteSpace(said)) return Outcome.Of("person_unnamed").As<List<string>>();
        if (!string.IsNullOrWhiteSpace(callNo))
        {
            var no = callNo.Trim();
            return await sight.RefusalAsync(who, no, ct) is { } refused ? new Outcome<List<string>>(refused) : new List<string> { no };
        }

        if (Phones.OfPerson(said) is not { Number: var phone }) return Outcome.Of("phone_invalid").As<List<string>>();
        var seen = new List<string>();
        foreach (var no in await held.NumbersOfAsync(phone, ct))
            if (await sight.RefusalAsync(who, no, ct) is null) seen.Add(no);
        return seen;
    }
}
