using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Hub.Kernel;

/// <summary>The codes of links that are shown once and stored only as a hash: whoever has the code may what the link is for.</summary>
internal static class LinkCode
{
    /// <summary>128 random bits, safe in an address.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a text can be a code at all.</summary>
    public static bool IsOne(string text) => text.Length is >= 20 and <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(code)));
}
