using System.Text;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Tests;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;

namespace DispatchCenter.Unit.Photos;

/// <summary>What is kept of a photo.</summary>
public sealed class PhotoFileTests
{
    public static readonly TheoryData<string, byte[]> Photos = new() { { PhotoFile.Jpeg, MadePhotos.Jpeg() }, { PhotoFile.Png, MadePhotos.Png() }, { PhotoFile.WebP, MadePhotos.WebP() } };

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_photo_is_known_by_its_own_bytes_and_nothing_stays_in_it_but_the_picture(string type, byte[] file)
    {
        Assert.Contains(MadePhotos.Secret, Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        var photo = PhotoFile.Clean(file)!;
        Assert.Equal((type, 640, 480), (photo.Type, photo.Width, photo.Height));
        var kept = Encoding.Latin1.GetString(photo.Bytes);
        foreach (var trace in new[] { MadePhotos.Secret, "xap", "Exif", "EXIF", "tEXt", "ABC" })
            Assert.DoesNotContain(trace, kept, StringComparison.Ordinal);
        Assert.Equal(photo.Bytes, PhotoFile.Clean(photo.Bytes)!.Bytes);
    }

    [Fact]
    public void Another_programs_reader_finds_no_position_in_what_is_kept()
    {
        var file = MadePhotos.JpegWithPosition();
        Assert.Contains(Read(file), d => d is GpsDirectory && d.TagCount > 0);
        Assert.DoesNotContain(Read(PhotoFile.Clean(file)!.Bytes), d => d is GpsDirectory);

        static IReadOnlyList<MetadataExtractor.Directory> Read(byte[] bytes) => ImageMetadataReader.ReadMetadata(new MemoryStream(bytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void Which_way_up_a_photo_is_held_stays_and_nothing_else_of_its_exif(int orientation)
    {
        var clean = PhotoFile.Clean(MadePhotos.Jpeg(orientation))!.Bytes;
        Assert.Equal(orientation > 1, Encoding.Latin1.GetString(clean).Contains("Exif", StringComparison.Ordinal));
        if (orientation > 1)
            Assert.Equal(orientation, clean[2 + 29]);
        Assert.Equal(clean, PhotoFile.Clean(clean)!.Bytes);
    }

    [Fact]
    public void The_packed_picture_is_kept_to_the_last_byte()
    {
        byte[] scan = [1, 0xFF, 0, 0xFF, 0xD7, 2, 0xFF, 0, 3];
        byte[] end = [.. scan, 0xFF, 0xD9];
        Assert.Equal(end, PhotoFile.Clean(MadePhotos.Jpeg(scan: scan))!.Bytes[^end.Length..]);
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_photo_that_is_cut_short_anywhere_is_none_and_breaks_nothing(string type, byte[] file)
    {
        var whole = file.Length - MadePhotos.Secret.Length - (type == PhotoFile.WebP ? 60 : 0);
        for (var length = 0; length < whole; length++)
            Assert.True(PhotoFile.Clean(file.AsSpan(0, length)) is null, $"{type}, {length} of {whole} bytes");
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_byte_that_is_wrong_anywhere_breaks_nothing(string type, byte[] file)
    {
        foreach (var wrong in new byte[] { 0, 1, 0x7F, 0xD9, 0xFF })
        {
            for (var at = 0; at < file.Length; at++)
            {
                var broken = file.ToArray();
                broken[at] = wrong;
                if (PhotoFile.Clean(broken) is { } photo)
                    Assert.True(photo.Type == type && photo.Bytes.Length <= file.Length + 64);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a photo")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000")]
    [InlineData("<!doctype html><script>alert(1)</script>")]
    [InlineData("%PDF-1.7")]
    [InlineData("RIFF\u0004\u0000\u0000\u0000WEBP")]
    public void What_is_no_photo_is_refused_whatever_it_is_called(string text) => Assert.Null(PhotoFile.Clean(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void A_picture_that_would_unpack_to_more_than_the_limit_is_refused()
    {
        var file = MadePhotos.Png();
        (file[16], file[20]) = (0x00, 0x00);
        (file[17], file[21]) = (0xFF, 0xFF);
        Assert.Null(PhotoFile.Clean(file));
    }
}
