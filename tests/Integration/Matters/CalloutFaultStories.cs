using System.Collections.Immutable;
using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>叫应 while officers, posts and procedures change under it: it is sent whole, ends once, and the list stays true.</summary>
public sealed class CalloutFaultStories(ReachStreet shared) : GatewayStory(shared)
{
    private const string Storm = "暴雨红色预警：立即巡查低洼地带。";

    [Fact]
    public async Task The_leader_s_is_sent_whole_and_ends_once_everybody_has_answered()
    {
        var no = (await Call("leader", new { text = Storm, drill = true, choose = new { grids = new[] { "001" }, kinds = new[] { "gridWorker" } } })).CallNo;
        var view = await View("leader", no);
        Assert.False(view.Sending);
        await new MatterScene(Street).Say("grid001", Assert.Single(view.Parts).CallNo, "heard", "done");
        Assert.NotNull((await View("leader", no)).EndedAt);
    }

    [Fact]
    public async Task Whoever_may_end_it_is_told_so_and_nobody_else_is_offered_it()
    {
        var (duty, leader) = ((await Call("duty", Some("002"))).CallNo, (await Call("leader", Some("003"))).CallNo);
        Assert.Equal((true, true, false, true), ((await View("duty", duty)).MayEnd, (await View("duty2", leader)).MayEnd, (await View("leader", duty)).MayEnd, (await View("leader", leader)).MayEnd));
        (await End("leader", duty)).Problem(403, Codes.NotEntitled);
        Assert.Equal(HttpStatusCode.NoContent, (await End("duty2", leader)).Status);
        Assert.False((await View("leader", leader)).MayEnd);
    }

    [Fact]
    public async Task Ended_while_it_is_being_sent_no_part_of_it_goes_on()
    {
        var commands = Street.Service<CalloutCommands>();
        for (var turn = 0; turn < 12; turn++)
        {
            var no = await Interrupted(["grid001", "community05", "community06", "community07", "community08", "duty2"]);
            await Task.WhenAll(commands.CompleteAsync(CancellationToken.None), Task.Run(async () => Assert.Equal(HttpStatusCode.NoContent, (await End("duty", no)).Status)));
            await commands.CompleteAsync(CancellationToken.None);
            Assert.NotNull((await View("duty", no)).EndedAt);
            await using var db = Street.Service<Database>().Context();
            var open = await db.Matters.Where(m => m.IsOpen && m.Procedure == Callouts.Part).Select(m => m.Body).ToListAsync();
            Assert.DoesNotContain(open.Select(ProceedingJson.Read), p => p.Parent?.Value == no);
        }
    }

    [Fact]
    public async Task Two_officers_who_end_it_at_once_while_people_answer_end_it_once_and_no_answer_is_lost()
    {
        for (var turn = 0; turn < 5; turn++)
        {
            var no = (await Call("duty", new { text = Storm, drill = true, choose = new { teams = new[] { "01" } } })).CallNo;
            var part = Assert.Single((await View("duty", no)).Parts).CallNo;
            var it = new MatterScene(Street);
            string[] people = ["grid001", "grid002", "police01", "property01"];
            var answers = Task.WhenAll(people.Select(async who => (Who: await Street.PostOf(who), Taken: (await it.Try(who, part, "answer", new { owed = "heard", says = "done" })).Status == HttpStatusCode.OK)));
            var ends = await Task.WhenAll(End("duty", no), End("duty2", no));
            Assert.All(ends, end => Assert.Equal(HttpStatusCode.NoContent, end.Status));
            var taken = (await answers).Where(a => a.Taken).Select(a => a.Who.Value).Order().ToList();
            Assert.Equal(taken, (await View("duty", no)).Posts.Where(p => p.State == "answered").Select(p => p.Post).Order());
            Assert.NotNull((await View("duty", no)).EndedAt);
        }

        await new MatterScene(Street).EverythingFolds();
    }

    [Fact]
    public async Task A_person_with_posts_in_two_communities_is_called_once_and_answers_under_either()
    {
        await Rules(new { on = "calledOut", to = "lead", by = "sms" });
        await Gateway("sms", "sms");
        await Phone("grid010", "13900000030");
        var own = (await Street.PostOf("grid010")).Value;
        Assert.True((await Street.Service<AccountCommands>().AddPostAsync(await Admin(), "grid010", "grid:060", CancellationToken.None)).Ok);
        var other = (await (await Street.As("grid010")).Read("/api/me")).Value<Me>().Posts!.Select(p => p.Post).Single(p => p != own);
        (await (await Street.As("grid010")).Send($"/api/duty/take?post={other}", new { })).Value<RosterShift>();
        var no = (await Call("duty", new { text = Storm, drill = true, choose = new { kinds = new[] { "gridWorker" } } })).CallNo;
        for (var turn = 0; turn < 4; turn++) await Send();
        Assert.Single(Receiver.Of("sms"), r => r.Phone == "13900000030");
        var listed = Assert.Single((await View("duty", no)).Posts, p => p.Post == own || p.Post == other);
        var part = (await View("duty", no)).Parts.Single(p => p.Community == listed.Community).CallNo;
        var under = listed.Post == own ? other : own;
        var answer = await (await Street.As("grid010")).Send($"/api/matters/{part}/answer?post={under}", new { owed = "heard", says = "done" });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("answered", Assert.Single((await View("duty", no)).Posts, p => p.Post == own || p.Post == other).State);
        Assert.Equal("ok", (await Replied("13900000030", $"1 {CodeIn(Receiver.Of("sms").Single(r => r.Phone == "13900000030").Text)}")).Code);
        await End("duty", no);
    }

    [Fact]
    public async Task Who_leaves_withdraws_or_loses_the_post_in_the_middle_stays_in_the_list_as_silent()
    {
        var no = (await Call("duty", new { text = Storm, drill = true, choose = new { teams = new[] { "05" } } })).CallNo;
        var view = await View("duty", no);
        var part = Assert.Single(view.Parts);
        var people = view.Posts.Select(p => p.Post).ToHashSet();
        var names = await NamesOf(people);
        var it = new MatterScene(Street);
        Assert.Equal(HttpStatusCode.OK, (await it.Try(names[0], part.CallNo, "recuse")).Status);
        await Street.SignOff(names[1]);
        var community = "community" + part.Community;
        var lost = (await Street.PostOf(names[2])).Value;
        (await (await Street.As(community)).Send("/api/roster/retire", new { post = lost })).Value<RosterTaken>();
        foreach (var name in names.Skip(3)) await it.Say(name, part.CallNo, "heard", "done");
        view = await View("duty", no);
        Assert.Equal(people.Order(), view.Posts.Select(p => p.Post).Order());
        Assert.Equal(3, view.Posts.Count(p => p.State == "waiting"));
        Assert.Equal((people.Count, people.Count - 3), (view.Figures.Asked, view.Figures.Answered));
        Street.FastForward(TimeSpan.FromHours(3));
        await Street.Sweep();
        view = await View("duty", no);
        Assert.NotNull(view.EndedAt);
        Assert.Equal(3, view.Posts.Count(p => p.State == "silent"));
        Assert.Equal(HttpStatusCode.OK, (await (await Street.As("duty")).Read($"/api/callouts/{no}/report.csv")).Status);
    }

    [Fact]
    public async Task Versions_of_its_procedures_that_make_no_sense_are_refused_with_a_reason_and_fail_nothing()
    {
        var it = new MatterScene(Street);
        var (whole, part) = (Shipped(Callouts.Whole), Shipped(Callouts.Part));
        string Nonsense(string code) => $$$"""
            {"code":"{{{code}}}","name":"别的","nameEn":"Other","about":"别的","aboutEn":"Other","place":"{{{(code == Callouts.Whole ? "street" : "community")}}}","visibility":"staff","starters":["streetDesk","leader"],
            "stages":[{"key":"other","name":"别的","nameEn":"Other","asks":[{"key":"other","name":"别的","nameEn":"Other","roles":["streetDesk"]}],"next":{"done":{"to":"end","name":"好","nameEn":"OK"} } }] }
            """;
        var before = (await Call("duty", Some("004"))).CallNo;
        try
        {
            foreach (var (one, two) in new[] { (Nonsense(Callouts.Whole), part), (whole, Nonsense(Callouts.Part)), (Nonsense(Callouts.Whole), Nonsense(Callouts.Part)) })
            {
                await it.Add(one);
                await it.Add(two);
                foreach (var body in new object[] { new { }, Some("005"), new { text = Storm } })
                    Assert.InRange((int)(await (await Street.As("duty")).Send("/api/callouts", body)).Status, 200, 499);
                await Street.Service<Drills>().LookAsync(CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, (await (await Street.As("duty")).Read("/api/callouts")).Status);
                Assert.Equal(HttpStatusCode.OK, (await (await Street.As("duty")).Read($"/api/callouts/{before}")).Status);
                foreach (var line in (await (await Street.As("duty")).Read("/api/callouts")).Value<CalloutList>().Callouts)
                {
                    Assert.Equal(HttpStatusCode.OK, (await (await Street.As("duty")).Read($"/api/callouts/{line.CallNo}")).Status);
                    Assert.InRange((int)(await End("duty", line.CallNo)).Status, 200, 499);
                }
            }
        }
        finally
        {
            await it.Add(whole);
            await it.Add(part);
        }
    }

    private async Task<Staff> Admin()
    {
        await using var db = Street.Service<Database>().Context();
        return new Staff((await db.Users.SingleAsync(u => u.UserName == "admin")).Id, "admin", Hub.Kernel.Rights.Role.Admin, null);
    }

    private static string Shipped(string code) => ProcedureBook.Shipped().Single(json => json.Contains($"\"code\": \"{code}\",", StringComparison.Ordinal));

    private static object Some(string grid) => new { text = Storm, drill = true, choose = new { grids = new[] { grid } } };

    /// <summary>One that was begun, and of which nothing was sent yet.</summary>
    private async Task<string> Interrupted(string[] called)
    {
        var posts = new List<PostId>();
        foreach (var name in called) posts.Add(await Street.PostOf(name));
        var begin = new DeskRequest.Begin(Callouts.Whole, Street.Service<Roster>().FindPost((await Street.PostOf("duty")).Value)!, null, null, Origin.Staff, $$$"""{"form":"warning","values":{"text":"{{{Storm}}}"}}""", Caller.Unknown)
        {
            Drill = true, Chosen = new Dictionary<string, ImmutableArray<PostId>> { [Callouts.Called] = [.. posts], [Callouts.Absent] = [] }.ToImmutableDictionary(),
        };
        return ((DeskReply.Done)await Street.Service<DispatchDesk>().Submit(begin, null)).Matter.No.Value;
    }

    private async Task<List<string>> NamesOf(HashSet<string> posts)
    {
        await using var db = Street.Service<Database>().Context();
        return await db.Users.Where(u => u.Post != null && posts.Contains(u.Post)).OrderBy(u => u.UserName).Select(u => u.UserName!).ToListAsync();
    }

    private async Task<CalloutReceipt> Call(string userName, object body) => (await (await Street.As(userName)).Send("/api/callouts", body)).Value<CalloutReceipt>(HttpStatusCode.Created);

    private async Task<Answer> End(string userName, string no) => await (await Street.As(userName)).Send($"/api/callouts/{no}/end", new { note = "演练结束" });

    private async Task<CalloutView> View(string userName, string no) => (await (await Street.As(userName)).Read($"/api/callouts/{no}")).Value<CalloutView>();
}
