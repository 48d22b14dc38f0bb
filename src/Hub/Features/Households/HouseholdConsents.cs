using DispatchCenter.Contracts;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>Something that a home has agreed to.</summary>
/// <param name="What">One of <see cref="HouseholdConsents.All"/>.</param>
/// <param name="By">The kind of post that took it in person; caller if it came through the household's own link.</param>
public sealed record HeldAgreement(string What, DateTimeOffset At, string By);

/// <summary>
/// 走访、无事常联系: a home asks to be visited or called each week, through its own link or in person, and takes that back whenever it likes: from then on no round stops there any more, and one that is under way leaves it out.
/// Whoever asked, when, and who took it stays on record.
/// </summary>
public sealed class HouseholdConsents(Database database, HouseholdLinks links, RegisterBook register, Roster roster, TimeProvider time)
{
    /// <summary>What can be asked for.</summary>
    public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<HomeContact>().Where(h => h != HomeContact.None).Select(h => Names.Camel(h))];

    /// <summary>How often a home can agree to the same within <see cref="Often"/>: every change is kept, and read by every node. Taking it back is never refused.</summary>
    public const int MostOften = 5;

    private static readonly TimeSpan Often = TimeSpan.FromDays(1);

    /// <summary>The household itself, through its link.</summary>
    public async Task<Outcome> SetAsync(string code, string? what, bool agrees, CancellationToken ct)
    {
        await using var db = database.Context();
        return await links.FindAsync(db, code, ct) is var (entry, _) ? await SetAsync(entry.Code, what, agrees, string.Empty, ct) : Outcome.Of(Codes.LinkUnknown);
    }

    /// <summary>Somebody of the household, in person: taken by whoever may give it its link, while on duty.</summary>
    public async Task<Outcome> SetAsync(Staff who, string entry, string? what, bool agrees, CancellationToken ct)
    {
        if (who.Post is not { } post || !links.MayGive(who, entry)) return Outcome.Of("household_not_yours");
        if (!roster.At(time.GetUtcNow()).Contains(post.Id)) return Outcome.Of(Codes.NotOnDuty);
        if (agrees && (register.Now.Map.Find(entry) is not { } known || known.Until <= time.GetUtcNow())) return Outcome.Of("household_over");
        return await SetAsync(entry, what, agrees, post.Id.Value, ct);
    }

    /// <summary>What a home agrees to now.</summary>
    public async Task<IReadOnlyList<HeldAgreement>> OfAsync(string entry, CancellationToken ct)
    {
        await using var db = database.Context();
        return [.. (await db.HouseholdConsents.AsNoTracking().Where(c => c.Entry == entry && c.EndedAt == null).OrderBy(c => c.At).ToListAsync(ct)).Select(c => new HeldAgreement(c.What, c.At, LookQueries.TakenBy(roster, c.Post)))];
    }

    private async Task<Outcome> SetAsync(string entry, string? what, bool agrees, string post, CancellationToken ct)
    {
        if (what is null || !All.Contains(what)) return Outcome.Of("household_contact");
        var (changed, often) = await database.WriteAsync(async db =>
        {
            var now = time.GetUtcNow();
            var row = await db.HouseholdConsents.FirstOrDefaultAsync(c => c.Entry == entry && c.What == what && c.EndedAt == null, ct);
            if (row is not null == agrees) return (false, false); // it is so already
            if (agrees && await db.HouseholdConsents.CountAsync(c => c.Entry == entry && c.What == what && c.At > now - Often, ct) >= MostOften) return (false, true);
            if (row is null) db.HouseholdConsents.Add(new HouseholdConsentRow { Entry = entry, What = what, At = now, Post = post });
            else (row.EndedAt, row.EndedPost) = (now, post);
            await db.ChangedAsync(RegisterBook.Name, ct);
            await db.SaveChangesAsync(ct);
            return (true, false);
        }, ct);
        if (often) return Outcome.Of("household_often");
        if (changed) await register.LoadAsync(CancellationToken.None);
        return Outcome.Of(Codes.Ok);
    }
}
