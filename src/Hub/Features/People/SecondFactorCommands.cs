using System.Security.Cryptography;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>Recovery codes as they are shown, once.</summary>
public sealed record FreshCodes(IReadOnlyList<string> Codes);

/// <summary>
/// 二次验证: a person turns theirs on and off, an administrator resets another's. Either ends every session of the account. Whether the person's own password or code is
/// right has been checked before. Each is an act in the audit journal.
/// </summary>
/// <param name="accounts">Null on the command line.</param>
public sealed class SecondFactorCommands(Database database, AccountBook? accounts, DispatchOptions options, TimeProvider time)
{
    /// <summary>Recovery codes made at once.</summary>
    public const int CodesMade = 10;

    // Digits, because a phone shows only those where a code is typed. Sixteen hold 53 bits; without the key of the hash they cannot be tried out.
    private const string Digits = "0123456789";
    private const int Groups = 4, GroupLength = 4;

    /// <summary>Uses up a code: true for one request only, whichever node it reaches.</summary>
    public Task<bool> UseAsync(string account, string typed, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var now = time.GetUtcNow();
        if (await SecondFactorQueries.OfAsync(db, account, ct) is not { } factor) return false;
        switch (SecondFactorQueries.Matches(db, account, factor, typed, now))
        {
            case SecondFactorQueries.Use.Step step:
                (await db.SecondFactors.FirstAsync(f => f.Account == account, ct)).Step = step.At;
                break;
            case SecondFactorQueries.Use.RecoveryCode code:
                db.RecoveryCodes.Remove(await db.RecoveryCodes.FirstAsync(r => r.Account == account && r.Hash == code.Hash, ct));
                db.Act(account, now, Acts.RecoveryCodeUsed, $"account:{account}");
                break;
            case null:
                return false;
        }

        await db.SaveChangesAsync(ct);
        return true;
    }, ct);

    /// <summary>Puts a secret in force that a code of it proves; the code is used up. Every session of the account ends.</summary>
    /// <param name="session">The one that asks: it may have ended while the request was on its way.</param>
    public async Task<Outcome<FreshCodes>> TurnOnAsync(Staff who, AccountSession session, string secret, string? typed, CancellationToken ct)
    {
        if (options.SecondFactor == SecondFactorPolicy.Off) return Outcome.Of("second_factor_off").As<FreshCodes>();
        var now = time.GetUtcNow();
        if (OneTimeCode.StepOf(secret, OneTimeCode.Plain(typed), now) is not { } step) return Outcome.Of(Codes.SecondFactorWrong).As<FreshCodes>();
        FreshCodes? made = null;
        var outcome = await ChangeAsync(who.UserName, async (db, account) =>
        {
            if (account.SecurityStamp != session.Stamp || await db.EndedSessions.AnyAsync(s => s.Session == session.Id, ct)) return Outcome.Of(Codes.Unauthenticated);
            if (await db.SecondFactors.AnyAsync(f => f.Account == account.Id, ct)) return Outcome.Of("second_factor_there");
            db.SecondFactors.Add(new SecondFactorRow { Account = account.Id, Secret = db.DataKeys.Encrypt(SecondFactorRow.SecretColumn, secret), Step = step, SinceAt = now });
            db.Act(who.Id, now, Acts.SecondFactorOn, Acts.Of(account));
            made = MakeCodes(db, account.Id);
            return Outcome.Of(Codes.Ok);
        }, ct);
        return outcome.Ok ? made! : outcome.As<FreshCodes>();
    }

    /// <summary>The person's own; a code has been used up for it.</summary>
    public Task<Outcome> TurnOffAsync(Staff who, CancellationToken ct) => RemoveAsync(who.UserName, who.Id, Acts.SecondFactorOff, ct);

    /// <summary>Another's, who has lost phone and recovery codes: they sign in with their password alone, and set it up anew.</summary>
    /// <param name="by">An account's id, or <see cref="Acts.BySystem"/>.</param>
    public Task<Outcome> ResetAsync(string by, string? userName, CancellationToken ct) => RemoveAsync(userName ?? string.Empty, by, Acts.SecondFactorReset, ct);

    /// <summary>Ten new recovery codes; those before are void. Sessions go on.</summary>
    public Task<Outcome<FreshCodes>> RenewCodesAsync(Staff who, CancellationToken ct) => database.WriteAsync<Outcome<FreshCodes>>(async db =>
    {
        if (!await db.SecondFactors.AnyAsync(f => f.Account == who.Id, ct)) return Outcome.Of("second_factor_none").As<FreshCodes>();
        db.RecoveryCodes.RemoveRange(await db.RecoveryCodes.Where(r => r.Account == who.Id).ToListAsync(ct));
        db.Act(who.Id, time.GetUtcNow(), Acts.RecoveryCodesMade, $"account:{who.Id}");
        var made = MakeCodes(db, who.Id);
        await db.SaveChangesAsync(ct);
        return made;
    }, ct);

    private Task<Outcome> RemoveAsync(string userName, string by, string act, CancellationToken ct) => ChangeAsync(userName, async (db, account) =>
    {
        if (act == Acts.SecondFactorReset && account.Id == by) return Outcome.Of("second_factor_own");
        if (!await db.RemoveSecondFactorAsync(account.Id, ct)) return Outcome.Of("second_factor_none");
        db.Act(by, time.GetUtcNow(), act, Acts.Of(account));
        return Outcome.Of(Codes.Ok);
    }, ct);

    /// <summary>Changes an open account, and ends its sessions if that was not refused.</summary>
    private async Task<Outcome> ChangeAsync(string userName, Func<DispatchDb, Account, Task<Outcome>> change, CancellationToken ct)
    {
        var name = Account.NameOf(userName).ToUpperInvariant();
        var outcome = await database.WriteAsync(async db =>
        {
            if (await db.Users.FirstOrDefaultAsync(a => a.NormalizedUserName == name && a.PasswordHash != null, ct) is not { } account) return Outcome.Of("staff_unknown");
            var done = await change(db, account);
            if (!done.Ok) return done;
            account.SecurityStamp = Guid.NewGuid().ToString("N");
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(AccountBook.Name, ct);
            return done;
        }, ct);
        if (outcome.Ok && accounts is not null) await accounts.LoadAsync(ct);
        return outcome;
    }

    private static FreshCodes MakeCodes(DispatchDb db, string account)
    {
        var made = Enumerable.Range(0, CodesMade).Select(_ => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Digits, GroupLength)))).ToList();
        db.RecoveryCodes.AddRange(made.Select(code => new RecoveryCodeRow { Account = account, Hash = SecondFactorQueries.HashOf(db, account, code) }));
        return new FreshCodes(made);
    }
}

/// <summary>What goes with an account.</summary>
internal static class SecondFactorRemoval
{
    /// <summary>Removes the second factor of an account and its recovery codes, once the context is saved; false if it has none.</summary>
    public static async Task<bool> RemoveSecondFactorAsync(this DispatchDb db, string account, CancellationToken ct)
    {
        if (await db.SecondFactors.FirstOrDefaultAsync(f => f.Account == account, ct) is not { } factor) return false;
        db.SecondFactors.Remove(factor);
        db.RecoveryCodes.RemoveRange(await db.RecoveryCodes.Where(r => r.Account == account).ToListAsync(ct));
        return true;
    }
}
