using System.Text;
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
        d2,door,D2,D2,b1,OTHERS,13800009999,MARKCARE: daughter 13855550001,,,
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
        Assert.Equal(["d1", "d2", "h1", "p1"], held.Select(e => e.Code));
        Assert.Equal(["MARKHOUSE", Phone], held[0].Fields.Select(f => f.Value));
        Assert.Equal(["MARKCARE: daughter 13855550001", "OTHERS", "13800009999"], held[1].Fields.Select(f => f.Value));
        Assert.Equal((street.Now, "streetDesk", LookQueries.Held), held[0].Looks.Select(l => (l.At, l.By, l.Looked)).Single());
        Assert.Equal(["d1", "d2", "h1", "p1"], (await street.Service<RegisterBook>().LooksAsync(street.Now.AddDays(-1), street.Now.AddDays(1), 9, CancellationToken.None)).Select(l => l.Look.Entry).Order());

        (await duty.Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Problem(403, Codes.Forbidden);
        var stored = await StoredAsync(street);
        var gone = (await (await street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "consentWithdrawn" })).Value<ErasedView>();
        Assert.Equal(["d1", "d2", "h1"], gone.Entries);
        Assert.Equal(["p1"], gone.Kept);
        Assert.Equal(["p1"], (await HeldAsync(street)).Select(e => e.Code));
        Assert.Empty(street.Service<RegisterBook>().Now.FieldsOf("h1"));
        if (!TestStreet.OnPostgreSql) Assert.All(stored, text => Assert.DoesNotContain(text, Everything(street), StringComparison.Ordinal));
        await using (var db = street.Service<Database>().Context())
            Assert.Equal(["d3", "p1"], await db.EntryFields.Where(f => f.Readable != null || f.Closed != null).Select(f => f.Code).Order().ToListAsync());
        var acts = (await (await street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts;
        Assert.Contains(acts, a => (a.What, a.By, a.Subject, a.Detail) == (Acts.Erased, "leader", "entry:d1", "reason:consentWithdrawn"));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    /// <summary>An officer sees what will be gone before it is, and what stays; a tap on what was shown before erases nothing else.</summary>
    [Fact]
    public async Task A_leader_confirms_exactly_the_entries_that_were_shown()
    {
        await using var street = await FilledAsync(TestStreet.NewFolder());
        var would = await street.Service<Hub.Features.Persons.PersonCommands>().WouldEraseAsync(await LeaderAsync(street), new EraseRequest(null, Phone, "requested"), CancellationToken.None);
        Assert.Equal(["d1", "d2", "h1"], would.Value!.Entries);
        Assert.Equal(["p1"], would.Value.Kept);
        Assert.Equal("d1 d2 h1", Web.Features.Persons.HeldModel.NumbersOf(would.Value));
        Assert.Equal(4, (await HeldAsync(street)).Count);
    }

    /// <summary>A backup knows nothing of later erasures; what was written down afterwards is somebody else's and stays.</summary>
    [Fact]
    [Trait("Database", "SQLite")] // a file is put back
    public async Task A_backup_that_is_put_back_is_erased_again_and_what_is_written_later_is_not()
    {
        var (folder, backup) = (TestStreet.NewFolder(), Path.Combine(TestStreet.NewFolder(), "backup.db"));
        await using var street = await FilledAsync(folder);
        await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"VACUUM INTO {backup}");
        var stored = await StoredAsync(street);
        Assert.Equal(3, (await (await street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Value<ErasedView>().Entries!.Count);
        await street.CloseAsync();
        SqliteConnection.ClearAllPools();
        foreach (var rest in new[] { string.Empty, "-wal", "-shm" }) File.Delete(street.DatabasePath + rest);
        File.Copy(backup, street.DatabasePath);
        Assert.All(stored, text => Assert.Contains(text, Everything(street), StringComparison.Ordinal));
        await street.RestartAsync();
        Assert.All(stored, text => Assert.DoesNotContain(text, Everything(street), StringComparison.Ordinal));
        Assert.Equal(["p1"], (await HeldAsync(street)).Select(e => e.Code));

        street.FastForward(TimeSpan.FromMinutes(1));
        await TakeAsync(street, "code,kind,household,householdPhone\nd1,door,NEWCOMER,13900001111\n");
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
        var left = Assert.Single(await HeldAsync(street));
        Assert.Equal(("p1", "system"), (left.Code, left.Looks[^1].By));
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

    private static async Task<Hub.Kernel.Rights.Staff> LeaderAsync(TestStreet street) =>
        await street.StaffAsync("leader") with { Post = street.Service<Hub.Street.Roster>().FindPost((await street.PostOf("leader")).Value) };

    /// <summary>What stands of the person in the database, as it is stored: encrypted.</summary>
    private static async Task<List<string>> StoredAsync(TestStreet street)
    {
        await using var db = street.Service<Database>().Context();
        var rows = await db.EntryFields.Where(f => f.Code == "d1" || f.Code == "d2" || f.Code == "h1").ToListAsync();
        Assert.Equal(3, rows.Count);
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
