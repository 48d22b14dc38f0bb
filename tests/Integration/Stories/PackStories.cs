using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>
/// 一呼三应 under four readings, each policy data and nothing else: three stages; three parties (居委会、业委会、物业), each acknowledging, one
/// leading; three levels (楼宇—网格—社区) in turn; stages × parties. The stories are the same for all.
/// </summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class PackStories : StreetStory
{
    /// <summary>The names of the packs.</summary>
    public static readonly TheoryData<string> Packs = ["stages", "parties", "levels", "both"];

    /// <summary>What each owes, with the limit in minutes at every level.</summary>
    private static readonly Dictionary<string, (string Key, string Kind, string Party, bool Required, int Minutes)[]> Answers = new()
    {
        ["stages"] = [("accept", "accept", "team", true, 15), ("arrive", "arrive", "lead", true, 60), ("resolve", "resolve", "lead", true, 1440)],
        ["parties"] =
        [
            ("accept", "accept", "team", true, 15), ("committee", "acknowledge", "communityDesk", true, 30), ("owners", "acknowledge", "owners", true, 40),
            ("property", "acknowledge", "property", true, 30), ("resolve", "resolve", "lead", true, 1440),
        ],
        ["levels"] =
        [
            ("building", "acknowledge", "buildingHead", false, 10), ("accept", "accept", "team", true, 20), ("community", "acknowledge", "communityDesk", true, 30),
            ("arrive", "arrive", "lead", true, 60), ("resolve", "resolve", "lead", true, 1440),
        ],
        ["both"] =
        [
            ("accept", "accept", "team", true, 15), ("committee", "acknowledge", "communityDesk", true, 30), ("owners", "acknowledge", "owners", true, 40), ("property", "acknowledge", "property", true, 30),
            ("arrive", "arrive", "lead", true, 60), ("resolve", "resolve", "lead", true, 1440),
        ],
    };

    /// <summary>Who speaks for a party of these packs; a party without a post answers by its link.</summary>
    private static readonly Dictionary<string, string> Speaker = new() { ["communityDesk"] = "community01", ["property"] = "property01", ["buildingHead"] = "head01" };

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task Every_answer_of_the_pack_is_promised_given_and_the_case_closes(string pack)
    {
        await Adopt(pack);
        var call = await Street.Blow();
        Assert.Equal(Answers[pack].Select(a => (a.Kind, Street.Now.AddMinutes(a.Minutes))), call.Answers.Select(a => (a.Kind, a.Due)));
        await GiveAll(call, pack);
        Assert.All((await Track(call)).Steps, s => Assert.True(s.Met && !s.Breached, s.Key));
        await Do("grid003", call.CallNo, "verify", new { passed = true });
        Assert.Equal(CallStates.Closed, (await Evaluate(call, true, "satisfied")).State);
        var told = await Told(call.CallNo);
        Assert.Equal(Answers[pack].Where(a => a.Kind == "acknowledge").Select(a => $"acknowledged answer:{a.Key}").Order(), told.Where(t => t.StartsWith("acknowledged", StringComparison.Ordinal)).Order());
        Assert.Equal(["resolved", "verified", "evaluated solved satisfaction:satisfied"], told[^3..]);
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task One_answer_never_silences_another_and_the_case_is_not_resolved_before_all_that_is_required(string pack)
    {
        await Adopt(pack);
        var call = await Street.Blow();
        foreach (var answer in Answers[pack].SkipLast(1))
        {
            await Give(call, answer);
            var still = (await Track(call)).Steps.Where(s => !s.Met && s.Required).Select(s => s.Key).ToList();
            if (still.Count <= 1) continue;
            var refused = await (await Street.As("grid001")).Send($"/api/calls/{call.CallNo}/resolve", new { report = "好" });
            Assert.Contains(refused.Json.Text("code"), (string[])[Codes.OutOfTurn, Codes.AnswersOwed, Codes.WrongTeam]);
        }

        Assert.Equal("resolve", Assert.Single((await Track(call)).Steps, s => s.Required && !s.Met).Key);
        Assert.Equal(CallStates.Resolved, (await Do("grid001", call.CallNo, "resolve", new { report = "好" })).State);
        Assert.Equal("resolved", (await Told(call.CallNo))[^1]);
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task Every_answer_has_a_clock_of_its_own_which_lapses_once_at_its_own_instant(string pack)
    {
        await Adopt(pack);
        var call = await Street.Blow();
        var receipt = Street.Now;
        foreach (var due in Answers[pack].GroupBy(a => a.Minutes).OrderBy(g => g.Key))
        {
            await Reaches(receipt.AddMinutes(due.Key));
            foreach (var answer in due) Assert.False((await Answer(call.CallNo, answer.Key)).Breached, answer.Key);
            await Passes(Moment);
            foreach (var answer in due) Assert.True((await Answer(call.CallNo, answer.Key)).Breached, answer.Key);
        }

        var lapsed = (await Street.Journal(call.CallNo)).Where(e => e.What == "lapsed").Select(e => e.Answer!).ToList();
        Assert.Equal(Answers[pack].Select(a => a.Key).Order(), lapsed.Order());
        Assert.True((await Track(call)).Overdue);
        Assert.Equal("street", (await Street.Card(call.CallNo)).Rung);
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task A_return_owes_the_stages_anew_and_leaves_what_the_parties_said(string pack)
    {
        await Adopt(pack);
        var call = await Street.Blow();
        foreach (var answer in Answers[pack].Where(a => a.Kind == "acknowledge")) await Give(call, answer);
        await Do("grid001", call.CallNo, "accept");
        await Do("grid001", call.CallNo, "return", new { reason = "noPower", note = "不归我们" });
        Assert.All((await Track(call)).Steps, s => Assert.Equal(s.Kind == "acknowledge", s.Met));
        await Do("grid004", call.CallNo, "accept");
        await Do("grid004", call.CallNo, "arrive");
        Assert.Equal(CallStates.Resolved, (await Do("grid004", call.CallNo, "resolve", new { report = "好" })).State);
        Assert.Equal(["returned reason:noPower climbed:community", "accepted", "arrived", "resolved"], (await Told(call.CallNo))[^4..]);
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task An_open_case_keeps_the_answers_and_the_clocks_of_its_receipt(string pack)
    {
        var before = await Street.Blow(); // under the default
        await Adopt(pack);
        var after = await Street.Blow();
        Assert.Equal(["accept", "arrive", "resolve"], (await Track(before)).Steps.Select(s => s.Key));
        Assert.Equal(before.Answers.Select(a => a.Due), (await Track(before)).Steps.Select(s => s.Due));
        Assert.Equal(Answers[pack].Select(a => a.Key), (await Track(after)).Steps.Select(s => s.Key));
        await Street.Handle("grid001", before.CallNo);
        Assert.Equal(["whistled", "accepted", "arrived", "resolved"], await Told(before.CallNo));
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public async Task The_recused_are_asked_for_nothing_and_nothing_waits_for_them(string pack)
    {
        await Adopt(pack);
        var call = await Street.Blow(category: "22");
        await Do("community01", call.CallNo, "correct", new { category = "23" });
        foreach (var answer in Answers[pack].Where(a => a.Party != "property")) await Give(call, answer);
        Assert.All((await Track(call)).Steps, s => Assert.True(s.Met || s.Released == true, s.Key));
        Assert.Equal(CallStates.Resolved, (await Street.Card(call.CallNo)).State);
        var hidden = await Street.Blow(category: "23");
        Assert.DoesNotContain((await Track(hidden)).Steps, s => s.Party == "property");
        Assert.Equal("resolved", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task A_listed_party_that_is_silent_can_be_written_down_by_a_desk_or_released_by_the_lead()
    {
        await Adopt("parties");
        var (told, released) = (await Street.Blow(), await Street.Blow());
        foreach (var call in new[] { told, released })
        {
            await Do("grid001", call.CallNo, "accept");
            await Do("community01", call.CallNo, "acknowledge", new { answer = "committee" });
            await Do("property01", call.CallNo, "acknowledge", new { answer = "property" });
            await IsRefused("grid001", call.CallNo, "resolve", 409, Codes.AnswersOwed, new { report = "好" });
        }

        Assert.Equal(["release"], await Offered("grid001"));
        foreach (var desk in (string[])["community01", "duty"]) Assert.Equal(["acknowledge", "release"], await Offered(desk));
        await Do("community01", told.CallNo, "acknowledge", new { answer = "owners", note = "电话告知业委会主任，已知晓" });
        Assert.Contains((await (await Street.As("grid001")).Read($"/api/calls/{told.CallNo}")).Value<CallDetail>().Texts, t => t is { By: "communityDesk", Words: "电话告知业委会主任，已知晓" });
        await IsRefused("grid001", released.CallNo, "release", 422, Codes.ReasonMissing, new { answer = "owners" });
        await Do("grid001", released.CallNo, "release", new { answer = "owners", note = "业委会联系不上" });
        foreach (var call in new[] { told, released })
        {
            Assert.DoesNotContain("release", await Offered("grid001"));
            Assert.Equal(CallStates.Resolved, (await Do("grid001", call.CallNo, "resolve", new { report = "好" })).State);
        }

        async Task<string[]> Offered(string userName) =>
            [.. (await (await Street.As(userName)).Read($"/api/calls/{released.CallNo}")).Value<CallDetail>().Commands.Where(c => c is "acknowledge" or "release")];
    }

    [Fact]
    public async Task The_lead_of_a_team_does_not_release_the_desk_above_it()
    {
        await Adopt("parties");
        var call = await Street.Blow();
        await Do("property01", call.CallNo, "accept");
        await Do("community01", call.CallNo, "acknowledge", new { answer = "owners" });
        await Do("property01", call.CallNo, "acknowledge", new { answer = "property" });
        await IsRefused("property01", call.CallNo, "release", 403, Codes.NotEntitled, new { answer = "committee", note = "不等了" });
        Assert.DoesNotContain("release", (await (await Street.As("property01")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Commands);
        await Do("duty", call.CallNo, "release", new { answer = "committee", note = "社区值班席无人" });
        Assert.Equal(CallStates.Resolved, (await Do("property01", call.CallNo, "resolve", new { report = "好" })).State);
    }

    [Fact]
    public async Task Every_party_of_the_pack_is_named_to_the_caller_and_to_the_administrator()
    {
        await Adopt("parties");
        var call = await Street.Blow();
        var page = System.Net.WebUtility.HtmlDecode((await Street.Anyone.Read($"/t/{call.TrackingCode}")).Text);
        var cookie = await Street.CookieOf("admin");
        var clocks = System.Net.WebUtility.HtmlDecode((await Street.Anyone.Ask(HttpMethod.Get, "/admin", shape: r => r.Headers.Add("Cookie", cookie))).Text);
        foreach (var text in new[] { page, clocks })
            foreach (var name in (string[])["业委会", "社区值班", "物业"]) Assert.Contains($"{name}应答", text, StringComparison.Ordinal);
        var english = System.Net.WebUtility.HtmlDecode((await Street.Anyone.Ask(HttpMethod.Get, $"/t/{call.TrackingCode}", shape: r => r.Headers.Add("Accept-Language", "en"))).Text);
        Assert.Contains("Owners' committee", english, StringComparison.Ordinal);
    }

    private async Task GiveAll(WhistleReceipt call, string pack)
    {
        foreach (var answer in Answers[pack]) await Give(call, answer);
    }

    /// <summary>Each kind of answer as its party gives it, whatever the pack.</summary>
    private async Task Give(WhistleReceipt call, (string Key, string Kind, string Party, bool Required, int Minutes) answer)
    {
        if (answer.Kind != "acknowledge") await Do("grid001", call.CallNo, answer.Kind, answer.Kind == "resolve" ? new { report = "好" } : null);
        else if (Speaker.TryGetValue(answer.Party, out var speaker)) await Do(speaker, call.CallNo, "acknowledge", new { answer = answer.Key });
        else Assert.True((await Street.Anyone.Send(await Link("community01", call.CallNo, answer.Key) + "/attend", new { note = "知道了" })).Value<PartyView>().Met);
    }

    /// <summary>The default policy with another pack and limits: a document, and no line of code.</summary>
    private async Task Adopt(string pack)
    {
        var policy = JsonNode.Parse(PolicyBook.DefaultJson())!.AsObject();
        policy["pack"] = new JsonArray([.. Answers[pack].Select(a => new JsonObject { ["key"] = a.Key, ["kind"] = a.Kind, ["party"] = a.Party, ["required"] = a.Required })]);
        foreach (var level in (string[])["S1", "S2", "S3"]) policy["limits"]![level] = new JsonObject(Answers[pack].Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, $"{a.Minutes}m")));
        policy["parties"]!.AsArray().Add(new JsonObject { ["code"] = "owners", ["name"] = "业委会", ["nameEn"] = "Owners' committee", ["kind"] = "unit" });
        await Street.Service<PolicyBook>().AddAsync(policy.ToJsonString(), "test", CancellationToken.None);
    }
}
