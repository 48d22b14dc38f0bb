using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The tables of real offices are taken, or each line is named that is not; and what we write we take back.</summary>
public sealed class OfficeTableTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private TestStreet Street => shared.Street;

    [Theory]
    [InlineData("gbk.csv", 2)]
    [InlineData("utf16le.csv", 2)]
    [InlineData("two-boms.csv", 2)]
    [InlineData("semicolon.csv", 2)]
    [InlineData("tab.csv", 2)]
    public async Task Accounts_in_the_encodings_and_separators_of_spreadsheets(string file, int lines)
    {
        var import = await Street.Service<AccountCommands>().TakeAsync(null, file, () => Open(file), CancellationToken.None);
        Assert.True(import.Unusable is null && import.Refused.Count == 0 && import.Taken == lines, $"{import.Taken} {string.Join(' ', import.Refused.Select(r => r.Why.English))} {import.Unusable?.English}");
    }

    [Fact]
    public async Task Rare_characters_and_the_middle_dot_are_names_and_one_dot_is_like_another()
    {
        var import = await Street.Service<AccountCommands>().TakeAsync(null, "staff-rare-names.csv", () => Open("staff-rare-names.csv"), CancellationToken.None);
        Assert.Equal([4, 8, 9, 10, 11, 12], import.Refused.Select(r => r.Line)); // the same name under another dot; brackets, a blank, an apostrophe, an address, one character
        Assert.Equal(5, import.Taken);
        foreach (var typed in (string[])["阿依努尔·测试", " 阿依努尔•测试 ", "阿依努尔・测试"])
            Assert.True((await Street.Anyone.Send("/api/login", new { userName = typed, password = import.Made.Single(f => f.UserName == "阿依努尔·测试").Password })).Status == System.Net.HttpStatusCode.OK, typed);
    }

    [Theory]
    [InlineData("holidays-excel.csv", 2)]
    [InlineData("holidays-chinese.csv", 3)]
    public void Days_off_as_people_write_them(string file, int days)
    {
        var import = Holidays.Read(file, () => Open(file), 2026);
        Assert.True(import.IsUsable && import.Refused.Count == 0, string.Join(' ', import.Refused.Select(r => r.Why.English)));
        Assert.Equal(days, import.Days.Count);
    }

    [Theory]
    [InlineData("roster-as-excel-saves-it.csv", 3)]
    [InlineData("roster-midnight.csv", 8, 8)]
    public async Task Shifts_with_the_times_of_spreadsheets(string file, int lines, params int[] refused)
    {
        for (var turn = 0; turn < 2; turn++) // the second time it changes nothing
        {
            var import = await Street.Service<RosterFile>().TakeAsync(null, file, () => Open(file), CancellationToken.None);
            Assert.True(import.Taken == lines, string.Join(' ', import.Refused.Select(r => $"{r.Line} {r.Why.English}")));
            Assert.Equal(refused, import.Refused.Select(r => r.Line));
        }
    }

    [Fact]
    public async Task What_the_roster_writes_it_takes_back_also_the_shift_that_runs_and_the_one_that_is_over()
    {
        var community = await Street.As("community02");
        var (post, today) = (await Street.PostOf("grid010"), DateOnly.FromDateTime(Street.Now.ToOffset(TimeSpan.FromHours(8)).DateTime));
        await Street.Service<Roster>().SignOffAsync(post, Street.Now, CancellationToken.None);
        await Street.Service<Roster>().AddShiftAsync(post, Street.Now.AddHours(-3), Street.Now.AddHours(2), CancellationToken.None);
        await Street.Service<Roster>().AddShiftAsync(post, Street.Now.AddHours(-30), Street.Now.AddHours(-20), CancellationToken.None);
        var unit = Domain.Duty.DutyUnit.Of(Street.Service<Roster>().FindPost(post.Value)!).Value;
        var table = await community.GetByteArrayAsync(new Uri($"/api/roster.csv?unit={unit}&from={today.AddDays(-3):yyyy-MM-dd}&to={today.AddDays(3):yyyy-MM-dd}", UriKind.Relative));
        var taken = (await community.Send("/api/roster/import", table, contentType: "text/csv")).Value<RosterTaken>();
        Assert.Empty(taken.Refused);
        Assert.True(taken.Made >= 2);
    }

    private static FileStream Open(string file) => File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "tables", file));
}
