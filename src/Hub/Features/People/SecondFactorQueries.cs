using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>The second factor of an account, as its owner sees it.</summary>
/// <param name="CodesLeft">Recovery codes that have not been used.</param>
public sealed record SecondFactorView(DateTimeOffset Since, int CodesLeft);

/// <summary>The second factor of an account as it is now: what would be accepted.</summary>
internal sealed record SecondFactor(string Secret, long Step, IReadOnlyList<string> Hashes);

/// <summary>Reads second factors.</summary>
public sealed class SecondFactorQueries(Database database, DispatchOptions options, TimeProvider time)
{
    /// <summary>What is asked beside the password, and whether a code would do. Takes alike for accounts without one and for names without account.</summary>
    /// <param name="account">Empty for a name without account.</param>
    /// <param name="typed">Null if no code was given.</param>
    public async Task<(bool IsAsked, bool Matches)> AskAsync(string account, string? typed, CancellationToken ct)
    {
        await using var db = database.Context();
        var factor = await OfAsync(db, account, ct);
        return options.SecondFactor == SecondFactorPolicy.Off || factor is null ? (false, false) : (true, typed is not null && Matches(db, account, factor, typed, time.GetUtcNow()) is not null);
    }

    /// <summary>Null if it has none.</summary>
    public async Task<SecondFactorView?> FindAsync(string account, CancellationToken ct)
    {
        await using var db = database.Context();
        var since = await db.SecondFactors.Where(f => f.Account == account).Select(f => (DateTimeOffset?)f.SinceAt).FirstOrDefaultAsync(ct);
        return since is { } at ? new SecondFactorView(at, await db.RecoveryCodes.CountAsync(r => r.Account == account, ct)) : null;
    }

    internal static async Task<SecondFactor?> OfAsync(DispatchDb db, string account, CancellationToken ct)
    {
        var row = await db.SecondFactors.AsNoTracking().FirstOrDefaultAsync(f => f.Account == account, ct);
        var hashes = await db.RecoveryCodes.AsNoTracking().Where(r => r.Account == account).Select(r => r.Hash).ToListAsync(ct);
        return row is null ? null : new SecondFactor(db.DataKeys.Decrypt(row.Secret), row.Step, hashes);
    }

    /// <summary>What a code would use up: a step that is later than every one before, or a recovery code. Null if it is wrong or has been used.</summary>
    internal static Use? Matches(DispatchDb db, string account, SecondFactor factor, string typed, DateTimeOffset now)
    {
        var code = OneTimeCode.Plain(typed);
        if (OneTimeCode.StepOf(factor.Secret, code, now) is { } step) return step > factor.Step ? new Use.Step(step) : null;
        var hash = HashOf(db, account, code);
        return factor.Hashes.Any(known => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(known), Encoding.ASCII.GetBytes(hash))) ? new Use.RecoveryCode(hash) : null;
    }

    internal static string HashOf(DispatchDb db, string account, string code) => db.DataKeys.CodeOf($"recovery\n{account}\n{OneTimeCode.Plain(code)}");

    internal abstract record Use
    {
        private Use()
        {
        }

        public sealed record Step(long At) : Use;

        public sealed record RecoveryCode(string Hash) : Use;
    }
}
