using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>给家人看的链接: it shows how far a case is, to anybody who has it, and nothing else; and it ends when the caller says so, or with their data.</summary>
public sealed class FamilyLinkStories : StreetStory
{
    private const string Words = "三楼水管爆了", Phone = "13812345678", Name = "张三丰";

    [Fact]
    public async Task It_shows_steps_and_promised_times_and_nothing_that_the_caller_said()
    {
        var call = await Whistle();
        await Do("grid001", call.CallNo, "accept");
        await Do("grid001", call.CallNo, "tell", new { note = "请把一楼的门打开" });
        var page = await Read(await Share(call));
        Assert.Contains("已接单", page, StringComparison.Ordinal);
        Assert.Contains("data-due", page, StringComparison.Ordinal);
        Assert.Contains("noindex", page, StringComparison.Ordinal);
        foreach (var hidden in (string[])[Words, Phone, Name, "请把一楼的门打开", call.CallNo, call.TrackingCode, "138", "/photos/", "<form", "act="]) Assert.DoesNotContain(hidden, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_code_opens_nothing_but_its_page()
    {
        var call = await Whistle();
        var code = (await Share(call))["/r/".Length..];
        Assert.NotEqual(call.TrackingCode, code);
        Assert.True(code.Length >= 22); // 128 bits
        (await Street.Anyone.Read($"/api/track/{code}")).Problem(404, Codes.TrackingUnknown);
        (await Street.Anyone.Send($"/api/track/{code}/withdraw")).Problem(404, Codes.TrackingUnknown);
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read($"/t/{code}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(code, "share")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read($"/r/{call.TrackingCode}")).Status); // nor the other way round
        await using var db = Street.Service<Database>().Context();
        Assert.DoesNotContain(code, (await db.Shares.SingleAsync()).Code.Stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_the_caller_stops_sharing_and_the_next_one_has_another_code()
    {
        var call = await Whistle();
        var first = await Share(call);
        Assert.Equal(first, await Share(call)); // a second tap is the same link
        await Post(call.TrackingCode, "unshare");
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read(first)).Status);
        Assert.NotEqual(first, await Share(call));
    }

    [Fact]
    public async Task A_joined_callers_link_shows_the_case_theirs_continues_in()
    {
        var (leading, joined) = (await Whistle(), await Whistle());
        var link = await Share(joined);
        await Do("community01", joined.CallNo, "merge", new { into = leading.CallNo });
        await Do("grid001", leading.CallNo, "accept");
        var page = await Read(link);
        Assert.Contains("已接单", page, StringComparison.Ordinal);
        Assert.DoesNotContain(leading.CallNo, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_what_is_held_of_the_caller_and_a_case_that_is_over_gets_none()
    {
        var call = await Whistle();
        var link = await Share(call);
        (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw")).Value<TrackedCall>();
        Assert.Contains("已撤回", await Read(link), StringComparison.Ordinal);
        (await (await Street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Value<ErasedView>();
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read(link)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Post(call.TrackingCode, "share")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read(link)).Status);
    }

    private async Task<WhistleReceipt> Whistle() =>
        (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = Words, contact = new { name = Name, phone = Phone } })).Value<WhistleReceipt>(HttpStatusCode.Created);

    /// <summary>Makes the link by the page's own form; its path.</summary>
    private async Task<string> Share(WhistleReceipt call)
    {
        var page = (await Post(call.TrackingCode, "share")).Text;
        var at = page.IndexOf("href=\"/r/", StringComparison.Ordinal) + "href=\"".Length;
        return page[at..page.IndexOf('"', at)];
    }

    private async Task<string> Read(string path) => (await Street.Anyone.Read(path)) is { Status: HttpStatusCode.OK } answer ? answer.Text : throw new InvalidOperationException(path);

    private async Task<Answer> Post(string code, string handler)
    {
        using var form = new FormUrlEncodedContent([]);
        return await Street.Anyone.Ask(HttpMethod.Post, $"/t/{code}?handler={handler}", form);
    }
}
