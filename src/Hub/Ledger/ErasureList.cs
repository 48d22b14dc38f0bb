using System.Globalization;
using System.Text;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The erasures as a file beside the database, because an older copy of the database does not know them. A line each, codes only: number, when it was opened and when it
/// was asked for (Unix ms), reason, account.
/// </summary>
public sealed class ErasureList(Database database)
{
    private readonly Lock _gate = new();

    /// <summary>The file, beside the database.</summary>
    public static string FileOf(string notes) => notes + ".erased";

    /// <summary>What is noted; lines that cannot be read are passed over.</summary>
    public IReadOnlyList<ErasureRow> Read()
    {
        var file = FileOf(database.Notes);
        return File.Exists(file) ? [.. File.ReadLines(file).Select(Parse).OfType<ErasureRow>()] : [];
    }

    /// <summary>Adds those that are not noted yet; none is ever taken away.</summary>
    public void Note(IReadOnlyList<ErasureRow> erasures)
    {
        lock (_gate)
        {
            var noted = Read();
            var known = noted.Select(e => (e.CallNo, e.OpenedAt)).ToHashSet();
            var fresh = erasures.Where(e => !known.Contains((e.CallNo, e.OpenedAt))).ToList();
            if (fresh.Count > 0) PrivateFiles.Replace(FileOf(database.Notes), Encoding.UTF8.GetBytes(string.Concat(noted.Concat(fresh).Select(Line))));
        }
    }

    private static string Line(ErasureRow e) =>
        string.Create(CultureInfo.InvariantCulture, $"{e.CallNo} {e.OpenedAt.ToUnixTimeMilliseconds()} {e.At.ToUnixTimeMilliseconds()} {e.Reason} {e.ByAccount}\n");

    private static ErasureRow? Parse(string line) =>
        line.Split(' ') is [var no, var opened, var at, var reason, var by] && Time(opened) is { } openedAt && Time(at) is { } askedAt && ErasureRow.Reasons.Contains(reason)
            ? new ErasureRow { CallNo = no, OpenedAt = openedAt, At = askedAt, Reason = reason, ByAccount = by } : null;

    private static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
