using System.Text.Json.Nodes;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Rhythms;

/// <summary>A document of rhythms is refused with the member that is wrong; the shipped one is right.</summary>
public sealed class RhythmDocumentTests
{
    private static readonly Procedures Shipped = new([.. ProcedureBook.Shipped().Select(json => ProcedureJson.Parse(json, 1, TestStreet.DefaultPolicy))]);
    private static readonly Kinds Kinds = KindsJson.Parse(RegisterBook.ShippedKinds(), 1);

    [Fact]
    public void The_shipped_document_has_rounds_and_reviews_by_season() =>
        Assert.Equal(["estate", "flood", "heating", "holiday", "visits", "calls", "posters", "expiry", "honours"], Parse(RhythmBook.Shipped()).Select(r => r.Code));

    [Theory]
    [InlineData("code", "\"\"", "$.rhythms[0].code")]
    [InlineData("code", "\"a b\"", "$.rhythms[0].code")]
    [InlineData("name", "\" \"", "$.rhythms[0].name")]
    [InlineData("nameEn", "\"\"", "$.rhythms[0].nameEn")]
    [InlineData("procedure", "\"none\"", "$.rhythms[0].procedure")]
    [InlineData("procedure", "\"errand\"", "$.rhythms[0].procedure")] // it is for a person
    [InlineData("procedure", "\"callout\"", "$.rhythms[0].procedure")]
    [InlineData("place", "\"community\"", "$.rhythms[0].procedure")]
    [InlineData("place", "\"moon\"", "$.rhythms[0].place")]
    [InlineData("every", "\"hour\"", "$.rhythms[0].every")]
    [InlineData("every", "\"day\"", "$.rhythms[0].on")]
    [InlineData("on", "[]", "$.rhythms[0].on")]
    [InlineData("on", "[0]", "$.rhythms[0].on")]
    [InlineData("on", "[8]", "$.rhythms[0].on")]
    [InlineData("on", "[1, 1]", "$.rhythms[0].on")]
    [InlineData("days", "\"never\"", "$.rhythms[0].days")]
    [InlineData("from", "\"25:00\"", "$.rhythms[0].from")]
    [InlineData("season", "{ \"from\": 230, \"until\": 315 }", "$.rhythms[0].season")]
    [InlineData("season", "{ \"from\": 101, \"until\": 1301 }", "$.rhythms[0].season")]
    [InlineData("stops", "[\"dragon\"]", "$.rhythms[0].stops[0]")]
    [InlineData("stops", "[\"branch\"]", "$.rhythms[0].stops[0]")] // a body is no place
    [InlineData("stops", "[]", "$.rhythms[0].stops")]
    [InlineData("stops", "[null]", "$.rhythms[0].stops[0]")]
    [InlineData("checks", "[null]", "$.rhythms[0].checks[0]")]
    [InlineData("checks", "[{ \"code\": \"a\", \"name\": \"\", \"nameEn\": \"A\" }]", "$.rhythms[0].checks[0].name")]
    [InlineData("checks", "[{ \"code\": \"a\", \"name\": \"一\", \"nameEn\": \"A\" }, { \"code\": \"a\", \"name\": \"二\", \"nameEn\": \"B\" }]", "$.rhythms[0].checks[1].code")]
    [InlineData("lists", "\"expiring\"", "$.rhythms[0].lists")] // it stops at places
    [InlineData("lists", "\"everything\"", "$.rhythms[0].lists")]
    [InlineData("homes", "\"visit\"", "$.rhythms[0].homes")] // it stops at places already
    [InlineData("homes", "\"party\"", "$.rhythms[0].homes")] // nothing else about a home decides
    [InlineData("colour", "\"red\"", "colour")]
    public void What_is_wrong_is_named_by_its_member(string member, string value, string named)
    {
        var rhythm = One();
        rhythm[member] = JsonNode.Parse(value);
        var refused = Assert.Throws<UnusableDocumentException>(() => Parse(new JsonObject { ["rhythms"] = new JsonArray(rhythm) }.ToJsonString()));
        Assert.Contains(named, refused.English, StringComparison.Ordinal);
        Assert.Contains(named, refused.Chinese, StringComparison.Ordinal);
    }

    /// <summary>A list needs a field in which it stands.</summary>
    [Fact]
    public void A_list_of_a_procedure_without_room_for_it_is_refused()
    {
        static string Of(string procedure) => $$"""{ "rhythms": [{ "code": "r", "name": "一", "nameEn": "One", "procedure": "{{procedure}}", "place": "community", "every": "month", "on": [1], "lists": "posters" }] }""";
        Assert.Equal(Domain.Rhythms.ReviewList.Posters, Assert.Single(Parse(Of("review"))).Lists);
        var other = ProcedureBook.Shipped().Select(json => ProcedureJson.Parse(json, 1, TestStreet.DefaultPolicy)).First(p => p is { Place: Domain.Matters.PlaceKind.Community, HasCaller: false } && p.Code != "review");
        Assert.Contains("$.rhythms[0].lists", Assert.Throws<UnusableDocumentException>(() => { Parse(Of(other.Code)); }).English, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_one_code_are_refused() =>
        Assert.Contains("$.rhythms[1].code", Assert.Throws<UnusableDocumentException>(() => Parse(new JsonObject { ["rhythms"] = new JsonArray(One(), One()) }.ToJsonString())).English, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{ \"rhythms\": [null] }")]
    [InlineData("{ \"rhythms\": [], \"rhythms\": [] }")]
    public void What_is_no_document_is_refused(string text) => Assert.Throws<UnusableDocumentException>(() => Parse(text));

    private static System.Collections.Immutable.ImmutableArray<Domain.Rhythms.Rhythm> Parse(string json) => RhythmJson.Parse(json, Shipped.Find, Kinds);

    private static JsonObject One() => JsonNode.Parse("""
        { "code": "r", "name": "一", "nameEn": "One", "procedure": "round", "place": "grid", "every": "week", "on": [1], "stops": ["building"], "checks": [{ "code": "a", "name": "一", "nameEn": "A" }] }
        """)!.AsObject();
}
