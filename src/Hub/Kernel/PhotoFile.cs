using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Kernel;

/// <summary>A photo as it is served.</summary>
public sealed record KeptPhoto(string Type, byte[] Bytes);

/// <summary>
/// A photo as it is stored: its type, as its own bytes show it, its size, and nothing in it but the picture. Place, time, device and anything
/// else in the file is removed; of EXIF, only the orientation is kept, and of a colour profile its numbers.
/// </summary>
public sealed record PhotoFile(string Type, int Width, int Height, byte[] Bytes)
{
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string WebP = "image/webp";

    /// <summary>Photos with more pixels are refused: a small file must not unpack to gigabytes on someone's phone. A camera's photo with more of them has more bytes than may be sent, too.</summary>
    public const long MostPixels = 64_000_000;

    /// <summary>The size limit of one photo in bytes. The pages send about 300 KB; without script, a phone sends what its camera made.</summary>
    public const int SizeLimit = 10 * 1024 * 1024;

    public static Outcome TooLarge() => Outcome.Of(Codes.PhotoTooLarge, ((SizeLimit / 1024 / 1024).ToString(System.Globalization.CultureInfo.InvariantCulture), (SizeLimit / 1024 / 1024).ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public long Pixels => (long)Width * Height;

    /// <summary>The brands of a container of pictures that no browser but one maker's opens (ISO/IEC 23008-12).</summary>
    private static readonly string[] HeicBrands = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

    /// <summary>Which sentence tells the sender of a file that <see cref="Clean"/> refuses what it is.</summary>
    public static string WhyNot(ReadOnlySpan<byte> file)
    {
        if (file.Length >= 12 && file[4..8].SequenceEqual("ftyp"u8))
            return HeicBrands.Contains(System.Text.Encoding.ASCII.GetString(file[8..12])) ? "photo_heic" : "photo_video";
        if (file.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) || (file.Length >= 12 && file[..4].SequenceEqual("RIFF"u8) && file[8..12].SequenceEqual("AVI "u8))) return "photo_video";
        var begins = file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) || (file.Length >= 12 && file[8..12].SequenceEqual("WEBP"u8));
        return begins ? "photo_cut" : Codes.PhotoInvalid;
    }

    /// <summary>Reads a JPEG, PNG or WebP, whatever it claims to be, and removes everything but the picture. Null for anything else or a broken file.</summary>
    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        var clean = JpegFile.Clean(file) ?? PngFile.Clean(file) ?? WebPFile.Clean(file);
        return clean is { Width: > 0, Height: > 0, Pixels: <= MostPixels } ? clean : null;
    }
}
