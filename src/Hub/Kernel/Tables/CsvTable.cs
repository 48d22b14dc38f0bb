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

    /// <summary>This line with another text in a column; without the column, as it is.</summary>
    public CsvLine With(string column, string text)
    {
        if (!Columns.TryGetValue(column, out var at) || at >= Fields.Length || Fields[at] == text) return this;
        var fields = Fields.ToArray();
        fields[at] = text;
        return this with { Fields = fields };
    }
}

/// <summary>
/// One table of an import, in any of the forms that <see cref="TableFile"/> reads: on any sheet, below a title, columns in any order, unknown columns ignored. A line is refused where a
/// spreadsheet program has visibly lost what one of its cells said.
/// </summary>
internal abstract record CsvTable
{
    public const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>Rows above the header at most, such as a title and who made the table.</summary>
    public const int MostTitles = 9;

    private CsvTable()
    {
    }

    /// <param name="Header">As it stands in the table.</param>
    /// <param name="Unread">The refused lines, as far as they could be read: they still count for what is numbered after them.</param>
    public sealed record Usable(CsvShape Shape, IReadOnlyList<string> Header, IReadOnlyList<CsvLine> Rows, IReadOnlyList<RefusedLine> Refused, IReadOnlyList<CsvLine> Unread) : CsvTable;

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
            return TableFile.Of(bytes) switch
            {
                TableFile.Read file => SheetOf(shape, file.Sheets, out var fault) is { } sheet ? Parse(shape, sheet) : new Unusable(fault!),
                TableFile.Other other => new Unusable(StreetWords.Say(other.Code, shape.File)),
                _ => throw new InvalidOperationException("A file is read or something else."),
            };
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or FormatException or IOException)
        {
            return new Unusable(StreetWords.Say("no_table", shape.File)); // a workbook that is none
        }
    }

    /// <summary>The one sheet that has the columns. Two are a fault: one of them would be left out unseen.</summary>
    private static TableSheet? SheetOf(CsvShape shape, IReadOnlyList<TableSheet> sheets, out Words? fault)
    {
        var beginnings = sheets.Select(s => (Sheet: s, Header: HeaderOf(shape, s))).Where(s => s.Header is not null).ToList();
        var fit = beginnings.Where(s => Missing(shape, s.Header!.Value.Fields).Length == 0).ToList();
        fault = (beginnings, fit) switch
        {
            ([], _) => StreetWords.Say("file_empty", shape.File),
            (_, []) => beginnings.MinBy(s => Missing(shape, s.Header!.Value.Fields).Length) is var near && sheets.Count > 1
                ? StreetWords.Say("columns_missing_in_sheet", shape.File, near.Sheet.Name, string.Join(", ", Missing(shape, near.Header!.Value.Fields)))
                : StreetWords.Say("columns_missing", shape.File, string.Join(", ", Missing(shape, near.Header!.Value.Fields))),
            (_, [_]) => null,
            _ => StreetWords.Say("sheets_many", shape.File, string.Join(", ", fit.Select(s => s.Sheet.Name))),
        };
        return fault is null ? fit[0].Sheet : null;
    }

    /// <summary>The row with the most of the columns among the first: titles may stand above it.</summary>
    private static TableRecord? HeaderOf(CsvShape shape, TableSheet sheet) =>
        sheet.Records.Where(r => r.Fields.Any(f => f.Length > 0)).Take(MostTitles + 1).Select(r => (TableRecord?)r).MinBy(r => Missing(shape, r!.Value.Fields).Length);

    private static CsvTable Parse(CsvShape shape, TableSheet sheet)
    {
        var rows = new List<CsvLine>();
        var (refused, unread) = (new List<RefusedLine>(), new List<CsvLine>());
        var header = HeaderOf(shape, sheet)!.Value;
        var repeated = shape.Columns.Concat(shape.Optional).FirstOrDefault(c => header.Fields.Count(h => Is(h, c)) > 1);
        if (repeated is not null) return new Unusable(StreetWords.Say("column_repeated", shape.File, repeated));
        var columns = shape.Columns.Concat(shape.Optional).Select(c => (Column: c, At: Array.FindIndex(header.Fields, h => Is(h, c)))).Where(c => c.At >= 0).ToFrozenDictionary(c => c.Column, c => c.At);
        var width = 1 + Array.FindLastIndex(header.Fields, f => f.Length > 0);
        foreach (var (line, fields, isBroken) in sheet.Records)
        {
            if (line <= header.Line || fields.All(f => f.Length == 0) || IsHeading(shape, columns, fields))
                continue;
            if (rows.Count + refused.Count == shape.MaxLines)
                return new Unusable(StreetWords.Say("too_many_lines", shape.File, shape.MaxLines));
            if ((LineFault(fields, width, isBroken, sheet.IsSparse) ?? CellFault(fields, columns)) is { } why)
            {
                refused.Add(new(shape.File, line, why));
                unread.Add(new(line, columns, fields));
            }
            else
                rows.Add(new(line, columns, fields));
        }

        return new Usable(shape, header.Fields, rows, refused, unread);
    }

    /// <summary>Whether a row says the headings again: those of a heading two rows high, or of the next printed page.</summary>
    private static bool IsHeading(CsvShape shape, FrozenDictionary<string, int> columns, string[] fields)
    {
        var said = shape.Columns.Select(c => (Column: c, Text: columns[c] < fields.Length ? fields[columns[c]] : string.Empty)).Where(c => c.Text.Length > 0).ToList();
        return said.Count > 0 && said.TrueForAll(c => Is(c.Text, c.Column));
    }

    private static string[] Missing(CsvShape shape, string[] header) => [.. shape.Columns.Where(c => !header.Any(h => Is(h, c)))];

    private static bool Is(string heading, string column) => Texts.Plain(heading).Equals(column, StringComparison.OrdinalIgnoreCase);

    private static Words? LineFault(string[] fields, int width, bool isBroken, bool isSparse)
    {
        if (isBroken)
            return StreetWords.Say("broken_quotes");
        if (isSparse)
            return null;
        if (fields.Length < width)
            return StreetWords.Say("too_few_fields", fields.Length, width);
        return fields.Skip(width).Any(f => f.Length > 0) ? StreetWords.Say("too_many_fields", fields.Length, width) : null;
    }

    /// <summary>The first cell of a known column whose contents a spreadsheet has lost.</summary>
    private static Words? CellFault(string[] fields, FrozenDictionary<string, int> columns) =>
        columns.OrderBy(c => c.Value).Where(c => c.Value < fields.Length).Select(c => Cells.Damage(fields[c.Value]) is { } code ? StreetWords.Say(code, c.Key, fields[c.Value]) : null).FirstOrDefault(w => w is not null);
}

/// <summary>A rejected line of a file, with the reason.</summary>
/// <param name="File">The file's name, without its folder.</param>
/// <param name="Line">The row as spreadsheets number it: from 1, with the header and empty rows.</param>
public sealed record RefusedLine(string File, int Line, Words Why);
