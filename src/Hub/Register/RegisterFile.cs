using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Tables;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Register;

/// <summary>The result of reading a table of entries.</summary>
/// <param name="Taken">Lines that are right.</param>
/// <param name="Changed">How many of them were new or changed something.</param>
/// <param name="Unusable">Why the file could not be read at all; null if it could.</param>
public sealed record RegisterImport(int Taken, int Changed, ImmutableArray<RefusedLine> Refused, Words? Unusable)
{
    /// <summary>The refused lines with what stood in them, in the order of <see cref="Refused"/>.</summary>
    public RefusedRows Rows { get; init; } = new([], []);
}

/// <summary>Refused lines of a table, to be mended and taken in again.</summary>
/// <param name="Header">Of the table, without what an earlier one of these has added.</param>
public sealed record RefusedRows(ImmutableArray<string> Header, ImmutableArray<RefusedRow> Lines);

/// <param name="Code">Of the entry, as it stood there.</param>
/// <param name="IsHeld">Taken in again as it stands, it might change an entry that it does not mean: its code is left out of the table, and has to be written again.</param>
public sealed record RefusedRow(RefusedLine Why, string Code, bool IsHeld, ImmutableArray<string> Cells);

/// <summary>
/// Entries as one table: code, kind, name, name_en, place, from, until, holds, and a column for each field by its key. Entries that the table does not name stay as they are, and
/// so does what it has no column for. A line that is refused stops only those that stand in it.
/// </summary>
public sealed class RegisterFile(RegisterBook book, TimeProvider time)
{
    public const int MaxLines = 60_000;

    /// <summary>Refused lines in a table to mend; after those, the whole table again names the next.</summary>
    public const int MostMended = 5_000;

    private const string Sheet = "\u540D\u518C";

    /// <summary>Lines that say something else than was meant if nobody mends them: a code that another line has, or cells in the wrong columns.</summary>
    private static readonly ImmutableArray<string> Held = ["register_twice", "broken_quotes", "too_few_fields", "too_many_fields"];

    /// <param name="who">Null for the command line, which may change everything.</param>
    /// <param name="open">Null if there is no file. May throw I/O exceptions.</param>
    /// <param name="anyway">Also what would leave others standing in an entry that is over.</param>
    public async Task<RegisterImport> TakeAsync(Staff? who, string name, Func<Stream?> open, bool anyway, CancellationToken ct)
    {
        var now = book.Now;
        var keys = now.Map.Kinds.All.SelectMany(k => k.Fields).Select(f => f.Key).Distinct().ToArray();
        var shape = new CsvShape(name, MaxLines, EntryColumns.Code) { Optional = [.. EntryColumns.All.Skip(1), .. keys] };
        var read = CsvTable.Read(shape, _ => open());
        if (read is not CsvTable.Usable table) return new(0, 0, [], ((CsvTable.Unusable)read).Why);
        var drafts = table.Rows.Select(row => new EntryDraft(row.Line, row.Columns.Keys.ToDictionary(column => column, column => row[column]))).ToList();
        var line = drafts.GroupBy(d => d.Code).ToDictionary(g => g.Key, g => g.First().Line);
        List<RefusedLine> lines = [.. table.Refused];
        var lost = table.Unread.GroupBy(row => row[EntryColumns.Code]).ToDictionary(g => g.Key, g => g.First().Line);
        var (taken, refused) = new EntryReading(now, time.GetUtcNow(), anyway, lost).Read(drafts);
        while (who is not null && Foreign(who, now.Map, taken) is { Count: > 0 } foreign)
        {
            // What is refused may take others with it, so the rest is read anew.
            lines.AddRange(foreign.Select(c => new RefusedLine(name, line[c.Entry.Code], StreetWords.Say("register_foreign", c.Entry.Place))));
            var codes = foreign.Select(c => c.Entry.Code).ToHashSet();
            drafts = [.. drafts.Where(d => !codes.Contains(d.Code))];
            foreach (var code in codes) lost.TryAdd(code, line[code]);
            (taken, refused) = new EntryReading(now, time.GetUtcNow(), anyway, lost).Read(drafts);
        }

        lines.AddRange(refused.Select(r => new RefusedLine(name, r.Draft.Line, r.Why)));

        if (now.Map.Entries.Length + taken.Count(c => now.Map.Find(c.Entry.Code) is null) > RegisterBook.MaxEntries) return new(0, 0, [], StreetWords.Say("register_table_full", RegisterBook.MaxEntries));
        var (changed, overtaken) = await book.PutAsync(taken, who?.Id ?? "import", ct);
        lines.AddRange(overtaken.Select(code => new RefusedLine(name, line[code], StreetWords.Say("register_overtaken", code))));
        ImmutableArray<RefusedLine> ordered = [.. lines.OrderBy(l => l.Line)];
        return new(taken.Count - overtaken.Count, changed, ordered, null) { Rows = RowsOf(table, ordered) };
    }

    private static RefusedRows RowsOf(CsvTable.Usable table, ImmutableArray<RefusedLine> refused)
    {
        var at = table.Rows.Concat(table.Unread).ToDictionary(row => row.Line);
        var columns = Enumerable.Range(0, table.Header.Count).Where(i => !StreetWords.Means(table.Header[i], "register_line_column") && !StreetWords.Means(table.Header[i], "register_why_column")).ToArray();
        return new RefusedRows([.. columns.Select(i => table.Header[i])], [.. refused.Select(Row)]);

        RefusedRow Row(RefusedLine line)
        {
            var (row, isHeld) = (at[line.Line], Held.Contains(line.Why.Code));
            var shown = isHeld ? row.With(EntryColumns.Code, string.Empty) : row;
            return new RefusedRow(line, row[EntryColumns.Code], isHeld, [.. columns.Concat(Enumerable.Range(table.Header.Count, Math.Max(0, shown.Fields.Length - table.Header.Count))).Select(i => i < shown.Fields.Length ? shown.Fields[i] : string.Empty)]);
        }
    }

    /// <summary>
    /// A workbook of refused lines: where each stood, why it was refused, and its cells. Mended, it is taken in as it is; its two columns are ignored. At most <see cref="MostMended"/>.
    /// </summary>
    /// <param name="pick">The language of the reader.</param>
    public static byte[] WriteRefused(RefusedRows rows, Func<Words, string> pick) => WorkbookWriting.Write(Sheet,
    [
        [pick(StreetWords.Say("register_line_column")), pick(StreetWords.Say("register_why_column")), .. rows.Header],
        .. rows.Lines.Take(MostMended).Select(row => (IReadOnlyList<string>)
            [row.Why.Line.ToString(CultureInfo.InvariantCulture), pick(row.Why.Why) + (row.IsHeld ? " " + pick(StreetWords.Say("register_code_again", row.Code)) : string.Empty), .. row.Cells]),
    ]);

    /// <summary>What somebody may not make of the register; asked of the register as it would be, for a table may bring a place and what stands in it.</summary>
    private static List<EntryChange> Foreign(Staff who, RegisterMap map, IReadOnlyList<EntryChange> taken)
    {
        if (who.Role == Role.Admin) return [];
        var codes = taken.Select(c => c.Entry.Code).ToHashSet();
        var after = new RegisterSight(who, new RegisterMap(map.Kinds, map.Entries.Where(e => !codes.Contains(e.Code)).Concat(taken.Select(c => c.Entry)), map.Map));
        return [.. taken.Where(c => !after.MayWrite(c.Entry, map.Find(c.Entry.Code)))];
    }

    /// <summary>The same table of what is there now, by code, as far as the reader may read it without a purpose: taking it in again changes nothing.</summary>
    public byte[] Write(Staff who, string? kind) => Csv.Write(TableOf(who, kind));

    /// <summary>The same as a workbook, in which a spreadsheet program leaves codes and days as they are.</summary>
    public byte[] WriteWorkbook(Staff who, string? kind) => WorkbookWriting.Write(Sheet, TableOf(who, kind));

    private List<IReadOnlyList<string>> TableOf(Staff who, string? kind)
    {
        var register = book.Now;
        var (map, sight) = (register.Map, new RegisterSight(who, register.Map));
        var entries = map.Entries.Where(e => (string.IsNullOrEmpty(kind) || e.Kind == kind) && sight.Keeps(e)).OrderBy(e => e.Code, StringComparer.Ordinal).ToList();
        var kinds = entries.Select(e => e.Kind).ToHashSet();
        var keys = map.Kinds.All.Where(k => kinds.Contains(k.Code)).SelectMany(k => k.Fields).Where(f => f.Privacy.IsForStaff).Select(f => f.Key).Distinct().ToArray();
        return [[.. EntryColumns.All, .. keys], .. entries.Select(e => (IReadOnlyList<string>)[.. Columns(e), .. keys.Select(key => register.FieldsOf(e.Code).GetValueOrDefault(key, string.Empty))])];
    }

    /// <summary>What stands in the columns of every entry.</summary>
    public static string[] Columns(Entry e) =>
        [e.Code, e.Kind, e.Name, e.NameEn, e.Place, Day(e.From, isEnd: false), Day(e.Until, isEnd: true), string.Join(';', e.Ties.Select(Tied))];

    private static string Tied(Tie tie)
    {
        var span = tie.From is null && tie.Until is null ? string.Empty : $"/{Day(tie.From, isEnd: false)}..{Day(tie.Until, isEnd: true)}";
        return $"{tie.Role}{(tie.To is null ? string.Empty : ">" + tie.To)}@{tie.Place}{span}";
    }

    /// <summary>As <see cref="EntryReading"/> takes it: an end at midnight is the day before.</summary>
    internal static string Day(DateTimeOffset? at, bool isEnd)
    {
        if (at is not { } instant) return string.Empty;
        var wall = instant.ToOffset(WorkCalendar.Offset);
        return wall.TimeOfDay == TimeSpan.Zero
            ? (isEnd ? wall.AddDays(-1) : wall).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : wall.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }
}
