using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>A phone's browser: it has the keys for its messages (RFC 8291) and opens them (RFC 8188, one record).</summary>
internal sealed class PushReceiver : IDisposable
{
    private const int SaltLength = 16, HeadLength = 21, TagLength = 16;

    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(SaltLength);
    private readonly byte[] _public;

    public PushReceiver()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        _public = [4, .. point.X!, .. point.Y!];
    }

    /// <summary>What the page hands to the street.</summary>
    public PushRequest At(string endpoint) => new(endpoint, Base64Url.EncodeToString(_public), Base64Url.EncodeToString(_secret));

    /// <exception cref="CryptographicException">It was not encrypted for this phone, or was changed.</exception>
    public string Open(ReadOnlySpan<byte> body)
    {
        if (body.Length < HeadLength || body.Length < HeadLength + body[20] + TagLength) throw new CryptographicException("Too short.");
        var (salt, sender) = (body[..SaltLength].ToArray(), body.Slice(HeadLength, body[20]).ToArray());
        var record = body[(HeadLength + body[20])..];
        if (sender is not [4, ..] || sender.Length != _public.Length || record.Length > BinaryPrimitives.ReadUInt32BigEndian(body[SaltLength..])) throw new CryptographicException("Not one record for one key.");
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        var shared = HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.DeriveRawSecretAgreement(other.PublicKey), 32, _secret, [.. "WebPush: info\0"u8, .. _public, .. sender]);
        using var cipher = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 16, salt, [.. "Content-Encoding: aes128gcm\0"u8]), TagLength);
        var plain = new byte[record.Length - TagLength];
        cipher.Decrypt(HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 12, salt, [.. "Content-Encoding: nonce\0"u8]), record[..plain.Length], record[plain.Length..], plain);
        var text = plain.AsSpan().TrimEnd((byte)0);
        return text is [.., 2] ? Encoding.UTF8.GetString(text[..^1]) : throw new CryptographicException("The last record has no end.");
    }

    public void Dispose() => _key.Dispose();
}
