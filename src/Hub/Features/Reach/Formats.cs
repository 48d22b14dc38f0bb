using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>The final message: the only place where a phone number and a link with a code appear together, and only on their way out.</summary>
internal sealed record Message(string Key, string Text)
{
    /// <summary>The phone number of a gateway message.</summary>
    public string? Phone { get; init; }

    public string Event { get; init; } = string.Empty;

    /// <summary>When that happened, however often its message is sent.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The journal's entry, and its case's version since; 0 for what is not about a change of one.</summary>
    public long Seq { get; init; }

    public long Version { get; init; }

    public string Address { get; init; } = string.Empty;

    public string CallNo { get; init; } = string.Empty;

    public string Level { get; init; } = string.Empty;

    public string Category { get; init; } = string.Empty;

    public string Grid { get; init; } = string.Empty;

    public string Link { get; init; } = string.Empty;

    /// <summary>The head of a card.</summary>
    public string Title { get; init; } = string.Empty;

    /// <summary>The sign-in names of those it is for, where the channel writes to members.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>How many calls a message counts that stands for several.</summary>
    public int? Calls { get; init; }

    /// <summary>The phones that it is pushed to.</summary>
    public IReadOnlyList<PushPhone> Phones { get; init; } = [];

    /// <summary>How long a push service keeps it for a phone that is off.</summary>
    public TimeSpan Life { get; init; }
}

/// <summary>The result of an attempt.</summary>
internal enum Ending
{
    Delivered,

    /// <summary>It may succeed later.</summary>
    Failed,

    /// <summary>It would fail in the same way again: the administrator must act.</summary>
    Refused,

    /// <summary>Nobody needs to be notified, or not any more.</summary>
    Skipped,
}

internal readonly record struct Verdict(Ending Ending, string Why, TimeSpan? RetryAfter = null);

/// <summary>The services' published formats: bodies, signatures, and the meaning of their responses.</summary>
internal static class Formats
{
    public const string KeyHeader = "Idempotency-Key";
    public const string TimestampHeader = "X-Dispatch-Timestamp";
    public const string SignatureHeader = "X-Dispatch-Signature";
    public const string WebhookSecretPrefix = "whsec_";
    public const string DefaultTemplate = """{"phone":"{phone}","text":"{text}","ref":"{key}"}""";

    /// <summary>How long to leave a rate-limited robot alone.</summary>
    public static readonly TimeSpan SlowDown = TimeSpan.FromSeconds(60);

    /// <summary>The reasons of a verdict that says: nobody is there under this address.</summary>
    public const string NotFound = "status_404", Gone = "status_410";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Service codes for "too fast" or "busy"; any other code except 0 is a permanent rejection.</summary>
    private static readonly HashSet<long> Passing = [-1, 45009, 45033, 90030, 130101, 410100, 9499, 11232];

    public static HttpRequestMessage Request(Channel channel, Message message, DateTimeOffset now)
    {
        var uri = channel.Endpoint!;
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        (string Body, (string Name, string Value)[] Headers) made = channel.Kind switch
        {
            ChannelKind.WeCom or ChannelKind.DingTalk => (Json(new JsonObject { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = message.Text } }), []),
            ChannelKind.Feishu => (Json(Feishu(channel.Secret, message.Text, seconds)), []),
            ChannelKind.Sms or ChannelKind.Voice => Gateway(channel, message, seconds),
            ChannelKind.Webhook => Webhook(channel.Secret, message, now),
            ChannelKind.Push or ChannelKind.WeComApp => throw new InvalidOperationException("Its requests are made elsewhere."),
            _ => throw new InvalidOperationException($"Unknown channel kind {channel.Kind}."),
        };
        if (channel is { Kind: ChannelKind.DingTalk, Secret.Length: > 0 }) uri = SignedForDingTalk(uri, channel.Secret, now.ToUnixTimeMilliseconds());
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(made.Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation(KeyHeader, message.Key);
        foreach (var (name, value) in made.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>Interprets a response. A robot says in a 200 whether it accepted the message.</summary>
    public static Verdict Read(ChannelSettings settings, HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        var code = (int)status;
        if (code is >= 300 and < 400) return new Verdict(Ending.Refused, "redirect");
        if (code is 408 or 425 or 429 or >= 500) return new Verdict(Ending.Failed, $"status_{code}", retryAfter ?? (code == 429 ? SlowDown : null));
        if (code >= 400) return new Verdict(Ending.Refused, $"status_{code}");
        return settings.Kind switch
        {
            ChannelKind.WeCom or ChannelKind.WeComApp or ChannelKind.DingTalk => Said(Member(body, "errcode")),
            // Older robots send StatusCode as well as code; code is the one that counts.
            ChannelKind.Feishu => Said(Member(body, "code") ?? Member(body, "StatusCode")),
            ChannelKind.Sms or ChannelKind.Voice when settings.OkField is { } field => Member(body, field) is { } said && said == (settings.OkValue ?? "0")
                ? new Verdict(Ending.Delivered, string.Empty) : new Verdict(Ending.Failed, "gateway_refused"),
            _ => new Verdict(Ending.Delivered, string.Empty),
        };
    }

    /// <summary>Whether a text is a valid Standard Webhooks secret.</summary>
    public static bool IsWebhookSecret(string secret) =>
        secret.StartsWith(WebhookSecretPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[WebhookSecretPrefix.Length..], new byte[secret.Length], out var bytes) && bytes is >= 24 and <= 64;

    /// <summary>Whether a text is a JSON object usable as a template.</summary>
    public static bool IsTemplate(string template)
    {
        try
        {
            return JsonNode.Parse(template, null, new JsonDocumentOptions { MaxDepth = 8 }) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Verdict Said(string? code) => code switch
    {
        null => new Verdict(Ending.Failed, "answer_unreadable"),
        "0" => new Verdict(Ending.Delivered, string.Empty),
        _ when long.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) =>
            Passing.Contains(n) ? new Verdict(Ending.Failed, $"code_{n}", SlowDown) : new Verdict(Ending.Refused, $"code_{n}"),
        _ => new Verdict(Ending.Failed, "answer_unreadable"),
    };

    /// <summary>A value of an answer by its path, such as <c>Response.SendStatusSet.0.Code</c>. Some gateways begin with a byte order mark.</summary>
    internal static string? Member(string body, string path)
    {
        try
        {
            var at = JsonNode.Parse(body.TrimStart('\uFEFF'));
            if (at is JsonObject flat && flat[path] is JsonValue named) return named.ToString();
            foreach (var step in path.Split('.'))
                at = at switch
                {
                    JsonObject whole => whole[step],
                    JsonArray list => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Count ? list[i] : null,
                    _ => null,
                };
            return at is JsonValue value ? value.ToString() : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // a name that stands twice
        {
            return null;
        }
    }

    /// <summary>钉钉加签: HMAC-SHA256 of "timestamp\nsecret" keyed with the secret, in the address.</summary>
    private static Uri SignedForDingTalk(Uri uri, string secret, long milliseconds)
    {
        var sign = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{milliseconds}\n{secret}")));
        var query = $"timestamp={milliseconds}&sign={Uri.EscapeDataString(sign)}";
        return new UriBuilder(uri) { Query = uri.Query.Length > 1 ? $"{uri.Query[1..]}&{query}" : query }.Uri;
    }

    /// <summary>飞书签名校验: HMAC-SHA256 of nothing keyed with "timestamp\nsecret", in the body.</summary>
    private static JsonObject Feishu(string secret, string text, string seconds)
    {
        var body = new JsonObject { ["msg_type"] = "text", ["content"] = new JsonObject { ["text"] = text } };
        if (secret.Length == 0) return body;
        body["timestamp"] = seconds;
        body["sign"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{seconds}\n{secret}"), Array.Empty<byte>()));
        return body;
    }

    /// <summary>The filled template; signed as hex HMAC-SHA256 of "timestamp\nbody".</summary>
    private static (string Body, (string, string)[] Headers) Gateway(Channel channel, Message message, string seconds)
    {
        var body = Json(Filled(JsonNode.Parse(channel.Settings.Template ?? DefaultTemplate)!, message));
        if (channel.Secret.Length == 0) return (body, []);
        var sign = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(channel.Secret), Encoding.UTF8.GetBytes($"{seconds}\n{body}")));
        return (body, [(TimestampHeader, seconds), (SignatureHeader, sign)]);
    }

    /// <summary>Standard Webhooks 1.0: v1, base64 HMAC-SHA256 of "id.timestamp.body". The header has the time of the attempt, the body that of the event, so that every attempt has the same body.</summary>
    private static (string Body, (string, string)[] Headers) Webhook(string secret, Message message, DateTimeOffset now)
    {
        var data = new JsonObject
        {
            ["callNo"] = message.CallNo, ["level"] = message.Level, ["category"] = message.Category, ["grid"] = message.Grid, ["address"] = message.Address, ["link"] = message.Link,
        };
        if (message.Seq > 0) data["seq"] = message.Seq;
        if (message.Version > 0) data["version"] = message.Version;
        var body = Json(new JsonObject
        {
            ["type"] = message.CallNo.Length > 0 ? $"call.{message.Event}" : $"duty.{message.Event}",
            ["timestamp"] = message.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["data"] = data,
        });
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return (body, [("webhook-id", message.Key), ("webhook-timestamp", seconds), .. secret.Length > 0 ? [("webhook-signature", SignWebhook(secret, message.Key, seconds, body))] : Array.Empty<(string, string)>()]);
    }

    internal static string SignWebhook(string secret, string id, string seconds, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[WebhookSecretPrefix.Length..]), Encoding.UTF8.GetBytes($"{id}.{seconds}.{body}")));

    private static JsonNode? Filled(JsonNode? node, Message message) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Filled(m.Value, message)))),
        JsonArray items => new JsonArray([.. items.Select(i => Filled(i, message))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Fill(text, message)),
        null => null,
        _ => node.DeepClone(),
    };

    private static string Fill(string text, Message message) => text
        .Replace("{phone}", message.Phone ?? string.Empty, StringComparison.Ordinal)
        .Replace("{key}", message.Key, StringComparison.Ordinal)
        .Replace("{callNo}", message.CallNo, StringComparison.Ordinal)
        .Replace("{text}", message.Text, StringComparison.Ordinal);

    internal static string Json(JsonNode? node) => node!.ToJsonString(Plain);
}
