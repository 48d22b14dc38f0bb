using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Register;

/// <summary>A household reads what the register says of it, and asks for corrections that somebody decides. It is Wednesday 11 March 2026, 09:00.</summary>
public sealed partial class HouseholdStories : IAsyncLifetime
{
    private const string Table = """
        code,kind,name,name_en,place,household,householdPhone,people,keyHousehold,partyHousehold
        b1,building,1号楼,Building 1,grid:001,,,,,
        d1,door,101室,Room 101,b1,MARK-WANG,13855550001,3,yes,no
        d2,door,102室,Room 102,b1,MARK-LI,13855550002,2,no,yes

        """;

    private TestStreet? _street;

    private TestStreet Street => _street!;

    private RegisterBook Book => Street.Service<RegisterBook>();

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await TakeAsync(Table);
    }

    public ValueTask DisposeAsync() => _street?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task It_reads_all_of_its_own_entry_and_who_looked_and_nothing_of_its_neighbours()
    {
        var link = await GiveAsync();
        Street.FastForward(TimeSpan.FromHours(1));
        var page = await ReadAsync(link);
        foreach (var own in (string[])["1号楼", "101室", "MARK-WANG", "13855550001", "重点户 是", "党员户 否", "空房户 没有登记", "社区值班 按“本人查询更正”查了名册"]) Assert.Contains(own, page, StringComparison.Ordinal);
        Assert.DoesNotContain("MARK-LI", page, StringComparison.Ordinal);
        Assert.DoesNotContain("community01", page, StringComparison.Ordinal); // a post, never the person
        Assert.Equal(page, await ReadAsync(link)); // the household's own look is none
        Assert.Equal(("d1", "correction"), (await LooksAsync()).Select(l => (l.Entry, l.Purpose)).Single());
        Assert.Contains((await (await Street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, a => (a.What, a.By, a.Subject) == (Acts.LinkGiven, "community01", "entry:d1"));
        Assert.Contains("nothing recorded", await ReadAsync(link, "en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_code_stands_nowhere_and_is_shown_once()
    {
        var page = await FormPage.OpenAsync(Street, "community01", "/register/d1");
        var link = LinkIn(await page.SendAsync("Give"));
        Assert.DoesNotContain("/h/", await page.ReloadAsync(), StringComparison.Ordinal);
        Assert.Contains("停用链接", page.Text, StringComparison.Ordinal);
        await using var db = Street.Service<Database>().Context();
        var row = await db.HouseholdLinks.SingleAsync();
        Assert.DoesNotContain(link[3..], $"{row.Hash}{row.Entry}{row.Post}", StringComparison.Ordinal);
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    /// <summary>Ninety days, unless the street has set another number.</summary>
    [Theory]
    [InlineData("expired")]
    [InlineData("ended by the desk")]
    [InlineData("ended by the household")]
    [InlineData("replaced")]
    [InlineData("the home was merged into another")]
    [InlineData("somebody else moved in")]
    [InlineData("erased")]
    [InlineData("guessed")]
    [InlineData("too short")]
    public async Task A_link_that_holds_no_more_leads_nowhere(string why)
    {
        var link = await GiveAsync();
        Street.FastForward(TimeSpan.FromDays(89));
        Assert.Contains("MARK-WANG", await ReadAsync(link), StringComparison.Ordinal);
        switch (why)
        {
            case "expired": Street.FastForward(TimeSpan.FromDays(1)); break;
            case "ended by the desk": Assert.Contains("链接已停用", await (await FormPage.OpenAsync(Street, "community01", "/register/d1")).SendAsync("End"), StringComparison.Ordinal); break;
            case "ended by the household": Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, "end", "")).Status); break;
            case "replaced": Assert.NotEqual(link, await GiveAsync()); break;
            case "the home was merged into another": await TakeAsync("code,until\nd1,2026-06-01\n"); break;
            case "somebody else moved in": await TakeAsync("code,household,householdPhone\nd1,MARK-ZHAO,13855550009\n"); break;
            case "erased": await Street.Service<ErasureCommands>().EraseEntriesAsync(["d1"], TestStreet.Admin.Id, "requested", CancellationToken.None); break;
            case "guessed": link = "/h/AAAAAAAAAAAAAAAAAAAAAA"; break;
            default: link = "/h/A"; break;
        }

        var page = await Street.Anyone.Ask(HttpMethod.Get, link, shape: r => r.Headers.Accept.ParseAdd("text/html"));
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.DoesNotContain("MARK-WANG", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(link, "people", "4")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(link, "end", "")).Status);
    }

    /// <summary>An address is not a family: whoever moves in reads nothing of those before, nobody visits them unasked, and nothing that those before asked for is written over them.</summary>
    [Fact]
    public async Task Whoever_moves_in_reads_nothing_of_those_before_and_inherits_nothing()
    {
        var before = await GiveAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(before, "people", "7")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(before, "agree", "what=visit")).Status);
        await Street.Sweep();
        Assert.Contains("人数", await ReadAsync(before), StringComparison.Ordinal);
        Street.FastForward(TimeSpan.FromHours(1));
        await TakeAsync("code,household,householdPhone\nd1,MARK-ZHAO,13855550009\n");
        await using (var db = Street.Service<Database>().Context())
        {
            Assert.Equal([HouseholdRequestRow.Unwritable], await db.HouseholdRequests.Select(r => r.State).ToListAsync());
            Assert.Empty(await db.HouseholdConsents.Where(c => c.EndedAt == null).ToListAsync());
        }

        Assert.Empty(Street.Service<RegisterBook>().Now.Agreed);
        Street.FastForward(TimeSpan.FromHours(1));
        var page = await ReadAsync(await GiveAsync());
        Assert.Contains("MARK-ZHAO", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("按“本人查询更正”查了名册").Length); // theirs alone
        Assert.DoesNotContain("已撤回", page, StringComparison.Ordinal);
    }

    /// <summary>What rescuers must know, or what the household asked for itself, changes and the same people live there.</summary>
    [Fact]
    public async Task A_change_that_names_nobody_leaves_the_link()
    {
        var link = await GiveAsync();
        await TakeAsync("code,care,people\nd1,oxygen,5\n");
        Assert.Contains("MARK-WANG", await ReadAsync(link), StringComparison.Ordinal);
    }

    /// <summary>The purpose of the street's kinds says which posts give one, each in its own community.</summary>
    [Theory]
    [InlineData("grid001", "d1")]
    [InlineData("community05", "d1")]
    [InlineData("duty", "d1")]
    [InlineData("admin", "d1")]
    [InlineData("community01", "b1")]
    public async Task Others_give_none(string account, string entry)
    {
        var page = await FormPage.OpenAsync(Street, account, "/register/" + entry);
        Assert.DoesNotContain("给一个链接", page.Text, StringComparison.Ordinal);
        var refused = await Street.Service<HouseholdLinks>().GiveAsync(await StaffAsync(account), entry, CancellationToken.None);
        Assert.Equal("household_not_yours", refused.Code);
        Assert.Empty(await LooksAsync());
    }

    [Fact]
    public async Task Who_is_off_duty_gives_none()
    {
        var who = await StaffAsync("community01");
        await Street.SignOff("community01");
        Assert.Equal(Codes.NotOnDuty, (await Street.Service<HouseholdLinks>().GiveAsync(who, "d1", CancellationToken.None)).Code);
    }

    [Fact]
    public async Task What_is_granted_is_written_with_its_matter_and_nothing_before_that()
    {
        var link = await GiveAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(link, "keyHousehold", "no", "孩子回来住了")).Status);
        var asked = await ReadAsync(link);
        foreach (var said in (string[])["已申请更正", "应当是 否", "孩子回来住了", "等社区决定"]) Assert.Contains(said, asked, StringComparison.Ordinal);
        await Street.SweepAfter(TimeSpan.FromMinutes(30));
        Assert.Equal("yes", (await FieldsAsync("d1"))["keyHousehold"]);

        var no = await WaitingAsync("community01");
        var desk = await Street.As("community01");
        var seen = (await desk.Read("/api/matters/" + no)).Text;
        Assert.Contains("101室 (d1)", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("孩子回来住了", seen, StringComparison.Ordinal); // only for a reason that is on record
        Assert.Contains("孩子回来住了", (await desk.Send($"/api/matters/{no}/reveal", new { note = "核对更正" })).Text, StringComparison.Ordinal);
        (await desk.Send($"/api/matters/{no}/answer", new { owed = "check", says = "granted" })).Problem(422, "field_missing");
        (await desk.Send($"/api/matters/{no}/cancel", new { note = "不办了" })).Problem(422, "correction_decide"); // it would say nothing to the household
        await DecideAsync(no, "granted", "与户口本一致");
        await Street.Sweep();
        Assert.Equal("no", (await FieldsAsync("d1"))["keyHousehold"]);
        Assert.Equal((no, "field:keyHousehold", 2), (await Book.HistoryAsync("d1", CancellationToken.None))[0] is var (row, by) ? (by, row.Changed, row.Version) : default);
        var page = await ReadAsync(link);
        foreach (var said in (string[])["同意更正，已写入名册", "理由： 与户口本一致", "重点户 否", "社区值班 看了"]) Assert.Contains(said, page, StringComparison.Ordinal);
        await Street.Sweep();
        Assert.Equal(2, (await Book.HistoryAsync("d1", CancellationToken.None)).Count); // once
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    [Fact]
    public async Task What_is_refused_has_a_reason_that_the_household_reads_and_changes_nothing()
    {
        var link = await GiveAsync();
        await AskAsync(link, "people", "5");
        await DecideAsync(await WaitingAsync("community01"), "refused", "户口本上是三人");
        await Street.Sweep();
        var page = await ReadAsync(link);
        foreach (var said in (string[])["不予更正", "理由： 户口本上是三人", "人数 3"]) Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.Single(await Book.HistoryAsync("d1", CancellationToken.None));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(link, "people", "5")).Status); // it may ask again
    }

    [Fact]
    public async Task What_is_not_decided_climbs_to_the_street()
    {
        await AskAsync(await GiveAsync(), "people", "5");
        var no = await WaitingAsync("community01");
        await Street.SweepAfter(TimeSpan.FromDays(10));
        Assert.Equal(no, await WaitingAsync("duty"));
    }

    [Fact]
    public async Task Two_corrections_at_once_both_stand_and_one_field_is_asked_for_once()
    {
        var link = await GiveAsync();
        await AskAsync(link, "people", "5", key: "tap-of-people");
        await AskAsync(link, "people", "5", key: "tap-of-people"); // a double tap
        Assert.Equal(HttpStatusCode.Conflict, (await AskAsync(link, "people", "6")).Status); // another tab
        await AskAsync(link, "householdPhone", "13955550009");
        var waiting = (await (await Street.As("community01")).Read("/api/matters/inbox")).Value<Inbox>().Owed.Where(o => o.Procedure.Code == "correction").Select(o => o.Matter.CallNo).ToList();
        Assert.Equal(2, waiting.Count);
        foreach (var no in waiting) await DecideAsync(no, "granted", "核对过");
        await TakeAsync("code,care\nd1,MARK-CARE\n"); // and the desk wrote something else meanwhile
        await Street.Sweep();
        await Street.Sweep();
        var fields = await FieldsAsync("d1");
        Assert.Equal(("5", "13955550009", "MARK-CARE"), (fields["people"], fields["householdPhone"], fields["care"]));
    }

    [Fact]
    public async Task A_field_may_be_removed_and_a_request_withdrawn()
    {
        var link = await GiveAsync();
        await AskAsync(link, "householdPhone", "");
        Assert.Contains("不登记这一项", await ReadAsync(link), StringComparison.Ordinal);
        await DecideAsync(await WaitingAsync("community01"), "granted", "本人要求");
        await AskAsync(link, "people", "9");
        await Street.Sweep();
        Assert.False((await FieldsAsync("d1")).ContainsKey("householdPhone"));

        await using var db = Street.Service<Database>().Context();
        var request = await db.HouseholdRequests.SingleAsync(r => r.Field == "people");
        var neighbour = await GiveAsync("d2");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(neighbour, "withdraw", "request=" + request.Id)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, "withdraw", "request=" + request.Id)).Status);
        await Street.Sweep();
        Assert.Contains("您已撤回", await ReadAsync(link), StringComparison.Ordinal);
        await (await Street.As("community01")).Send($"/api/matters/{request.Matter}/answer", new { owed = "check", says = "granted", form = new { why = "晚了" } });
        await Street.Sweep();
        Assert.Equal("3", (await FieldsAsync("d1"))["people"]);
    }

    [Theory]
    [InlineData("people", "many", 422)]
    [InlineData("people", "3", 422)] // it says so already
    [InlineData("householdPhone", "12", 422)]
    [InlineData("keyHousehold", "perhaps", 422)]
    [InlineData("name", "X", 422)]
    [InlineData("", "X", 422)]
    [InlineData("emptyHousehold", "", 422)] // nothing stands there
    public async Task What_cannot_be_written_is_refused_at_once(string field, string value, int status)
    {
        var link = await GiveAsync();
        var refused = await AskAsync(link, field, value);
        Assert.Equal(status, (int)refused.Status);
        Assert.Contains("error-box", refused.Text, StringComparison.Ordinal);
        await using var db = Street.Service<Database>().Context();
        Assert.Empty(await db.HouseholdRequests.ToListAsync());
    }

    [Fact]
    public async Task Too_many_words_and_a_request_without_a_key_are_refused()
    {
        var link = await GiveAsync();
        Assert.Equal(422, (int)(await AskAsync(link, "household", new string('x', 201))).Status);
        Assert.Equal(422, (int)(await AskAsync(link, "people", "4", new string('x', 5_000))).Status);
        Assert.InRange((int)(await PostAsync(link, "ask", "field=people&value=4")).Status, 400, 422);
    }

    /// <summary>Only the household asks: whoever opened one by hand would be told that it is written, and nothing would be.</summary>
    [Fact]
    public async Task Staff_open_none_by_hand()
    {
        var desk = await Street.As("community01");
        (await desk.Send("/api/matters", new { procedure = "correction", form = new { entry = "d1", field = "people", value = "9" } })).Problem(422, "correction_elsewhere");
        Assert.False((await desk.Read("/api/matters/procedures")).Value<ProcedureList>().Procedures.Single(p => p.Code == "correction").MayStart);
    }

    /// <summary>The matter is there and its row does not know it: the desk's key does. And a request that never got one frees its field.</summary>
    [Fact]
    public async Task A_crash_between_a_request_and_its_matter_loses_neither()
    {
        var link = await GiveAsync();
        await AskAsync(link, "people", "5");
        var no = await WaitingAsync("community01");
        await WithRequestAsync(r => r.Matter = string.Empty);
        await DecideAsync(no, "granted", "核对过");
        await Street.Sweep();
        Assert.Equal("3", (await FieldsAsync("d1"))["people"]);
        await Street.SweepAfter(CorrectionRuns.Waits);
        await Street.Sweep();
        Assert.Equal("5", (await FieldsAsync("d1"))["people"]);

        await Street.Service<Database>().WriteAsync(db =>
        {
            db.HouseholdRequests.Add(new HouseholdRequestRow { Id = "never", Entry = "d1", Field = "people", Digest = "never", Matter = string.Empty, At = Street.Now, State = HouseholdRequestRow.Open });
            return db.SaveChangesAsync();
        }, CancellationToken.None);

        Assert.Equal(HttpStatusCode.Conflict, (await AskAsync(link, "people", "6")).Status);
        await Street.SweepAfter(CorrectionRuns.Waits);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(link, "people", "6")).Status);
    }

    [Fact]
    public async Task What_was_granted_for_a_home_that_has_ended_is_not_written_and_says_so()
    {
        await AskAsync(await GiveAsync(), "people", "5");
        var no = await WaitingAsync("community01");
        await TakeAsync("code,until\nd1,2026-03-10\n");
        await DecideAsync(no, "granted", "核对过");
        await Street.Sweep();
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(HouseholdRequestRow.Unwritable, (await db.HouseholdRequests.SingleAsync()).State);
        Assert.Equal("3", (await FieldsAsync("d1"))["people"]);
    }

    /// <summary>Who asks about themselves is shown what they asked for; erased with the entry, it is written by nobody any more.</summary>
    [Fact]
    public async Task Its_words_are_shown_and_erased_with_its_entry()
    {
        var link = await GiveAsync();
        await AskAsync(link, "people", "5", "MARK-ASKED");
        await DecideAsync(await WaitingAsync("community01"), "refused", "MARK-WHY");
        await AskAsync(link, "household", "MARK-NEW", "MARK-OPEN");
        var open = await WaitingAsync("community01");
        var held = (await (await Street.As("duty")).Send("/api/persons/held", new { phone = "13855550001", purpose = "本人来问" })).Value<HeldView>();
        var words = string.Concat(Assert.Single(held.Entries!).Requests!.Select(r => r.Words));
        foreach (var mark in (string[])["MARK-ASKED", "MARK-WHY", "MARK-NEW", "MARK-OPEN"]) Assert.Contains(mark, words, StringComparison.Ordinal);

        await using (var db = Street.Service<Database>().Context())
            Assert.DoesNotContain((await db.Words.ToListAsync()).Select(w => w.Words.ToString()!), text => text.Contains("MARK", StringComparison.Ordinal)); // encrypted where they stand
        await Street.Service<ErasureCommands>().EraseEntriesAsync(["d1"], TestStreet.Admin.Id, "requested", CancellationToken.None);
        await DecideAsync(open, "granted", "来不及了");
        await Street.SweepAfter(TimeSpan.FromMinutes(1));
        await Street.Service<ErasureCommands>().CatchUpAsync(CancellationToken.None);
        await using (var db = Street.Service<Database>().Context())
        {
            Assert.Empty(await db.Words.Where(w => EF.Functions.Like(w.CallNo, "M%")).ToListAsync());
            Assert.Empty(await db.HouseholdRequests.ToListAsync());
            Assert.Empty(await db.HouseholdLinks.ToListAsync());
        }

        Assert.Empty(await FieldsAsync("d1"));
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    /// <summary>Neither the desks of others nor boards and lists hear of it.</summary>
    [Fact]
    public async Task A_request_is_on_no_board_and_in_no_list_of_others()
    {
        await AskAsync(await GiveAsync(), "partyHousehold", "yes", "MARK-PARTY");
        var no = await WaitingAsync("community01");
        foreach (var account in (string[])["duty", "leader", "grid001", "property01", "community05", "police01", "head01"])
        {
            var client = await Street.As(account);
            Assert.DoesNotContain(no, (await client.Read("/api/matters")).Text, StringComparison.Ordinal);
            (await client.Read("/api/matters/" + no)).Problem(404, Codes.CallNotFound);
        }

        foreach (var path in (string[])["/api/board", "/api/register/d1", "/register?handler=Table", "/api/register"])
            Assert.DoesNotContain("MARK-PARTY", (await (await Street.As("duty")).Read(path)).Text, StringComparison.Ordinal);
    }

    /// <summary>A form that was sent, and whose answer was lost, is sent again as it is. With other words, or after it was withdrawn, it is told that it is not taken.</summary>
    [Fact]
    public async Task The_same_form_again_says_sent_only_if_that_is_what_is_decided()
    {
        var key = "tap-of-people";
        var link = await GiveAsync();
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(link, "people", "5", "MARK-WORDS", key)).Status);
        foreach (var (field, value, words) in ((string, string, string)[])[("people", "4", "MARK-WORDS"), ("people", "5", ""), ("householdPhone", "13955550009", "MARK-WORDS")])
        {
            var refused = await AskAsync(link, field, value, words, key);
            Assert.Equal(422, (int)refused.Status);
            Assert.Contains("error-box", refused.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(key, refused.Text, StringComparison.Ordinal); // sent once more, it is another form
        }

        await using var db = Street.Service<Database>().Context();
        var request = await db.HouseholdRequests.AsNoTracking().SingleAsync();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, "withdraw", "request=" + request.Id)).Status);
        Assert.Equal(422, (int)(await AskAsync(link, "people", "5", "MARK-WORDS", key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(link, "people", "5", "MARK-WORDS")).Status); // the field is free at once
        await Street.Sweep();
        Assert.Equal(422, (int)(await AskAsync(link, "people", "5", "MARK-WORDS", key)).Status);
        var kept = await db.HouseholdRequests.AsNoTracking().ToListAsync();
        Assert.Equal(2, kept.Count);
        Assert.Equal(2, kept.Select(r => r.Digest).Distinct().Count()); // of the same words: nobody who reads the rows can tell
    }

    /// <summary>Whoever grants a request may not know what a colleague has written since. That stays, and the household reads why; what says the same is as it was asked for.</summary>
    [Theory]
    [InlineData("7", HouseholdRequestRow.Overtaken, "又有人改过")]
    [InlineData("5", HouseholdRequestRow.Written, "已写入名册")]
    public async Task What_was_written_since_it_was_asked_for_is_not_written_over(string written, string state, string said)
    {
        var link = await GiveAsync();
        await AskAsync(link, "people", "5");
        await TakeAsync($"code,people\nd1,{written}\n");
        await DecideAsync(await WaitingAsync("community01"), "granted", "核对过");
        await Street.Sweep();
        Assert.Equal(written, (await FieldsAsync("d1"))["people"]);
        await using var db = Street.Service<Database>().Context();
        Assert.Equal(state, (await db.HouseholdRequests.SingleAsync()).State);
        Assert.Contains(said, await ReadAsync(link), StringComparison.Ordinal);
        Assert.Equal(2, (await Book.HistoryAsync("d1", CancellationToken.None)).Count);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(link, "people", "6")).Status);
    }

    [Fact]
    public async Task What_the_desk_did_not_take_holds_no_field()
    {
        var link = await GiveAsync();
        await Street.Service<DispatchDesk>().StopAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(link, "people", "5")).Status);
        await using var db = Street.Service<Database>().Context();
        Assert.Empty(await db.HouseholdRequests.ToListAsync());
        Assert.DoesNotContain("已申请更正", await ReadAsync(link), StringComparison.Ordinal);
    }

    /// <summary>Its row goes while the desk opens the matter: cleaned away, it comes back and is written when it is granted; erased with the entry, its words go too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_matter_whose_row_went_while_it_was_opened_is_neither_forgotten_nor_kept(bool erased)
    {
        await AskAsync(await GiveAsync(), "people", "5");
        var no = await WaitingAsync("community01");
        await WithRequestAsync(r => r.Matter = string.Empty);
        await using var db = Street.Service<Database>().Context();
        var row = await db.HouseholdRequests.AsNoTracking().SingleAsync();
        if (erased)
            await Street.Service<ErasureCommands>().EraseEntriesAsync(["d1"], TestStreet.Admin.Id, "requested", CancellationToken.None);
        else
            await Street.Service<Database>().WriteAsync(write => write.DeleteAsync(write.HouseholdRequests, CancellationToken.None), CancellationToken.None);
        Assert.Empty(await db.HouseholdRequests.AsNoTracking().ToListAsync());
        Assert.NotEmpty(await db.Words.AsNoTracking().Where(w => w.CallNo == no).ToListAsync());

        Assert.Equal(!erased, await Street.Service<HouseholdCommands>().OpenedAsync(row, no, CancellationToken.None));
        Assert.False(await Street.Service<HouseholdCommands>().OpenedAsync(row, no, CancellationToken.None)); // once
        await DecideAsync(no, "granted", "核对过");
        await Street.Sweep();
        await Street.Service<ErasureCommands>().CatchUpAsync(CancellationToken.None);
        Assert.Equal(erased ? null : "5", (await FieldsAsync("d1")).GetValueOrDefault("people"));
        Assert.Equal(erased, !await db.Words.AsNoTracking().AnyAsync(w => w.CallNo == no));
        Assert.Equal(erased, !await db.HouseholdRequests.AsNoTracking().AnyAsync());
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    /// <summary>That a household wants a mark removed says that it has one: who decides reads which for a reason that is on record, and others not at all.</summary>
    [Fact]
    public async Task Which_field_is_meant_is_read_for_a_reason_alone()
    {
        await AskAsync(await GiveAsync("d2"), "partyHousehold", "");
        var no = await WaitingAsync("community01");
        var desk = await Street.As("community01");
        var seen = await desk.Read("/api/matters/" + no);
        Assert.DoesNotContain("党员户", seen.Text, StringComparison.Ordinal);
        var values = seen.Value<MatterDetail>().Timeline.SelectMany(l => l.Values ?? []).ToDictionary(v => v.Key, v => v.Hidden);
        Assert.Equal("reason", values["field"]);
        Assert.Equal("reason", values["remove"]);
        (await desk.Send($"/api/matters/{no}/reveal", new { note = "" })).Problem(422, Codes.ReasonMissing);

        await using var db = Street.Service<Database>().Context();
        Assert.DoesNotContain(await db.Reads.AsNoTracking().Where(r => r.CallNo == no).ToListAsync(), r => r.Reason is not null);
        Assert.Contains("党员户", (await desk.Send($"/api/matters/{no}/reveal", new { note = "核对更正" })).Text, StringComparison.Ordinal);
        Assert.Single(await db.Reads.AsNoTracking().Where(r => r.CallNo == no).ToListAsync(), r => r.Reason is not null);
        await DecideAsync(no, "granted", "本人要求");
        await Street.Sweep();
        Assert.False((await FieldsAsync("d2")).ContainsKey("partyHousehold"));
    }

    private async Task TakeAsync(string csv)
    {
        var import = await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(csv)), false, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty && import.Unusable is null, string.Join('\n', import.Refused.Select(r => r.Why.English)));
    }

    private async Task<Hub.Kernel.Rights.Staff> StaffAsync(string account)
    {
        var who = await Street.StaffAsync(account);
        return account is "admin" ? who : who with { Post = Street.Service<Hub.Street.Roster>().FindPost((await Street.PostOf(account)).Value) };
    }

    private async Task<string> GiveAsync(string entry = "d1") => LinkIn(await (await FormPage.OpenAsync(Street, "community01", "/register/" + entry)).SendAsync("Give"));

    private static string LinkIn(string page) => Link().Match(page) is { Success: true } found ? found.Value : throw new InvalidOperationException("No link was given: " + page);

    private async Task<string> ReadAsync(string link, string language = "zh-CN")
    {
        var page = await Street.Anyone.Ask(HttpMethod.Get, link, shape: r =>
        {
            r.Headers.Accept.ParseAdd("text/html");
            r.Headers.AcceptLanguage.ParseAdd(language);
        });
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return Blanks().Replace(Tags().Replace(WebUtility.HtmlDecode(page.Text[page.Text.IndexOf("<h1", StringComparison.Ordinal)..]), " "), " ");
    }

    private Task<Answer> PostAsync(string link, string handler, string form) =>
        Street.Anyone.Ask(HttpMethod.Post, $"{link}?handler={handler}", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"), shape: r => r.Headers.Accept.ParseAdd("text/html"));

    private Task<Answer> AskAsync(string link, string field, string value, string words = "", string? key = null) =>
        PostAsync(link, "ask", $"field={Uri.EscapeDataString(field)}&value={Uri.EscapeDataString(value)}&words={Uri.EscapeDataString(words)}&key={key ?? Guid.NewGuid().ToString("N")}");

    /// <summary>The correction that waits for an account.</summary>
    private async Task<string> WaitingAsync(string account) => (await (await Street.As(account)).Read("/api/matters/inbox")).Value<Inbox>().Owed.Single(o => o.Procedure.Code == "correction").Matter.CallNo;

    private async Task DecideAsync(string no, string says, string why) =>
        Assert.True((await (await Street.As("community01")).Send($"/api/matters/{no}/answer", new { owed = "check", says, form = new { why } })).Value<MatterReply>().Ok);

    private async Task<IReadOnlyDictionary<string, string>> FieldsAsync(string entry)
    {
        await using var db = Street.Service<Database>().Context();
        return (await db.EntryFields.AsNoTracking().SingleAsync(f => f.Code == entry)).Read(db.DataKeys);
    }

    private async Task<List<RegisterLookRow>> LooksAsync()
    {
        await using var db = Street.Service<Database>().Context();
        return await db.RegisterLooks.AsNoTracking().ToListAsync();
    }

    private Task<int> WithRequestAsync(Action<HouseholdRequestRow> change) => Street.Service<Database>().WriteAsync(async db =>
    {
        change(await db.HouseholdRequests.SingleAsync());
        return await db.SaveChangesAsync();
    }, CancellationToken.None);

    [GeneratedRegex(@"/h/[A-Za-z0-9_-]{20,32}")]
    private static partial Regex Link();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
