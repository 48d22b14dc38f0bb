using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Hub.Feed;

/// <summary>What a signature says of what it came with.</summary>
internal enum Sealed
{
    /// <summary>A node of this street wrote exactly this, here, and it is the newest of that node's, or still valid.</summary>
    Valid,

    /// <summary>Nobody who has the key wrote this here.</summary>
    Forged,

    /// <summary>It was valid once: a later one of the same node is known, or it is too old.</summary>
    Replayed,

    /// <summary>It is still the newest of its node, but its life is over: the node has not renewed it.</summary>
    Expired,
}

/// <summary>
/// Signs what nodes tell each other through Redis, which anybody may write to who reaches it: HMAC-SHA256 under a key that neither Redis nor the database
/// holds, over the place (channel or key, which contains the epoch where a message does not), the node, its time and the content. Each node's
/// signatures rise in time, so that an old one is known again. Thread-safe.
/// </summary>
internal sealed class Seal(byte[] key, string node, TimeProvider time)
{
    /// <summary>Bytes of a signature: MAC, time in ticks of UTC, name of the node.</summary>
    public const int Length = Mac + sizeof(long) + NodeLength;

    /// <summary>Bytes of a node's name, in ASCII.</summary>
    public const int NodeLength = 12;

    /// <summary>How far the clocks of two nodes may differ. An older signature is a replay, even for a node that has just started and knows none.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(90);

    /// <summary>Signatures remembered, before those are forgotten that would be too old anyway.</summary>
    private const int KnownLimit = 1_024;

    private const int Mac = HMACSHA256.HashSizeInBytes;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Place, string Node), (long Stamp, long Since)> _known = [];
    private long _last;

    /// <summary>Signatures remembered now.</summary>
    internal int Known => _known.Count;

    /// <summary>Signs a content at a place.</summary>
    public byte[] Sign(string place, ReadOnlySpan<byte> content)
    {
        var signature = new byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(signature.AsSpan(Mac), Next());
        Encoding.ASCII.GetBytes(node, signature.AsSpan(Mac + sizeof(long)));
        Compute(place, signature.AsSpan(Mac), content, signature);
        return signature;
    }

    /// <param name="life">How long a value may stand, from when it was first seen; null for a message, which counts once.</param>
    public Sealed Check(string place, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> content, TimeSpan? life = null)
    {
        if (signature.Length != Length) return Sealed.Forged;
        Span<byte> right = stackalloc byte[Mac];
        Compute(place, signature[Mac..], content, right);
        if (!CryptographicOperations.FixedTimeEquals(right, signature[..Mac])) return Sealed.Forged;
        var stamp = BinaryPrimitives.ReadInt64LittleEndian(signature[Mac..]);
        return IsInTime(stamp) ? Place((place, Encoding.ASCII.GetString(signature[(Mac + sizeof(long))..])), stamp, life) : Sealed.Replayed;
    }

    private Sealed Place((string Place, string Node) of, long stamp, TimeSpan? life)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(of, out var known) && stamp <= known.Stamp)
                return stamp < known.Stamp || life is null ? Sealed.Replayed : time.GetElapsedTime(known.Since) < life ? Sealed.Valid : Sealed.Expired;
            if (_known.Count >= KnownLimit) Forget();
            _known[of] = (stamp, time.GetTimestamp());
            return Sealed.Valid;
        }
    }

    private void Forget()
    {
        foreach (var (of, known) in _known)
            if (!IsInTime(known.Stamp)) _known.Remove(of);
    }

    private bool IsInTime(long stamp) => Math.Abs(time.GetUtcNow().UtcTicks - stamp) <= Skew.Ticks;

    /// <summary>The time, but always later than the last: a clock may stand still or be set back.</summary>
    private long Next()
    {
        lock (_gate) return _last = Math.Max(_last + 1, time.GetUtcNow().UtcTicks);
    }

    private void Compute(string place, ReadOnlySpan<byte> header, ReadOnlySpan<byte> content, Span<byte> into)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        var name = Encoding.UTF8.GetBytes(place);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
        mac.AppendData(length);
        mac.AppendData(name);
        mac.AppendData(header);
        mac.AppendData(content);
        mac.GetHashAndReset(into);
    }
}
