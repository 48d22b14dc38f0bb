using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>Promise 7: contacts, forms and notes of matters stand in erasable tables, are shown for a reason alone, and travel nowhere.</summary>
public sealed class MatterLeakTests : MatterTests
{
    private readonly List<string> _marks = [];

    [Fact]
    public async Task Nothing_of_a_person_or_of_a_form_gets_out_and_every_look_is_written_down()
    {
        string[] watchers = ["duty", "community01", "grid001", "police01", "property01"];
        var screens = await Task.WhenAll(watchers.Select(w => Screen.FilledAsync(Street, w)));
        var opened = await It.Open(body: MatterScene.Errand(what: Mark(), whose: Mark(), name: Mark(), phone: Phone()), key: Mark());
        var no = opened.CallNo;
        await It.Say("grid001", no, "take", "accepted");
        await It.Paper("grid001", no, Mark());
        await It.Try("grid001", no, "note", new { note = Mark() });
        await It.Say("grid001", no, "papers", "done");
        await It.Say("grid001", no, "work", "done", new() { ["words"] = Mark() });
        await It.GiveBack("grid001", no, 1, by: Mark());
        await It.Say("grid001", no, "work", "done", new() { ["words"] = Mark() }); // late
        var follow = $"/api/follow/{opened.TrackingCode}";
        await Street.Anyone.Send($"{follow}/note", new { note = Mark() });
        await Street.Anyone.Send($"{follow}/answer", new { owed = "followUp", says = "satisfied", form = new { words = Mark() } });

        // Refused in every way, with words in every place.
        foreach (var body in new object[]
        {
            new { owed = Mark(), says = Mark(), form = new Dictionary<string, string> { [Mark()] = Mark() } }, new { owed = "work", says = Mark(), note = Mark() }, new { key = Mark(), posts = new[] { Mark() } },
        })
            foreach (var verb in (string[])["answer", "choose", "link", "note"]) await It.Try("grid001", no, verb, body);
        await It.TryOpen("community01", new { procedure = Mark(), grid = Mark() });
        await It.TryOpen("community01", new { procedure = "errand", grid = "001", origin = Mark(), form = new Dictionary<string, string> { ["what"] = Mark(), [Mark()] = Mark() }, contact = new { name = Mark(), phone = Mark() } });
        await (await Street.As("duty")).Read($"/api/matters/{no}?x={Mark()}");
        await Street.Anyone.Read($"/api/follow/{Mark()}0123456789");

        // Shown for a reason alone, and that is written down.
        var duty = await Street.As("duty");
        var detail = await It.Detail("duty", no);
        Assert.Equal("reason", detail.Timeline[0].Values!.Single(v => v.Key == "whose").Hidden);
        Assert.DoesNotContain(_marks[2], System.Text.Json.JsonSerializer.Serialize(detail), StringComparison.Ordinal);
        (await duty.Send($"/api/matters/{no}/reveal", new { note = " " })).Problem(422, Codes.ReasonMissing);
        var reveal = (await duty.Send($"/api/matters/{no}/reveal", new { note = "电话通知来领" })).Value<MatterReveal>();
        Assert.Equal((_marks[2], _marks[3]), (reveal.Contact!.Name, reveal.Contact.Phone));
        Assert.Equal(_marks[1], reveal.Forms[0].Values!.Single(v => v.Key == "whose").Value);
        Assert.DoesNotContain(MatterScene.Signature, System.Text.Json.JsonSerializer.Serialize(reveal), StringComparison.Ordinal);
        (await (await Street.As("head01")).Send($"/api/matters/{no}/reveal", new { note = "好奇" })).Problem(403, Codes.Forbidden);
        await using (var db = Street.Service<Database>().Context())
        {
            var looks = await db.Reads.AsNoTracking().Where(r => r.CallNo == no).OrderBy(r => r.Id).Select(r => new { r.Looked, r.Reason }).ToListAsync();
            Assert.Equal(["detail ", "detail ", "contact 电话通知来领"], looks.Select(l => $"{l.Looked} {db.DataKeys.Decrypt(l.Reason)}"));
        }

        var last = await Street.Blow();
        foreach (var screen in screens) await screen.Shows(last.CallNo, CallStates.Ringing);
        var outputs = new Dictionary<string, string>
        {
            ["feed"] = string.Join('\n', screens.SelectMany(s => s.Wire)),
            ["journal"] = (await (await Street.As("auditor")).Read("/api/journal")).Text,
            ["list"] = (await duty.Read("/api/matters?state=ended")).Text,
            ["metrics"] = await Street.Metrics(),
            ["log"] = string.Join('\n', Street.Log.Lines),
        };
        foreach (var screen in screens) await screen.DisposeAsync();
        foreach (var (output, text) in outputs)
            foreach (var mark in _marks.Append(opened.TrackingCode!).Append(MatterScene.Signature))
                Assert.False(text.Contains(mark, StringComparison.OrdinalIgnoreCase), $"{mark} is in the {output}.");
        foreach (var user in (string[])["grid001", "community01"]) Assert.DoesNotContain(user, outputs["journal"] + outputs["feed"], StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\bp[0-9]{4}\b", outputs["feed"] + outputs["list"]); // no post's id is on a card
    }

    [Fact]
    public async Task Words_and_contacts_lie_in_erasable_tables_and_the_matter_goes_on_without_them()
    {
        var opened = await It.Open(body: MatterScene.Errand(what: Mark(), whose: Mark(), name: Mark(), phone: Phone()));
        var no = opened.CallNo;
        await It.Say("grid001", no, "take", "accepted");
        await It.Paper("grid001", no, Mark());
        await It.Try("grid001", no, "note", new { note = Mark() });
        await using (var db = Street.Service<Database>().Context())
        {
            await db.Words.ExecuteDeleteAsync();
            await db.Callers.ExecuteDeleteAsync();
        }

        await using var connection = Street.Service<Database>().Open();
        var names = new List<string>();
        await using (var tables = connection.CreateCommand())
        {
            tables.CommandText = TestStreet.OnPostgreSql ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public'" : "SELECT name FROM sqlite_master WHERE type = 'table'";
            await using var reader = await tables.ExecuteReaderAsync();
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        }

        foreach (var name in names)
        {
            await using var rows = connection.CreateCommand();
#pragma warning disable CA2100 // the name comes from the database itself
            rows.CommandText = $"SELECT * FROM \"{name}\"";
#pragma warning restore CA2100
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var i = 0; i < reader.FieldCount; i++)
                    Assert.DoesNotContain(_marks, mark => Convert.ToString(reader.GetValue(i), null)!.Contains(mark, StringComparison.Ordinal));
        }

        Assert.Null((await It.Detail("grid001", no)).Timeline[0].Values);
        await It.Say("grid001", no, "papers", "done");
        Assert.Equal("work", (await It.Card(no)).Stage);
    }

    private string Mark()
    {
        _marks.Add($"mark{_marks.Count:D2}{Guid.NewGuid().ToString("N")[..10]}");
        return _marks[^1];
    }

    private string Phone()
    {
        _marks.Add($"1380000{7000 + _marks.Count}");
        return _marks[^1];
    }
}
