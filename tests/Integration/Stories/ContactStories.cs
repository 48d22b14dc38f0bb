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
        (await Contact("community02", call.CallNo)).Problem(403, Codes.WrongTeam);
        (await Contact("leader", call.CallNo)).Problem(403, Codes.Forbidden);
        await Do("duty", call.CallNo, "callback", new { result = "reached", solved = true, satisfaction = "satisfied" });
        (await Contact("duty", call.CallNo)).Problem(409, Codes.CallOver);
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(["回访", "回访"], await db.Reads.AsNoTracking().Where(r => r.CallNo == call.CallNo && r.Looked == "contact").Select(r => r.Reason).ToListAsync());
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
