using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>Promise 7 for matters: what is hidden is hidden from every reader, and looks like what never was.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class MatterSightTests : MatterTests
{
    private static readonly string[] Watchers = ["duty", "leader", "wall", "auditor", "community01", "community05", "grid001", "grid002", "grid003", "grid004", "property01", "police01", "head01", "grid130"];

    [Fact]
    public async Task A_sealed_matter_is_seen_by_who_opened_it_and_who_is_asked_on_every_reader_and_by_nobody_else()
    {
        await It.Add(Documents.Secret);
        var screens = new Dictionary<string, Screen>();
        foreach (var who in Watchers) screens.Add(who, await Screen.FilledAsync(Street, who));
        var asked = (await Street.PostOf("grid002")).Value;
        var no = (await It.Open(body: new { procedure = "secret", community = "01", form = new { words = "不可外传" }, chosen = new Dictionary<string, string[]> { ["look"] = [asked] } })).CallNo;
        string[] insiders = ["community01", "grid002"];
        foreach (var who in insiders) await screens[who].ShowsMatter(no, "look");
        await It.Say("grid002", no, "look", "seen", new() { ["words"] = "看过了" });
        foreach (var who in insiders) await screens[who].ShowsMatter(no, "sum");
        foreach (var who in Watchers)
        {
            var screen = screens[who];
            while (screen.Through < (await Head())) await screen.NextWhile(() => Street.FastForward(LiveFeed.BeatEvery));
            await using var late = await Screen.FilledAsync(Street, who);
            await using var behind = await Screen.OpenAsync(Street, who, 1);
            while (behind.Through < (await Head())) await behind.NextWhile(() => Street.FastForward(LiveFeed.BeatEvery));
            var sees = insiders.Contains(who);
            Assert.Equal((sees, sees, sees), (screen.EverSaw(no), late.EverSaw(no), behind.EverSaw(no)));
            if (who is "wall" or "auditor") continue; // no post of theirs: they read no matters at all
            Assert.Equal(sees ? [no] : [], (await It.List(who)).Matters.Select(m => m.CallNo));
            Assert.Equal(who == "community01" ? [no] : [], (await It.Inbox(who)).Owed.Select(o => o.Matter.CallNo));
            await AreAlike(who, sees ? null : no);
        }

        foreach (var screen in screens.Values) await screen.DisposeAsync();
        foreach (var path in (string[])["/api/board", "/api/history", $"/api/history?q={no}"]) Assert.DoesNotContain(no, (await (await Street.As("duty")).Read(path)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await It.Read("auditor", no)).Status);

        // Auditors read its codes in the journal, and not a word.
        var journal = (await (await Street.As("auditor")).Read("/api/journal")).Text;
        Assert.Contains(no, journal, StringComparison.Ordinal);
        foreach (var words in (string[])["不可外传", "看过了"]) Assert.DoesNotContain(words, journal, StringComparison.Ordinal);

        // Sealed words are read by who wrote them, and by who is asked now.
        Assert.Null((await It.Detail("grid002", no)).Timeline[0].Values!.Single().Value);
        Assert.Equal("看过了", (await It.Detail("grid002", no)).Timeline[1].Values!.Single().Value);
        Assert.Equal("看过了", (await It.Detail("community01", no)).Timeline[1].Values!.Single().Value);
    }

    [Fact]
    public async Task A_number_that_is_hidden_one_of_another_team_and_one_that_was_never_given_are_answered_alike()
    {
        await It.Add(Documents.Secret);
        var secret = (await It.Open(body: new { procedure = "secret", community = "01", chosen = new Dictionary<string, string[]> { ["look"] = [(await Street.PostOf("grid002")).Value] } })).CallNo;
        var other = (await It.Open()).CallNo;
        await AreAlike("grid100", secret, other);
        await AreAlike("grid001", secret);
        await AreAlike("community05", secret, other);
        await (await Street.As("grid001")).Ask(HttpMethod.Post, $"/api/matters/{other}/recuse", new StringContent("{}", null, "application/json"));
        await AreAlike("grid001", secret, other);
    }

    [Fact]
    public async Task A_team_is_pushed_its_matters_and_another_community_nothing_and_who_comes_again_misses_nothing()
    {
        await using var own = await Screen.FilledAsync(Street, "police01");
        await using var community = await Screen.FilledAsync(Street, "community01");
        await using var other = await Screen.FilledAsync(Street, "community05");
        await using var far = await Screen.FilledAsync(Street, "grid100");
        var no = (await It.Open()).CallNo;
        await own.ShowsMatter(no, "take");
        var stood = own.Through;
        await community.ShowsMatter(no, "take");
        await It.Say("grid001", no, "take", "accepted");
        await It.Paper("grid001", no, "身份证");
        await own.ShowsMatter(no, "papers");
        await using var again = await Screen.OpenAsync(Street, "police01", stood);
        await again.Until(s => s.Highest(no) == 3);
        Assert.Equal(FrameKinds.Delta, again.Frames[0].Kind);
        foreach (var screen in (Screen[])[other, far])
        {
            while (screen.Through < 3) await screen.NextWhile(() => Street.FastForward(LiveFeed.BeatEvery));
            Assert.False(screen.EverSaw(no));
        }

        await Street.RestartAsync();
        await using var afterwards = await Screen.OpenAsync(Street, "community01", stood);
        await afterwards.Until(s => s.Highest(no) == 3);
        Assert.Equal("papers", afterwards.Matters[no].Stage);
    }

    /// <summary>Every address of a matter answers as it does for a number that was never given.</summary>
    private async Task AreAlike(string who, params string?[] hidden)
    {
        foreach (var no in hidden.OfType<string>())
        {
            var client = await Street.As(who);
            foreach (var (method, verb, body) in new (HttpMethod, string, string?)[]
            {
                (HttpMethod.Get, string.Empty, null), (HttpMethod.Post, "/answer", """{"owed":"look","says":"seen","form":{"words":"x"}}"""), (HttpMethod.Post, "/note", """{"note":"x"}"""),
                (HttpMethod.Post, "/cancel", """{"note":"x"}"""), (HttpMethod.Post, "/request", """{"kind":"suspension","until":"2026-03-12T09:00:00+08:00","note":"x"}"""),
                (HttpMethod.Post, "/rule", """{"kind":"suspension","granted":true,"note":"x"}"""), (HttpMethod.Post, "/choose", """{"key":"look","posts":["p0001"]}"""),
                (HttpMethod.Post, "/link", """{"owed":"look"}"""), (HttpMethod.Post, "/reveal", """{"note":"x"}"""), (HttpMethod.Post, "/resume", null), (HttpMethod.Post, "/recuse", null),
            })
            {
                async Task<(HttpStatusCode, string)> Ask(string number)
                {
                    var answer = await client.Ask(method, $"/api/matters/{number}{verb}", body is null ? null : new StringContent(body, null, "application/json"));
                    return (answer.Status, System.Text.RegularExpressions.Regex.Replace(answer.Text, "\"traceId\":\"[^\"]*\"", string.Empty));
                }

                Assert.Equal(await Ask("M260311-99999"), await Ask(no));
                Assert.Equal(HttpStatusCode.NotFound, (await Ask(no)).Item1);
            }

            var opened = await It.TryOpen("community05", MatterScene.Errand("029", parent: no));
            if (who == "community05") Assert.Equal(404, (int)opened.Status);
        }
    }

    private async Task<long> Head() => (await Street.Service<Hub.Ledger.JournalQueries>().HeadAsync(CancellationToken.None)).Seq;
}
