using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Identity;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Signs people in and out, in a browser or with a token, and changes what they sign in with. <see cref="DoorCheck"/> checks that.
/// </summary>
public sealed class SignInService(SignInManager<Account> signIns, UserManager<Account> users, DoorCheck door, AccountCommands people, SecondFactorCommands factors, AccountBook accounts, PushPhones phones, SignInGate gate, TimeProvider time, DispatchDb db)
{
    /// <summary>The cookie that remembers that sound is on in this browser; see js/kernel/sound.js. It belongs to the account.</summary>
    private const string RingCookie = "ring";

    /// <summary>Whether sound is on in this browser.</summary>
    public static bool IsArmed(HttpRequest request) => request.Cookies.ContainsKey(RingCookie);

    /// <summary>Signs in with a cookie, for pages.</summary>
    public async Task<SignIn> SignInAsync(string? userName, string? password, string? code) => await EnterAsync(await door.CheckAsync(userName, password, code));

    /// <summary>The second step: a code, with the ticket for a password that was right.</summary>
    public async Task<SignIn> SignInAsync(string? ticket, string? code) => await EnterAsync(await door.CheckTicketAsync(ticket, code));

    /// <summary>The principal for a bearer token.</summary>
    public async Task<Outcome<ClaimsPrincipal>> PrincipalAsync(string? userName, string? password, string? code)
    {
        var outcome = (await door.CheckAsync(userName, password, code)).Outcome;
        return outcome.Value is { } account ? await signIns.CreateUserPrincipalAsync(account) : outcome.As<ClaimsPrincipal>();
    }

    /// <summary>Whether this is the person's own password. A wrong one counts as a failed sign-in.</summary>
    public async Task<Outcome> CheckAsync(Staff who, string? password) => await door.CheckPasswordAsync(who.UserName, password);

    /// <summary>Changes a person's own password if the old one is right, and renews this browser's session; every other session ends.</summary>
    public async Task<Outcome> ChangeAsync(Staff who, string old, string fresh, CancellationToken ct)
    {
        var outcome = await door.CheckPasswordAsync(who.UserName, old);
        return outcome.Value is { } account ? await RenewAsync(account, people.ChooseAsync(who, fresh, ct), ct) : outcome;
    }

    /// <summary>Turns on a person's own second factor, and renews this browser's session; every other session ends.</summary>
    public async Task<Outcome<FreshCodes>> TurnOnAsync(Staff who, string secret, string? code, CancellationToken ct) =>
        await users.FindByIdAsync(who.Id) is { } account && accounts.SessionOf(signIns.Context.User) is { } session ? await RenewAsync(account, factors.TurnOnAsync(who, session, secret, code, ct), ct) : Outcome.Of(Codes.Unauthenticated).As<FreshCodes>();

    /// <summary>Turns it off with a code, and renews this browser's session; every other session ends. A wrong code counts as a failed sign-in.</summary>
    public async Task<Outcome> TurnOffAsync(Staff who, string? code, CancellationToken ct)
    {
        var outcome = await door.CheckCodeAsync(who.UserName, code);
        return outcome.Value is { } account ? await RenewAsync(account, factors.TurnOffAsync(who, ct), ct) : outcome;
    }

    /// <summary>New recovery codes, with a code.</summary>
    public async Task<Outcome<FreshCodes>> RenewCodesAsync(Staff who, string? code, CancellationToken ct)
    {
        var outcome = await door.CheckCodeAsync(who.UserName, code);
        return outcome.Ok ? await factors.RenewCodesAsync(who, ct) : outcome.As<FreshCodes>();
    }

    /// <summary>Ends this browser's session, so that a copy of its cookie is worth nothing, and deletes that and the sound cookie.</summary>
    public async Task SignOutAsync(CancellationToken ct)
    {
        signIns.Context.Response.Cookies.Delete(RingCookie);
        await phones.EndAsync(accounts.SessionOf(signIns.Context.User), ct);
        await accounts.EndAsync(signIns.Context.User, time.GetUtcNow(), ct);
        await signIns.SignOutAsync();
    }

    private async Task<SignIn> EnterAsync(SignIn came)
    {
        if (came.Outcome.Value is not { } account) return came;
        await EnterAsync(account);
        gate.Know(signIns.Context, account.UserName!);
        signIns.Context.Response.Cookies.Delete(RingCookie); // set by whoever used this browser before
        return came;
    }

    /// <summary>After a change that has ended every session of the account: this one goes on.</summary>
    private async Task<T> RenewAsync<T>(Account account, Task<T> change, CancellationToken ct) where T : Outcome
    {
        var changed = await change;
        if (!changed.Ok) return changed;
        await db.Entry(account).ReloadAsync(ct);
        await EnterAsync(account);
        return changed;
    }

    private Task EnterAsync(Account account) =>
        signIns.SignInWithClaimsAsync(account, isPersistent: true, [new Claim(AccountBook.SessionClaim, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)))]);
}
