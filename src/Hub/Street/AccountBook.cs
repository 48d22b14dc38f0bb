using System.Collections.Frozen;
using System.Security.Claims;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// The valid accounts, in memory, so that revocation can be checked on every request, invocation and frame. Reloaded
/// whenever accounts change. Closed accounts, those whose posts have all been retired, and sessions that were signed out are not valid.
/// </summary>
public sealed class AccountBook(Database database, Roster roster, TimeProvider time, IOptions<IdentityOptions> identity) : IDisposable
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "accounts";

    /// <summary>The claim that identifies a session of a browser; tokens have none.</summary>
    public const string SessionClaim = "session";

    /// <summary>How long a session lasts without a request.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);

    private sealed record Book(FrozenDictionary<string, (Staff Staff, string? Stamp)> Accounts, FrozenSet<string> Ended);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Book _book = new(FrozenDictionary<string, (Staff, string?)>.Empty, []);

    /// <summary>
    /// The account of a principal, as one of its posts: null if nobody is signed in, the account is gone or revoked, or it does not
    /// hold that post.
    /// </summary>
    public Staff? Of(ClaimsPrincipal? principal, string? post = null) => Find(principal)?.As(post);

    /// <summary>The session that a principal acts in; null for a token, and for whoever is not signed in any more.</summary>
    public AccountSession? SessionOf(ClaimsPrincipal principal) =>
        Find(principal) is not null && principal.FindFirstValue(SessionClaim) is { } id && principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) is { } stamp ? new AccountSession(id, stamp) : null;

    /// <summary>An account by id, regardless of the requester; null if it is gone.</summary>
    internal Staff? OfId(string id) => _book.Accounts.TryGetValue(id, out var known) ? known.Staff : null;

    private Staff? Find(ClaimsPrincipal? principal)
    {
        if (principal?.Identity?.IsAuthenticated != true || principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id) return null;
        var book = _book;
        if (!book.Accounts.TryGetValue(id, out var known)) return null;
        if (principal.FindFirstValue(SessionClaim) is { } session && book.Ended.Contains(session)) return null;
        return known.Stamp == principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) ? known.Staff : null;
    }

    /// <summary>
    /// Whether a principal's account is still valid, cached for frequent checks by one caller: looked up again only after the accounts were
    /// reloaded.
    /// </summary>
    public Func<bool> Validity(ClaimsPrincipal? principal, string? post = null)
    {
        var (looked, begun) = (_book, Of(principal, post));
        var valid = begun is not null;
        return () =>
        {
            var book = _book;
            if (!ReferenceEquals(book, looked)) (looked, valid) = (book, Of(principal, post) is { } now && begun is not null && now.Post?.Id == begun.Post?.Id); // an own post that was taken away is followed by another
            return valid;
        };
    }

    /// <summary>Loads the accounts; the roster's posts must be loaded first.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct); // serialised, so an older read never replaces a newer one
        try
        {
            await using var db = database.Context();
            var rows = await db.Users.AsNoTracking().Where(a => a.PasswordHash != null).Select(a => new { a.Id, a.UserName, a.Role, a.Post, a.SecurityStamp }).ToListAsync(ct);
            var others = (await db.AccountPosts.AsNoTracking().ToListAsync(ct)).ToLookup(h => h.Account, h => h.Post);
            var retired = (await db.Posts.AsNoTracking().Where(p => p.RetiredAt != null).Select(p => p.Id).ToListAsync(ct)).ToHashSet();
            var proved = (await db.SecondFactors.AsNoTracking().Select(f => f.Account).ToListAsync(ct)).ToHashSet();
            var ended = (await db.EndedSessions.AsNoTracking().Select(s => s.Session).ToListAsync(ct)).ToFrozenSet();
            _book = new Book(rows.Select(a => (a.Id, a.SecurityStamp, Staff: StaffOf(a.Id, a.UserName, a.Role, a.Post, others[a.Id], retired)))
                .Where(a => a.Staff is not null).ToFrozenDictionary(a => a.Id, a => (a.Staff! with { HasSecondFactor = proved.Contains(a.Id) }, a.SecurityStamp)), ended);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Revokes every cookie and token of an account: on this node at once, on others within a second. False if there is no such account.</summary>
    public async Task<bool> RevokeAsync(string userName, Staff who, CancellationToken ct)
    {
        var name = userName.ToUpperInvariant();
        var ended = await database.WriteAsync(async db =>
        {
            if (await db.Users.FirstOrDefaultAsync(a => a.NormalizedUserName == name && a.PasswordHash != null, ct) is not { } account) return 0;
            account.SecurityStamp = Guid.NewGuid().ToString("N");
            db.Act(who.Id, time.GetUtcNow(), Acts.SignedOut, Acts.Of(account));
            await db.ChangedAsync(AccountBook.Name, ct);
            return await db.SaveChangesAsync(ct);
        }, ct);
        await LoadAsync(ct);
        return ended > 0;
    }

    /// <summary>Ends the session of a principal: on this node at once, on others within a second. Other sessions of the account go on.</summary>
    public async Task EndAsync(ClaimsPrincipal principal, DateTimeOffset now, CancellationToken ct)
    {
        if (Find(principal) is null || principal.FindFirstValue(SessionClaim) is not { } session) return;
        await database.WriteAsync(async db =>
        {
            await db.ChangedAsync(AccountBook.Name, ct);
            if (!await db.EndedSessions.AnyAsync(s => s.Session == session, ct)) db.EndedSessions.Add(new EndedSessionRow { Session = session, At = now });
            return await db.SaveChangesAsync(ct);
        }, ct);
        await LoadAsync(ct);
    }

    /// <summary>The account with the posts it still holds; a retired post has no access. Null if every post has been retired.</summary>
    private Staff? StaffOf(string id, string? userName, Role role, string? post, IEnumerable<string> others, HashSet<string> retired)
    {
        if (post is null) return new Staff(id, userName ?? string.Empty, role, null);
        Post[] held = [.. others.Prepend(post).Where(p => !retired.Contains(p)).Distinct().Select(roster.FindPost).OfType<Post>()];
        return held.Length == 0 ? null : new Staff(id, userName ?? string.Empty, role, held[0]) { Posts = held };
    }

    public void Dispose() => _loading.Dispose();
}

/// <summary>One sign-in of one browser.</summary>
/// <param name="Id">Random.</param>
/// <param name="Stamp">The account's security stamp that it depends on.</param>
public sealed record AccountSession(string Id, string Stamp);
