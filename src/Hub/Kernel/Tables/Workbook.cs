using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>
/// The visible sheets of a workbook (Office Open XML, transitional or strict: names count, not their spaces) as the texts that its reader sees: a number with the zeros of its format, the
/// result of a formula, and in each row of a merged cell what it says. Some of what a general reader hides must be seen here: a formula without a result is written as a formula, and
/// a number with more digits than a spreadsheet keeps as 3.7E+17, which <see cref="Cells.Damage"/> names.
/// </summary>
internal sealed partial class Workbook
{
    /// <summary>Columns after these are not read.</summary>
    public const int MostColumns = 256;

    /// <summary>Sheets of a workbook; one with more is none that a person keeps.</summary>
    private const int MostSheets = 60;

    /// <summary>Texts that the cells of a workbook share, and the characters of one: what spreadsheet programs hold in a cell.</summary>
    private const int MostTexts = 1_000_000, LongestText = 32_767;

    /// <summary>From here on a spreadsheet replaces the last digits by zeros.</summary>
    private const double Exact = 1e15;

    /// <summary>Days between the two beginnings of time that workbooks count from, 1900 and 1904.</summary>
    private const int From1904 = 1_462;

    /// <summary>The last day of the year 9999.</summary>
    private const int LastDay = 2_958_465;

    private static readonly XmlReaderSettings Form = new() { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = TableFile.MaxUnfolded };

    private readonly List<string> _texts = [];
    private readonly List<NumberForm> _forms = [];
    private bool _is1904;

    private Workbook()
    {
    }

    /// <exception cref="InvalidDataException">Not a workbook; so may be <see cref="XmlException"/>.</exception>
    public static IReadOnlyList<TableSheet> Sheets(byte[] bytes, ZipArchive zip)
    {
        var book = new Workbook();
        var parts = new Dictionary<string, (string Type, string Path)>();
        foreach (var part in Elements(zip, "xl/_rels/workbook.xml.rels", "Relationship"))
            parts[part.GetAttribute("Id") ?? string.Empty] = (part.GetAttribute("Type")?.Split('/')[^1] ?? string.Empty, PathOf(part.GetAttribute("Target") ?? string.Empty));
        if (parts.Values.FirstOrDefault(p => p.Type == "sharedStrings") is { Path: { } texts })
            foreach (var text in Elements(zip, texts, "si"))
                book._texts.Add(book._texts.Count < MostTexts ? TextOf(text) : throw new InvalidDataException("More texts than a table has."));
        if (parts.Values.FirstOrDefault(p => p.Type == "styles") is { Path: { } styles }) book.ReadForms(zip, styles);
        var (sheets, read) = (new List<TableSheet>(), new HashSet<string>());
        foreach (var element in Elements(zip, "xl/workbook.xml", "workbookPr", "sheet"))
        {
            if (element.LocalName == "workbookPr") book._is1904 = element.GetAttribute("date1904") is "1" or "true";
            else if (element.GetAttribute("state") is null or "visible" && parts.GetValueOrDefault(Id(element)) is { Type: "worksheet", Path: var path })
            {
                if (!read.Add(path) || sheets.Count == MostSheets) throw new InvalidDataException("A sheet twice, or more of them than a workbook has.");
                sheets.Add(new TableSheet(element.GetAttribute("name") ?? path, book.Records(bytes, path)));
            }
        }

        return sheets;

        static string PathOf(string target) => target is ['/', ..] ? target[1..] : $"xl/{target}";
        static string Id(XmlReader sheet) => sheet.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships") ?? sheet.GetAttribute("id", "http://purl.oclc.org/ooxml/officeDocument/relationships") ?? string.Empty;
    }

    private IEnumerable<TableRecord> Records(byte[] bytes, string path)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        var merged = Elements(zip, path, "mergeCell").Select(m => Merged().Match(m.GetAttribute("ref") ?? string.Empty)).Where(m => m.Success)
            .Select(m => (First: Number(m.Groups[2].Value), Last: Number(m.Groups[4].Value), Column: ColumnOf(m.Groups[1].Value))).Where(m => m.Last > m.First && m.Column < MostColumns).ToLookup(m => m.First);
        var held = new Dictionary<int, (int Last, string Text)>();
        var line = 0;
        foreach (var row in Elements(zip, path, "row"))
        {
            line = int.TryParse(row.GetAttribute("r"), CultureInfo.InvariantCulture, out var said) ? said : line + 1;
            var cells = Row(row);
            foreach (var (_, last, column) in merged[line])
                if (column < cells.Count) held[column] = (last, cells[column]);
            if (cells.TrueForAll(c => c.Length == 0)) continue;
            foreach (var (column, (last, text)) in held)
            {
                if (last < line) continue;
                while (cells.Count <= column) cells.Add(string.Empty);
                cells[column] = text;
            }

            yield return new TableRecord(line, [.. cells], IsBroken: false);
        }
    }

    private List<string> Row(XmlReader row)
    {
        var cells = new List<string>();
        foreach (var cell in Elements(row, "c"))
        {
            var column = cell.GetAttribute("r") is { Length: > 0 } place ? ColumnOf(place.TrimEnd("0123456789".ToCharArray())) : cells.Count;
            var (type, form) = (cell.GetAttribute("t"), int.TryParse(cell.GetAttribute("s"), CultureInfo.InvariantCulture, out var s) && s < _forms.Count ? _forms[s] : NumberForm.Plain);
            string? value = null, formula = null, inline = null;
            foreach (var part in Elements(cell, "v", "f", "is"))
            {
                if (part.LocalName == "v") value = TextOf(part);
                else if (part.LocalName == "f") formula = TextOf(part);
                else inline = TextOf(part);
            }

            if (column < 0) throw new InvalidDataException("A cell without a column.");
            if (column >= MostColumns) continue;
            while (cells.Count <= column) cells.Add(string.Empty);
            cells[column] = Cells.Cleaned(inline ?? (value is null ? formula is null ? string.Empty : $"={formula}" : Shown(type, value, form)));
        }

        return cells;
    }

    private string Shown(string? type, string value, NumberForm form) => type switch
    {
        "s" => int.TryParse(value, CultureInfo.InvariantCulture, out var at) && at >= 0 && at < _texts.Count ? _texts[at] : throw new InvalidDataException("A text that is not there."),
        "b" => value == "1" ? "TRUE" : "FALSE",
        "d" => DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var day) && day.Year < 9999 ? TableTimes.Write(day) : value,
        "e" or "str" or "inlineStr" => value,
        _ => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Shown(number, form) : value,
    };

    private string Shown(double number, NumberForm form)
    {
        if (form.Kind == NumberKind.Time && number is >= 0 and < 100) // hours since midnight: 24:00 is one whole day
            return TimeSpan.FromMinutes(Math.Round(number * 1_440)) is var time ? $"{(int)time.TotalHours:00}:{time.Minutes:00}" : string.Empty;
        var day = number + (_is1904 ? From1904 : 0);
        if (form.Kind is NumberKind.Date or NumberKind.Time && day is >= 1 and < LastDay) return TableTimes.Write(DateTime.FromOADate(day));
        if (Math.Abs(number) >= Exact) return number.ToString("0.##############E+00", CultureInfo.InvariantCulture);
        return number.ToString(form.Zeros > 1 && double.IsInteger(number) ? new string('0', form.Zeros) : "0.##########", CultureInfo.InvariantCulture);
    }

    private void ReadForms(ZipArchive zip, string path)
    {
        var own = Elements(zip, path, "numFmt").Select(f => (Id: f.GetAttribute("numFmtId") ?? string.Empty, Code: f.GetAttribute("formatCode") ?? string.Empty)).DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => f.Code);
        foreach (var all in Elements(zip, path, "cellXfs"))
            _forms.AddRange(Elements(all, "xf").Select(xf => xf.GetAttribute("numFmtId") ?? "0").Select(id => own.TryGetValue(id, out var code) ? NumberForm.Of(code) : NumberForm.BuiltIn(Number(id))));
    }

    /// <summary>The text of an element without the reading aids (rPh) in it, and with the escapes for tabs and line ends undone.</summary>
    private static string TextOf(XmlReader element)
    {
        var (text, isAid, depth) = (new StringBuilder(), false, element.Depth);
        if (element.IsEmptyElement) return string.Empty;
        while (element.Read() && element.Depth > depth)
        {
            if (element.LocalName == "rPh") isAid = element is { NodeType: XmlNodeType.Element, IsEmptyElement: false };
            else if (!isAid && element.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace) text.Append(element.Value);
            if (text.Length > LongestText) throw new InvalidDataException("More text than a cell holds.");
        }

        return Escaped().Replace(text.ToString(), m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
    }

    private static IEnumerable<XmlReader> Elements(ZipArchive zip, string path, params string[] names)
    {
        if (zip.GetEntry(path) is not { } entry) yield break;
        using var stream = entry.Open();
        using var reader = XmlReader.Create(stream, Form);
        while (reader.Read())
            if (reader.NodeType == XmlNodeType.Element && names.Contains(reader.LocalName)) yield return reader;
    }

    /// <summary>Those inside of an element; the reader stands at its end afterwards.</summary>
    private static IEnumerable<XmlReader> Elements(XmlReader reader, params string[] names)
    {
        var depth = reader.Depth;
        if (reader.IsEmptyElement) yield break;
        while (reader.Read() && reader.Depth > depth)
            if (reader.NodeType == XmlNodeType.Element && names.Contains(reader.LocalName)) yield return reader;
    }

    /// <summary>A column from its letters, counted from 0.</summary>
    private static int ColumnOf(string letters) => letters.Length > 3 ? MostColumns : letters.Aggregate(0, (sum, c) => (sum * 26) + (char.ToUpperInvariant(c) - 'A' + 1)) - 1;

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)$")]
    private static partial Regex Merged();

    [GeneratedRegex("_x(0009|000A|000D|005F)_", RegexOptions.IgnoreCase)]
    private static partial Regex Escaped();
}
