using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>站外消息 about matters: who begins to be asked hears, and the desk hears where nobody could be asked. A message names a number and a procedure.</summary>
public sealed class MatterReachStories(ReachStreet shared) : ReachStory(shared)
{
    private MatterScene It => new(Street);

    [Fact]
    public async Task Where_nobody_can_be_asked_the_communitys_room_hears_at_once()
    {
        await Channel("room", "weCom", "community:01");
        await Rules(new { on = "matterClimbed", to = "community", by = "robot" });
        await It.Add(Documents.Nobody);
        var no = (await It.Open("grid001", new { procedure = "nobody", grid = "001" })).CallNo;
        Assert.Equal(["matterClimbed room community:01 waiting"], await Outbox(no));
        await Send();
        var said = Assert.Single(Receiver.Of("room")).Text;
        Assert.All(new[] { no, "无人" }, part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_asked_hears_and_nobody_hears_any_more_once_it_is_answered_and_the_person_is_told_the_end()
    {
        await Channel("sms", "sms");
        await Phone("grid001", "13900000001");
        await Phone("police01", "13900000002");
        await Rules(
            new { on = "matterAsked", to = "lead", by = "sms", after = 600 }, new { on = "matterAsked", to = "caller", by = "sms" }, new { on = "matterEnded", to = "caller", by = "sms" });
        var opened = await It.Open(body: MatterScene.Errand(what: "王小二要办证", whose: "王母", name: "王小二", phone: "13900001111"));
        var no = opened.CallNo;
        Assert.Equal(["matterAsked sms team:01 waiting"], await Outbox(no));
        await It.Say("grid001", no, "take", "notNeeded");
        Assert.Equal("matterAsked sms team:01 cancelled", (await Outbox(no))[0]);
        await SendAfter(TimeSpan.FromMinutes(20));
        var said = Assert.Single(Receiver.Of("sms"));
        Assert.Equal("13900001111", said.Phone);
        Assert.Contains($"/f/{opened.TrackingCode}", said.Text, StringComparison.Ordinal);
        foreach (var secret in (string[])["王小二", "王母", "办证"]) Assert.DoesNotContain(secret, said.Text + string.Concat(await Outbox(no)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_a_matter_erased_hears_nothing_more_of_it_and_who_opens_it_reads_why_it_is_empty()
    {
        await Channel("sms", "sms");
        await Rules(new { on = "matterEnded", to = "caller", by = "sms" });
        var opened = await It.Open(body: MatterScene.Errand(what: "王小二要办证", whose: "王母", name: "王小二", phone: "13900001111"));
        var no = opened.CallNo;
        var waiting = (await (await Street.As("leader")).Send("/api/persons/erase", new { callNo = no, reason = "requested" })).Value<ErasedView>();
        Assert.Equal((0, no), (waiting.Erased.Count, Assert.Single(waiting.Waiting)));
        Assert.Null((await It.Detail("community01", no)).Erasure); // whoever works on it needs it still, and is not told
        await It.Say("grid001", no, "take", "notNeeded");
        Assert.Equal(["matterEnded sms caller waiting"], await Outbox(no));
        await Street.CleanUp();
        Assert.Empty(await Outbox(no));
        await SendAfter(TimeSpan.FromMinutes(20));
        Assert.Empty(Receiver.Of("sms"));
        var detail = await It.Detail("community01", no);
        Assert.Equal((null, Street.Now - TimeSpan.FromMinutes(20)), (detail.Contact, detail.Erasure!.DoneAt));
        Assert.DoesNotContain(detail.Timeline, line => line.Values?.Any(v => v.Value is not null) is true);
        foreach (var path in (string[])[$"/api/follow/{opened.TrackingCode}", $"/f/{opened.TrackingCode}"])
        {
            var page = await Street.Anyone.GetStringAsync(new Uri(path, UriKind.Relative));
            foreach (var mark in (string[])["王小二", "王母", "要办证"]) Assert.DoesNotContain(mark, page, StringComparison.Ordinal);
        }

        await using var db = Street.Service<Database>().Context();
        Assert.Equal((0, 0), (await db.Words.CountAsync(w => w.CallNo == no), await db.Callers.CountAsync(c => c.CallNo == no)));
    }

    /// <summary>A procedure asks a party, which is whoever holds its role around the matter: it hears by itself, and answers by the link that it was sent.</summary>
    [Fact]
    public async Task A_party_that_is_asked_hears_by_itself_and_answers_by_its_link()
    {
        await Channel("sms", "sms");
        await Channel("room", "weCom", "party:mediation");
        await Rules(new { on = "matterAsked", to = "party", by = "sms" }, new { on = "matterAsked", to = "party", by = "robot" });
        Assert.Empty((await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes("code,kind,name,name_en,place,phone\nroom-9,mediation,R,R,community:01,13905550177\n")), anyway: false, CancellationToken.None)).Refused);
        await It.Add(Documents.Secret.Replace("\"sealed\", \"starters\"", "\"staff\", \"starters\"", StringComparison.Ordinal).Replace("\"code\": \"secret\"", "\"code\": \"settle\"", StringComparison.Ordinal).Replace("\"privacy\": \"sealed\"", "\"privacy\": \"staff\"", StringComparison.Ordinal)
            .Replace("\"roles\": [\"chosen\"], \"form\": \"words\"", "\"roles\": [\"party:mediation\"]", StringComparison.Ordinal));
        foreach (var (community, number) in ((string, string?)[])[("01", "13905550177"), ("02", null)])
        {
            Receiver.Forget();
            var no = (await It.Open("community" + community, new { procedure = "settle", community })).CallNo;
            await Send();
            Assert.Equal(number, Receiver.Of("sms").SingleOrDefault()?.Phone);
            Assert.Equal([$"matterAsked room party:mediation sent", number is null ? "matterAsked sms party:mediation skipped no_number" : "matterAsked sms party:mediation sent"], (await Outbox(no)).Order(StringComparer.Ordinal));
            var said = Receiver.Of("room")[^1].Text;
            var link = said.Substring(said.IndexOf("/f/", StringComparison.Ordinal), "/f/".Length + 22);
            if (number is not null) Assert.Contains(link, Receiver.Of("sms")[^1].Text, StringComparison.Ordinal); // one link, however it is told
            (await Street.Anyone.Send($"/api/follow{link[2..]}/answer", new { owed = "look", says = "seen" })).Value<FollowedMatter>();
            Assert.Equal("sum", (await It.Detail("community" + community, no)).Matter.Stage);
        }
    }

    [Fact]
    public async Task Of_a_sealed_matter_nobody_hears_but_who_is_asked_and_no_room_does()
    {
        await Channel("room", "weCom", "team:01");
        await Channel("sms", "sms");
        foreach (var (who, number) in new[] { ("grid001", "13900000001"), ("grid002", "13900000002"), ("police01", "13900000003") }) await Phone(who, number);
        await Rules(new { on = "matterAsked", to = "lead", by = "robot" }, new { on = "matterAsked", to = "lead", by = "sms" });
        await It.Add(Documents.Secret.Replace("\"roles\": [\"chosen\"]", "\"roles\": [\"gridWorker\"], \"at\": \"grid\"", StringComparison.Ordinal).Replace("\"place\": \"community\"", "\"place\": \"grid\"", StringComparison.Ordinal));
        var no = (await It.Open(body: new { procedure = "secret", grid = "001" })).CallNo;
        await Send();
        Assert.Empty(Receiver.Of("room"));
        Assert.Equal(["13900000001"], Receiver.Of("sms").Select(r => r.Phone)); // the grid's worker, and not the team around them
        Assert.DoesNotContain(await Outbox(no), line => line.Contains("room", StringComparison.Ordinal));
    }
}
