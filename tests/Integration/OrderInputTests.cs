using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Orders that are sent twice, wrong, or by the wrong people: a stable code each, and one change at most.</summary>
public sealed class OrderInputTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    /// <summary>An order, its body, and the code that says what is wrong with it.</summary>
    public static readonly TheoryData<string, string, int, string> Wrong = new()
    {
        { "designate", "{}", 422, Codes.OrderIncomplete },
        { "designate", """{"team":null,"note":"好"}""", 422, Codes.OrderIncomplete },
        { "designate", """{"team":"02"}""", 422, Codes.ReasonMissing },
        { "designate", """{"team":"02","note":"  "}""", 422, Codes.ReasonMissing },
        { "designate", """{"team":"99","note":"好"}""", 404, Codes.TeamUnknown },
        { "designate", """{"team":"","note":"好"}""", 404, Codes.TeamUnknown },
        { "designate", """{"team":7,"note":"好"}""", 400, Codes.BadJson },
        { "correct", "{}", 422, Codes.NothingToCorrect },
        { "correct", """{"category":"99"}""", 422, Codes.CategoryUnknown },
        { "correct", """{"grid":"999"}""", 404, Codes.GridUnknown },
        { "correct", """{"level":"S4"}""", 422, Codes.OrderIncomplete },
        { "correct", """{"level":"s1"}""", 422, Codes.OrderIncomplete },
        { "correct", """{"level":"0"}""", 422, Codes.OrderIncomplete },
        { "help", "{}", 422, Codes.OrderIncomplete },
        { "help", """{"team":7}""", 400, Codes.BadJson },
        { "help", """{"team":"moon"}""", 409, Codes.OutOfTurn },
        { "cannotCome", """{"note":7}""", 400, Codes.BadJson },
        { "summon", "{}", 422, Codes.OrderIncomplete },
        { "summon", """{"party":"moon"}""", 404, Codes.PartyUnknown },
        { "attend", "{}", 422, Codes.OrderIncomplete },
        { "attend", """{"answer":"resolve"}""", 404, Codes.NoSuchAnswer },
        { "release", """{"note":"好"}""", 422, Codes.OrderIncomplete },
        { "release", """{"answer":"party-water"}""", 422, Codes.ReasonMissing },
        { "release", """{"answer":"accept","note":"好"}""", 404, Codes.NoSuchAnswer },
        { "request", """{"note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"holiday","note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"extension","note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"extension","hours":0,"note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"extension","hours":-1,"note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"extension","hours":1e300,"note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"extension","hours":"one","note":"好"}""", 400, Codes.BadJson },
        { "request", """{"kind":"suspension","note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"suspension","until":"tomorrow","note":"好"}""", 400, Codes.BadJson },
        { "request", """{"kind":"decline"}""", 422, Codes.ReasonMissing },
        { "request", """{"kind":"exemption","reason":"system","note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"exemption","answer":"accept","reason":"weather","note":"好"}""", 422, Codes.OrderIncomplete },
        { "request", """{"kind":"exemption","answer":"accept","reason":"system"}""", 422, Codes.ReasonMissing },
        { "rule", """{"kind":"exemption","granted":true}""", 422, Codes.OrderIncomplete },
        { "rule", """{"kind":"exemption","answer":"accept","granted":false}""", 422, Codes.ReasonMissing },
        { "rule", "{}", 422, Codes.OrderIncomplete },
        { "rule", """{"kind":"decline"}""", 422, Codes.OrderIncomplete },
        { "rule", """{"granted":true}""", 422, Codes.OrderIncomplete },
        { "rule", """{"kind":"decline","granted":true}""", 422, Codes.ReasonMissing },
        { "rule", """{"kind":"extension","granted":false}""", 422, Codes.ReasonMissing },
        { "rule", """{"kind":"extension","granted":true}""", 409, Codes.NothingRequested },
        { "resume", "{}", 409, Codes.OutOfTurn },
        { "difficult", "{}", 422, Codes.ReasonMissing },
        { "handUp", """{"note":"好"}""", 422, Codes.OrderIncomplete },
        { "handUp", """{"until":"2026-04-01T00:00:00Z"}""", 422, Codes.ReasonMissing },
        { "merge", "{}", 422, Codes.OrderIncomplete },
        { "merge", """{"into":"7"}""", 422, Codes.OrderIncomplete },
        { "merge", """{"into":"W260311-99999"}""", 409, Codes.CannotMerge },
        { "unmerge", "{}", 409, Codes.OutOfTurn },
        { "callback", "{}", 422, Codes.OrderIncomplete },
        { "callback", """{"result":"reached"}""", 422, Codes.OrderIncomplete },
        { "callback", """{"result":"reached","solved":true}""", 422, Codes.OrderIncomplete },
        { "callback", """{"result":"reached","solved":true,"satisfaction":"delighted"}""", 422, Codes.OrderIncomplete },
        { "callback", """{"result":"noAnswer"}""", 409, Codes.OutOfTurn },
        { "emergency", "{}", 422, Codes.OrderIncomplete },
        { "emergency", """{"number":"911"}""", 422, Codes.OutOfBounds },
        { "recuse", """{"note":7}""", 400, Codes.BadJson },
        { "child", "{}", 422, Codes.TextMissing },
        { "child", """{"note":"好"}""", 409, Codes.OutOfTurn },
        { "link", "{}", 404, Codes.NoSuchAnswer },
        { "link", """{"answer":"accept"}""", 404, Codes.NoSuchAnswer },
        { "merge", "null", 400, Codes.BadJson },
        { "correct", "", 400, Codes.BadJson },
        { "correct", "[]", 400, Codes.BadJson },
    };

    private static readonly IReadOnlyList<string> Orders = [.. Verbs.All.OfType<Verb<OrderRequest>>().Select(verb => verb.Path).Distinct()];

    [Fact]
    public void Every_order_has_its_wrong_bodies_here()
    {
        var tried = Wrong.Select(row => row.Data.Item1).ToHashSet();
        Assert.All(Orders, order => Assert.Contains(order, tried));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Whatever_is_wrong_with_an_order_is_said_and_nothing_changes(string order, string body, int status, string code)
    {
        var no = (await _street.Blow()).CallNo;
        var before = _street.Fingerprint();
        (await (await _street.As("community01")).Send($"/api/calls/{no}/{order}", body)).Problem(status, code);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        var no = (await _street.Blow()).CallNo;
        var problem = (await (await _street.As("community01")).Send($"/api/calls/{no}/rule", new { kind = "extension" })).Problem(422, Codes.OrderIncomplete);
        Assert.Contains("granted", problem.Title, StringComparison.Ordinal);
        Assert.Contains("granted", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("designates")]
    [InlineData("absorb")]
    [InlineData("lapse")]
    [InlineData("shiftChange")]
    public async Task An_order_that_there_is_not_is_refused_as_any_address_that_takes_no_post(string order)
    {
        var no = (await _street.Blow()).CallNo;
        var before = _street.Fingerprint();
        (await (await _street.As("duty")).Send($"/api/calls/{no}/{order}", new { note = "好", team = "02", category = "03" })).Problem(405, Codes.MethodNotAllowed);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task A_case_that_there_is_not_is_404_whatever_is_asked_of_it()
    {
        var community = await _street.As("community01");
        foreach (var no in (string[])["W260311-99999", "x", "W260311-00001'"])
            foreach (var (order, body) in ((string, object)[])[("correct", new { level = "S1" }), ("unmerge", new { }), ("link", new { answer = "party-water" }), ("child", new { note = "好" })])
                (await community.Send($"/api/calls/{no}/{order}", body)).Problem(404, Codes.CallNotFound);
    }

    [Fact]
    public async Task An_order_beyond_256_KiB_is_413_and_words_beyond_a_thousand_are_422()
    {
        var no = (await _street.Blow()).CallNo;
        var community = await _street.As("community01");
        var before = _street.Fingerprint();
        (await community.Send($"/api/calls/{no}/designate", new { team = "02", note = new string('长', Bodies.Limit) })).Problem(413, Codes.BodyTooLarge);
        (await community.Send($"/api/calls/{no}/designate", new { team = "02", note = new string('长', 1_001) })).Problem(422, Codes.TextTooLong);
        (await community.Send($"/api/calls/{no}/correct", "level=S1", contentType: "application/x-www-form-urlencoded")).Problem(415, Codes.UnsupportedMediaType);
        (await _street.Anyone.Send("/api/d/AAAAAAAAAAAAAAAAAAAAAA/attend", new { note = new string('长', Bodies.Limit) })).Problem(413, Codes.BodyTooLarge);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task Orders_are_for_desks_and_leads_and_for_nobody_outside()
    {
        var no = (await _street.Blow()).CallNo;
        var before = _street.Fingerprint();
        foreach (var order in Orders.Concat(["child", "link"]))
        {
            (await _street.Anyone.Send($"/api/calls/{no}/{order}", new { })).Problem(401, Codes.Unauthenticated);
            // 楼长 give no orders, but take themselves out of what they see.
            foreach (var who in (string[])[.. order == Verbs.Recuse.Path ? Array.Empty<string>() : ["head01"], "admin", "auditor", "wall"]) (await (await _street.As(who)).Send($"/api/calls/{no}/{order}", new { })).Problem(403, Codes.Forbidden);
        }

        foreach (var (who, status, code) in new[] { ("grid001", 403, Codes.NotEntitled), ("leader", 403, Codes.NotEntitled), ("grid008", 404, Codes.CallNotFound), ("community02", 404, Codes.CallNotFound) })
            foreach (var (order, body) in ((string, object)[])[
                ("designate", new { team = "02", note = "好" }), ("correct", new { level = "S1" }), ("summon", new { party = "water" }), ("merge", new { into = "W260311-99999" })])
                (await (await _street.As(who)).Send($"/api/calls/{no}/{order}", body)).Problem(status, code);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task An_order_with_the_same_key_is_carried_out_once()
    {
        var (first, second) = (await _street.Blow(), await _street.Blow());
        var community = await _street.As("community01");
        var no = first.CallNo;
        await Twice("correct", new { level = "S1" });
        await Twice("summon", new { party = "water" });
        await Twice("emergency", new { number = "119" });
        await Twice("request", new { kind = "decline", note = "重复" });
        await Twice("designate", new { team = "02", note = "就近" });
        no = second.CallNo;
        await Twice("merge", new { into = first.CallNo });
        await Twice("unmerge", new { });
        (await community.Send($"/api/calls/{no}/summon", new { party = "gas" }, "order-merge")).Problem(422, Codes.IdempotencyKeyReused);
        Assert.Equal(["whistled", "corrected", "summoned", "emergencyConfirmed", "requested", "designated", "joined", "parted"], (await _street.Journal(first.CallNo)).Select(e => e.What));
        Assert.Equal(["whistled", "merged", "unmerged"], (await _street.Journal(second.CallNo)).Select(e => e.What));

        async Task Twice(string order, object body)
        {
            var done = await community.Send($"/api/calls/{no}/{order}", body, $"order-{order}");
            done.Value<Reply>();
            var before = _street.Fingerprint();
            Assert.Equal(done.Text, (await community.Send($"/api/calls/{no}/{order}", body, $"order-{order}")).Text);
            Assert.Equal(before, _street.Fingerprint());
        }
    }

    [Fact]
    public async Task A_child_and_a_joining_whistle_that_are_sent_again_are_one()
    {
        var call = await _street.Blow("005");
        await _street.Do("grid005", call.CallNo, "accept");
        var team = await _street.As("grid005");
        var children = new[] { await team.Send($"/api/calls/{call.CallNo}/child", new { note = "善后" }, "child-once"), await team.Send($"/api/calls/{call.CallNo}/child", new { note = "善后" }, "child-once") };
        Assert.Equal(children[0].Value<WhistleReceipt>(HttpStatusCode.Created).CallNo, children[1].Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        var body = new { grid = "005", category = "02", joins = call.CallNo };
        var joined = new[] { await _street.Anyone.Send("/api/whistles", body, "join-once"), await _street.Anyone.Send("/api/whistles", body, "join-once") };
        Assert.Equal(joined[0].Text, joined[1].Text);
        Assert.Equal(["whistled", "accepted", "childOpened", "joined"], (await _street.Journal(call.CallNo)).Select(e => e.What));
        Assert.Equal(1, (await _street.Card(call.CallNo)).Others);
    }

    [Fact]
    public async Task A_partys_answer_with_the_same_key_is_one_and_many_at_once_are_one()
    {
        var no = (await _street.Blow()).CallNo;
        await _street.Do("community01", no, "summon", new { party = "gas" });
        var url = "/api" + (await (await _street.As("community01")).Send($"/api/calls/{no}/link", new { answer = "party-gas" })).Value<LinkReply>(HttpStatusCode.Created).Url;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _street.Anyone.Send(url + "/attend", new { note = "到" }, i % 2 == 0 ? "attend-once" : null)));
        Assert.All(answers, a => Assert.True(a.Value<PartyView>().Met));
        Assert.Equal(["whistled", "summoned", "attended"], (await _street.Journal(no)).Select(e => e.What));
    }
}
