using System.Collections.Immutable;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>The result of reading a table of standards.</summary>
/// <param name="Refused">Rejected lines, with the reason.</param>
/// <param name="Remarks">Imported lines with an irregularity.</param>
/// <param name="Unusable">Why the file could not be read at all; null if it could.</param>
public sealed record StandardsImport(ImmutableArray<Standard> Taken, ImmutableArray<RefusedLine> Refused, ImmutableArray<RefusedLine> Remarks, Words? Unusable);

/// <summary>
/// Reads a city's table of standards (立案结案标准): class_code, class_name, item_code, item_name, filing_condition, closing_condition,
/// time_limit, and an optional category that maps the line to a whistle category. UTF-8. A line is imported if its limit is
/// understood; class, item and filing condition identify it, so a duplicate is rejected. A rejected line does not stop the others.
/// </summary>
public sealed class StandardsFile
{
    public const int MaxLines = 5_000;

    public const int MaxCodeChars = 12;

    public const int MaxTextChars = 500;

    private static readonly string[] Texts = ["class_name", "item_name", "filing_condition", "closing_condition"];

    private readonly Policy _policy;
    private readonly Dictionary<string, int> _positions = [];
    private readonly Dictionary<string, string> _names = [];
    private readonly HashSet<(string Item, string Filing)> _filed = [];
    private readonly List<Words> _remarks = [];

    private readonly IReadOnlyList<StandardView> _inForce;

    private StandardsFile(Policy policy, IReadOnlyList<StandardView> inForce) => (_policy, _inForce) = (policy, inForce);

    /// <param name="policy">Evaluated only if the file is a table. Its categories are the targets of the mapping, and its hours must hold the limits.</param>
    /// <param name="inForce">The lines in force, for a table whose codes have lost their zeros; asked after the policy.</param>
    public static Task<StandardsImport> ReadAsync(string path, Func<Task<Policy>> policy, Func<IReadOnlyList<StandardView>>? inForce = null) =>
        ReadAsync(Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, policy, inForce);

    /// <param name="open">Null if there is no file. May throw I/O exceptions.</param>
    public static async Task<StandardsImport> ReadAsync(string name, Func<Stream?> open, Func<Task<Policy>> policy, Func<IReadOnlyList<StandardView>>? inForce = null)
    {
        var shape = new CsvShape(name, MaxLines, ["class_code", "item_code", .. Texts, "time_limit"]) { Optional = ["category"] };
        return CsvTable.Read(shape, _ => open()) switch
        {
            CsvTable.Usable table => new StandardsFile(await policy(), inForce?.Invoke() ?? []).Take(table),
            CsvTable.Unusable table => new StandardsImport([], [], [], table.Why),
            _ => throw new InvalidOperationException("A table is usable or not."),
        };
    }

    private StandardsImport Take(CsvTable.Usable table)
    {
        var (taken, refused, remarks) = (new List<Standard>(), new List<RefusedLine>(table.Refused), new List<RefusedLine>());
        var zeros = new LostZeros();
        table = zeros.Restore(table, "class_code", _inForce.Select(s => s.Class));
        // Items are numbered anew in each class, and a code that the table itself has in full is another one.
        var (items, full) = (_inForce.ToLookup(s => s.Class, s => s.Item), table.Rows.Select(row => (row["class_code"], row["item_code"])).ToHashSet());
        table = zeros.Restore(table, "item_code", row => items[row["class_code"]].Where(item => !full.Contains((row["class_code"], item))).Distinct());
        table = zeros.Restore(table, "category", _policy.Categories.Select(c => c.Code));
        foreach (var column in (string[])["class_code", "item_code"]) zeros.Doubt(table, column);
        remarks.AddRange(zeros.Remarks);
        var unread = table.Unread.ToHashSet();
        foreach (var row in table.Rows.Concat(table.Unread).OrderBy(r => r.Line))
        {
            if (unread.Contains(row))
            {
                Count(row);
                continue;
            }

            _remarks.Clear();
            var (standard, why) = Line(row);
            if (standard is not null) taken.Add(standard);
            else refused.Add(new RefusedLine(table.Shape.File, row.Line, why!));
            if (standard is not null) remarks.AddRange(_remarks.Select(remark => new RefusedLine(table.Shape.File, row.Line, remark)));
        }

        return new StandardsImport([.. taken], [.. refused.OrderBy(r => r.Line)], [.. remarks], null);
    }

    private (Standard? Standard, Words? Why) Line(CsvLine row)
    {
        var (ofClass, ofItem) = (row["class_code"], row["item_code"]);
        foreach (var code in (string[])[ofClass, ofItem])
            if (!IsCode(code)) return (null, StreetWords.Say("standard_code_invalid", code, MaxCodeChars));
        var (item, position) = Count(row);
        foreach (var column in Texts)
        {
            if (row[column].Length == 0) return (null, StreetWords.Say("standard_text_missing", column));
            if (row[column].Length > MaxTextChars) return (null, StreetWords.Say("standard_text_too_long", column, MaxTextChars));
        }

        var cell = row["time_limit"];
        if (StandardLimit.Read(cell, out var word) is not { } limit) return (null, StreetWords.Say("standard_limit_unknown", cell));
        if (!_policy.Holds(limit.On(_policy.Hours))) return (null, StreetWords.Say("standard_limit_unfit", cell));
        if (!_filed.Add((item, row["filing_condition"]))) return (null, StreetWords.Say("standard_repeated", row["filing_condition"]));
        if (word.Length > 0) _remarks.Add(StreetWords.Say("standard_limit_word", cell, word, limit));
        Name($"{ofClass}", row["class_name"]);
        Name(item, row["item_name"]);
        return (new Standard(ofClass, row["class_name"], ofItem, row["item_name"], position, row["filing_condition"], row["closing_condition"], limit, Category(row["category"])), null);
    }

    /// <summary>The item of a line and its position there, counted before anything is refused: mending one line renames no other.</summary>
    private (string Item, int Position) Count(CsvLine row)
    {
        var item = $"{row["class_code"]}-{row["item_code"]}";
        return (item, _positions[item] = _positions.GetValueOrDefault(item) + 1);
    }

    private string? Category(string code)
    {
        if (code.Length == 0) return null;
        if (_policy.FindCategory(code) is not null) return code;
        _remarks.Add(StreetWords.Say("standard_category_unknown", code));
        return null;
    }

    private void Name(string code, string name)
    {
        if (!_names.TryAdd(code, name) && _names[code] != name) _remarks.Add(StreetWords.Say("standard_name_differs", code, _names[code], name));
    }

    /// <summary>Without a hyphen, which separates the parts of the key.</summary>
    private static bool IsCode(string text) => text.Length is >= 1 and <= MaxCodeChars && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
