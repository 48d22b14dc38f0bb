using System.Buffers.Binary;
using System.IO.Compression;
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

    /// <summary>A PNG, of 640 × 480 unless it says otherwise.</summary>
    /// <param name="profile">Of its colours; none if null.</param>
    public static byte[] Png(byte[]? profile = null, int width = 640, int height = 480) =>
    [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
        .. Chunk("IHDR", [0, 0, (byte)(width >> 8), (byte)width, 0, 0, (byte)(height >> 8), (byte)height, 8, 2, 0, 0, 0]),
        .. profile is null ? [] : Chunk("iCCP", [.. "P3"u8, 0, 0, .. Packed(profile)]),
        .. Chunk("tEXt", SecretBytes), .. Chunk("eXIf", SecretBytes), .. Chunk("IDAT", [1, 2, 3]), .. Chunk("tIME", SecretBytes), .. Chunk("IEND", []),
        .. SecretBytes,
    ];

    /// <summary>A WebP of 640 × 480 with the extended header.</summary>
    /// <param name="profile">Of its colours; a broken one if null.</param>
    public static byte[] WebP(byte[]? profile = null)
    {
        byte[] chunks =
        [
            .. Riff("VP8X", [0x3C, 0, 0, 0, 639 & 255, 639 >> 8, 0, 479 & 255, 479 >> 8, 0]), .. Riff("ICCP", profile ?? SecretBytes),
            .. Riff("VP8 ", [0x10, 0, 0, 0x9D, 0x01, 0x2A, 640 & 255, 640 >> 8, 480 & 255, 480 >> 8, 7]), .. Riff("EXIF", SecretBytes), .. Riff("XMP ", SecretBytes),
        ];
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    /// <summary>A profile of colours as a camera writes it, with its maker, model and words.</summary>
    /// <param name="behindTheCurve">More than the curve that it follows needs.</param>
    public static byte[] Profile(byte[]? behindTheCurve = null)
    {
        byte[] curve = [.. "curv"u8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0x33, .. behindTheCurve ?? []];
        (string Name, byte[] Data)[] tags =
        [
            ("desc", [.. "desc"u8, 0, 0, 0, 0, 0, 0, 0, (byte)SecretBytes.Length, .. SecretBytes]), ("wtpt", Colour(0xF351)), ("dmnd", SecretBytes),
            ("rXYZ", Colour(0x6FA0)), ("gXYZ", Colour(0x6297)), ("bXYZ", Colour(0x249F)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ];
        var at = 132 + (tags.Length * 12);
        byte[] profile = [0, 0, 0, 0, .. "lcms"u8, 2, 0x40, 0, 0, .. "mntrRGB XYZ "u8, .. new byte[12], .. "acspMSFT"u8, 0, 0, 0, 0, .. "makrmodl"u8, .. new byte[12], 0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D, .. "me  "u8, .. new byte[44], 0, 0, 0, (byte)tags.Length];
        foreach (var (name, data) in tags)
        {
            profile = [.. profile, .. Encoding.ASCII.GetBytes(name), 0, 0, (byte)(at >> 8), (byte)(at & 255), 0, 0, 0, (byte)data.Length];
            at += data.Length;
        }

        byte[] whole = [.. profile, .. tags.SelectMany(tag => tag.Data)];
        BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length);
        return whole;

        static byte[] Colour(int x) => [.. "XYZ "u8, 0, 0, 0, 0, 0, 0, (byte)(x >> 8), (byte)(x & 255), 0, 0, 0x38, 0xF5, 0, 0, 3, 0x90];
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)((data.Length + 2) & 255), .. data];

    private static byte[] Tiff(int orientation) => [.. "II"u8, 0x2A, 0, 8, 0, 0, 0, 2, 0, 0x0F, 0x01, 2, 0, 4, 0, 0, 0, 65, 66, 67, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Chunk(string name, byte[] data) => [(byte)(data.Length >> 24), (byte)(data.Length >> 16), (byte)(data.Length >> 8), (byte)(data.Length & 255), .. Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];

    private static byte[] Riff(string name, byte[] data) => [.. Encoding.ASCII.GetBytes(name), (byte)data.Length, (byte)(data.Length >> 8), 0, 0, .. data, .. (data.Length % 2 == 1 ? new byte[1] : [])];
}
