using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>Chance that depends on the seed and on what is asked about, not on the order in which threads ask.</summary>
internal sealed class Dice(int seed)
{
    private readonly string _seed = seed.ToString(CultureInfo.InvariantCulture);

    /// <returns>From 0 up to, and without, 1.</returns>
    public double Roll(params IEnumerable<string> about) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', about.Prepend(_seed))))) / (uint.MaxValue + 1.0);
}
