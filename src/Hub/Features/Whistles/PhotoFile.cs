namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A photo as it is served.</summary>
public sealed record KeptPhoto(string Type, byte[] Bytes);

/// <summary>
/// A photo as it is stored: its type, as its own bytes show it, its size, and nothing in it but the picture. Place, time, device and anything
/// else in the file is removed; of EXIF, only the orientation is kept.
/// </summary>
public sealed record PhotoFile(string Type, int Width, int Height, byte[] Bytes)
{
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string WebP = "image/webp";

    /// <summary>Photos with more pixels are refused: a small file must not unpack to gigabytes on someone's phone.</summary>
    public const long MostPixels = 120_000_000;

    /// <summary>Reads a JPEG, PNG or WebP, whatever it claims to be, and removes everything but the picture. Null for anything else or a broken file.</summary>
    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        var clean = JpegFile.Clean(file) ?? PngFile.Clean(file) ?? WebPFile.Clean(file);
        return clean is { Width: > 0, Height: > 0 } && (long)clean.Width * clean.Height <= MostPixels ? clean : null;
    }
}
