using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Tests;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>Second factors of a street's accounts.</summary>
internal static class SecondFactors
{
    /// <summary>Turns one on, as the account's page does, and waits for the next code.</summary>
    public static async Task<Authenticator> ProveAsync(this TestStreet street, string userName)
    {
        var secret = OneTimeCode.NewSecret();
        var made = await street.Service<SecondFactorCommands>().TurnOnAsync(await street.StaffAsync(userName), await street.SessionAsync(userName), secret, new Authenticator(secret).At(street.Now), CancellationToken.None);
        Assert.True(made.Ok, made.Code);
        street.FastForward(OneTimeCode.Step);
        return new Authenticator(secret) { Recovery = made.Value!.Codes };
    }

    /// <summary>A session that the account might have.</summary>
    public static async Task<AccountSession> SessionAsync(this TestStreet street, string userName)
    {
        await using var db = street.Service<Database>().Context();
        return new AccountSession("a-session", (await db.Users.AsNoTracking().SingleAsync(u => u.UserName == userName)).SecurityStamp!);
    }

    public static async Task<Staff> StaffAsync(this TestStreet street, string userName)
    {
        await using var db = street.Service<Database>().Context();
        var account = await db.Users.AsNoTracking().SingleAsync(u => u.UserName == userName);
        return new Staff(account.Id, userName, account.Role, null);
    }
}
