using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;

namespace DispatchCenter.Integration.Stories;

/// <summary>A story with gateways that report what was pressed or replied.</summary>
public abstract partial class GatewayStory(ReachStreet shared) : ReachStory(shared)
{
    protected const string Secret = "a-secret-of-the-gateway";

    /// <summary>Messages a minute: those that find no number count, too.</summary>
    protected const int Plenty = ChannelSettings.MostPerMinute;

    private int _reports;

    protected async Task Gateway(string code, string kind) =>
        (await Put($"/api/channels/{code}", new { kind, url = $"{Receiver.Url}/{code}", secret = Secret, answers = true, perMinute = Plenty })).Value<ChannelsView>();

    protected async Task<Reply> Pressed(string number, string? key) =>
        (await Report("voice", JsonSerializer.Serialize(new { id = NewId(), @ref = Receiver.Of("voice").Last(r => r.Phone == number).Key, key }), Street.Now)).Value<Reply>();

    protected async Task<Reply> Replied(string number, string text) =>
        (await Report("sms", JsonSerializer.Serialize(new { id = NewId(), phone = number, text }), Street.Now)).Value<Reply>();

    protected string NewId() => $"{Guid.NewGuid():N}-{++_reports}";

    /// <param name="sent">The body, if it is not what was signed.</param>
    protected Task<Harness.Answer> Report(string channel, string body, DateTimeOffset at, string secret = Secret, string? sent = null)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}\n{body}")));
        return Street.Anyone.Ask(HttpMethod.Post, $"/api/channels/{channel}/answers", new StringContent(sent ?? body, Encoding.UTF8, "application/json"), shape: r =>
        {
            r.Headers.Add("X-Dispatch-Timestamp", seconds);
            r.Headers.Add("X-Dispatch-Signature", signature);
        });
    }

    protected static string CodeIn(string text) => Reply().Match(text).Groups[1].Value is { Length: 6 } code ? code : throw new InvalidOperationException($"No code: {text}");

    [GeneratedRegex("“1 ([0-9]{6})”")]
    private static partial Regex Reply();
}
