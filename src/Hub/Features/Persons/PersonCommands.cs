using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;

namespace DispatchCenter.Hub.Features.Persons;

/// <summary>Shows and erases what is held of a person, for an officer on duty and as far as the officer's own sight reaches: what is hidden from them stays for a colleague.</summary>
public sealed class PersonCommands(StaffSight sight, HeldQueries held, HeldEntries entries, ErasureCommands erasures, RegisterBook register)
{
    public const int PurposeLimit = 200;

    /// <summary>Everything held about a case, or about every case of a telephone number and every entry of the register in which it stands.</summary>
    public async Task<Outcome<HeldView>> HeldAsync(Staff who, HeldRequest request, CancellationToken ct)
    {
        if (Texts.Check(request.Purpose, PurposeLimit, "reason", out var purpose) is { } tooLong) return new(tooLong);
        if (purpose.Length == 0) return new(Outcome.Of("purpose_missing"));
        var found = await FindAsync(who, request.CallNo, request.Phone, ct);
        if (found.Value is not { } of) return new(found);
        var read = await entries.ReadAsync([.. of.Entries.Take(HeldEntries.Most)], who.Id, who.Post!.Id.Value, purpose, ct);
        var view = await held.OfAsync(of.Numbers, who.Id, who.Post.Id.Value, purpose, ct);
        return view with { More = view.More || of.Entries.Count > read.Count, Entries = OrNull(read), Elsewhere = OrNull(of.Elsewhere) };
    }

    /// <summary>What <see cref="EraseAsync"/> would erase at once, and what it would note: to be seen before it is gone for good.</summary>
    public async Task<Outcome<ErasedView>> WouldEraseAsync(Staff who, EraseRequest request, CancellationToken ct)
    {
        var found = await FindToEraseAsync(who, request, ct);
        if (found.Value is not { } of) return new(found);
        await entries.NoteAsync([.. of.Entries.Take(HeldEntries.Most)], who.Id, who.Post!.Id.Value, HeldEntries.BeforeErasing, request.Reason, ct);
        return Of(of, await held.EndedAsync(of.Numbers, ct), CodesOf(of, theirs: true));
    }

    /// <summary>Erases it. Cases that are still open are erased when they have ended.</summary>
    public async Task<Outcome<ErasedView>> EraseAsync(Staff who, EraseRequest request, CancellationToken ct)
    {
        var found = await FindToEraseAsync(who, request, ct);
        if (found.Value is not { } of) return new(found);
        var gone = await erasures.EraseEntriesAsync(CodesOf(of, theirs: true), who.Id, request.Reason!, ct);
        var (erased, waiting) = await erasures.AskAsync(of.Numbers, who.Id, request.Reason!, ct);
        return Of(of, new ErasedView(erased, waiting), gone);
    }

    private static ErasedView Of(Found found, ErasedView cases, IReadOnlyList<string> entries) => cases with { Entries = OrNull(entries), Kept = OrNull(CodesOf(found, theirs: false)), Elsewhere = OrNull(found.Elsewhere) };

    private static IReadOnlyList<string> CodesOf(Found found, bool theirs) => [.. found.Entries.Take(HeldEntries.Most).Where(e => e.IsTheirs == theirs).Select(e => e.Entry.Code)];

    private static IReadOnlyList<T>? OrNull<T>(IReadOnlyList<T> list) => list.Count > 0 ? list : null;

    private async Task<Outcome<Found>> FindToEraseAsync(Staff who, EraseRequest request, CancellationToken ct) =>
        request.Reason is { } reason && ErasureRow.Reasons.Contains(reason) ? await FindAsync(who, request.CallNo, request.Phone, ct) : Outcome.Of("erase_reason_unknown").As<Found>();

    /// <summary>What the officer may see, of what is asked for. A telephone number of nobody, and one whose cases are all hidden, have the same answer: none.</summary>
    private async Task<Outcome<Found>> FindAsync(Staff who, string? callNo, string? said, CancellationToken ct)
    {
        if (who.Post is not { } post) return Outcome.Of(Codes.Forbidden).As<Found>();
        if (sight.Unseen(post) is { Code: Codes.NotOnDuty } off) return new(off);
        if (string.IsNullOrWhiteSpace(callNo) == string.IsNullOrWhiteSpace(said)) return Outcome.Of("person_unnamed").As<Found>();
        if (!string.IsNullOrWhiteSpace(callNo))
        {
            var no = callNo.Trim();
            return await sight.RefusalAsync(who, no, ct) is { } refused ? new Outcome<Found>(refused) : new Found([no], [], []);
        }

        if (Phones.OfPerson(said) is not { Number: var phone }) return Outcome.Of("phone_invalid").As<Found>();
        var seen = new List<string>();
        foreach (var no in await held.NumbersOfAsync(phone, ct))
            if (await sight.RefusalAsync(who, no, ct) is null) seen.Add(no);
        var map = register.Now.Map;
        return new Found(seen, [.. (await entries.OfPhoneAsync(phone, ct)).Where(e => new RegisterSight(who, map).Sees(e.Entry))], await entries.ElsewhereAsync(phone, ct));
    }

    /// <param name="Numbers">Of cases and matters.</param>
    private sealed record Found(List<string> Numbers, IReadOnlyList<FoundEntry> Entries, IReadOnlyList<HeldElsewhere> Elsewhere);
}
