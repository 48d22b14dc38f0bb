using System.Buffers;
using System.Buffers.Binary;

namespace DispatchCenter.Hub.Kernel;

/// <summary>JPEG (ITU-T T.81): a sequence of marked segments, with compressed image data after each start of scan.</summary>
internal static class JpegFile
{
    private const byte EndOfImage = 0xD9, StartOfScan = 0xDA, ExifMarker = 0xE1, Profile = 0xE2, Adobe = 0xEE;

    /// <summary>Before the TIFF, and before a profile that fits into one segment.</summary>
    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    private static ReadOnlySpan<byte> ProfileName => "ICC_PROFILE\0\u0001\u0001"u8;

    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith<byte>([0xFF, 0xD8])) return null;
        var kept = new ArrayBufferWriter<byte>(file.Length);
        var (at, width, height, up, hasScan) = (2, 0, 0, Exif.Upright, false);
        byte[]? profile = null;
        while (true)
        {
            while (at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == 0xFF) at++; // fill bytes
            if (at + 1 >= file.Length || file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == EndOfImage) return hasScan ? new PhotoFile(PhotoFile.Jpeg, width, height, Whole(up, profile, kept.WrittenSpan)) : null; // the rest is dropped
            if (at + 4 > file.Length || BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]) is var length && (length < 2 || at + 2 + length > file.Length)) return null;
            var segment = file.Slice(at, 2 + length);
            at += segment.Length;
            switch (marker)
            {
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) when segment.Length >= 10 && width == 0 && !hasScan: // the frame header, with its size; a second one would say another
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
                case ExifMarker when up == Exif.Upright && segment[4..].StartsWith(ExifName):
                    up = Exif.Up(segment[(4 + ExifName.Length)..]);
                    break;
                case Profile when profile is null && segment[4..].StartsWith(ProfileName):
                    profile = ColourProfile.Clean(segment[(4 + ProfileName.Length)..]);
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

    private static byte[] Whole(int up, byte[]? profile, ReadOnlySpan<byte> kept) =>
    [
        0xFF, 0xD8,
        .. up == Exif.Upright ? [] : Segment(ExifMarker, ExifName, Exif.Of(up)),
        .. profile is null ? [] : Segment(Profile, ProfileName, profile),
        .. kept, 0xFF, EndOfImage,
    ];

    private static byte[] Segment(byte marker, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] segment = [0xFF, marker, 0, 0, .. name, .. data];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(segment.Length - 2));
        return segment;
    }
}
