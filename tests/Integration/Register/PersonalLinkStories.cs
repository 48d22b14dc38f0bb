using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Register;

/// <summary>信息员上报: somebody in the register reports by a personal link and is told what came of it. It is Wednesday 11 March 2026, 09:00.</summary>
public sealed partial class PersonalLinkStories : IAsyncLifetime
{
    private const string Register = """
        code,kind,name,name_en,place,holds,mobile
        e1,estate,晨曦小区,Estate 1,grid:001,,
        b1,building,1号楼,Building 1,e1,,
        b2,building,2号楼,Building 2,e1,,
        b3,building,3号楼,Building 3,grid:002,,
        u1,unit,1单元,Unit 1,b1,,
        d1,door,101,101,u1,,
        i1,informant,一号楼信息员,Reporter of building 1,b1,,19900001001
        i2,informant,网格信息员,Reporter of the grid,grid:001,informant@b3,19900001002
        i3,informant,远处信息员,Reporter far away,grid:008,,
        v1,volunteer,志愿者,Volunteer,grid:001,,19900001003

        """;

    private TestStreet? _street;

    private TestStreet Street => _street!;

    private PersonalLinks Links => Street.Service<PersonalLinks>();

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await WriteAsync(Register);
    }

    public ValueTask DisposeAsync() => _street?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_report_rings_where_it_was_seen_with_a_source_of_its_own_and_its_reporter_is_told_what_came_of_it()
    {
        var code = await GivenAsync("i1");
        var call = await ReportAsync(code, "001/b1", words: "二楼漏水");
        var card = await Street.Card(call.No);
        Assert.Equal(("001", "02", "informant", "ringing"), (card.Grid, card.Category, card.Source, card.State));
        Assert.Equal("1号楼：二楼漏水", (await (await Street.As("grid001")).Read($"/api/calls/{call.No}")).Value<CallDetail>().Description);
        Assert.Contains("正在叫人", await PageAsync(code), StringComparison.Ordinal);
        Assert.Contains($"href=\"{call.Url}\"", await PageAsync(code), StringComparison.Ordinal);
        await Street.Do("grid001", call.No, "accept");
        Assert.Contains("已接单，正在赶来", await PageAsync(code), StringComparison.Ordinal);
        await Street.Do("grid001", call.No, "arrive");
        await Street.Do("grid001", call.No, "resolve", new { report = "好" });
        await Street.Do("grid003", call.No, "verify", new { passed = true });
        var page = await PageAsync(code);
        Assert.Contains("已核查，办好了", page, StringComparison.Ordinal);
        Assert.DoesNotContain("评价", page.Replace("不用您评价", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal([call.No], (await (await Street.As("duty")).Read("/api/history?source=informant")).Value<HistoryView>().Calls.Select(c => c.CallNo)); // counted apart
        await Street.SweepAfter(TimeSpan.FromDays(8));
        Assert.Contains("已结束", await PageAsync(code), StringComparison.Ordinal);
        var rates = (await (await Street.As("leader")).Read("/api/rates?from=2026-03-11&to=2026-03-11&by=source")).Value<RatesView>();
        Assert.Equal([("informant", 1)], rates.Groups.Select(g => (g.Code, g.Cases)));
    }

    [Fact]
    public async Task In_danger_it_is_urgent_and_needs_neither_words_nor_a_category()
    {
        var call = await ReportAsync(await GivenAsync("i1"), "001/b1", category: "", danger: true);
        var card = await Street.Card(call.No);
        Assert.Equal(("S1", "informant"), (card.Level, card.Source));
    }

    [Fact]
    public async Task Its_photo_comes_with_it()
    {
        var photo = (await Street.Anyone.Send("/api/photos", MadePhotos.Jpeg(7), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        var call = await ReportAsync(await GivenAsync("i1"), "001/b1", photo: photo);
        Assert.Equal([photo], (await (await Street.As("grid001")).Read($"/api/calls/{call.No}")).Value<CallDetail>().Photos!.Select(p => p.Id));
    }

    /// <summary>A phone that was offline sends the same form again, also much later; whoever taps twice has reported once.</summary>
    [Fact]
    public async Task The_same_tap_again_is_the_same_case_and_the_key_of_somebody_else_opens_nothing()
    {
        var (code, other) = (await GivenAsync("i1"), await GivenAsync("i2"));
        var first = await ReportAsync(code, "001/b1", key: "tap-0123456789");
        Street.FastForward(TimeSpan.FromHours(19));
        Assert.Equal(first, await ReportAsync(code, "001/b1", key: "tap-0123456789"));
        Assert.Single(await ListAsync(code));
        var refused = await PostAsync(other, "001/b1", key: "tap-0123456789");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.DoesNotContain(first.Url, refused.Text, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(other));
    }

    [Theory]
    [InlineData("i1", "001/b1 001/e1 001")] // the building, and what is around it; no other building
    [InlineData("i2", "001 002/b3 002 001/e1 001/b1 001/b2")] // the grid and what stands in it, and what they hold besides
    [InlineData("i3", "008")]
    public async Task The_places_are_those_that_the_entrys_ties_allow_and_its_own_is_the_first(string entry, string places)
    {
        var code = await GivenAsync(entry);
        Assert.Equal(places.Split(' '), (await Links.FindAsync(code, CancellationToken.None))!.Places.Select(p => p.Value));
        Assert.DoesNotContain("101", await PageAsync(code), StringComparison.Ordinal); // a door is somebody's home
        foreach (var wrong in (string[])["", "009", "001/d1", "001/u1", "002/b1", "001/b1/x", "street", "001/nowhere"])
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(code, wrong)).Status);
        await using var db = Street.Service<Database>().Context();
        Assert.Empty(await db.Reports.ToListAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("99")]
    public async Task Without_a_category_it_is_asked_for_and_nothing_that_was_written_is_lost(string category)
    {
        var answer = await PostAsync(await GivenAsync("i1"), "001/b1", category: category, words: "二楼漏水");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("二楼漏水", WebUtility.HtmlDecode(answer.Text), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(await GivenAsync("i1"), "001/b1", words: new string('字', ReportCommands.WordsLimit + 1))).Status);
    }

    [Fact]
    public async Task Everybody_sees_their_own_reports_and_nothing_of_anybody_elses()
    {
        var (one, two) = (await GivenAsync("i1"), await GivenAsync("i2"));
        var (mine, theirs, residents) = (await ReportAsync(one, "001/b1"), await ReportAsync(two, "001/b2"), await Street.Blow());
        Assert.Equal([mine.Url], await ListAsync(one));
        Assert.Equal([theirs.Url], await ListAsync(two));
        foreach (var page in new[] { await PageAsync(one), await PageAsync(two) })
        {
            Assert.DoesNotContain(residents.TrackingCode, page, StringComparison.Ordinal);
            Assert.DoesNotContain("1990000", page, StringComparison.Ordinal);
        }
    }

    /// <summary>Whoever guesses, or tries a code of another kind, learns nothing.</summary>
    [Fact]
    public async Task A_stranger_finds_nothing()
    {
        var call = await ReportAsync(await GivenAsync("i1"), "001/b1");
        await using var db = Street.Service<Database>().Context();
        var row = await db.PersonalLinks.SingleAsync();
        foreach (var guess in (string[])["i1", row.Bearer, row.Hash, call.Url["/t/".Length..], LinkCode.New(), "%20", new string('a', 200)])
        {
            var answer = await Street.Anyone.Read("/i/" + guess);
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
            Assert.DoesNotContain(call.No, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_a_hash_of_the_code_is_kept_and_a_reload_does_not_show_it_again()
    {
        var page = await FormPage.OpenAsync(Street, "community01", "/register/i1");
        var code = Code().Match(await page.SendAsync("Issue")).Groups[1].Value;
        Assert.DoesNotContain(code, await page.ReloadAsync(), StringComparison.Ordinal);
        Assert.Contains("community01", page.Text, StringComparison.Ordinal); // who gave it
        await ReportAsync(code, "001/b1");
        await using var db = Street.Service<Database>().Context();
        Assert.NotEqual(code, (await db.PersonalLinks.SingleAsync()).Hash);
        Assert.DoesNotContain(Street.Log.Lines, line => line.Contains(code, StringComparison.Ordinal));
        Assert.Equal(["linkIssued entry:i1"], await db.Acts.Where(a => a.Subject == "entry:i1").Select(a => a.What + " " + a.Subject).ToListAsync());
    }

    [Fact]
    public async Task A_renewed_link_ends_the_one_before_and_keeps_the_list()
    {
        var old = await GivenAsync("i1");
        var call = await ReportAsync(old, "001/b1");
        var next = await GivenAsync("i1"); // two taps on the button are the same: what was shown last counts
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read("/i/" + old)).Status);
        Assert.Equal([call.Url], await ListAsync(next));
    }

    /// <summary>Whichever way it has ended, what was written on a phone without a network is not lost: it rings as any resident's, and says so.</summary>
    [Theory]
    [InlineData("withdrawn")]
    [InlineData("retired")]
    [InlineData("expired")]
    [InlineData("another number")]
    [InlineData("another person with the number left blank")]
    [InlineData("erased")]
    public async Task A_link_that_has_ended_opens_no_list_and_what_comes_by_it_rings_as_any_residents(string how)
    {
        var code = await GivenAsync("i1");
        await ReportAsync(code, "001/b1");
        await EndAsync(how);
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read("/i/" + code)).Status);
        await using (var db = Street.Service<Database>().Context())
        {
            if (how == "expired") await Street.CleanUp();
            Assert.Empty(await db.PersonalLinks.ToListAsync());
            Assert.Empty(await db.Reports.ToListAsync()); // whose it was is known no more
        }

        var late = await ReportAsync(code, "001/b1", words: "二楼漏水");
        Assert.EndsWith("?left=link", late.Url, StringComparison.Ordinal);
        Assert.Equal("page", (await Street.Card(late.No)).Source);
        Assert.Contains("上报链接已失效", WebUtility.HtmlDecode((await Street.Anyone.Ask(HttpMethod.Get, late.Url, shape: r => r.Headers.Add("Accept", "text/html"))).Text), StringComparison.Ordinal);
        var lost = await PostAsync(code, "001/d1", words: "二楼漏水");
        Assert.Equal(HttpStatusCode.NotFound, lost.Status); // no door is named to whoever asks
        Assert.Contains("二楼漏水", WebUtility.HtmlDecode(lost.Text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retired")]
    [InlineData("another number")]
    [InlineData("another person with the number left blank")]
    public async Task Whoever_comes_next_gets_a_link_with_an_empty_list_and_no_old_link_comes_back(string how)
    {
        var code = await GivenAsync("i1");
        await ReportAsync(code, "001/b1");
        await EndAsync(how);
        if (how == "retired") Assert.Equal("link_over", (await Links.IssueAsync(await StaffAsync("community01"), "i1", CancellationToken.None)).Code);
        await WriteAsync("code,until,mobile\ni1,2026-12-31,19900001001\n");
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read("/i/" + code)).Status);
        Assert.Empty(await ListAsync(await GivenAsync("i1")));
    }

    /// <summary>An entry that nobody wrote to since it ended counts again only for whoever is given a new link.</summary>
    [Fact]
    public async Task A_link_whose_entry_ended_by_its_date_does_not_come_back_with_it()
    {
        await WriteAsync("code,until\ni1,2026-03-12\n");
        var code = await GivenAsync("i1");
        Street.FastForward(TimeSpan.FromDays(3));
        await WriteAsync("code,until\ni1,2026-12-31\n");
        Assert.Equal(HttpStatusCode.NotFound, (await Street.Anyone.Read("/i/" + code)).Status);
    }

    [Fact]
    public async Task A_change_that_is_not_of_the_person_leaves_the_link()
    {
        var code = await GivenAsync("i1");
        await WriteAsync("code,name,mobile\ni1,一号楼的信息员,19900001001\n");
        Assert.Contains("一号楼的信息员", await PageAsync(code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("community01", "i1", Codes.Ok)]
    [InlineData("grid001", "i1", Codes.Ok)]
    [InlineData("admin", "i1", Codes.Ok)]
    [InlineData("grid002", "i1", "link_foreign")] // another grid of the community
    [InlineData("duty", "i1", "link_foreign")]
    [InlineData("leader", "i1", "link_foreign")]
    [InlineData("property01", "i1", "link_foreign")]
    [InlineData("police01", "i1", "link_foreign")]
    [InlineData("community02", "i1", "entry_unknown")]
    [InlineData("grid008", "i1", "entry_unknown")]
    [InlineData("community01", "v1", "link_foreign")] // its kind does not report
    [InlineData("community01", "b1", "link_foreign")]
    [InlineData("community01", "nobody", "entry_unknown")]
    public async Task A_link_is_given_and_taken_back_by_the_entrys_own_community_or_grid(string userName, string entry, string answer)
    {
        var who = userName == "admin" ? TestStreet.Admin : await StaffAsync(userName);
        Assert.Equal(answer, (await Links.IssueAsync(who, entry, CancellationToken.None)).Code);
        Assert.Equal(answer, (await Links.WithdrawAsync(who, entry, CancellationToken.None)).Code);
    }

    /// <summary>Nobody verifies or rates what they reported, whatever else they are, and whichever case it continues in.</summary>
    [Fact]
    public async Task Nobody_verifies_or_rates_what_they_reported()
    {
        var code = await GivenAsync("i1");
        using var phone = Street.NewClient();
        phone.DefaultRequestHeaders.Add("Cookie", await Street.CookieOf("grid003")); // who is a grid worker besides
        var call = Read(await PostAsync(code, "001/b1", client: phone));
        await Street.Handle("grid001", call.No);
        (await (await Street.As("grid003")).Send($"/api/calls/{call.No}/verify", new { passed = true })).Problem(403, Codes.TookPart);
        await Street.Do("grid005", call.No, "verify", new { passed = true });
        var own = call.Url["/t/".Length..];
        (await Street.Anyone.Send($"/api/track/{own}/evaluation", new { solved = true, satisfaction = "satisfied" })).Problem(409, "no_caller");
        var (resident, joined) = (await Street.Blow(), await ReportAsync(code, "001/b1"));
        await Street.Do("community01", joined.No, "merge", new { into = resident.CallNo });
        await Street.Handle("grid001", resident.CallNo);
        await Street.Do("grid005", resident.CallNo, "verify", new { passed = true });
        Assert.False((await Street.Anyone.Read("/api/track/" + joined.Url["/t/".Length..])).Value<TrackedCall>().CanEvaluate);
        (await Street.Anyone.Send($"/api/track/{joined.Url["/t/".Length..]}/evaluation", new { solved = false, satisfaction = "dissatisfied" })).Problem(409, "no_caller");
        Assert.True((await Street.Anyone.Read("/api/track/" + resident.TrackingCode)).Value<TrackedCall>().CanEvaluate);
        Assert.Contains(joined.Url, await ListAsync(code));
    }

    /// <summary>Nothing on staff's pages or in what is exported says who reported it.</summary>
    [Fact]
    public async Task Who_reported_it_is_seen_by_nobody()
    {
        var call = await ReportAsync(await GivenAsync("i1"), "001/b1");
        await using var db = Street.Service<Database>().Context();
        var bearer = (await db.PersonalLinks.SingleAsync()).Bearer;
        foreach (var (userName, path) in new[] { ("grid001", $"/api/calls/{call.No}"), ("community01", $"/api/calls/{call.No}"), ("duty", "/api/board"), ("auditor", "/api/journal"), ("duty", "/api/history"), ("auditor", "/api/acts") })
        {
            var text = (await (await Street.As(userName)).Read(path)).Text;
            Assert.DoesNotContain(bearer, text, StringComparison.Ordinal);
            if (path != "/api/acts") Assert.DoesNotContain("i1\"", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Who asks what is held about them is told of the link, and staff who read the answer do not learn what came by it.</summary>
    [Fact]
    public async Task Whoever_asks_what_is_held_about_them_is_told_of_their_link()
    {
        var call = await ReportAsync(await GivenAsync("i1"), "001/b1");
        var held = await (await Street.As("duty")).Send("/api/persons/held", new { phone = "19900001001", purpose = "本人来问" });
        Assert.Equal(new HeldPersonalLink(Street.Now, 1), Assert.Single(held.Value<HeldView>().Entries!).Link);
        Assert.DoesNotContain(call.No, held.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_erased_of_a_case_takes_it_from_the_list()
    {
        var code = await GivenAsync("i1");
        var call = await ReportAsync(code, "001/b1");
        (await Street.Anyone.Send($"/api/track/{call.Url["/t/".Length..]}/withdraw")).Value<TrackedCall>();
        await Street.Service<ErasureCommands>().AskAsync([call.No], TestStreet.Admin.Id, ErasureRow.Reasons[0], CancellationToken.None);
        Assert.Empty(await ListAsync(code));
    }

    private async Task EndAsync(string how)
    {
        switch (how)
        {
            case "withdrawn":
                Assert.Contains("已收回", await (await FormPage.OpenAsync(Street, "grid001", "/register/i1")).SendAsync("Withdraw"), StringComparison.Ordinal);
                break;
            case "retired":
                await WriteAsync("code,until\ni1,2026-03-10\n");
                break;
            case "expired":
                await WriteAsync("code,until\ni1,2026-03-12\n");
                Street.FastForward(TimeSpan.FromDays(2));
                break;
            case "another person with the number left blank":
                await WriteAsync("code,person,mobile\ni1,MARK-ZHAO,\n");
                break;
            case "another number":
                await WriteAsync("code,mobile\ni1,19900001009\n");
                break;
            default:
                await Street.Service<ErasureCommands>().EraseEntriesAsync(["i1"], TestStreet.Admin.Id, ErasureRow.Reasons[0], CancellationToken.None);
                break;
        }
    }

    private async Task WriteAsync(string csv)
    {
        var import = await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(csv)), anyway: false, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty && import.Unusable is null, string.Join('\n', import.Refused.Select(r => $"{r.Line} {r.Why.English}").Append(import.Unusable?.English)));
    }

    private async Task<Staff> StaffAsync(string userName)
    {
        await using var db = Street.Service<Database>().Context();
        return Street.Service<AccountBook>().OfId(db.Users.Single(u => u.UserName == userName).Id)!;
    }

    private async Task<string> GivenAsync(string entry) => (await Links.IssueAsync(TestStreet.Admin, entry, CancellationToken.None)).Value ?? throw new InvalidOperationException(entry);

    /// <summary>The page as a reader sees it.</summary>
    private async Task<string> PageAsync(string code)
    {
        var answer = await Street.Anyone.Ask(HttpMethod.Get, "/i/" + code, shape: r => { r.Headers.Add("Accept", "text/html"); r.Headers.Add("Accept-Language", "zh-CN"); });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return WebUtility.HtmlDecode(answer.Text);
    }

    private async Task<List<string>> ListAsync(string code) => [.. Reports().Matches(await PageAsync(code)).Select(m => m.Groups[1].Value)];

    private Task<Answer> PostAsync(string code, string place, string category = "02", string words = "", bool danger = false, string? photo = null, string? key = null, HttpClient? client = null)
    {
        Dictionary<string, string> form = new() { ["place"] = place, ["category"] = category, ["words"] = words, ["key"] = key ?? Guid.NewGuid().ToString("N") };
        if (danger) form["danger"] = "true";
        if (photo is not null) form["photo"] = photo;
        return (client ?? Street.Anyone).Ask(HttpMethod.Post, "/i/" + code, new FormUrlEncodedContent(form), shape: r => { r.Headers.Add("Accept", "application/json, text/html"); r.Headers.Add("Accept-Language", "zh-CN"); });
    }

    private async Task<(string Url, string No)> ReportAsync(string code, string place, string category = "02", string words = "", bool danger = false, string? photo = null, string? key = null) =>
        Read(await PostAsync(code, place, category, words, danger, photo, key));

    /// <summary>As the page's script reads it.</summary>
    private static (string Url, string No) Read(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{(int)answer.Status}: {answer.Text}");
        return (answer.Json.GetProperty("url").GetString()!, answer.Json.GetProperty("no").GetString()!);
    }

    [GeneratedRegex("/i/([A-Za-z0-9_-]{22})\"")]
    private static partial Regex Code();

    [GeneratedRegex("<li><a href=\"(/t/[A-Za-z0-9_-]+)\"")]
    private static partial Regex Reports();
}
