using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Rounds;

/// <summary>Homes are visited because they have asked for it, and no longer than they wish. It is Wednesday 11 March 2026, 09:00.</summary>
public sealed class VisitStories : IAsyncLifetime
{
    private const string Table = """
        code,kind,name,name_en,place,household,householdPhone,keyHousehold,partyHousehold
        b1,building,1号楼,Building 1,grid:001,,,,
        d1,door,101室,Room 101,b1,MARK-WANG,13855550001,no,no
        d2,door,102室,Room 102,b1,MARK-LI,13855550002,no,no
        d3,door,103室,Room 103,b1,MARK-ZHAO,13855550003,yes,yes

        """;

    private const string Daily = """{ "rhythms": [{ "code": "see", "name": "看望", "nameEn": "Visits", "procedure": "visit", "homes": "visit", "place": "grid", "every": "day", "from": "08:00" }] }""";

    private TestStreet? _street;

    private TestStreet Street => _street!;

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await TakeAsync(Table);
        await Street.Service<RhythmBook>().AddAsync(Daily, "admin", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _street?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A home in need of care, or of a Party member, is visited for neither.</summary>
    [Fact]
    public async Task Only_homes_that_have_asked_are_visited_and_only_who_goes_there_reads_which()
    {
        await LookAsync();
        Assert.Empty(await Of("grid001"));
        await AgreeAsync("d1");
        Assert.Equal(["1"], (await Of("grid001")).Single().Stops.Select(s => s.Name)); // planned: not yet theirs to know
        await LookAsync();
        var round = Assert.Single(await Of("grid001"));
        Assert.Equal((true, "visit", "open"), (round.Mine, round.Homes, round.State));
        Assert.Equal(["d1"], round.Stops.Select(s => s.Place));
        Assert.Equal(["d1"], Assert.Single(await Of("community01")).Stops.Select(s => s.Place));
        foreach (var other in (string[])["duty", "leader", "property01", "police01"])
        {
            var seen = Assert.Single(await Of(other));
            Assert.Equal([("1", "1", "1")], seen.Stops.Select(s => (s.Place, s.Name, s.NameEn)));
            Assert.DoesNotContain("101室", WebUtility.HtmlDecode((await (await FormPage.OpenAsync(Street, other, "/rounds")).ReloadAsync())), StringComparison.Ordinal);
        }

        Assert.Empty(await Of("community05"));
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    [Fact]
    public async Task Name_and_number_are_read_by_who_goes_there_while_it_is_due_and_on_record()
    {
        await AgreeAsync("d1");
        Assert.Equal("purpose_visit_missing", (await LookUpAsync("grid001", "d1")).Code);
        await LookAsync();
        var no = await OpenAsync();
        Assert.Equal(["MARK-WANG", "13855550001"], (await LookUpAsync("grid001", "d1")).Value!.Fields.Select(f => f.Value));
        Assert.Equal("purpose_visit_missing", (await LookUpAsync("grid001", "d2")).Code);
        Assert.Equal("purpose_visit_missing", (await LookUpAsync("community01", "d1")).Code); // it goes nowhere
        await Stop(no, new { place = "d1" });
        Assert.Equal("purpose_visit_missing", (await LookUpAsync("grid001", "d1")).Code);
        await using var db = Street.Service<Database>().Context();
        Assert.Equal([("d1", "contact")], (await db.RegisterLooks.ToListAsync()).Select(l => (l.Entry, l.Purpose)));
    }

    [Fact]
    public async Task A_visit_is_a_short_fact_that_the_home_reads()
    {
        var link = await LinkAsync("d1");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, "agree", "what=visit")).Status);
        await AgreeAsync("d2");
        await LookAsync();
        var no = await OpenAsync();
        (await Post("grid001", $"/api/rounds/{no}/stops", new { place = "d1", words = "老人说女儿很久没来" })).Problem(422, "visit_words");
        await Stop(no, new { place = "d1" });
        var found = await Stop(no, new { place = "d2", found = true, category = "02", words = "MARK-FOUND 漏水" });
        Assert.Equal("ringing", (await Street.Card(found.Whistle!)).State);
        Assert.True(found.Done);
        Assert.Equal("done", Assert.Single(await Of("grid001")).State);
        var page = WebUtility.HtmlDecode((await Street.Anyone.Ask(HttpMethod.Get, link, shape: r => r.Headers.Accept.ParseAdd("text/html"))).Text);
        Assert.Contains("网格员 看望 · 正常", page, StringComparison.Ordinal);
        await using var db = Street.Service<Database>().Context();
        Assert.DoesNotContain(await db.Words.Where(w => w.CallNo == no).ReadAsync(db, CancellationToken.None), w => w.Words.Contains("MARK-FOUND", StringComparison.Ordinal)); // it stands on the whistle
    }

    [Fact]
    public async Task What_is_taken_back_opens_no_more_and_what_nobody_has_begun_is_withdrawn()
    {
        await AgreeAsync("d1");
        await StopAgreeingAsync("d1");
        await LookAsync();
        Assert.Empty(await Of("grid001"));

        Street.FastForward(TimeSpan.FromDays(1));
        await AgreeAsync("d1");
        await LookAsync();
        var no = await OpenAsync();
        await StopAgreeingAsync("d1");
        Assert.Empty(Assert.Single(await Of("grid001")).Stops); // at once
        Assert.Equal("purpose_visit_missing", (await LookUpAsync("grid001", "d1")).Code);
        await LookAsync();
        Assert.Empty(await Of("grid001"));
        Assert.DoesNotContain((await (await Street.As("grid001")).Read("/api/matters/inbox")).Value<Inbox>().Owed, o => o.Matter.CallNo == no);
        Street.FastForward(TimeSpan.FromDays(1));
        await LookAsync();
        Assert.Empty(await Of("grid001"));
    }

    [Fact]
    public async Task A_home_that_takes_it_back_does_not_keep_the_others_open()
    {
        await AgreeAsync("d1");
        await AgreeAsync("d2");
        await LookAsync();
        var no = await OpenAsync();
        await StopAgreeingAsync("d2");
        Assert.True((await Stop(no, new { place = "d1" })).Done);
        Assert.Equal("done", Assert.Single(await Of("grid001")).State);
    }

    /// <summary>There are two working days for it: what is taken back on the second leaves nobody to go to, and no gap that anybody could explain.</summary>
    [Fact]
    public async Task A_round_of_the_day_before_is_withdrawn_when_its_homes_take_it_back()
    {
        await AgreeAsync("d1");
        await LookAsync();
        var no = await OpenAsync();
        Street.FastForward(TimeSpan.FromDays(1));
        await StopAgreeingAsync("d1");
        await LookAsync();
        Assert.Empty(await Of("grid001"));
        await Street.SweepAfter(TimeSpan.FromDays(3));
        Assert.DoesNotContain(no, await OwedAsync("community01"));
    }

    [Fact]
    public async Task What_is_taken_back_while_no_desk_is_on_duty_is_withdrawn_when_one_is()
    {
        await AgreeAsync("d1");
        await LookAsync();
        var no = await OpenAsync();
        await StopAgreeingAsync("d1");
        var roster = Street.Service<Roster>();
        var desks = roster.Held.Where(p => p.Kind is PostKind.CommunityDesk or PostKind.StreetDesk).Select(p => p.Id).ToList();
        foreach (var desk in desks) await roster.SignOffAsync(desk, Street.Now, CancellationToken.None);
        await LookAsync();
        Assert.Empty(Assert.Single(await Of("grid001")).Stops); // nobody could withdraw it
        Street.FastForward(TimeSpan.FromDays(1));
        foreach (var desk in desks) await roster.AddShiftAsync(desk, Street.Now, null, CancellationToken.None);
        await LookAsync();
        Assert.Empty(await Of("grid001"));
        await Street.SweepAfter(TimeSpan.FromDays(3));
        Assert.DoesNotContain(no, await OwedAsync("community01"));
    }

    [Fact]
    public async Task When_the_last_home_that_is_left_takes_it_back_the_round_is_done()
    {
        await AgreeAsync("d1");
        await AgreeAsync("d2");
        await LookAsync();
        var no = await OpenAsync();
        Assert.False((await Stop(no, new { place = "d1" })).Done);
        Street.FastForward(TimeSpan.FromDays(1));
        await StopAgreeingAsync("d2");
        await LookAsync();
        var round = Assert.Single(await Of("grid001", "2026-03-11"));
        Assert.Equal((no, "done"), (round.CallNo, round.State));
        Assert.DoesNotContain(no, await OwedAsync("grid001"));
        await Street.SweepAfter(TimeSpan.FromDays(3));
        Assert.DoesNotContain(no, await OwedAsync("community01"));
    }

    [Fact]
    public async Task What_homes_agree_to_afterwards_changes_no_round_that_is_over()
    {
        await AgreeAsync("d1");
        await AgreeAsync("d2");
        await LookAsync();
        var no = await OpenAsync();
        await StopAgreeingAsync("d2");
        Assert.True((await Stop(no, new { place = "d1" })).Done);
        Street.FastForward(TimeSpan.FromDays(1));
        await AgreeAsync("d2");
        var done = Assert.Single(await Of("community01", "2026-03-11"));
        Assert.Equal(("done", "d1"), (done.State, Assert.Single(done.Stops).Place));

        await LookAsync();
        await Street.SweepAfter(TimeSpan.FromDays(5));
        await StopAgreeingAsync("d2");
        var missed = Assert.Single(await Of("community01", "2026-03-12"));
        Assert.Equal("missed", missed.State);
        Assert.Equal(["d1", "d2"], missed.Stops.Select(s => s.Place));
    }

    [Fact]
    public async Task A_day_that_the_server_slept_through_has_the_homes_that_had_agreed_then()
    {
        await AgreeAsync("d1");
        await LookAsync();
        Street.FastForward(TimeSpan.FromDays(2));
        await StopAgreeingAsync("d1");
        await AgreeAsync("d2");
        await LookAsync();
        var slept = Assert.Single(await Of("community01", "2026-03-12"));
        Assert.Equal(("notOpened", "d1"), (slept.State, Assert.Single(slept.Stops).Place));
    }

    /// <summary>A whistle says where it was blown, and the list of whistles when.</summary>
    [Fact]
    public async Task Neither_a_whistle_nor_its_time_tells_others_which_home_it_was()
    {
        await AgreeAsync("d1");
        await AgreeAsync("d2");
        await LookAsync();
        var no = await OpenAsync();
        var found = await Stop(no, new { place = "d1", found = true, category = "02", words = "漏水" });
        var mine = Assert.Single(await Of("grid001")).Stops[0];
        Assert.Equal((found.Whistle, Street.Now), (Assert.Single(mine.Whistles!), mine.At!.Value));
        var seen = Assert.Single(await Of("duty")).Stops[0];
        Assert.Equal("1", seen.Place);
        Assert.True(seen.Found);
        Assert.Null(seen.At);
        Assert.Null(seen.Whistles);
        var page = await (await FormPage.OpenAsync(Street, "duty", "/rounds")).ReloadAsync();
        Assert.Contains("1 / 2", page, StringComparison.Ordinal);
        Assert.DoesNotContain(found.Whistle!, page, StringComparison.Ordinal);
    }

    /// <summary>The phone was without a network: what was amiss rings all the same, and of the visit nothing is kept.</summary>
    [Fact]
    public async Task A_visit_in_a_pocket_while_the_consent_is_taken_back()
    {
        await AgreeAsync("d1");
        await AgreeAsync("d2");
        await LookAsync();
        var no = await OpenAsync();
        await StopAgreeingAsync("d1");
        await StopAgreeingAsync("d2");
        await LookAsync();
        var found = await Stop(no, new { place = "d1", found = true, category = "02", words = "漏水" });
        Assert.Equal("ringing", (await Street.Card(found.Whistle!)).State);
        Assert.Null((await Stop(no, new { place = "d2" })).Whistle);
        await using var db = Street.Service<Database>().Context();
        Assert.Empty(await db.RoundLooks.ToListAsync());
    }

    [Fact]
    public async Task What_was_not_done_is_told_upwards()
    {
        await AgreeAsync("d1");
        await LookAsync();
        var no = await OpenAsync();
        await Street.SweepAfter(TimeSpan.FromDays(3));
        Assert.Contains((await (await Street.As("community01")).Read("/api/matters/inbox")).Value<Inbox>().Owed, o => o.Matter.CallNo == no && o.Stage.Code == "gap");
        await Street.SweepAfter(TimeSpan.FromDays(5));
        Assert.Contains((await (await Street.As("duty")).Read("/api/matters/inbox")).Value<Inbox>().Owed, o => o.Matter.CallNo == no && o.Climbed);
    }

    /// <summary>A consent that leads to no visit would be a promise that nobody keeps; what was agreed before can always be taken back.</summary>
    [Fact]
    public async Task The_desk_offers_only_what_the_street_does()
    {
        await AgreeAsync("d1");
        await Street.Service<RhythmBook>().AddAsync("""{ "rhythms": [] }""", "admin", CancellationToken.None);
        Assert.DoesNotContain("handler=Contact", (await FormPage.OpenAsync(Street, "community01", "/register/d2")).Text, StringComparison.Ordinal);
        Assert.Contains("handler=Contact", (await FormPage.OpenAsync(Street, "community01", "/register/d1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_says_when_and_who_took_it_and_others_take_none()
    {
        var consents = Street.Service<HouseholdConsents>();
        foreach (var account in (string[])["grid001", "community05", "duty", "property01"])
            Assert.Equal("household_not_yours", (await consents.SetAsync(await StaffAsync(account), "d1", "visit", agrees: true, CancellationToken.None)).Code);
        Assert.Equal("household_contact", (await consents.SetAsync(await StaffAsync("community01"), "d1", "watch", agrees: true, CancellationToken.None)).Code);
        var page = await FormPage.OpenAsync(Street, "community01", "/register/d1");
        Assert.Contains("由社区值班当面记下", await page.SendAsync("Contact", ("what", "visit")), StringComparison.Ordinal);
        await AgreeAsync("d1"); // twice is once
        await using var db = Street.Service<Database>().Context();
        var row = await db.HouseholdConsents.SingleAsync();
        Assert.Equal(("d1", "visit", Street.Now, (await Street.PostOf("community01")).Value, null), (row.Entry, row.What, row.At, row.Post, row.EndedAt));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/h/AAAAAAAAAAAAAAAAAAAAAA", "agree", "what=visit")).Status);
    }

    [Fact]
    public async Task What_was_agreed_is_shown_and_erased_with_its_entry_and_a_home_that_has_ended_is_not_visited()
    {
        await AgreeAsync("d1");
        await StopAgreeingAsync("d1");
        await AgreeAsync("d1");
        var held = (await (await Street.As("duty")).Send("/api/persons/held", new { phone = "13855550001", purpose = "本人来问" })).Value<HeldView>();
        Assert.Equal([("visit", "communityDesk", true), ("visit", "communityDesk", false)], Assert.Single(held.Entries!).Consents!.Select(c => (c.What, c.By, c.EndedAt is null)));
        await Street.Service<ErasureCommands>().EraseEntriesAsync(["d1"], TestStreet.Admin.Id, "requested", CancellationToken.None);
        await using (var db = Street.Service<Database>().Context()) Assert.Empty(await db.HouseholdConsents.ToListAsync());
        await AgreeAsync("d2");
        await TakeAsync("code,until\nd2,2026-03-10\n");
        await LookAsync();
        Assert.Empty(await Of("grid001"));
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    private async Task TakeAsync(string csv)
    {
        var import = await Street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(csv)), false, CancellationToken.None);
        Assert.True(import.Refused.IsEmpty && import.Unusable is null);
    }

    private Task LookAsync() => Street.Service<RhythmRuns>().LookAsync(CancellationToken.None);

    private async Task<Staff> StaffAsync(string account) => await Street.StaffAsync(account) with { Post = Street.Service<Roster>().FindPost((await Street.PostOf(account)).Value) };

    /// <summary>Every change is kept, and read by every node: who asks again and again is told to wait, and can always stop it.</summary>
    [Fact]
    public async Task Asking_again_and_again_is_refused_and_stopping_never_is()
    {
        var link = await LinkAsync("d1");
        for (var i = 0; i < HouseholdConsents.MostOften; i++)
            foreach (var handler in (string[])["agree", "stop"]) Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, handler, "what=call")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(link, "agree", "what=call")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, "agree", "what=visit")).Status);
        Street.FastForward(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(link, "agree", "what=call")).Status);
    }

    private async Task AgreeAsync(string entry) => Assert.True((await Street.Service<HouseholdConsents>().SetAsync(await StaffAsync("community01"), entry, "visit", agrees: true, CancellationToken.None)).Ok);

    private async Task StopAgreeingAsync(string entry) => Assert.True((await Street.Service<HouseholdConsents>().SetAsync(await StaffAsync("community01"), entry, "visit", agrees: false, CancellationToken.None)).Ok);

    private async Task<string> LinkAsync(string entry) => (await Street.Service<HouseholdLinks>().GiveAsync(await StaffAsync("community01"), entry, CancellationToken.None)).Value!.Path;

    private async Task<Outcome<LookupView>> LookUpAsync(string account, string entry) => await Street.Service<RegisterCommands>().LookUpAsync(await StaffAsync(account), entry, new LookupRequest("contact"), CancellationToken.None);

    private async Task<IReadOnlyList<RoundView>> Of(string account, string? day = null) => (await (await Street.As(account)).Read(day is null ? "/api/rounds" : $"/api/rounds?day={day}")).Value<RoundList>().Rounds;

    private async Task<IEnumerable<string>> OwedAsync(string account) => (await (await Street.As(account)).Read("/api/matters/inbox")).Value<Inbox>().Owed.Select(o => o.Matter.CallNo);

    private async Task<string> OpenAsync() => Assert.Single(await Of("grid001"), r => r.Mine).CallNo!;

    private async Task<Answer> Post(string account, string path, object body) => await (await Street.As(account)).Send(path, body);

    private async Task<StopReply> Stop(string no, object body) => (await Post("grid001", $"/api/rounds/{no}/stops", body)).Value<StopReply>();

    private Task<Answer> PostAsync(string link, string handler, string form) =>
        Street.Anyone.Ask(HttpMethod.Post, $"{link}?handler={handler}", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"), shape: r => r.Headers.Accept.ParseAdd("text/html"));
}
