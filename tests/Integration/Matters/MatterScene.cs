using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>
/// What is done to matters over HTTP, on a street whose clock only the test moves: Wednesday 11 March 2026, 09:00. Community 01 has the teams 01 (grids 001 to 003)
/// and 02 (004 to 007). The errand is the procedure that is shipped.
/// </summary>
internal sealed class MatterScene(TestStreet street)
{
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Strokes of a pen.</summary>
    public const string Signature = "M 1 1 L 9 9";

    public TestStreet Street => street;

    /// <summary>An errand by default.</summary>
    public Task<Answer> TryOpen(string userName, object? body = null, string? key = null) => Post(userName, "/api/matters", body ?? Errand(), key);

    public async Task<MatterReceipt> Open(string userName = "community01", object? body = null, string? key = null) => (await TryOpen(userName, body, key)).Value<MatterReceipt>(HttpStatusCode.Created);

    public static object Errand(string grid = "001", string what = "办老年卡", string? whose = null, string? name = null, string? phone = null, string? parent = null) => new
    {
        procedure = "errand", grid, parent, origin = parent is null ? "counter" : null,
        form = whose is null ? new Dictionary<string, string> { ["what"] = what } : new Dictionary<string, string> { ["what"] = what, ["whose"] = whose },
        contact = name is null && phone is null ? null : new { name, phone },
    };

    /// <param name="tapped">How many seconds ago a phone without network was tapped.</param>
    public async Task<Answer> Try(string userName, string no, string verb, object? body = null, string? key = null, int? tapped = null) =>
        await (await street.As(userName)).Ask(
            HttpMethod.Post, $"/api/matters/{no}/{verb}", new StringContent(JsonSerializer.Serialize(body ?? new { }), System.Text.Encoding.UTF8, "application/json"), key,
            request => { if (tapped is { } seconds) request.Headers.Add("Tapped-Ago", seconds.ToString(CultureInfo.InvariantCulture)); });

    /// <summary>Gives an answer that must be taken; what was written with it goes into the form.</summary>
    public async Task<MatterReply> Say(string userName, string no, string owed, string says, Dictionary<string, string>? form = null, string? key = null, int? tapped = null) =>
        (await Try(userName, no, "answer", new { owed, says, form }, key, tapped)).Value<MatterReply>();

    /// <summary>Hands in a paper; its receipt.</summary>
    public async Task<string> Paper(string userName, string no, string name, string owed = "papers", string? key = null, int? tapped = null) =>
        (await Say(userName, no, owed, "item", new() { ["name"] = name, ["copies"] = "1", ["original"] = "original" }, key, tapped)).Receipt!;

    public Task<MatterReply> GiveBack(string userName, string no, int item, string round = "", string by = "本人") =>
        Say(userName, no, $"giveBack{round}-{item}", "done", new() { ["receivedBy"] = by, ["signature"] = Signature });

    public async Task<Inbox> Inbox(string userName) => (await (await street.As(userName)).Read("/api/matters/inbox")).Value<Inbox>();

    public async Task<MatterList> List(string userName, string query = "") => (await (await street.As(userName)).Read($"/api/matters{query}")).Value<MatterList>();

    public async Task<Answer> Read(string userName, string no) => await (await street.As(userName)).Read($"/api/matters/{no}");

    public async Task<MatterDetail> Detail(string userName, string no) => (await Read(userName, no)).Value<MatterDetail>();

    public async Task<MatterCard> Card(string no)
    {
        await using var db = street.Service<Database>().Context();
        return JsonSerializer.Deserialize(await db.Matters.AsNoTracking().Where(m => m.No == no).Select(m => m.Card).SingleAsync(), ContractsJson.Default.MatterCard)!;
    }

    /// <summary>The changes of a matter: what happened, and the names of its facts.</summary>
    public async Task<string[]> Told(string no) => [.. (await street.Journal(no)).Select(e => string.Join(' ', new[] { e.What }.Concat(ProceedingJson.Facts(e.Detail).Select(NameOf))))];

    public static string NameOf(Fact fact) => JsonNamingPolicy.CamelCase.ConvertName(fact.GetType().Name);

    /// <summary>A new version of a procedure.</summary>
    public async Task<Named> Add(string document) => (await Post("admin", "/api/procedures", new { document })).Value<Named>(HttpStatusCode.Created);

    public async Task<int> Reaches(DateTimeOffset instant) => await street.SweepAfter(instant - street.Now);

    public async Task Sql(string sql)
    {
        await using var connection = street.Service<Database>().Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The journal has no gap, neither has any matter, and the facts of every matter's lines fold into its row.</summary>
    public async Task<int> EverythingFolds()
    {
        var journal = new List<JournalEntry>();
        var head = (await street.Service<JournalQueries>().HeadAsync(CancellationToken.None)).Seq;
        while (journal.Count < head) journal.AddRange(await street.Service<JournalQueries>().ReadAsync(journal.Count, JournalQueries.PageLimit, CancellationToken.None));
        Assert.Equal(Enumerable.Range(1, journal.Count).Select(n => (long)n), journal.Select(e => e.Seq));
        await using var db = street.Service<Database>().Context();
        var rows = await db.Matters.AsNoTracking().Where(m => m.Kind == MatterKindNames.Procedure).ToListAsync();
        Assert.Equal(rows.Select(r => r.No).Order(), journal.Where(e => e.Kind == MatterKindNames.Procedure).Select(e => e.CallNo).Distinct().Order());
        foreach (var lines in journal.GroupBy(e => e.CallNo)) Assert.Equal(Enumerable.Range(1, lines.Count()), lines.Select(e => e.Version));
        foreach (var row in rows)
        {
            Proceeding? folded = null;
            foreach (var line in journal.Where(e => e.CallNo == row.No))
            {
                folded = folded.After(ProceedingJson.Facts(line.Detail));
                Assert.Equal((line.Version, line.CallNo), (folded.Version, folded.No.Value));
                Assert.True(line.Audience.SameAs(folded.Audience), $"The audience of {line.CallNo} at version {line.Version} is not that of its facts.");
                Assert.Equal(JsonSerializer.Serialize(MatterCards.Of(folded), ContractsJson.Default.MatterCard), System.Text.Encoding.UTF8.GetString(line.Card));
            }

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(row.Body), JsonNode.Parse(ProceedingJson.Write(folded!))), $"{row.No} is not the fold of its lines.");
        }

        // No clock has acted twice in one visit of a stage, nor the promise's at all.
        foreach (var lines in journal.Where(e => e is { Kind: MatterKindNames.Procedure, By: JournalEntry.ByClock, Due: not null }).GroupBy(e => (e.CallNo, e.What, e.Answer, e.Due))) Assert.Single(lines);
        return rows.Count;
    }

    private async Task<Answer> Post(string userName, string path, object body, string? key = null) => await (await street.As(userName)).Send(path, body, key);
}

/// <summary>Procedures that the stories add.</summary>
internal static class Documents
{
    /// <summary>Two of the community's grid workers have to agree before its desk closes.</summary>
    /// <param name="form">Whether they fill in a form.</param>
    public static string Council(string code, bool form) => $$"""
        {
          "code": "{{code}}", "name": "商议", "nameEn": "Council", "place": "community", "starters": ["communityDesk"],
          "forms": [{ "key": "words", "fields": [{ "key": "words", "name": "意见", "nameEn": "Words", "kind": "longText" }] }],
          "stages": [
            { "key": "talk", "name": "商议", "nameEn": "Talk", "limit": "1d",
              "asks": [{ "key": "talk", "name": "商议", "nameEn": "Talk", "roles": ["gridWorker"], "at": "community", "eachPost": true, "need": "2"{{(form ? ", \"form\": \"words\"" : string.Empty)}} }],
              "next": { "done": { "to": "close", "name": "议定", "nameEn": "Agreed" } } },
            { "key": "close", "name": "办结", "nameEn": "Close", "asks": [{ "key": "close", "name": "办结", "nameEn": "Close", "roles": ["communityDesk"] }],
              "next": { "done": { "to": "end", "name": "办结", "nameEn": "Closed" } } }
          ]
        }
        """;

    /// <summary>密件: only the chosen posts and who opened it see anything of it.</summary>
    public const string Secret = """
        {
          "code": "secret", "name": "密件", "nameEn": "Secret", "place": "community", "visibility": "sealed", "starters": ["communityDesk"], "opening": "words",
          "forms": [{ "key": "words", "fields": [{ "key": "words", "name": "内容", "nameEn": "Words", "kind": "longText", "privacy": "sealed" }] }],
          "stages": [
            { "key": "look", "name": "查看", "nameEn": "Look", "limit": "2d", "asks": [{ "key": "look", "name": "查看", "nameEn": "Look", "roles": ["chosen"], "form": "words" }],
              "next": { "seen": { "to": "sum", "name": "看过", "nameEn": "Seen" } } },
            { "key": "sum", "name": "小结", "nameEn": "Sum up", "asks": [{ "key": "sum", "name": "小结", "nameEn": "Sum up", "roles": ["starter"] }],
              "next": { "done": { "to": "end", "name": "完", "nameEn": "Done" } } }
          ]
        }
        """;

    /// <summary>The errand with other stages: it begins with a look at the papers, and does not ask afterwards.</summary>
    public const string ShortErrand = """
        {
          "code": "errand", "name": "快办", "nameEn": "Quick errand", "place": "grid", "starters": ["communityDesk", "gridWorker"], "caller": true, "opening": "request",
          "forms": [{ "key": "request", "fields": [{ "key": "what", "name": "办什么事", "nameEn": "What to do", "kind": "longText", "required": true }] }],
          "stages": [
            { "key": "take", "name": "马上接手", "nameEn": "Take it on at once", "limit": "1h", "asks": [{ "key": "take", "name": "接手", "nameEn": "Take", "roles": ["gridWorker"] }],
              "next": { "accepted": { "to": "work", "name": "接了", "nameEn": "Taken" } } },
            { "key": "work", "name": "马上办", "nameEn": "Deal with it at once", "asks": [{ "key": "work", "name": "办", "nameEn": "Work", "roles": ["who:take"] }],
              "next": { "done": { "to": "end", "name": "成了", "nameEn": "Done" } } }
          ]
        }
        """;

    /// <summary>Asks who opened it, who is barred from answering: nobody can be asked.</summary>
    public const string Nobody = """
        {
          "code": "nobody", "name": "无人", "nameEn": "Nobody", "place": "grid", "starters": ["gridWorker"],
          "stages": [
            { "key": "ask", "name": "请问", "nameEn": "Ask", "limit": "1d", "asks": [{ "key": "ask", "name": "请问", "nameEn": "Ask", "roles": ["starter"], "barred": ["starter"] }],
              "next": { "done": { "to": "end", "name": "完", "nameEn": "Done" } } }
          ]
        }
        """;
}
