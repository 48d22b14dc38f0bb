using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>A case is found by whatever somebody remembers of it, by those who may read it, and what touches a person is logged. Grid 001 is in community 01, grid 044 in 07.</summary>
public sealed class SearchStories : StreetStory
{
    [Fact]
    public async Task A_case_is_found_by_number_telephone_words_place_team_and_category_whether_open_or_over()
    {
        var over = await Blow("001", "02", "13812345678", "菜场后门的井盖响。");
        (await Street.Anyone.Send($"/api/track/{over.TrackingCode}/withdraw")).Value<TrackedCall>();
        var open = await Blow("044", "11", "+86 139-0000-5678", "楼下的灯不亮。");
        await Do("grid044", open.CallNo, "accept");
        await Do("grid044", open.CallNo, "note", new { note = "已带梯子去 Gate 7。" });

        Assert.Equal([(over.CallNo, "number")], await Found("duty", over.CallNo[^5..]));
        Assert.Equal([(open.CallNo, "phone"), (over.CallNo, "phone")], await Found("duty", "5678")); // the open one first
        Assert.Equal([(over.CallNo, "phone")], await Found("duty", "138 1234 5678"));
        Assert.Equal([(over.CallNo, "words")], await Found("duty", "菜场后门"));
        Assert.Equal([(open.CallNo, "words")], await Found("leader", "gate 7"));
        Assert.Equal([(open.CallNo, "place")], await Found("duty", Street.Service<Hub.Street.StreetBook>().Map.FindGrid("044")!.Name));
        Assert.Equal([(open.CallNo, "team")], await Found("duty", Street.Service<Hub.Street.StreetBook>().Map.FindTeam("13")!.Name));
        Assert.Equal([(open.CallNo, "category")], await Found("duty", "垃圾满溢"));
        Assert.Empty(await Found("duty", "9999"));
    }

    [Fact]
    public async Task Nobody_finds_what_they_may_not_read()
    {
        var call = await Blow("044", "11", "13812345678", "楼下的灯不亮。");
        Assert.Empty(await Found("leader", "5678")); // a leader reads no telephone number
        Assert.Empty(await Found("community01", "5678"));
        Assert.Empty(await Found("community01", call.CallNo));
        Assert.Single(await Found("community07", "5678"));
        (await Search("grid044", "5678")).Problem(403, Codes.Forbidden);
        (await Search("auditor", "5678")).Problem(403, Codes.Forbidden);
        (await Street.Anyone.Send("/api/search", new { q = "5678" })).Problem(401, Codes.Unauthenticated);

        await Do("duty", call.CallNo, "recuse", new { });
        Assert.Empty(await Found("duty", "灯不亮"));
        Assert.Empty(await Found("duty", "5678"));
        await Street.SignOff("community07");
        (await Search("community07", "灯不亮")).Problem(403, Codes.NotOnDuty);
    }

    [Fact]
    public async Task What_is_found_by_a_person_is_logged_and_the_caller_reads_it_and_what_is_found_by_codes_is_not()
    {
        var call = await Blow("044", "11", "13812345678", "楼下的灯不亮。");
        await Found("duty", "垃圾满溢");
        await Found("duty", "5678");
        await Found("duty", "灯不亮");
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(2, await db.Reads.CountAsync(r => r.CallNo == call.CallNo && r.Looked == LookQueries.Searched));
        var track = (await Street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>();
        Assert.Equal(2, track.Looks!.Count(look => look.Looked == LookQueries.Searched && look.By == "streetDesk"));
    }

    [Fact]
    public async Task A_question_has_a_shortest_and_a_longest_length_and_an_answer_has_a_limit_that_it_names()
    {
        foreach (var q in (string?[])[null, "", " 1 ", new string('x', CallSearch.Longest + 1)])
            (await Search("duty", q)).Problem(400, Codes.BadRequest);
        for (var i = 0; i < CallSearch.Limit + 1; i++) await Blow("044", "11");
        var view = (await Search("duty", "垃圾满溢")).Value<SearchView>();
        Assert.Equal((CallSearch.Limit, true), (view.Hits.Count, view.Cut));
    }

    private async Task<WhistleReceipt> Blow(string grid, string category, string? phone = null, string? description = null) =>
        (await Street.Anyone.Send("/api/whistles", new { grid, category, description, contact = phone is null ? null : new { name = "Wang", phone } })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);

    private async Task<List<(string, string)>> Found(string name, string q) => [.. (await Search(name, q)).Value<SearchView>().Hits.Select(hit => (hit.Call.CallNo, hit.By))];

    private async Task<Harness.Answer> Search(string name, string? q) => await (await Street.As(name)).Send("/api/search", new { q });
}
