using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>
/// Who the street is to push services: a key pair of its own (VAPID, RFC 8292), made from a secret of the keys' folder, so that all nodes have the same one and
/// no copy of the database has it.
/// </summary>
public sealed class PushSender(Secrets secrets)
{
    /// <summary>The name of its secret.</summary>
    public const string Secret = "push";

    /// <summary>How long a proof is valid; push services take at most 24 h.</summary>
    private static readonly TimeSpan ProofLife = TimeSpan.FromHours(12);

    private readonly Lazy<ECParameters> _key = new(() => KeyFrom(secrets.Of(Secret)));

    /// <summary>What a browser asks its push service to expect messages from: a point of P-256 in base64url.</summary>
    public string PublicKey => Base64Url.EncodeToString(PushKeys.BytesOf(_key.Value.Q));

    /// <summary>The header that proves to a push service who sends.</summary>
    /// <param name="contact">Where the operator of a push service finds the street: https or mailto.</param>
    internal string Proof(Uri endpoint, Uri contact, DateTimeOffset now)
    {
        var claims = new JsonObject { ["aud"] = endpoint.GetLeftPart(UriPartial.Authority), ["exp"] = (now + ProofLife).ToUnixTimeSeconds(), ["sub"] = contact.AbsoluteUri };
        var signed = $"{Encoded("""{"typ":"JWT","alg":"ES256"}""")}.{Encoded(claims.ToJsonString())}";
        using var key = ECDsa.Create(_key.Value);
        return $"vapid t={signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}, k={PublicKey}";
    }

    /// <summary>A name for a case that tells a push service nothing: a later message of the case replaces an earlier one that is still waiting there.</summary>
    /// <returns>32 characters of base64url, the most that are allowed.</returns>
    internal string Topic(string callNo) => Base64Url.EncodeToString(HMACSHA256.HashData(secrets.Of(Secret), Encoding.UTF8.GetBytes($"topic\n{callNo}")).AsSpan(..24));

    /// <summary>What a phone gets to read.</summary>
    /// <param name="calls">Several calls in one message, of which only the number is said; null for one.</param>
    internal static byte[] Body(string callNo, string level, int? calls)
    {
        var said = new JsonObject { ["level"] = level };
        if (calls is { } count) said["calls"] = count;
        else said["callNo"] = callNo;
        return JsonSerializer.SerializeToUtf8Bytes(said);
    }

    /// <summary>FIPS 186-5, A.2.1: 384 bits modulo the order less one, and one added, so that each key is as likely as any other.</summary>
    private static ECParameters KeyFrom(byte[] secret)
    {
        var order = System.Numerics.BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var wide = new System.Numerics.BigInteger(HKDF.Expand(HashAlgorithmName.SHA256, secret, 48, "DispatchCenter.Push P-256"u8.ToArray()), isUnsigned: true, isBigEndian: true);
        var d = new byte[32];
        var least = ((wide % (order - 1)) + 1).ToByteArray(isUnsigned: true, isBigEndian: true);
        least.CopyTo(d, d.Length - least.Length);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        return key.ExportParameters(includePrivateParameters: true);
    }

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
