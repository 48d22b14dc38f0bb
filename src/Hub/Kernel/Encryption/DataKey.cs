using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>One key: AES-256 in GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128.</summary>
internal sealed class DataKey
{
    public const int Bytes = 32;

    private const int NonceBytes = 12, TagBytes = 16;

    private readonly byte[] _key;
    private readonly ConcurrentBag<AesGcm> _idle = []; // an instance serves one thread at a time

    public DataKey(long id, byte[] key) => (Id, Prefix, _key) = (id, string.Create(CultureInfo.InvariantCulture, $"{Mark}{id}."), key);

    /// <summary>What every stored value begins with.</summary>
    public const char Mark = '~';

    public long Id { get; }

    /// <summary>What a value begins with that this key has encrypted.</summary>
    public string Prefix { get; }

    public static int Length(int plain) => NonceBytes + plain + TagBytes;

    /// <summary>Writes nonce, cipher text and tag.</summary>
    /// <param name="nonce">Its first 96 bits are taken; random ones if there is none.</param>
    public void Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> column, ReadOnlySpan<byte> nonce, Span<byte> made)
    {
        if (nonce.IsEmpty) RandomBits.Fill(made[..NonceBytes]);
        else nonce[..NonceBytes].CopyTo(made);
        var aes = Take();
        aes.Encrypt(made[..NonceBytes], plain, made.Slice(NonceBytes, plain.Length), made[(NonceBytes + plain.Length)..], column);
        _idle.Add(aes);
    }

    /// <summary>The bytes; null if they are not what this key has encrypted for this column.</summary>
    public byte[]? TryDecrypt(ReadOnlySpan<byte> made, ReadOnlySpan<byte> column)
    {
        if (made.Length < Length(0)) return null;
        var (plain, aes) = (new byte[made.Length - Length(0)], Take());
        try
        {
            aes.Decrypt(made[..NonceBytes], made.Slice(NonceBytes, plain.Length), made[^TagBytes..], plain, column);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            _idle.Add(aes);
        }
    }

    /// <summary>The number of the key of a stored value and where its bytes begin; null if it is none.</summary>
    public static (long Id, int Begin)? Read(ReadOnlySpan<char> stored)
    {
        if (stored.Length < 3 || stored[0] != Mark) return null;
        var end = stored[..Math.Min(stored.Length, 21)].IndexOf('.');
        return end > 1 && long.TryParse(stored[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (id, end + 1) : null;
    }

    public static (long Id, int Begin)? Read(ReadOnlySpan<byte> stored) => Read(Encoding.Latin1.GetString(stored[..Math.Min(stored.Length, 21)]));

    private AesGcm Take() => _idle.TryTake(out var idle) ? idle : new AesGcm(_key, TagBytes);
}
