using System.Collections.Frozen;
using System.Security.Claims;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// The accounts that are valid now, in memory, so that revocation can be asked on every request, invocation and frame. Read anew
/// whenever accounts change. One that is closed, or whose posts have all been retired, is not among them.
/// </summary>
public sealed class AccountBook(Database database, Roster roster, IOptions<IdentityOptions> identity) : IDisposable
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "accounts";

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile FrozenDictionary<string, (Staff Staff, string? Stamp)> _accounts = FrozenDictionary<string, (Staff, string?)>.Empty;

    /// <summary>
    /// The account of a principal, as one of its posts: null where nobody is signed in, the account is gone or has been revoked since, or does not
    /// hold that post (any more).
    /// </summary>
    public Staff? Of(ClaimsPrincipal? principal, string? post = null) => Find(principal)?.As(post);

    /// <summary>An account by its id, whoever asks; null where it is gone.</summary>
    internal Staff? OfId(string id) => _accounts.TryGetValue(id, out var known) ? known.Staff : null;

    private Staff? Find(ClaimsPrincipal? principal)
    {
        if (principal?.Identity?.IsAuthenticated != true || principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id) return null;
        if (!_accounts.TryGetValue(id, out var known)) return null;
        return known.Stamp == principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) ? known.Staff : null;
    }

    /// <summary>
    /// Whether a principal's account is still valid, to be asked often by one asker: looked up again only when the accounts have been
    /// read anew.
    /// </summary>
    public Func<bool> Validity(ClaimsPrincipal? principal, string? post = null)
    {
        var (looked, valid) = (_accounts, Of(principal, post) is not null);
        return () =>
        {
            var accounts = _accounts;
            if (!ReferenceEquals(accounts, looked)) (looked, valid) = (accounts, Of(principal, post) is not null);
            return valid;
        };
    }

    /// <summary>Reads accounts; the roster's posts are to be loaded before.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct); // in turn, so that an older reading never replaces a newer one
        try
        {
            await using var db = database.Context();
            var rows = await db.Users.AsNoTracking().Where(a => a.PasswordHash != null).Select(a => new { a.Id, a.UserName, a.Role, a.Post, a.SecurityStamp }).ToListAsync(ct);
            var others = (await db.AccountPosts.AsNoTracking().ToListAsync(ct)).ToLookup(h => h.Account, h => h.Post);
            var retired = (await db.Posts.AsNoTracking().Where(p => p.RetiredAt != null).Select(p => p.Id).ToListAsync(ct)).ToHashSet();
            _accounts = rows.Select(a => (a.Id, a.SecurityStamp, Staff: StaffOf(a.Id, a.UserName, a.Role, a.Post, others[a.Id], retired)))
                .Where(a => a.Staff is not null).ToFrozenDictionary(a => a.Id, a => (a.Staff!, a.SecurityStamp));
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Ends every cookie and token of an account: on this node at once, on others when they next look, within a second. False where there is no such account.</summary>
    public async Task<bool> RevokeAsync(string userName, CancellationToken ct)
    {
        var name = userName.ToUpperInvariant();
        var ended = await database.WriteAsync(async db =>
        {
            await db.ChangedAsync(AccountBook.Name, ct);
            return await db.Users.Where(a => a.NormalizedUserName == name && a.PasswordHash != null).ExecuteUpdateAsync(s => s.SetProperty(a => a.SecurityStamp, Guid.NewGuid().ToString("N")), ct);
        }, ct);
        await LoadAsync(ct);
        return ended > 0;
    }

    /// <summary>As the posts that are still held: a retired one sees and asks for nothing. Null where the account had posts and every one has been retired.</summary>
    private Staff? StaffOf(string id, string? userName, Role role, string? post, IEnumerable<string> others, HashSet<string> retired)
    {
        if (post is null) return new Staff(id, userName ?? string.Empty, role, null);
        Post[] held = [.. others.Prepend(post).Where(p => !retired.Contains(p)).Distinct().Select(roster.FindPost).OfType<Post>()];
        return held.Length == 0 ? null : new Staff(id, userName ?? string.Empty, role, held[0]) { Posts = held };
    }

    public void Dispose() => _loading.Dispose();
}
