using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>An HTTP gateway for calls or for texts: signed requests, keys that it remembers, numbers that it refuses, and an answer that says inside whether it took the message.</summary>
internal sealed class Gateway(string channel, FaultyLine line, Told told, Crowd crowd)
{
    public const string Voice = "voice", Sms = "sms";

    /// <summary>Where its answers say whether they mean yes.</summary>
    public const string OkField = "Response.SendStatusSet.0.Code", OkValue = "Ok";

    private const string Yes = """{"Response":{"SendStatusSet":[{"Code":"Ok"}],"RequestId":"r"}}""", No = """{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.Busy"}],"RequestId":"r"}}""";

    private readonly ConcurrentDictionary<string, string> _had = new();

    public static string SecretOf(string channel) => $"secret-of-the-{channel}-gateway";

    public async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        if (Sign(SecretOf(channel), http.Request.Headers["X-Dispatch-Timestamp"].ToString(), body) != http.Request.Headers["X-Dispatch-Signature"].ToString())
        {
            told.SayWrong($"{channel}: a request that is not signed");
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var said = JsonSerializer.Deserialize<JsonElement>(body);
        if (crowd.WithNumber(said.GetProperty("phone").GetString()!) is not { HasWrongNumber: false } person)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var fate = line.Draw(channel, person.Me.UserName, Fate.ServerError, Fate.Hang, Fate.Drop, Fate.NestedRefusal, Fate.TooFast, Fate.ByteOrderMark, Fate.LostAnswer, Fate.TakenThenHang);
        await FaultyLine.PlayAsync(http, fate, () => Take(person, http.Request.Headers["Idempotency-Key"].ToString(), said.GetProperty("text").GetString()!), StatusCodes.Status200OK, Yes, No);
    }

    /// <summary>Hex HMAC-SHA-256 of time, line feed and body, in both directions.</summary>
    public static string Sign(string secret, string seconds, string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}\n{body}")));

    private void Take(Person person, string key, string text)
    {
        if (!_had.TryAdd(key, text) && _had[key] != text) told.SayWrong($"{channel}: {key} said two things: {_had[key]} | {text}");
        var telling = new Telling(channel, person, key, Crowd.CallNoIn(text), text);
        if (told.Show(telling)) crowd.Hears(telling);
    }
}
