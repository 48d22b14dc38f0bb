using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Answers that are not to be given: a stable code each, by HTTP and by hub, and nothing has changed.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class RefusedAnswerTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task Out_of_turn_is_refused_at_every_step()
    {
        var no = (await _street.Blow("001")).CallNo;
        await Refused("grid001", no, HubNames.Arrive, 409, Codes.OutOfTurn);
        await Refused("grid001", no, HubNames.Resolve, 409, Codes.OutOfTurn, "好");
        await Refused("grid001", no, HubNames.Return, 409, Codes.OutOfTurn, "unsafe", "");
        await Refused("grid001", no, HubNames.Verify, 409, Codes.OutOfTurn, true, "");
        await _street.Do("grid001", no, "accept");
        await Refused("grid001", no, HubNames.Resolve, 409, Codes.OutOfTurn, "好");
        await _street.Do("grid001", no, "arrive");
        await _street.Do("grid001", no, "resolve", new { });
        await Refused("police01", no, HubNames.Arrive, 409, Codes.OutOfTurn);
        await Refused("grid001", no, HubNames.Return, 409, Codes.OutOfTurn, "unsafe", "");
    }

    [Fact]
    public async Task Another_team_is_refused_at_every_step()
    {
        var no = (await _street.Blow("004")).CallNo;
        await Refused("grid029", no, HubNames.Accept, 404, Codes.CallNotFound);
        await Refused("grid029", no, HubNames.Arrive, 404, Codes.CallNotFound);
        await Refused("community05", no, HubNames.Accept, 404, Codes.CallNotFound);
        await Refused("duty", no, HubNames.Accept, 403, Codes.WrongTeam); // S2 at the team's rung does not ring the street
        await RefusedNote("grid029", no, 404, Codes.CallNotFound);
        await _street.Do("grid004", no, "accept");
        await Refused("grid029", no, HubNames.Accept, 404, Codes.CallNotFound);
        await Refused("grid029", no, HubNames.Arrive, 404, Codes.CallNotFound);
        await Refused("grid001", no, HubNames.Arrive, 404, Codes.CallNotFound);
        await Refused("grid029", no, HubNames.Return, 404, Codes.CallNotFound, "unsafe", "");
        (await (await _street.As("grid029")).Read($"/api/calls/{no}")).Problem(404, Codes.CallNotFound);
    }

    [Fact]
    public async Task To_a_recused_post_the_case_looks_like_one_that_is_not_there()
    {
        var hidden = (await _street.Blow("008", hide: true)).CallNo;
        const string Unknown = "W260311-99999";
        foreach (var step in (string[])["ringing", "accepted", "onScene", "resolved"])
        {
            if (step == "accepted") await _street.Do("grid008", hidden, "accept");
            if (step == "onScene") await _street.Do("grid008", hidden, "arrive");
            if (step == "resolved") await _street.Do("grid008", hidden, "resolve", new { });
            foreach (var (command, body) in ((string, object?)[])[
                ("accept", null), ("arrive", null), ("resolve", new { report = "好" }), ("return", new { reason = "unsafe" }), ("acknowledge", new { answer = "property" }),
                ("note", new { note = "好" }), ("contact", new { note = "联系" })])
                Assert.Equal(await Told(Unknown, command, body), await Told(hidden, command, body));
            var property = await _street.As("property03");
            (await property.Read($"/api/calls/{hidden}")).Problem(404, Codes.CallNotFound);
        }

        async Task<(int, string, string, string)> Told(string no, string command, object? body)
        {
            var before = _street.Fingerprint();
            var problem = (await (await _street.As("property03")).Send($"/api/calls/{no}/{command}", body)).Problem(404, Codes.CallNotFound);
            Assert.Equal(before, _street.Fingerprint());
            return (problem.Status, problem.Code, problem.Title, problem.Detail);
        }
    }

    [Fact]
    public async Task Off_duty_is_refused_but_who_accepted_may_finish_after_the_shift()
    {
        var (one, other) = ((await _street.Blow("012")).CallNo, (await _street.Blow("012")).CallNo);
        await _street.Do("police04", other, "accept");
        await _street.SignOff("police04");
        await Refused("police04", one, HubNames.Accept, 403, Codes.NotOnDuty);
        Assert.Equal(CallStates.OnScene, (await _street.Do("police04", other, "arrive")).State);
        await _street.Do("grid012", one, "accept");
        await Refused("police04", one, HubNames.Arrive, 403, Codes.NotOnDuty);
    }

    [Fact]
    public async Task A_building_head_sees_but_neither_takes_nor_answers()
    {
        var no = (await _street.Blow("016")).CallNo;
        await Refused("head05", no, HubNames.Accept, 403, Codes.MayNotAccept);
        await _street.Do("grid016", no, "accept");
        await Refused("head05", no, HubNames.Arrive, 403, Codes.MayNotAccept);
        await Refused("head05", no, HubNames.Return, 403, Codes.MayNotAccept, "unsafe", "");
    }

    [Fact]
    public async Task Two_taps_at_once_have_one_winner_and_the_other_is_told_team_and_post()
    {
        for (var round = 0; round < 10; round++)
        {
            var no = (await _street.Blow("019")).CallNo;
            await using var grid = await _street.HubAs("grid019");
            await using var police = await _street.HubAs("police06");
            var replies = await Task.WhenAll(grid.InvokeAsync<Reply>(HubNames.Accept, no), police.InvokeAsync<Reply>(HubNames.Accept, no));
            var (won, lost) = replies[0].Ok ? (replies[0], replies[1]) : (replies[1], replies[0]);
            Assert.True(won.Ok);
            Assert.Equal((false, Codes.AlreadyAccepted), (lost.Ok, lost.Code));
            Assert.Equal(won.Call!.Lead, lost.Call!.Lead);
            var (zh, en) = won.Call.Lead!.Post == "police" ? ("社区民警", "community police") : ("网格员", "grid worker");
            Assert.Contains("06", lost.Message, StringComparison.Ordinal);
            Assert.Contains(zh, lost.Message, StringComparison.Ordinal);
            Assert.Contains($"team 06 ({en})", lost.MessageEn, StringComparison.Ordinal);

            var winner = replies[0].Ok ? grid : police;
            var before = _street.Fingerprint();
            var again = await winner.InvokeAsync<Reply>(HubNames.Accept, no);
            Assert.Equal((true, Codes.Ok, 2), (again.Ok, again.Code, again.Call!.Version));
            Assert.Equal(before, _street.Fingerprint());
            Assert.Equal(2, (await _street.Journal(no)).Count);
        }
    }

    [Fact]
    public async Task A_lost_race_over_HTTP_names_the_winner_and_shows_the_case_to_whoever_may_see_it()
    {
        var no = (await _street.Blow("019")).CallNo;
        await _street.Do("police06", no, "accept");
        var lost = (await (await _street.As("grid019")).Send($"/api/calls/{no}/accept")).Problem(409, Codes.AlreadyAccepted);
        Assert.Equal(new RaceWinner("06", "police"), lost.Winner);
        Assert.Equal((no, CallStates.Accepted, 2), (lost.Call!.CallNo, lost.Call.State, lost.Call.Version));
        var turned = (await (await _street.As("police06")).Send($"/api/calls/{no}/verify", new { passed = true })).Problem(403, Codes.Forbidden);
        Assert.Equal((null, null), (turned.Winner, turned.Call));
        var early = (await (await _street.As("police06")).Send($"/api/calls/{no}/resolve", new { report = "好了" })).Problem(409, Codes.OutOfTurn);
        Assert.Equal((null, no), (early.Winner, early.Call!.CallNo));

        // Who has taken themselves out, and who was never called, sees nothing of it.
        await (await _street.As("property06")).Send($"/api/calls/{no}/recuse", new { });
        foreach (var who in (string[])["property06", "grid001"])
        {
            var refused = (await (await _street.As(who)).Send($"/api/calls/{no}/accept")).Problem(404, Codes.CallNotFound);
            Assert.Equal((null, null), (refused.Winner, refused.Call));
        }
    }

    [Fact]
    public async Task A_desk_that_loses_is_told_too()
    {
        var no = (await _street.Blow("022", "01")).CallNo; // S1 rings the desks at second 0
        await _street.Do("community03", no, "accept");
        await Refused("duty", no, HubNames.Accept, 409, Codes.AlreadyAccepted);
        await Refused("grid022", no, HubNames.Accept, 409, Codes.AlreadyAccepted);
    }

    [Fact]
    public async Task Whoever_took_part_does_not_verify_and_verification_is_for_grid_workers()
    {
        var no = (await _street.Blow("025")).CallNo;
        await _street.Do("grid025", no, "accept");
        await _street.Do("grid024", no, "arrive");
        await _street.Do("police07", no, "resolve", new { });
        await Refused("grid025", no, HubNames.Verify, 403, Codes.TookPart, true, "");
        await Refused("grid024", no, HubNames.Verify, 403, Codes.TookPart, true, "");
        await RefusedByHub("police07", no, HubNames.Verify, Codes.NotGridWorker, true, "");
        await RefusedByHub("duty", no, HubNames.Verify, Codes.NotGridWorker, true, "");
        await _street.Do("grid023", no, "verify", new { passed = true });
        await Refused("grid026", no, HubNames.Verify, 409, Codes.OutOfTurn, true, "");
    }

    [Fact]
    public async Task An_evaluation_comes_after_the_verification_and_once()
    {
        var call = await _street.Blow("029");
        var path = $"/api/track/{call.TrackingCode}";
        var word = new { solved = true, satisfaction = "satisfied" };
        await TooEarly();
        await _street.Do("grid029", call.CallNo, "accept");
        await TooEarly();
        await _street.Do("grid029", call.CallNo, "arrive");
        await TooEarly();
        await _street.Do("grid029", call.CallNo, "resolve", new { });
        await TooEarly();
        await Refused(() => _street.Anyone.Send($"{path}/withdraw"), 409, Codes.OutOfTurn);
        await _street.Do("grid030", call.CallNo, "verify", new { passed = true });
        Assert.Equal(CallStates.Closed, (await _street.Anyone.Send($"{path}/evaluation", word)).Value<TrackedCall>().State);
        await Refused(() => _street.Anyone.Send($"{path}/evaluation", word), 409, Codes.CallOver);
        await Refused(() => _street.Anyone.Send($"{path}/note", new { note = "还有" }), 409, Codes.CallOver);
        await Refused(() => _street.Anyone.Send($"{path}/withdraw"), 409, Codes.CallOver);

        Task TooEarly() => Refused(() => _street.Anyone.Send($"{path}/evaluation", word), 409, "evaluate_too_early");
    }

    [Fact]
    public async Task A_case_that_is_over_takes_nothing_more()
    {
        var call = await _street.Blow("033");
        await _street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw");
        await Refused("grid033", call.CallNo, HubNames.Accept, 409, Codes.CallOver);
        await Refused("grid033", call.CallNo, HubNames.Arrive, 409, Codes.CallOver);
        await Refused("grid033", call.CallNo, HubNames.Resolve, 409, Codes.CallOver, "");
        await Refused("grid033", call.CallNo, HubNames.Return, 409, Codes.CallOver, "unsafe", "");
        await Refused("grid033", call.CallNo, HubNames.Verify, 409, Codes.CallOver, true, "");
        await RefusedNote("grid033", call.CallNo, 409, Codes.CallOver);
    }

    [Fact]
    public async Task An_unknown_case_is_told_apart_from_nothing_else()
    {
        foreach (var no in (string[])["W260311-99999", "x", "%00", "..", new string('9', 3_000)])
        {
            if (no is not "%00" and not "..") await Refused("grid001", no, HubNames.Accept, 404, Codes.CallNotFound);
            await RefusedByHub("grid001", no, HubNames.Arrive, Codes.CallNotFound);
        }

        await RefusedByHub("grid001", "W260311-00001\0", HubNames.Accept, Codes.CallNotFound);
        await RefusedByHub("grid001", null!, HubNames.Accept, Codes.CallNotFound);
        await RefusedByHub("grid001", null!, HubNames.Resolve, Codes.CallNotFound, "好");
        await RefusedByHub("grid001", null!, HubNames.Return, Codes.CallNotFound, "unsafe", "");
    }

    [Fact]
    public async Task What_comes_with_an_answer_is_checked()
    {
        var no = (await _street.Blow("037")).CallNo;
        await _street.Do("grid037", no, "accept");
        await Refused("grid037", no, HubNames.Return, 422, Codes.ReasonUnknown, "lunch", "");
        await RefusedByHub("grid037", no, HubNames.Return, Codes.ReasonUnknown, null!, null!);
        await Refused("grid037", no, HubNames.Return, 422, Codes.TextTooLong, "unsafe", new string('长', 1_001));
        await Refused("grid037", no, HubNames.Acknowledge, 404, Codes.NoSuchAnswer, "accept");
        await Refused("grid037", no, HubNames.Acknowledge, 404, Codes.NoSuchAnswer, "");
        await RefusedNote("grid037", no, 422, Codes.TextMissing, "  ");
        await RefusedNote("grid037", no, 422, Codes.TextTooLong, new string('长', 1_001));
        await _street.Do("grid037", no, "arrive");
        await Refused("grid037", no, HubNames.Resolve, 422, Codes.TextTooLong, new string('长', 1_001));
        await _street.Do("grid037", no, "resolve", new { });
        await Refused(async () => await (await _street.As("grid001")).Send($"/api/calls/{no}/verify", new { note = "?" }), 422, "verdict_missing");
        await Refused("grid001", no, HubNames.Verify, 422, Codes.TextTooLong, true, new string('长', 1_001));
    }

    [Fact]
    public async Task A_hub_call_that_is_not_understood_changes_nothing_and_keeps_the_connection()
    {
        var no = (await _street.Blow("040")).CallNo;
        await using var hub = await _street.HubAs("grid040");
        var before = _street.Fingerprint();
        await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => hub.InvokeAsync<Reply>("Accept", no, "more"));
        await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => hub.InvokeAsync<Reply>("Accept", 5));
        await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => hub.InvokeAsync<Reply>("Nothing", no));
        Assert.Equal(before, _street.Fingerprint());
        Assert.True((await hub.InvokeAsync<Reply>(HubNames.Accept, no)).Ok);
    }

    private async Task Refused(string userName, string no, string command, int status, string code, params object[] arguments)
    {
        object? body = command switch
        {
            HubNames.Resolve => new { report = arguments[0] },
            HubNames.Return => new { reason = arguments[0], note = arguments[1] },
            HubNames.Verify => new { passed = arguments[0], note = arguments[1] },
            HubNames.Acknowledge => new { answer = arguments[0] },
            _ => null,
        };
        await Refused(async () => await (await _street.As(userName)).Send($"/api/calls/{no}/{char.ToLowerInvariant(command[0])}{command[1..]}", body), status, code);
        await RefusedByHub(userName, no, command, code, arguments);
    }

    private Task RefusedNote(string userName, string no, int status, string code, string note = "有话说") =>
        Refused(async () => await (await _street.As(userName)).Send($"/api/calls/{no}/note", new { note }), status, code);

    private async Task RefusedByHub(string userName, string no, string command, string code, params object[] arguments)
    {
        await using var hub = await _street.HubAs(userName);
        var before = _street.Fingerprint();
        var reply = await hub.InvokeCoreAsync<Reply>(command, [no, .. arguments]);
        Assert.Equal((false, code), (reply.Ok, reply.Code));
        Assert.Contains(reply.Message, c => c >= '\u4e00');
        Assert.NotEmpty(reply.MessageEn);
        if (code == Codes.CallNotFound) Assert.Null(reply.Call);
        Assert.Equal(before, _street.Fingerprint());
    }

    private async Task Refused(Func<Task<Answer>> ask, int status, string code)
    {
        var before = _street.Fingerprint();
        (await ask()).Problem(status, code);
        Assert.Equal(before, _street.Fingerprint());
    }
}
