using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace DispatchCenter.Web.Kernel;

/// <summary>What a page hands to its own next step, encrypted and for a while: nothing is stored between two forms. Every node reads it.</summary>
public sealed class TimedTicket(IDataProtectionProvider keys, TimeProvider time)
{
    /// <summary>The maximum characters of what is read.</summary>
    private const int Longest = 2_000;

    /// <param name="purpose">The step that reads it; no other does.</param>
    /// <param name="parts">None may contain U+0000.</param>
    public string Make(string purpose, TimeSpan life, params ReadOnlySpan<string> parts) =>
        keys.CreateProtector(purpose).Protect($"{(time.GetUtcNow() + life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}\0{string.Join('\0', parts!)}");

    /// <summary>The parts; null if it is none, or too old.</summary>
    public string[]? Read(string purpose, string? ticket)
    {
        if (ticket is not { Length: > 0 and <= Longest }) return null;
        try
        {
            var parts = keys.CreateProtector(purpose).Unprotect(ticket).Split('\0');
            return long.Parse(parts[0], CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds() ? parts[1..] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
