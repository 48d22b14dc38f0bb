using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>Where the chain ends: the number, hash and time (Unix milliseconds) of the last link; number 0 before the first.</summary>
public readonly record struct ChainEnd(long Link, string Hash, long At)
{
    /// <summary>What the first link follows.</summary>
    public static readonly ChainEnd None = new(0, string.Empty, 0);
}

/// <summary>A link as it is stored.</summary>
internal sealed record ChainLink(long N, long At, byte[] Prev, byte[] Leaves, byte[] Signature)
{
    public const string Insert = "INSERT INTO chain (n, at, prev, leaves, signature) VALUES (@n, @at, @prev, @leaves, @signature)";

    public const string MoveHead = "UPDATE head SET link = @link, link_hash = @hash, link_at = @link_at";
}

/// <summary>The leaves of a link: a line for each protected row that a transaction writes, with its digest before and after; a dash stands for no row.</summary>
internal sealed class ChainLeaves
{
    private readonly ArrayBufferWriter<byte> _text = new(8 * 1024);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    public void Add(string table, string key, string? before, string? after)
    {
        if (before == after) return;
        Write(table);
        _text.Write(" "u8);
        Write(key);
        _text.Write(" "u8);
        Write(before ?? "-");
        _text.Write(" "u8);
        Write(after ?? "-");
        _text.Write("\n"u8);
        Count++;
    }

    public void Add(ChainLeaves more)
    {
        _text.Write(more.Text);
        Count += more.Count;
    }

    public void Clear()
    {
        _text.ResetWrittenCount();
        Count = 0;
    }

    private void Write(string word) => _text.Advance(Encoding.UTF8.GetBytes(word, _text.GetSpan(Encoding.UTF8.GetMaxByteCount(word.Length))));
}

/// <summary>
/// The append-only record of every protected row: each transaction that writes some adds a signed link that names them with their digests and holds the
/// hash of the link before. An independent program replays it and names whatever has been changed past it: docs/audit-chain.md, ADR 0025.
/// </summary>
public sealed class AuditChain : IDisposable
{
    /// <summary>Leaves of one link where a table is taken whole.</summary>
    internal const int LeavesAtOnce = 20_000;

    private readonly ChainKey _key;
    private readonly TimeProvider _time;

    internal AuditChain(ChainKey key, TimeProvider time, IEnumerable<TableShape> tables) =>
        (_key, _time, Tables) = (key, time, tables.ToFrozenDictionary(t => t.Table));

    /// <summary>The public half of the key that signs it.</summary>
    public ChainKey Key => _key;

    /// <summary>What it covers, by the tables' names.</summary>
    internal FrozenDictionary<string, TableShape> Tables { get; }

    /// <summary>Signs the link after an end of the chain; its time never goes back.</summary>
    internal (ChainLink Link, ChainEnd End) Follow(ChainEnd end, ReadOnlySpan<byte> leaves)
    {
        var (n, at) = (end.Link + 1, Math.Max(end.At, _time.GetUtcNow().ToUnixTimeMilliseconds()));
        Span<byte> body = stackalloc byte[SHA256.HashSizeInBytes], hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"dispatch-chain-1\n{n}\n{at}\n{end.Hash}\n")));
        sha.AppendData(leaves);
        sha.GetHashAndReset(body);
        var signature = _key.Sign(body);
        sha.AppendData(body);
        sha.AppendData(signature);
        sha.GetHashAndReset(hash);
        return (new ChainLink(n, at, Convert.FromHexString(end.Hash), leaves.ToArray(), signature), new ChainEnd(n, Convert.ToHexStringLower(hash), at));
    }

    public void Dispose() => _key.Dispose();
}
