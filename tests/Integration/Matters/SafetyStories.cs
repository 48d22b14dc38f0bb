using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Stories;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>平安确认: who is silent at the scene of an S1, or alone at night, is asked once whether they are safe; no answer climbs; nobody else learns where they are.</summary>
public sealed class SafetyStories(ReachStreet shared) : GatewayStory(shared)
{
    private const string Grave = "01", Small = "08";

    [Fact]
    public async Task Nobody_is_asked_unless_the_street_wants_it()
    {
        await Plan(new { on = false, minutes = 20 });
        var no = await OnSceneAsync("grid001", Grave);
        await LookAfter(TimeSpan.FromMinutes(60));
        Assert.Null(await AskedOf("grid001"));
        await Street.Do("grid001", no, "resolve", new { report = "好了" });
    }

    [Fact]
    public async Task Silent_at_an_S1_one_is_asked_once_and_an_answer_by_key_is_a_sign_of_life()
    {
        await Rules(new { on = "calledOut", to = "lead", by = "voice" });
        await Gateway("voice", "voice");
        await Phone("grid001", "13900000001");
        await Plan(new { on = true, minutes = 20 });
        var no = await OnSceneAsync("grid001", Grave);
        await LookAfter(TimeSpan.FromMinutes(15));
        Assert.Null(await AskedOf("grid001"));
        await Street.Do("grid001", no, "note", new { note = "阀门已关" }); // a sign of life
        await LookAfter(TimeSpan.FromMinutes(19));
        Assert.Null(await AskedOf("grid001"));
        await LookAfter(TimeSpan.FromMinutes(1));
        var asked = (await AskedOf("grid001"))!;
        Assert.Equal((true, "您在现场已有 20 分钟没有动静：您平安吗？请应答。"), (asked.Rings, asked.Text));
        await LookAfter(TimeSpan.FromMinutes(1));
        await Send();
        Assert.Contains("平安确认", Assert.Single(Receiver.Of("voice")).Text, StringComparison.Ordinal);
        Assert.Equal("ok", (await Pressed("13900000001", "1")).Code);
        Assert.Null(await AskedOf("grid001"));
        await LookAfter(TimeSpan.FromMinutes(19));
        Assert.Null(await AskedOf("grid001"));
        await LookAfter(TimeSpan.FromMinutes(2));
        Assert.NotNull(await AskedOf("grid001"));

        // Done at the scene: the question has no object any more.
        await Street.Do("grid001", no, "resolve", new { report = "好了" });
        await LookAfter(TimeSpan.FromMinutes(1));
        Assert.Null(await AskedOf("grid001"));
    }

    [Fact]
    public async Task No_answer_rings_at_the_communitys_desk_and_then_at_the_streets_and_no_colleague_learns_of_it()
    {
        await Plan(new { on = true, minutes = 20 });
        var no = await OnSceneAsync("grid002", Grave, "002");
        await LookAfter(TimeSpan.FromMinutes(20));
        var asked = (await AskedOf("grid002"))!.Matter.CallNo;
        Assert.DoesNotContain((await It.Inbox("community01")).Owed, o => o.Matter.CallNo == asked);
        Street.FastForward(TimeSpan.FromMinutes(2) + Moment);
        await Street.Sweep();
        Assert.True(Assert.Single((await It.Inbox("community01")).Owed, o => o.Matter.CallNo == asked).Alarms);
        Street.FastForward(TimeSpan.FromMinutes(2));
        await Street.Sweep();
        Assert.True(Assert.Single((await It.Inbox("duty")).Owed, o => o.Matter.CallNo == asked).Alarms);
        Assert.Equal((await AskedOf("grid002"))!.Matter.CallNo, asked); // and it still rings for whoever is silent
        foreach (var colleague in (string[])["grid001", "police01", "property01"]) Assert.Equal(404, (int)(await It.Read(colleague, asked)).Status);
        Assert.DoesNotContain(no, JsonSerializer.Serialize(await It.Detail("community01", asked)), StringComparison.Ordinal); // nor of which case
        await Street.Do("grid002", no, "resolve", new { report = "好了" });
        await LookAfter(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task At_night_whoever_is_alone_on_duty_is_asked_at_any_scene_and_by_day_nobody_is()
    {
        await Plan(new { on = true, minutes = 20, nightFrom = "22:00", nightUntil = "06:00" });
        Street.FastForward(At(12));
        var no = await OnSceneAsync("grid004", Small, "004");
        await LookAfter(TimeSpan.FromMinutes(30));
        Assert.Null(await AskedOf("grid004"));
        Street.FastForward(At(23));
        await LookAfter(TimeSpan.FromMinutes(1));
        Assert.Null(await AskedOf("grid004")); // the others of the team are on duty
        await Street.SignOff("grid005", "grid006", "grid007", "property02", "police02");
        await LookAfter(TimeSpan.FromMinutes(1));
        Assert.NotNull(await AskedOf("grid004"));
        await It.Say("grid004", (await AskedOf("grid004"))!.Matter.CallNo, "heard", "done");
        await BackOnDuty("grid005", "grid006", "grid007", "property02", "police02");
        await Street.Do("grid004", no, "resolve", new { report = "好了" });
    }

    [Theory]
    [InlineData(4, null, null)]
    [InlineData(121, null, null)]
    [InlineData(20, "22:00", null)]
    [InlineData(20, "22:00", "22:00")]
    [InlineData(20, "ten", "06:00")]
    public async Task A_plan_out_of_bounds_is_refused(int minutes, string? nightFrom, string? nightUntil) => (await Put(new { on = true, minutes, nightFrom, nightUntil })).Problem(422, "safety_bounds");

    private MatterScene It => new(Street);

    private async Task<string> OnSceneAsync(string who, string category, string grid = "001")
    {
        var no = (await Street.Blow(grid, category)).CallNo;
        await Street.Do(who, no, "accept");
        await Street.Do(who, no, "arrive");
        return no;
    }

    private async Task LookAfter(TimeSpan span)
    {
        Street.FastForward(span);
        await Street.Service<Safety>().LookAsync(CancellationToken.None);
    }

    private async Task<OwedItem?> AskedOf(string who) => (await It.Inbox(who)).Owed.SingleOrDefault(o => o.Matter.Procedure == Safety.Procedure);

    private async Task Plan(object plan) => (await Put(plan)).Value<SafetyPlan>();

    private async Task<Answer> Put(object plan) => await (await Street.As("leader")).Ask(HttpMethod.Put, "/api/callouts/safety", new StringContent(JsonSerializer.Serialize(plan), Encoding.UTF8, "application/json"));

    /// <summary>How long it is until this hour.</summary>
    private TimeSpan At(int hour)
    {
        var left = TimeSpan.FromHours(hour) - Street.Now.ToOffset(TimeSpan.FromHours(8)).TimeOfDay;
        return left > TimeSpan.Zero ? left : left + TimeSpan.FromDays(1);
    }
}
