using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.AuditVerify;

/// <summary>
/// Verifies a copy: replays the chain from its first link, checks links and signatures, and compares what the leaves say with what is stored.
/// </summary>
public sealed class Verifier : IDisposable
{
    /// <summary>Findings that are named; the rest are counted.</summary>
    public const int Named = 10_000;

    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    /// <summary>The chain's own tables: the form of all others stands in the first of them.</summary>
    private static readonly Column[] ColumnColumns = [new("tab", 1, null), new("col", 2, null), new("key_part", 0, null), new("blank", 0, null)];
    private static readonly Column[] KeyColumns = [new("fingerprint", 1, null), new("public_key", 0, null), new("at", 0, null)];

    private readonly Source _source;
    private readonly Trust _trust;
    private readonly List<ECDsa> _keys;
    private readonly List<Fault> _faults = [];
    private readonly Dictionary<string, Dictionary<string, (Digest Digest, long Link)>> _rows = [];
    private readonly Dictionary<DateOnly, List<byte[]>> _days = [];
    private readonly HashSet<string> _unsigned = [];
    private long _more;

    private Verifier(Source source, Trust trust)
    {
        (_source, _trust) = (source, trust);
        foreach (var (day, _) in trust.Days) _days.TryAdd(day, []);
        _keys = [.. trust.Keys.Select(Key)];
        if (trust.Fingerprints.Count > 0) _keys.AddRange(KeysOf(trust.Fingerprints));
    }

    /// <exception cref="DbException">The copy cannot be read at all.</exception>
    /// <exception cref="CryptographicException">A key cannot be used, or there is none.</exception>
    public static Report Run(Source source, Trust trust)
    {
        using var verifier = new Verifier(source, trust);
        if (verifier._keys.Count == 0) throw new CryptographicException("There is no trusted key.");
        var damage = trust.Quick ? Task.FromResult<IEnumerable<string>>([]) : Task.Run(source.Damage);
        var end = verifier.Replay();
        var rows = verifier.Compare();
        foreach (var line in damage.GetAwaiter().GetResult()) verifier.Say(Wrong.File, "file", line);
        return new Report(verifier._faults, end?.N ?? 0, rows, end is null ? "0:" : $"{end.N}:{Convert.ToHexStringLower(end.Hash)}", verifier._more);
    }

    public void Dispose() => _keys.ForEach(k => k.Dispose());

    private void Say(Wrong wrong, string what, string detail = "")
    {
        if (wrong == Wrong.LinkChanged && !_unsigned.Add(what)) return; // found from both of its sides
        if (_faults.Count < Named) _faults.Add(new Fault(wrong, what, detail));
        else _more++;
    }

    /// <summary>Goes through the links in their order; the last one, or null.</summary>
    private Link? Replay()
    {
        Link? last = null;
        var ends = _trust.Ends.Distinct().ToDictionary(e => e, _ => false);
        try
        {
            _source.Read(Link.Sql, row =>
            {
                var link = Link.Read(row);
                Follow(last, link);
                foreach (var end in _trust.Ends.Where(e => e.Link == link.N)) ends[end] = end.Hash.Equals(Convert.ToHexStringLower(link.Hash), StringComparison.OrdinalIgnoreCase);
                if (_days.Count > 0 && DayOf(link.At) is { } day && _days.TryGetValue(day, out var hashes)) hashes.Add(link.Hash);
                last = link;
            });
        }
        catch (DbException e)
        {
            Say(Wrong.File, "chain", e.Message);
        }

        if (last is null) Say(Wrong.CutOff, "link 1", "there is no chain");
        else if (!IsSigned(last)) NameUnsigned();
        foreach (var ((n, hash), isThere) in ends)
            if (!isThere) Say(Wrong.CutOff, $"link {n}", n > (last?.N ?? 0) ? "noted, and no longer there" : $"noted as {hash}");
        foreach (var (day, root) in _trust.Days)
            if (!Merkle.Root(_days[day]).Equals(root, StringComparison.OrdinalIgnoreCase)) Say(Wrong.DayChanged, $"day {day:yyyy-MM-dd}", $"{_days[day].Count} links");
        CheckHead(last);
        return last;
    }

    private void Follow(Link? before, Link link)
    {
        var due = (before?.N ?? 0) + 1;
        for (var n = due; n < link.N && n < due + Named; n++) Say(Wrong.LinkMissing, $"link {n}");
        if (link.N < due) Say(Wrong.LinkOutOfPlace, $"link {link.N}");
        var follows = link.N == due && link.Prev.AsSpan().SequenceEqual(before?.Hash ?? []);
        var isSigned = (follows && !_trust.EverySignature) || IsSigned(link);
        if (!isSigned) Say(Wrong.LinkChanged, $"link {link.N}");
        if (!follows && link.N == due)
        {
            var isBeforeSigned = before is null || IsSigned(before);
            if (!isBeforeSigned) Say(Wrong.LinkChanged, $"link {before!.N}");
            else if (isSigned) Say(Wrong.LinkOutOfPlace, $"link {link.N}");
        }

        if (before is not null && link.At < before.At) Say(Wrong.LinkOutOfPlace, $"link {link.N}", "its time goes back");
        if (Leaf.ReadAll(link.Leaves) is not { } leaves) Say(Wrong.LinkChanged, $"link {link.N}", "its leaves cannot be read");
        else
            foreach (var leaf in leaves) Take(leaf, link);
    }

    private void Take(Leaf leaf, Link link)
    {
        if (!_rows.TryGetValue(leaf.Table, out var rows)) _rows.Add(leaf.Table, rows = []);
        var known = rows.TryGetValue(leaf.Key, out var row);
        if (known ? leaf.Before != row.Digest : leaf.Before is not null)
            Say(Wrong.ChangedBefore, $"{leaf.Table} {leaf.Key}", $"{(known ? $"written in link {row.Link}, " : string.Empty)}found otherwise in link {link.N} of {Time(link.At)}");
        if (leaf.After is { } after) rows[leaf.Key] = (after, link.N);
        else rows.Remove(leaf.Key);
    }

    /// <summary>The last signature vouches for nothing: each link speaks for itself.</summary>
    private void NameUnsigned() => _source.Read(Link.Sql, row =>
    {
        var link = Link.Read(row);
        if (!IsSigned(link)) Say(Wrong.LinkChanged, $"link {link.N}");
    });

    private void CheckHead(Link? last)
    {
        var found = false;
        try
        {
            _source.Read("SELECT link, link_hash, link_at FROM head", row =>
            {
                var buffer = new byte[128];
                var (n, hash) = (Link.Number(row, 0, ref buffer), Encoding.UTF8.GetString(Link.Bytes(row, 1, ref buffer)));
                var at = Link.Number(row, 2, ref buffer);
                if (n != (last?.N ?? 0) || hash != (last is null ? string.Empty : Convert.ToHexStringLower(last.Hash))) Say(Wrong.CutOff, $"link {Math.Max(n, last?.N ?? 0)}", $"the head names link {n}, the last is {last?.N ?? 0}");
                else if (at != (last?.At ?? 0)) Say(Wrong.Changed, "head main", $"it says {Time(at)} of link {n}, which is of {Time(last?.At ?? 0)}");
                found = true;
            });
        }
        catch (DbException e)
        {
            Say(Wrong.File, "head", e.Message);
        }

        if (!found) Say(Wrong.Removed, "head main");
    }

    /// <summary>Compares every protected row with its last leaf; returns how many there are.</summary>
    private long Compare()
    {
        var tables = new Dictionary<string, List<Column>>();
        var read = Compare(new Table("chain_columns", ColumnColumns), row =>
        {
            var buffer = new byte[256];
            string Text(int column) => Encoding.UTF8.GetString(Link.Bytes(row, column, ref buffer));
            // In the order of their names: blank, col, key_part, tab.
            var blank = row.Read(0, ref buffer, 0).Type == 'n' ? null : Text(0);
            var column = new Column(Text(1), (int)Link.Number(row, 2, ref buffer), blank);
            var table = Text(3);
            if (!tables.TryGetValue(table, out var columns)) tables.Add(table, columns = []);
            columns.Add(column);
        });
        read += Compare(new Table("chain_keys", KeyColumns));
        foreach (var (name, columns) in tables) read += Compare(new Table(name, columns));
        foreach (var (table, rows) in _rows)
            foreach (var (key, (_, link)) in rows) Say(Wrong.Removed, $"{table} {key}", $"written in link {link}");
        return read;
    }

    private long Compare(Table table, Action<IRow>? also = null)
    {
        var read = 0L;
        var known = _rows.GetValueOrDefault(table.Name) ?? [];
        try
        {
            _source.Read(table.Sql, row =>
            {
                read++;
                var (key, digest) = table.Read(row);
                if (known.Remove(key, out var last))
                {
                    if (last.Digest != digest) Say(Wrong.Changed, $"{table.Name} {key}", $"written in link {last.Link}");
                }
                else
                {
                    Say(Wrong.Added, $"{table.Name} {key}");
                }

                also?.Invoke(row);
            });
        }
        catch (DbException e)
        {
            Say(Wrong.File, table.Name, e.Message);
        }

        return read;
    }

    private bool IsSigned(Link link) => _keys.Exists(key => link.Signature.Length == 64 && key.VerifyHash(link.Body, link.Signature));

    private static ECDsa Key(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (ArgumentException e)
        {
            key.Dispose();
            throw new CryptographicException(e.Message);
        }
    }

    /// <summary>The keys in the database that have these fingerprints.</summary>
    private List<ECDsa> KeysOf(IReadOnlyList<string> fingerprints)
    {
        var keys = new List<ECDsa>();
        _source.Read("SELECT public_key FROM chain_keys", row =>
        {
            var buffer = new byte[1_024];
            var pem = Encoding.UTF8.GetString(Link.Bytes(row, 0, ref buffer));
            try
            {
                var key = Key(pem);
                var print = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
                if (fingerprints.Any(f => f.Replace(" ", string.Empty, StringComparison.Ordinal).Equals(print, StringComparison.OrdinalIgnoreCase))) keys.Add(key);
                else key.Dispose();
            }
            catch (CryptographicException)
            {
                // Not a key: the comparison of its row says so.
            }
        });
        return keys;
    }

    private static DateOnly? DayOf(long at) => at is < 0 or > 253_402_300_799_999 ? null : DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(at).ToOffset(Shanghai).DateTime);

    private static string Time(long at) => at is < 0 or > 253_402_271_999_999 ? at.ToString(CultureInfo.InvariantCulture) : DateTimeOffset.FromUnixTimeMilliseconds(at).ToOffset(Shanghai).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
