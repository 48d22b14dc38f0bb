using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What the program writes or brings along is taken back without a difference after a spreadsheet program has opened and saved it.</summary>
public sealed class SavedAgainTests
{
    public static readonly string[] Rosters = ["roster-saved.xlsx", "roster-saved.csv", "roster-saved-gb18030.csv", "roster-saved-gnumeric.xlsx"];

    [Fact]
    public async Task A_roster_comes_back_as_it_was_into_itself_and_into_an_empty_one()
    {
        await using var street = await TestStreet.StartAsync();
        var duty = await street.As("duty");
        var ours = await File.ReadAllBytesAsync(OfficeTableTests.PathOf("roster-exported.csv"));
        foreach (var table in (byte[][])[ours, .. Rosters.Select(name => File.ReadAllBytes(OfficeTableTests.PathOf(name)))])
        {
            await EmptyAsync(street, duty);
            for (var turn = 0; turn < 2; turn++)
            {
                var taken = (await duty.Send("/api/roster/import", table, contentType: "text/csv")).Value<RosterTaken>();
                Assert.Equal((4, 0), (taken.Made, taken.Refused.Count));
                Assert.Equal(Encoding.UTF8.GetString(ours), Encoding.UTF8.GetString(await WrittenAsync(duty)));
            }
        }
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task The_streets_tables_come_back_as_the_same_map()
    {
        var demo = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map;
        var folder = TestStreet.NewFolder();
        foreach (var (saved, remarks) in new[] { ("street-text", false), ("street-saved", true) }) // the second has lost its zeros, which are in force by then
        {
            var (code, said, complained) = await CommandTests.Run(folder, null, folder, "import", "street", OfficeTableTests.PathOf(saved));
            Assert.Equal((0, string.Empty), (code, complained));
            Assert.Contains("taken 196, refused 0", said, StringComparison.Ordinal);
            Assert.Equal(remarks, said.Contains("code_zeros ", StringComparison.Ordinal));
            Assert.True(!said.Contains("code_zeros_doubtful", StringComparison.Ordinal), said);
            (code, said, _) = await CommandTests.Run(folder, null, folder, "import", "staff", OfficeTableTests.PathOf("staff-title.xlsx"));
            Assert.Equal(0, code);
            Assert.Contains("taken 2, made", said, StringComparison.Ordinal);
            var street = await TestStreet.StartInAsync(folder);
            Assert.Equal(StreetJson.Write(demo), StreetJson.Write(street.Service<StreetBook>().Map));
            await street.CloseAsync();
        }
    }

    [Fact]
    public void A_street_without_a_map_in_force_is_told_which_columns_look_as_if_they_had_lost_zeros()
    {
        var import = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadFolder(OfficeTableTests.PathOf("street-saved")));
        Assert.Contains(import.Remarks, r => (r.File, r.Line, r.Why.Code) == ("communities.xlsx", 2, "code_zeros_doubtful"));
        Assert.Contains(import.Remarks, r => (r.File, r.Line, r.Why.Code) == ("teams.xlsx", 2, "code_zeros_doubtful"));
        Assert.Equal("001", import.Map.Grids[0].Code.Value); // the teams' table says it in full
    }

    [Fact]
    public async Task The_citys_standards_come_back_as_the_same_table()
    {
        await using var street = await TestStreet.StartAsync();
        var (book, policy) = (street.Service<StandardsBook>(), street.Service<PolicyBook>().Current.Latest);
        var own = await StandardsFile.ReadAsync(StandardsTests.RealFile, () => Task.FromResult(policy));
        await book.AddAsync(own.Taken, "admin", CancellationToken.None);
        foreach (var name in (string[])["standards-saved.csv", "standards-saved.xlsx"])
        {
            var saved = await StandardsFile.ReadAsync(OfficeTableTests.PathOf(name), () => Task.FromResult(policy), () => book.View.Standards);
            Assert.Empty(saved.Refused);
            Assert.True(book.Holds(saved.Taken), name);
        }
    }

    [Theory]
    [InlineData("holidays-saved.xlsx")]
    [InlineData("holidays-saved.csv")]
    public async Task The_days_off_come_back_as_the_same_days(string name)
    {
        await using var street = await TestStreet.StartAsync();
        var before = street.Service<PolicyBook>().Current.Holidays.OrderBy(d => d.Key).ToList();
        var page = await FormPage.OpenAsync(street, "admin", "/admin");
        await page.SendAsync("Holidays", await File.ReadAllBytesAsync(OfficeTableTests.PathOf(name)));
        Assert.Contains("2026", page.Text, StringComparison.Ordinal);
        Assert.Equal(before, street.Service<PolicyBook>().Current.Holidays.OrderBy(d => d.Key));
        Assert.Equal(before.Count(d => d.Key.Year == 2026), Holidays.Read(name, () => File.OpenRead(OfficeTableTests.PathOf(name)), 2026).Days.Count);
    }

    private static async Task<byte[]> WrittenAsync(HttpClient duty) => await duty.GetByteArrayAsync(new Uri("/api/roster.csv?unit=team:12&from=2026-03-20&to=2026-03-27", UriKind.Relative));

    private static async Task EmptyAsync(TestStreet street, HttpClient duty)
    {
        var view = (await duty.Read("/api/roster?unit=team:12&from=2026-03-12&to=2026-03-27")).Value<RosterView>();
        foreach (var shift in view.Shifts) await duty.Send($"/api/roster/shifts/{shift.Id}/remove", new { });
        Assert.Empty((await duty.Read("/api/roster?unit=team:12&from=2026-03-20&to=2026-03-27")).Value<RosterView>().Shifts);
    }
}
