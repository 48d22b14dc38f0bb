using System.IO.Compression;
using System.Text;
using DispatchCenter.Hub.Kernel.Tables;
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

    public static TheoryData<string, string, byte[]> NoTables => new()
    {
        { "old_workbook", "an old workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0] }, { "locked_workbook", "one with a password", [0xD0, 0xCF, 0x11, 0xE0, 0, 0, .. Encoding.Unicode.GetBytes("EncryptedPackage")] },
        { "binary_workbook", "a binary one", Zip("xl/workbook.bin", 10) }, { "web_page", "a page that is called a table", [.. "\r\n<html><table>"u8] }, { "encoding_broken", "damaged UTF-8", [.. "account,kind\n王小二,网格"u8, 0xE5, 0x91] },
        { "no_table", "a document", [.. "%PDF-1.7\n"u8, 0, 0xE2, 0xE3] }, { "no_table", "a zip without a workbook", Zip("notes.txt", 10) }, { "no_table", "half a workbook", Zip("xl/workbook.xml", 10)[..40] },
        { "no_table", "a workbook that unfolds without end", Zip("xl/workbook.xml", TableFile.MaxUnfolded + 1) }, { "no_table", "no encoding at all", [0xFF, 0xFF, 0xFF] }, { "no_table", "half a character", [0xFF, 0xFE, 0x41] },
    };

    [Theory]
    [MemberData(nameof(NoTables))]
    public void What_is_no_table_is_named(string code, string what, byte[] bytes)
    {
        var import = Assert.IsType<CsvTable.Unusable>(CsvTable.Read(new CsvShape("x", 10, "account"), _ => new MemoryStream(bytes)));
        Assert.True(import.Why.Code == code, $"{what}: {import.Why.Code}");
    }

    [Fact]
    public void A_quoted_cell_holds_line_ends_and_a_quote_that_does_not_close_spoils_its_own_line()
    {
        Assert.Equal([["a", "b"], ["one two", "3"], ["say \"yes\"", "4"]], Read("a,b\r\n\"one\r\ntwo\",3\r\n \"say \"\"yes\"\"\" ,4"u8.ToArray()));
        var records = Assert.IsType<TableFile.Read>(TableFile.Of([.. "a,b\n\"open,1\nshut,2\n5\" wide,3\n"u8])).Sheets.Single().Records.ToList();
        Assert.Equal([(1, false), (2, true), (3, false), (4, true)], records.Select(r => (r.Line, r.IsBroken)));
        var endless = "a,b\n\"open,1\n" + string.Concat(Enumerable.Repeat("x,y\n", TableText.MostLinesOfCell)) + "\"";
        Assert.Equal(3 + TableText.MostLinesOfCell, Read(Encoding.UTF8.GetBytes(endless)).Length);
    }

    [Fact]
    public void A_workbook_says_what_its_cells_show_and_nothing_that_cannot_be_kept()
    {
        const string Sheet = """
            <row><c t="inlineStr"><is><r><t>a_x000D_</t></r><rPh><t>x</t></rPh></is></c><c><v>2958465.9999999</v></c><c t="b"><v>1</v></c><c r="ZZZZ1"><v>1</v></c></row>
            <row r="9"><c r="C9" t="d"><v>2026-12-01T08:00:00</v></c><c t="d"><v>9999-12-31T23:59:59.9</v></c><c><f>A1</f></c><c t="str"><v>_xD800__x0000_</v></c><c><v>1E+300</v></c></row>
            """;
        var records = Assert.IsType<TableFile.Read>(TableFile.Of(Workbook(Sheet))).Sheets.Single().Records.ToList();
        Assert.Equal([1, 9], records.Select(r => r.Line));
        Assert.Equal(["a", "2958465.9999999", "TRUE"], records[0].Fields);
        Assert.Equal(["", "", "2026-12-01 08:00", "9999-12-31T23:59:59.9", "=A1", "_xD800__x0000_", "1E+300"], records[1].Fields);
    }

    [Theory]
    [InlineData("a cell without a column", "<row><c r=\"1\"><v>1</v></c></row>", "", "")]
    [InlineData("a sheet twice", "", "<sheet name=\"2\" r:id=\"a\"/>", "")]
    [InlineData("a text that is not there", "<row><c t=\"s\"><v>7</v></c></row>", "", "")]
    [InlineData("a text longer than a cell", "<row><c t=\"inlineStr\"><is><t>LONG</t></is></c></row>", "", "")]
    public void What_no_spreadsheet_program_writes_is_no_table(string what, string rows, string sheets, string relations)
    {
        var import = CsvTable.Read(new CsvShape("x", 10, "account"), _ => new MemoryStream(Workbook(rows.Replace("LONG", new string('x', 40_000), StringComparison.Ordinal), sheets, relations)));
        Assert.True(import is CsvTable.Unusable { Why.Code: "no_table" }, what);
    }

    [Fact]
    public void Of_a_workbooks_shared_texts_there_is_one_table()
    {
        var twice = string.Concat(Enumerable.Range(0, 50).Select(i => $"<Relationship Id=\"t{i}\" Type=\"/sharedStrings\" Target=\"t.xml\"/>"));
        var sheet = Assert.IsType<TableFile.Read>(TableFile.Of(Workbook("<row><c t=\"s\"><v>0</v></c></row>", string.Empty, twice))).Sheets.Single();
        Assert.Equal(["shared"], sheet.Records.Single().Fields);
        Assert.Throws<InvalidDataException>(() => Assert.IsType<TableFile.Read>(TableFile.Of(Workbook("<row><c t=\"s\"><v>1</v></c></row>", string.Empty, twice))).Sheets.Single().Records.ToList());
    }

    [Fact]
    public void A_heading_that_is_said_again_is_no_line()
    {
        var table = Assert.IsType<CsvTable.Usable>(CsvTable.Read(new CsvShape("x", 10, "code", "name"), _ => new MemoryStream([.. "code,name,phone\ncode,name,office\n01,East,1\n\ncode,name,phone\n02,West,2\n"u8])));
        Assert.Equal(["01", "02"], table.Rows.Select(r => r["code"]));
        Assert.Equal([3, 6], table.Rows.Select(r => r.Line));
    }

    [Theory]
    [InlineData("1", "01", "01", "02")]
    [InlineData("1", "1", "1", "01")]
    [InlineData("1", null, "01", "001")]
    [InlineData("1", null, "11", "101")]
    [InlineData("10", "010", "010", "10x")]
    [InlineData("0", null, "00", "000")]
    [InlineData("a", null, "0a", "00a")]
    public void Zeros_are_given_back_where_only_one_code_can_be_meant(string code, string? meant, params string[] known) => Assert.Equal(meant, Cells.WithZeros(code, known));

    [Theory]
    [InlineData("00", 2, false, false)]
    [InlineData("\"No. \"000", 3, false, false)]
    [InlineData("0.00", 0, false, false)]
    [InlineData("#,##0;[Red]-#,##0", 0, false, false)]
    [InlineData("General", 0, false, false)]
    [InlineData("yyyy/m/d h:mm;@", 0, true, false)]
    [InlineData("[$-804]yyyy\"年\"m\"月\"d\"日\";@", 0, true, false)]
    [InlineData("[h]:mm", 0, false, true)]
    [InlineData("[$-804]AM/PM h:mm:ss;@", 0, false, true)]
    [InlineData("m\"月\"", 0, true, false)]
    public void Formats_say_what_a_number_means(string format, int zeros, bool isDate, bool isTime) =>
        Assert.Equal((zeros, isDate ? NumberKind.Date : isTime ? NumberKind.Time : NumberKind.Number), (NumberForm.Of(format).Zeros, NumberForm.Of(format).Kind));

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

    private static string[][] Read(byte[] bytes) => [.. Assert.IsType<TableFile.Read>(TableFile.Of(bytes)).Sheets.Single().Records.Select(r => r.Fields)];

    /// <summary>A workbook with one sheet.</summary>
    private static byte[] Workbook(string rows, string sheets = "", string relations = "")
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (part, text) in new[]
            {
                ("xl/workbook.xml", $"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"1\" r:id=\"a\"/>{sheets}</sheets></workbook>"),
                ("xl/_rels/workbook.xml.rels", $"<x><Relationship Id=\"a\" Type=\"/worksheet\" Target=\"s.xml\"/>{relations}</x>"), ("xl/t.xml", "<sst><si><t>shared</t></si></sst>"), ("xl/s.xml", $"<worksheet><sheetData>{rows}</sheetData></worksheet>"),
            })
            {
                using var writer = new StreamWriter(zip.CreateEntry(part).Open());
                writer.Write(text);
            }

        return file.ToArray();
    }

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
