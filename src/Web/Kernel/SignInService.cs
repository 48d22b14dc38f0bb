using System.Buffers.Text;
using System.Data.Common;
using System.Security.Claims;
using System.Security.Cryptography;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Checks names and passwords, as often as <see cref="SignInGate"/> allows. The slow hash runs outside the write gate, so a sign-in never delays a whistle.
/// </summary>
public sealed class SignInService(SignInManager<Account> signIns, UserManager<Account> users, AccountCommands people, AccountBook accounts, PushPhones phones, SignInGate gate, TimeProvider time, DispatchDb db, Database database, ILogger<SignInService> log)
{
    /// <summary>The cookie that remembers that sound is on in this browser; see js/kernel/sound.js. It belongs to the account.</summary>
    private const string RingCookie = "ring";

    // Verified for unknown names as well, so the response time reveals nothing.
    private static readonly string Decoy = new PasswordHasher<Account>().HashPassword(new Account(), "decoy");

    /// <summary>Whether sound is on in this browser.</summary>
    public static bool IsArmed(HttpRequest request) => request.Cookies.ContainsKey(RingCookie);

    /// <summary>Signs in with a cookie, for pages.</summary>
    public async Task<Outcome<Account>> SignInAsync(string? userName, string? password)
    {
        var outcome = await CheckAsync(userName, password);
        if (outcome.Value is not { } account) return outcome;
        await EnterAsync(account);
        gate.Know(signIns.Context, account.UserName!);
        signIns.Context.Response.Cookies.Delete(RingCookie); // set by whoever used this browser before
        return outcome;
    }

    /// <summary>The principal for a bearer token.</summary>
    public async Task<Outcome<ClaimsPrincipal>> PrincipalAsync(string? userName, string? password)
    {
        var outcome = await CheckAsync(userName, password);
        return outcome.Value is { } account ? await signIns.CreateUserPrincipalAsync(account) : outcome.As<ClaimsPrincipal>();
    }

    /// <summary>Changes a person's own password if the old one is right, and renews this browser's session; every other session ends.</summary>
    public async Task<Outcome> ChangeAsync(Staff who, string old, string fresh, CancellationToken ct)
    {
        var outcome = await CheckAsync(who.UserName, old);
        if (outcome.Value is not { } account) return outcome;
        var changed = await people.ChooseAsync(who, fresh, ct);
        if (!changed.Ok) return changed;
        await db.Entry(account).ReloadAsync(ct);
        await EnterAsync(account);
        return changed;
    }

    /// <summary>Ends this browser's session, so that a copy of its cookie is worth nothing, and deletes that and the sound cookie.</summary>
    public async Task SignOutAsync(CancellationToken ct)
    {
        signIns.Context.Response.Cookies.Delete(RingCookie);
        await phones.EndAsync(accounts.SessionOf(signIns.Context.User), ct);
        await accounts.EndAsync(signIns.Context.User, time.GetUtcNow(), ct);
        await signIns.SignOutAsync();
    }

    private Task EnterAsync(Account account) =>
        signIns.SignInWithClaimsAsync(account, isPersistent: true, [new Claim(AccountBook.SessionClaim, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)))]);

    /// <summary>Who fails is in no log: a mistyped name may be a password. The proxy's log has the address of the same instant.</summary>
    private async Task<Outcome<Account>> CheckAsync(string? userName, string? password)
    {
        var outcome = await LookAsync(userName, password);
        if (!outcome.Ok) WebLog.SignInFailed(log, outcome.Code);
        return outcome;
    }

    private async Task<Outcome<Account>> LookAsync(string? userName, string? password)
    {
        if (string.IsNullOrEmpty(userName) || string.IsNullOrEmpty(password) || password.Length > AccountCommands.LongestPassword || userName.Any(char.IsControl)) return new(Outcome.Of(Codes.WrongPassword));
        var name = Account.NameOf(userName);
        var account = await users.FindByNameAsync(name);
        var attempt = gate.Enter(signIns.Context, name, account?.SecurityStamp ?? string.Empty);
        if (attempt.Closed is { } wait) return new(Outcome.Of(Codes.LockedOut) with { RetryAfter = wait });
        // A name without an account takes as long, and so does one whose hash is quicker to verify.
        var right = users.PasswordHasher.VerifyHashedPassword(account ?? new Account(), account?.PasswordHash ?? Decoy, password) != PasswordVerificationResult.Failed && account?.PasswordHash is not null;
        if (AccountCommands.IsGiven(account?.PasswordHash)) users.PasswordHasher.VerifyHashedPassword(new Account(), Decoy, password);
        if (!right)
        {
            if (attempt.Closes && account is not null) _ = Task.Run(() => NoteAsync(account)); // not waited for: an answer that comes later would tell that the name is known
            return new(Outcome.Of(Codes.WrongPassword));
        }

        attempt.Succeeded();
        return await HasPostAsync(account!) ? account! : Outcome.Of(Codes.PostRetired).As<Account>();
    }

    /// <summary>For the auditor: somebody has tried too often.</summary>
    private async Task NoteAsync(Account account)
    {
        try
        {
            await database.WriteAsync(async db =>
            {
                db.Act(Acts.BySystem, time.GetUtcNow(), Acts.LockedOut, Acts.Of(account));
                return await db.SaveChangesAsync();
            }, CancellationToken.None);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
        {
            WebLog.LockNotNoted(log, e);
        }
    }

    /// <summary>False if every post of the account has been retired. Queries the database: another node may just have created the account.</summary>
    private async Task<bool> HasPostAsync(Account account) =>
        account.Post is null || await db.Posts.AnyAsync(p => p.RetiredAt == null && (p.Id == account.Post || db.Set<AccountPostRow>().Any(h => h.Account == account.Id && h.Post == p.Id)));
}
