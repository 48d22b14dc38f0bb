using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using MiniExcelLibs;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>One record of a table file.</summary>
/// <param name="Line">Counted from 1, including the header and empty lines.</param>
/// <param name="IsBroken">Its quotes do not close.</param>
internal readonly record struct TableRecord(int Line, string[] Fields, bool IsBroken);

/// <summary>
/// The records of a table as offices save it: a workbook (its first sheet), or text in UTF-8, UTF-16 or GB18030, with any number of byte order marks, separated by comma,
/// semicolon or tab. Dates and times of a workbook are written as 2026-12-01 08:00.
/// </summary>
internal static class TableFile
{
    /// <summary>The maximum bytes that a workbook may unfold to.</summary>
    public const long MaxUnfolded = 256L * 1024 * 1024;

    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>GB18030 holds GBK and GB2312, which are what spreadsheets save by default in China.</summary>
    private static readonly Encoding Chinese = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), Utf16BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>The records; null if the bytes are no table. Reads as it goes, so that whoever has enough can stop.</summary>
    public static IEnumerable<TableRecord>? Read(byte[] bytes)
    {
        if (IsWorkbook(bytes)) return Sheet(bytes);
        return Text(bytes) is { } text && !text.AsSpan().Contains((byte)0) ? Records(text) : null; // no table has a NUL, other files do
    }

    private static bool IsWorkbook(byte[] bytes) => bytes is [(byte)'P', (byte)'K', 3, 4, ..];

    /// <summary>The text without its byte order marks, as UTF-8; null if it is in no encoding that offices use.</summary>
    private static byte[]? Text(ReadOnlySpan<byte> bytes)
    {
        while (bytes is [0xEF, 0xBB, 0xBF, ..]) bytes = bytes[3..];
        try
        {
            return bytes switch
            {
                [0xFF, 0xFE, ..] => ToUtf8(Utf16, bytes[2..]),
                [0xFE, 0xFF, ..] => ToUtf8(Utf16BigEndian, bytes[2..]),
                _ when Utf8.IsValid(bytes) => bytes.ToArray(),
                _ => ToUtf8(Chinese, bytes),
            };
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        static byte[] ToUtf8(Encoding encoding, ReadOnlySpan<byte> text) => Encoding.UTF8.GetBytes(encoding.GetString(text).TrimStart('\uFEFF'));
    }

    private static IEnumerable<TableRecord> Records(byte[] text)
    {
        long broken = 0;
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = SeparatorOf(text),
            HasHeader = false,
            AllowLineBreaksInQuotes = false,
            TrackLineNumbers = true,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Recover,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            OnMalformedRecord = malformed => broken = malformed.LineNumber,
        });
        while (reader.Read()) yield return new TableRecord((int)reader.LineNumber, [.. reader.Current.ToArray().Select(Cleaned)], broken == reader.LineNumber);
    }

    /// <summary>What occurs most often in the first line that says anything, outside of quotes.</summary>
    private static char SeparatorOf(byte[] text)
    {
        var first = Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, 8_192))).Split('\n').FirstOrDefault(l => !string.IsNullOrWhiteSpace(l)) ?? string.Empty;
        var (quoted, counts) = (false, new int[Separators.Length]);
        foreach (var c in first)
        {
            if (c == '"') quoted = !quoted;
            else if (!quoted && Array.IndexOf(Separators, c) is var at and >= 0) counts[at]++;
        }

        return counts.Max() == 0 ? ',' : Separators[Array.IndexOf(counts, counts.Max())];
    }

    private static IEnumerable<TableRecord>? Sheet(byte[] bytes)
    {
        try
        {
            using (var zip = new ZipArchive(new MemoryStream(bytes)))
                if (zip.Entries.Sum(e => e.Length) > MaxUnfolded || zip.GetEntry("xl/workbook.xml") is null) return null;
            return Rows(new MemoryStream(bytes));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static IEnumerable<TableRecord> Rows(Stream stream)
    {
        var line = 0;
        foreach (IDictionary<string, object?> row in stream.Query(useHeaderRow: false, excelType: ExcelType.XLSX))
            yield return new TableRecord(++line, [.. row.Values.Select(Shown)], IsBroken: false);
    }

    private static string Shown(object? cell) => Cleaned(cell switch
    {
        null => string.Empty,
        DateTime at => TableTimes.Write(at),
        double number => number.ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? string.Empty,
    });

    /// <summary>Without blanks around it, of whatever width, and without the mark that a program puts before a formula.</summary>
    private static string Cleaned(string field) => field.Trim().Trim('\u3000', '\u00A0', '\uFEFF', '\u200B').Trim();
}
