using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>What the page of a matter says to the person it is for, as the server renders it.</summary>
public sealed class FollowPageTests : MatterTests
{
    [Fact]
    public async Task It_says_how_the_promise_ended_and_no_more_once_the_matter_is_dealt_with_anew()
    {
        var opened = await It.Open();
        await UntilWork(opened.CallNo);
        await It.Say("grid001", opened.CallNo, "work", "done");
        Assert.Contains("有了结果：办成。", await Page(opened.TrackingUrl!), StringComparison.Ordinal);
        (await Street.Anyone.Send($"/api/follow/{opened.TrackingCode}/answer", new { owed = "followUp", says = "notDone" })).Value<Contracts.FollowedMatter>();
        var anew = await Page(opened.TrackingUrl!);
        Assert.Contains("正在办：办理", anew, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"promise\"", anew, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_done_is_not_called_done()
    {
        var opened = await It.Open();
        await UntilWork(opened.CallNo);
        await It.Say("grid001", opened.CallNo, "work", "cannot");
        var page = await Page(opened.TrackingUrl!);
        Assert.Contains("有了结果：办不了。", page, StringComparison.Ordinal);
        Assert.DoesNotContain("已经办好", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_it_is_for_reads_what_they_asked_for_and_why_it_could_not_be_done_but_nothing_that_is_meant_for_the_staff()
    {
        var opened = await It.Open(body: MatterScene.Errand(what: "办老年卡", whose: "钱大妈"));
        await UntilWork(opened.CallNo);
        await It.Say("grid001", opened.CallNo, "work", "cannot", new() { ["words"] = "窗口说要本人去" });
        var page = await Page(opened.TrackingUrl!);
        Assert.Contains("窗口说要本人去", page, StringComparison.Ordinal);
        Assert.Contains("办老年卡", page, StringComparison.Ordinal);
        Assert.DoesNotContain("钱大妈", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_asked_no_more_is_refused_in_words_on_the_page()
    {
        var opened = await It.Open();
        var refused = await Street.Anyone.Send(opened.TrackingUrl + "?handler=answer", "owed=followUp&says=satisfied", contentType: "application/x-www-form-urlencoded");
        Assert.InRange((int)refused.Status, 400, 499);
        Assert.Contains("这一步已经不用您回答", System.Net.WebUtility.HtmlDecode(refused.Text), StringComparison.Ordinal);
    }

    private async Task UntilWork(string no)
    {
        await It.Say("grid001", no, "take", "accepted");
        await It.Say("grid001", no, "papers", "done");
        await Street.SweepAfter(TimeSpan.FromMinutes(1));
    }

    private async Task<string> Page(string address) => System.Net.WebUtility.HtmlDecode((await Street.Anyone.Read(address)).Text);
}
