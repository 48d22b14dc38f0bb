using System.Net;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Unit.Reach;

/// <summary>Bodies, signatures and answers as the services publish them; the signatures were made by another program.</summary>
public sealed class FormatsTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
    private static readonly Message Hello = new("k1", "一\"二") { Phone = "13800000000", CallNo = "W261122-00042" };

    [Fact]
    public void A_webhook_is_signed_as_the_published_example_is() =>
        Assert.Equal("v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=", Formats.SignWebhook("whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", "1731705121", """{"event_type":"ping","data":{"success":true}}"""));

    [Fact]
    public void A_webhook_is_signed_as_the_specifications_own_library_signs()
    {
        const string Secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
        var library = new StandardWebhooks.StandardWebhook(Secret);
        foreach (var (id, at, body) in new[] { ("msg_1", At, "{}"), ("消息-2", At.AddYears(1), """{"text":"一\"二 😀"}"""), ("m", DateTimeOffset.UnixEpoch, string.Empty) })
            Assert.Equal(library.Sign(id, at, body), Formats.SignWebhook(Secret, id, at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), body));
    }

    [Fact]
    public async Task DingTalk_is_signed_in_the_address_by_milliseconds()
    {
        var (uri, body, _) = await Sent(ChannelKind.DingTalk, "https://oapi.dingtalk.com/robot/send?access_token=T", "SECabc123");
        Assert.Equal("https://oapi.dingtalk.com/robot/send?access_token=T&timestamp=1700000000123&sign=etIBQNvdgq9e1O4P4gRnRS05m9vXVgr6%2F5xt3Azj2s8%3D", uri);
        Assert.Equal("""{"msgtype":"text","text":{"content":"一\"二"}}""", body);
    }

    [Fact]
    public async Task Feishu_is_signed_in_the_body_by_seconds()
    {
        var (_, body, _) = await Sent(ChannelKind.Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/x", "geheim");
        Assert.Equal("""{"msg_type":"text","content":{"text":"一\"二"},"timestamp":"1700000000","sign":"PT3hZi9NBxBYdeqlBrI9B0kFjHgUVgvIKDZpZM9aBUA="}""", body);
    }

    [Fact]
    public async Task WeCom_has_its_key_in_the_address_alone() =>
        Assert.Equal(("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K", """{"msgtype":"text","text":{"content":"一\"二"}}"""), (await Sent(ChannelKind.WeCom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K", string.Empty)) switch { var (u, b, _) => (u, b) });

    [Fact]
    public async Task A_gateways_template_is_filled_inside_its_strings_and_the_body_is_signed()
    {
        var (_, body, headers) = await Sent(ChannelKind.Sms, "https://sms.example/send", "gw", """{ "to": ["{phone}"], "body": { "text": "{text}", "n": 1 }, "id": "{key}" }""");
        Assert.Equal("""{"to":["13800000000"],"body":{"text":"一\"二","n":1},"id":"k1"}""", body);
        Assert.Equal("11e1351d30ba0364716db5fad2ad6f1c16eb56d19e4ba45f4aa553c7a6fbef3d", headers[Formats.SignatureHeader]);
        Assert.Equal(("1700000000", "k1"), (headers[Formats.TimestampHeader], headers[Formats.KeyHeader]));
    }

    [Theory]
    [InlineData(ChannelKind.WeCom, 200, """{"errcode":0,"errmsg":"ok"}""", "Delivered")]
    [InlineData(ChannelKind.WeCom, 200, """{"errcode":45009,"errmsg":"api freq out of limit"}""", "Failed code_45009")]
    [InlineData(ChannelKind.WeCom, 200, """{"errcode":93000,"errmsg":"invalid webhook url"}""", "Refused code_93000")]
    [InlineData(ChannelKind.WeCom, 200, "<html>", "Failed answer_unreadable")]
    [InlineData(ChannelKind.DingTalk, 200, """{"errcode":310000,"errmsg":"sign not match"}""", "Refused code_310000")]
    [InlineData(ChannelKind.DingTalk, 200, """{"errcode":130101,"errmsg":"send too fast"}""", "Failed code_130101")]
    [InlineData(ChannelKind.Feishu, 200, """{"code":0,"msg":"success"}""", "Delivered")]
    [InlineData(ChannelKind.Feishu, 200, """{"StatusCode":0,"StatusMessage":"success"}""", "Delivered")]
    [InlineData(ChannelKind.Feishu, 200, """{"StatusCode":0,"code":19021,"msg":"sign match fail"}""", "Refused code_19021")]
    [InlineData(ChannelKind.Feishu, 200, """{"code":9499,"msg":"too many request"}""", "Failed code_9499")]
    [InlineData(ChannelKind.Sms, 200, """{"result":"E7"}""", "Failed gateway_refused")]
    [InlineData(ChannelKind.Sms, 200, """{"result":"OK"}""", "Delivered")]
    [InlineData(ChannelKind.Webhook, 204, "", "Delivered")]
    [InlineData(ChannelKind.Webhook, 302, "", "Refused redirect")]
    [InlineData(ChannelKind.Webhook, 401, "", "Refused status_401")]
    [InlineData(ChannelKind.Webhook, 410, "", "Refused status_410")]
    [InlineData(ChannelKind.Webhook, 429, "", "Failed status_429")]
    [InlineData(ChannelKind.Webhook, 503, "", "Failed status_503")]
    public void What_an_answer_means(ChannelKind kind, int status, string body, string expected)
    {
        var verdict = Formats.Read(Settings(kind) with { OkField = kind == ChannelKind.Sms ? "result" : null, OkValue = "OK" }, (HttpStatusCode)status, body, null);
        Assert.Equal(expected, $"{verdict.Ending} {verdict.Why}".TrimEnd());
    }

    [Theory]
    [InlineData("Response.SendStatusSet.0.Code", """{"Response":{"SendStatusSet":[{"Code":"OK"}]}}""", "Delivered")]
    [InlineData("Response.SendStatusSet.0.Code", """{"Response":{"SendStatusSet":[{"Code":"LimitExceeded"}]}}""", "Failed gateway_refused")]
    [InlineData("Response.SendStatusSet.0.Code", """{"Response":{"SendStatusSet":[]}}""", "Failed gateway_refused")]
    [InlineData("Response.Error.Code", """{"Response":"OK"}""", "Failed gateway_refused")]
    [InlineData("a.b", """{"a.b":"OK"}""", "Delivered")]
    [InlineData("result", "\uFEFF{\"result\":\"OK\"}", "Delivered")]
    [InlineData("result", """{"result":"no","result":"OK"}""", "Failed gateway_refused")]
    public void A_gateway_says_inside_its_answer_or_behind_a_byte_order_mark_whether_it_took_the_message(string path, string body, string expected)
    {
        var verdict = Formats.Read(Settings(ChannelKind.Sms) with { OkField = path, OkValue = "OK" }, HttpStatusCode.OK, body, null);
        Assert.Equal(expected, $"{verdict.Ending} {verdict.Why}".TrimEnd());
    }

    [Fact]
    public void A_robot_s_success_behind_a_byte_order_mark_is_one() => Assert.Equal(Ending.Delivered, Formats.Read(Settings(ChannelKind.WeCom), HttpStatusCode.OK, "\uFEFF{\"errcode\":0}", null).Ending);

    private static async Task<(string Uri, string Body, Dictionary<string, string> Headers)> Sent(ChannelKind kind, string uri, string secret, string? template = null)
    {
        using var request = Formats.Request(new Channel("c", Settings(kind) with { Template = template }, new Uri(uri), secret), Hello, At);
        return (request.RequestUri!.AbsoluteUri, await request.Content!.ReadAsStringAsync(), request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value)));
    }

    private static ChannelSettings Settings(ChannelKind kind) => new()
    {
        Kind = kind, Addresses = ["street"], Enabled = true, PerMinute = 20, TimeoutSeconds = 5, FirstRetrySeconds = 1, PropertyReads = false,
    };
}
