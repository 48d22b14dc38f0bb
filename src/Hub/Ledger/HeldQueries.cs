using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What is held of the person behind some matters (个人信息保护法, article 45). Each of them counts as a look, which is durable before anything is shown.</summary>
public sealed class HeldQueries(Database database, Roster roster, TimeProvider time)
{
    /// <summary>Matters in one answer.</summary>
    public const int MostCases = 200;

    /// <param name="account">As in <see cref="ReadRow.Account"/>.</param>
    /// <param name="post">Empty if the program was asked on the command line.</param>
    /// <param name="purpose">Stands in the list of looks.</param>
    public async Task<HeldView> OfAsync(IReadOnlyList<string> numbers, string account, string post, string purpose, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await database.WriteAsync(db =>
        {
            foreach (var no in numbers.Take(MostCases)) db.Reads.Add(new ReadRow { At = now, Account = account, Post = post, CallNo = no, Looked = LookQueries.Held, Reason = database.DataKeys.Encrypt(ReadRow.ReasonColumn, purpose) });
            return db.SaveChangesAsync(ct);
        }, ct);
        await using var db = database.Context();
        var cases = new List<HeldCase>();
        foreach (var no in numbers.Take(MostCases))
            if (await Person.FindAsync(db, no, ct) is { } person) cases.Add(await CaseAsync(db, person, ct));
        return new HeldView(now, [.. cases.OrderByDescending(c => c.OpenedAt)], numbers.Count > MostCases);
    }

    private async Task<HeldCase> CaseAsync(DispatchDb db, Person person, CancellationToken ct)
    {
        var caller = await db.CallerAsync(person.No, ct);
        var messages = await db.Outbox.AsNoTracking().Where(o => o.CallNo == person.No && o.Address == Address.Caller).OrderBy(o => o.Id).Take(JournalQueries.PageLimit).ToListAsync(ct);
        var looks = await db.Reads.AsNoTracking().Where(r => r.CallNo == person.No).OrderByDescending(r => r.Id).Take(JournalQueries.PageLimit).ToListAsync(ct);
        return new HeldCase
        {
            CallNo = person.No,
            OpenedAt = person.OpenedAt,
            IsOver = person.IsOver,
            Name = caller?.Name,
            Phone = caller?.Phone,
            Position = caller is { Lat: { } lat, Lon: { } lon, Datum: { } datum } ? new HeldPosition(lat, lon, datum) : null,
            Words = [.. (await person.WordsAsync(db, ct)).OrderBy(w => w.At).Select(w => new HeldWords(w.CallNo, w.Kind, LookQueries.KindOf(roster, w.ByPost), w.At, db.DataKeys.Decrypt(w.Words)))],
            Photos = [.. (await person.PhotosAsync(db, ct)).Select(p => new CallPhoto(p.Id, p.Kind ?? string.Empty, p.At, p.Width, p.Height))],
            Messages = [.. messages.Select(m => new HeldMessage(m.Event, m.Channel, m.State, m.CreatedAt))],
            Looks = [.. looks.Select(r => new HeldLook(r.At, LookQueries.KindOf(roster, r.Post), r.Looked, db.DataKeys.Decrypt(r.Reason)))],
            Erasure = await OfAsync(db, person.No, ct),
        };
    }

    /// <summary>The erasure that was asked for; null if none was.</summary>
    internal static Task<Erasure?> OfAsync(DispatchDb db, string no, CancellationToken ct) =>
        db.Erasures.AsNoTracking().Where(e => e.CallNo == no).Select(e => new Erasure(e.At, e.DoneAt)).FirstOrDefaultAsync(ct);

    /// <summary>Matters by whether they have ended, and with them what they continue in.</summary>
    public async Task<ErasedView> EndedAsync(IReadOnlyList<string> numbers, CancellationToken ct)
    {
        await using var db = database.Context();
        var (over, open) = (new List<string>(), new List<string>());
        foreach (var no in numbers)
            if (await Person.FindAsync(db, no, ct) is { } person) (person.IsOver ? over : open).Add(no);
        return new ErasedView(over, open);
    }

    /// <summary>The numbers of the matters whose caller left a telephone number, newest first; one more than <see cref="MostCases"/> if there are more.</summary>
    public async Task<List<string>> NumbersOfAsync(string phone, CancellationToken ct)
    {
        await using var db = database.Context();
        return await db.CasesOfPhoneAsync(phone, MostCases + 1, ct);
    }
}
