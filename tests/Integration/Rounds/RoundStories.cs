using System.Net;
using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Rounds;

/// <summary>What is due opens by itself, is walked, and is told upwards if it is not. It is Wednesday 11 March 2026, 09:00.</summary>
public sealed class RoundStories : IAsyncLifetime
{
    private const string Register = """
        code,kind,name,name_en,place
        b1,building,1号楼,Building 1,grid:001
        b2,building,2号楼,Building 2,grid:001
        b10,building,10号楼,Building 10,grid:001
        b3,building,3号楼,Building 3,grid:002

        """;

    private const string Daily = """{ "rhythms": [{ "code": "day", "name": "每日巡查", "nameEn": "Daily round", "procedure": "round", "place": "grid", "every": "day", "from": "08:00", "stops": ["building"], "checks": [{ "code": "lift", "name": "电梯", "nameEn": "Lift" }] }] }""";

    private TestStreet? _street;

    private TestStreet Street => _street!;

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        var import = await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(Register)), false, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty && import.Unusable is null);
        await HoldAsync(Daily);
    }

    public ValueTask DisposeAsync() => _street?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_due_opens_once_for_each_grid_that_has_a_place_to_stop_at()
    {
        Assert.Equal([("001", "planned"), ("002", "planned")], (await Of("duty")).Select(r => (r.Grid!, r.State)));
        await LookAsync();
        await LookAsync();
        await Street.RestartAsync();
        await LookAsync();
        var mine = Assert.Single(await Of("grid001"), r => r.Mine);
        Assert.Equal(("open", "001", "每日巡查", Street.Now.AddHours(12)), (mine.State, mine.Grid, mine.Name, mine.Due));
        Assert.Equal(["b1", "b2", "b10"], mine.Stops.Select(s => s.Place)); // as houses are numbered
        Assert.Equal(["lift"], mine.Checks.Select(c => c.Code));
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(2, await db.Rounds.CountAsync());
        Assert.Equal(2, (await Of("duty")).Count(r => r.State == "open"));
    }

    [Fact]
    public async Task Before_its_hour_and_on_other_days_it_is_planned_and_nothing_opens()
    {
        Street.FastForward(TimeSpan.FromHours(22)); // 07:00 on Thursday
        await LookAsync();
        Assert.All(await Of("duty"), r => Assert.Equal(("planned", null), (r.State, r.CallNo)));
        Assert.Equal(2, (await Of("duty", "2026-03-20")).Count(r => r.State == "planned"));
        foreach (var wrong in (string[])["2026-3-1", "yesterday", "2025-01-01", "2026-12-31"]) (await (await Street.As("duty")).Read($"/api/rounds?day={wrong}")).Problem(422, "round_day");
    }

    [Fact]
    public async Task What_is_amiss_rings_as_seen_on_patrol_and_the_rest_in_order_ends_the_round()
    {
        var round = await OpenedAsync();
        Assert.Equal((null, false), await Stop(round, new { place = "b1" }) is var first ? (first.Whistle, first.Done) : default);
        var found = await Stop(round, new { place = "b2", found = true, category = "04", words = "电梯停在三楼", danger = true }, "tap-of-b2");
        Assert.Equal(found.Whistle, (await Stop(round, new { place = "b2", found = true, category = "04", words = "电梯停在三楼", danger = true }, "tap-of-b2")).Whistle); // two taps, one case
        var card = await Street.Card(found.Whistle!);
        Assert.Equal(("001", "04", "S1", "patrol", "ringing"), (card.Grid, card.Category, card.Level, card.Source, card.State));
        Assert.True((await Stop(round, new { rest = (string[])["b10"] })).Done);
        var after = Assert.Single(await Of("grid001"), r => r.CallNo == round);
        Assert.Equal(("done", false), (after.State, after.Mine));
        Assert.Equal([("b1", false, ""), ("b2", true, found.Whistle!), ("b10", (bool?)false, "")], after.Stops.Select(s => (s.Place, s.Found, string.Join(' ', s.Whistles ?? []))));
        Assert.DoesNotContain((await Inbox("grid001")).Owed, o => o.Matter.CallNo == round);
    }

    [Fact]
    public async Task The_last_place_ends_the_round_by_itself()
    {
        var round = await OpenedAsync();
        foreach (var (place, last) in new[] { ("b10", false), ("b1", false), ("b1", false), ("b2", true) }) Assert.Equal(last, (await Stop(round, new { place })).Done);
    }

    [Fact]
    public async Task What_is_not_walked_is_explained_by_the_community_or_climbs_to_the_street()
    {
        var round = await OpenedAsync();
        await Stop(round, new { place = "b1" });
        Assert.DoesNotContain((await Inbox("community01")).Owed, o => o.Matter.CallNo == round);
        await Street.SweepAfter(TimeSpan.FromHours(13));
        Assert.Equal("missed", Assert.Single(await Of("community01"), r => r.CallNo == round).State);
        Assert.Equal("gap", Assert.Single((await Inbox("community01")).Owed, o => o.Matter.CallNo == round).Stage.Code);
        await Street.SweepAfter(TimeSpan.FromDays(3));
        Assert.Contains((await Inbox("duty")).Owed, o => o.Matter.CallNo == round && o.Climbed);
        (await Post("community01", $"/api/matters/{round}/answer", new { owed = "explain", says = "done", form = new { words = "网格员请假" } })).Value<MatterReply>();
        Assert.DoesNotContain((await Inbox("duty")).Owed, o => o.Matter.CallNo == round);
    }

    /// <summary>A week without a network: what was seen is kept, what was amiss still rings.</summary>
    [Fact]
    public async Task A_stop_that_comes_after_its_round_is_kept_and_what_was_amiss_still_rings()
    {
        var round = await OpenedAsync();
        await Street.SweepAfter(TimeSpan.FromDays(7));
        var late = await Stop(round, new { place = "b1", found = true, category = "02", words = "漏水" });
        Assert.Equal("ringing", (await Street.Card(late.Whistle!)).State);
        Assert.True(Assert.Single(await Of("duty", "2026-03-11"), r => r.CallNo == round).Stops.Single(s => s.Place == "b1").Found);
    }

    /// <summary>A photo that went up long before its tap got through is forgotten by then: the phone hears of it before anything rings, and sends it again with the same tap.</summary>
    [Fact]
    public async Task A_forgotten_photo_is_asked_for_again_and_not_left_out()
    {
        var round = await OpenedAsync();
        async Task<string> UploadAsync() => (await Street.Anyone.Send("/api/photos", MadePhotos.Jpeg(6), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        object Finding(string photo) => new { place = "b1", found = true, category = "02", words = "漏水", photos = (string[])[photo] };
        var forgotten = await UploadAsync();
        Street.FastForward(TimeSpan.FromHours(1));
        await Street.CleanUp();
        (await TryStop("grid001", round, Finding(forgotten), "tap-of-b1")).Problem(422, Codes.PhotoUnknown);
        var again = await UploadAsync();
        var found = await Stop(round, Finding(again), "tap-of-b1");
        Assert.Equal(found.Whistle, (await Stop(round, Finding(again), "tap-of-b1")).Whistle); // its answer was lost on the way
        Assert.Single((await (await Street.As("duty")).Read($"/api/calls/{found.Whistle}")).Value<CallDetail>().Photos);
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(1, await db.Calls.CountAsync());
    }

    [Fact]
    public async Task A_new_document_closes_what_nobody_has_touched_and_keeps_the_rest()
    {
        var round = await OpenedAsync();
        await Stop(round, new { place = "b1" });
        await HoldAsync("""{ "rhythms": [] }""");
        await LookAsync();
        Assert.Equal([("001", "open")], (await Of("duty")).Select(r => (r.Grid!, r.State)));
        Assert.Empty(await Of("duty", "2026-03-12"));

        // It was a mistake: what was closed opens again, and the other goes on.
        await HoldAsync(Daily);
        await LookAsync();
        Assert.Equal([("001", "open"), ("002", "open")], (await Of("duty")).Select(r => (r.Grid!, r.State)).Order());
        Assert.Equal(round, Assert.Single(await Of("grid001"), r => r.Mine).CallNo);
    }

    [Fact]
    public async Task Only_who_answers_for_the_grid_walks_it_and_others_see_no_more_than_their_own()
    {
        var round = await OpenedAsync();
        Assert.Equal(["001", "002"], (await Of("police01")).Select(r => r.Grid!).Order()); // of the same team
        Assert.Empty(await Of("grid004"));
        Assert.Empty(await Of("community02"));
        Assert.Equal(2, (await Of("community01")).Count);
        (await TryStop("grid004", round, new { place = "b1" })).Problem(404, Codes.CallNotFound);
        (await TryStop("community02", round, new { place = "b1" })).Problem(404, Codes.CallNotFound);
        Assert.DoesNotContain((await (await Street.As("grid004")).Read("/api/matters")).Value<MatterList>().Matters, m => m.CallNo == round);
    }

    [Fact]
    public async Task A_tap_that_comes_when_the_shift_is_over_still_rings_and_is_kept()
    {
        var round = await OpenedAsync();
        await Street.SignOff("grid001");
        var late = await Stop(round, new { place = "b2", found = true, category = "02", words = "漏水" });
        Assert.Equal("ringing", (await Street.Card(late.Whistle!)).State);
        Assert.True(Assert.Single(await Of("duty"), r => r.CallNo == round).Stops.Single(s => s.Place == "b2").Found);
        Assert.Empty(await Of("grid001")); // lists show nothing to who is off duty
    }

    /// <summary>The phone leaves out of the rest what it has reported otherwise: a report that was refused does not become "in order".</summary>
    [Fact]
    public async Task The_rest_is_what_the_phone_names_and_nothing_else()
    {
        var round = await OpenedAsync();
        (await TryStop("grid001", round, new { place = "b1", found = true, category = "none" })).Problem(422, Codes.CategoryUnknown);
        Assert.False((await Stop(round, new { rest = (string[])["b2", "b10"] })).Done);
        Assert.Equal([(true, "b1"), (false, "b2"), (false, "b10")], Assert.Single(await Of("grid001"), r => r.Mine).Stops.Select(s => (s.At is null, s.Place)));
        Assert.True((await Stop(round, new { place = "b1" })).Done);
    }

    [Fact]
    public async Task Taps_that_come_at_once_end_the_round_together()
    {
        var round = await OpenedAsync();
        await Task.WhenAll(((string[])["b1", "b2", "b10"]).Select(place => Stop(round, new { place })));
        Assert.Equal("done", Assert.Single(await Of("grid001"), r => r.CallNo == round).State);
    }

    [Fact]
    public async Task Something_amiss_stays_whoever_has_found_the_place_in_order_before()
    {
        var round = await OpenedAsync();
        await Stop(round, new { place = "b1" });
        var first = await Stop(round, new { place = "b1", found = true, category = "02", words = "一" });
        var second = await Stop(round, new { place = "b1", found = true, category = "04", words = "二" });
        await Stop(round, new { rest = (string[])["b1", "b2"] });
        var seen = Assert.Single(await Of("grid001"), r => r.CallNo == round).Stops[0];
        Assert.Equal((true, $"{first.Whistle} {second.Whistle}"), (seen.Found, string.Join(' ', seen.Whistles!.Order(StringComparer.Ordinal))));
    }

    /// <summary>Opened before anybody is there, it would climb to the desks at once.</summary>
    [Fact]
    public async Task A_round_waits_for_somebody_on_duty_and_not_for_ever()
    {
        await Street.SignOff("grid001", "grid002");
        await LookAsync();
        Assert.Equal([("001", "planned"), ("002", "planned")], (await Of("duty")).Select(r => (r.Grid!, r.State)).Order());
        Street.FastForward(RhythmRuns.WaitsForSomebody);
        await LookAsync();
        Assert.All(await Of("duty"), r => Assert.Equal("open", r.State));
    }

    [Fact]
    public async Task A_round_that_runs_past_midnight_stays_with_who_walks_it()
    {
        Street.FastForward(TimeSpan.FromHours(6)); // put into force at 15:00
        var round = await OpenedAsync();
        Street.FastForward(TimeSpan.FromHours(10)); // 01:00
        Assert.Equal("open", Assert.Single(await Of("grid001"), r => r.CallNo == round).State);
        Assert.True((await Stop(round, new { rest = (string[])["b1", "b2", "b10"] })).Done);
    }

    [Fact]
    public async Task A_desk_that_cancels_its_gap_does_not_hide_it()
    {
        var round = await OpenedAsync();
        await Street.SweepAfter(TimeSpan.FromHours(13));
        await Post("community01", $"/api/matters/{round}/cancel", new { note = "不用了" });
        Assert.Equal("missed", Assert.Single(await Of("duty", "2026-03-11"), r => r.CallNo == round).State);
    }

    [Fact]
    public async Task Who_has_recused_themselves_sees_no_round_not_even_as_planned()
    {
        var round = await OpenedAsync();
        (await Post("grid001", $"/api/matters/{round}/recuse", new { })).Value<MatterReply>();
        Assert.DoesNotContain(await Of("grid001"), r => r.Grid == "001");
    }

    [Fact]
    public async Task A_wrong_stop_is_refused_and_nothing_is_kept()
    {
        var round = await OpenedAsync();
        (await TryStop("grid001", round, new { })).Problem(422, "round_place");
        (await TryStop("grid001", round, new { place = "b3" })).Problem(422, "round_place"); // of another grid
        (await TryStop("grid001", round, new { rest = (string[])["b1"], found = true })).Problem(422, "round_rest");
        (await TryStop("grid001", round, new { rest = (string[])["b1"], place = "b2" })).Problem(422, "round_rest");
        (await TryStop("grid001", round, new { rest = (string[])["b1", "b3"] })).Problem(422, "round_place");
        (await TryStop("grid001", round, new { place = "b1", found = true })).Problem(422, Codes.CategoryUnknown);
        (await TryStop("grid001", round, new { place = "b1", words = new string('a', 1_001) })).Problem(422, "text_too_long");
        (await TryStop("grid001", "M260311-99999", new { place = "b1" })).Problem(404, Codes.CallNotFound);
        Assert.All(Assert.Single(await Of("grid001"), r => r.CallNo == round).Stops, s => Assert.Null(s.At));
    }

    /// <summary>The server was away for the whole day: what was due then is shown as never opened.</summary>
    [Fact]
    public async Task A_day_that_the_server_slept_through_is_not_forgotten()
    {
        await LookAsync();
        Street.FastForward(TimeSpan.FromDays(2));
        await LookAsync();
        await HoldAsync("""{ "rhythms": [] }"""); // whatever holds later
        await LookAsync();
        Assert.Equal([("001", "notOpened"), ("002", "notOpened")], (await Of("duty", "2026-03-12")).Select(r => (r.Grid!, r.State)).Order());
        Assert.Empty(await Of("duty", "2026-03-10")); // before the street had any rhythm
        Assert.All(await Of("duty", "2026-03-11"), r => Assert.NotEqual("notOpened", r.State));
    }

    [Fact]
    public async Task The_plan_of_a_round_stays_as_it_was_whatever_becomes_of_the_register()
    {
        var round = await OpenedAsync();
        var import = await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes("code,name,until\nb2,拆除了,2026-03-01\n")), true, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty);
        Assert.Equal(["1号楼", "2号楼", "10号楼"], Assert.Single(await Of("grid001"), r => r.CallNo == round).Stops.Select(s => s.Name));
        Assert.DoesNotContain((await Of("grid001", "2026-03-12")).SelectMany(r => r.Stops), s => s.Place == "b2");
    }

    /// <summary>A review looks for itself: it opens where something expires, and says what.</summary>
    [Fact]
    public async Task What_expires_in_the_register_is_reviewed_where_it_does_and_named()
    {
        var import = await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(
            "code,kind,name,name_en,place,person,licenceUntil,until\na1,adviser,王律师,Lawyer Wang,community:01,王,2026-04-01,\na2,adviser,李律师,Lawyer Li,community:02,李,2027-04-01,\na3,adviser,赵律师,Lawyer Zhao,community:03,赵,2026-04-01,2026-03-10\na4,adviser,钱律师,Lawyer Qian,community:01,钱,2026-03-01,\n")), true, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty, string.Join('\n', import.Refused.Select(r => r.Why.English)));
        await HoldAsync(ReviewOf("expiring"));
        await LookAsync();
        var review = Assert.Single(await Of("duty"), r => r.CallNo is not null);
        Assert.Equal(("01", "open"), (review.Community, review.State));
        Assert.Equal("王律师（a1）：有效期至 2026-04-01。\n钱律师（a4）：已于 2026-03-01 到期。", await ListOfAsync("community01", review.CallNo!)); // from today on, and past it; not who has left
        (await Post("community01", $"/api/matters/{review.CallNo}/answer", new { owed = "look", says = "done", form = new { words = "都问过了，正在换证。" } })).Value<MatterReply>();
        Assert.Equal("done", Assert.Single(await Of("duty"), r => r.CallNo is not null).State);
    }

    /// <summary>A poster that nobody has scanned for 30 days may be gone; one that somebody has scanned is there.</summary>
    [Fact]
    public async Task Posters_that_nobody_scans_are_reviewed_and_a_scan_counts_for_thirty_days()
    {
        var map = Street.Service<StreetBook>().Map;
        string CommunityOf(Domain.Street.Station station) => map.FindGrid(station.Grid.Value)!.Community.Value;
        await HoldAsync(ReviewOf("posters"));
        await LookAsync();
        Assert.Empty(await LinesAsync()); // nobody knows yet whether they hang there
        Street.FastForward(TimeSpan.FromDays(10));
        var (scanned, clicked) = (map.Stations[0], map.Stations[1]);
        await Street.Anyone.GetStringAsync(new Uri($"/s/{scanned.Code.Value}", UriKind.Relative));
        await Street.Service<StationScans>().Writing; // the page does not wait for it
        await Street.Anyone.Ask(HttpMethod.Get, $"/s/{clicked.Code.Value}", shape: r => r.Headers.Add("Sec-Fetch-Site", "same-origin")); // from our own list of places
        await Street.Service<StationScans>().Writing;
        await Street.RestartAsync();
        Street.FastForward(TimeSpan.FromDays(20));
        await LookAsync();
        Assert.Equal(map.Stations.Where(s => s != scanned).Select(Never).Order(StringComparer.Ordinal), await LinesAsync());

        Street.FastForward(TimeSpan.FromDays(10));
        await LookAsync();
        Assert.Equal(map.Stations.Where(s => s != scanned).Select(Never).Append($"{scanned.Name}（{scanned.Code.Value}）：最近一次扫码 2026-03-21。").Order(StringComparer.Ordinal), await LinesAsync());

        static string Never(Domain.Street.Station station) => $"{station.Name}（{station.Code.Value}）：2026-03-11 以来没有扫码记录。";

        // Each in its own community's review.
        async Task<List<string>> LinesAsync()
        {
            var lines = new List<string>();
            foreach (var review in (await Of("duty")).Where(r => r.CallNo is not null))
            {
                var list = (await ListOfAsync("community" + review.Community, review.CallNo!)).Split('\n');
                Assert.Equal(map.Stations.Where(s => CommunityOf(s) == review.Community && list.Any(line => line.StartsWith(s.Name, StringComparison.Ordinal))).Count(), list.Length);
                lines.AddRange(list);
            }

            lines.Sort(StringComparer.Ordinal);
            return lines;
        }
    }

    private static string ReviewOf(string list) =>
        $$"""{ "rhythms": [{ "code": "look", "name": "定期检查", "nameEn": "Review", "procedure": "review", "place": "community", "every": "day", "from": "08:00", "lists": "{{list}}" }] }""";

    /// <summary>What the review says that it goes through.</summary>
    private async Task<string> ListOfAsync(string userName, string review) =>
        (await (await Street.As(userName)).Read("/api/matters/" + review)).Value<MatterDetail>().Timeline.SelectMany(line => line.Values ?? []).Single(v => v.Key == "list").Value!;

    private async Task<string> OpenedAsync()
    {
        await LookAsync();
        return Assert.Single(await Of("grid001"), r => r.Mine).CallNo!;
    }

    private Task LookAsync() => Street.Service<RhythmRuns>().LookAsync(CancellationToken.None);

    private Task<int> HoldAsync(string json) => Street.Service<RhythmBook>().AddAsync(json, "admin", CancellationToken.None);

    private async Task<IReadOnlyList<RoundView>> Of(string userName, string? day = null) => (await (await Street.As(userName)).Read(day is null ? "/api/rounds" : $"/api/rounds?day={day}")).Value<RoundList>().Rounds;

    private async Task<Inbox> Inbox(string userName) => (await (await Street.As(userName)).Read("/api/matters/inbox")).Value<Inbox>();

    private async Task<StopReply> Stop(string round, object body, string? key = null) => (await TryStop("grid001", round, body, key)).Value<StopReply>();

    private Task<Answer> TryStop(string userName, string round, object body, string? key = null) => Post(userName, $"/api/rounds/{round}/stops", body, key);

    private async Task<Answer> Post(string userName, string path, object body, string? key = null) =>
        await (await Street.As(userName)).Ask(HttpMethod.Post, path, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), key);
}
