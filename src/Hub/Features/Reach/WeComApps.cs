using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DispatchCenter.Hub.Ledger;
using Microsoft.AspNetCore.WebUtilities;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>Sends one request and reads the answer.</summary>
internal delegate Task<Verdict> Exchange(Func<HttpRequestMessage> make, Func<HttpStatusCode, string, TimeSpan?, Verdict> read);

/// <summary>
/// 企业微信 application messages to named members: the sign-in name is the member's account there. The channel's address is that of the service with <c>corpid</c> and <c>agentid</c> as its query;
/// its secret is the application's. A token is kept until shortly before it expires, and fetched again when the service says that it has.
/// </summary>
public sealed class WeComApps(TimeProvider time) : IDisposable
{
    /// <summary>A token is not used in the last part of its life.</summary>
    internal static readonly TimeSpan Spare = TimeSpan.FromMinutes(5);

    /// <summary>For how long the service drops a message that it has had, at most 4 h there.</summary>
    private const int DropsAgain = 4 * 3_600;

    /// <summary>The limit of a card's text is 512 bytes; a Chinese character has three.</summary>
    private const int LongestText = 160;

    private const string Invalid = "code_40014", Expired = "code_42001", Nobody = "code_81013", NoMember = "no_member";

    private readonly ConcurrentDictionary<string, Token> _tokens = new();
    private readonly SemaphoreSlim _fetching = new(1, 1);

    private sealed record Token(string Of, string Text, DateTimeOffset Until);

    public void Dispose() => _fetching.Dispose();

    /// <summary>Whether an address names a corporation and an application.</summary>
    internal static bool IsAddress(Uri endpoint) => Corp(endpoint).Length > 0 && Agent(endpoint) is not null;

    internal async Task<Verdict> SendAsync(Channel channel, Message message, Exchange exchange, CancellationToken ct)
    {
        if (!IsAddress(channel.Endpoint!)) return new Verdict(Ending.Refused, "channel_unreadable");
        var verdict = await OnceAsync();
        if (verdict.Why is Invalid or Expired) verdict = await OnceAsync();
        return verdict switch
        {
            { Why: Invalid or Expired } => verdict with { Ending = Ending.Failed },
            { Why: Nobody } => new Verdict(Ending.Skipped, NoMember),
            _ => verdict,
        };

        async Task<Verdict> OnceAsync()
        {
            var (token, why) = await TokenAsync(channel, exchange, ct);
            if (token is null || message.Users.Count == 0) return why; // a test has nobody to write to: it shows that the secret is right
            var said = await exchange(() => Request(channel, message, token), (status, body, wait) => Formats.Read(channel.Settings, status, body, wait));
            if (said.Why is Invalid or Expired) _tokens.TryRemove(KeyValuePair.Create(channel.Code, token));
            return said;
        }
    }

    private async Task<(Token? Token, Verdict Why)> TokenAsync(Channel channel, Exchange exchange, CancellationToken ct)
    {
        var of = $"{channel.Endpoint} {channel.Secret}";
        await _fetching.WaitAsync(ct);
        try
        {
            if (_tokens.GetValueOrDefault(channel.Code) is { } known && known.Of == of && known.Until > time.GetUtcNow()) return (known, new Verdict(Ending.Delivered, string.Empty));
            Token? made = null;
            var why = await exchange(() => new HttpRequestMessage(HttpMethod.Get, QueryHelpers.AddQueryString(At(channel, "gettoken"), new Dictionary<string, string?> { ["corpid"] = Corp(channel.Endpoint!), ["corpsecret"] = channel.Secret })), (status, body, wait) =>
            {
                var said = Formats.Read(channel.Settings, status, body, wait);
                if (said.Ending != Ending.Delivered) return said;
                if (Formats.Member(body, "access_token") is not { Length: > 0 and <= 1_000 } text || !int.TryParse(Formats.Member(body, "expires_in"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return new Verdict(Ending.Failed, "answer_unreadable");
                made = new Token(of, text, time.GetUtcNow() + TimeSpan.FromSeconds(seconds) - Spare);
                return said;
            });
            if (made is not null) _tokens[channel.Code] = made;
            return (made, why);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>A card if there is a link, which then bears the message's key: the service drops a second message that says the same, and a retry is one, but another event is not.</summary>
    private static HttpRequestMessage Request(Channel channel, Message message, Token token)
    {
        var body = new JsonObject { ["touser"] = string.Join('|', message.Users), ["agentid"] = Agent(channel.Endpoint!) };
        if (message.Link.Length > 0)
        {
            var text = message.Text.Length > LongestText ? message.Text[..LongestText] : message.Text;
            (body["msgtype"], body["textcard"]) = ("textcard", new JsonObject { ["title"] = message.Title, ["description"] = text, ["url"] = $"{message.Link}#{message.Key[^8..]}" });
            (body["enable_duplicate_check"], body["duplicate_check_interval"]) = (1, DropsAgain);
        }
        else
        {
            (body["msgtype"], body["text"]) = ("text", new JsonObject { ["content"] = message.Text });
        }

        var request = new HttpRequestMessage(HttpMethod.Post, QueryHelpers.AddQueryString(At(channel, "message/send"), "access_token", token.Text)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Formats.Json(body))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation(Formats.KeyHeader, message.Key);
        return request;
    }

    private static string At(Channel channel, string what) => $"{channel.Endpoint!.GetLeftPart(UriPartial.Path).TrimEnd('/')}/cgi-bin/{what}";

    private static string Corp(Uri endpoint) => QueryHelpers.ParseQuery(endpoint.Query).TryGetValue("corpid", out var corp) ? corp.ToString() : string.Empty;

    private static long? Agent(Uri endpoint) =>
        QueryHelpers.ParseQuery(endpoint.Query).TryGetValue("agentid", out var agent) && long.TryParse(agent, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
