using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace DispatchCenter.Hub.Kernel;

/// <summary>PNG (ISO/IEC 15948): keeps the chunks without which the picture cannot be drawn, the numbers of its colours, and which way up it is held.</summary>
internal static class PngFile
{
    private const int Around = 12; // length, name and checksum of a chunk

    /// <summary>How the numbers of a pixel are meant (sRGB, gamma, primaries, code points): chunks of a fixed length in bytes, without text.</summary>
    private static readonly Dictionary<string, int> Numbers = new() { ["sRGB"] = 1, ["gAMA"] = 4, ["cHRM"] = 32, ["cICP"] = 4 };

    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        if (!file.StartsWith(signature)) return null;
        var kept = new ArrayBufferWriter<byte>(file.Length);
        kept.Write(signature);
        var (at, width, height, hasData, hasProfile, up) = (signature.Length, 0L, 0L, false, false, Exif.Upright);
        while (at + Around <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - Around) return null;
            var chunk = file.Slice(at, (int)length + Around);
            var name = chunk.Slice(4, 4);
            at += chunk.Length;
            if (width == 0)
            {
                if (!name.SequenceEqual("IHDR"u8) || length != 13) return null;
                (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]));
                if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue) return null;
                kept.Write(chunk);
            }
            else if (name.SequenceEqual("IEND"u8))
            {
                if (up != Exif.Upright) Write(kept, "eXIf"u8, Exif.Of(up));
                kept.Write(chunk);
                return hasData ? new PhotoFile(PhotoFile.Png, (int)width, (int)height, kept.WrittenSpan.ToArray()) : null; // the rest is dropped
            }
            else if (name.SequenceEqual("IDAT"u8) || name.SequenceEqual("PLTE"u8) || name.SequenceEqual("tRNS"u8))
            {
                hasData |= name[0] == (byte)'I';
                kept.Write(chunk);
            }
            else if (!hasData && Numbers.TryGetValue(System.Text.Encoding.ASCII.GetString(name), out var most) && length == most) kept.Write(chunk);
            else if (!hasData && name.SequenceEqual("iCCP"u8))
            {
                if (!hasProfile && ProfileIn(chunk.Slice(8, (int)length)) is { } profile) Write(kept, "iCCP"u8, Packed(profile));
                hasProfile = true;
            }
            else if (name.SequenceEqual("eXIf"u8)) up = Exif.Up(chunk.Slice(8, (int)length));
        }

        return null;
    }

    /// <summary>A profile is packed, behind its name and the method of packing.</summary>
    private static byte[]? ProfileIn(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        if (end < 0 || end + 2 > data.Length) return null;
        try
        {
            using var unpacked = new ZLibStream(new MemoryStream(data[(end + 2)..].ToArray()), CompressionMode.Decompress);
            var profile = new byte[ColourProfile.Largest + 1];
            var length = unpacked.ReadAtLeast(profile, profile.Length, throwOnEndOfStream: false); // of a bomb, no more than this is unpacked
            return ColourProfile.Clean(profile.AsSpan(0, length));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Packed(byte[] profile)
    {
        using var packed = new MemoryStream();
        packed.Write([(byte)'-', 0, 0]);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(profile);
        return packed.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> kept, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Checksum(chunk.AsSpan(4, chunk.Length - 8)));
        kept.Write(chunk);
    }

    /// <summary>CRC-32 of a chunk's name and data (annex D).</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
        }

        return ~sum;
    }
}
