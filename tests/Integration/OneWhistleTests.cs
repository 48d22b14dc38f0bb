using System.IO.Compression;
using System.Net;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The way of one whistle by HTTP and hub, and every documented shape to the letter.</summary>
public sealed class OneWhistleTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private readonly TestStreet _street = shared.Street;

    [Fact]
    public async Task A_whistle_is_answered_with_its_number_a_secret_code_and_the_promised_times()
    {
        var answer = await _street.Anyone.Send("/api/whistles", new { station = "03", category = "02", description = "井水上涨" });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("application/json; charset=utf-8", answer.ContentHeaders.ContentType?.ToString());
        answer.Json.Has("callNo trackingCode trackingUrl answers");
        Assert.Matches("^[A-Z0-9-]{8,24}$", answer.Json.Text("callNo"));
        Assert.Matches("^[A-Za-z0-9_-]{22,}$", answer.Json.Text("trackingCode")); // 22 characters of base64url hold 128 bits
        Assert.Equal($"/t/{answer.Json.Text("trackingCode")}", answer.Json.Text("trackingUrl"));
        var promised = answer.Json.GetProperty("answers").EnumerateArray().ToList();
        foreach (var p in promised) p.Has("kind due");
        Assert.Equal(["accept", "arrive", "resolve"], promised.Select(p => p.Text("kind")));
        Assert.Equal(
            [_street.Now.AddMinutes(15), _street.Now.AddHours(1), _street.Now.AddHours(24)], promised.Select(p => p.Instant("due")));
    }

    [Fact]
    public async Task Two_whistles_share_neither_number_nor_code()
    {
        var (one, other) = (await _street.Blow(), await _street.Blow());
        Assert.NotEqual(one.CallNo, other.CallNo);
        Assert.NotEqual(one.TrackingCode, other.TrackingCode);
        Assert.DoesNotContain(one.CallNo, one.TrackingCode);
    }

    [Theory]
    [InlineData("""{"station":"03","category":"08"}""", "005", "03", "S3")]
    [InlineData("""{"grid":"009","category":"08"}""", "009", null, "S3")]
    [InlineData("""{"location":{"lat":35.0665,"lon":122.3765,"datum":"wgs84"},"category":"02"}""", "002", null, "S2")]
    [InlineData("""{"grid":"009","category":"08","danger":true}""", "009", null, "S1")]
    public async Task A_station_a_grid_or_a_location_says_where_and_danger_raises_to_S1(string body, string grid, string? station, string level)
    {
        var call = (await _street.Anyone.Send("/api/whistles", body)).Value<WhistleReceipt>(HttpStatusCode.Created);
        var card = await _street.Card(call.CallNo);
        Assert.Equal((grid, station, level), (card.Grid, card.Station, card.Level));
    }

    [Fact]
    public async Task The_whole_way_goes_over_the_hub_from_the_whistle_to_the_callers_word()
    {
        var call = await _street.Blow("010");
        await using var lead = await _street.HubAs("police03");
        await using var verifier = await _street.HubAs("grid012");
        var no = call.CallNo;

        await Reply(lead, 2, CallStates.Accepted, HubNames.Accept, no);
        await Reply(lead, 3, CallStates.OnScene, HubNames.Arrive, no);
        await Reply(lead, 4, CallStates.Resolved, HubNames.Resolve, no, "已疏通");
        var verified = await Reply(verifier, 5, CallStates.Verified, HubNames.Verify, no, true, "属实");
        Assert.Equal(new LeadCard("03", "police", "02"), verified.Lead);

        var rated = await _street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "mostlySatisfied", words = "谢谢" });
        Assert.Equal(CallStates.Closed, rated.Value<TrackedCall>().State);
        Assert.Equal(["whistled", "accepted", "arrived", "resolved", "verified", "evaluated"], (await _street.Journal(no)).Select(e => e.What));
    }

    [Fact]
    public async Task The_same_way_goes_over_HTTP_and_answers_with_a_reply()
    {
        var no = (await _street.Blow("013")).CallNo;
        var team = await _street.As("grid013");
        var accepted = await team.Send($"/api/calls/{no}/accept");
        Assert.Equal(HttpStatusCode.OK, accepted.Status);
        accepted.Json.Has("ok code message messageEn call");
        Assert.True(accepted.Json.GetProperty("ok").GetBoolean());
        Assert.Equal("ok", accepted.Json.Text("code"));
        accepted.Json.GetProperty("call").IsCallCard();
        await _street.Do("grid013", no, "arrive");
        await _street.Do("grid013", no, "return", new { reason = "unsafe", note = "等专业人员" });
        var card = await _street.Card(no);
        Assert.Equal((CallStates.Ringing, "community"), (card.State, card.Rung));
        Assert.DoesNotContain("04", card.Teams);
        await _street.Handle("community02", no);
        Assert.Equal(CallStates.OnScene, (await _street.Do("grid009", no, "verify", new { passed = false, note = "没修好" })).State);
    }

    [Fact]
    public async Task Whoever_does_what_is_done_already_is_told_so_and_nothing_is_written()
    {
        var no = (await _street.Blow("013")).CallNo;
        var summon = new { party = "water" };
        var first = (await (await _street.As("duty")).Send($"/api/calls/{no}/summon", summon)).Value<Reply>();
        var second = (await (await _street.As("duty2")).Send($"/api/calls/{no}/summon", summon)).Value<Reply>();
        Assert.Equal((true, null, "已办好。"), (first.Ok, first.Already, first.Message));
        Assert.Equal((true, Codes.Ok, true, "刚才已经这样办过，没有再办一次。"), (second.Ok, second.Code, second.Already, second.Message));
        Assert.Equal(["whistled", "summoned"], (await _street.Journal(no)).Select(e => e.What));
    }

    [Fact]
    public async Task The_caller_follows_by_the_tracking_code()
    {
        var call = await _street.Blow("016");
        var path = $"/api/track/{call.TrackingCode}";
        var tracked = (await _street.Anyone.Read(path)).Json;
        tracked.Has("callNo version category level state grid station openedAt steps lead guide guidePhone overdue canMendPhone canWithdraw canEvaluate evaluateBy said told waits looks");
        Assert.Equal(call.CallNo, tracked.Text("callNo"));
        foreach (var step in tracked.GetProperty("steps").EnumerateArray()) step.Has(Shape.AnswerCard);
        Assert.Equal(call.Answers.Select(a => a.Due), tracked.GetProperty("steps").EnumerateArray().Select(s => s.Instant("due")));

        Assert.Equal(2, (await _street.Anyone.Send($"{path}/note", new { note = "在门口等" })).Value<TrackedCall>().Version);
        var withdrawn = (await _street.Anyone.Send($"{path}/withdraw")).Value<TrackedCall>();
        Assert.Equal((CallStates.Withdrawn, false, false), (withdrawn.State, withdrawn.CanWithdraw, withdrawn.CanEvaluate));
        Assert.Equal(3, (await _street.Anyone.Send($"{path}/withdraw")).Value<TrackedCall>().Version); // once more is no fault and no change
    }

    [Fact]
    public async Task The_callers_page_gets_the_case_at_once_and_after_every_change()
    {
        var call = await _street.Blow("019");
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        using var response = await _street.Anyone.GetAsync($"/api/track/{call.TrackingCode}/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        Assert.Equal(CallStates.Ringing, (await NextEvent(events, limit.Token)).State);
        await _street.Do("grid019", call.CallNo, "accept");
        var next = NextEvent(events, limit.Token);
        while (!next.IsCompleted)
        {
            _street.FastForward(TimeSpan.FromMilliseconds(500)); // the page's pace
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token));
        }

        Assert.Equal(CallStates.Accepted, (await next).State);
    }

    [Fact]
    public async Task The_street_is_public_and_names_no_person()
    {
        var street = (await _street.Anyone.Read("/api/street")).Json;
        street.Has("name nameEn communities grids stations teams categories parties promises surge dutyPhone former");
        Assert.Equal((17, 130, 12, 36, 26), (Count("communities"), Count("grids"), Count("stations"), Count("teams"), Count("categories")));
        street.GetProperty("communities")[0].Has("code name nameEn dutyPhone");
        street.GetProperty("grids")[0].Has("code name nameEn community outline");
        street.GetProperty("stations")[0].Has("code name nameEn grid position");
        street.GetProperty("teams")[0].Has("code name nameEn community grids");
        street.GetProperty("categories")[0].Has("code name nameEn level");
        street.GetProperty("parties")[0].Has("code name nameEn kind");
        street.GetProperty("surge").Has("minutes cases");
        Assert.Equal("01", street.GetProperty("categories")[0].Text("code"));
        Assert.Equal(2, street.GetProperty("grids")[0].GetProperty("outline")[0].GetArrayLength());

        int Count(string member) => street.GetProperty(member).GetArrayLength();
    }

    [Fact]
    public async Task The_board_is_one_moment_with_the_nearest_breach_first()
    {
        var duty = await _street.As("duty");
        for (var i = 0; i < 3; i++) await _street.Blow("022", i == 1 ? "01" : "08");
        var board = (await duty.Read("/api/board")).Json;
        board.Has("epoch seq total calls");
        foreach (var call in board.GetProperty("calls").EnumerateArray()) call.IsCallCard();
        var breaches = board.GetProperty("calls").EnumerateArray().Select(c => c.Instant("breachAt")).ToList();
        Assert.Equal(breaches.Order(), breaches);
        Assert.Equal(board.GetProperty("total").GetInt32(), breaches.Count);
        var limited = (await duty.Read("/api/board?limit=2")).Value<Board>();
        Assert.Equal(2, limited.Calls.Count);
        Assert.Equal(breaches.Count, limited.Total);
        foreach (var wrong in (string[])["0", "5001", "-1", "x", "1e3"]) (await duty.Read($"/api/board?limit={wrong}")).Problem(400, Codes.BadRequest);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task The_board_is_compressed_and_unchanged_is_304(string encoding)
    {
        await _street.Blow("025");
        using var duty = _street.WithToken(await _street.TokenOf("duty"));
        duty.DefaultRequestHeaders.Add("Accept-Encoding", encoding);
        using var response = await duty.GetAsync("/api/board");
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        await using var packed = await response.Content.ReadAsStreamAsync();
        await using Stream plain = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        var board = (await JsonSerializer.DeserializeAsync(plain, ContractsJson.Default.Board))!;
        var tag = response.Headers.ETag!.ToString();

        var same = await duty.Ask(HttpMethod.Get, "/api/board", shape: r => r.Headers.Add("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, string.Empty), (same.Status, same.Text));
        // What stands between may have weakened the tag, or the client may know several.
        var weak = await duty.Ask(HttpMethod.Get, "/api/board", shape: r => r.Headers.Add("If-None-Match", $"\"other\", W/{tag}"));
        Assert.Equal(HttpStatusCode.NotModified, weak.Status);

        await _street.Blow("025");
        var newer = await duty.Ask(HttpMethod.Get, "/api/board", shape: r => r.Headers.Add("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, newer.Status);
        Assert.NotEqual(tag, newer.Headers.ETag!.ToString());
        Assert.True(board.Seq > 0);
    }

    [Fact]
    public async Task A_screen_joins_the_stream_at_the_boards_number_and_misses_nothing()
    {
        await _street.Blow("028"); // a board of a street without any change stands at 0, from where one begins with a snapshot
        var board = (await (await _street.As("duty")).Read("/api/board")).Value<Board>();
        var call = await _street.Blow("028");
        await using var screen = await _street.Watch("duty", board.Seq);
        await screen.Shows(call.CallNo, CallStates.Ringing);
        Assert.Equal(board.Epoch, screen.Epoch);
        Assert.Equal(FrameKinds.Delta, screen.Frames[0].Kind);
    }

    [Fact]
    public async Task A_frame_and_the_cards_in_it_have_the_documented_form()
    {
        var call = await _street.Blow("029");
        await using var screen = await Screen.FilledAsync(_street, "grid029");
        await _street.Do("grid030", call.CallNo, "accept");
        await screen.Shows(call.CallNo, CallStates.Accepted);
        foreach (var frame in screen.Wire.Select(w => JsonSerializer.Deserialize<JsonElement>(w)))
        {
            frame.Has("epoch kind from through serverTime calls gone");
            Assert.Equal(_street.Now, frame.Instant("serverTime"));
            foreach (var card in frame.GetProperty("calls").EnumerateArray()) card.IsCallCard();
        }

        var accepted = screen.Cases[call.CallNo];
        Assert.Equal(new LeadCard("09", "gridWorker", "05"), accepted.Lead);
        var accept = accepted.Answers[0];
        Assert.Equal(("accept", "accept", "team", true, false, true), (accept.Key, accept.Kind, accept.Party, accept.Met, accept.Breached, accept.Required));
    }

    [Fact]
    public async Task The_auditor_reads_the_journal_in_pages()
    {
        var call = await _street.Blow("033");
        await _street.Do("grid033", call.CallNo, "accept");
        var auditor = await _street.As("auditor");
        var first = (await auditor.Read("/api/journal?after=0&limit=1")).Json;
        first.Has("epoch head entries");
        first.GetProperty("entries")[0].Has("seq callNo version at by what answer due detail card");
        first.GetProperty("entries")[0].GetProperty("card").IsCallCard();
        Assert.Equal(1, first.GetProperty("entries")[0].GetProperty("seq").GetInt64());
        var seen = new List<JournalLine>();
        JournalPage page;
        do
        {
            page = (await auditor.Read($"/api/journal?after={(seen.Count > 0 ? seen[^1].Seq : 0)}&limit=3")).Value<JournalPage>();
            Assert.True(page.Entries.Count <= 3);
            seen.AddRange(page.Entries);
        }
        while (page.Entries.Count > 0);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(e => e.Seq));
        Assert.Equal(page.Head, seen[^1].Seq);
        Assert.Equal(["whistled", "accepted"], seen.Where(e => e.CallNo == call.CallNo).Select(e => e.What));
        foreach (var wrong in (string[])["after=-1", "after=x", "limit=0", "limit=x"]) (await auditor.Read($"/api/journal?{wrong}")).Problem(400, Codes.BadRequest);
    }

    [Fact]
    public async Task An_account_learns_what_it_is()
    {
        var me = (await (await _street.As("grid037")).Read("/api/me")).Json;
        me.Has("userName role post postKind team community grid onDuty");
        Assert.Equal(("grid037", "member", "gridWorker", "11", "06", "037"), (me.Text("userName"), me.Text("role"), me.Text("postKind"), me.Text("team"), me.Text("community"), me.Text("grid")));
        Assert.True(me.GetProperty("onDuty").GetBoolean());
        Assert.Equal(JsonValueKind.Null, (await (await _street.As("admin")).Read("/api/me")).Json.GetProperty("post").ValueKind);
    }

    [Fact]
    public async Task People_on_a_case_read_all_of_it()
    {
        var call = (await _street.Anyone.Send("/api/whistles", new
        {
            grid = "040", category = "02", description = "三楼漏水", contact = new { name = "张三丰", phone = "13812345678" },
        })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await _street.Do("grid040", call.CallNo, "accept");
        await _street.Do("grid040", call.CallNo, "note", new { note = "马上到" });
        var detail = (await (await _street.As("grid040")).Read($"/api/calls/{call.CallNo}")).Json;
        detail.Has("call description contact texts photos timeline guide exemptions extensions commands");
        detail.GetProperty("call").IsCallCard();
        Assert.Equal("三楼漏水", detail.Text("description"));
        detail.GetProperty("contact").Has("name phone");
        detail.GetProperty("texts")[0].Has("kind by at words version");
        Assert.Equal(("note", "gridWorker", "马上到"), (detail.GetProperty("texts")[0].Text("kind"), detail.GetProperty("texts")[0].Text("by"), detail.GetProperty("texts")[0].Text("words")));
        detail.GetProperty("timeline")[0].Has("version at by what answer detail");
        Assert.Equal(["caller", "gridWorker", "gridWorker"], detail.GetProperty("timeline").EnumerateArray().Select(t => t.Text("by")));
        Assert.Equal(["arrive", "return", "summon", "help", "correct", "requestExtension", "requestSuspension", "requestDecline", "child", "emergency", "recuse", "note", "tell"], detail.GetProperty("commands").EnumerateArray().Select(c => c.GetString()!));
    }

    [Fact]
    public async Task An_officer_writes_a_whistle_down_for_a_caller()
    {
        var community = await _street.As("community07");
        var call = (await community.Send("/api/whistles", new { grid = "044", category = "02", source = "phone" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal((await _street.PostOf("community07")).Value, (await _street.Journal(call.CallNo))[0].By);
        (await community.Send("/api/whistles", new { grid = "044", category = "02", source = "letter" })).Problem(422, Codes.SourceUnknown);
        (await (await _street.As("police13")).Send("/api/whistles", new { grid = "044", category = "02", source = "phone" })).Problem(403, "source_forbidden");
    }

    [Fact]
    public async Task Health_is_told_in_words()
    {
        Assert.Equal((HttpStatusCode.OK, "live"), Said(await _street.Anyone.Read("/healthz/live")));
        Assert.Equal((HttpStatusCode.OK, "ready"), Said(await _street.Anyone.Read("/healthz/ready")));
        Assert.Equal(HttpStatusCode.OK, (await _street.Anyone.Read("/openapi/v1.json")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _street.Anyone.Read("/swagger/index.html")).Status);

        static (HttpStatusCode, string) Said(Answer answer) => (answer.Status, answer.Text);
    }

    private static async Task<CallCard> Reply(HubConnection hub, int version, string state, string command, params object[] arguments)
    {
        var json = await hub.InvokeCoreAsync<JsonElement>(command, arguments);
        json.Has("ok code message messageEn call");
        var reply = json.Deserialize(ContractsJson.Default.Reply)!;
        Assert.True(reply.Ok, reply.MessageEn);
        Assert.Equal((version, state), (reply.Call!.Version, reply.Call.State));
        return reply.Call;
    }

    private static async Task<TrackedCall> NextEvent(StreamReader events, CancellationToken ct)
    {
        while (await events.ReadLineAsync(ct) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonSerializer.Deserialize(line.AsSpan(6), ContractsJson.Default.TrackedCall)!;
        throw new EndOfStreamException("The events ended.");
    }
}
