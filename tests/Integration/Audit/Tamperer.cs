using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace DispatchCenter.Integration.Audit;

/// <summary>
/// Somebody with a copy of the database and the public key, without the private one. Each tampering is drawn from a seed, is carried out in SQL, and says what a verifier
/// has to name.
/// </summary>
internal sealed class Tamperer(SqliteConnection copy, int seed)
{
#pragma warning disable CA5394 // a story, not a secret
    private readonly Random _random = new(seed);

    private sealed record Row(string Table, List<(string Name, bool IsKey, object? Value)> Columns)
    {
        public string Name => $"{Table} {string.Join('/', Columns.Where(c => c.IsKey).Select(c => Escaped(c.Value)))}";

        private static string Escaped(object? value) =>
            string.Concat(Convert.ToString(value, CultureInfo.InvariantCulture)!.Select(c => c is > ' ' and not ('%' or '/' or '\x7f') ? c.ToString() : $"%{(int)c:X2}"));
    }

    /// <summary>What was done, and the names of which at least one, or with <paramref name="every"/> each, has to be said.</summary>
    public sealed record Deed(string What, IReadOnlyList<string> Names);

    public IReadOnlyList<Func<Deed?>> Deeds =>
        [ChangeColumn, ChangeColumn, ChangeColumn, FlipByte, Delete, Insert, SwapContents, SwapKeys, EditLeaf, RemoveLink, AppendLink, ReorderLinks, ForgeWithOwnKey, ForgeWithoutKey, CutLinks, CutLinksAndHead, TurnHead, EditSignature, Uncover, ChangeKey, TurnTime];

    /// <summary>Carries out one that changes something.</summary>
    public Deed Tamper()
    {
        while (true)
        {
            var deed = Deeds[_random.Next(Deeds.Count)];
            try
            {
                if (deed() is { } done) return done;
            }
            catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
            {
                // Two rows with one key: the database does not take that; draw another.
            }
        }
    }

    private Deed? ChangeColumn()
    {
        var row = Pick();
        var (name, _, value) = row.Columns[_random.Next(row.Columns.Count)];
        object changed = value switch
        {
            null => TypeOf(row.Table, name) is "TEXT" ? "x" : 1L,
            long number => number + (_random.Next(2) == 0 ? 1 : -1),
            double real => real + 0.5,
            string text => _random.Next(2) == 0 ? text + " " : text.Length > 1 ? text[..^1] : text + "0",
            byte[] bytes => bytes.Append((byte)0).ToArray(),
            _ => throw new InvalidOperationException(),
        };
        Set(row, name, changed);
        return new Deed($"{row.Name}: {name} changed", [row.Name]);
    }

    private Deed? FlipByte()
    {
        var row = Pick();
        var some = row.Columns.Where(c => c.Value is string { Length: > 0 } or byte[] { Length: > 0 }).ToList();
        if (some.Count == 0) return null;
        var (name, _, value) = some[_random.Next(some.Count)];
        var bytes = value as byte[] ?? Encoding.UTF8.GetBytes((string)value!);
        bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        if (value is byte[]) Set(row, name, bytes);
        else Run($"UPDATE {row.Table} SET {name} = CAST(@blob AS TEXT) WHERE {Where(row)}", [("@blob", bytes), .. Keys(row)]);
        return new Deed($"{row.Name}: a bit of {name} flipped", [row.Name]);
    }

    private Deed? Delete()
    {
        var row = Pick();
        Run($"DELETE FROM {row.Table} WHERE {Where(row)}", [.. Keys(row)]);
        return new Deed($"{row.Name} deleted", [row.Name]);
    }

    private Deed? Insert()
    {
        var row = Pick();
        var key = row.Columns.First(c => c.IsKey);
        var other = row with { Columns = [.. row.Columns.Select(c => c.Name != key.Name ? c : (c.Name, c.IsKey, c.Value is long n ? n + 1_000_000 : c.Value + "-2"))] };
        var unique = other.Columns.Select(c => (c.Name, c.IsKey, Value: c.Name is "tracking" or "normalized_user_name" or "slot" ? c.Value + "x" : c.Value)).ToList();
        Run($"INSERT INTO {row.Table} ({string.Join(", ", unique.Select(c => c.Name))}) VALUES ({string.Join(", ", unique.Select(c => "@" + c.Name))})", [.. unique.Select(c => ("@" + c.Name, c.Value))]);
        return new Deed($"{other.Name} put in", [other.Name]);
    }

    private Deed? SwapContents()
    {
        var (one, other) = (Pick(), (Row?)null);
        for (var i = 0; i < 5 && other is null; i++) other = Pick(one.Table) is var drawn && drawn.Name != one.Name ? drawn : null;
        if (other is null) return null;
        var changed = false;
        foreach (var (name, isKey, value) in one.Columns)
        {
            var there = other.Columns.First(c => c.Name == name).Value;
            if (isKey || Equals(value, there) || (value is byte[] mine && there is byte[] yours && mine.AsSpan().SequenceEqual(yours)) || name is "tracking" or "normalized_user_name" or "slot") continue;
            Set(one, name, there);
            Set(other, name, value);
            changed = true;
        }

        return changed ? new Deed($"{one.Name} and {other.Name} changed their contents", [one.Name, other.Name]) : null;
    }

    private Deed? SwapKeys()
    {
        var (one, other) = (Pick("journal"), Pick("journal"));
        if (one.Name == other.Name) return null;
        Run("UPDATE journal SET seq = -1 WHERE seq = @a", [("@a", Key(one))]);
        Run("UPDATE journal SET seq = @a WHERE seq = @b", [("@a", Key(one)), ("@b", Key(other))]);
        Run("UPDATE journal SET seq = @b WHERE seq = -1", [("@b", Key(other))]);
        return new Deed($"{one.Name} and {other.Name} changed places", [one.Name, other.Name]);
    }

    private Deed? EditLeaf()
    {
        var n = Link();
        var leaves = (byte[])One("SELECT leaves FROM chain WHERE n = @n", ("@n", n))!;
        var at = _random.Next(leaves.Length);
        leaves[at] = leaves[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        Run("UPDATE chain SET leaves = @l WHERE n = @n", [("@l", leaves), ("@n", n)]);
        return new Deed($"a letter of link {n} changed", [$"link {n}"]);
    }

    private Deed? RemoveLink()
    {
        var n = Link();
        if (n == Last) return null; // that is cutting off
        Run("DELETE FROM chain WHERE n = @n", [("@n", n)]);
        return new Deed($"link {n} removed", [$"link {n}"]);
    }

    private Deed? AppendLink()
    {
        var n = Last + 1;
        Run("INSERT INTO chain (n, at, prev, leaves, signature) SELECT @n, at, prev, leaves, signature FROM chain WHERE n = @m", [("@n", n), ("@m", Link())]);
        Run("UPDATE head SET link = @n", [("@n", n)]);
        return new Deed($"link {n} put in", [$"link {n}"]);
    }

    private Deed? ReorderLinks()
    {
        var (a, b) = (Link(), Link());
        if (a == b) return null;
        Run("UPDATE chain SET n = -1 WHERE n = @a", [("@a", a)]);
        Run("UPDATE chain SET n = @a WHERE n = @b", [("@a", a), ("@b", b)]);
        Run("UPDATE chain SET n = @b WHERE n = -1", [("@b", b)]);
        return new Deed($"links {a} and {b} changed places", [$"link {a}", $"link {b}"]);
    }

    /// <summary>Everything anew from a link on, consistently, but signed with a key of one's own that is also put into the table of keys.</summary>
    private Deed? ForgeWithOwnKey()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var n = Link();
        Rewrite(n, own);
        Run("INSERT INTO chain_keys (fingerprint, public_key, at) VALUES (@f, @p, 0)", [("@f", Convert.ToHexStringLower(SHA256.HashData(own.ExportSubjectPublicKeyInfo()))), ("@p", own.ExportSubjectPublicKeyInfoPem())]);
        return new Deed($"all links from {n} on signed with another key", [$"link {Last}"]);
    }

    private Deed? ForgeWithoutKey()
    {
        var n = Link();
        Rewrite(n, null);
        return new Deed($"the hashes from {n} on made anew", [$"link {n}"]);
    }

    private Deed? CutLinks()
    {
        var n = Link();
        Run("DELETE FROM chain WHERE n >= @n", [("@n", n)]);
        return new Deed($"the links from {n} on cut off", ["link "]);
    }

    private Deed? CutLinksAndHead()
    {
        var n = Link();
        if (n == 1) return null;
        var (prev, at) = ((byte[])One("SELECT prev FROM chain WHERE n = @n", ("@n", n))!, One("SELECT at FROM chain WHERE n = @n - 1", ("@n", n)));
        Run("DELETE FROM chain WHERE n >= @n", [("@n", n)]);
        Run("UPDATE head SET link = @l, link_hash = @h, link_at = @at", [("@l", n - 1), ("@h", Convert.ToHexStringLower(prev)), ("@at", at)]);
        return new Deed($"the links from {n} on cut off and the head turned back", [$"link {EndWas}"]);
    }

    private Deed? TurnHead()
    {
        Run(_random.Next(2) == 0 ? "UPDATE head SET link = link - 1" : "UPDATE head SET link_hash = '00' || SUBSTR(link_hash, 3)", []);
        return new Deed("the head turned", ["link "]);
    }

    private Deed? EditSignature()
    {
        var n = Link();
        var signature = (byte[])One("SELECT signature FROM chain WHERE n = @n", ("@n", n))!;
        signature[_random.Next(64)] ^= 1;
        Run("UPDATE chain SET signature = @s WHERE n = @n", [("@s", signature), ("@n", n)]);
        return new Deed($"the signature of link {n} changed", [$"link {n}"]);
    }

    /// <summary>A column is taken out of what is covered, and then changed.</summary>
    private Deed? Uncover()
    {
        var row = Pick();
        var column = row.Columns.Where(c => !c.IsKey && c.Value is string).Select(c => c.Name).FirstOrDefault();
        if (column is null || row.Table.StartsWith("chain_", StringComparison.Ordinal)) return null;
        Run("DELETE FROM chain_columns WHERE tab = @t AND col = @c", [("@t", row.Table), ("@c", column)]);
        Set(row, column, "changed");
        return new Deed($"{row.Table}.{column} uncovered", [$"chain_columns {row.Table}/{column}"]);
    }

    private Deed? ChangeKey()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Run("UPDATE chain_keys SET public_key = @p", [("@p", own.ExportSubjectPublicKeyInfoPem())]);
        return new Deed("the key in the table changed", ["chain_keys "]);
    }

    private Deed? TurnTime()
    {
        var n = Link();
        Run("UPDATE chain SET at = at + 1 WHERE n = @n", [("@n", n)]);
        return new Deed($"the time of link {n} changed", [$"link {n}"]);
    }

    /// <summary>The last link before anything was done.</summary>
    public long EndWas { get; } = Number(copy, "SELECT MAX(n) FROM chain");

    private long Last => Number(copy, "SELECT MAX(n) FROM chain");

    private long Link() => _random.NextInt64(1, Last + 1);

    private void Rewrite(long from, ECDsa? key)
    {
        byte[]? prev = null;
        using var read = Command("SELECT n, at, prev, leaves, signature FROM chain WHERE n >= @n ORDER BY n", [("@n", from)]);
        var links = new List<(long N, long At, byte[] Prev, byte[] Leaves, byte[] Signature)>();
        using (var reader = read.ExecuteReader())
            while (reader.Read()) links.Add((reader.GetInt64(0), reader.GetInt64(1), (byte[])reader[2], (byte[])reader[3], (byte[])reader[4]));
        foreach (var (n, at, was, leaves, signature) in links)
        {
            var text = prev is null ? leaves.Select((b, i) => i == leaves.Length - 2 ? (byte)(b == 'A' ? 'Q' : 'A') : b).ToArray() : leaves;
            var before = prev ?? was;
            var body = SHA256.HashData([.. Encoding.ASCII.GetBytes($"dispatch-chain-1\n{n}\n{at}\n{Convert.ToHexStringLower(before)}\n"), .. text]);
            var signed = key?.SignHash(body) ?? signature;
            Run("UPDATE chain SET prev = @p, leaves = @l, signature = @s WHERE n = @n", [("@p", before), ("@l", text), ("@s", signed), ("@n", n)]);
            prev = SHA256.HashData([.. body, .. signed]);
        }

        Run("UPDATE head SET link_hash = @h", [("@h", Convert.ToHexStringLower(prev!))]);
    }

    /// <summary>A row of a table that has some, each table as likely as another.</summary>
    private Row Pick(string? table = null)
    {
        while (true)
        {
            var tables = Tables();
            var name = table ?? tables[_random.Next(tables.Count)];
            if (Number(copy, $"SELECT COUNT(*) FROM {name}") is var rows and > 0) return Read(name, _random.NextInt64(rows));
        }
    }

    private List<string> Tables()
    {
        var tables = new List<string>();
        using var command = Command("SELECT DISTINCT tab FROM chain_columns UNION SELECT 'chain_columns' UNION SELECT 'chain_keys'", []);
        using var reader = command.ExecuteReader();
        while (reader.Read()) tables.Add(reader.GetString(0));
        return tables;
    }

    private Row Read(string table, long at)
    {
        var columns = new List<(string, bool)>();
        var covered = table.StartsWith("chain_", StringComparison.Ordinal) ? string.Empty : " AND name IN (SELECT col FROM chain_columns WHERE tab = @t)";
        using (var ask = Command($"SELECT name, pk FROM pragma_table_info(@t) WHERE 1 = 1{covered}", [("@t", table)]))
        using (var reader = ask.ExecuteReader())
            while (reader.Read()) columns.Add((reader.GetString(0), reader.GetInt64(1) > 0));
        using var command = Command($"SELECT {string.Join(", ", columns.Select(c => c.Item1))} FROM {table} LIMIT 1 OFFSET @at", [("@at", at)]);
        using var row = command.ExecuteReader();
        row.Read();
        return new Row(table, [.. columns.Select((c, i) => (c.Item1, c.Item2, row.IsDBNull(i) ? null : row.GetValue(i)))]);
    }

    private string TypeOf(string table, string column) => (string)One("SELECT type FROM pragma_table_info(@t) WHERE name = @c", ("@t", table), ("@c", column))!;

    private void Set(Row row, string column, object? value) => Run($"UPDATE {row.Table} SET {column} = @value WHERE {Where(row)}", [("@value", value), .. Keys(row)]);

    private static string Where(Row row) => string.Join(" AND ", row.Columns.Where(c => c.IsKey).Select(c => $"{c.Name} = @key_{c.Name}"));

    private static IEnumerable<(string, object?)> Keys(Row row) => row.Columns.Where(c => c.IsKey).Select(c => ("@key_" + c.Name, c.Value));

    private static object Key(Row row) => row.Columns.Single(c => c.IsKey).Value!;

    private object? One(string sql, params (string, object?)[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteScalar();
    }

    private void Run(string sql, (string, object?)[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = copy.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static long Number(SqliteConnection copy, string sql)
    {
        using var command = copy.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
