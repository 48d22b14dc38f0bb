using System.Globalization;
using System.Net;
using System.Text;
using CsvHelper;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The tables of real offices, as spreadsheet programs save them: each is taken, or each line is named that is not.</summary>
public sealed class OfficeTableTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private TestStreet Street => shared.Street;

    /// <summary>From <c>tables.csv</c> beside the tables: file, kind, lines taken, and those refused as line:code, or the code that refuses all.</summary>
    public static TheoryData<string, string, int, string> Tables
    {
        get
        {
            var tables = new TheoryData<string, string, int, string>();
            using var csv = CsvReader.Create(File.OpenRead(PathOf("tables.csv")), new CsvReaderOptions { Separator = ',' });
            while (csv.Read()) tables.Add(csv.GetString("file"), csv.GetString("kind"), int.Parse(csv.GetString("taken"), CultureInfo.InvariantCulture), csv.GetString("refused"));
            return tables;
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_table_is_taken_by_its_page_or_named_and_a_second_time_it_changes_nothing(string file, string kind, int taken, string refused)
    {
        var bytes = await File.ReadAllBytesAsync(PathOf(file));
        var said = kind == "roster" ? await RosterAsync(bytes) : await PageAsync(kind, bytes);
        foreach (var turn in (string[])["by the page", "again"])
        {
            var (lines, why) = await ReadAsync(kind, bytes);
            var told = why.Length == 1 && why[0].Line == 0 ? why[0].Why.Code : string.Join(' ', why.Select(r => $"{r.Line}:{r.Why.Code}"));
            Assert.True((lines, told) == (taken, refused), $"{turn}: {lines} {told}\n{string.Join('\n', why.Select(r => r.Why.English))}");
            Assert.All(why, r => Assert.Contains(r.Line == 0 ? r.Why.Chinese : $"{r.Line} {r.Why.Chinese}", said, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_table_is_listed_and_there_are_enough() =>
        Assert.InRange(Tables.Count, 25, Directory.GetFiles(PathOf("."), "*", SearchOption.AllDirectories).Length);

    [Fact]
    public async Task Rare_characters_and_the_middle_dot_are_names_and_one_dot_is_like_another()
    {
        var import = await Street.Service<AccountCommands>().TakeAsync(null, "staff-rare-names.csv", () => File.OpenRead(PathOf("staff-rare-names.csv")), CancellationToken.None);
        Assert.Equal([4, 8, 9, 10, 11, 12], import.Refused.Select(r => r.Line)); // the same name under another dot; brackets, a blank, an apostrophe, an address, one character
        Assert.Equal(5, import.Taken);
        foreach (var typed in (string[])["阿依努尔·测试", " 阿依努尔•测试 ", "阿依努尔・测试"])
            Assert.True((await Street.Anyone.Send("/api/login", new { userName = typed, password = import.Made.Single(f => f.UserName == "阿依努尔·测试").Password })).Status == HttpStatusCode.OK, typed);
    }

    [Fact]
    public async Task A_roster_gives_no_account_of_digits_its_zeros_back_and_says_which_it_may_mean()
    {
        await Street.Service<AccountCommands>().TakeAsync(null, "x.csv", () => Text("account,kind,place\n0071,网格员,015\n0072,网格员,016\n00072,网格员,017\n"), CancellationToken.None);
        var import = await Street.Service<RosterFile>().TakeAsync(null, "x.csv", () => Text("who,from,until\n71,2026-12-01 8:00,2026-12-01 20:00\n72,2026-12-01 8:00,2026-12-01 20:00\n0072,2026-12-02 8:00,2026-12-02 20:00\n"), CancellationToken.None);
        Assert.Equal(1, import.Taken);
        Assert.Equal([(2, "roster_who_zeros"), (3, "roster_who_unknown")], import.Refused.Select(r => (r.Line, r.Why.Code)));
        Assert.Contains("0071", import.Refused[0].Why.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Codes_that_a_spreadsheet_cannot_keep_are_named_with_their_line_by_the_command()
    {
        var folder = TestStreet.NewFolder();
        var (code, said, _) = await CommandTests.Run(folder, null, folder, "import", "street", PathOf("street-codes"));
        Assert.Equal(0, code);
        Assert.Contains("communities.xlsx:3 code_is_day ", said, StringComparison.Ordinal);
        Assert.Matches("communities\\.xlsx:4 cell_shortened .*code.*3\\.70403001001001E\\+17", said);
        Assert.Contains("taken 6, refused 2", said, StringComparison.Ordinal);
    }

    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", "tables", file);

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<string> PageAsync(string kind, byte[] bytes)
    {
        var page = await FormPage.OpenAsync(Street, "admin", "/admin");
        return await page.SendAsync(kind switch { "staff" => "Accounts", "holidays" => "Holidays", _ => "Standards" }, bytes, kind == "standards" ? [("replace", "yes")] : []);
    }

    private async Task<string> RosterAsync(byte[] bytes)
    {
        var answer = await (await Street.As("duty")).Send("/api/roster/import", bytes, contentType: "text/csv");
        return answer.Status == HttpStatusCode.OK ? string.Join('\n', answer.Value<RosterTaken>().Refused.Select(r => $"{r.Line} {r.Message}")) : answer.Text;
    }

    /// <summary>As the page reads it. A file that is refused whole is line 0.</summary>
    private async Task<(int Taken, RefusedLine[] Refused)> ReadAsync(string kind, byte[] bytes)
    {
        const string Name = "table.csv";
        MemoryStream Open() => new(bytes);
        switch (kind)
        {
            case "staff":
                var staff = await Street.Service<AccountCommands>().TakeAsync(null, Name, Open, CancellationToken.None);
                Assert.Empty(staff.Made);
                return (staff.Taken, Of(staff.Refused, staff.Unusable));
            case "roster":
                var roster = await Street.Service<RosterFile>().TakeAsync(null, RosterFile.Sent, Open, CancellationToken.None);
                return (roster.Taken, Of(roster.Refused, roster.Unusable));
            case "holidays":
                var days = Holidays.Read(Name, Open, 2026);
                return (days.IsUsable ? days.Days.Count : 0, Of(days.Refused, days.Unusable));
            default:
                var standards = await StandardsFile.ReadAsync(Name, Open, () => Task.FromResult(Street.Service<PolicyBook>().Current.Latest), () => Street.Service<StandardsBook>().View.Standards);
                Assert.Equal(standards.Taken.Select(s => s.Key), Street.Service<StandardsBook>().View.Standards.Select(s => s.Key));
                return (standards.Taken.Length, Of(standards.Refused, standards.Unusable));
        }

        static RefusedLine[] Of(IEnumerable<RefusedLine> refused, Words? unusable) => unusable is null ? [.. refused] : [new RefusedLine(Name, 0, unusable)];
    }
}
