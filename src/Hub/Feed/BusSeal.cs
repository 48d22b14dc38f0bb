using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// The signatures on everything that this street has in Redis: messages of the feed, presence, the sweep's lease. What carries none of ours counts as
/// absent and is counted; the journal, the notes in the database and every node's own sweep stand in for it.
/// </summary>
/// <remarks>It goes by the machine's clock, as Redis itself does.</remarks>
public sealed class BusSeal(Secrets secrets, RedisLink redis, FeedMeters meters, ILogger<BusSeal> log)
{
    /// <summary>The name of the secret in the keys' folder.</summary>
    public const string Secret = "bus";

    /// <summary>At most one warning in this time, however many messages are refused.</summary>
    public static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);

    private static readonly byte[] Mark = "DCS1"u8.ToArray(); // dispatch centre, signed, version 1; the version before knows DCF1 and DCF2 alone

    private readonly Lock _gate = new();
    private readonly Lazy<(Seal Seal, string Print)> _own = new(() =>
    {
        var key = secrets.Of(Secret);
        return (new Seal(key, redis.Node, TimeProvider.System), Convert.ToHexStringLower(HMACSHA256.HashData(key, "fingerprint"u8)[..8]));
    });

    private long _refused;
    private long? _saidAt;

    /// <summary>Tells one key from another, and nothing of either.</summary>
    public string Fingerprint => _own.Value.Print;

    /// <summary>A message for a channel.</summary>
    internal byte[] Wrap(string channel, byte[] content) => [.. Mark, .. _own.Value.Seal.Sign(channel, content), .. content];

    /// <summary>The content of a message; null, and counted, if no node of ours sent it now to this channel.</summary>
    internal ReadOnlyMemory<byte>? Open(string channel, ReadOnlyMemory<byte> message)
    {
        if (message.Length < Mark.Length + Seal.Length || !message.Span.StartsWith(Mark)) return Refuse(Sealed.Forged);
        var (signature, content) = (message.Slice(Mark.Length, Seal.Length), message[(Mark.Length + Seal.Length)..]);
        return _own.Value.Seal.Check(channel, signature.Span, content.Span) is var said and not Sealed.Valid ? Refuse(said) : content;
    }

    /// <summary>A value for a key: a text, a space and its signature. The version before reads the text.</summary>
    internal string Write(string key, string text) => $"{text} {Convert.ToBase64String(_own.Value.Seal.Sign(key, Encoding.UTF8.GetBytes(text)))}";

    /// <summary>The text of a value; null if no node of ours wrote it to this key, or it has stood for longer than its life.</summary>
    internal string? Read(string key, string value, TimeSpan life)
    {
        var end = value.LastIndexOf(' ');
        Span<byte> signature = stackalloc byte[Seal.Length];
        var said = end >= 0 && Convert.TryFromBase64String(value[(end + 1)..], signature, out var length)
            ? _own.Value.Seal.Check(key, signature[..length], Encoding.UTF8.GetBytes(value[..end]), life) : Sealed.Forged;
        if (said == Sealed.Valid) return value[..end];
        Refuse(said);
        return null;
    }

    private ReadOnlyMemory<byte>? Refuse(Sealed why)
    {
        if (why == Sealed.Expired) return null; // a node that has died: nobody's fault
        if (why == Sealed.Forged) meters.Forged();
        else meters.Replayed();
        lock (_gate)
        {
            _refused++;
            if (_saidAt is { } at && TimeProvider.System.GetElapsedTime(at) < SayEvery) return null;
            HubLog.BusForged(log, _refused);
            (_refused, _saidAt) = (0, TimeProvider.System.GetTimestamp());
        }

        return null;
    }
}
