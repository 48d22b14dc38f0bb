using System.Globalization;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Register;

/// <summary>What happens to a register over time.</summary>
public sealed class RegisterStories : IAsyncLifetime
{
    private TestStreet? _street;

    private TestStreet Street => _street!;

    private RegisterBook Book => Street.Service<RegisterBook>();

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<RegisterImport> TakeAsync(string csv, bool anyway = false) => Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(csv)), anyway, CancellationToken.None);

    private async Task<RegisterImport> RightAsync(string csv)
    {
        var import = await TakeAsync(csv);
        Assert.True(import.Refused.IsEmpty && import.Unusable is null, string.Join('\n', import.Refused.Select(r => $"{r.Line} {r.Why.English}").Append(import.Unusable?.English)));
        return import;
    }

    private Task<IReadOnlyList<string>> EraseAsync(string code) => Street.Service<ErasureCommands>().EraseEntriesAsync([code], TestStreet.Admin.Id, ErasureRow.Reasons[0], CancellationToken.None);

    /// <summary>Whoever answered at an instant is found by what was written then, whatever is written later.</summary>
    [Fact]
    public async Task History_reproduces_whoever_answered()
    {
        await RightAsync("code,kind,name,name_en,place,person\na1,adviser,A,A,community:01,P\n");
        var first = Street.Now;
        Street.FastForward(TimeSpan.FromDays(1));
        await RightAsync("code,kind,place\na1,adviser,community:02\n");
        var second = Street.Now;
        Street.FastForward(TimeSpan.FromDays(1));
        await RightAsync("code,until\na1,2026-03-12\n");
        await Street.RestartAsync();
        async Task<string?> At(string place, DateTimeOffset at) => (await Book.ResolveAsync("adviser", place, at, CancellationToken.None))?.Holders.Single().Code;
        Assert.Equal(("a1", null), (await At("grid:001", first), await At("community:02", first)));
        Assert.Equal((null, "a1"), (await At("grid:001", second), await At("community:02", second)));
        Assert.Equal((null, null), (await At("grid:001", Street.Now), await At("community:02", Street.Now)));
        Assert.Equal(["until", "place", "new field:person"], (await Book.HistoryAsync("a1", CancellationToken.None)).Select(h => h.Row.Changed));
    }

    [Fact]
    public async Task A_form_that_somebody_overtook_changes_nothing()
    {
        await RightAsync("code,kind,name,name_en,place\nv1,venue,V,V,community:01\n");
        var commands = Street.Service<RegisterCommands>();
        Dictionary<string, string> Named(string name) => new() { ["code"] = "v1", ["name"] = name };
        Assert.True((await commands.PutAsync(TestStreet.Admin, Named("One"), 1, CancellationToken.None)).Ok);
        Assert.Equal("entry_overtaken", (await commands.PutAsync(TestStreet.Admin, Named("Two"), 1, CancellationToken.None)).Code);
        Assert.Equal("One", Book.Now.Map.Find("v1")!.Name);
    }

    [Fact]
    public async Task An_erased_person_is_in_no_version_and_the_entry_stays()
    {
        await RightAsync("code,kind,name,name_en,place,person,mobile,licenceUntil\na1,adviser,A,A,community:01,WANG-7781,19900001234,2026-03-20\n");
        Assert.Equal(["a1"], await EraseAsync("a1"));
        Assert.Empty(Book.Now.FieldsOf("a1"));
        await using var db = Street.Service<Database>().Context();
        Assert.True(await db.EntryFields.AllAsync(f => f.Readable == null && f.Closed == null));
        Assert.DoesNotContain(await db.Entries.Select(e => e.Data).ToListAsync(), data => data.Contains("WANG", StringComparison.Ordinal));
        Assert.Equal(new DateTimeOffset(2026, 3, 21, 0, 0, 0, TimeSpan.FromHours(8)), Book.Now.Map.Find("a1")!.ExpiresAt); // what has ended stays ended
    }

    [Fact]
    public async Task An_expired_licence_answers_no_longer_and_is_named_sixty_days_before()
    {
        await RightAsync("code,kind,name,name_en,place,person,licenceUntil\na1,adviser,A,A,community:01,P,2026-03-31\n");
        Assert.IsType<RegisterFinding.Expiring>(Assert.Single(RegisterFindings.Of(Book.Now.Map, Street.Now), f => f is RegisterFinding.Expiring));
        DateTimeOffset Midnight(int day) => new(2026, 4, day, 0, 0, 0, TimeSpan.FromHours(8));
        Assert.NotNull(Book.Now.Map.Resolve("adviser", "grid:001", Midnight(1).AddSeconds(-1)));
        Assert.Null(Book.Now.Map.Resolve("adviser", "grid:001", Midnight(1)));
    }

    /// <summary>A called party is reached at whoever holds its role around the case; without one, at the number of the policy.</summary>
    [Fact]
    public async Task A_called_party_is_whoever_holds_its_role_at_the_case()
    {
        await RightAsync("code,kind,name,name_en,place,holds,phone\nroom,mediation,R,R,community:01,,0632-5559001\nhouse,department,H,H,street,housing@street,0632-5559002\nmute,venue,M,M,community:02,mediation@community:02,\n");
        await using var db = Street.Service<Database>().Context();
        Task<string?> Number(string party, string grid) => Street.Service<PartyNumbers>().OfAsync(db, party, new Domain.Street.GridCode(grid), CancellationToken.None);
        Assert.Equal("0632-5559001", await Number("mediation", "001"));
        Assert.Equal("0632-5559002", await Number("housing", "130"));
        var listed = Street.Service<PolicyBook>().Current.Latest.FindParty("mediation")!.Phone;
        Assert.Equal(listed, await Number("mediation", "130"));
        Assert.Equal(listed, await Number("mediation", "008")); // whoever holds it there cannot be called
    }

    /// <summary>20,000 doors of which one line in a hundred is wrong: each wrong line is named, the others are there after a restart, and the same table again changes nothing.</summary>
    [Fact]
    public async Task Twenty_thousand_doors()
    {
        const int Doors = 20_000;
        var csv = new StringBuilder("code,kind,name,name_en,place,household,people\n");
        for (var b = 0; b < 100; b++) csv.Append(CultureInfo.InvariantCulture, $"b{b},building,B{b},B{b},grid:{1 + b:000},,\n");
        for (var d = 0; d < Doors; d++) csv.Append(CultureInfo.InvariantCulture, $"d{d},door,D{d},D{d},{(d % 100 == 7 ? "nowhere" : $"b{d % 100}")},H{d},{d % 6}\n");
        var import = await TakeAsync(csv.ToString());
        Assert.Equal((Doors / 100, Doors - (Doors / 100) + 100), (import.Refused.Length, import.Taken));
        Assert.All(import.Refused, r => Assert.Equal("register_place_unknown", r.Why.Code));
        Assert.Equal(109, import.Refused[0].Line); // as a spreadsheet numbers it: the header and a hundred buildings stand above
        await Street.RestartAsync();
        Assert.Equal(import.Taken, Book.Now.Map.Entries.Length);
        Assert.Equal(0, (await TakeAsync(csv.ToString())).Changed);
    }

    /// <summary>Who takes in the report as it is changes nothing, and hears of the same mistakes again: also where a line would mean another entry by itself.</summary>
    [Fact]
    public async Task Refused_lines_that_nobody_mended_are_refused_again()
    {
        var table = "code,kind,name,name_en,place,use\nv1,venue,One,One,community:01,\nv1,venue,Two,Two,community:02,\nv2,venue,Three,Three,grid:999,\"=1+1 _x0041_ é\"\nv3,venue,\"Four, Five\",Four,community:01,a,b\nv4,venue,Six,Six,v2,\n";
        var refused = await TakeAsync(table);
        Assert.Equal(["register_twice", "cell_formula", "too_many_fields", "register_waits"], refused.Refused.Select(r => r.Why.Code));
        byte[] Report(RegisterImport import) => RegisterFile.WriteRefused(import.Rows, why => why.English);
        var again = await Street.Service<RegisterFile>().TakeAsync(null, "report.xlsx", () => new MemoryStream(Report(refused)), anyway: false, CancellationToken.None);
        Assert.Equal((0, 0, 4), (again.Taken, again.Changed, again.Refused.Length));
        Assert.Equal("One", Book.Now.Map.Find("v1")!.Name);
        Assert.Equal(refused.Rows.Header, again.Rows.Header); // its own columns are not handed on
        Assert.Contains("=1+1 _x0041_ é", again.Rows.Lines[1].Cells);
    }

    /// <summary>A cell that nobody was shown says nothing when it is blank; and what a later version of the kinds closes is closed where it stands.</summary>
    [Fact]
    public async Task What_is_closed_is_neither_wiped_by_a_blank_cell_nor_shown_from_before()
    {
        await RightAsync("code,kind,name,name_en,place,person,mobile\nv1,volunteer,V,V,grid:001,WANG-3301,19900007781\n");
        await RightAsync("code,kind,mobile\nv1,volunteer,\n");
        var shipped = Book.Now.Map.Kinds;
        async Task<IEnumerable<string?>> LooksAsync()
        {
            var who = new Hub.Kernel.Rights.Staff("d", "duty", Hub.Kernel.Rights.Role.Duty, Street.Service<Roster>().FindPost((await Street.PostOf("duty")).Value));
            return (await Street.Service<RegisterCommands>().LookUpAsync(who, "v1", new LookupRequest("rescue"), CancellationToken.None)).Value!.Fields.Select(f => f.Value);
        }

        Assert.Equal(["19900007781"], await LooksAsync());
        using var reader = new StreamReader(typeof(RegisterBook).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Register.register-kinds.json")!);
        var kinds = System.Text.Json.Nodes.JsonNode.Parse(await reader.ReadToEndAsync())!;
        foreach (var field in kinds["kinds"]!.AsArray().Single(k => (string)k!["code"]! == "volunteer")!["fields"]!.AsArray().Where(f => (string)f!["key"]! == "person")) field!["privacy"] = "sealed";
        kinds["purposes"]![0]!["fields"]!.AsArray().Add("person");
        await Book.AddKindsAsync(kinds.ToJsonString(), "test", CancellationToken.None);
        Assert.DoesNotContain("person", Book.Now.FieldsOf("v1").Keys);
        Assert.Equal(["WANG-3301", "19900007781"], await LooksAsync());
        Assert.Equal(["v1"], await EraseAsync("v1"));
        Assert.Empty(await LooksAsync());
    }

    /// <summary>Whoever lost their place is nobody's neighbour until the street has found one for them.</summary>
    [Fact]
    public async Task An_entry_whose_place_is_gone_is_not_shown_to_every_community()
    {
        await RightAsync("code,kind,name,name_en,place,person\nv1,volunteer,V,V,grid:001,P\n");
        var map = Street.Service<StreetBook>().Map;
        await Street.Service<StreetBook>().AddAsync(new Domain.Street.StreetMap(map.Name, map.NameEn, map.Communities, [.. map.Grids.Where(g => g.Code.Value != "001")], map.Stations, map.Teams), "test", CancellationToken.None);
        await Book.LoadAsync(CancellationToken.None);
        (await (await Street.As("community02")).Read("/api/register/v1")).Problem(404, "entry_unknown");
        Assert.Equal("v1", (await (await Street.As("duty")).Read("/api/register/v1")).Value<EntryView>().Entry.Code);
    }

    /// <summary>A table that was read before somebody's change does not put back what they changed.</summary>
    [Fact]
    public async Task An_overtaken_line_of_a_table_is_refused_by_name()
    {
        await RightAsync("code,kind,name,name_en,place\nv1,venue,V,V,community:01\nv2,venue,V,V,community:01\n");
        var (taken, _) = new EntryReading(Book.Now, Street.Now).Read([new EntryDraft(2, new Dictionary<string, string> { ["code"] = "v1", ["name"] = "Old" }), new EntryDraft(3, new Dictionary<string, string> { ["code"] = "v2", ["name"] = "New" })]);
        await RightAsync("code,name\nv1,Changed\n");
        var (changed, overtaken) = await Book.PutAsync(taken, "import", CancellationToken.None);
        Assert.Equal((1, "v1"), (changed, Assert.Single(overtaken)));
        Assert.Equal(("Changed", "New"), (Book.Now.Map.Find("v1")!.Name, Book.Now.Map.Find("v2")!.Name));
    }

    /// <summary>A re-cut street names what of the register would lose its place, before anything is changed.</summary>
    [Fact]
    public async Task A_map_that_takes_an_entrys_place_away_is_told()
    {
        await RightAsync("code,kind,name,name_en,place,holds,until\nstands,venue,V,V,grid:001,,\nholds,branch,B,B,community:01,branch@grid:001,\nover,venue,V,V,grid:001,,2020-01-01\nelsewhere,venue,V,V,grid:002,,\n");
        var map = Street.Service<StreetBook>().Map;
        var without = new Domain.Street.StreetMap(map.Name, map.NameEn, map.Communities, [.. map.Grids.Where(g => g.Code.Value != "001")], map.Stations, map.Teams);
        var told = await Hub.Ledger.Orphans.OfMapAsync(Street.Service<Database>(), map, without, Street.Now, CancellationToken.None);
        Assert.Contains("2 entries", Assert.Single(told, t => t.Code == "orphan_entries").MessageEn, StringComparison.Ordinal);
        Assert.Contains("holds", Assert.Single(told, t => t.Code == "orphan_entries").MessageEn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kinds_that_entries_have_cannot_go()
    {
        await RightAsync("code,kind,name,name_en,place\nv1,venue,V,V,community:01\n");
        const string Other = """{"kinds":[{"code":"hut","name":"H","nameEn":"H","family":"place","in":["grid"]}],"roles":[{"code":"keeper","name":"K","nameEn":"K"}]}""";
        var refused = await Assert.ThrowsAsync<UnusableDocumentException>(() => Book.AddKindsAsync(Other, "test", CancellationToken.None));
        Assert.Contains("venue", refused.English, StringComparison.Ordinal);
        Assert.NotNull(Book.Now.Map.Kinds.Find("venue"));
        Assert.Equal(1, await Book.AddKindsAsync(Other.Replace("hut", "venue", StringComparison.Ordinal), "test", CancellationToken.None));
        Assert.Equal("keeper", Assert.Single(Book.Now.Map.Kinds.Roles).Code);
    }
}
