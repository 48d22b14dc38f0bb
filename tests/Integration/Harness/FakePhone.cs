using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DispatchCenter.Integration.Harness;

/// <summary>A browser with its push service: it gives out an address and a key, and opens what comes. Written from RFC 8291 and RFC 8188, apart from what sends.</summary>
public sealed class FakePhone : IDisposable
{
    private readonly ECDiffieHellman _key;
    private readonly byte[] _secret;

    public FakePhone(string endpoint) => (Endpoint, _key, _secret) = (endpoint, ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(16));

    /// <summary>With the keys of a published example.</summary>
    public FakePhone(string privateKey, string publicKey, string secret)
    {
        var point = Base64Url.DecodeFromChars(publicKey);
        (Endpoint, _secret) = (string.Empty, Base64Url.DecodeFromChars(secret));
        _key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(privateKey), Q = new ECPoint { X = point[1..33], Y = point[33..] } });
    }

    public string Endpoint { get; }

    /// <summary>What its page hands to the street.</summary>
    public object Request => new { endpoint = Endpoint, p256dh = Base64Url.EncodeToString(Public), auth = Base64Url.EncodeToString(_secret) };

    private byte[] Public => _key.ExportParameters(false).Q is var q ? [4, .. q.X!, .. q.Y!] : [];

    /// <exception cref="CryptographicException">It was not encrypted for this phone, or was changed.</exception>
    public string Open(byte[] body)
    {
        var (salt, size, length) = (body[..16], BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16)), (int)body[20]);
        var (sender, record) = (body[21..(21 + length)], body[(21 + length)..]);
        if (record.Length > size) throw new CryptographicException("More than one record.");
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        // HMAC by HMAC, as the RFC spells it out.
        var prkKey = HMACSHA256.HashData(_secret, _key.DeriveRawSecretAgreement(other.PublicKey));
        var ikm = HMACSHA256.HashData(prkKey, (byte[])[.. Encoding.ASCII.GetBytes("WebPush: info\0"), .. Public, .. sender, 1]);
        var prk = HMACSHA256.HashData(salt, ikm);
        var cek = HMACSHA256.HashData(prk, (byte[])[.. Encoding.ASCII.GetBytes("Content-Encoding: aes128gcm\0"), 1])[..16];
        var nonce = HMACSHA256.HashData(prk, (byte[])[.. Encoding.ASCII.GetBytes("Content-Encoding: nonce\0"), 1])[..12];
        var plain = new byte[record.Length - 16];
        using var aes = new AesGcm(cek, 16);
        aes.Decrypt(nonce, record.AsSpan(0, plain.Length), record.AsSpan(plain.Length), plain);
        var end = Array.FindLastIndex(plain, b => b != 0);
        return plain[end] == 2 ? Encoding.UTF8.GetString(plain, 0, end) : throw new CryptographicException("No end of the last record.");
    }

    /// <summary>The same, from the request that carried it; its proof must be signed by the key it names, for this address, and not be too long-lived.</summary>
    public JsonElement Open(Received received, string publicKey, DateTimeOffset now)
    {
        var parts = received.Headers["Authorization"].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ["vapid", ['t', '=', .. var token], ['k', '=', .. var named]] || named != publicKey || token.Split('.') is not [var head, var claims, var signature]) throw new CryptographicException("No proof.");
        var point = Base64Url.DecodeFromChars(named);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        if (!key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256)) throw new CryptographicException("The proof is forged.");
        var said = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(claims));
        var left = DateTimeOffset.FromUnixTimeSeconds(said.GetProperty("exp").GetInt64()) - now;
        if (said.GetProperty("aud").GetString() != new Uri(Endpoint).GetLeftPart(UriPartial.Authority) || left <= TimeSpan.Zero || left > TimeSpan.FromHours(24) || said.GetProperty("sub").GetString() is not ['m' or 'h', ..]) throw new CryptographicException("The proof is for somebody else.");
        return JsonSerializer.Deserialize<JsonElement>(Open(received.Bytes));
    }

    public void Dispose() => _key.Dispose();
}
