using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>
/// 企业微信 as its published interface is: <c>gettoken</c> and <c>message/send</c>. A token serves for a while and then is expired (42001) or unknown (40014); too many calls are refused (45009);
/// a message whose JSON it has had is not shown again if the sender asks for that check; who is no member is refused (81013).
/// </summary>
internal sealed class WeComService(FaultyLine line, Told told, Crowd crowd)
{
    public const string Channel = "app", Corp = "ww00reach", Secret = "secret-of-the-application";
    public const int Agent = 1000002;

    private const string Ok = """{"errcode":0,"errmsg":"ok"}""", TooFast = """{"errcode":45009,"errmsg":"api freq out of limit"}""";

    /// <summary>Messages for which a token is good.</summary>
    private const int TokenLasts = 60;

    private readonly ConcurrentDictionary<string, byte> _had = new();
    private readonly Lock _lock = new();
    private string _token = string.Empty;
    private int _used;
    private int _fetched;

    /// <summary>Tokens that were given out.</summary>
    public int Fetched => Volatile.Read(ref _fetched);

    public async Task GiveTokenAsync(HttpContext http)
    {
        if (http.Request.Query["corpid"] != Corp || http.Request.Query["corpsecret"] != Secret)
        {
            told.SayWrong($"a token was asked for with a wrong secret: {http.Request.QueryString}");
            await FaultyLine.SayAsync(http, StatusCodes.Status200OK, """{"errcode":40001,"errmsg":"invalid credential"}""");
            return;
        }

        var said = new JsonObject { ["errcode"] = 0, ["errmsg"] = "ok", ["access_token"] = Current(), ["expires_in"] = 7_200 }.ToJsonString();
        await FaultyLine.PlayAsync(http, line.Draw("app token", Channel, Fate.ServerError, Fate.Hang, Fate.Drop, Fate.ByteOrderMark), () => { }, StatusCodes.Status200OK, said, TooFast);
    }

    public async Task SendAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var (said, key) = (JsonSerializer.Deserialize<JsonElement>(body), http.Request.Headers["Idempotency-Key"].ToString());
        var to = said.GetProperty("touser").GetString()!;
        if (Refusal(http.Request.Query["access_token"].ToString()) is { } refusal)
        {
            line.Count(Channel, Fate.TokenGone);
            await FaultyLine.SayAsync(http, StatusCodes.Status200OK, refusal);
        }
        else if (crowd.Member(to) is not { } member)
        {
            await FaultyLine.SayAsync(http, StatusCodes.Status200OK, """{"errcode":81013,"errmsg":"user & party & tag all invalid"}""");
        }
        else
        {
            var fate = line.Draw(Channel, to, Fate.ServerError, Fate.Hang, Fate.Drop, Fate.LostAnswer, Fate.LostAnswer, Fate.TakenThenHang, Fate.ByteOrderMark, Fate.ByteOrderMark, Fate.ServerError, Fate.Drop, Fate.NestedRefusal);
            await FaultyLine.PlayAsync(http, fate, () => Take(said, body, member, key), StatusCodes.Status200OK, Ok, TooFast);
        }
    }

    private void Take(JsonElement said, string body, Person member, string key)
    {
        if (said.GetProperty("agentid").GetInt32() != Agent) told.SayWrong($"another application: {body}");
        if (said.TryGetProperty("enable_duplicate_check", out var check) && check.GetInt32() == 1 && !_had.TryAdd(body, 0))
        {
            told.Repeat(Channel);
            return;
        }

        var text = said.GetProperty("msgtype").GetString() == "textcard" ? $"{said.GetProperty("textcard").GetProperty("title").GetString()} {said.GetProperty("textcard").GetProperty("description").GetString()}" : said.GetProperty("text").GetProperty("content").GetString()!;
        var telling = new Telling(Channel, member, key, Crowd.CallNoIn(text), text);
        if (told.Show(telling)) crowd.Hears(telling);
        else told.SayWrong($"{member.Me.UserName} was shown {key} twice: the duplicate check did not know it.");
    }

    /// <summary>The token that serves now; one that is used up is followed by another.</summary>
    private string Current()
    {
        lock (_lock)
        {
            if (_token.Length > 0 && _used < TokenLasts) return _token;
            (_token, _used) = ($"token-{Interlocked.Increment(ref _fetched)}", 0);
            return _token;
        }
    }

    private string? Refusal(string token)
    {
        lock (_lock)
        {
            if (token == _token && ++_used <= TokenLasts) return null;
            return token == _token ? """{"errcode":42001,"errmsg":"access_token expired"}""" : """{"errcode":40014,"errmsg":"invalid access_token"}""";
        }
    }
}
