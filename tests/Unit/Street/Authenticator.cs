using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace DispatchCenter.Tests;

/// <summary>The app on a phone: RFC 6238 once more, without the library that the server uses.</summary>
/// <param name="secret">In base32, with or without blanks.</param>
internal sealed class Authenticator(string secret)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly byte[] _key = Decode(secret);

    /// <summary>The recovery codes that came with it.</summary>
    public IReadOnlyList<string> Recovery { get; init; } = [];

    public string Secret => secret;

    /// <summary>What it shows.</summary>
    /// <param name="off">Steps by which its clock is fast.</param>
    public string At(DateTimeOffset now, int off = 0)
    {
        Span<byte> step = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, (now.ToUnixTimeSeconds() / 30) + off);
#pragma warning disable CA5350 // what the standard and the apps use
        var hash = HMACSHA1.HashData(_key, step);
#pragma warning restore CA5350
        var number = (BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>A code that it does not show now, nor soon.</summary>
    public string Wrong(DateTimeOffset now) => Enumerable.Range(0, 9).Select(i => $"00000{i}").First(code => Enumerable.Range(-2, 5).All(off => At(now, off) != code));

    private static byte[] Decode(string base32)
    {
        var (bytes, bits, held) = (new List<byte>(), 0, 0);
        foreach (var letter in base32.Where(char.IsAsciiLetterOrDigit))
        {
            (bits, held) = ((bits << 5) | Letters.IndexOf(letter, StringComparison.Ordinal), held + 5);
            if (held < 8) continue;
            held -= 8;
            bytes.Add((byte)(bits >> held));
            bits &= (1 << held) - 1;
        }

        return [.. bytes];
    }
}
