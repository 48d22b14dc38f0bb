using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>街道吹哨、部门报到: a called party owes an answer of its own and gives it by a link that shows no caller.</summary>
public sealed class PartyStories : StreetStory
{
    private const string Water = "party-water";

    [Fact]
    public async Task The_case_is_not_resolved_while_a_called_party_is_silent()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "summon", new { party = "water" });
        await IsRefused("grid001", call.CallNo, "resolve", 409, Codes.AnswersOwed, new { report = "好" });
        (await Street.Anyone.Send(await Link("grid001", call.CallNo, Water) + "/attend", new { note = "已到" })).Value<PartyView>();
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
        Assert.True((await Track(call)).Steps.Single(s => s.Key == Water).Met);
        Assert.Equal(["whistled", "accepted", "arrived", "summoned answer:party-water party:water", "attended answer:party-water party:water", "resolved"], await Told(call.CallNo));
        Assert.Equal(Water, (await Street.Journal(call.CallNo))[^2].By); // a party has no post
    }

    [Fact]
    public async Task What_the_party_photographs_is_seen_by_the_lead_and_a_photo_that_cannot_be_taken_holds_up_no_answer()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "summon", new { party = "water" });
        var page = (await Link("grid001", call.CallNo, Water))[4..];
        var answered = await Says("attend", MadePhotos.Jpeg(), "no photo"u8.ToArray());
        Assert.Contains("有照片没有收到", answered, StringComparison.Ordinal);
        Assert.Contains("已经报到", answered, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"left\"", await Says("finish", MadePhotos.Png()), StringComparison.Ordinal);
        var detail = (await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal(["before", "after"], detail.Photos.Select(p => p.Kind));
        Assert.Equal(["whistled", "accepted", "arrived", "summoned answer:party-water party:water", "attended answer:party-water party:water", "finished answer:party-water party:water"], await Told(call.CallNo));

        // Too many for the case: the answer comes without the photo.
        var other = await Street.Blow();
        await OnScene("grid001", other.CallNo);
        await Do("grid001", other.CallNo, "summon", new { party = "water" });
        for (var i = 0; i < PhotoStore.OfCase; i++)
            (await Street.Anyone.Ask(HttpMethod.Post, $"/api/track/{other.TrackingCode}/photos", new ByteArrayContent(MadePhotos.Jpeg()) { Headers = { ContentType = new("image/jpeg") } })).Value<PhotoReceipt>(HttpStatusCode.Created);
        var full = await Says("attend", MadePhotos.Jpeg(), at: (await Link("grid001", other.CallNo, Water))[4..], key: "key-of-another");
        Assert.Contains("已经报到", full, StringComparison.Ordinal);
        Assert.Contains("有照片没有收到", full, StringComparison.Ordinal);

        // Nobody stores photos behind a link that is not one.
        Assert.Contains("不对或已失效", await Says("attend", MadePhotos.Jpeg(), at: "/d/AAAAAAAAAAAAAAAAAAAAAA"), StringComparison.Ordinal);
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(2 + PhotoStore.OfCase, await db.Photos.CountAsync(photo => photo.CallNo != null));

        async Task<string> Says(string say, byte[] photo, byte[]? other = null, string? at = null, string? key = null)
        {
            using var form = new MultipartFormDataContent { { new StringContent(say), "say" }, { new StringContent(key ?? $"key-of-{say}"), "key" }, { new ByteArrayContent(photo), "files", "a.jpg" } };
            if (other is not null) form.Add(new ByteArrayContent(other), "files", "b.jpg");
            var sent = await Street.Anyone.Ask(HttpMethod.Post, at ?? page, form, shape: request => request.Headers.Add("Accept", "text/html"));
            return FormPage.Plain(sent.Status == HttpStatusCode.Redirect ? (await Street.Anyone.Read(sent.Headers.Location!.ToString())).Text : sent.Text);
        }
    }

    [Fact]
    public async Task The_lead_waits_no_longer_with_a_reason_and_the_breach_stays()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "summon", new { party = "water" });
        await Passes(TimeSpan.FromHours(1) + Moment);
        await IsRefused("grid001", call.CallNo, "release", 422, Codes.ReasonMissing, new { answer = Water });
        await Do("grid001", call.CallNo, "release", new { answer = Water, note = "自行修好" });
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
        var party = (await Track(call)).Steps.Single(s => s.Key == Water);
        Assert.Equal((false, true, true), (party.Met, party.Breached, party.Released));
        Assert.Equal("released answer:party-water party:water", (await Told(call.CallNo))[^2]);
    }

    [Fact]
    public async Task A_party_that_is_released_reads_no_words_and_a_merged_case_is_behind_no_link()
    {
        var (call, other) = (await Street.Blow(), await Street.Blow());
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        var link = await Link("community01", call.CallNo, Water);
        Assert.Contains("试", (await Street.Anyone.Read(link[4..])).Text, StringComparison.Ordinal);
        await Do("community01", call.CallNo, "release", new { answer = Water, note = "自行修好" });
        var view = (await Street.Anyone.Read(link)).Value<PartyView>();
        Assert.Equal((string.Empty, true), (view.Description, view.Released));
        Assert.DoesNotContain("试", (await Street.Anyone.Read(link[4..])).Text, StringComparison.Ordinal);

        await Do("community01", call.CallNo, "merge", new { into = other.CallNo });
        (await Street.Anyone.Read(link)).Problem(404, Codes.LinkUnknown);
        (await Street.Anyone.Send(link + "/attend", new { note = "已到" })).Problem(404, Codes.LinkUnknown);
        await Do("community01", call.CallNo, "unmerge", new { });
        Assert.True((await Street.Anyone.Read(link)).Value<PartyView>().Released);
    }

    [Fact]
    public async Task A_link_shows_the_matter_and_no_caller_and_every_look_is_written_down()
    {
        var call = (await Street.Anyone.Send("/api/whistles", new
        {
            grid = "001", category = "02", description = "路面塌陷", contact = new { name = "张三丰", phone = "13812345678" },
        })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        var link = await Link("community01", call.CallNo, Water);
        var view = await Street.Anyone.Read(link);
        Assert.Equal(("路面塌陷", "供水公司", false), (view.Value<PartyView>().Description, view.Value<PartyView>().PartyName, view.Value<PartyView>().Met));
        foreach (var secret in (string[])["张", "138", call.TrackingCode]) Assert.DoesNotContain(secret, view.Text, StringComparison.Ordinal);
        await Street.Anyone.Read(link);
        Assert.Equal(["party", "party"], await Looks(call.CallNo));
        Assert.Equal(["whistled", "summoned answer:party-water party:water"], await Told(call.CallNo)); // to look is no change
    }

    [Fact]
    public async Task A_link_answers_once_and_a_second_time_is_no_fault()
    {
        var call = await Street.Blow();
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        var link = await Link("community01", call.CallNo, Water);
        var first = (await Street.Anyone.Send(link + "/attend", new { note = "已到" })).Value<PartyView>();
        var before = Street.Fingerprint();
        var again = (await Street.Anyone.Send(link + "/attend", new { note = "又到" })).Value<PartyView>();
        Assert.Equal((true, first), (again.Met, again));
        Assert.Equal(before, Street.Fingerprint());
        Assert.Single(await Told(call.CallNo), line => line.StartsWith("attended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_ends_after_its_time_when_a_newer_one_is_made_and_with_the_case()
    {
        var call = await Street.Blow(category: "08");
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        var old = await Link("community01", call.CallNo, Water);
        var link = await Link("community01", call.CallNo, Water);
        (await Street.Anyone.Read(old)).Problem(404, Codes.LinkUnknown);
        (await Street.Anyone.Send(old + "/attend", new { })).Problem(404, Codes.LinkUnknown);
        await Passes(PartyCommands.Life - Moment);
        (await Street.Anyone.Read(link)).Value<PartyView>();
        await Passes(Moment);
        (await Street.Anyone.Send(link + "/attend", new { })).Problem(404, Codes.LinkUnknown);
        link = await Link("community01", call.CallNo, Water);
        await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw");
        (await Street.Anyone.Read(link)).Problem(404, Codes.LinkUnknown);
        Assert.Equal(CallStates.Withdrawn, (await Track(call)).State);
        Assert.DoesNotContain(await Told(call.CallNo), line => line.StartsWith("attended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silent_party_is_told_to_the_street()
    {
        await using var duty = await Screen.FilledAsync(Street, "duty");
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "summon", new { party = "power" });
        await Passes(TimeSpan.FromHours(1)); // as the level's 到场: exactly at the due is on time
        Assert.False((await Answer(call.CallNo, "party-power")).Breached);
        await Passes(Moment);
        await duty.Until(s => s.Cases.TryGetValue(call.CallNo, out var c) && c.Rung == "street");
        Assert.True((await Track(call)).Steps.Single(s => s.Key == "party-power").Breached);
        Assert.Equal("lapsed party-power climbed:street", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task A_desk_writes_down_what_a_party_said_and_one_party_never_silences_another()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        foreach (var party in (string[])["water", "gas"]) await Do("grid001", call.CallNo, "summon", new { party });
        await IsRefused("grid001", call.CallNo, "attend", 403, Codes.NotEntitled, new { answer = Water });
        await Do("community01", call.CallNo, "attend", new { answer = Water, note = "电话答复" });
        await IsRefused("grid001", call.CallNo, "resolve", 409, Codes.AnswersOwed, new { report = "好" });
        Assert.Equal([true, false], (await Track(call)).Steps.Where(s => s.Kind == "attend").Select(s => s.Met));
        Assert.Equal("attended answer:party-water party:water", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task The_links_of_two_parties_open_only_their_own_answers()
    {
        var call = await Street.Blow();
        foreach (var party in (string[])["water", "gas"]) await Do("community01", call.CallNo, "summon", new { party });
        var gas = await Link("community01", call.CallNo, "party-gas");
        (await Street.Anyone.Send(gas + "/attend", new { })).Value<PartyView>();
        Assert.Equal([false, true], (await Track(call)).Steps.Where(s => s.Kind == "attend").Select(s => s.Met));
        (await (await Street.As("grid008")).Send($"/api/calls/{call.CallNo}/link", new { answer = Water })).Problem(404, Codes.CallNotFound);
        (await (await Street.As("community01")).Send($"/api/calls/{call.CallNo}/link", new { answer = "resolve" })).Problem(404, Codes.NoSuchAnswer);
        (await Street.Anyone.Read("/api/d/" + Convert.ToBase64String(Encoding.ASCII.GetBytes("0123456789abcdef")).TrimEnd('='))).Problem(404, Codes.LinkUnknown);
        Assert.Equal("attended answer:party-gas party:gas", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task A_party_says_by_its_link_that_it_is_there_and_later_that_its_part_is_done()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        foreach (var party in (string[])["water", "gas"]) await Do("grid001", call.CallNo, "summon", new { party });
        var (water, gas) = (await Link("grid001", call.CallNo, Water), await Link("grid001", call.CallNo, "party-gas"));
        Assert.Null((await Street.Anyone.Send(water + "/attend", new { })).Value<PartyView>().Done);
        Assert.True((await Street.Anyone.Send(water + "/finish", new { note = "阀门已换" })).Value<PartyView>().Done);
        var done = (await Street.Anyone.Send(gas + "/finish", new { })).Value<PartyView>(); // who says only that has been there, too
        Assert.Equal((true, true), (done.Met, done.Done));
        Assert.Equal(["attended answer:party-water party:water", "finished answer:party-water party:water", "finished answer:party-gas party:gas"], (await Told(call.CallNo))[^3..]);
        var before = Street.Fingerprint();
        (await Street.Anyone.Send(water + "/finish", new { note = "又点" })).Value<PartyView>();
        Assert.Equal(before, Street.Fingerprint());
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
        Assert.Contains((await Track(call)).Told, line => line.Text == "供水公司说它那部分已办完。");
    }

    [Fact]
    public async Task A_party_that_says_not_ours_gives_a_reason_is_heard_at_the_desk_and_owes_its_answer_until_a_desk_decides()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "summon", new { party = "water" });
        var link = await Link("grid001", call.CallNo, Water);
        (await Street.Anyone.Send(link + "/disclaim", new { note = " " })).Problem(422, Codes.ReasonMissing);
        Assert.True((await Street.Anyone.Send(link + "/disclaim", new { note = "是污水管，归住建" })).Value<PartyView>().Disclaimed);
        Assert.True((await Answer(call.CallNo, Water)).Disclaimed);
        Assert.Contains((await (await Street.As("duty")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Texts, text => (text.Kind, text.Words) == ("disclaimNote", "是污水管，归住建"));
        await IsRefused("grid001", call.CallNo, "resolve", 409, Codes.AnswersOwed, new { report = "好" });
        Assert.DoesNotContain((await Track(call)).Told, line => line.Code.Contains("disclaimed", StringComparison.Ordinal)); // whose it is, is between the street and the party
        await Do("grid001", call.CallNo, "release", new { answer = Water, note = "改请住建" });
        (await Street.Anyone.Send(link + "/disclaim", new { note = "再说" })).Value<PartyView>(); // a second time is no fault
        await Do("grid001", call.CallNo, "summon", new { party = "gas" });
        var gas = await Link("grid001", call.CallNo, "party-gas");
        await Street.Anyone.Send(gas + "/disclaim", new { note = "不是燃气" });
        await Street.Anyone.Send(gas + "/attend", new { });
        Assert.Equal((true, null), (await Answer(call.CallNo, "party-gas")) is var came ? (came.Met, came.Disclaimed) : default);
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
        (await Street.Anyone.Send(gas + "/disclaim", new { note = "迟了" })).Problem(409, Codes.OutOfTurn);
    }

    [Fact]
    public async Task A_desk_writes_down_when_a_party_said_so_and_not_in_the_future_or_before_the_whistle()
    {
        var call = await Street.Blow();
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        await Passes(TimeSpan.FromMinutes(30));
        var said = Street.Now.AddMinutes(-20);
        foreach (var never in (DateTimeOffset[])[Street.Now.AddMinutes(1), Street.Now.AddHours(-1)])
            await IsRefused("community01", call.CallNo, "attend", 422, "out_of_bounds", new { answer = Water, note = "王主任：已派人", saidAt = never });
        await Do("community01", call.CallNo, "attend", new { answer = Water, note = "王主任：已派人", saidAt = said });
        Assert.Equal($"attended answer:party-water party:water said:{said.ToUnixTimeMilliseconds()}", (await Told(call.CallNo))[^1]);
        Assert.Equal(Street.Now, (await Answer(call.CallNo, Water)).MetAt); // a clock counts what the server received
    }
}
