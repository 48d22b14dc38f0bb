using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Who works for the street: accounts made one by one and from a table, given a new password, and closed.</summary>
public sealed class StaffTests : IAsyncLifetime
{
    private TestStreet _street = null!;
    private Staff _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await using var db = _street.Service<Database>().Context();
        _admin = new Staff(await db.Users.Where(a => a.UserName == "admin").Select(a => a.Id).SingleAsync(), "admin", Role.Admin, null);
    }

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    private AccountCommands Desk => _street.Service<AccountCommands>();

    [Theory]
    [InlineData("gridWorker", "001", "gridWorker", "team")]
    [InlineData("网格员", "听松园网格", "gridWorker", "team")]
    [InlineData("物业", "01", "property", "team")]
    [InlineData("police", "晨曦管家一队", "police", "team")]
    [InlineData("楼长", "02", "buildingHead", "team")]
    [InlineData("社区值班", "晨曦社区", "communityDesk", "community")]
    [InlineData("property", "team:01", "property", "team")]
    [InlineData("gridWorker", "Pine Song Garden Grid", "gridWorker", "team")]
    [InlineData("STREETDESK", "", "streetDesk", null)]
    [InlineData("带班领导", "", "leader", null)]
    public async Task A_new_account_signs_in_as_the_post_it_was_made_for(string kind, string place, string postKind, string? belongs)
    {
        var made = (await Desk.CreateAsync(_admin, "newcomer", kind, place, CancellationToken.None)).Value!;
        using var newcomer = await SignInAsync(made);
        var me = (await newcomer.Read("/api/me")).Value<Me>();
        Assert.Equal(postKind, me.PostKind);
        Assert.False(me.OnDuty); // until rostered, or until they take a duty
        Assert.Equal(belongs == "team", me.Team is not null);
        Assert.Equal(belongs is not null, me.Community is not null);
    }

    [Theory]
    [InlineData("x", "网格员", "001", "account_name_invalid")]
    [InlineData("two words", "网格员", "001", "account_name_invalid")]
    [InlineData("newcomer", "janitor", "", "account_kind_unknown")]
    [InlineData("", "网格员", "001", "account_name_missing")]
    [InlineData("newcomer", "", "001", "account_kind_missing")]
    [InlineData("newcomer", "网格员", "", "account_grid_missing")]
    [InlineData("newcomer", "物业", "community:01", "account_team_missing")]
    [InlineData("newcomer", "社区值班", "team:01", "account_community_missing")]
    [InlineData("newcomer", "网格员", "team:001", "account_grid_missing")]
    [InlineData("newcomer", "网格员", "999", "account_grid_unknown")]
    [InlineData("newcomer", "物业", "听松园网格", "account_team_unknown")]
    [InlineData("newcomer", "社区值班", "01队", "account_community_unknown")]
    [InlineData("newcomer", "管理员", "001", "account_place_needless")]
    [InlineData("Grid001", "网格员", "001", "account_taken")]
    public async Task What_is_asked_for_wrongly_makes_nothing_and_is_said(string name, string kind, string place, string why)
    {
        var before = await CountAsync();
        var table = await Desk.TakeAsync(_admin, "staff.csv", () => new MemoryStream(Encoding.UTF8.GetBytes($"account,kind,place\n{name},{kind},{place}\n")), CancellationToken.None);
        // The account of that name is a grid worker of that grid: said again it is true, said as another post it is refused.
        if (why == "account_taken") Assert.Equal((1, 0, 0), (table.Taken, table.Made.Count, table.Refused.Count));
        else Assert.Equal(why, Assert.Single(table.Refused).Why.Code);
        var refused = await Desk.CreateAsync(_admin, name, kind, place, CancellationToken.None);
        Assert.Equal(("account_invalid", 422), (refused.Code, refused.Status));
        Assert.NotEqual(refused.Message, refused.MessageEn);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_table_is_taken_line_by_line_and_taking_it_again_changes_nothing()
    {
        const string Table = "\uFEFFaccount,kind,place\r\nli.desk,社区值班,01\r\nwang.grid,网格员,001\r\n\"broken,网格员,001\r\nwang.grid,物业,01\r\nscreen2,大屏,\r\n";
        var first = await Take(Table);
        Assert.Equal(["li.desk", "wang.grid", "screen2"], first.Made.Select(f => f.UserName));
        Assert.Equal([4, 5], first.Refused.Select(r => r.Line));
        Assert.Equal(3, first.Made.Select(f => f.Password).Distinct().Count());
        foreach (var made in first.Made) Assert.Equal(HttpStatusCode.OK, (await Login(made.UserName, made.Password)).Status);
        var again = await Take(Table);
        Assert.Equal((3, 0), (again.Taken, again.Made.Count));
        foreach (var made in first.Made) Assert.Equal(HttpStatusCode.OK, (await Login(made.UserName, made.Password)).Status);

        Task<AccountImport> Take(string table) => Desk.TakeAsync(_admin, "staff.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(table)), CancellationToken.None);
    }

    [Fact]
    public async Task A_person_with_several_lines_holds_several_posts_of_one_kind_and_is_rung_for_each_team()
    {
        const string Table = "account,kind,place\nwang.grid,网格员,001\nwang.grid,网格员,005\nwang.grid,网格员,002\nwang.grid,物业,03\nproperty01,property,02\nli.desk,社区值班,01\nli.desk,社区值班,02\n";
        var first = await Take();
        Assert.Equal(["wang.grid", "li.desk"], first.Made.Select(f => f.UserName));
        Assert.Equal([(4, "account_in_team"), (5, "account_post_kind"), (8, "account_taken")], first.Refused.Select(r => (r.Line, r.Why.Code)));
        Assert.Equal((4, 0), (await Take()) is var again ? (again.Taken, again.Made.Count) : default);

        using var wang = await SignInAsync(first.Made[0]);
        var me = (await wang.Read("/api/me")).Value<Me>();
        Assert.Equal(["01", "02"], me.Posts!.Select(p => p.Team));
        Assert.Equal(me.Post, me.Posts![0].Post);
        var second = me.Posts[1].Post;
        var call = await _street.Blow("005");
        (await wang.Send($"/api/duty/take?post={second}", new { })).Value<RosterShift>();
        Assert.True((await wang.Send($"/api/calls/{call.CallNo}/accept?post={second}", new { })).Value<Reply>().Ok);

        // Taken away, it grants nothing, and its open case is somebody else's.
        Assert.True((await Desk.DropPostAsync(_admin, "WANG.grid", second, CancellationToken.None)).Ok);
        Assert.Null((await wang.Read("/api/me")).Value<Me>().Posts);
        (await wang.Read($"/api/calls/{call.CallNo}?post={second}")).Problem(403, Codes.PostNotHeld);
        Assert.Equal(Codes.PostUnknown, (await Desk.DropPostAsync(_admin, "wang.grid", me.Post, CancellationToken.None)).Code); // a person's own post goes with the account
        Assert.True((await Desk.AddPostAsync(_admin, "wang.grid", "grid:005", CancellationToken.None)).Ok);
        Assert.Equal(2, (await wang.Read("/api/me")).Value<Me>().Posts!.Count);
        Assert.Equal("account_invalid", (await Desk.AddPostAsync(_admin, "wang.grid", "grid:003", CancellationToken.None)).Code);
        Assert.Equal("staff_unknown", (await Desk.AddPostAsync(_admin, "nobody", "grid:003", CancellationToken.None)).Code);
        Assert.Equal("staff_unknown", (await Desk.AddPostAsync(_admin, "admin", "grid:003", CancellationToken.None)).Code);

        Task<AccountImport> Take() => Desk.TakeAsync(_admin, "staff.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(Table)), CancellationToken.None);
    }

    [Fact]
    public async Task Whoever_handled_a_case_does_not_verify_it_though_the_post_under_which_they_did_was_taken_away()
    {
        Assert.True((await Desk.AddPostAsync(_admin, "grid001", "grid:005", CancellationToken.None)).Ok);
        using var worker = await _street.SignIn("grid001");
        var second = (await worker.Read("/api/me")).Value<Me>().Posts![1].Post;
        (await worker.Send($"/api/duty/take?post={second}", new { })).Value<RosterShift>();
        var call = await _street.Blow("005");
        foreach (var verb in new[] { "accept", "arrive" }) (await worker.Send($"/api/calls/{call.CallNo}/{verb}?post={second}", new { })).Value<Reply>();
        (await worker.Send($"/api/calls/{call.CallNo}/resolve?post={second}", new { report = "好" })).Value<Reply>();
        (await worker.Send($"/api/calls/{call.CallNo}/verify", new { passed = true })).Problem(403, "took_part");
        Assert.True((await Desk.DropPostAsync(_admin, "grid001", second, CancellationToken.None)).Ok);
        (await worker.Send($"/api/calls/{call.CallNo}/verify", new { passed = true })).Problem(403, "took_part");
        Assert.True((await (await _street.As("grid004")).Send($"/api/calls/{call.CallNo}/verify", new { passed = true })).Value<Reply>().Ok);
    }

    [Fact]
    public async Task Who_recused_themselves_sees_nothing_by_a_post_that_they_get_later()
    {
        var call = await _street.Blow("001");
        using var worker = await _street.SignIn("grid001");
        (await worker.Send($"/api/calls/{call.CallNo}/recuse", new { note = "亲属" })).Value<Reply>();
        Assert.True((await Desk.AddPostAsync(_admin, "grid001", "grid:005", CancellationToken.None)).Ok);
        var second = (await worker.Read("/api/me")).Value<Me>().Posts![1].Post;
        (await worker.Send($"/api/duty/take?post={second}", new { })).Value<RosterShift>();
        await _street.Do("grid002", call.CallNo, "accept");
        await _street.Do("grid002", call.CallNo, "arrive");
        await _street.Do("grid002", call.CallNo, "resolve", new { report = "好" });
        (await worker.Read($"/api/calls/{call.CallNo}?post={second}")).Problem(404, Codes.CallNotFound); // which every other grid worker of the community reads
        (await worker.Send($"/api/calls/{call.CallNo}/verify?post={second}", new { passed = true })).Problem(404, Codes.CallNotFound);
        Assert.True((await (await _street.As("grid004")).Send($"/api/calls/{call.CallNo}/verify", new { passed = true })).Value<Reply>().Ok);
    }

    [Fact]
    public async Task Nobody_holds_more_posts_than_six()
    {
        var teams = string.Concat(Enumerable.Range(2, 7).Select(n => $"property01,property,{n:00}\n"));
        var table = await Desk.TakeAsync(_admin, "staff.csv", () => new MemoryStream(Encoding.UTF8.GetBytes("account,kind,place\n" + teams)), CancellationToken.None);
        Assert.Equal((5, 0), (table.Taken, table.Made.Count));
        Assert.All(table.Refused, refused => Assert.Equal("account_posts_full", refused.Why.Code));
    }

    [Fact]
    public async Task A_new_grid_worker_is_rung_once_on_duty_and_not_before()
    {
        var made = (await Desk.CreateAsync(_admin, "newcomer", "网格员", "001", CancellationToken.None)).Value!;
        using var newcomer = await SignInAsync(made);
        var quiet = await _street.Blow("001");
        (await newcomer.Send($"/api/calls/{quiet.CallNo}/accept", new { })).Problem(403, Codes.NotOnDuty);
        (await newcomer.Send("/api/duty/take", new { })).Value<RosterShift>();
        Assert.True((await newcomer.Send($"/api/calls/{quiet.CallNo}/accept", new { })).Value<Reply>().Ok);
    }

    [Fact]
    public async Task A_new_password_ends_every_session_and_opens_a_locked_account()
    {
        await _street.RestartAsync("--Dispatch:RateLimits:Enabled=true");
        using var session = await _street.SignIn("grid001");
        for (var i = 0; i < 10; i++) await Login("grid001", "wrong");
        (await Login("grid001", TestStreet.Password)).Problem(429, Codes.LockedOut);
        var fresh = (await Desk.RenewAsync(_admin, "GRID001", await MarkAsync("grid001"), CancellationToken.None)).Value!;
        (await session.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        Assert.Equal(HttpStatusCode.OK, (await Login("grid001", fresh.Password)).Status);
        (await Login("grid001", TestStreet.Password)).Problem(401, Codes.WrongPassword);
        Assert.Equal("staff_unknown", (await Desk.RenewAsync(_admin, "nobody", AccountCommands.MarkOf(null), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_makes_no_second_password()
    {
        var mark = await MarkAsync("grid001");
        var fresh = (await Desk.RenewAsync(_admin, "grid001", mark, CancellationToken.None)).Value!;
        Assert.Equal(("account_changed", 409), (await Desk.RenewAsync(_admin, "grid001", mark, CancellationToken.None)) is var again ? (again.Code, again.Status) : default);
        Assert.Equal(HttpStatusCode.OK, (await Login("grid001", fresh.Password)).Status);
    }

    [Fact]
    public async Task What_administrators_do_to_accounts_stands_in_the_rosters_journal_even_where_there_is_no_post()
    {
        await Desk.CreateAsync(_admin, "second.admin", "admin", null, CancellationToken.None);
        await Desk.RenewAsync(_admin, "second.admin", await MarkAsync("second.admin"), CancellationToken.None);
        await Desk.CloseAsync(_admin, "second.admin", CancellationToken.None);
        await using var db = _street.Service<Database>().Context();
        var lines = await db.RosterJournal.Where(l => l.ByAccount == _admin.Id).OrderBy(l => l.Id).ToListAsync();
        Assert.Equal(["joined", "renewed", "left"], lines.Select(l => l.What));
        Assert.All(lines, l => Assert.StartsWith("account:", l.Detail, StringComparison.Ordinal));
        Assert.All(lines, l => Assert.DoesNotContain("second.admin", l.Detail, StringComparison.Ordinal)); // no names in a journal
    }

    [Fact]
    public async Task Two_administrators_who_close_each_other_at_once_leave_one()
    {
        var made = (await Desk.CreateAsync(_admin, "second.admin", "admin", null, CancellationToken.None)).Value!;
        await using var db = _street.Service<Database>().Context();
        var second = new Staff(await db.Users.Where(a => a.UserName == made.UserName).Select(a => a.Id).SingleAsync(), made.UserName, Role.Admin, null);
        var outcomes = await Task.WhenAll(Desk.CloseAsync(_admin, "second.admin", CancellationToken.None), Desk.CloseAsync(second, "admin", CancellationToken.None));
        Assert.Single(outcomes, o => o.Ok);
        Assert.Equal(1, await db.Users.CountAsync(a => a.Role == Role.Admin && a.PasswordHash != null));
    }

    [Fact]
    public async Task A_closed_account_is_not_taken_from_a_table_again_and_gets_no_number()
    {
        await Desk.CloseAsync(_admin, "property01", CancellationToken.None);
        var table = await Desk.TakeAsync(_admin, "staff.csv", () => new MemoryStream("account,kind,place\nproperty01,property,01\n"u8.ToArray()), CancellationToken.None);
        Assert.Equal((0, "account_taken"), (table.Taken, Assert.Single(table.Refused).Why.Code));
        Assert.Equal("staff_unknown", (await _street.Service<ReachCommands>().PutPhoneAsync("property01", "13800000000", TestStreet.Admin, CancellationToken.None)).Code);
        Assert.False(await _street.Service<AccountBook>().RevokeAsync("property01", TestStreet.Admin, CancellationToken.None));
    }

    [Fact]
    public async Task A_password_that_is_checked_quickly_is_known_as_such_so_that_the_time_of_an_answer_tells_nothing()
    {
        var made = (await Desk.CreateAsync(_admin, "newcomer", "admin", null, CancellationToken.None)).Value!;
        await using var db = _street.Service<Database>().Context();
        async Task<string?> HashAsync(string name) => await db.Users.AsNoTracking().Where(a => a.UserName == name).Select(a => a.PasswordHash).SingleAsync();
        Assert.True(AccountCommands.IsGiven(await HashAsync(made.UserName)));
        Assert.False(AccountCommands.IsGiven(await HashAsync("grid001")));
        Assert.True(AccountCommands.IsGiven(null));
        var newcomer = new Staff((await db.Users.SingleAsync(a => a.UserName == "newcomer")).Id, "newcomer", Role.Admin, null);
        Assert.True((await Desk.ChooseAsync(newcomer, "three little cranes", CancellationToken.None)).Ok);
        Assert.False(AccountCommands.IsGiven(await HashAsync(made.UserName)));
    }

    [Theory]
    [InlineData("/m", true)]
    [InlineData("https://elsewhere.example/", false)]
    [InlineData("//elsewhere.example/", false)]
    public async Task Who_changes_a_given_password_on_the_way_goes_on_to_addresses_of_our_own_only(string way, bool ours)
    {
        using var newcomer = await SignInAsync((await Desk.CreateAsync(_admin, "newcomer", "admin", null, CancellationToken.None)).Value!);
        var page = await newcomer.Read("/password?returnUrl=" + Uri.EscapeDataString(way));
        Assert.Equal((HttpStatusCode.OK, ours), (page.Status, page.Text.Contains("id=\"given\"", StringComparison.Ordinal)));
        Assert.Equal(ours, page.Text.Contains($"href=\"{way}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_leaves_can_sign_in_no_more_is_on_no_duty_and_their_name_is_not_given_again()
    {
        using var leaver = await _street.SignIn("property01");
        var post = await _street.PostOf("property01");
        Assert.Contains(_street.Service<Roster>().At(_street.Now).Posts, p => p.Id == post);
        Assert.True((await Desk.CloseAsync(_admin, "property01", CancellationToken.None)).Ok);
        (await leaver.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        (await Login("property01", TestStreet.Password)).Problem(401, Codes.WrongPassword);
        Assert.DoesNotContain(_street.Service<Roster>().At(_street.Now).Posts, p => p.Id == post);
        Assert.NotNull(_street.Service<Roster>().FindPost(post.Value)); // who once had a case is known by it
        Assert.Equal("account_invalid", (await Desk.CreateAsync(_admin, "property01", "物业", "01", CancellationToken.None)).Code);
        Assert.Equal("staff_unknown", (await Desk.CloseAsync(_admin, "property01", CancellationToken.None)).Code);
        Assert.Equal("staff_unknown", (await Desk.RenewAsync(_admin, "property01", null, CancellationToken.None)).Code);
        Assert.Equal("own_account", (await Desk.CloseAsync(_admin, "Admin", CancellationToken.None)).Code);
    }

    [Fact]
    public async Task An_account_that_is_made_or_closed_survives_a_restart()
    {
        var made = (await Desk.CreateAsync(_admin, "newcomer", "社区民警", "01", CancellationToken.None)).Value!;
        await Desk.CloseAsync(_admin, "police01", CancellationToken.None);
        await _street.RestartAsync();
        using var newcomer = await SignInAsync(made);
        Assert.Equal("police", (await newcomer.Read("/api/me")).Value<Me>().PostKind);
        (await Login("police01", TestStreet.Password)).Problem(401, Codes.WrongPassword);
    }

    private Task<Answer> Login(string userName, string password) => _street.Anyone.Send("/api/login", new { userName, password });

    private async Task<HttpClient> SignInAsync(FreshAccount made) => _street.WithToken((await Login(made.UserName, made.Password)).Value<LoginReply>().AccessToken);

    private async Task<string> MarkAsync(string userName)
    {
        await using var db = _street.Service<Database>().Context();
        return AccountCommands.MarkOf(await db.Users.Where(a => a.UserName == userName).Select(a => a.SecurityStamp).SingleAsync());
    }

    private async Task<int> CountAsync()
    {
        await using var db = _street.Service<Database>().Context();
        return await db.Users.CountAsync() + await db.Posts.CountAsync();
    }
}
