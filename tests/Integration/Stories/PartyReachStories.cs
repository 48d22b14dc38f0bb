using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>A called party hears of it by itself, over its number or its room's robot, with a link that answers.</summary>
public sealed class PartyReachStories(ReachStreet shared) : ReachStory(shared)
{
    [Fact]
    public async Task A_called_party_gets_the_link_on_its_number_and_in_its_room_and_answers_by_it()
    {
        await WithPhone("gas", "13905550100");
        await Channel("sms", "sms");
        await Channel("room", "weCom", "party:gas");
        await Rules(new { on = "summoned", to = "party", by = "sms" }, new { on = "summoned", to = "party", by = "robot" }, new { on = "released", to = "party", by = "sms" });
        var call = await Street.Blow();
        await Summon(call, "gas");
        await Send();
        Assert.Equal(["summoned room party:gas sent", "summoned sms party:gas sent"], (await Outbox(call.CallNo)).Order());
        var (text, room) = (Receiver.Of("sms")[^1].Text, Receiver.Of("room")[^1].Text);
        Assert.Equal("13905550100", Receiver.Of("sms")[^1].Phone);
        Assert.Equal(LinkIn(text), LinkIn(room)); // one link, however it is told
        foreach (var secret in (string[])["试", call.TrackingCode]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        (await Street.Anyone.Send($"/api{LinkIn(text)}/attend", new { })).Value<PartyView>();
        Assert.True((await Street.Card(call.CallNo)).Answers.Single(a => a.Key == "party-gas").Met);
    }

    /// <summary>Whoever holds the party's role around the case is called, not the street's list: here a room of the case's own community.</summary>
    [Fact]
    public async Task A_party_of_the_register_is_called_where_the_case_is()
    {
        await WithPhone("mediation", "13905550100");
        await Channel("sms", "sms");
        await Rules(new { on = "summoned", to = "party", by = "sms" });
        const string Room = "code,kind,name,name_en,place,until,phone\nroom-1,mediation,R,R,community:01,";
        foreach (var (until, number) in ((string, string)[])[("", "13905550177"), ("2020-01-01", "13905550100")]) // in force, and over
        {
            Assert.Empty((await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"{Room}{until},13905550177\n")), anyway: false, CancellationToken.None)).Refused);
            var call = await Street.Blow();
            await Summon(call, "mediation");
            await SendAfter(TimeSpan.FromMinutes(1));
            Assert.Equal(number, Receiver.Of("sms")[^1].Phone);
        }
    }

    /// <summary>A party can be the name of any role of the register, under a code of its own: for second whistles, for packs and for procedures.</summary>
    [Fact]
    public async Task A_policy_names_a_role_of_the_register_and_one_that_there_is_not_is_refused_with_its_member()
    {
        var refused = await Assert.ThrowsAsync<UnusableDocumentException>(() => WithParty("king"));
        Assert.Equal(("$.parties[", "king"), (refused.English[..10], refused.English[^6..^2]));
        await WithParty("branch", pack: true);
        await Register("branch-1,branch,B,B,community:01,branch@grid:001,13905550188\n");
        await Channel("sms", "sms");
        await Rules(new { on = "summoned", to = "party", by = "sms" }, new { on = "whistled", to = "party", by = "sms" }, new { on = "lapsed", to = "party", by = "sms" });
        var call = await Street.Blow();
        await Summon(call, "own-branch");
        await Send();
        Assert.Equal(["summoned sms party:own-branch sent", "whistled sms party:own-branch sent"], (await Outbox(call.CallNo)).Order());
        Assert.All(Receiver.Of("sms"), message => Assert.Equal("13905550188", message.Phone));
        (await Street.Anyone.Send($"/api{LinkIn(Receiver.Of("sms")[^1].Text)}/attend", new { })).Value<PartyView>();
        Assert.Equal(1, (await Street.Card(call.CallNo)).Answers.Count(a => a.Party == "own-branch" && a.Met));
    }

    /// <summary>Silence, a number that no text reaches and none at all stand on the case, and its clock runs.</summary>
    [Fact]
    public async Task A_called_entry_that_is_silent_or_cannot_be_reached_is_seen_on_the_case()
    {
        await WithParty("branch");
        await Register("branch-1,branch,B,B,community:01,branch@grid:001,0632-5550188\nbranch-2,branch,B,B,community:01,branch@grid:002,\nbranch-3,branch,B,B,community:01,branch@grid:003,13905550189\n");
        await Channel("sms", "sms");
        await Rules(new { on = "summoned", to = "party", by = "sms" }, new { on = "lapsed", to = "party", by = "sms" });
        var told = new List<string>();
        foreach (var grid in (string[])["001", "002", "003"])
        {
            var call = await Street.Blow(grid);
            await Summon(call, "own-branch");
            await Send();
            Street.FastForward((await Street.Card(call.CallNo)).Answers.Single(a => a.Key == "party-own-branch").Due - Street.Now + Moment);
            await Street.Sweep();
            await Send();
            var answer = (await Street.Card(call.CallNo)).Answers.Single(a => a.Key == "party-own-branch");
            Assert.True(answer is { Met: false, Breached: true }, grid);
            var messages = (await (await Street.As("community01")).Read($"/api/calls/{call.CallNo}/told")).Value<CaseTold>().Messages;
            told.Add(string.Join(' ', messages.Where(m => m.Event is "summoned" or "lapsed").Select(m => $"{m.Event}:{m.State}:{m.Why}")));
        }

        Assert.Equal(["summoned:skipped:no_text lapsed:skipped:no_text", "summoned:skipped:no_number lapsed:skipped:no_number", "summoned:sent: lapsed:sent:"], told);
    }

    [Fact]
    public async Task A_partys_link_is_sent_again_and_is_the_same_and_one_made_by_hand_ends_it()
    {
        await WithPhone("gas", "13905550100");
        await Channel("sms", "sms");
        await Rules(new { on = "summoned", to = "party", by = "sms" });
        var call = await Street.Blow();
        await Summon(call, "gas");
        await Summon(call, "water");
        await SendAfter(TimeSpan.FromMinutes(1));
        var first = LinkIn(Receiver.Of("sms")[^1].Text);
        var desk = await Street.As("community01");
        Assert.Equal(1, (await desk.Send($"/api/calls/{call.CallNo}/link/send", new { answer = "party-gas" })).Value<LinkSent>().Messages);
        await SendAfter(TimeSpan.FromMinutes(1));
        Assert.Equal(first, LinkIn(Receiver.Of("sms")[^1].Text));
        Assert.Contains("summoned sms party:water skipped no_number", await Outbox(call.CallNo));
        (await desk.Send($"/api/calls/{call.CallNo}/link/send", new { answer = "party-water" })).Problem(409, "party_untold");
        (await (await Street.As("grid008")).Send($"/api/calls/{call.CallNo}/link/send", new { answer = "party-gas" })).Problem(404, Codes.CallNotFound);
        await desk.Send($"/api/calls/{call.CallNo}/link", new { answer = "party-gas" });
        (await Street.Anyone.Read("/api" + first)).Problem(404, Codes.LinkUnknown);
        await desk.Send($"/api/calls/{call.CallNo}/link/send", new { answer = "party-gas" });
        await SendAfter(TimeSpan.FromMinutes(1));
        Assert.NotEqual(first, LinkIn(Receiver.Of("sms")[^1].Text));
        (await Street.Anyone.Read("/api" + LinkIn(Receiver.Of("sms")[^1].Text))).Value<PartyView>();
    }

    [Fact]
    public async Task A_party_that_has_answered_or_is_not_waited_for_gets_no_link_and_a_drill_tells_nobody_outside()
    {
        await WithPhone("gas", "13905550100");
        await Channel("sms", "sms");
        await Rules(new { on = "summoned", to = "party", by = "sms", after = 60 }, new { on = "released", to = "party", by = "sms" });
        var call = await Street.Blow();
        await Summon(call, "gas");
        await (await Street.As("community01")).Send($"/api/calls/{call.CallNo}/release", new { answer = "party-gas", note = "自行修好" });
        await SendAfter(TimeSpan.FromMinutes(2));
        Assert.Equal(["summoned sms party:gas skipped over", "released sms party:gas sent"], await Outbox(call.CallNo));
        Assert.DoesNotContain("/d/", Receiver.Of("sms")[^1].Text, StringComparison.Ordinal);
        await using var db = Street.Service<Database>().Context();
        Assert.False(await db.Set<Hub.Ledger.PartyLinkRow>().AnyAsync(l => l.CallNo == call.CallNo));
        var drill = (await (await Street.As("duty")).Send("/api/whistles", new { grid = "001", category = "04", source = "phone", drill = true })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        await Summon(drill, "gas");
        Assert.Empty(await Outbox(drill.CallNo));
    }

    [Fact]
    public async Task What_concerns_no_party_and_a_number_that_cannot_be_called_are_refused_in_words()
    {
        foreach (var on in (string[])["ringing", "climbed", "gap", "matterMoved"])
            (await Put("/api/reach", new { rules = new { rules = new[] { new { on, to = "party", by = "sms" } } } })).Problem(422, "reach_invalid");
        (await Put("/api/channels/room", new { kind = "weCom", addresses = new[] { "party:nobody" }, url = Receiver.Url })).Problem(422, "channel_invalid");
        Assert.Contains("----123", (await Assert.ThrowsAsync<UnusableDocumentException>(() => WithPhone("gas", "----123"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_party_with_a_landline_is_called_by_voice_and_not_by_text_and_the_desk_hears_that_no_text_reaches_it()
    {
        await WithPhone("gas", "（0632）5550100 转 12");
        await Channel("sms", "sms");
        await Rules(new { on = "summoned", to = "party", by = "sms" }, new { on = "summoned", to = "party", by = "voice" });
        var call = await Street.Blow();
        await Summon(call, "gas");
        await Send();
        Assert.Empty(Receiver.Of("sms"));
        Assert.Equal(["summoned sms party:gas skipped no_text"], await Outbox(call.CallNo));
        (await (await Street.As("community01")).Send($"/api/calls/{call.CallNo}/link/send", new { answer = "party-gas" })).Problem(409, "party_untold");
        await Channel("voice", "voice");
        var second = await Street.Blow("004");
        await Summon(second, "gas");
        await Send();
        Assert.Equal("0632-5550100-12", Assert.Single(Receiver.Of("voice")).Phone);
    }

    [Fact]
    public async Task A_partys_number_that_looks_wrong_is_asked_about_once_and_what_is_stored_is_never_refused()
    {
        var refused = await Assert.ThrowsAsync<UnusableDocumentException>(() => WithPhone("gas", "1380013800"));
        Assert.Contains("看起来不完整", refused.Chinese, StringComparison.Ordinal);
        Assert.Contains("looks incomplete", refused.English, StringComparison.Ordinal);
        await WithPhone("gas", "138 0013 800", anyway: true);
        Assert.Equal("1380013800", Street.Service<PolicyBook>().Current.Latest.FindParty("gas")!.Phone);
        await WithPhone("gas", "９６３３３"); // a service number is a party's
        Assert.Equal("96333", Street.Service<PolicyBook>().Current.Latest.FindParty("gas")!.Phone);
        var old = JsonNode.Parse(PolicyBook.DefaultJson())!;
        old["parties"]![0]!["phone"] = "----1234567"; // taken by earlier versions
        Assert.Equal("----1234567", PolicyJson.ParseStored(old.ToJsonString(), 1).Parties[0].Phone);
    }

    private async Task WithPhone(string party, string phone, bool? anyway = null)
    {
        var policy = JsonNode.Parse(PolicyBook.DefaultJson())!;
        var named = policy["parties"]!.AsArray().Single(p => (string?)p!["code"] == party)!;
        (named["phone"], named["phoneAnyway"]) = (phone, anyway);
        await Street.Service<PolicyBook>().AddAsync(policy.ToJsonString(), "test", CancellationToken.None);
    }

    /// <summary>With a party of its own code for a role of the register; in the pack, every case requires its answer.</summary>
    private async Task WithParty(string role, bool pack = false)
    {
        var policy = JsonNode.Parse(PolicyBook.DefaultJson())!;
        policy["parties"]!.AsArray().Add(new JsonObject { ["code"] = "own-branch", ["name"] = "本网格党支部", ["nameEn"] = "The grid's branch", ["kind"] = "specialist", ["role"] = role });
        if (pack)
        {
            policy["pack"]!.AsArray().Add(new JsonObject { ["key"] = "branch", ["kind"] = "acknowledge", ["party"] = "own-branch", ["required"] = false });
            foreach (var (_, limits) in policy["limits"]!.AsObject()) limits!["branch"] = "1h";
        }

        await Street.Service<PolicyBook>().AddAsync(policy.ToJsonString(), "test", CancellationToken.None);
    }

    private async Task Register(string lines) => Assert.Empty((await Street.Service<RegisterFile>().TakeAsync(
        null, "register.csv", () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes("code,kind,name,name_en,place,holds,phone\n" + lines)), anyway: false, CancellationToken.None)).Refused);

    private async Task Summon(WhistleReceipt call, string party) => (await (await Street.As("community01")).Send($"/api/calls/{call.CallNo}/summon", new { party })).Value<Reply>();

    private static string LinkIn(string message)
    {
        var at = message.IndexOf("/d/", StringComparison.Ordinal);
        return message.Substring(at, "/d/".Length + 22);
    }
}
