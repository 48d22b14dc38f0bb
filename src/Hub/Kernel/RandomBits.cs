using System.Security.Cryptography;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Random bits of the system's generator, asked for in advance: a call for a few bytes takes as long as one for a thousand.</summary>
internal static class RandomBits
{
    private const int Ahead = 1_024;

    [ThreadStatic]
    private static byte[]? pool;

    [ThreadStatic]
    private static int left;

    /// <summary>None is given twice, nor kept after it was given.</summary>
    public static void Fill(Span<byte> bits)
    {
        pool ??= new byte[Ahead];
        if (left < bits.Length)
        {
            RandomNumberGenerator.Fill(pool);
            left = Ahead;
        }

        left -= bits.Length;
        var some = pool.AsSpan(left, bits.Length);
        some.CopyTo(bits);
        some.Clear();
    }
}
