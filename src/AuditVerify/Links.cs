using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.AuditVerify;

/// <summary>A link as it was read.</summary>
internal sealed record Link(long N, long At, byte[] Prev, byte[] Leaves, byte[] Signature)
{
    public const string Sql = "SELECT n, at, prev, leaves, signature FROM chain ORDER BY n";

    private const char Integer = 'i', Text = 't', Blob = 'b';

    /// <summary>What is signed.</summary>
    public byte[] Body { get; } = BodyOf(N, At, Prev, Leaves);

    /// <summary>What the next link holds: of the body and its signature.</summary>
    public byte[] Hash => SHA256.HashData([.. Body, .. Signature]);

    public static Link Read(IRow row)
    {
        var buffer = new byte[64];
        return new Link(Number(row, 0, ref buffer), Number(row, 1, ref buffer), Bytes(row, 2, ref buffer, Blob), Bytes(row, 3, ref buffer, Blob), Bytes(row, 4, ref buffer, Blob));
    }

    private static byte[] BodyOf(long n, long at, byte[] prev, byte[] leaves)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"dispatch-chain-1\n{n}\n{at}\n{Convert.ToHexStringLower(prev)}\n")));
        sha.AppendData(leaves);
        return sha.GetHashAndReset();
    }

    internal static long Number(IRow row, int column, ref byte[] buffer)
    {
        var (type, length) = row.Read(column, ref buffer, 0);
        return type == Integer && long.TryParse(buffer.AsSpan(0, length), CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    /// <summary>Nothing for a value of another type than the column's: the same bytes as text are not what was written.</summary>
    internal static byte[] Bytes(IRow row, int column, ref byte[] buffer, char type = Text)
    {
        var (found, length) = row.Read(column, ref buffer, 0);
        return found == type ? buffer[..length] : [];
    }
}

/// <summary>A line of a link: what became of a row.</summary>
internal readonly record struct Leaf(string Table, string Key, Digest? Before, Digest? After)
{
    private static readonly SearchTable Tables = new();

    /// <summary>The leaves of a link; null if its text is not of their form.</summary>
    public static List<Leaf>? ReadAll(byte[] text)
    {
        var leaves = new List<Leaf>();
        Span<Range> words = stackalloc Range[5];
        for (ReadOnlySpan<byte> rest = text; rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0) return null;
            var line = rest[..end];
            rest = rest[(end + 1)..];
            var (count, at) = (0, 0);
            while (count < 5)
            {
                var space = line[at..].IndexOf((byte)' ');
                words[count++] = space < 0 ? at.. : at..(at + space);
                if (space < 0) break;
                at += space + 1;
            }

            if (count != 4 || !TryDigest(line[words[2]], out var before) || !TryDigest(line[words[3]], out var after)) return null;
            leaves.Add(new Leaf(Tables.Of(line[words[0]]), Encoding.UTF8.GetString(line[words[1]]), before, after));
        }

        return leaves;
    }

    private static bool TryDigest(ReadOnlySpan<byte> word, out Digest? digest)
    {
        digest = null;
        if (word is [(byte)'-']) return true;
        Span<byte> bytes = stackalloc byte[33];
        if (word.Length != 43 || Base64Url.DecodeFromUtf8(word, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length != 32) return false;
        digest = new Digest(bytes[..32]);
        return true;
    }

    /// <summary>The few names of tables, each once.</summary>
    private sealed class SearchTable
    {
        private readonly List<(byte[] Bytes, string Name)> _names = [];

        public string Of(ReadOnlySpan<byte> bytes)
        {
            lock (_names)
            {
                foreach (var (known, name) in _names)
                    if (bytes.SequenceEqual(known)) return name;
                var fresh = Encoding.UTF8.GetString(bytes);
                if (_names.Count < 1_000) _names.Add((bytes.ToArray(), fresh));
                return fresh;
            }
        }
    }
}

/// <summary>The root over the hashes of a day's links, as in RFC 9162 section 2.1: leaves and nodes are told apart by their first byte.</summary>
internal static class Merkle
{
    public static string Root(IReadOnlyList<byte[]> hashes)
    {
        List<byte[]> level = [.. hashes.Select(h => SHA256.HashData([0, .. h]))];
        while (level.Count > 1)
        {
            var above = new List<byte[]>((level.Count + 1) / 2);
            for (var i = 0; i + 1 < level.Count; i += 2) above.Add(SHA256.HashData([1, .. level[i], .. level[i + 1]]));
            if (level.Count % 2 == 1) above.Add(level[^1]);
            level = above;
        }

        return level.Count == 0 ? string.Empty : Convert.ToHexStringLower(level[0]);
    }
}
