using System.Buffers.Text;
using System.Security.Cryptography;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// 128 random bits in a row that can be erased. Its digest stays in the audit chain; without them a telephone number could be found again by trying all of them.
/// </summary>
internal static class Salt
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
