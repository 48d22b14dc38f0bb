using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A database that the program before the exceptions of the street has left, with cases on it, is brought up to date and goes on.</summary>
public sealed class OlderDatabaseTests
{
    /// <summary>What the bodies of that program did not have.</summary>
    private static readonly string[] Later =
        ["guide", "guides", "designated", "abroad", "suspended", "pauses", "petitions", "extended", "difficult", "parent", "children", "joined", "emergency", "released", "length", "standard", "posts", "exemptions"];

    [Fact]
    public async Task Open_cases_of_the_version_before_go_on_with_their_clocks_and_take_every_new_order()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Sweep();
        var (ringing, accepted, onScene, resolved) = (await street.Blow(), await street.Blow(), await street.Blow(), await street.Blow());
        await street.Do("grid001", accepted.CallNo, "accept");
        await street.Do("grid001", onScene.CallNo, "accept");
        await street.Do("grid001", onScene.CallNo, "arrive");
        await street.Handle("grid001", resolved.CallNo);
        await street.Anyone.Send($"/api/track/{(await street.Blow()).TrackingCode}/withdraw");
        await MakeOlder(street);
        await street.RestartAsync();
        await street.Sweep();
        Assert.Equal(Migrations.Latest, await VersionOf(street));

        // Their clocks are those of before, and act.
        await street.SweepAfter(TimeSpan.FromMinutes(15) + TimeSpan.FromMilliseconds(1));
        Assert.True((await street.Card(ringing.CallNo)).Answers[0].Breached);
        Assert.Equal(accepted.Answers[1].Due, (await street.Card(accepted.CallNo)).Answers[1].Due);

        // And every kind of new order finds the lists that their bodies lack.
        await street.Do("community01", ringing.CallNo, "merge", new { into = accepted.CallNo });
        await street.Do("community01", ringing.CallNo, "unmerge", new { });
        await street.Do("community01", ringing.CallNo, "correct", new { level = "S1" });
        await street.Do("grid001", onScene.CallNo, "request", new { kind = "extension", hours = 24, note = "等配件" }); // its span is known from its instants
        Assert.Equal(onScene.Answers[2].Due.AddHours(24), (await street.Do("community01", onScene.CallNo, "rule", new { kind = "extension", granted = true })).Answers[2].Due);
        await street.Do("grid001", accepted.CallNo, "summon", new { party = "water" });
        (await (await street.As("community01")).Send($"/api/calls/{accepted.CallNo}/link", new { answer = "party-water" })).Value<LinkReply>(System.Net.HttpStatusCode.Created);
        await street.Do("community01", accepted.CallNo, "emergency", new { number = "119" });
        (await (await street.As("grid001")).Send($"/api/calls/{accepted.CallNo}/child", new { note = "善后" })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        await street.Do("duty", accepted.CallNo, "designate", new { team = "03", note = "支援" });
        await (await street.As("police01")).Send($"/api/calls/{resolved.CallNo}/recuse", new { });
        (await (await street.As("police01")).Read($"/api/calls/{resolved.CallNo}")).Problem(404, Codes.CallNotFound);
        await street.Do("grid001", ringing.CallNo, "accept");
        await street.Do("grid001", ringing.CallNo, "request", new { kind = "exemption", answer = "accept", reason = "system", note = "旧版程序" });
        await street.Do("grid002", resolved.CallNo, "verify", new { passed = true });
        await street.Do("community01", resolved.CallNo, "callback", new { result = "noAnswer" });
        Assert.Equal(CallStates.Verified, (await street.Anyone.Read($"/api/track/{resolved.TrackingCode}")).Value<TrackedCall>().State);
        await using var screen = await Screen.FilledAsync(street, "grid008");
        Assert.Equal(CallStates.Ringing, screen.Cases[accepted.CallNo].State);
        Assert.Empty(HonestStreet.Verify(street).Faults); // taken as it was found, and chained from there
        Assert.Equal(["whistled", "accepted", "summoned"], (await street.Journal(accepted.CallNo)).Select(e => e.What).Where(w => w is not ("joined" or "parted")).Take(3));
    }

    [Fact]
    public async Task An_empty_database_of_the_version_before_is_brought_up_to_date()
    {
        await using var street = await TestStreet.StartAsync();
        await MakeOlder(street);
        Assert.Equal(2, await VersionOf(street));
        Migrations.Run(street.Service<Database>(), upTo: 2); // there already
        Assert.Equal(2, await VersionOf(street));
        Migrations.Run(street.Service<Database>());
        Assert.Equal(Migrations.Latest, await VersionOf(street));
        Assert.NotEmpty((await street.Blow()).CallNo);
    }

    /// <summary>Takes away what the third migration and those after it brought, the latest first, from the tables and from the bodies.</summary>
    private static async Task MakeOlder(TestStreet street)
    {
        await using var db = street.Service<Database>().Context();
        foreach (var sql in (string[])[
            "DROP TABLE erasures", "DROP TABLE acts", "DROP TABLE chain", "DROP TABLE chain_columns", "DROP TABLE chain_keys", .. ((string[])["link", "link_hash", "link_at"]).Select(c => $"ALTER TABLE head DROP COLUMN {c}"),
            .. ((string[])["words", "callers", "reads"]).Select(t => $"ALTER TABLE {t} DROP COLUMN salt"),
            "DROP INDEX calls_grave", "DROP TABLE ready", "DROP TABLE outbox", "DROP TABLE channels", "DELETE FROM books WHERE name = 'reach'",
            "DROP INDEX calls_solved", "DROP TABLE photo_files", "DROP TABLE photos", "DROP INDEX journal_accepted", "DROP TABLE presence", "DELETE FROM module_versions WHERE module = 'Feed'",
            "DROP INDEX calls_in_hand", .. ((string[])["roster_feeds", "gaps", "duty_words", "roster_journal", "swaps", "absences", "patterns", "account_posts"]).Select(t => $"DROP TABLE {t}"),
            "ALTER TABLE posts DROP COLUMN retired_at", "DROP INDEX shifts_until", "DROP INDEX shifts_slot",
            .. ((string[])["changed_at", "version", "standby", "state", "slot"]).Select(c => $"ALTER TABLE shifts DROP COLUMN {c}"),
            "DROP INDEX journal_exemption", "DROP INDEX calls_recused", "ALTER TABLE calls DROP COLUMN recused", "DROP INDEX journal_lapsed", "DROP TABLE auditor", "DROP INDEX calls_open",
            "DROP INDEX journal_opened", "DELETE FROM books WHERE name = 'standards'",
            "DROP TABLE party_links", "DROP INDEX calls_abroad", "ALTER TABLE calls DROP COLUMN abroad", "DELETE FROM schema_version WHERE version > 2"])
            await db.Database.ExecuteSqlRawAsync(sql);
        var bodies = await db.Database.SqlQueryRaw<string>("SELECT body AS \"Value\" FROM calls").ToListAsync();
        foreach (var body in bodies)
        {
            var older = JsonNode.Parse(body)!;
            Strip(older);
            var (no, text) = (older["no"]!.GetValue<string>(), older.ToJsonString());
            Assert.Equal(1, await db.Database.ExecuteSqlAsync($"UPDATE calls SET body = {text} WHERE no = {no}"));
        }
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject members)
            foreach (var name in Later) members.Remove(name);
        foreach (var child in node switch { JsonObject o => o.Select(m => m.Value), JsonArray a => a, _ => [] }) Strip(child);
    }

    private static async Task<int> VersionOf(TestStreet street)
    {
        await using var db = street.Service<Database>().Context();
        return (await db.Database.SqlQueryRaw<int>("SELECT CAST(MAX(version) AS INTEGER) AS \"Value\" FROM schema_version").ToListAsync())[0];
    }
}
