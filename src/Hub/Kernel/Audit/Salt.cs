using System.Buffers.Text;
using System.Security.Cryptography;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// 128 random bits in a row that can be erased. Its digest stays in the audit chain; without them a telephone number could be found again by trying all of them.
/// </summary>
internal static class Salt
{
    private const int Length = 16;

    /// <summary>Asked of the system 64 at a time: a call for one takes longer than all else here.</summary>
    [ThreadStatic]
    private static byte[]? ahead;

    [ThreadStatic]
    private static int left;

    public static string New()
    {
        var bytes = ahead ??= new byte[64 * Length];
        if (left == 0) RandomNumberGenerator.Fill(bytes);
        left = (left == 0 ? bytes.Length : left) - Length;
        return Base64Url.EncodeToString(bytes.AsSpan(left, Length));
    }
}
