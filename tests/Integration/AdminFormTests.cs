using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The administrator's forms: what is refused is said in the reader's language, and the city's standards are mapped in a table.</summary>
public sealed class AdminFormTests : IAsyncLifetime
{
    private const string Header = "class_code,class_name,item_code,item_name,filing_condition,closing_condition,time_limit,category\n";

    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    private StandardsBook Standards => _street.Service<StandardsBook>();

    /// <summary>Every form of /admin with what it refuses: the handler, its fields, what it says in Chinese and in English.</summary>
    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "Policy", "", "请选文件", "Choose a file" },
        { "Policy", "file={}", "文件不能用", "cannot be used" },
        { "Policy", "file=not json", "文件不能用", "cannot be used" },
        { "Holidays", "", "请选文件", "Choose a file" },
        { "Holidays", "file=date,kind\n2026-13-01,holiday\n", "有几行不对", "nothing was changed" },
        { "Holidays", "file=a,b\n", "缺少", "missing" },
        { "Standards", "", "请选文件", "Choose a file" },
        { "Standards", "file=a,b\n", "缺少", "missing" },
        { "Standards", "file=" + Header + "01,甲,01,子,一,清除,很快,\n", "一条也没有采用", "rejected" },
        { "Phone", "account=wall&phone=12", "电话", "phone" },
        { "Phone", "account=nobody-of-here&phone=13900000001", "没有", "Unknown account" },
        { "Revoke", "account=nobody-of-here", "没有“nobody-of-here”这个账号", "nobody-of-here" },
        { "Account", "account=x&kind=police&place=team:01", "账号", "account" },
        { "Account", "account=new.one&kind=police&place=", "要选一支管家队", "team" },
        { "Account", "account=new.one&kind=pope&place=team:01", "没有“pope”这种岗位", "no kind" },
        { "Account", "account=duty&kind=streetDesk&place=", "duty", "duty" },
        { "Renew", "account=nobody-of-here&mark=x", "账号", "account" },
        { "Close", "account=nobody-of-here", "账号", "account" },
        { "Accounts", "", "请选文件", "Choose a file" },
        { "Accounts", "file=account,kind,place\nqian,保安,晨曦社区\n", "一个账号也没有新建", "rejected" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Every_form_says_in_the_readers_language_why_it_refuses(string handler, string fields, string zh, string en)
    {
        foreach (var (language, sentence) in new[] { ("zh-CN", zh), ("en", en) })
        {
            var form = await FormPage.OpenAsync(_street, "admin", "/admin", language);
            var file = fields.StartsWith("file=", StringComparison.Ordinal) ? fields[5..] : null;
            var typed = file is null ? fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).Select(f => (f[0], f[1])).ToArray() : [];
            await form.SendAsync(handler, file is null ? null : Encoding.UTF8.GetBytes(file), typed);
            var said = form.Error;
            Assert.Contains(sentence, said, StringComparison.OrdinalIgnoreCase);
            if (language == "en") Assert.DoesNotContain(said.Replace("pope", "", StringComparison.Ordinal), c => c is >= '\u4e00' and <= '\u9fff');
            else Assert.Contains(said, c => c is >= '\u4e00' and <= '\u9fff');
        }
    }

    [Fact]
    public async Task Unmapped_lines_come_first_and_a_choice_is_kept_like_an_import()
    {
        await ImportAsync("01,甲,01,子,一,清除,1天,02", "01,甲,01,子,二,清除,2天,", "01,甲,02,丑,三,清除,3天,");
        var form = await FormPage.OpenAsync(_street, "admin", "/admin/standards");
        Assert.Contains("未对应 2 条，共 3 条", form.Text, StringComparison.Ordinal);
        Assert.Equal(["01-01-2", "01-02-1", "01-01-1"], form.Values("key"));
        var kept = await form.SendAsync("", ("now", ["03", "", "02"]));
        Assert.Contains("改了 1 条", kept, StringComparison.Ordinal);
        Assert.Contains("未对应 1 条，共 3 条", kept, StringComparison.Ordinal);
        Assert.Equal("01-01-2", Standards.OfCategory("03")!.Key);
        Assert.Contains((await (await _street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, a => a is { What: "documentAdded", Subject: "standards:2", By: "admin" });
        await _street.RestartAsync();
        Assert.Equal("01-01-2", Standards.OfCategory("03")!.Key);
        var call = await _street.Blow("001", "03");
        Assert.Equal(TimeSpan.FromDays(2), call.Answers[2].Due - _street.Now); // two working days from nine o'clock
    }

    [Fact]
    public async Task A_choice_that_cannot_be_is_said_beside_its_line_and_changes_nothing()
    {
        await ImportAsync("01,甲,01,子,一,清除,1天,", "01,甲,01,子,二,清除,2天,");
        foreach (var (language, unknown, overtaken, gone) in new[] { ("zh-CN", "没有类别“99”", "期间已有人改为“02 排水堵塞”", "期间换了整张表"), ("en", "no category “99”", "has mapped it to “02 Blocked drain”", "The table was replaced") })
        {
            var form = await FormPage.OpenAsync(_street, "admin", "/admin/standards", language);
            await form.SendAsync("", ("now", ["99", "03"]));
            Assert.Contains(unknown, form.Beside("01-01-1"), StringComparison.Ordinal);
            Assert.Equal(["99", "03"], form.Values("now")); // what was chosen is still there
            Assert.Null(Standards.OfCategory("03"));

            form = await FormPage.OpenAsync(_street, "admin", "/admin/standards", language);
            await Standards.MapAsync(new Dictionary<string, (string? Was, string? Now)> { ["01-01-1"] = (null, "02") }, "another", CancellationToken.None);
            await form.SendAsync("", ("now", ["04", "03"]));
            Assert.Contains(overtaken, form.Beside("01-01-1"), StringComparison.Ordinal);
            Assert.Null(Standards.OfCategory("03")); // all or none
            await ImportAsync("01,甲,01,子,一,清除,1天,");
            await form.SendAsync("", ("now", ["02", "03"]));
            Assert.Contains(gone, form.Error, StringComparison.Ordinal);
            await ImportAsync("01,甲,01,子,一,清除,1天,", "01,甲,01,子,二,清除,2天,");
        }
    }

    private async Task ImportAsync(params string[] lines)
    {
        var import = await StandardsFile.ReadAsync("table.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(Header + string.Join('\n', lines))), () => Task.FromResult(_street.Service<PolicyBook>().Current.Latest));
        Assert.Empty(import.Refused);
        await Standards.AddAsync(import.Taken, "admin", CancellationToken.None);
    }
}
