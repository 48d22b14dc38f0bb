using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>One record of a table file.</summary>
/// <param name="Line">The row as spreadsheets number it: from 1, with the header and empty rows.</param>
/// <param name="IsBroken">Its quotes do not close.</param>
internal readonly record struct TableRecord(int Line, string[] Fields, bool IsBroken);

/// <summary>A sheet of a workbook, or the only one of a text file.</summary>
/// <param name="Name">Empty for a text file.</param>
/// <param name="Records">Read as they are asked for, as often as they are.</param>
internal sealed record TableSheet(string Name, IEnumerable<TableRecord> Records)
{
    /// <summary>Whether a missing cell is an empty one: a workbook stores only those that say something.</summary>
    public bool IsSparse => Name.Length > 0;
}

/// <summary>
/// A table as offices save it: a workbook (its visible sheets), or text in UTF-8, UTF-16 or GB18030, with any number of byte order marks, separated by comma, semicolon or tab. Dates
/// and times of a workbook are written as 2026-12-01 08:00. What is something else is named as what it is.
/// </summary>
internal abstract record TableFile
{
    /// <summary>The maximum bytes that a workbook may unfold to.</summary>
    public const long MaxUnfolded = 128L * 1024 * 1024;

    /// <summary>GB18030 holds GBK and GB2312, which are what spreadsheets save by default in China.</summary>
    private static readonly Encoding Chinese = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), Utf16BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    private TableFile()
    {
    }

    public sealed record Read(IReadOnlyList<TableSheet> Sheets) : TableFile;

    /// <param name="Code">The sentence that says what the file is, and what to do; its blank is the file's name.</param>
    public sealed record Other(string Code) : TableFile;

    public static TableFile Of(byte[] bytes) => bytes switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] => OfZip(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => new Other(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0 ? "locked_workbook" : "old_workbook"),
        _ => OfText(bytes),
    };

    private static TableFile OfZip(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        if (zip.Entries.Sum(e => e.Length) > MaxUnfolded) return new Other("no_table");
        if (zip.GetEntry("xl/workbook.xml") is not null) return new Read(Workbook.Sheets(bytes, zip));
        return new Other(zip.GetEntry("xl/workbook.bin") is not null ? "binary_workbook" : zip.GetEntry("content.xml") is not null ? "open_document" : "no_table");
    }

    private static TableFile OfText(byte[] bytes)
    {
        if (Decoded(bytes) is not { } text) return new Other(bytes is [0xEF, 0xBB, 0xBF, ..] || IsMostlyUtf8(bytes) ? "encoding_broken" : "no_table");
        if (text.Contains('\0')) return new Other("no_table"); // no table has a NUL, other files do
        return text.AsSpan().TrimStart() is ['<', ..] ? new Other("web_page") : new Read([new TableSheet(string.Empty, TableText.Records(text))]);
    }

    /// <summary>The text without its byte order marks; null if it is in no encoding that offices use, or damaged.</summary>
    private static string? Decoded(byte[] all)
    {
        ReadOnlySpan<byte> bytes = all;
        while (bytes is [0xEF, 0xBB, 0xBF, ..]) bytes = bytes[3..];
        try
        {
            var text = bytes switch
            {
                [0xFF, 0xFE, ..] => Utf16.GetString(bytes[2..]),
                [0xFE, 0xFF, ..] => Utf16BigEndian.GetString(bytes[2..]),
                _ when Utf8.IsValid(bytes) => Encoding.UTF8.GetString(bytes),
                _ when bytes.Length < all.Length || IsMostlyUtf8(bytes) => null,
                _ => Chinese.GetString(bytes),
            };
            return text?.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether this is UTF-8 with a few damaged bytes: almost any bytes pass for GB18030, and would come out as other words.</summary>
    private static bool IsMostlyUtf8(ReadOnlySpan<byte> bytes)
    {
        var (whole, damaged) = (0, 0);
        foreach (var c in Encoding.UTF8.GetString(bytes))
        {
            if (c == '\uFFFD') damaged++;
            else if (c is >= '\u3000' and <= '\u9FFF') whole++;
        }

        return whole > damaged;
    }
}
