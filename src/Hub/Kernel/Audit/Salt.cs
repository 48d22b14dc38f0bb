using System.Buffers.Text;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// 128 random bits in a row that can be erased. Its digest stays in the audit chain; without them a telephone number could be found again by trying all of them.
/// </summary>
internal static class Salt
{
    public static string New()
    {
        Span<byte> bits = stackalloc byte[16];
        RandomBits.Fill(bits);
        return Base64Url.EncodeToString(bits);
    }
}
