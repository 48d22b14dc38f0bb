using System.Buffers.Binary;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Of EXIF (CIPA DC-008), a TIFF in every kind of picture file, only the orientation is read and kept.</summary>
internal static class Exif
{
    /// <summary>As it is stored: the picture need not be turned.</summary>
    public const int Upright = 1;

    private const int Orientation = 0x0112;

    /// <summary>1 to 8; <see cref="Upright"/> if unspecified.</summary>
    public static int Up(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 10) return Upright;
        var little = tiff[0] == (byte)'I';
        var first = Int32(tiff[4..], little);
        if (first < 8 || first > tiff.Length - 2) return Upright;
        var entries = tiff[(int)first..];
        for (var i = 0; i < Int16(entries, little) && 2 + ((i + 1) * 12) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + (i * 12), 12);
            if (Int16(entry, little) == Orientation) return Int16(entry[8..], little) is >= 1 and <= 8 and var up ? up : Upright;
        }

        return Upright;
    }

    /// <summary>A big-endian TIFF with one entry, the orientation.</summary>
    public static byte[] Of(int up) => [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)up, 0, 0, 0, 0, 0, 0];

    private static int Int16(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static long Int32(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
