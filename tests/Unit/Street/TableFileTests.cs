using System.IO.Compression;
using System.Text;
using DispatchCenter.Hub.Kernel.Tables;
using MiniExcelLibs;
using Xunit;

namespace DispatchCenter.Unit.Street;

/// <summary>Tables as offices save them are read; what is none is named as none.</summary>
public sealed class TableFileTests
{
    private static readonly string[][] Expected = [["account", "kind", "place"], ["王小二", "网格员", "001"], ["阿依努尔·测试", "物业", "a,b;c\td"], ["𠮷某", "民警", "02"]];

    private static readonly Encoding Gb = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    private static readonly Dictionary<string, Func<string, byte[]>> Encodings = new()
    {
        ["UTF-8"] = Encoding.UTF8.GetBytes, ["UTF-8 with a mark"] = text => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)], ["UTF-8 with two marks"] = text => [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        ["UTF-16"] = text => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)], ["UTF-16, big end first"] = text => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)], ["GB18030"] = Gb.GetBytes,
    };

    public static TheoryData<string, char> Forms => [.. Encodings.Keys.SelectMany(encoding => ",;\t".Select(separator => new TheoryDataRow<string, char>(encoding, separator)))];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Text_in_every_encoding_and_with_every_separator_that_offices_use(string encoding, char separator)
    {
        var text = string.Join("\r\n", Expected.Select(row => string.Join(separator, row.Select(cell => $"\"{cell}\"")))) + "\r\n";
        Assert.Equal(Expected, Read(Encodings[encoding](text)));
    }

    [Fact]
    public void A_workbook_with_its_dates_times_numbers_and_blanks()
    {
        using var file = new MemoryStream();
        file.SaveAs(new[] { new { who = " grid026　", from = new DateTime(2026, 12, 1, 8, 0, 0), until = new DateTime(2026, 12, 2), number = 26.0, ok = true } }, printHeader: true);
        Assert.Equal([["who", "from", "until", "number", "ok"], ["grid026", "2026-12-01 08:00", "2026-12-02", "26", "True"]], Read(file.ToArray()));
    }

    public static TheoryData<string, byte[]> NoTables => new()
    {
        { "an old workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0] }, { "a document", [.. "%PDF-1.7\n"u8, 0, 0xE2, 0xE3] }, { "a zip without a workbook", Zip("notes.txt", 10) },
        { "half a workbook", Zip("xl/workbook.xml", 10)[..40] }, { "a workbook that unfolds without end", Zip("xl/workbook.xml", TableFile.MaxUnfolded + 1) }, { "no encoding at all", [0xFF, 0xFF, 0xFF] }, { "half a character", [0xFF, 0xFE, 0x41] },
    };

    [Theory]
    [MemberData(nameof(NoTables))]
    public void What_is_no_table_is_none(string what, byte[] bytes) => Assert.True(TableFile.Read(bytes) is null, what);

    [Theory]
    [InlineData("2026/12/1 8:00", "2026-12-01 08:00")]
    [InlineData("2026-12-10 24:00", "2026-12-11 00:00")]
    [InlineData("2026年12月1日 08:00:00", "2026-12-01 08:00")]
    [InlineData("2026.12.01T8:05", "2026-12-01 08:05")]
    [InlineData("2026-12-01", "2026-12-01 00:00")]
    [InlineData("2026-12-01 25:00", null)]
    [InlineData("2026-12-01 08:00:30", null)]
    [InlineData("1/12/2026 08:00", null)]
    [InlineData("9999-12-31 24:00", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("明天", null)]
    public void Times_as_people_and_spreadsheets_write_them(string text, string? expected) => Assert.Equal(expected, TableTimes.WallOf(text)?.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture));

    private static string[][] Read(byte[] bytes) => [.. TableFile.Read(bytes)!.Select(r => r.Fields)];

    private static byte[] Zip(string entry, long size)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var stream = zip.CreateEntry(entry, CompressionLevel.Fastest).Open();
            var chunk = new byte[1 << 20];
            for (var left = size; left > 0; left -= chunk.Length) stream.Write(chunk, 0, (int)Math.Min(chunk.Length, left));
        }

        return file.ToArray();
    }
}
