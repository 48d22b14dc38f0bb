using System.Text;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Tests;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Icc;

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

    [Theory]
    [InlineData("exif6.png")]
    [InlineData("exif6.webp")]
    public void Which_way_up_a_photo_is_held_stays_in_every_kind_of_file(string name)
    {
        var file = Data(name);
        Assert.Equal(6, Up(file));
        var clean = PhotoFile.Clean(file)!.Bytes;
        Assert.Equal(6, Up(clean));
        Assert.Equal(1, Read(clean).OfType<ExifDirectoryBase>().Sum(d => d.TagCount));
        Assert.Equal(clean, PhotoFile.Clean(clean)!.Bytes);

        static int Up(byte[] bytes) => Read(bytes).OfType<ExifIfd0Directory>().Single().GetInt32(ExifDirectoryBase.TagOrientation);
    }

    [Fact]
    public void The_colours_of_a_photo_stay_and_not_a_word_of_their_profile()
    {
        var (file, clean) = (Data("p3.jpg"), PhotoFile.Clean(Data("p3.jpg"))!.Bytes);
        foreach (var number in new[] { "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "wtpt", "chad" })
            Assert.Equal(Number(file, number) ?? "missing", Number(clean, number));
        Assert.Contains("P3", Number(file, "desc"), StringComparison.Ordinal);
        Assert.DoesNotContain("P3", Number(clean, "desc"), StringComparison.Ordinal);
        Assert.Equal(clean, PhotoFile.Clean(clean)!.Bytes);
    }

    [Fact]
    public void The_colours_of_a_png_and_of_a_webp_stay_as_well()
    {
        var profile = ColourProfile.Clean(MadePhotos.Profile())!;
        foreach (var file in new[] { MadePhotos.Png(MadePhotos.Profile()), MadePhotos.WebP(MadePhotos.Profile()) })
        {
            var clean = PhotoFile.Clean(file)!.Bytes;
            Assert.DoesNotContain(MadePhotos.Secret, Encoding.Latin1.GetString(clean), StringComparison.Ordinal);
            Assert.NotNull(Number(clean, "rXYZ"));
            Assert.Equal(clean, PhotoFile.Clean(clean)!.Bytes);
        }

        Assert.DoesNotContain(MadePhotos.Secret, Encoding.Latin1.GetString(profile), StringComparison.Ordinal);
        Assert.Equal(profile, ColourProfile.Clean(profile));
    }

    [Fact]
    public void A_profile_in_which_something_may_hide_or_that_is_a_bomb_is_dropped_and_the_photo_stays()
    {
        var profile = MadePhotos.Profile();
        Assert.Null(ColourProfile.Clean(MadePhotos.Profile(behindTheCurve: [.. Encoding.Latin1.GetBytes(MadePhotos.Secret)])));
        for (var length = 0; length < profile.Length; length++) _ = ColourProfile.Clean(profile.AsSpan(0, length));
        foreach (var wrong in new byte[] { 0, 0x7F, 0xFF })
        {
            for (var at = 0; at < profile.Length; at++)
            {
                var broken = profile.ToArray();
                broken[at] = wrong;
                _ = ColourProfile.Clean(broken);
            }
        }

        var bomb = PhotoFile.Clean(MadePhotos.Png(new byte[64 * 1024 * 1024]))!.Bytes;
        Assert.DoesNotContain("iCCP", Encoding.Latin1.GetString(bomb), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("heic.heic", "photo_heic")]
    [InlineData("cut-half.jpg", "photo_cut")]
    public void A_file_that_is_no_photo_here_is_called_what_it_is(string name, string why)
    {
        Assert.Null(PhotoFile.Clean(Data(name)));
        Assert.Equal(why, PhotoFile.WhyNot(Data(name)));
    }

    [Fact]
    public void A_photo_that_says_two_sizes_is_none()
    {
        var file = Data("p3.jpg");
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        var frame = file[at..(at + 2 + file[at + 3])];
        var huge = file.ToArray();
        (huge[at + 5], huge[at + 7]) = (0xFF, 0xFF); // the first of them is what a decoder makes room for
        Assert.Null(PhotoFile.Clean([.. huge[..^2], .. frame, 0xFF, 0xD9]));
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

    private static byte[] Data(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "photos", name));

    /// <summary>By another program.</summary>
    private static IReadOnlyList<MetadataExtractor.Directory> Read(byte[] bytes) => ImageMetadataReader.ReadMetadata(new MemoryStream(bytes));

    /// <summary>What a profile says under one of its four-letter names.</summary>
    private static string? Number(byte[] bytes, string name) =>
        Read(bytes).OfType<IccDirectory>().Single().GetDescription(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Encoding.ASCII.GetBytes(name)));
}
