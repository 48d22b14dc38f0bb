using System.Collections.Frozen;
using System.Security.Claims;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Hub.Accounts;

/// <summary>A signed-in member of staff.</summary>
public sealed record Staff(string Id, string UserName, Role Role, Post? Post);

/// <summary>
/// The accounts that are valid now, in memory, so that revocation can be asked on every request, invocation and frame. Read anew
/// whenever accounts change.
/// </summary>
public sealed class AccountBook(Database database, Roster roster, IOptions<IdentityOptions> identity) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile FrozenDictionary<string, (Staff Staff, string? Stamp)> _accounts = FrozenDictionary<string, (Staff, string?)>.Empty;

    /// <summary>The account of a principal; null where nobody is signed in, the account is gone, or it has been revoked since.</summary>
    public Staff? Of(ClaimsPrincipal? principal)
    {
        if (principal?.Identity?.IsAuthenticated != true || principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id) return null;
        if (!_accounts.TryGetValue(id, out var known)) return null;
        return known.Stamp == principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) ? known.Staff : null;
    }

    /// <summary>
    /// Whether a principal's account is still valid, to be asked often by one asker: looked up again only when the accounts have been
    /// read anew.
    /// </summary>
    public Func<bool> Validity(ClaimsPrincipal? principal)
    {
        var (looked, valid) = (_accounts, Of(principal) is not null);
        return () =>
        {
            var accounts = _accounts;
            if (!ReferenceEquals(accounts, looked)) (looked, valid) = (accounts, Of(principal) is not null);
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
            var rows = await db.Users.AsNoTracking().Select(a => new { a.Id, a.UserName, a.Role, a.Post, a.SecurityStamp }).ToListAsync(ct);
            _accounts = rows.ToFrozenDictionary(a => a.Id, a => (new Staff(a.Id, a.UserName ?? string.Empty, a.Role, roster.FindPost(a.Post)), a.SecurityStamp));
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Ends every cookie and token of an account: on this node at once, on others when they next look, within a second.</summary>
    public async Task RevokeAsync(string userName, CancellationToken ct)
    {
        var name = userName.ToUpperInvariant();
        await database.WriteAsync(async db =>
        {
            await db.ChangedAsync(BookWatch.Accounts, ct);
            return await db.Users.Where(a => a.NormalizedUserName == name).ExecuteUpdateAsync(s => s.SetProperty(a => a.SecurityStamp, Guid.NewGuid().ToString("N")), ct);
        }, ct);
        await LoadAsync(ct);
    }

    public void Dispose() => _loading.Dispose();
}
