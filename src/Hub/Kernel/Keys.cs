using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Idempotency keys sent by clients.</summary>
internal static class Keys
{
    public const int Shortest = 8;
    public const int Longest = 64;

    /// <summary>False for a key that is not 8–64 printable ASCII characters; a missing key is valid.</summary>
    public static bool TryMake<T>(string? key, Staff? who, string verb, T request, JsonTypeInfo<T> type, out RequestKey? made)
    {
        made = null;
        if (key is null) return true;
        if (key.Length is < Shortest or > Longest || key.Any(c => c is < ' ' or > '~')) return false;
        byte[] asked = [.. Encoding.UTF8.GetBytes(verb), 0, .. JsonSerializer.SerializeToUtf8Bytes(request, type)];
        made = new RequestKey(who is null ? string.Empty : who.Id, key, Convert.ToHexStringLower(SHA256.HashData(asked)));
        return true;
    }
}

/// <summary>An idempotency key: scoped by account, or global for anonymous requests; the hash covers the request.</summary>
public sealed record RequestKey(string Scope, string Key, string Hash);
