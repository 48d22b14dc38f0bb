using System.Buffers.Binary;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// A minimal bearer token: the account's id, its security stamp and its expiry, protected with the keys
/// that all nodes share. It is part of the URL of every watching connection for as long as that lives, so its length matters.
/// </summary>
internal sealed class ShortTicket(IDataProtectionProvider protection, IOptions<IdentityOptions> identity) : ISecureDataFormat<AuthenticationTicket>
{
    private readonly IDataProtector _protector = protection.CreateProtector("DispatchCenter.Web.ShortTicket.v1");

    public string Protect(AuthenticationTicket data) => Protect(data, null);

    public string Protect(AuthenticationTicket data, string? purpose)
    {
        var text = System.Text.Encoding.UTF8.GetBytes($"{Claim(data, ClaimTypes.NameIdentifier)}\n{Claim(data, Stamp)}");
        var bytes = new byte[sizeof(long) + text.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, data.Properties.ExpiresUtc?.ToUnixTimeSeconds() ?? throw new InvalidOperationException("A token must have an expiry."));
        text.CopyTo(bytes, sizeof(long));
        return WebEncoders.Base64UrlEncode(For(purpose).Protect(bytes));
    }

    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, null);

    /// <returns>Null for anything that none of our nodes issued.</returns>
    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        try
        {
            var bytes = For(purpose).Unprotect(WebEncoders.Base64UrlDecode(protectedText ?? string.Empty));
            var words = System.Text.Encoding.UTF8.GetString(bytes.AsSpan(sizeof(long))).Split('\n');
            var who = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, words[0]), new Claim(Stamp, words[1])], IdentityConstants.BearerScheme);
            var ends = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(bytes));
            return new AuthenticationTicket(new ClaimsPrincipal(who), new AuthenticationProperties { ExpiresUtc = ends }, IdentityConstants.BearerScheme);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private string Stamp => identity.Value.ClaimsIdentity.SecurityStampClaimType;

    private IDataProtector For(string? purpose) => purpose is null ? _protector : _protector.CreateProtector(purpose);

    private static string Claim(AuthenticationTicket ticket, string type) =>
        ticket.Principal.FindFirstValue(type) ?? throw new InvalidOperationException($"The account's principal has no claim {type}.");
}
