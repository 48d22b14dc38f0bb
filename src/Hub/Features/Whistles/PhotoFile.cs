namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>What is served of a photo.</summary>
public sealed record KeptPhoto(string Type, byte[] Bytes);

/// <summary>
/// A photo as it is kept: its type by its own bytes, its size, and nothing in it but the picture. Where it was taken, when, by which device and
/// whatever else a file carries is left out; of EXIF only which way up it is held stays.
/// </summary>
public sealed record PhotoFile(string Type, int Width, int Height, byte[] Bytes)
{
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string WebP = "image/webp";

    /// <summary>More picture elements than this are refused: a small file must not unpack to gigabytes on somebody's phone.</summary>
    public const long MostPixels = 120_000_000;

    /// <summary>Reads a JPEG, PNG or WebP, whatever it calls itself, and takes out all that is not picture. Null for anything else, or a broken file.</summary>
    public static PhotoFile? Clean(ReadOnlySpan<byte> file)
    {
        var clean = JpegFile.Clean(file) ?? PngFile.Clean(file) ?? WebPFile.Clean(file);
        return clean is { Width: > 0, Height: > 0 } && (long)clean.Width * clean.Height <= MostPixels ? clean : null;
    }
}
