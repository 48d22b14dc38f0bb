using System.Net;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>叫应: sent from the desk, answered with one tap wherever somebody is, and the list of who has not is exact all the while.</summary>
public sealed class CallOutRoom(Street street)
{
    private const string Storm = "暴雨红色预警：请立即巡查低洼地带，并在本页应答。";

    [Fact]
    public async Task Of_221_posts_with_a_tenth_silent_the_desk_sees_at_every_moment_exactly_who_has_not_answered()
    {
        await using var host = await WebHost.StartAsync();
        using var api = new StreetApi(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        var desk = await windows.DeskAsync("duty", "/callout");
        var phone = await windows.MemberAsync("grid001");
        var community = await windows.DeskAsync("community01");
        foreach (var window in (Window[])[desk, phone, community])
            await window.LiveAsync();
        await Expect(phone.Find("#callout-bar")).ToBeHiddenAsync();

        // Everybody who owes answers, as a choice of kinds of post.
        await desk.Find("#begin").ClickAsync();
        await desk.Find("#new textarea").FillAsync(Storm);
        await desk.Find("#new input[value=real]").CheckAsync();
        await Expect(desk.Find(".callout-count")).ToContainTextAsync("258 人");
        foreach (var kind in (string[])["gridWorker", "property", "police", "communityDesk", "streetDesk"])
            await desk.Find($"#new input[value={kind}]").CheckAsync();
        await Expect(desk.Find(".callout-count")).ToContainTextAsync("221 人");
        await desk.ShootAsync("callout-new", whole: true);
        await desk.Find("#new button:not([type=button])").ClickAsync();
        await Expect(desk.Find(".figure")).ToHaveTextAsync("已应答 0 / 221");
        var no = await desk.Find("#one [data-no]").GetAttributeAsync("data-no");

        // Whoever is called reads it where they are, without a tap, and answers with one.
        foreach (var window in (Window[])[phone, community, desk])
        {
            await Expect(window.Find("#callout-bar")).ToContainTextAsync(Storm);
            var box = (await window.Find("#callout-bar").BoundingBoxAsync())!;
            Assert.True(box.Height <= 104 && box.Y + box.Height <= window.Page.ViewportSize!.Height, $"{box.Height} at {box.Y}");
            Assert.True(await window.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        }

        await phone.ShootAsync("m-callout");
        await community.ShootAsync("desk-callout");
        var silent = (await PostsAsync(api, no!)).ToHashSet();
        Assert.Equal(221, silent.Count);
        foreach (var (window, account) in ((Window, string)[])[(phone, "grid001"), (community, "community01"), (desk, "duty")])
        {
            await window.Find("#callout-bar [data-command=heard]").ClickAsync();
            await Expect(window.Find("#callout-bar")).ToBeHiddenAsync();
            silent.Remove(await PostOfAsync(api, account));
        }

        await ListsAsync(desk, silent);

        // The others, except for every tenth.
        string[] others = ["duty2", .. Named("community", 2, 17, "D2"), .. Named("grid", 2, 130, "D3"), .. Named("property", 1, 36, "D2"), .. Named("police", 1, 36, "D2")];
        var part = await PartsAsync(api, no!);
        foreach (var some in others.Where((_, i) => i % 10 != 5).Chunk(66))
        {
            await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (account, _) =>
            {
                var (_, me) = await api.AskAsync(account, HttpMethod.Get, "/api/me");
                await api.AnswerAsync(account, part[(string?)me!["community"] ?? string.Empty], "heard", "done");
                lock (silent)
                    silent.Remove((string)me["post"]!);
            });
            await ListsAsync(desk, silent);
        }

        Assert.Equal(22, silent.Count);
        await Expect(desk.Find(".figure")).ToHaveTextAsync("已应答 199 / 221");
        await desk.ShootAsync("callout-running", whole: true);

        // Stood down in one act; the report keeps who was silent, on the page, after a reload and in the table.
        await desk.Find("[data-command=end]").ClickAsync();
        await desk.Find("dialog .choice label").Nth(1).ClickAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#one [data-open]")).ToHaveAttributeAsync("data-open", "false");
        await desk.Page.ReloadAsync();
        await ListsAsync(desk, silent);
        await desk.Find("summary").ClickAsync();
        await Expect(desk.Find("[data-state=answered] [data-post]")).ToHaveCountAsync(199);
        await desk.ShootAsync("callout-report");
        var download = await desk.Page.RunAndWaitForDownloadAsync(() => desk.Find("a[download]").ClickAsync());
        var lines = (await File.ReadAllTextAsync(await download.PathAsync())).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((222, 22), (lines.Length, lines.Count(line => line.Contains("未应答", StringComparison.Ordinal))));
        await desk.Find("#one a[href='/callout']").ClickAsync();
        await Expect(desk.Find($"#list [data-no='{no}']")).ToContainTextAsync("已应答 199 / 221");
        await desk.ShootAsync("callout-list", whole: true);
        Assert.Empty(desk.Complaints.Concat(phone.Complaints).Concat(community.Complaints));
    }

    /// <summary>Waits until the page's list of the silent is this one.</summary>
    private static async Task ListsAsync(Window desk, HashSet<string> silent)
    {
        await Expect(desk.Find("[data-state=silent] .count")).ToHaveTextAsync($"{silent.Count}");
        var shown = await desk.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[data-state=silent] [data-post]')].map((row) => row.dataset.post)");
        Assert.Equal(silent.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Named(string prefix, int from, int to, string digits) => Enumerable.Range(from, to - from + 1).Select(i => prefix + i.ToString(digits, System.Globalization.CultureInfo.InvariantCulture));

    private static async Task<string> PostOfAsync(StreetApi api, string account) => (string)(await api.AskAsync(account, HttpMethod.Get, "/api/me")).Body!["post"]!;

    private static async Task<IEnumerable<string>> PostsAsync(StreetApi api, string no) => (await ViewAsync(api, no))["posts"]!.AsArray().Select(post => (string)post!["post"]!);

    /// <summary>The part of each community; that of the street under no code.</summary>
    private static async Task<Dictionary<string, string>> PartsAsync(StreetApi api, string no) => (await ViewAsync(api, no))["parts"]!.AsArray().ToDictionary(part => (string)part!["community"]!, part => (string)part!["callNo"]!);

    private static async Task<JsonNode> ViewAsync(StreetApi api, string no)
    {
        var (status, view) = await api.AskAsync("duty", HttpMethod.Get, $"/api/callouts/{no}");
        Assert.Equal(HttpStatusCode.OK, status);
        return view!;
    }
}
