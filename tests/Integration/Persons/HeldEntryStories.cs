using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Persons;

/// <summary>Who asks about themselves is told what the register says of them too, and has that erased: also what stands in fields that nobody reads otherwise.</summary>
public sealed class HeldEntryStories
{
    private const string Phone = "13855550001";

    private const string Table = """
        code,kind,name,name_en,place,household,householdPhone,care,person,mobile,phone
        b1,building,B,B,grid:001,,,,,,
        d1,door,D1,D1,b1,MARKHOUSE,138 5555 0001,,,,
        d2,door,D2,D2,b1,OTHERS,13800009999,MARKCARE: daughter 138 5555-0001,,,
        d3,door,D3,D3,b1,NEIGHBOUR,13855550002,,,,
        h1,building-head,H,H,b1,,,,MARKHEAD,+86 13855550001,
        p1,property,P,P,community:01,,,,,,13855550001

        """;

    private static readonly string[] Marks = ["MARKHOUSE", "MARKCARE", "MARKHEAD"];

    [Fact]
    public async Task It_is_shown_whole_counts_as_a_look_up_and_is_erased_and_an_organisation_stays()
    {
        await using var street = await FilledAsync(TestStreet.NewFolder());
        var duty = await street.As("duty");
        Assert.Null((await duty.Send("/api/persons/held", new { phone = "13700000000", purpose = "本人来问" })).Value<HeldView>().Entries);
        var held = await HeldAsync(street);
        Assert.Equal([("d1", true), ("d2", false), ("h1", true), ("p1", false)], held.Select(e => (e.Code, e.IsTheirs)));
        Assert.Equal(["MARKHOUSE", Phone], held[0].Fields.Select(f => f.Value));
        Assert.Equal(["MARKCARE: daughter 138 5555-0001"], held[1].Fields.Select(f => f.Value)); // her father's own number and name are not hers to read
        Assert.Equal("building-head", Assert.Single(held[2].Holds).Role.Code);
        Assert.Equal((street.Now, "streetDesk", LookQueries.Held, "本人来问"), held[0].Looks.Select(l => (l.At, l.By, l.Looked, l.Reason)).Single());
        Assert.Equal([("d1", "本人来问"), ("d2", "本人来问"), ("h1", "本人来问"), ("p1", "本人来问")], (await LooksAsync(street)).Select(l => (l.Look.Entry, l.Reason!)).Order());

        (await duty.Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Problem(403, Codes.Forbidden);
        var stored = await StoredAsync(street);
        var gone = (await (await street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "consentWithdrawn" })).Value<ErasedView>();
        Assert.Equal(["d1", "h1"], gone.Entries);
        Assert.Equal(["d2", "p1"], gone.Kept);
        Assert.Equal(["d2", "p1"], (await HeldAsync(street)).Select(e => e.Code));
        Assert.Empty(street.Service<RegisterBook>().Now.FieldsOf("h1"));
        Assert.All(await LooksAsync(street), look => Assert.Equal(look.Look.Entry is "d2" or "p1", look.Reason is not null)); // why somebody asked is gone with it
        if (!TestStreet.OnPostgreSql) Assert.All(stored, text => Assert.DoesNotContain(text, Everything(street), StringComparison.Ordinal));
        await using (var db = street.Service<Database>().Context())
            Assert.Equal(["d2", "d3", "p1"], await db.EntryFields.Where(f => f.Readable != null || f.Closed != null).Select(f => f.Code).Order().ToListAsync());
        var acts = (await (await street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts;
        Assert.Contains(acts, a => (a.What, a.By, a.Subject, a.Detail) == (Acts.Erased, "leader", "entry:d1", "reason:consentWithdrawn"));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    /// <summary>From a number to a door is a look-up too, also for whoever only wants to see what would be erased.</summary>
    [Fact]
    public async Task To_see_what_would_be_erased_is_on_record()
    {
        await using var street = await FilledAsync(TestStreet.NewFolder());
        var would = await street.Service<Hub.Features.Persons.PersonCommands>().WouldEraseAsync(await LeaderAsync(street), new EraseRequest(null, Phone, "requested"), CancellationToken.None);
        Assert.Equal(["d1", "h1"], would.Value!.Entries);
        Assert.Equal(["d2", "p1"], would.Value.Kept);
        Assert.Equal([("d1", "erase"), ("d2", "erase"), ("h1", "erase"), ("p1", "erase")], (await LooksAsync(street)).Select(l => (l.Look.Entry, l.Look.Purpose)).Order());
        using var auditor = street.NewClient();
        auditor.DefaultRequestHeaders.Add("Cookie", await street.CookieOf("auditor"));
        Assert.Contains("删除前核对 · 本人要求", WebUtility.HtmlDecode((await auditor.Ask(HttpMethod.Get, "/audit/lookups", shape: r => r.Headers.Accept.ParseAdd("text/html"))).Text), StringComparison.Ordinal);
        Assert.Equal(4, (await HeldAsync(street)).Count); // nothing is gone yet
    }

    /// <summary>What is confirmed on the page is what was shown there: a tap on an older list erases nothing.</summary>
    [Fact]
    public async Task A_leader_confirms_exactly_the_entries_that_were_shown()
    {
        await using var street = await FilledAsync(TestStreet.NewFolder());
        var leader = await HeldStories.PageAsync(street, "leader");
        var asked = await HeldStories.PostAsync(leader, "Erase", ("phone", Phone), ("reason", "requested"));
        Assert.Contains("value=\"d1 h1\"", asked.Text, StringComparison.Ordinal);
        await TakeAsync(street, "code,kind,name,name_en,place,household,householdPhone\nd4,door,D4,D4,b1,MARKHOUSE,13855550001\n");
        Assert.Contains("value=\"d1 d4 h1\"", (await HeldStories.PostAsync(leader, "Erase", ("phone", Phone), ("reason", "requested"), ("sure", "d1 h1"))).Text, StringComparison.Ordinal);
        Assert.Equal(5, (await HeldAsync(street)).Count);
        Assert.Contains("名册里已清除 3 条", (await HeldStories.PostAsync(leader, "Erase", ("phone", Phone), ("reason", "requested"), ("sure", "d1 d4 h1"))).Text, StringComparison.Ordinal);
        Assert.Equal(["d2", "p1"], (await HeldAsync(street)).Select(e => e.Code));
    }

    /// <summary>A number of an account or of the policy is somebody's too: it is named, so that it is changed there.</summary>
    [Fact]
    public async Task Where_else_the_number_stands_is_said()
    {
        await using var street = await FilledAsync(TestStreet.NewFolder());
        await using (var db = street.Service<Database>().Context())
        {
            var account = await db.Users.SingleAsync(u => u.UserName == "grid001");
            await street.Service<Database>().WriteAsync(async write =>
            {
                (await write.Users.SingleAsync(u => u.Id == account.Id)).Phone = write.DataKeys.Encrypt(Hub.Kernel.Rights.Account.PhoneColumn, Phone);
                return await write.SaveChangesAsync();
            }, CancellationToken.None);
        }

        var held = (await (await street.As("duty")).Send("/api/persons/held", new { phone = Phone, purpose = "本人来问" })).Value<HeldView>();
        Assert.Equal([("account", "grid001")], held.Elsewhere!.Select(e => (e.Kind, e.Code)));
        var policy = JsonNode.Parse(Hub.Street.PolicyBook.DefaultJson())!;
        policy["parties"]![0]!["phone"] = Phone;
        await street.Service<Hub.Street.PolicyBook>().AddAsync(policy.ToJsonString(), "test", CancellationToken.None);
        held = (await (await street.As("duty")).Send("/api/persons/held", new { phone = Phone, purpose = "本人来问" })).Value<HeldView>();
        Assert.Equal([("account", "grid001"), ("party", (string)policy["parties"]![0]!["code"]!)], held.Elsewhere!.Select(e => (e.Kind, e.Code)));
    }

    /// <summary>A backup knows nothing of later erasures; what was written down afterwards is somebody else's and stays, also where the backup did not have the entry at all.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Database", "SQLite")] // a file is put back
    public async Task A_backup_that_is_put_back_is_erased_again_and_what_is_written_later_is_not(bool hasEntries)
    {
        var (folder, backup) = (TestStreet.NewFolder(), Path.Combine(TestStreet.NewFolder(), "backup.db"));
        await using var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true");
        if (hasEntries) await TakeAsync(street, Table);
        await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"VACUUM INTO {backup}");
        if (!hasEntries) await TakeAsync(street, Table);
        var stored = await StoredAsync(street);
        Assert.Equal(2, (await (await street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Value<ErasedView>().Entries!.Count);
        await street.CloseAsync();
        SqliteConnection.ClearAllPools();
        foreach (var rest in new[] { string.Empty, "-wal", "-shm" }) File.Delete(street.DatabasePath + rest);
        File.Copy(backup, street.DatabasePath);
        await street.RestartAsync();
        Assert.All(stored, text => Assert.DoesNotContain(text, Everything(street), StringComparison.Ordinal));
        Assert.Equal(hasEntries ? ["d2", "p1"] : [], (await HeldAsync(street)).Select(e => e.Code));

        street.FastForward(TimeSpan.FromMinutes(1));
        await TakeAsync(street, hasEntries ? "code,kind,household,householdPhone\nd1,door,NEWCOMER,13900001111\n" : "code,kind,name,name_en,place,household,householdPhone\nb1,building,B,B,grid:001,,\nd1,door,D1,D1,b1,NEWCOMER,13900001111\n");
        await street.RestartAsync();
        Assert.Equal(["d1"], (await (await street.As("duty")).Send("/api/persons/held", new { phone = "13900001111", purpose = "本人来问" })).Value<HeldView>().Entries!.Select(e => e.Code));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    /// <summary>As an operator does it, while no server runs on the file.</summary>
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task The_commands_show_and_erase_it_too()
    {
        await using var street = await FilledAsync(TestStreet.NewFolder());
        await street.CloseAsync();
        string[] settings = [$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={street.Folder}", $"--Dispatch:Keys={TestStreet.KeysOf(street.Folder)}", "--environment=Production"];
        Assert.Equal(0, await PersonCommandLine.HeldAsync(Phone, settings));
        Assert.Equal(0, await PersonCommandLine.EraseAsync(Phone, settings));
        await street.RestartAsync();
        var left = await HeldAsync(street);
        Assert.Equal([("d2", "system"), ("p1", "system")], left.Select(e => (e.Code, e.Looks[^1].By)));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    private static async Task<TestStreet> FilledAsync(string folder)
    {
        var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true");
        await TakeAsync(street, Table);
        return street;
    }

    private static async Task TakeAsync(TestStreet street, string csv)
    {
        var import = await street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(csv)), false, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty && import.Unusable is null, string.Join('\n', import.Refused.Select(r => $"{r.Line} {r.Why.English}").Append(import.Unusable?.English)));
    }

    private static async Task<IReadOnlyList<HeldEntry>> HeldAsync(TestStreet street) =>
        (await (await street.As("duty")).Send("/api/persons/held", new { phone = "138-5555-0001", purpose = "本人来问" })).Value<HeldView>().Entries ?? [];

    private static Task<IReadOnlyList<(RegisterLookRow Look, string By, string? Reason)>> LooksAsync(TestStreet street) =>
        street.Service<RegisterBook>().LooksAsync(street.Now.AddDays(-1), street.Now.AddDays(1), 99, CancellationToken.None);

    private static async Task<Hub.Kernel.Rights.Staff> LeaderAsync(TestStreet street) =>
        await street.StaffAsync("leader") with { Post = street.Service<Hub.Street.Roster>().FindPost((await street.PostOf("leader")).Value) };

    /// <summary>What stands of the person in the database, as it is stored: encrypted.</summary>
    private static async Task<List<string>> StoredAsync(TestStreet street)
    {
        await using var db = street.Service<Database>().Context();
        var rows = await db.EntryFields.Where(f => f.Code == "d1" || f.Code == "h1").ToListAsync();
        Assert.Equal(2, rows.Count);
        return [.. rows.SelectMany(r => new[] { r.Readable, r.Closed }).Where(c => c is not null).Select(c => c!.Value.Stored)];
    }

    private static string Everything(TestStreet street)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.GetFiles(street.Folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var read = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var text = new StreamReader(read);
            all.Append(text.ReadToEnd());
        }

        Assert.DoesNotContain(Marks, mark => all.ToString().Contains(mark, StringComparison.Ordinal)); // never in the clear
        return all.ToString();
    }
}
