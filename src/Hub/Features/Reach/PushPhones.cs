using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>A phone that a message can be pushed to.</summary>
internal sealed record PushPhone(string Session, Uri Endpoint, PushKeys Keys);

/// <summary>
/// 锁屏提醒: which phones asked on their page to ring although they are locked. Each belongs to one session: it ends when that is signed out, when the account is closed, signed out or
/// gets a new password, and a day after its page was last open.
/// </summary>
public sealed class PushPhones(Database database, ReachBook book, PushSender sender, DispatchOptions options, TimeProvider time)
{
    /// <summary>Phones of one account; one more replaces the one not seen for longest.</summary>
    public const int MostPerAccount = 4;

    /// <summary>The maximum characters of an endpoint.</summary>
    public const int LongestEndpoint = 1_000;

    /// <summary>Rows that the cleaner deletes at once.</summary>
    internal const int Bite = 500;

    /// <summary>How long a phone whose page is not opened is kept: the longest shift.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>What a page needs to ask its browser: the street's public key. Null if no channel is enabled that pushes.</summary>
    public string? PublicKey => Channel is null ? null : sender.PublicKey;

    /// <summary>A phone that was seen so recently is not written again.</summary>
    private static readonly TimeSpan SeenAgain = TimeSpan.FromHours(1);

    private Channel? Channel => book.Plan?.Channels.Values.FirstOrDefault(c => c is { Kind: ChannelKind.Push, Settings.Enabled: true });

    /// <summary>Keeps the phone of a session, or renews it.</summary>
    /// <param name="session">Null for a token, which belongs to no browser.</param>
    public async Task<Outcome> KeepAsync(Staff who, AccountSession? session, PushRequest request, CancellationToken ct)
    {
        if (Channel is null) return Outcome.Of("push_off");
        if (session is null) return Outcome.Of("push_session");
        if (request.Endpoint is not { Length: > 0 and <= LongestEndpoint } || !Uri.TryCreate(request.Endpoint, UriKind.Absolute, out var endpoint) || KeysOf(request.P256dh, request.Auth) is null) return Outcome.Of("push_invalid");
        if (!MayGo(endpoint)) return Outcome.Of("push_host");
        var now = time.GetUtcNow();
        var kept = await database.WriteAsync(async db =>
        {
            // The session may have ended while the request was on its way.
            if (await db.EndedSessions.AnyAsync(s => s.Session == session.Id, ct)) return false;
            if (await db.Users.Where(u => u.Id == who.Id && u.PasswordHash != null).Select(u => u.SecurityStamp).FirstOrDefaultAsync(ct) != session.Stamp) return false;
            var forms = db.DataKeys.FormsOf(PushPhoneRow.EndpointColumn, endpoint.AbsoluteUri).ToList();
            var others = (await db.PushPhones.Where(p => p.Session != session.Id && (p.Account == who.Id || forms.Contains(p.Endpoint))).ToListAsync(ct)).OrderByDescending(p => p.SeenAt).ToList();
            db.PushPhones.RemoveRange(others.Where(p => forms.Contains(p.Endpoint)));
            db.PushPhones.RemoveRange(others.Where(p => !forms.Contains(p.Endpoint)).Skip(MostPerAccount - 1));
            await db.SaveChangesAsync(ct); // before the unique address is added again
            var row = await db.PushPhones.FirstOrDefaultAsync(p => p.Session == session.Id, ct);
            if (row is not null && row.Stamp == HashOf(session.Stamp) && forms.Contains(row.Endpoint) && db.DataKeys.Decrypt(row.Keys) == $"{request.P256dh}.{request.Auth}" && now - row.SeenAt < SeenAgain) return true;
            var (address, keys) = (db.DataKeys.EncryptCode(PushPhoneRow.EndpointColumn, endpoint.AbsoluteUri), db.DataKeys.Encrypt(PushPhoneRow.KeysColumn, $"{request.P256dh}.{request.Auth}"));
            if (row is null) db.PushPhones.Add(new PushPhoneRow { Session = session.Id, Account = who.Id, Stamp = HashOf(session.Stamp), Endpoint = address, Keys = keys, SeenAt = now });
            else (row.Account, row.Stamp, row.Endpoint, row.Keys, row.SeenAt) = (who.Id, HashOf(session.Stamp), address, keys, now);
            await db.SaveChangesAsync(ct);
            return true;
        }, ct);
        return Outcome.Of(kept ? Codes.Ok : Codes.Unauthenticated);
    }

    /// <summary>Whether the phone of a session is kept.</summary>
    public async Task<bool> IsKeptAsync(AccountSession? session, CancellationToken ct)
    {
        if (session is null) return false;
        var (stamp, since) = (HashOf(session.Stamp), time.GetUtcNow() - Life);
        await using var db = database.Context();
        return await db.PushPhones.AnyAsync(p => p.Session == session.Id && p.Stamp == stamp && p.SeenAt > since, ct);
    }

    /// <summary>Forgets the phone of a session.</summary>
    public Task EndAsync(AccountSession? session, CancellationToken ct) => session is null ? Task.CompletedTask : ForgetAsync([session.Id], ct);

    /// <summary>Forgets phones, by their sessions.</summary>
    internal Task ForgetAsync(IReadOnlyCollection<string> sessions, CancellationToken ct) =>
        database.WriteAsync(db => db.DeleteAsync(db.PushPhones.Where(p => sessions.Contains(p.Session)), ct), ct);

    /// <summary>The phones of whoever holds a post, without those whose session has ended.</summary>
    internal async Task<IReadOnlyList<PushPhone>> OfAsync(DispatchDb db, string post, CancellationToken ct)
    {
        var rows = await Valid(db).Where(p => p.Account.Post == post || db.Set<AccountPostRow>().Any(h => h.Account == p.Account.Id && h.Post == post)).ToListAsync(ct);
        return [.. rows.Where(p => p.Phone.Stamp == HashOf(p.Account.SecurityStamp)).Select(p => Read(db, p.Phone)).OfType<PushPhone>()];
    }

    /// <summary>The posts of everybody with such a phone; none if no such channel works.</summary>
    internal async Task<IReadOnlySet<PostId>> PostsAsync(CancellationToken ct)
    {
        if (Channel is not { } channel) return FrozenSet<PostId>.Empty;
        await using var db = database.Context();
        if (await db.Channels.AnyAsync(c => c.Code == channel.Code && c.FailingSince != null, ct)) return FrozenSet<PostId>.Empty;
        var rows = await Valid(db).ToListAsync(ct);
        var accounts = rows.Where(p => p.Phone.Stamp == HashOf(p.Account.SecurityStamp)).Select(p => p.Account).DistinctBy(a => a.Id).ToList();
        var ids = accounts.ConvertAll(a => a.Id);
        var more = ids.Count == 0 ? [] : await db.Set<AccountPostRow>().AsNoTracking().Where(h => ids.Contains(h.Account)).Select(h => h.Post).ToListAsync(ct);
        return accounts.Select(a => a.Post).OfType<string>().Concat(more).Select(p => new PostId(p)).ToFrozenSet();
    }

    /// <summary>Deletes phones that nothing is sent to any more, a batch at a time; returns how many.</summary>
    internal Task<int> ForgetOldAsync(DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var since = now - Life;
        var rows = await db.PushPhones.OrderBy(p => p.SeenAt).Select(p => new { p.Session, p.Stamp, IsOld = p.SeenAt <= since || db.Set<EndedSessionRow>().Any(s => s.Session == p.Session), Now = db.Users.Where(u => u.Id == p.Account && u.PasswordHash != null).Select(u => u.SecurityStamp).FirstOrDefault() }).ToListAsync(ct);
        var gone = rows.Where(p => p.IsOld || p.Stamp != HashOf(p.Now)).Select(p => p.Session).Take(Bite).ToList();
        return gone.Count == 0 ? 0 : await db.DeleteAsync(db.PushPhones.Where(p => gone.Contains(p.Session)), ct);
    }, ct);

    private sealed class Held
    {
        public required PushPhoneRow Phone { get; init; }

        public required Account Account { get; init; }
    }

    private IQueryable<Held> Valid(DispatchDb db)
    {
        var since = time.GetUtcNow() - Life;
        return from phone in db.PushPhones.AsNoTracking()
               join account in db.Users.AsNoTracking() on phone.Account equals account.Id
               where account.PasswordHash != null && phone.SeenAt > since && !db.Set<EndedSessionRow>().Any(s => s.Session == phone.Session)
               select new Held { Phone = phone, Account = account };
    }

    private PushPhone? Read(DispatchDb db, PushPhoneRow row)
    {
        var endpoint = new Uri(db.DataKeys.Decrypt(row.Endpoint));
        return MayGo(endpoint) && db.DataKeys.Decrypt(row.Keys).Split('.') is [var key, var secret] && KeysOf(key, secret) is { } keys ? new PushPhone(row.Session, endpoint, keys) : null;
    }

    /// <summary>https to a push service that is listed; this machine only if allowed for trials. A demo, whose password is public, must not send anything out.</summary>
    private bool MayGo(Uri endpoint)
    {
        if (endpoint.UserInfo.Length > 0 || endpoint.Fragment.Length > 0) return false;
        if (endpoint.IsLoopback) return options.LoopbackChannels && endpoint.Scheme is "https" or "http";
        return endpoint is { Scheme: "https", IsDefaultPort: true } && !(options.Demo && options.DemoPassword == DispatchOptions.DefaultDemoPassword) && options.PushHosts.Any(h => Names(h, endpoint.IdnHost));

        static bool Names(string listed, string host) => listed.StartsWith("*.", StringComparison.Ordinal)
            ? host.Length > listed.Length - 1 && host.EndsWith(listed[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(listed, StringComparison.OrdinalIgnoreCase);
    }

    private static PushKeys? KeysOf(string? key, string? secret) =>
        key is { Length: <= 100 } && secret is { Length: <= 100 } && Base64Url.IsValid(key) && Base64Url.IsValid(secret) ? PushKeys.Of(Base64Url.DecodeFromChars(key), Base64Url.DecodeFromChars(secret)) : null;

    private static string HashOf(string? stamp) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp ?? string.Empty)));
}
