namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>
/// The records of a table saved as text: RFC 4180 with any line ends, separated by what its first lines have. A quoted cell may hold line ends; a quote that does not close spoils only
/// its own line.
/// </summary>
internal static class TableText
{
    /// <summary>A quote that is still open after so many lines is a mistake.</summary>
    public const int MostLinesOfCell = 50;

    /// <summary>The beginning of a file in which its separator is looked for.</summary>
    private const int Beginning = 8_192;

    private static readonly char[] Separators = [',', ';', '\t'];

    public static IEnumerable<TableRecord> Records(string text)
    {
        var separator = SeparatorOf(text.AsSpan(0, Math.Min(text.Length, Beginning)));
        for (var (at, line) = (0, 1); at < text.Length; line++)
        {
            var record = Record(text, ref at, separator);
            yield return new TableRecord(line, [.. record.Fields.Select(Cells.Cleaned)], record.IsBroken);
        }
    }

    /// <summary>What occurs most often, outside of quotes, in the first line with any: above it a title may stand.</summary>
    private static char SeparatorOf(ReadOnlySpan<char> beginning)
    {
        foreach (var line in beginning.EnumerateLines())
        {
            var (quoted, counts) = (false, new int[Separators.Length]);
            foreach (var c in line)
            {
                if (c == '"') quoted = !quoted;
                else if (!quoted && Array.IndexOf(Separators, c) is var which and >= 0) counts[which]++;
            }

            if (counts.Max() > 0) return Separators[Array.IndexOf(counts, counts.Max())];
        }

        return ',';
    }

    private static (List<string> Fields, bool IsBroken) Record(string text, ref int at, char separator)
    {
        var (fields, broken) = (new List<string>(), false);
        while (true)
        {
            var start = SkipBlanks(text, at, separator);
            if (start < text.Length && text[start] == '"' && Closing(text, start + 1, separator) is var close and >= 0)
            {
                fields.Add(text[(start + 1)..close].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = SkipBlanks(text, close + 1, separator);
            }
            else
            {
                var end = at;
                while (end < text.Length && text[end] != separator && !IsLineEnd(text[end])) end++;
                fields.Add(text[at..end]);
                broken |= fields[^1].Contains('"');
                at = end;
            }

            if (at == text.Length) return (fields, broken);
            if (text[at++] == separator) continue;
            if (text[at - 1] == '\r' && at < text.Length && text[at] == '\n') at++;
            return (fields, broken);
        }
    }

    /// <summary>Where the quote closes: before a separator, a line end or the end. Negative if it does not.</summary>
    private static int Closing(string text, int from, char separator)
    {
        var lines = 1;
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '\n' && ++lines > MostLinesOfCell) return -1;
            if (text[at] != '"') continue;
            if (at + 1 < text.Length && text[at + 1] == '"')
            {
                at++;
                continue;
            }

            var next = SkipBlanks(text, at + 1, separator);
            return next == text.Length || text[next] == separator || IsLineEnd(text[next]) ? at : -1;
        }

        return -1;
    }

    private static int SkipBlanks(string text, int at, char separator)
    {
        while (at < text.Length && text[at] is ' ' or '\t' && text[at] != separator) at++;
        return at;
    }

    private static bool IsLineEnd(char c) => c is '\r' or '\n';
}
