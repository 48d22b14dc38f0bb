using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Web.Kernel;

/// <summary>Who is at the door, or why they do not come in.</summary>
/// <param name="Ticket">With <see cref="Codes.SecondFactorRequired"/>: in place of the password, for the step that asks for a code.</param>
public sealed record SignIn(Outcome<Account> Outcome, string? Ticket = null);

/// <summary>
/// Checks names, passwords and codes, as often as <see cref="SignInGate"/> allows. The slow hash runs outside the write gate, so a sign-in never delays a whistle.
/// </summary>
public sealed class DoorCheck(UserManager<Account> users, IHttpContextAccessor context, SecondFactorQueries factors, SecondFactorCommands used, TimedTicket tickets, SignInGate gate, TimeProvider time, DispatchDb db, Database database, ILogger<DoorCheck> log)
{
    /// <summary>How long the second step waits for a code.</summary>
    public static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(5);

    private const string TicketPurpose = "DispatchCenter.SecondStep";

    // Verified for unknown names as well, so the response time reveals nothing.
    private static readonly string Decoy = new PasswordHasher<Account>().HashPassword(new Account(), "decoy");

    /// <summary>What has to be right: a password, then a code if the account has a second factor; or one of them alone.</summary>
    private enum Asks { PasswordAndCode, PasswordAlone, CodeAlone }

    /// <summary>A name, its password and, for an account with a second factor, a code.</summary>
    public async Task<SignIn> CheckAsync(string? userName, string? password, string? code)
    {
        var outcome = await CheckAsync(userName, password, code, Asks.PasswordAndCode);
        if (outcome.Code != Codes.SecondFactorRequired) return new SignIn(outcome);
        var account = await users.FindByNameAsync(Account.NameOf(userName));
        return new SignIn(outcome, account is null ? null : tickets.Make(TicketPurpose, TicketLife, account.UserName!, account.SecurityStamp ?? string.Empty));
    }

    /// <summary>A code, with the ticket for a password that was right and has not changed since.</summary>
    public async Task<SignIn> CheckTicketAsync(string? ticket, string? code)
    {
        var name = NameOf(ticket);
        var outcome = name is not null && await users.FindByNameAsync(name) is { } account && tickets.Read(TicketPurpose, ticket) is [_, var stamp] && stamp == account.SecurityStamp
            ? await CheckAsync(name, null, code, Asks.CodeAlone) : Outcome.Of(Codes.WrongPassword).As<Account>();
        return new SignIn(outcome, outcome.Code is Codes.SecondFactorWrong or Codes.SecondFactorRequired ? ticket : null);
    }

    /// <summary>The account that a ticket is for; null if it is too old.</summary>
    public string? NameOf(string? ticket) => tickets.Read(TicketPurpose, ticket)?[0];

    /// <summary>The password alone, of somebody who is signed in.</summary>
    public Task<Outcome<Account>> CheckPasswordAsync(string userName, string? password) => CheckAsync(userName, password, null, Asks.PasswordAlone);

    /// <summary>A code alone, of somebody who is signed in.</summary>
    public Task<Outcome<Account>> CheckCodeAsync(string userName, string? code) => CheckAsync(userName, null, code, Asks.CodeAlone);

    /// <summary>Who fails is in no log: a mistyped name may be a password. The proxy's log has the address of the same instant.</summary>
    private async Task<Outcome<Account>> CheckAsync(string? userName, string? password, string? code, Asks asks)
    {
        var outcome = await LookAsync(userName, password, string.IsNullOrWhiteSpace(code) ? null : code, asks);
        if (!outcome.Ok && outcome.Code != Codes.SecondFactorRequired) WebLog.SignInFailed(log, outcome.Code);
        return outcome;
    }

    private async Task<Outcome<Account>> LookAsync(string? userName, string? password, string? code, Asks asks)
    {
        if (string.IsNullOrEmpty(userName) || userName.Any(char.IsControl) || (asks != Asks.CodeAlone && (string.IsNullOrEmpty(password) || password.Length > AccountCommands.LongestPassword))) return new(Outcome.Of(Codes.WrongPassword));
        var name = Account.NameOf(userName);
        var account = await users.FindByNameAsync(name);
        var (isAsked, matches) = await factors.AskAsync(account?.Id ?? string.Empty, code, Aborted); // before the password, so that the time does not tell whether that is right
        var attempt = gate.Enter(Http, name, account?.SecurityStamp ?? string.Empty, hasCode: code is not null);
        if (attempt.Closed is { } wait) return Closed(wait);
        if (asks != Asks.CodeAlone && !IsRight(account, password!)) return Refuse(attempt, account, Codes.WrongPassword);
        if (asks != Asks.PasswordAlone && isAsked)
        {
            if (code is null)
            {
                attempt.Withdraw();
                return new(Outcome.Of(Codes.SecondFactorRequired));
            }

            if (attempt.EnterCode() is { } left) return Closed(attempt.OnlyWithCode ?? left); // how long would tell that the password is right
            if (!matches || !await used.UseAsync(account!.Id, code, Aborted)) return Refuse(attempt, account, Codes.SecondFactorWrong);
        }
        else if (attempt.OnlyWithCode is not null || asks == Asks.CodeAlone)
        {
            return Refuse(attempt, account, "second_factor_none");
        }

        if (asks == Asks.PasswordAlone && isAsked) attempt.Withdraw(); // else a password that is known would clear the count of guessed codes
        else attempt.Succeeded();
        return await HasPostAsync(account!) ? account! : Outcome.Of(Codes.PostRetired).As<Account>();
    }

    private bool IsRight(Account? account, string password)
    {
        // A name without an account takes as long, and so does one whose hash is quicker to verify.
        var right = users.PasswordHasher.VerifyHashedPassword(account ?? new Account(), account?.PasswordHash ?? Decoy, password) != PasswordVerificationResult.Failed && account?.PasswordHash is not null;
        if (AccountCommands.IsGiven(account?.PasswordHash)) users.PasswordHasher.VerifyHashedPassword(new Account(), Decoy, password);
        return right;
    }

    private Outcome<Account> Refuse(SignInGate.Try attempt, Account? account, string code)
    {
        if (account is not null) attempt.Failed();
        if (attempt.Closes && account is not null) _ = Task.Run(() => NoteAsync(account)); // not waited for: an answer that comes later would tell that the name is known
        return attempt.OnlyWithCode is { } left ? Closed(left) : new(Outcome.Of(code));
    }

    private static Outcome<Account> Closed(TimeSpan wait) => new(Outcome.Of(Codes.LockedOut) with { RetryAfter = wait });

    private HttpContext Http => context.HttpContext ?? throw new InvalidOperationException("Somebody is checked outside a request.");

    private CancellationToken Aborted => Http.RequestAborted;

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
