using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>What a browser gives out so that only it can read what a push service carries to it.</summary>
/// <param name="PublicKey">A point of P-256, uncompressed: 65 bytes.</param>
/// <param name="Secret">16 bytes.</param>
internal sealed record PushKeys(byte[] PublicKey, byte[] Secret)
{
    public const int PublicKeyBytes = 65;
    public const int SecretBytes = 16;

    private const byte Uncompressed = 4;

    /// <summary>Null if the key is no point of the curve, or a length is wrong.</summary>
    public static PushKeys? Of(byte[] publicKey, byte[] secret)
    {
        if (publicKey is not [Uncompressed, ..] || publicKey.Length != PublicKeyBytes || secret.Length != SecretBytes) return null;
        try
        {
            using var key = ECDiffieHellman.Create(PointOf(publicKey));
            return new PushKeys(publicKey, secret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    internal static ECParameters PointOf(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..PublicKeyBytes].ToArray() },
    };

    internal static byte[] BytesOf(ECPoint point) => [Uncompressed, .. point.X!, .. point.Y!];
}

/// <summary>Encrypts a message for one browser: RFC 8291, in one record of the content coding aes128gcm (RFC 8188).</summary>
internal static class PushCipher
{
    public const string Coding = "aes128gcm";

    /// <summary>The length that every message is padded to, so that its length tells nothing.</summary>
    public const int Padded = 128;

    private const int SaltBytes = 16, TagBytes = 16, NonceBytes = 12, KeyBytes = 16, RecordSize = 4096;

    /// <summary>Ends the text of the last record, before its padding.</summary>
    private const byte Delimiter = 2;

    public static byte[] Encrypt(PushKeys to, ReadOnlySpan<byte> plain)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(to, plain, own, RandomNumberGenerator.GetBytes(SaltBytes), Padded);
    }

    /// <param name="own">A key pair for this message alone.</param>
    /// <param name="padded">Not below the length of the text.</param>
    internal static byte[] Encrypt(PushKeys to, ReadOnlySpan<byte> plain, ECDiffieHellman own, byte[] salt, int padded)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, padded);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padded, RecordSize - TagBytes - 1);
        using var theirs = ECDiffieHellman.Create(PushKeys.PointOf(to.PublicKey));
        var ownPoint = PushKeys.BytesOf(own.ExportParameters(includePrivateParameters: false).Q);
        var shared = own.DeriveRawSecretAgreement(theirs.PublicKey);
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, HMACSHA256.HashSizeInBytes, to.Secret, [.. "WebPush: info\0"u8, .. to.PublicKey, .. ownPoint]);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, KeyBytes, salt, Encoding.ASCII.GetBytes($"Content-Encoding: {Coding}\0"));
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, NonceBytes, salt, "Content-Encoding: nonce\0"u8.ToArray());

        var text = new byte[padded + 1];
        plain.CopyTo(text);
        text[plain.Length] = Delimiter;
        byte[] head = [.. salt, 0, 0, 0, 0, (byte)ownPoint.Length, .. ownPoint];
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(SaltBytes), RecordSize);
        var made = new byte[head.Length + text.Length + TagBytes];
        head.CopyTo(made, 0);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, text, made.AsSpan(head.Length, text.Length), made.AsSpan(head.Length + text.Length));
        return made;
    }
}
