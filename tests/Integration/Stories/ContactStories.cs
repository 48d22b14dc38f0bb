using System.Net;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>联系来电人: number and place for whoever needs them now, for a reason, each look written down.</summary>
public sealed class ContactStories : StreetStory
{
    private const double Lat = 35.0501234, Lon = 117.1601234;

    [Fact]
    public async Task A_desk_reaches_the_caller_while_their_word_is_awaited()
    {
        var call = await Blow(new { phone = "13812345678" });
        await Street.Handle("grid001", call.CallNo);
        await Do("grid002", call.CallNo, "verify", new { passed = true });
        foreach (var name in (string[])["community01", "duty"])
            Assert.Equal("13812345678", (await Contact(name, call.CallNo)).Json.Text("phone"));
        (await Contact("community02", call.CallNo)).Problem(404, Codes.CallNotFound);
        (await Contact("leader", call.CallNo)).Problem(403, Codes.Forbidden);
        await Do("duty", call.CallNo, "callback", new { result = "reached", solved = true, satisfaction = "satisfied" });
        (await Contact("duty", call.CallNo)).Problem(409, Codes.CallOver);
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(["回访", "回访"], (await db.Reads.AsNoTracking().Where(r => r.CallNo == call.CallNo && r.Looked == "contact").Select(r => r.Reason).ToListAsync()).Select(db.DataKeys.Decrypt));
    }

    [Fact]
    public async Task Only_who_works_on_it_verifies_it_or_decides_on_it_reaches_the_caller()
    {
        var (call, second) = (await Blow(new { phone = "13812345678" }), await Blow(new { phone = "13912345678" }));
        foreach (var rung in (string[])["grid001", "property01"]) (await Contact(rung, call.CallNo)).Problem(409, Codes.OutOfTurn);
        await Do("duty", second.CallNo, "merge", new { into = call.CallNo });
        (await Contact("grid001", second.CallNo)).Problem(409, Codes.OutOfTurn); // it rang there, and nobody took it
        await Street.Handle("grid001", call.CallNo);
        foreach (var (who, may) in new[] { ("police01", true), ("grid005", true), ("duty", true), ("grid008", false), ("grid029", false), ("police02", false), ("community02", false) })
        {
            var answer = await Contact(who, call.CallNo);
            if (may) Assert.Equal(HttpStatusCode.OK, answer.Status);
            else answer.Problem(404, Codes.CallNotFound);
        }

        await IsRefused("grid008", call.CallNo, "verify", 404, Codes.CallNotFound, new { passed = true });
        await Do("grid005", call.CallNo, "verify", new { passed = true });
        (await Contact("grid005", call.CallNo)).Problem(404, Codes.CallNotFound);
    }

    [Fact]
    public async Task Where_nobody_of_the_community_is_left_to_verify_a_grid_worker_of_another_may()
    {
        var call = await Blow(new { phone = "13812345678" });
        await Street.Handle("grid001", call.CallNo);
        foreach (var n in Enumerable.Range(2, 6)) (await (await Street.As("community01")).Send("/api/roster/retire", new { post = (await Street.PostOf($"grid{n:D3}")).Value })).Value<RosterTaken>();
        Assert.Contains("verify", (await (await Street.As("grid008")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Commands);
        Assert.Equal(CallStates.Verified, (await Do("grid008", call.CallNo, "verify", new { passed = true })).State);
        (await (await Street.As("grid008")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
    }

    [Theory]
    [InlineData("wgs84")]
    [InlineData("gcj02")]
    public async Task The_place_that_a_resident_attached_comes_with_the_contact_and_from_nowhere_else(string datum)
    {
        var call = await Blow(new { phone = "13812345678" }, new { lat = Lat, lon = Lon, datum });
        await Do("grid001", call.CallNo, "accept");
        var detail = await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}");
        Assert.True(detail.Json.GetProperty("contact").GetProperty("position").GetBoolean()); // that there is one, and no more
        foreach (var answer in new[] { detail, await (await Street.As("duty")).Read("/api/board"), await (await Street.As("auditor")).Read("/api/journal"), await Street.Anyone.Read($"/api/track/{call.TrackingCode}") })
            Assert.DoesNotContain("01234", answer.Text, StringComparison.Ordinal);

        var place = (await Contact("grid001", call.CallNo)).Json.GetProperty("position");
        Assert.Equal((Lat, Lon, datum), (place.GetProperty("lat").GetDouble(), place.GetProperty("lon").GetDouble(), place.Text("datum")));
        var (wgs84, gcj02) = (Pair(place, "wgs84"), Pair(place, "gcj02"));
        Assert.Equal((Lat, Lon), datum == "wgs84" ? wgs84 : gcj02);
        Assert.InRange(Math.Abs(wgs84.Lat - gcj02.Lat) + Math.Abs(wgs84.Lon - gcj02.Lon), 0.001, 0.02); // a Chinese map counts some hundred metres off
        (await Contact("head01", call.CallNo)).Problem(403, Codes.Forbidden); // a volunteer does not see the caller
        Assert.Equal(2, (await Looks(call.CallNo)).Length);
    }

    [Fact]
    public async Task A_place_alone_is_a_contact_too()
    {
        var call = await Blow(null, new { lat = Lat, lon = Lon, datum = "wgs84" });
        await Do("grid001", call.CallNo, "accept");
        var answer = await Contact("grid001", call.CallNo);
        Assert.Equal((HttpStatusCode.OK, JsonValueKind.Null), (answer.Status, answer.Json.GetProperty("phone").ValueKind));
        Assert.Equal(Lat, answer.Json.GetProperty("position").GetProperty("lat").GetDouble());
    }

    private async Task<WhistleReceipt> Blow(object? contact, object? location = null) =>
        (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "漏水", contact, location })).Value<WhistleReceipt>(HttpStatusCode.Created);

    private async Task<Harness.Answer> Contact(string userName, string no) => await (await Street.As(userName)).Send($"/api/calls/{no}/contact", new { note = "回访" });

    private static (double Lat, double Lon) Pair(JsonElement place, string datum) => (place.GetProperty(datum)[0].GetDouble(), place.GetProperty(datum)[1].GetDouble());
}
