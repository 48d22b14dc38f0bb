using System.Globalization;
using System.Security.Cryptography;
using OtpNet;

namespace DispatchCenter.Hub.Features.People;

/// <summary>Time-based one-time passwords (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, six digits, steps of 30 s since 1970.</summary>
public static class OneTimeCode
{
    /// <summary>The length of a secret: 160 bits, as RFC 4226 §4 recommends.</summary>
    public const int SecretBytes = 20;

    public const int Digits = 6;

    /// <summary>How many steps a phone's clock may differ, either way (RFC 6238 §5.2).</summary>
    public const int Window = 1;

    /// <summary>The maximum characters of what somebody types as a code.</summary>
    public const int LongestTyped = 40;

    /// <summary>How long a code counts as a new one.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>A new secret in base32, as apps take it.</summary>
    public static string NewSecret() => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The step whose code this is, at most <see cref="Window"/> away; null if it is none.</summary>
    public static long? StepOf(string secret, string code, DateTimeOffset at) =>
        code.Length == Digits && Of(secret).VerifyTotp(at.UtcDateTime, code, out var step, new VerificationWindow(Window, Window)) ? step : null;

    /// <summary>What a QR code says to an app.</summary>
    /// <param name="issuer">What the app shows above the account.</param>
    public static string AddressOf(string issuer, string account, string secret) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={secret}&issuer={Uri.EscapeDataString(issuer)}";

    /// <summary>The digits of a code, without what a person or a keyboard adds: blanks, hyphens, full width. Empty if it is too long to be one.</summary>
    public static string Plain(string? typed)
    {
        if (typed is null or { Length: > LongestTyped }) return string.Empty;
        return string.Concat(typed.Select(CharUnicodeInfo.GetDecimalDigitValue).Where(digit => digit >= 0).Select(digit => (char)('0' + digit)));
    }

    private static Totp Of(string secret) => new(Base32Encoding.ToBytes(secret), (int)Step.TotalSeconds, OtpHashMode.Sha1, Digits);
}
