using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>A Web Push service (RFC 8030): it knows addresses that it gave out, and cannot read what it carries. The phones behind it open their messages and show each case in one place.</summary>
internal sealed class PushService(FaultyLine line, Told told, Crowd crowd)
{
    public const string Channel = "push";

    /// <summary>The longest topic (RFC 8030, 5.4).</summary>
    private const int LongestTopic = 32;

    private sealed record Phone(Person Owner, PushReceiver Receiver);

    private readonly ConcurrentDictionary<string, Phone> _phones = new();
    private int _given;

    /// <summary>Gives out an address to a phone.</summary>
    public (string Id, PushReceiver Receiver) Give(Person owner)
    {
        var (id, receiver) = (string.Create(CultureInfo.InvariantCulture, $"phone-{Interlocked.Increment(ref _given)}"), new PushReceiver());
        _phones[id] = new Phone(owner, receiver);
        return (id, receiver);
    }

    public async Task TakeAsync(HttpContext http)
    {
        var id = http.Request.RouteValues["id"]!.ToString()!;
        if (!_phones.TryGetValue(id, out var phone))
        {
            http.Response.StatusCode = StatusCodes.Status410Gone;
            return;
        }

        if (!IsProper(http.Request.Headers))
        {
            told.SayWrong($"push: headers that a service refuses: {string.Join(", ", http.Request.Headers)}");
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var fate = line.Draw(Channel, phone.Owner.Me.UserName, Fate.ServerError, Fate.Hang, Fate.Drop, Fate.TooFast, Fate.LostAnswer, Fate.TakenThenHang, Fate.ByteOrderMark, Fate.PhoneUnknown, Fate.PhoneGone);
        if (fate is Fate.PhoneUnknown or Fate.PhoneGone && _phones.TryRemove(id, out _)) crowd.LosesPhone(phone.Owner);
        http.Response.Headers.Location = $"/push/{id}/message";
        await FaultyLine.PlayAsync(http, fate, () => Show(phone, http.Request.Headers["Topic"].ToString(), body.ToArray()), StatusCodes.Status201Created, string.Empty, string.Empty);
    }

    private static bool IsProper(IHeaderDictionary headers) =>
        headers["Content-Encoding"] == "aes128gcm" && headers["Topic"].ToString() is { Length: > 0 and <= LongestTopic } && headers["Urgency"].ToString() is "high" or "normal"
        && int.TryParse(headers["TTL"], NumberStyles.None, CultureInfo.InvariantCulture, out _) && headers.Authorization.ToString().StartsWith("vapid t=", StringComparison.Ordinal);

    private void Show(Phone phone, string topic, byte[] body)
    {
        try
        {
            var said = JsonSerializer.Deserialize<JsonElement>(phone.Receiver.Open(body));
            var callNo = said.TryGetProperty("callNo", out var no) ? no.GetString()! : string.Empty;
            var telling = new Telling(Channel, phone.Owner, $"{topic} {callNo}", callNo, said.GetRawText());
            if (told.Show(telling)) crowd.Hears(telling);
        }
        catch (CryptographicException e)
        {
            told.SayWrong($"push: {phone.Owner.Me.UserName} cannot open a message: {e.Message}");
        }
    }
}
