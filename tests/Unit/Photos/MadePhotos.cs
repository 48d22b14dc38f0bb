using System.Buffers.Binary;
using System.Text;

namespace DispatchCenter.Tests;

/// <summary>Small files of each kind, by the book, with everything in them that must not be kept.</summary>
internal static class MadePhotos
{
    /// <summary>Stands wherever a camera writes about a person.</summary>
    public const string Secret = "GPS 35.0665 122.3765";

    private static byte[] SecretBytes => Encoding.ASCII.GetBytes(Secret);

    /// <summary>A JPEG of 640 × 480 that is held as EXIF's orientation says.</summary>
    public static byte[] Jpeg(int orientation = 1, byte[]? scan = null) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
        .. Segment(0xE1, [.. "Exif\0\0"u8, .. Tiff(orientation), .. SecretBytes]),
        .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. SecretBytes]),
        .. Segment(0xED, SecretBytes),
        .. Segment(0xFE, SecretBytes),
        .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
        .. Segment(0xC0, [8, 480 >> 8, 480 & 255, 640 >> 8, 640 & 255, 1, 1, 0x11, 0]),
        .. Segment(0xC4, [0, .. Enumerable.Repeat((byte)0, 16)]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
        .. scan ?? [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56],
        0xFF, 0xD9,
        .. SecretBytes, // a motion photo's film, say
    ];

    /// <summary>A JPEG that says where it was taken, as a phone does: 35°5' N, 117°9' E.</summary>
    public static byte[] JpegWithPosition()
    {
        byte[] tiff =
        [
            .. "II"u8, 0x2A, 0, 8, 0, 0, 0,
            1, 0, .. Entry(0x8825, 4, 1, 26), 0, 0, 0, 0,
            4, 0, .. Entry(1, 2, 2, 'N'), .. Entry(2, 5, 3, 80), .. Entry(3, 2, 2, 'E'), .. Entry(4, 5, 3, 104), 0, 0, 0, 0,
            .. Ratio(35), .. Ratio(5), .. Ratio(0), .. Ratio(117), .. Ratio(9), .. Ratio(0),
        ];
        var plain = Jpeg();
        return [.. plain[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]), .. plain[2..]];

        static byte[] Entry(int tag, int type, int count, int value) => [(byte)(tag & 255), (byte)(tag >> 8), (byte)type, 0, (byte)count, 0, 0, 0, (byte)value, 0, 0, 0];
        static byte[] Ratio(byte whole) => [whole, 0, 0, 0, 1, 0, 0, 0];
    }

    /// <summary>A PNG of 640 × 480.</summary>
    public static byte[] Png() =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
        .. Chunk("IHDR", [0, 0, 640 >> 8, 640 & 255, 0, 0, 480 >> 8, 480 & 255, 8, 2, 0, 0, 0]),
        .. Chunk("tEXt", SecretBytes), .. Chunk("eXIf", SecretBytes), .. Chunk("IDAT", [1, 2, 3]), .. Chunk("tIME", SecretBytes), .. Chunk("IEND", []),
        .. SecretBytes,
    ];

    /// <summary>A WebP of 640 × 480 with the extended header.</summary>
    public static byte[] WebP()
    {
        byte[] chunks =
        [
            .. Riff("VP8X", [0x3C, 0, 0, 0, 639 & 255, 639 >> 8, 0, 479 & 255, 479 >> 8, 0]), .. Riff("ICCP", SecretBytes),
            .. Riff("VP8 ", [0x10, 0, 0, 0x9D, 0x01, 0x2A, 640 & 255, 640 >> 8, 480 & 255, 480 >> 8, 7]), .. Riff("EXIF", SecretBytes), .. Riff("XMP ", SecretBytes),
        ];
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)((data.Length + 2) & 255), .. data];

    private static byte[] Tiff(int orientation) => [.. "II"u8, 0x2A, 0, 8, 0, 0, 0, 2, 0, 0x0F, 0x01, 2, 0, 4, 0, 0, 0, 65, 66, 67, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Chunk(string name, byte[] data) => [0, 0, (byte)(data.Length >> 8), (byte)(data.Length & 255), .. Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];

    private static byte[] Riff(string name, byte[] data) => [.. Encoding.ASCII.GetBytes(name), (byte)data.Length, 0, 0, 0, .. data, .. (data.Length % 2 == 1 ? new byte[1] : [])];
}
