using System.Net.Http;

namespace DispatchCenter.Browser;

/// <summary>A command whose answer never comes: the server may have done it, and nobody knows.</summary>
public sealed class NoAnswer(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Whoever_presses_again_after_no_answer_does_it_once_and_no_dialog_waits_for_ever()
    {
        var place = await street.Api.PlaceAsync("06");
        var (callNo, _) = await street.Api.WhistleAsync("06", "14");
        await street.Api.ResolveAsync(place.Workers[0], callNo);
        var review = await _windows.DeskAsync(place.Neighbour, "/review");
        review.Forgive("net::ERR_");
        await review.Page.EvaluateAsync("() => { const real = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (ms) => real(ms / 20); }");
        var keys = new List<string>();
        await review.Page.RouteAsync("**/verify", async route =>
        {
            keys.Add((await route.Request.HeaderValueAsync("idempotency-key"))!);
            if (keys.Count <= 2) await route.FetchAsync(); // it arrives and is done; the answer is lost
            else await route.ContinueAsync();
        });

        await review.Call(callNo).Locator("button").ClickAsync();
        await review.Find("#detail [data-command=fail]").ClickAsync();
        await review.Find("dialog textarea").FillAsync("水还在漏。");
        await review.Find("dialog button[value=yes]").ClickAsync();
        await Expect(review.Find("dialog .error-box")).ToContainTextAsync("没有收到回音");
        await Expect(review.Find("dialog textarea")).ToHaveValueAsync("水还在漏。");
        await review.Find("dialog button[value=yes]").ClickAsync();
        await Expect(review.Find(".toast.ok")).ToHaveTextAsync("核查已记下。");

        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
        var (_, journal) = await street.Api.AskAsync("auditor", HttpMethod.Get, "/api/journal?callNo=" + callNo);
        Assert.Single(journal!["entries"]!.AsArray(), entry => (string)entry!["what"]! == "rejected");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
