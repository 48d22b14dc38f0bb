using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A city's table of standards: imported whole or not at all, shown to everybody, and kept by the clocks of new cases.</summary>
public sealed class StandardsTests
{
    /// <summary>The table of a real city (运城), 144 lines.</summary>
    internal static readonly string RealFile = Path.Combine(AppContext.BaseDirectory, "data", "case-standards-events.csv");

    private const string Header = "class_code,class_name,item_code,item_name,filing_condition,closing_condition,time_limit,category";

    [Fact]
    public async Task A_citys_table_is_imported_from_the_callers_folder_and_once_more_changes_nothing()
    {
        var folder = TestStreet.NewFolder();
        for (var time = 1; time <= 2; time++)
        {
            var (code, said, complained) = await CommandTests.Run(folder, null, Path.GetDirectoryName(RealFile)!, "import", "standards", Path.GetFileName(RealFile));
            Assert.Equal((0, string.Empty), (code, complained));
            Assert.Contains("taken 144, refused 0", said, StringComparison.Ordinal);
            Assert.Matches(@"! case-standards-events\.csv:28 standard_limit_word .*[\u4e00-\u9fff].*[A-Za-z]", said);
            Assert.Matches(@"\(144\): 01-01-1 01-01-2 .* 06-96-1", said); // mapped to no category: listed
        }

        await using var street = await TestStreet.StartInAsync(folder);
        Assert.Equal([1], await Versions(street));
        var view = (await street.Anyone.Read("/api/standards")).Value<StandardsView>();
        Assert.Equal(144, view.Standards.Count);
        Assert.Equal(
            new StandardView("01-22-1", "01", "市容环境", "22", "非法伐树", "未经审批砍伐或破坏树木", "制止", "1 小时（昼夜连续计时）", "1 h, around the clock", null),
            view.Standards.Single(s => s.Key == "01-22-1"));
    }

    [Fact]
    public async Task Refused_lines_are_said_with_their_reason_and_stop_no_other()
    {
        var (folder, file) = (TestStreet.NewFolder(), Table("01,甲,01,子,一,清除,1天,", "01,甲,01,子,二,清除,很快,", "01,甲,01,子,三,清除,2天,"));
        var (code, said, _) = await CommandTests.Run(folder, null, "/", "import", "standards", file);
        Assert.Equal(0, code);
        Assert.Matches(@"table\.csv:3 standard_limit_unknown .*很快.*\n", said);
        Assert.Contains("taken 2, refused 1", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_table_replaces_the_one_in_force_only_if_that_is_said()
    {
        var (folder, file) = (TestStreet.NewFolder(), Table("01,甲,01,子,一,清除,1天,"));
        Assert.Equal(0, (await CommandTests.Run(folder, null, folder, "import", "standards", RealFile)).Code);
        var (code, _, complained) = await CommandTests.Run(folder, null, folder, "import", "standards", file);
        Assert.Equal(1, code);
        Assert.Matches("standards_in_force 现行的有 144 条.*144 lines are in force.*--replace", complained);
        Assert.Equal(0, (await CommandTests.Run(folder, null, folder, "import", "standards", file, "--replace")).Code);
        await using var street = await TestStreet.StartInAsync(folder);
        Assert.Single((await street.Anyone.Read("/api/standards")).Value<StandardsView>().Standards);
        Assert.Equal([1, 2], await Versions(street));
    }

    [Fact]
    public async Task Where_no_line_can_be_taken_nothing_changes()
    {
        var folder = TestStreet.NewFolder();
        var (code, said, complained) = await CommandTests.Run(folder, null, folder, "import", "standards", "nowhere.csv");
        Assert.Equal(1, code);
        Assert.Contains("taken 0, refused 0", said, StringComparison.Ordinal);
        Assert.Contains("file_missing", complained, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "dispatch.db")));
        Assert.Equal(1, (await CommandTests.Run(folder, null, folder, "import", "standards", Table("01,甲,01,子,一,清除,很快,"))).Code);
        await using var street = await TestStreet.StartInAsync(folder);
        Assert.Empty(await Versions(street));
    }

    [Fact]
    public async Task An_import_that_fails_on_the_way_leaves_nothing_of_itself()
    {
        await using var street = await TestStreet.StartAsync();
        await Import(street, "01,甲,01,子,一,清除,1天,");
        var before = await Revision();
        await Sql(street, "CREATE UNIQUE INDEX no_second ON documents (kind) WHERE kind = 'standards'"); // its last statement fails
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => Import(street, "01,甲,01,子,一,清除,2天,", "01,甲,02,丑,二,清除,2天,"));
        Assert.Equal((before, 1), (await Revision(), street.Service<StandardsBook>().View.Standards.Count));
        await street.RestartAsync();
        Assert.Equal(["1 个工作日"], street.Service<StandardsBook>().View.Standards.Select(s => s.Limit));
        await Sql(street, "DROP INDEX no_second");
        await Import(street, "01,甲,01,子,一,清除,2天,", "01,甲,02,丑,二,清除,2天,");
        Assert.Equal([1, 2], await Versions(street));

        async Task<long> Revision()
        {
            await using var db = street.Service<Database>().Context();
            return await db.Books.Where(b => b.Name == StandardsBook.Name).Select(b => b.Revision).SingleAsync();
        }
    }

    [Fact]
    public async Task A_whistle_that_names_a_line_is_promised_its_limit_and_no_answer_after_it()
    {
        await using var street = await TestStreet.StartAsync();
        var earlier = await street.Blow("001", "13");
        await ImportReal(street);
        var named = (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "13", standard = "01-28-1" })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        var due = street.Now.AddHours(2); // 2紧急工作时; S3 would be arrived at within 12 hours of service and resolved in 3 working days
        Assert.Equal([("accept", due), ("arrive", due), ("resolve", due)], named.Answers.Select(a => (a.Kind, a.Due)));
        Assert.Equal(["standard:01-28-1"], Details.Texts((await street.Journal(named.CallNo)).Single().Detail));
        var plain = (await street.Blow("001", "13")).Answers;
        Assert.Equal(earlier.Answers, plain); // no line is mapped to the category, and open cases keep their clocks

        await street.SweepAfter(TimeSpan.FromHours(2) + TimeSpan.FromMilliseconds(1));
        Assert.All((await street.Card(named.CallNo)).Answers, answer => Assert.True(answer.Breached));
    }

    [Theory]
    [InlineData("01-28-2")]
    [InlineData("99-99-1")]
    [InlineData("")]
    [InlineData("01-28-1 ")]
    public async Task A_line_that_is_not_there_is_refused_with_a_problem(string standard)
    {
        await using var street = await TestStreet.StartAsync();
        await ImportReal(street);
        (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "13", standard })).Problem(422, Codes.StandardUnknown);
    }

    [Fact]
    public async Task A_line_mapped_to_a_category_holds_for_its_whistles_unless_several_are()
    {
        await using var street = await TestStreet.StartAsync();
        await Import(street, "01,甲,01,子,一,清除,2紧急工作时,13", "01,甲,02,丑,一,清除,1紧急工作时,12", "01,甲,02,丑,二,清除,2紧急工作时,12");
        Assert.Equal(street.Now.AddHours(2), (await street.Blow("001", "13")).Answers[2].Due);
        Assert.Equal(street.Now.AddHours(2), (await street.Blow("001", "13", danger: true)).Answers[2].Due);
        Assert.Equal(new DateTimeOffset(2026, 3, 16, 9, 0, 0, TimeSpan.FromHours(8)), (await street.Blow("001", "12")).Answers[2].Due); // 3 working days, by the policy
    }

    [Fact]
    public async Task Another_node_knows_an_import_at_its_next_look()
    {
        await using var street = await TestStreet.StartSharedAsync();
        await using var other = await street.JoinAsync();
        await ImportReal(street);
        await other.Service<BookWatch>().LookAsync(CancellationToken.None);
        Assert.NotNull(other.Service<StandardsBook>().Find("01-28-1"));
    }

    private static string Table(params string[] lines)
    {
        var file = Path.Combine(TestStreet.NewFolder(), "table.csv");
        File.WriteAllLines(file, [Header, .. lines]);
        return file;
    }

    private static Task Import(TestStreet street, params string[] lines) => Take(street, Table(lines));

    private static Task ImportReal(TestStreet street) => Take(street, RealFile);

    private static async Task Take(TestStreet street, string file)
    {
        var import = await StandardsFile.ReadAsync(file, () => Task.FromResult(street.Service<PolicyBook>().Current.Latest));
        Assert.Empty(import.Refused);
        await street.Service<StandardsBook>().AddAsync(import.Taken, "test", CancellationToken.None);
    }

    private static async Task<List<int>> Versions(TestStreet street)
    {
        await using var db = street.Service<Database>().Context();
        return await db.Documents.Where(d => d.Kind == "standards").OrderBy(d => d.Version).Select(d => d.Version).ToListAsync();
    }

    private static async Task Sql(TestStreet street, string sql)
    {
        await using var connection = street.Service<Database>().Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
