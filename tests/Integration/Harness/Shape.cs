using System.Text.Json;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>The exact shape of what is on the wire.</summary>
public static class Shape
{
    public const string CallCard = "callNo version category level flags community grid station source state rung teams lead answers nextDue breachAt openedAt";
    public const string AnswerCard = "key kind party due met breached required metAt from";

    /// <summary>Exactly these members, in any order.</summary>
    public static void Has(this JsonElement json, string members) =>
        Assert.Equal(members.Split(' ').Order(), json.EnumerateObject().Select(p => p.Name).Order());

    /// <summary>An instant in ISO 8601 with its offset.</summary>
    public static DateTimeOffset Instant(this JsonElement json, string member)
    {
        var text = json.GetProperty(member).GetString();
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$", text);
        return json.GetProperty(member).GetDateTimeOffset();
    }

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;

    public static void IsCallCard(this JsonElement json)
    {
        json.Has(CallCard);
        Assert.Matches("^[A-Z0-9-]{8,24}$", json.Text("callNo"));
        Assert.Contains(json.Text("level"), (string[])["S1", "S2", "S3"]);
        Assert.Contains(json.Text("state"), (string[])["ringing", "accepted", "onScene", "resolved", "verified", "closed", "withdrawn"]);
        Assert.Contains(json.Text("rung"), (string[])["team", "community", "street"]);
        Assert.True(json.GetProperty("version").GetInt32() > 0);
        json.Instant("openedAt");
        if (json.GetProperty("nextDue").ValueKind != JsonValueKind.Null) json.Instant("nextDue");
        if (json.GetProperty("breachAt").ValueKind != JsonValueKind.Null) json.Instant("breachAt");
        if (json.GetProperty("lead").ValueKind != JsonValueKind.Null) json.GetProperty("lead").Has("team post community");
        foreach (var answer in json.GetProperty("answers").EnumerateArray())
        {
            answer.Has(AnswerCard);
            answer.Instant("due");
            answer.Instant("from");
            Assert.Contains(answer.Text("kind"), (string[])["accept", "arrive", "resolve", "acknowledge"]);
            foreach (var flag in (string[])["met", "breached", "required"]) answer.GetProperty(flag).GetBoolean();
        }
    }
}
