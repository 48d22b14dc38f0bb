using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>Whatever is sent about a matter is answered with a problem that says what is wrong, on either database, and nothing has changed.</summary>
public sealed class MatterInputTests : MatterTests
{
    private static readonly string[] Raw = ["null", "1e400", "-1e400", "-1", "1", "true", "[]", "{}", "[null]", "[\"\\u0000\"]", "[[null]]", "{\"\\u0000\":\"\\u0000\"}", "{\"a\":null}", "{\"a\":[null]}", "[{}]", "\"\\u0000\"", "\"\"", "\" \"", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00Z\"", "2147483647", "99999999999999999999", "\"a b|c,d\"", "\"%\""];

    /// <summary>The verbs, and the members that each of them reads.</summary>
    private static readonly (string Verb, string[] Reads)[] Verbs =
    [
        ("answer", ["owed", "says", "form", "note"]), ("choose", ["key", "posts"]), ("request", ["kind", "minutes", "until", "note"]), ("rule", ["kind", "granted", "note"]), ("cancel", ["note"]), ("note", ["note"]),
        ("link", ["owed", "key"]), ("reveal", ["note"]),
    ];

    private static readonly (int Status, string Code, string Body)[] Openings =
    [
        (404, "procedure_unknown", "{}"),
        (404, "procedure_unknown", """{"procedure":"erran\u0000d","grid":"001"}"""),
        (422, "matter_place_missing", """{"procedure":"errand","form":{"what":"x"}}"""),
        (404, Codes.GridUnknown, """{"procedure":"errand","grid":"999","form":{"what":"x"}}"""),
        (404, Codes.GridUnknown, """{"procedure":"errand","grid":"00\u00001","form":{"what":"x"}}"""),
        (422, "field_missing", """{"procedure":"errand","grid":"001"}"""),
        (422, "field_missing", """{"procedure":"errand","grid":"001","form":{"what":null}}"""),
        (422, "field_missing", """{"procedure":"errand","grid":"001","form":{"what":"\u0000\u0001\u001f"}}"""),
        (422, "field_unknown", """{"procedure":"errand","grid":"001","form":{"what":"x","more":"y"}}"""),
        (422, "field_too_long", """{"procedure":"errand","grid":"001","form":{"what":"LONG"}}""".Replace("LONG", new string('长', 2_001), StringComparison.Ordinal)),
        (422, "field_too_long", """{"procedure":"errand","grid":"001","form":{"what":"x","whose":"LONG"}}""".Replace("LONG", new string('长', 201), StringComparison.Ordinal)),
        (422, "origin_unknown", """{"procedure":"errand","grid":"001","form":{"what":"x"},"origin":"dream"}"""),
        (422, "origin_unknown", """{"procedure":"errand","grid":"001","form":{"what":"x"},"origin":"case"}"""),
        (404, Codes.CallNotFound, """{"procedure":"errand","grid":"001","form":{"what":"x"},"parent":"W260311-00009"}"""),
        (404, Codes.CallNotFound, """{"procedure":"errand","grid":"001","form":{"what":"x"},"parent":"M260311-\u0000"}"""),
        (404, Codes.CallNotFound, """{"procedure":"errand","grid":"001","form":{"what":"x"},"parent":""}"""),
        (404, Codes.NoSuchAnswer, """{"procedure":"errand","grid":"001","form":{"what":"x"},"chosen":{"take":["p0001"]}}"""),
        (422, Codes.TextTooLong, """{"procedure":"errand","grid":"001","form":{"what":"x"},"contact":{"name":"LONG"}}""".Replace("LONG", new string('长', 41), StringComparison.Ordinal)),
        (400, Codes.BadJson, ""),
        (400, Codes.BadJson, "[]"),
        (400, Codes.BadJson, "{"),
        (400, Codes.BadJson, """{"procedure":1}"""),
        (400, Codes.BadJson, """{"procedure":"errand","form":{"what":{"a":1}}}"""),
        (400, Codes.BadJson, """{"procedure":"errand","form":["what"]}"""),
        (400, Codes.BadJson, """{"procedure":"errand","chosen":{"take":"p0001"}}"""),
        (400, Codes.BadJson, """{"procedure":"errand","form":{"what":"\ud800"}}"""),
    ];

    [Fact]
    public async Task An_opening_that_is_not_right_is_refused()
    {
        var (before, desk) = (Street.Fingerprint(), await Street.As("community01"));
        foreach (var (status, code, body) in Openings) (await desk.Send("/api/matters", body)).Problem(status, code);
        Assert.Equal(before, Street.Fingerprint());
    }

    [Fact]
    public async Task A_page_of_the_list_goes_on_where_the_one_before_ended_even_if_that_matter_is_gone_and_anything_else_is_refused()
    {
        var numbers = new List<string>();
        for (var i = 0; i < 3; i++) numbers.Add((await It.Open()).CallNo);
        var desk = await Street.As("community01");
        var first = (await desk.Read("/api/matters")).Value<MatterList>().Matters.Single(m => m.CallNo == numbers[0]);
        await It.Try("community01", numbers[0], "cancel", new { note = "不办了" });
        var rest = (await desk.Read($"/api/matters?after={first.BreachAt!.Value.ToUnixTimeMilliseconds()}.{numbers[0]}")).Value<MatterList>();
        Assert.Equal(numbers[1..], rest.Matters.Select(m => m.CallNo).Where(numbers.Contains));
        foreach (var wrong in new[] { "after=M260311-00001", "after=x.y", "after=-1.M260311-00001", "after=99999999999999999999.M260311-00001", "state=zzz" })
            (await desk.Read("/api/matters?" + wrong)).Problem(400, Codes.BadRequest);
    }

    [Fact]
    public async Task An_answer_that_is_not_right_is_refused()
    {
        await It.Add(Documents.Secret);
        var no = (await It.Open()).CallNo;
        var before = Street.Fingerprint();
        foreach (var (status, code, verb, body) in new (int, string, string, object)[]
        {
            (404, Codes.NoSuchAnswer, "answer", new { owed = "nothing", says = "accepted" }), (404, Codes.NoSuchAnswer, "answer", new { owed = "take", says = "never" }),
            (404, Codes.NoSuchAnswer, "answer", new { owed = "work", says = "done" }), (422, Codes.OrderIncomplete, "answer", new { owed = "take" }), (422, Codes.OrderIncomplete, "answer", new { says = "accepted" }),
            (422, "field_unknown", "answer", new { owed = "take", says = "accepted", form = new { words = "x" } }), (422, Codes.OrderIncomplete, "choose", new { key = "take" }), (422, Codes.OrderIncomplete, "choose", new { posts = new[] { "p0001" } }),
            (422, Codes.OrderIncomplete, "request", new { note = "x" }), (422, Codes.ReasonMissing, "request", new { kind = "extension", minutes = 5 }), (422, Codes.OutOfBounds, "request", new { kind = "extension", minutes = int.MaxValue, note = "x" }),
            (422, Codes.OutOfBounds, "request", new { kind = "extension", minutes = -1, note = "x" }), (422, Codes.OutOfBounds, "request", new { kind = "suspension", note = "x" }), (422, Codes.OrderIncomplete, "rule", new { kind = "extension", note = "x" }),
            (404, Codes.NoSuchAnswer, "link", new { owed = "take" }), (422, Codes.ReasonMissing, "note", new { note = "\u0001 " }), (422, Codes.ReasonMissing, "cancel", new { }),
            (422, Codes.TextTooLong, "note", new { note = new string('长', 2_001) }), (422, Codes.OrderIncomplete, "request", new { kind = "holiday", note = "x" }),
        })
            (await It.Try("grid001", no, verb, body)).Problem(status, code);
        foreach (var posts in (string[][])[["p9999"], ["a b"], ["p0001|p0002"], []])
        {
            var refused = await It.TryOpen("community01", new { procedure = "secret", community = "01", chosen = new Dictionary<string, string[]> { ["look"] = posts } });
            Assert.InRange((int)refused.Status, 400, 499);
        }

        Assert.Equal(before, Street.Fingerprint());
    }

    [Fact]
    public async Task No_body_whatever_it_holds_is_a_fault_for_a_matter_at_any_stage()
    {
        var opened = await It.Open();
        var no = opened.CallNo;
        await It.Say("grid001", no, "take", "accepted");
        await It.Paper("grid001", no, "身份证");
        var faults = new List<string>();
        async Task Send(HttpClient client, string path, string text)
        {
            var answer = await client.Ask(HttpMethod.Post, path, new StringContent(text, System.Text.Encoding.UTF8, "application/json"), Guid.NewGuid().ToString("N"));
            if ((int)answer.Status >= 500) faults.Add($"{path} {text}: {answer.Text}");
        }

        var usual = new Dictionary<string, string>
        {
            ["owed"] = "\"papers\"", ["says"] = "\"item\"", ["form"] = "{\"name\":\"x\"}", ["key"] = "\"papers\"", ["posts"] = "[\"p0001\"]", ["kind"] = "\"suspension\"", ["minutes"] = "5", ["until"] = "\"2026-03-12T09:00:00+08:00\"",
            ["granted"] = "true", ["note"] = "\"好\"",
        };
        var worker = await Street.As("grid001");
        foreach (var member in usual.Keys)
            foreach (var raw in Raw)
            {
                var text = $"{{{string.Join(',', usual.Select(u => $"\"{u.Key}\":{(u.Key == member ? raw : u.Value)}"))}}}";
                foreach (var (verb, _) in Verbs.Where(v => v.Reads.Contains(member)))
                {
                    await Send(worker, $"/api/matters/{no}/{verb}", text);
                    if (verb is "answer" or "note") await Send(Street.Anyone, $"/api/follow/{opened.TrackingCode}/{verb}", text);
                }
            }

        foreach (var field in (string[])["name", "copies", "original"])
            foreach (var raw in Raw) await Send(worker, $"/api/matters/{no}/answer", $$$"""{"owed":"papers","says":"item","form":{"name":"x","{{{field}}}":{{{raw}}}}}""");
        foreach (var member in (string[])["procedure", "grid", "community", "origin", "parent", "form", "contact", "chosen", "drill"])
            foreach (var raw in Raw)
                await Send(worker, "/api/matters", $"{{{string.Join(',', new Dictionary<string, string> { ["procedure"] = "\"errand\"", ["grid"] = "\"001\"", ["form"] = "{\"what\":\"x\"}" }.Where(u => u.Key != member).Select(u => $"\"{u.Key}\":{u.Value}").Append($"\"{member}\":{raw}"))}}}");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
    }

    [Fact]
    public async Task No_document_whatever_it_holds_is_a_fault_and_none_that_is_refused_is_kept()
    {
        var admin = await Street.As("admin");
        var faults = new List<string>();
        var known = (await (await Street.As("duty")).Read("/api/matters/procedures")).Text;
        async Task Send(string document)
        {
            foreach (var path in (string[])["/api/procedures/dry-run", "/api/procedures"])
            {
                var answer = await admin.Send(path, new { document, grid = "\u0000", community = "99" });
                if ((int)answer.Status >= 500) faults.Add($"{path} {document}: {answer.Text}");
            }
        }

        foreach (var raw in Raw.Concat(["{", "[[[[", "\"", "{\"code\":\"x\"}"])) await Send(raw);
        var sample = JsonNode.Parse(Documents.Council("council", form: true))!.AsObject();
        foreach (var member in sample.Select(m => m.Key).Where(m => m is not ("name" or "nameEn")).ToList())
            foreach (var raw in Raw)
            {
                var changed = sample.DeepClone().AsObject();
                changed.Remove(member);
                var text = changed.ToJsonString();
                await Send($"{text[..^1]},\"{member}\":{raw}}}");
            }

        foreach (var member in (string[])["key", "limit", "gate", "quorum", "next", "asks", "visibility", "awaitsChildren"])
            foreach (var raw in Raw)
            {
                var changed = sample.DeepClone().AsObject();
                var stage = changed["stages"]![0]!.AsObject();
                stage.Remove(member);
                stage["MEMBER"] = "RAW";
                await Send(changed.ToJsonString().Replace("\"MEMBER\":\"RAW\"", $"\"{member}\":{raw}", StringComparison.Ordinal));
            }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        Assert.NotNull(known);
        await Street.RestartAsync(); // every version that was kept is read again
        Assert.Equal(HttpStatusCode.OK, (await (await Street.As("duty")).Read("/api/matters/procedures")).Status);
    }

    [Fact]
    public async Task A_dry_run_names_the_member_that_is_wrong_and_refuses_a_place_that_there_is_not()
    {
        var admin = await Street.As("admin");
        var document = Documents.Council("council", form: true);
        (await admin.Send("/api/procedures/dry-run", new { document, grid = "999" })).Problem(404, Codes.GridUnknown);
        (await admin.Send("/api/procedures/dry-run", new { document, community = "99" })).Problem(404, "community_unknown");
        var tried = (await admin.Send("/api/procedures/dry-run", new { document = document.Replace("\"1d\"", "\"1x\"", StringComparison.Ordinal) })).Value<DryRunView>();
        Assert.Equal("$.stages[0].limit", Assert.Single(tried.Mistakes).Member);
    }

    [Fact]
    public async Task No_query_and_no_address_and_no_verb_is_a_fault()
    {
        var no = (await It.Open()).CallNo;
        var faults = new List<string>();
        var worker = await Street.As("grid001");
        async Task Look(HttpMethod method, string path)
        {
            var answer = await worker.Ask(method, path, method == HttpMethod.Get ? null : new StringContent("{}", null, "application/json"));
            if ((int)answer.Status >= 500) faults.Add($"{method} {path}: {answer.Text}");
        }

        foreach (var name in (string[])["state", "procedure", "after"])
            foreach (var text in (string[])["", " ", "\0", "a\0b", "\u0001", "1e400", "张", "%", "'", no]) await Look(HttpMethod.Get, $"/api/matters?{name}={Uri.EscapeDataString(text)}");
        foreach (var bad in (string[])["%20", "%09", "%01", "a%00b", "%E3%80%80", "M260311-99999", "X", new string('M', 300)])
            foreach (var verb in (string[])["", "/answer", "/reveal", "/recuse", "/link"])
                foreach (var root in (string[])["/api/matters/", "/api/follow/"])
                    foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post]) await Look(method, root + bad + verb);
        foreach (var path in (string[])["/api/matters", $"/api/matters/{no}", $"/api/matters/{no}/answer", "/api/matters/inbox", "/api/matters/procedures", "/api/procedures"])
            foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch])
            {
                await Look(method, path);
                Assert.Equal(HttpStatusCode.MethodNotAllowed, (await worker.Ask(method, path)).Status);
            }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        var huge = JsonSerializer.Serialize(new { owed = "take", says = "accepted", note = new string('x', 300 * 1024) });
        (await worker.Send($"/api/matters/{no}/answer", huge)).Problem(413, Codes.BodyTooLarge);
        (await worker.Send($"/api/matters/{no}/answer")).Problem(415, Codes.UnsupportedMediaType);
        (await worker.Send($"/api/matters/{no}/answer", "{}", contentType: "text/plain")).Problem(415, Codes.UnsupportedMediaType);
    }
}
