using System.Globalization;
using System.Net;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>How far a recusal reaches: every reader, and whatever belongs to the case, whenever it comes.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class RecusalReachStories : StreetStory
{
    private string Today => Street.Now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("duty")]
    [InlineData("leader")]
    [InlineData("community01")]
    public async Task Whoever_is_recused_finds_the_case_in_no_history_and_no_list_behind_a_rate(string recused)
    {
        var (call, other) = (await Street.Blow(), await Street.Blow());
        foreach (var one in new[] { call, other }) await Do("grid001", one.CallNo, "accept");
        await Recuse(recused, call.CallNo);
        await Passes(TimeSpan.FromHours(2)); // 到场 is late on both
        foreach (var query in new[] { "", "valid=1", "rate=cases", "rate=breached", "state=open", "state=accepted", "answer=accept", "late=arrive", "late=any", "grid=001", "category=02", "level=S2", $"from={Today}", $"q={other.CallNo[..7]}" })
        {
            var found = await History(recused, query);
            Assert.Equal($"{query}: {other.CallNo}", $"{query}: {string.Join(' ', found.Calls.Select(c => c.CallNo))}");
            Assert.Equal(1, found.Total);
            Assert.Equal(2, (await History("duty2", query)).Total);
        }

        Assert.Empty((await History(recused, $"q={call.CallNo}")).Calls);
        Assert.Single((await History("auditor", $"q={call.CallNo}")).Calls);
    }

    [Theory]
    [InlineData("duty")]
    [InlineData("leader")]
    [InlineData("community01")]
    public async Task No_figure_tells_the_recused_that_there_is_such_a_case(string recused)
    {
        for (var i = 0; i < 2; i++) await Street.Blow();
        var before = await Figures(recused);
        var call = await Street.Blow(); // the third of its kind in its grid: a repeat
        Assert.NotEqual(before, await Figures(recused));
        await Recuse(recused, call.CallNo);
        Assert.Equal(before, await Figures(recused));
        Assert.NotEqual(before, await Figures("duty2"));
    }

    [Fact]
    public async Task A_recusal_reaches_the_child_and_the_merged_whenever_it_comes()
    {
        var (call, second) = (await Street.Blow(), await Street.Blow());
        await OnScene("grid001", call.CallNo);
        var child = await Child("grid001", call.CallNo);
        await Do("duty2", second.CallNo, "merge", new { into = call.CallNo });
        await OnScene("police01", child.CallNo);
        await using var police = await Screen.FilledAsync(Street, "police01");
        await Recuse("police01", call.CallNo);
        await IsHidden("police01", call.CallNo, child.CallNo, second.CallNo);
        await police.Until(s => s.Cases.Count == 0);
        Assert.Equal(CallStates.Ringing, (await Street.Card(child.CallNo)).State); // who had it has it no longer
        Assert.Equal("hidden recused:lead", (await Told(child.CallNo))[^1]);

        await Recuse("duty", call.CallNo);
        Assert.Empty((await History("duty", string.Empty)).Calls);
        await IsHidden("duty", call.CallNo, child.CallNo, second.CallNo);
    }

    [Fact]
    public async Task What_is_merged_and_opened_after_a_recusal_is_hidden_with_all_that_belongs_to_it()
    {
        var (call, second, main) = (await Street.Blow(), await Street.Blow(), await Street.Blow());
        await OnScene("grid001", second.CallNo);
        var child = await Child("grid001", second.CallNo);
        await Recuse("police01", main.CallNo);
        await Do("duty", call.CallNo, "merge", new { into = main.CallNo });
        await Do("duty", second.CallNo, "merge", new { into = main.CallNo });
        await IsHidden("police01", main.CallNo, call.CallNo, second.CallNo, child.CallNo);

        // And the other way about: what comes in brings its own recusal to all that was there.
        var late = await Street.Blow();
        await Recuse("property01", late.CallNo);
        await Do("duty", late.CallNo, "merge", new { into = main.CallNo });
        await IsHidden("property01", main.CallNo, call.CallNo, second.CallNo, child.CallNo, late.CallNo);
    }

    [Fact]
    public async Task A_correction_to_a_dispute_with_the_property_reaches_the_child_and_the_merged()
    {
        var (call, second) = (await Street.Blow(category: "03"), await Street.Blow(category: "03"));
        await OnScene("grid001", call.CallNo);
        var child = await Child("grid001", call.CallNo);
        await Do("duty", second.CallNo, "merge", new { into = call.CallNo });
        await Do("property01", child.CallNo, "accept");
        await Do("duty", call.CallNo, "correct", new { category = "23" });
        await IsHidden("property01", call.CallNo, child.CallNo, second.CallNo);
        Assert.Equal(CallStates.Ringing, (await Street.Card(child.CallNo)).State);
        Assert.Equal(CallStates.Merged, (await Street.Card(second.CallNo)).State);

        await Do("duty", second.CallNo, "unmerge", new { });
        await IsHidden("property01", second.CallNo);
    }

    [Fact]
    public async Task Whoever_holds_posts_in_two_teams_is_recused_by_both()
    {
        var post = (await (await Street.As("community01")).Send("/api/roster/posts", new { userName = "police01", team = "02" })).Value<RosterPost>(HttpStatusCode.Created).Id;
        var call = await Street.Blow();
        await Do("duty", call.CallNo, "designate", new { team = "02", note = "就近" });
        var acting = await Street.SignIn("police01");
        acting.DefaultRequestHeaders.Add("Dispatch-Post", post);
        Assert.Equal(HttpStatusCode.OK, (await acting.Send("/api/duty/take", new { })).Status); // in the second team they are not on duty by themselves
        Assert.Equal(HttpStatusCode.OK, (await acting.Read($"/api/calls/{call.CallNo}")).Status);
        await acting.Send($"/api/calls/{call.CallNo}/recuse", new { });
        await Do("duty", call.CallNo, "designate", new { team = "01", note = "换队" });
        await IsHidden("police01", call.CallNo);
    }

    [Fact]
    public async Task Nobody_joins_what_the_public_list_does_not_show()
    {
        var (asked, recused, property, handled) = (await Street.Blow(hide: true), await Street.Blow(), await Street.Blow(category: "23"), await Street.Blow());
        var drill = (await (await Street.As("duty")).Send("/api/whistles", new { grid = "001", category = "02", source = "phone", drill = true, description = "演练" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await Recuse("police01", recused.CallNo);
        await Street.Handle("grid001", handled.CallNo);
        foreach (var (no, category) in new[] { (asked.CallNo, "02"), (recused.CallNo, "02"), (property.CallNo, "23"), (handled.CallNo, "02"), (drill.CallNo, "02") })
            foreach (var hide in new[] { false, true })
                foreach (var (who, source) in new[] { (Street.Anyone, null), (await Street.As("grid001"), "counter") })
                {
                    var own = (await who.Send("/api/whistles", new { grid = "001", category, source, joins = no, hideFromProperty = hide, description = "我也遇到" })).Value<WhistleReceipt>(HttpStatusCode.Created);
                    var track = await Track(own);
                    Assert.Equal((null, CallStates.Ringing, null), (track.Together, track.State, track.Lead));
                    Assert.DoesNotContain(own.CallNo, JsonSerializer.Serialize(await Told(no)), StringComparison.Ordinal);
                }
    }

    [Fact]
    public async Task The_page_at_the_station_tells_of_nothing_from_which_somebody_is_recused()
    {
        var (call, other) = (await Verified(), await Verified());
        await Recuse("police01", call.CallNo);
        foreach (var one in new[] { call, other }) await Evaluate(one, true, "satisfied");
        Assert.Equal(1, (await Street.Service<StationQueries>().OfAsync("001", _ => true, CancellationToken.None)).SolvedCount);
    }

    private async Task Recuse(string who, string no) => Assert.Equal(HttpStatusCode.OK, (await (await Street.As(who)).Send($"/api/calls/{no}/recuse", new { })).Status);

    private async Task<WhistleReceipt> Child(string who, string no) =>
        (await (await Street.As(who)).Send($"/api/calls/{no}/child", new { note = "善后" })).Value<WhistleReceipt>(HttpStatusCode.Created);

    private async Task<HistoryView> History(string who, string query) => (await (await Street.As(who)).Read($"/api/history?{query}")).Value<HistoryView>();

    private async Task IsHidden(string who, params string[] numbers)
    {
        var client = await Street.As(who);
        foreach (var no in numbers)
        {
            (await client.Read($"/api/calls/{no}")).Problem(404, Codes.CallNotFound);
            (await client.Read($"/api/calls/{no}/similar")).Problem(404, Codes.CallNotFound);
            (await client.Send($"/api/calls/{no}/contact", new { note = "看" })).Problem(who == "leader" ? 403 : 404, who == "leader" ? Codes.Forbidden : Codes.CallNotFound);
        }
    }

    /// <summary>Every figure that this desk reads of the day, as one text.</summary>
    private async Task<string> Figures(string who)
    {
        var client = await Street.As(who);
        var texts = new List<string>();
        foreach (var path in new[] { "today", $"stats?from={Today}&to={Today}", $"rates?from={Today}&to={Today}&by=category", $"rates?from={Today}&to={Today}&by=team", $"rates?from={Today}&to={Today}&by=day" })
            texts.Add((await client.Read($"/api/{path}")).Text);
        using var brief = new HttpRequestMessage(HttpMethod.Get, $"/brief?day={Today}");
        texts.Add(System.Text.RegularExpressions.Regex.Replace(await (await client.SendAsync(brief)).Content.ReadAsStringAsync(), "nonce=\"[^\"]*\"|value=\"CfDJ[^\"]*\"", string.Empty));
        return string.Join('\n', texts);
    }
}
