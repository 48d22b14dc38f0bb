using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.AuditVerify;

/// <summary>A protected column as the table of columns describes it.</summary>
/// <param name="KeyPart">Its place in the key from 1; 0 outside the key.</param>
/// <param name="Blank">Type and value that are left out of the digest; null leaves out nothing but NULL.</param>
public sealed record Column(string Name, int KeyPart, string? Blank);

/// <summary>A protected table, and how its rows are digested: docs/audit-chain.md. Reuses its buffers, so it belongs to one reader.</summary>
public sealed class Table
{
    private readonly (byte[] Name, byte[]? Blank)[] _columns;
    private readonly int[] _key;
    private byte[] _row = new byte[16 * 1024];
    private byte[] _value = new byte[16 * 1024];

    public Table(string name, IEnumerable<Column> columns)
    {
        Column[] sorted = [.. columns.OrderBy(c => c.Name, StringComparer.Ordinal)];
        Name = name;
        _columns = [.. sorted.Select(c => (Encoding.UTF8.GetBytes(c.Name), c.Blank is null ? null : Encoding.UTF8.GetBytes(c.Blank)))];
        _key = [.. sorted.Select((c, i) => (c.KeyPart, At: i)).Where(c => c.KeyPart > 0).OrderBy(c => c.KeyPart).Select(c => c.At)];
        Sql = $"SELECT {string.Join(", ", sorted.Select(c => Quoted(c.Name)))} FROM {Quoted(name)}";
    }

    public string Name { get; }

    public string Sql { get; }

    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The key of a row as leaves name it, and the row's digest.</summary>
    public (string Key, Digest Digest) Read(IRow row)
    {
        var length = 0;
        for (var i = 0; i < _columns.Length; i++)
        {
            var (name, blank) = _columns[i];
            var (type, size) = row.Read(i, ref _value, 0);
            var value = _value.AsSpan(0, size);
            if (type == 'n' ? blank is null : blank is [var first, .. var rest] && first == type && value.SequenceEqual(rest)) continue;
            Write(ref length, name);
            Room(length + 16);
            _row[length++] = (byte)' ';
            _row[length++] = (byte)type;
            size.TryFormat(_row.AsSpan(length), out var digits, default, CultureInfo.InvariantCulture);
            length += digits;
            _row[length++] = (byte)':';
            Write(ref length, value);
            Write(ref length, "\n"u8);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.AsSpan(0, length), hash);
        return (KeyOf(row), new Digest(hash));
    }

    private string KeyOf(IRow row)
    {
        var key = new StringBuilder();
        foreach (var column in _key)
        {
            if (key.Length > 0) key.Append('/');
            var (_, size) = row.Read(column, ref _value, 0);
            foreach (var c in Encoding.UTF8.GetString(_value, 0, size))
            {
                if (c is > ' ' and not ('%' or '/' or '\x7f')) key.Append(c);
                else key.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return key.ToString();
    }

    private void Write(ref int at, ReadOnlySpan<byte> bytes)
    {
        Room(at + bytes.Length);
        bytes.CopyTo(_row.AsSpan(at));
        at += bytes.Length;
    }

    private void Room(int length)
    {
        if (_row.Length < length) Array.Resize(ref _row, Math.Max(_row.Length * 2, length));
    }
}

/// <summary>A SHA-256 digest as a value.</summary>
public readonly struct Digest : IEquatable<Digest>
{
    private readonly ulong _a, _b, _c, _d;

    public Digest(ReadOnlySpan<byte> bytes)
    {
        _a = BitConverter.ToUInt64(bytes);
        _b = BitConverter.ToUInt64(bytes[8..]);
        _c = BitConverter.ToUInt64(bytes[16..]);
        _d = BitConverter.ToUInt64(bytes[24..]);
    }

    public static bool operator ==(Digest one, Digest other) => one.Equals(other);

    public static bool operator !=(Digest one, Digest other) => !one.Equals(other);

    public bool Equals(Digest other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b);
}
