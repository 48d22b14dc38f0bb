using DispatchCenter.Contracts;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>通道 by a form: added, tried out, changed and deleted without JSON, and refused beside the field in the reader's language.</summary>
public sealed class ChannelFormStories(ReachStreet shared) : ReachStory(shared)
{
    private const string Address = "/admin/outbox";

    private Plan? Plan => Street.Service<ReachBook>().Plan;

    [Fact]
    public async Task A_channel_is_added_by_a_form_tried_out_and_says_whether_the_message_got_through()
    {
        var form = await FormPage.OpenAsync(Street, "admin", Address);
        Put(form, ("Code", "room"), ("Kind", "weCom"), ("Addresses", "team:01"), ("Url", $"{Receiver.Url}/room?key=of-the-robot"), ("Secret", "very-secret"));
        var kept = await form.SendAsync("Put");
        Assert.Contains("通道 room 已保存", kept, StringComparison.Ordinal);
        Assert.Contains("还没有发过", kept, StringComparison.Ordinal);
        Assert.Equal((ChannelKind.WeCom, "team:01", "very-secret"), (Plan!.Channels["room"].Kind, Assert.Single(Plan.Channels["room"].Settings.Addresses), Plan.Channels["room"].Secret));

        Assert.Contains("测试：正在发送", await form.SendAsync("Test"), StringComparison.Ordinal);
        await Send();
        Assert.Single(Receiver.Of("room"));
        Assert.Contains("测试：09:00 已送达", await form.ReloadAsync(), StringComparison.Ordinal);
        Receiver.Answer = _ => (403, "{}");
        await form.SendAsync("Test");
        await Send();
        Assert.Contains("没有送达：对方回 403", await form.ReloadAsync(), StringComparison.Ordinal);
        foreach (var secret in (string[])["very-secret", "of-the-robot"]) Assert.DoesNotContain(secret, form.Text, StringComparison.Ordinal);
        Assert.Contains((await (await Street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, a => a is { What: "channelPut", Subject: "channel:room", By: "admin" });
    }

    [Fact]
    public async Task What_is_left_empty_stays_and_a_secret_goes_when_that_is_said()
    {
        await Channel("room", "feishu", "team:01", secret: "geheim");
        var before = Plan!.Channels["room"];
        var form = await FormPage.OpenAsync(Street, "admin", Address + "?edit=room");
        Assert.Equal("", form.Value("Secret"));
        Put(form, ("PerMinute", "７"));
        await form.SendAsync("Put");
        Assert.Equal((before.Endpoint, "geheim", 7), (Plan.Channels["room"].Endpoint, Plan.Channels["room"].Secret, Plan.Channels["room"].Settings.PerMinute)); // full-width digits are digits
        form = await FormPage.OpenAsync(Street, "admin", Address + "?edit=room");
        Put(form, ("NoSecret", "yes"));
        await form.SendAsync("Put");
        Assert.Equal(string.Empty, Plan.Channels["room"].Secret);
        Assert.Contains("通道 room 已删除", await form.SendAsync("Remove"), StringComparison.Ordinal);
        Assert.Null(Plan);
        Assert.Contains("没有这个通道", await form.SendAsync("Test", ("channel", "room")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Code", "有 空格", "code", "1–24 个字母", "1 to 24 letters")]
    [InlineData("Code", "taken", "code", "已有这个代码", "There is a channel of this code")]
    [InlineData("Kind", "pigeon", "kind", "请选类型", "Choose a kind")]
    [InlineData("Addresses", "team:99", "addresses", "请选发给谁", "Choose for whom")]
    [InlineData("Addresses", "*", "addresses", "请选发给谁", "Choose for whom")]
    [InlineData("Url", "http://example.com/hook", "url", "通道地址须为 https", "must be https")]
    [InlineData("Url", "not an address", "url", "通道地址须为 https", "must be https")]
    [InlineData("Url", "", "url", "缺少地址", "address is missing")]
    [InlineData("PerMinute", "many", "perMinute", "1–100000 的整数", "from 1 to 100,000")]
    [InlineData("PerMinute", "0", "perMinute", "1–100000 的整数", "from 1 to 100,000")]
    [InlineData("TimeoutSeconds", "99", "timeoutSeconds", "1–20 的整数", "from 1 to 20")]
    [InlineData("Template", "[1", "template", "须为 JSON 对象", "must be a JSON object")]
    public async Task A_field_that_cannot_be_right_is_said_beside_it_and_neither_address_nor_secret_comes_back(string field, string typed, string beside, string zh, string en)
    {
        await Channel("taken", "feishu", "team:02");
        foreach (var (language, sentence) in new[] { ("zh-CN", zh), ("en", en) })
        {
            var form = await FormPage.OpenAsync(Street, "admin", Address, language);
            Put(form, ("Code", "room"), ("Kind", "weCom"), ("Addresses", "team:01"), ("Url", $"{Receiver.Url}/of-the-robot"), ("Secret", "very-secret"), ("OkField", "kept"), (field, typed));
            await form.SendAsync("Put");
            Assert.Contains(sentence, form.Beside(beside), StringComparison.Ordinal);
            Assert.Equal("kept", form.Value("OkField"));
            foreach (var secret in (string[])["very-secret", "of-the-robot"]) Assert.DoesNotContain(secret, form.Text, StringComparison.Ordinal);
        }

        Assert.Equal(["taken"], Plan!.Channels.Keys);
    }

    private static void Put(FormPage form, params (string Field, string Typed)[] fields)
    {
        foreach (var (field, typed) in fields) form.Put(field, typed);
    }
}
