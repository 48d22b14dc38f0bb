using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The policy as a table: previewed, adopted at once or for later, taken back, and refused in the reader's language.</summary>
public sealed class PolicyTableTests : IAsyncLifetime
{
    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    private PolicyBook Book => _street.Service<PolicyBook>();

    [Fact]
    public async Task A_change_is_previewed_then_adopted_for_new_whistles_and_moves_no_open_case()
    {
        var open = await _street.Blow();
        var form = await FormPage.OpenAsync(_street, "admin", "/admin/policy");
        form.Put("answers.0.limits.S2", "20");
        form.Put("categories.25.level", "S2");
        var preview = await form.SendAsync("Preview");
        Assert.Contains("将改动 2 处", preview, StringComparison.Ordinal);
        Assert.Matches("一应 接单.*紧急.*<td>15 分钟</td><td><b>20 分钟</b>", preview);
        Assert.Matches("26 咨询及其他.*<td>一般</td><td><b>紧急</b>", preview);
        Assert.Contains("办理中的 1 件不受影响", preview, StringComparison.Ordinal);
        Assert.Equal(1, Book.Current.Latest.Version); // looking changes nothing

        Assert.Contains("第 2 版", await form.SendAsync("Adopt"), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(20), AcceptWithin(await _street.Blow()));
        Assert.Equal(TimeSpan.FromMinutes(15), AcceptWithin(open));
        Assert.Equal(TimeSpan.FromMinutes(15), (await _street.Card(open.CallNo)).Answers[0].Due - (await _street.Card(open.CallNo)).OpenedAt);
        Assert.Contains((await (await _street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, a => a is { What: "documentAdded", Subject: "policy:2", By: "admin" });
    }

    [Fact]
    public async Task A_planned_version_begins_by_the_clock_after_a_restart_too()
    {
        await PlanAsync("2026-03-11T10:00");
        Assert.Equal(TimeSpan.FromMinutes(15), AcceptWithin(await _street.Blow()));
        await _street.RestartAsync();
        Assert.Equal(2, Book.Planned!.Policy.Version);
        _street.FastForward(TimeSpan.FromMinutes(60) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Book.Current.Latest.Version);
        _street.FastForward(TimeSpan.FromMilliseconds(1)); // exactly then
        Assert.Null(Book.Planned);
        Assert.Equal(TimeSpan.FromMinutes(20), AcceptWithin(await _street.Blow()));
        await _street.RestartAsync();
        Assert.Equal((2, null), (Book.Current.Latest.Version, Book.Planned));
        Assert.Contains((await (await _street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, a => a is { Subject: "policyStart:2", By: "admin" });
    }

    [Fact]
    public async Task What_is_to_come_is_shown_and_can_be_taken_back_until_it_begins()
    {
        await PlanAsync("2026-03-11T10:00");
        var form = await FormPage.OpenAsync(_street, "admin", "/admin/policy");
        Assert.Contains("第 2 版将于 2026-03-11 10:00 起用", form.Text, StringComparison.Ordinal);
        Assert.Matches("<td>15 分钟</td><td><b>20 分钟</b>", form.Text);
        Assert.Contains("已收回", await form.SendAsync("TakeBack"), StringComparison.Ordinal);
        _street.FastForward(TimeSpan.FromHours(2));
        Assert.Equal(1, Book.Current.Latest.Version);
        await _street.RestartAsync();
        Assert.Equal(1, Book.Current.Latest.Version);
        Assert.Contains((await (await _street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, a => a is { Subject: "policyTakenBack:2", By: "admin" });

        Assert.Equal(3, await PlanAsync("2026-03-11T11:30")); // a number is never used twice
        form = await FormPage.OpenAsync(_street, "admin", "/admin/policy");
        _street.FastForward(TimeSpan.FromMinutes(30));
        Assert.Contains("已经起用", await form.SendAsync("TakeBack"), StringComparison.Ordinal);
        Assert.Equal(3, Book.Current.Latest.Version);
    }

    [Fact]
    public async Task While_a_version_is_to_come_no_other_rules_are_taken_and_holidays_reach_it()
    {
        await PlanAsync("2026-03-12T08:00");
        var refused = await Assert.ThrowsAsync<UnusableDocumentException>(() => Book.AddAsync(PolicyBook.DefaultJson(), "admin", CancellationToken.None));
        Assert.Contains("第 2 版定于 2026-03-12 08:00 起用", refused.Chinese, StringComparison.Ordinal);
        Assert.Contains("Take it back", refused.English, StringComparison.Ordinal);
        var day = new DateOnly(2027, 3, 3);
        Assert.Equal(3, await Book.AddHolidaysAsync(new Dictionary<DateOnly, bool> { [day] = false }, "admin", CancellationToken.None));
        Assert.Equal(TimeSpan.FromMinutes(15), Book.Current.Latest.Limit(Level.S2, "accept").Length);
        _street.FastForward(TimeSpan.FromDays(1));
        Assert.Equal((2, TimeSpan.FromMinutes(20)), (Book.Current.Latest.Version, Book.Current.Latest.Limit(Level.S2, "accept").Length));
        Assert.False(Book.Current.Holidays[day]);
        await _street.RestartAsync();
        Assert.Equal(2, Book.Current.Latest.Version);
        Assert.False(Book.Current.Holidays[day]);
        Assert.Equal(4, await Book.AddHolidaysAsync(new Dictionary<DateOnly, bool> { [new DateOnly(2028, 3, 3)] = false }, "admin", CancellationToken.None));
        Assert.Equal((4, TimeSpan.FromMinutes(20)), (Book.Current.Latest.Version, Book.Current.Latest.Limit(Level.S2, "accept").Length));
    }

    [Fact]
    public async Task The_second_of_two_administrators_is_told_what_the_first_changed_and_keeps_what_was_typed()
    {
        var (first, second) = (await FormPage.OpenAsync(_street, "admin", "/admin/policy"), await FormPage.OpenAsync(_street, "admin", "/admin/policy"));
        second.Put("verify", "2");
        await second.SendAsync("Preview");
        first.Put("answers.0.limits.S2", "20");
        await first.SendAsync("Preview");
        await first.SendAsync("Adopt");
        var told = await second.SendAsync("Adopt");
        Assert.Contains("期间已有人换成第 2 版", told, StringComparison.Ordinal);
        Assert.Matches("<td>15 分钟</td><td><b>20 分钟</b>", told);
        Assert.Equal("2", second.Value("verify"));
        Assert.Equal(2, Book.Current.Latest.Version);
        var late = await Assert.ThrowsAsync<UnusableDocumentException>(() => Book.AddAsync(PolicyBook.DefaultJson(), null, 1, "admin", CancellationToken.None)); // past the page as well
        Assert.Contains("version 2 is in force", late.English, StringComparison.Ordinal);

        second.Put("answers.0.limits.S2", "20");
        Assert.Contains("将改动 1 处", await second.SendAsync("Preview"), StringComparison.Ordinal);
        await second.SendAsync("Adopt");
        Assert.Equal((3, TimeSpan.FromMinutes(20), TimeSpan.FromHours(14)), (Book.Current.Latest.Version, Book.Current.Latest.Limit(Level.S2, "accept").Length, Book.Current.Latest.Verify.Length));
    }

    [Theory]
    [InlineData("answers.0.limits.S1", "0", "不能是 0", "cannot be 0")]
    [InlineData("answers.0.limits.S1", "abc", "“abc”不是整数", "“abc” is not a whole number")]
    [InlineData("answers.0.limits.S1", "-5", "“-5”不是整数", "“-5” is not a whole number")]
    [InlineData("answers.0.limits.S1", "", "请填写", "Fill this in")]
    [InlineData("answers.2.limits.S3", "999999", "太长", "Too long")]
    [InlineData("answers.0.limits.S1.unit", "fortnight", "没有“fortnight”这个单位", "no unit “fortnight”", "answers.0.limits.S1")]
    [InlineData("answers.0.kind", "parade", "没有“parade”这种应答", "no kind of answer “parade”")]
    [InlineData("answers.1.key", "accept", "“accept”写了两次", "“accept” is given twice")]
    [InlineData("answers.1.key", "到场", "不能作代码", "cannot be a code")]
    [InlineData("categories.1.code", "01", "“01”写了两次", "“01” is given twice")]
    [InlineData("categories.1.name", "", "请填写", "Fill this in")]
    [InlineData("categories.1.level", "S9", "没有“S9”这个级别", "no level “S9”")]
    [InlineData("warn", "120", "1 到 99", "from 1 to 99")]
    [InlineData("surgeCases", "1", "2 到 1000", "from 2 to 1,000")]
    [InlineData("surgeWithin.unit", "wd", "连续计时", "around the clock", "surgeWithin")]
    [InlineData("from", "2026-03-11T08:59", "起用时间已经过了", "in the past")]
    [InlineData("from", "2028-03-11T08:59", "最远为一年", "at most a year ahead")]
    [InlineData("from", "明天", "请选日期和时间", "Choose a date and a time")]
    public async Task A_field_that_cannot_be_right_is_said_beside_it_in_the_readers_language_and_what_was_typed_is_kept(string field, string typed, string zh, string en, string? beside = null)
    {
        foreach (var (language, sentence) in new[] { ("zh-CN", zh), ("en", en) })
        {
            var form = await FormPage.OpenAsync(_street, "admin", "/admin/policy", language);
            form.Put("evaluate", "8");
            if (field == "from") form.Put("when", "at");
            form.Put(field, typed);
            var said = await form.SendAsync("Preview");
            if (field is not ("answers.0.kind" or "categories.1.level")) Assert.Contains(sentence, FormPage.Plain(Regex.Match(said, $"<p class=\"field-error\" id=\"{Regex.Escape(beside ?? field)}-error\">([^<]*)").Groups[1].Value), StringComparison.Ordinal);
            else Assert.Contains(sentence, FormPage.Plain(string.Join(' ', Regex.Matches(said, "<p class=\"field-error\">([^<]*)").Select(m => m.Groups[1].Value))), StringComparison.Ordinal);
            Assert.Equal("8", form.Value("evaluate"));
            if (beside is null && field is not ("answers.0.kind" or "categories.1.level")) Assert.Equal(typed, form.Value(field));
            Assert.DoesNotContain("name=\"document\"", said, StringComparison.Ordinal);
        }

        Assert.Equal((1, null), (Book.Current.Latest.Version, Book.Planned));
    }

    [Theory]
    [InlineData("answers.0.kind", "acknowledge", "接单应答须恰为一项", "exactly one accept answer")]
    [InlineData("answers.1.key", "verify", "系统保留", "reserved by the system")]
    public async Task A_table_that_is_wrong_as_a_whole_is_refused_like_an_imported_file(string field, string typed, string zh, string en)
    {
        foreach (var (language, sentence) in new[] { ("zh-CN", zh), ("en", en) })
        {
            var form = await FormPage.OpenAsync(_street, "admin", "/admin/policy", language);
            form.Put(field, typed);
            Assert.Contains(sentence, FormPage.Plain(await form.SendAsync("Preview")), StringComparison.Ordinal);
        }

        Assert.Equal(1, Book.Current.Latest.Version);
    }

    [Fact]
    public async Task Lines_are_added_and_deleted_and_a_category_that_goes_says_what_hangs_on_it()
    {
        await _street.Blow("001", "26");
        var form = await FormPage.OpenAsync(_street, "admin", "/admin/policy");
        form.Put("categories.25.gone", "yes");
        foreach (var (member, text) in new[] { ("code", "２７"), ("name", "共享单车"), ("nameEn", "Shared bicycles"), ("level", "S3") }) form.Put("categories.26." + member, text);
        foreach (var (member, text) in new[] { ("key", "owners"), ("kind", "acknowledge"), ("party", "owners"), ("limits.S1", "30"), ("limits.S2", "40"), ("limits.S3", "50") }) form.Put("answers.3." + member, text);
        var preview = await form.SendAsync("Preview");
        Assert.True(preview.Contains("类别 26 还有 1 件在办", StringComparison.Ordinal), string.Join('\n', preview.Split('\n').Where(l => l.Contains("error", StringComparison.Ordinal) || l.Contains("<li>", StringComparison.Ordinal))));
        await form.SendAsync("Adopt");
        var adopted = Book.Current.Latest;
        Assert.Null(adopted.FindCategory("26"));
        Assert.Equal(new Category("27", "共享单车", "Shared bicycles", Level.S3, RecusesProperty: false), adopted.Categories[^1]); // full-width digits are digits
        Assert.Equal(new AnswerRule("owners", AnswerKind.Acknowledge, "owners", Required: false), adopted.Pack[^1]);
        Assert.Equal(TimeSpan.FromMinutes(40), adopted.Limit(Level.S2, "owners").Length);
        Assert.Equal(12, adopted.Parties.Length); // what the table does not hold stays
    }

    [Fact]
    public async Task A_planned_version_begins_on_every_node()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        await a.Service<PolicyBook>().AddAsync(PolicyBook.DefaultJson().Replace("\"15m\"", "\"20m\"", StringComparison.Ordinal), a.Now.AddHours(1), 1, "admin", CancellationToken.None);
        await b.Service<BookWatch>().LookAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(15), AcceptWithin(await b.Blow(category: "02")));
        a.FastForward(TimeSpan.FromHours(1)); // the nodes share a clock
        Assert.Equal(TimeSpan.FromMinutes(20), AcceptWithin(await b.Blow("002", "02")));
        Assert.Equal(TimeSpan.FromMinutes(20), AcceptWithin(await a.Blow("003", "02")));
    }

    private static TimeSpan AcceptWithin(WhistleReceipt call) => call.Answers[0].Due - call.Answers[2].Due + TimeSpan.FromHours(24);

    /// <summary>S2 is accepted within 20 minutes from then on.</summary>
    private async Task<int> PlanAsync(string from)
    {
        var form = await FormPage.OpenAsync(_street, "admin", "/admin/policy");
        form.Put("answers.0.limits.S2", "20");
        form.Put("when", "at");
        form.Put("from", from);
        Assert.Contains(from.Replace('T', ' '), await form.SendAsync("Preview"), StringComparison.Ordinal);
        Assert.Matches("第 . 版已定", await form.SendAsync("Adopt"));
        return Book.Planned!.Policy.Version;
    }
}
