using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>A link as it is shown once, to whoever gives it in person.</summary>
/// <param name="Path">Under the street's address.</param>
public sealed record GivenLink(string Path, DateTimeOffset Until);

/// <summary>A link that holds, without its code, which nobody has but the household.</summary>
/// <param name="By">The kind of post that gave it.</param>
public sealed record HeldLink(DateTimeOffset At, string By, DateTimeOffset Until);

/// <summary>
/// 住户链接: given in person by whoever may look the household up for its own request, which is on record; shown once, kept as a hash. There is at most one for an entry. It ends with its time
/// (<see cref="DispatchOptions.HouseholdLinkDays"/>), with another one, when either side says so, when the entry ends, and when somebody else is written down there. Whoever gets a link after that reads nothing of those before.
/// </summary>
public sealed class HouseholdLinks(Database database, RegisterBook register, RegisterCommands lookups, Roster roster, DispatchOptions options, TimeProvider time)
{
    /// <summary>Who ended a link, if its household did.</summary>
    private const string ByHousehold = "household";

    public static string PathOf(string code) => $"/h/{code}";

    /// <summary>Whether somebody may give one for an entry.</summary>
    public bool MayGive(Staff who, string entry) => Access.May(who, RegisterRights.LookUp) && PurposeOf(who, entry) is not null;

    /// <summary>Makes a link, which ends the earlier one. It is a look-up, an act, and shown to nobody again.</summary>
    public async Task<Outcome<GivenLink>> GiveAsync(Staff who, string entry, CancellationToken ct)
    {
        if (!Access.May(who, RegisterRights.LookUp) || PurposeOf(who, entry) is not { } purpose) return new(Outcome.Of("household_not_yours"));
        if (register.Now.Map.Find(entry) is not { } known || IsOver(known)) return new(Outcome.Of("household_over"));
        var (code, now) = (LinkCode.New(), time.GetUtcNow()); // the look comes after: the household reads it
        var looked = await lookups.LookUpAsync(who, entry, new LookupRequest(purpose.Code), ct);
        if (!looked.Ok) return new(looked);
        var until = now.AddDays(options.HouseholdLinkDays);
        await database.WriteAsync(async db =>
        {
            var row = await db.HouseholdLinks.FirstOrDefaultAsync(l => l.Entry == entry, ct);
            if (row is null) db.HouseholdLinks.Add(row = new HouseholdLinkRow { Entry = entry, Hash = string.Empty, Since = now, Post = string.Empty });
            else if (row.ExpiresAt <= now) row.Since = now;
            (row.Hash, row.At, row.Post, row.ExpiresAt) = (LinkCode.HashOf(code), now, who.Post!.Id.Value, until);
            db.Act(who.Id, now, Acts.LinkGiven, $"entry:{entry}");
            return await db.SaveChangesAsync(ct);
        }, ct);
        return new GivenLink(PathOf(code), until);
    }

    /// <summary>The link of an entry that holds now, for whoever may give or end it; null if there is none.</summary>
    public async Task<HeldLink?> OfAsync(string entry, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var db = database.Context();
        return await db.HouseholdLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Entry == entry && l.ExpiresAt > now, ct) is { } row ? new HeldLink(row.At, LookQueries.KindOf(roster, row.Post), row.ExpiresAt) : null;
    }

    /// <summary>Ends the link of an entry: whoever may give one may, and whoever keeps the entry.</summary>
    public async Task<Outcome> EndAsync(Staff who, string entry, CancellationToken ct)
    {
        var map = register.Now.Map;
        if (map.Find(entry) is not { } known || !(MayGive(who, entry) || (Access.May(who, RegisterRights.KeepRegister) && new RegisterSight(who, map).Keeps(known)))) return Outcome.Of("household_not_yours");
        return Outcome.Of(await EndAsync(entry, who.Id, ct) ? Codes.Ok : "household_no_link");
    }

    /// <summary>The household ends its own link: it was lost, or seen by somebody else.</summary>
    public async Task<Outcome> EndAsync(string code, CancellationToken ct)
    {
        await using var db = database.Context();
        return await FindAsync(db, code, ct) is var (entry, _) && await EndAsync(entry.Code, ByHousehold, ct, LinkCode.HashOf(code)) ? Outcome.Of(Codes.Ok) : Outcome.Of(Codes.LinkUnknown);
    }

    /// <summary>The entry of a code, and until when its link holds; null for one that was never given, has ended, or whose entry has.</summary>
    internal async Task<(Entry Entry, DateTimeOffset Until)?> FindAsync(DispatchDb db, string code, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        var (hash, now) = (LinkCode.HashOf(code), time.GetUtcNow());
        return await db.HouseholdLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Hash == hash && l.ExpiresAt > now, ct) is { } link && register.Now.Map.Find(link.Entry) is { } entry && !IsOver(entry) ? (entry, link.ExpiresAt) : null;
    }

    /// <summary>From when on the household of a link may read what was asked and done: since the first of the links that followed one another.</summary>
    internal static async Task<DateTimeOffset> SinceAsync(DispatchDb db, string entry, CancellationToken ct) =>
        await db.HouseholdLinks.AsNoTracking().Where(l => l.Entry == entry).Select(l => (DateTimeOffset?)l.Since).FirstOrDefaultAsync(ct) ?? DateTimeOffset.MaxValue;

    private bool IsOver(Entry entry) => entry.Until <= time.GetUtcNow();

    private Purpose? PurposeOf(Staff who, string entry) => lookups.PurposesFor(who, entry).FirstOrDefault(p => p.GivesLink);

    /// <param name="hash">Of the one that is meant: one that was given since stays. Null for whichever holds.</param>
    private Task<bool> EndAsync(string entry, string by, CancellationToken ct, string? hash = null) => database.WriteAsync(async db =>
    {
        if (await db.HouseholdLinks.FirstOrDefaultAsync(l => l.Entry == entry && (hash == null || l.Hash == hash), ct) is not { } row) return false;
        db.Remove(row);
        db.Act(by, time.GetUtcNow(), Acts.LinkEnded, $"entry:{entry}");
        await db.SaveChangesAsync(ct);
        return true;
    }, ct);
}
