using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Standards;

/// <summary>Reading a city's table: what is taken, what is refused, what is remarked on.</summary>
public sealed class StandardsFileTests
{
    private const string Header = "class_code,class_name,item_code,item_name,filing_condition,closing_condition,time_limit";

    [Fact]
    public async Task Every_line_of_a_real_citys_table_is_understood()
    {
        var import = await StandardsFile.ReadAsync(Path.Combine(AppContext.BaseDirectory, "data", "case-standards-events.csv"), Policy);
        Assert.Equal((144, 0, null), (import.Taken.Length, import.Refused.Length, import.Unusable));
        var remark = Assert.Single(import.Remarks); // 1紧急工作时制止
        Assert.Equal((28, "standard_limit_word"), (remark.Line, remark.Why.Code));
        Assert.Equal("1紧急工作时", import.Taken.Single(s => s.Key == "01-22-1").Limit.ToString());
        Assert.Equal(144, import.Taken.Select(s => s.Key).Distinct().Count());
        Assert.All(import.Taken, standard => Assert.Null(standard.Category));
        Assert.Equal(import.Taken.AsEnumerable(), StandardsJson.Read(StandardsJson.Write(import.Taken)));
    }

    [Fact]
    public async Task The_key_ends_with_the_position_within_the_item_whatever_became_of_the_lines_before()
    {
        var import = await Read("01,甲,01,子,条件一,清除,1天", "01,甲,02,丑,条件,清除,1天", "01,甲,01,子,条件二,清除,很快", "01,甲,01,子,条件三,清除,2天");
        Assert.Equal(["01-01-1", "01-02-1", "01-01-3"], import.Taken.Select(s => s.Key));
        Assert.Equal((4, "standard_limit_unknown"), (import.Refused.Single().Line, import.Refused.Single().Why.Code));
    }

    [Fact]
    public async Task Zeros_of_an_item_are_those_of_its_own_class_and_never_make_two_items_one()
    {
        static StandardView Line(string ofClass, string item) => new($"{ofClass}-{item}-1", ofClass, "", item, "", "", "", "", "", null);
        IReadOnlyList<StandardView> inForce = [Line("01", "01"), Line("02", "003")];
        var import = await StandardsFile.ReadAsync("t.csv", () => Csv(Header, "1,甲,1,子,条件,清除,1天", "1,甲,3,寅,条件,清除,1天", "2,乙,3,丑,条件,清除,1天"), Policy, () => inForce);
        Assert.Equal(["01-01-1", "01-3-1", "02-003-1"], import.Taken.Select(s => s.Key));
        import = await StandardsFile.ReadAsync("t.csv", () => Csv(Header, "01,甲,01,子,条件,清除,1天", "01,甲,1,别的,条件,清除,1天"), Policy, () => inForce);
        Assert.Equal(["01-01-1", "01-1-1"], import.Taken.Select(s => s.Key));
    }

    [Theory]
    [InlineData("0-1,甲,01,子,条件,清除,1天", "standard_code_invalid")]
    [InlineData(",甲,01,子,条件,清除,1天", "standard_code_invalid")]
    [InlineData("01,甲,01,,条件,清除,1天", "standard_text_missing")]
    [InlineData("01,甲,01,子,条件,清除,", "standard_limit_unknown")]
    [InlineData("01,甲,01,子,条件,这一格里写了太多的字,1天", "standard_text_too_long")]
    [InlineData("01,甲,01,子,条件,清除,1000小时", "standard_limit_unfit")]
    [InlineData("01,甲,01,子,条件,清除", "too_few_fields")]
    [InlineData("01,甲,01,子,条件,清除,1天,多", "too_many_fields")]
    [InlineData("01,甲,01,子,\"条件,清除,1天", "broken_quotes")]
    [InlineData("01,甲,09,子,旧,别的,2天", "standard_repeated")] // class, item and filing condition are those of the first line
    public async Task A_line_that_cannot_be_taken_is_reported_with_its_reason_and_stops_no_other(string line, string why)
    {
        var policy = DefaultWithShortDays(why);
        line = line.Replace("这一格里写了太多的字", new string('字', StandardsFile.MaxTextChars + 1), StringComparison.Ordinal);
        var import = await StandardsFile.ReadAsync("t.csv", () => Csv(Header, "01,甲,09,子,旧,清除,1天", line, "01,甲,08,寅,条件,清除,2小时"), () => Task.FromResult(policy));
        var refused = Assert.Single(import.Refused);
        Assert.Equal((3, why), (refused.Line, refused.Why.Code));
        Assert.Equal(["01-09-1", "01-08-1"], import.Taken.Select(s => s.Key));
    }

    [Fact]
    public async Task A_column_maps_lines_to_categories_and_one_that_is_not_known_is_remarked_on()
    {
        var import = await StandardsFile.ReadAsync(
            "t.csv", () => Csv(Header + ",category", "01,甲,01,子,一,清除,1天,13", "01,甲,01,丑,二,清除,1天,77", "01,甲,01,子,三,清除,1天,"), Policy);
        Assert.Equal(["13", null, null], import.Taken.Select(s => s.Category));
        Assert.Equal([(3, "standard_name_differs"), (3, "standard_category_unknown")], import.Remarks.Select(r => (r.Line, r.Why.Code)));
    }

    [Fact]
    public async Task A_file_that_is_no_table_asks_for_no_policy()
    {
        static Task<Policy> Never() => throw new InvalidOperationException("Asked.");
        Assert.Equal("columns_missing", (await StandardsFile.ReadAsync("t.csv", () => Csv("a,b", "1,2"), Never)).Unusable?.Code);
        Assert.Equal("file_missing", (await StandardsFile.ReadAsync("t.csv", () => null, Never)).Unusable?.Code);
    }

    [Fact]
    public async Task A_table_has_a_bounded_number_of_lines()
    {
        var lines = Enumerable.Range(0, StandardsFile.MaxLines).Select(n => $"01,甲,01,子,条件{n},清除,1天").ToArray();
        Assert.Equal(StandardsFile.MaxLines, (await Read(lines)).Taken.Length);
        Assert.Equal("too_many_lines", (await Read([.. lines, "01,甲,01,子,再一条,清除,1天"])).Unusable?.Code);
    }

    [Fact]
    public void Every_sentence_says_the_same_blanks_in_both_languages()
    {
        var words = StreetWords.All.Where(w => w.Code.StartsWith("standard_", StringComparison.Ordinal)).ToList();
        Assert.Equal(9, words.Count);
        foreach (var word in words)
            for (var blank = 0; blank < 4; blank++)
                Assert.Equal(word.Chinese.Contains($"{{{blank}}}"), word.English.Contains($"{{{blank}}}"));
    }

    private static Task<StandardsImport> Read(params string[] lines) => StandardsFile.ReadAsync("t.csv", () => Csv([Header, .. lines]), Policy);

    private static MemoryStream Csv(params string[] lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static Task<Policy> Policy() => Task.FromResult(TestStreet.DefaultPolicy);

    /// <summary>Where the hours are to be too short for a limit: ten minutes of work a day.</summary>
    private static Policy DefaultWithShortDays(string why) =>
        why == "standard_limit_unfit" ? TestStreet.DefaultPolicy with { Hours = WorkHours.Default with { Working = [new(510, 520)] } } : TestStreet.DefaultPolicy;
}
