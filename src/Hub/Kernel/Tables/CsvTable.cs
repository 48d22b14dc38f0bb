using System.Collections.Frozen;
using System.Xml;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>The expected name and contents of a file.</summary>
/// <param name="MaxLines">The maximum of data lines; one more rejects the whole file.</param>
internal sealed record CsvShape(string File, int MaxLines, params string[] Columns)
{
    /// <summary>Optional columns: their fields are empty if missing.</summary>
    public string[] Optional { get; init; } = [];
}

/// <summary>One data line with its fields by column, trimmed.</summary>
internal sealed record CsvLine(int Line, FrozenDictionary<string, int> Columns, string[] Fields)
{
    public string this[string column] => Columns.TryGetValue(column, out var at) && at < Fields.Length ? Fields[at] : string.Empty;
}

/// <summary>
/// One table of an import, in any of the forms that <see cref="TableFile"/> reads: any line ends, columns in any order, unknown
/// columns ignored. A record is one line: an unclosed quote spoils only its own line.
/// </summary>
internal abstract record CsvTable
{
    public const int MaxFileBytes = 16 * 1024 * 1024;

    private CsvTable()
    {
    }

    /// <param name="Unread">The refused lines, as far as they could be read: they still count for what is numbered after them.</param>
    public sealed record Usable(CsvShape Shape, IReadOnlyList<CsvLine> Rows, IReadOnlyList<RefusedLine> Refused, IReadOnlyList<CsvLine> Unread) : CsvTable;

    public sealed record Unusable(Words Why) : CsvTable;

    public static CsvTable Read(CsvShape shape, Func<string, Stream?> open)
    {
        byte[] bytes;
        try
        {
            using var stream = open(shape.File);
            if (stream is null)
                return new Unusable(StreetWords.Say("file_missing", shape.File));
            bytes = ReadUpTo(MaxFileBytes + 1, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Unusable(StreetWords.Say("file_unreadable", shape.File));
        }

        if (bytes.Length > MaxFileBytes)
            return new Unusable(StreetWords.Say("file_too_large", shape.File, MaxFileBytes / 1024 / 1024));
        return Parse(shape, bytes);
    }

    private static byte[] ReadUpTo(int limit, Stream stream)
    {
        using var kept = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while (kept.Length < limit && (read = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, limit - kept.Length))) > 0)
            kept.Write(chunk, 0, read);
        return kept.ToArray();
    }

    private static CsvTable Parse(CsvShape shape, byte[] bytes)
    {
        try
        {
            return TableFile.Read(bytes) is { } records ? Parse(shape, records) : new Unusable(StreetWords.Say("no_table", shape.File));
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or FormatException or InvalidOperationException or ArgumentException or IOException)
        {
            return new Unusable(StreetWords.Say("no_table", shape.File)); // a workbook that is none
        }
    }

    private static CsvTable Parse(CsvShape shape, IEnumerable<TableRecord> records)
    {
        var rows = new List<CsvLine>();
        var (refused, unread) = (new List<RefusedLine>(), new List<CsvLine>());
        FrozenDictionary<string, int>? columns = null;
        var width = 0;
        foreach (var (line, fields, isBroken) in records)
        {
            if (fields.All(f => f.Length == 0))
                continue;
            if (columns is null)
            {
                if (HeaderFault(shape, fields) is { } fault)
                    return new Unusable(fault);
                (columns, width) = (Index(shape, fields), fields.Length);
                continue;
            }

            if (rows.Count + refused.Count == shape.MaxLines)
                return new Unusable(StreetWords.Say("too_many_lines", shape.File, shape.MaxLines));
            if (LineFault(fields, width, isBroken) is { } why)
            {
                refused.Add(new(shape.File, line, why));
                unread.Add(new(line, columns, fields));
            }
            else
                rows.Add(new(line, columns, fields));
        }

        return columns is null ? new Unusable(StreetWords.Say("file_empty", shape.File)) : new Usable(shape, rows, refused, unread);
    }

    private static Words? HeaderFault(CsvShape shape, string[] header)
    {
        var missing = shape.Columns.Where(c => !header.Contains(c, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (missing.Length > 0)
            return StreetWords.Say("columns_missing", shape.File, string.Join(", ", missing));
        var repeated = shape.Columns.Concat(shape.Optional).FirstOrDefault(c => header.Count(h => h.Equals(c, StringComparison.OrdinalIgnoreCase)) > 1);
        return repeated is null ? null : StreetWords.Say("column_repeated", shape.File, repeated);
    }

    private static FrozenDictionary<string, int> Index(CsvShape shape, string[] header) =>
        shape.Columns.Concat(shape.Optional).Select(c => (Column: c, At: Array.FindIndex(header, h => h.Equals(c, StringComparison.OrdinalIgnoreCase))))
            .Where(c => c.At >= 0).ToFrozenDictionary(c => c.Column, c => c.At);

    private static Words? LineFault(string[] fields, int width, bool broken)
    {
        if (broken)
            return StreetWords.Say("broken_quotes");
        if (fields.Length < width)
            return StreetWords.Say("too_few_fields", fields.Length, width);
        return fields.Skip(width).Any(f => f.Length > 0) ? StreetWords.Say("too_many_fields", fields.Length, width) : null;
    }
}

/// <summary>A rejected line of a file, with the reason.</summary>
/// <param name="File">The file's name, without its folder.</param>
/// <param name="Line">Counted from 1, including the header and empty lines.</param>
public sealed record RefusedLine(string File, int Line, Words Why);
