using System.Buffers;
using System.Buffers.Binary;

namespace DispatchCenter.Hub.Kernel;

/// <summary>WebP (RFC 9649): a RIFF file. Keeps the picture, its transparency, the numbers of its colours, and which way up it is held; an animation is not a photo.</summary>
internal static class WebPFile
{
    private const int Header = 12;
    private const byte HasAlpha = 0x10, HasProfile = 0x20, HasExif = 0x08;

    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        if (file.Length < Header + 8 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WEBP"u8)) return null;
        var kept = new ArrayBufferWriter<byte>(file.Length);
        var (at, size, up) = (Header, (Width: 0, Height: 0), Exif.Upright);
        byte[]? profile = null, canvas = null;
        while (at + 8 <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if (length > file.Length - at - 8) return null;
            var padded = Math.Min((int)length + 8 + ((int)length & 1), file.Length - at);
            var chunk = file.Slice(at, padded);
            var data = chunk.Slice(8, (int)length);
            at += padded;
            if (chunk.StartsWith("VP8X"u8))
            {
                if (kept.WrittenCount > 0 || canvas is not null || length != 10) return null;
                canvas = data.ToArray();
            }
            else if (chunk.StartsWith("VP8 "u8) || chunk.StartsWith("VP8L"u8))
            {
                if (size.Width > 0 || SizeOf(data, lossless: chunk[3] == (byte)'L') is not { } found) return null;
                size = found;
                Write(kept, chunk);
            }
            else if (chunk.StartsWith("ALPH"u8)) Write(kept, chunk);
            else if (chunk.StartsWith("ICCP"u8)) profile ??= ColourProfile.Clean(data);
            else if (chunk.StartsWith("EXIF"u8)) up = Exif.Up(data.StartsWith("Exif\0\0"u8) ? data[6..] : data); // some writers put JPEG's name before the TIFF
        }

        return size.Width > 0 ? new PhotoFile(PhotoFile.WebP, size.Width, size.Height, Whole(canvas, profile, kept.WrittenSpan, up)) : null;
    }

    private static void Write(ArrayBufferWriter<byte> kept, ReadOnlySpan<byte> chunk)
    {
        kept.Write(chunk);
        if ((chunk.Length & 1) != 0) kept.Write<byte>([0]); // the padding of the last chunk may be missing
    }

    /// <param name="canvas">Of the extended format: its flags and size. Without it, a file has nothing but the picture.</param>
    private static byte[] Whole(byte[]? canvas, byte[]? profile, ReadOnlySpan<byte> picture, int up)
    {
        if (canvas is not null) canvas[0] = (byte)((canvas[0] & HasAlpha) | (profile is null ? 0 : HasProfile) | (up == Exif.Upright ? 0 : HasExif)); // claims nothing else
        byte[] whole =
        [
            .. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8,
            .. canvas is null ? [] : Chunk("VP8X"u8, canvas),
            .. canvas is null || profile is null ? [] : Chunk("ICCP"u8, profile),
            .. picture,
            .. canvas is null || up == Exif.Upright ? [] : Chunk("EXIF"u8, Exif.Of(up)),
        ];
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(4), whole.Length - 8);
        return whole;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] chunk = [.. name, 0, 0, 0, 0, .. data, .. new byte[data.Length & 1]];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        return chunk;
    }

    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> data, bool lossless)
    {
        if (lossless)
        {
            if (data.Length < 5 || data[0] != 0x2F) return null;
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        if (data.Length < 10 || !data[3..].StartsWith<byte>([0x9D, 0x01, 0x2A])) return null;
        var (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
        return width > 0 && height > 0 ? (width, height) : null;
    }
}
