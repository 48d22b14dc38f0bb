using System.Buffers;
using System.Buffers.Binary;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>PNG (ISO/IEC 15948): keeps only the chunks without which the picture cannot be drawn.</summary>
internal static class PngFile
{
    private const int Around = 12; // length, name and checksum of a chunk

    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        if (!file.StartsWith(signature)) return null;
        var kept = new ArrayBufferWriter<byte>(file.Length);
        kept.Write(signature);
        var (at, width, height, hasData) = (signature.Length, 0L, 0L, false);
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
                kept.Write(chunk);
                return hasData ? new PhotoFile(PhotoFile.Png, (int)width, (int)height, kept.WrittenSpan.ToArray()) : null; // the rest is dropped
            }
            else if (name.SequenceEqual("IDAT"u8) || name.SequenceEqual("PLTE"u8) || name.SequenceEqual("tRNS"u8))
            {
                hasData |= name[0] == (byte)'I';
                kept.Write(chunk);
            }
        }

        return null;
    }
}
