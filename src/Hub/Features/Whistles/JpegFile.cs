using System.Buffers;
using System.Buffers.Binary;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>JPEG (ITU-T T.81): a sequence of marked segments, with compressed image data after each start of scan.</summary>
internal static class JpegFile
{
    private const byte EndOfImage = 0xD9, StartOfScan = 0xDA, Exif = 0xE1, Adobe = 0xEE;

    /// <summary>"Exif", two zeros, and a big-endian TIFF with one entry: the orientation, its value at <see cref="OrientationAt"/>.</summary>
    private static readonly byte[] UpSegment =
        [0xFF, Exif, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];

    private const int OrientationAt = 29;

    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith<byte>([0xFF, 0xD8])) return null;
        var kept = new ArrayBufferWriter<byte>(file.Length);
        var (at, width, height, up, hasScan) = (2, 0, 0, 1, false);
        while (true)
        {
            while (at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == 0xFF) at++; // fill bytes
            if (at + 1 >= file.Length || file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == EndOfImage) return hasScan ? new PhotoFile(PhotoFile.Jpeg, width, height, Whole(up, kept.WrittenSpan)) : null; // the rest is dropped
            if (at + 4 > file.Length || BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]) is var length && (length < 2 || at + 2 + length > file.Length)) return null;
            var segment = file.Slice(at, 2 + length);
            at += segment.Length;
            switch (marker)
            {
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) when segment.Length >= 10: // the frame header, with its size
                    (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[7..]));
                    kept.Write(segment);
                    break;
                case 0xC4 or 0xCC or 0xDB or 0xDD: // tables, restart interval
                case Adobe when length == 14 && segment[4..].StartsWith("Adobe"u8): // the colour transform
                    kept.Write(segment);
                    break;
                case StartOfScan:
                    hasScan = true;
                    kept.Write(segment);
                    var end = EndOfScan(file, at);
                    if (end < 0) return null;
                    kept.Write(file[at..end]);
                    at = end;
                    break;
                case Exif when up == 1:
                    up = Orientation(segment[4..]);
                    break;
                case (>= 0xE0 and <= 0xEF) or 0xFE: // application segments and comments
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>The marker that ends the compressed data: not a stuffed byte, not a restart.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length) return -1;
            at += next;
            var marker = file[at + 1];
            if (marker == 0xFF) at++;
            else if (marker is 0 or (>= 0xD0 and <= 0xD7)) at += 2;
            else return at;
        }
    }

    private static byte[] Whole(int up, ReadOnlySpan<byte> kept)
    {
        if (up == 1) return [0xFF, 0xD8, .. kept, 0xFF, EndOfImage];
        var segment = UpSegment.ToArray();
        segment[OrientationAt] = (byte)up;
        return [0xFF, 0xD8, .. segment, .. kept, 0xFF, EndOfImage];
    }

    /// <summary>1 to 8 as in EXIF; 1 if unspecified.</summary>
    private static int Orientation(ReadOnlySpan<byte> exif)
    {
        if (exif.Length < 14 || !exif.StartsWith("Exif\0\0"u8)) return 1;
        var tiff = exif[6..];
        var little = tiff[0] == (byte)'I';
        var first = Int32(tiff[4..], little);
        if (first < 8 || first > tiff.Length - 2) return 1;
        var entries = tiff[(int)first..];
        for (var i = 0; i < Int16(entries, little) && 2 + ((i + 1) * 12) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + (i * 12), 12);
            if (Int16(entry, little) == 0x0112) return Int16(entry[8..], little) is >= 1 and <= 8 and var up ? up : 1;
        }

        return 1;
    }

    private static int Int16(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static long Int32(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
