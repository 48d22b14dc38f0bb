namespace DispatchCenter.Browser;

/// <summary>管理: what an administrator imports and maintains while the street is at work.</summary>
public sealed class Administration(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task An_administrator_takes_in_standards_keeps_numbers_and_is_told_why_a_policy_cannot_be_used()
    {
        var window = await _windows.DeskAsync("admin", "/admin");
        await Expect(window.Find("#clocks")).ToBeVisibleAsync();
        await Expect(window.Find("main")).ToContainTextAsync("现在用第");

        var clocks = await window.Find("section[aria-labelledby=clocks]").InnerTextAsync();
        await window.Find("form[action*=Policy] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "policy.json", MimeType = "application/json", Buffer = "{}"u8.ToArray() });
        await window.Find("form[action*=Policy] button").ClickAsync();
        await Expect(window.Find(".error-box")).ToContainTextAsync("文件不能用，什么也没有改变");
        Assert.Equal(clocks, await window.Find("section[aria-labelledby=clocks]").InnerTextAsync());

        await window.Find("form[action*=Standards] input[type=file]").SetInputFilesAsync(Path.Combine(Repository.Root, "tests", "data", "case-standards-events.csv"));
        await window.Find("form[action*=Standards] button").ClickAsync();
        await Expect(window.Find(".ok-box")).ToHaveTextAsync("采用 144 条，拒绝 0 条。");
        await Expect(window.Find("section[aria-labelledby=standards] tbody tr")).ToHaveCountAsync(144);
        await window.Find("form[action*=Standards] input[type=file]").SetInputFilesAsync(Path.Combine(Repository.Root, "tests", "data", "case-standards-events.csv"));
        await window.Find("form[action*=Standards] button").ClickAsync();
        await Expect(window.Find(".error-box")).ToContainTextAsync("现行的有 144 条"); // a second table replaces nothing unless that is said
        await window.ShootAsync("admin-standards", whole: true);
        await window.Page.GotoAsync("/admin/standards?of=unmapped");
        await Expect(window.Find("main")).ToContainTextAsync("未对应 144 条，共 144 条");
        await window.Find("select[name=now]").First.SelectOptionAsync("11");
        await window.Find("button", "保存这一页").ClickAsync();
        await Expect(window.Find(".ok-box")).ToHaveTextAsync("已保存，改了 1 条。");
        await Expect(window.Find("main")).ToContainTextAsync("未对应 143 条，共 144 条");
        await window.ShootAsync("standards-mapped");
        await window.Page.GotoAsync("/admin");

        var policy = await window.Page.APIRequest.GetAsync("/admin?handler=PolicyFile");
        Assert.Contains("attachment", policy.Headers["content-disposition"], StringComparison.Ordinal);
        Assert.Contains("\"categories\"", await policy.TextAsync(), StringComparison.Ordinal);

        await window.Find("form[role=search] select[name=of]").SelectOptionAsync("police");
        await window.Find("input[name=q][type=search]").FillAsync("晨曦管家");
        await window.Find("form[role=search] button").ClickAsync();
        await Expect(window.Find("section[aria-labelledby=accounts] tbody th")).ToHaveTextAsync(["police01", "police02"]);
        await window.Find("form[role=search] select[name=of]").SelectOptionAsync("");

        await window.Find("input[name=q][type=search]").FillAsync("wall");
        await window.Find("form[role=search] button").ClickAsync();
        await window.Find("input[name=phone]").FillAsync("12");
        await window.Find("form[action*=Phone] button").ClickAsync();
        await Expect(window.Find(".error-box")).ToBeVisibleAsync();
        await window.Find("input[name=phone]").FillAsync("13900000001");
        await window.Find("form[action*=Phone] button").ClickAsync();
        await Expect(window.Find(".ok-box")).ToHaveTextAsync("wall 的号码已保存。");
        await Expect(window.Find("input[name=phone]")).ToHaveAttributeAsync("placeholder", "已登记");
        await Expect(window.Find("main")).Not.ToContainTextAsync("13900000001");
        await window.Find("form[action*=Phone] button").ClickAsync();
        await Expect(window.Find("input[name=phone]")).ToHaveAttributeAsync("placeholder", "没有");
    }

    [Fact]
    public async Task A_change_of_the_limits_is_previewed_planned_and_taken_back()
    {
        var window = await _windows.DeskAsync("admin", "/admin/policy");
        await window.Find("[id='answers.0.limits.S1']").FillAsync("0");
        await window.Find("[id='categories.0.name']").FillAsync("供水爆管及漏水");
        await window.Find(".button", "预览改动").ClickAsync();
        await Expect(window.Find("[id='answers.0.limits.S1-error']")).ToContainTextAsync("不能是 0");
        await Expect(window.Find("[id='categories.0.name']")).ToHaveValueAsync("供水爆管及漏水");
        await window.ShootAsync("policy-refused");
        await window.Find("[id='answers.0.limits.S1']").FillAsync("5");
        await window.Find("input[name=when][value=at]").CheckAsync();
        var from = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).AddDays(30).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await window.Find("#from").FillAsync(from);
        await window.Find(".button", "预览改动").ClickAsync();
        await Expect(window.Find("#preview")).ToHaveTextAsync("将改动 2 处");
        await Expect(window.Find(".policy-changes tbody tr").First).ToContainTextAsync("5 分钟");
        await window.ShootAsync("policy-preview", whole: true);
        await window.Find("button", "采用，到时起用").ClickAsync();
        await Expect(window.Find(".ok-box")).ToContainTextAsync("起用");
        await window.ShootAsync("policy-planned", whole: true);
        await window.Find("button", "收回").ClickAsync();
        await Expect(window.Find(".ok-box")).ToContainTextAsync("已收回");
        await Expect(window.Find("#answers")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_channel_is_described_in_a_form_and_what_is_wrong_stands_beside_its_field()
    {
        var window = await _windows.DeskAsync("admin", "/admin/outbox");
        await window.Find("#Code").FillAsync("room");
        await window.Find("#Url").FillAsync("http://example.com/hook");
        await window.Find("#Addresses").SelectOptionAsync("team:01");
        await window.Find("button", "新建").ClickAsync();
        await Expect(window.Find("#url-error")).ToContainTextAsync("须为 https");
        await Expect(window.Find("#Code")).ToHaveValueAsync("room");
        await Expect(window.Find("#Url")).ToHaveValueAsync("");
        await window.ShootAsync("channel-refused", whole: true);
    }

    [Fact]
    public async Task A_newcomer_gets_an_account_signs_in_chooses_a_password_and_leaves_again()
    {
        var admin = await _windows.DeskAsync("admin", "/admin");
        await admin.Find("form[action*='handler=Account#'] input[name=account]").FillAsync("wang.property");
        await admin.Find("select[name=kind]").SelectOptionAsync("property");
        await admin.Find("form[action*='handler=Account#'] button").ClickAsync();
        await Expect(admin.Find(".error-box")).ToContainTextAsync("要选一支管家队");
        await Expect(admin.Find(".error-box")).ToBeInViewportAsync();
        await Expect(admin.Find("form[action*='handler=Account#'] input[name=account]")).ToHaveValueAsync("wang.property"); // the input is still there
        await admin.Find("select[name=place]").SelectOptionAsync(new SelectOptionValue { Label = "晨曦管家一队" });
        await admin.Find("form[action*='handler=Account#'] button").ClickAsync();
        await Expect(admin.Find(".ok-box")).ToHaveTextAsync("已新建账号 wang.property。");
        await Expect(admin.Find("#fresh ~ .scroll code")).ToBeInViewportAsync(); // shown only once
        var password = await admin.Find("#fresh ~ .scroll code").InnerTextAsync();
        await admin.ShootAsync("admin-made", whole: true);

        var phone = await _windows.ResidentAsync("/signin?returnUrl=%2Fm");
        phone.Forgive("status of 422");
        phone.Forgive("HTTP Authentication failed|status of 40[13]|WebSocket connection to"); // what the open page gets once a post is taken away, or the account is closed
        await phone.Find("#user").FillAsync("wang.property");
        await phone.Find("#password").FillAsync(password);
        await phone.Find("main form button").First.TapAsync();
        await Expect(phone.Find("#given")).ToContainTextAsync("请换成只有您知道的"); // an issued password should be changed, but a case may be waiting
        await phone.ShootAsync("password-given");
        await phone.Find("#old").FillAsync(password);
        await phone.Find("#fresh").FillAsync("too short");
        await phone.Find("#again").FillAsync("too short");
        await phone.Find("main form button").TapAsync();
        await Expect(phone.Find("#password-error")).ToContainTextAsync("至少 12 个字符");
        await phone.ShootAsync("password-refused");
        await phone.Find("#old").FillAsync(password);
        await phone.Find("#fresh").FillAsync("three little cranes");
        await phone.Find("#again").FillAsync("three little cranes");
        await phone.Find("main form button").TapAsync();
        await Expect(phone.Find(".ok-box")).ToContainTextAsync("密码已修改");
        await phone.Find("main a.button").TapAsync(); // this session continues to its destination
        await Expect(phone.Find("#me")).ToContainTextAsync("晨曦管家一队");

        // One more team: beside the first on the same phone, at the next look; and taken away again.
        await admin.Find("details.sure:has(form[action$='handler=Post#accounts']) summary").First.ClickAsync();
        await admin.Find("form[action$='handler=Post#accounts'] input[name=place]").First.FillAsync("晨曦管家一队");
        await admin.Find("form[action$='handler=Post#accounts'] button").First.ClickAsync();
        await Expect(admin.Find(".error-box")).ToContainTextAsync("已在这个队里");
        await admin.Find("details.sure:has(form[action$='handler=Post#accounts']) summary").First.ClickAsync();
        await admin.Find("form[action$='handler=Post#accounts'] input[name=place]").First.FillAsync("晨曦管家二队");
        await admin.Find("form[action$='handler=Post#accounts'] button").First.ClickAsync();
        await Expect(admin.Find(".ok-box")).ToContainTextAsync("已给 wang.property 加了一个岗位");
        await Expect(admin.Find("#accounts ~ .scroll tbody td").First).ToContainTextAsync("晨曦管家二队");
        await admin.ShootAsync("admin-posts", whole: true);
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#posts")).ToContainTextAsync("晨曦管家二队");
        await admin.Find("form[action*='handler=DropPost'] button").First.ClickAsync();
        await Expect(admin.Find(".ok-box")).ToContainTextAsync("已收回");
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#posts")).ToBeHiddenAsync();

        await admin.Find("details.sure:has(form[action*=Close]) summary").First.ClickAsync();
        await admin.Find("form[action*=Close] button").First.ClickAsync();
        await Expect(admin.Find(".ok-box")).ToContainTextAsync("wang.property 已停用");
        await Expect(phone.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/signin")); // on its own: nobody taps on a phone that is signed out
        await phone.Page.GotoAsync("/m");
        await Expect(phone.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/signin"));
    }

    [Fact]
    public async Task Days_off_are_taken_in_whole_or_not_at_all_and_shown()
    {
        var admin = await _windows.DeskAsync("admin", "/admin");
        var year = await admin.Find("section[aria-labelledby=holidays] b").Last.InnerTextAsync();
        async Task TakeAsync(string lines)
        {
            await admin.Find("form[action*=Holidays] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "days.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes("date,kind,name\n" + lines) });
            await admin.Find("form[action*=Holidays] button").ClickAsync();
        }

        await TakeAsync($"{year}-01-01,holiday,元旦\n{year}-01-02,rest,元旦\n");
        await Expect(admin.Find(".error-box")).ToContainTextAsync("什么也没有改变");
        await Expect(admin.Find("main")).ToContainTextAsync("days.csv:3");
        await Expect(admin.Find("section[aria-labelledby=holidays]")).ToContainTextAsync($"{year} 还没有公布");
        await TakeAsync($"{year}-01-01,holiday,元旦\n{year}-01-02,holiday,元旦\n{year}-01-03,holiday,元旦\n");
        await Expect(admin.Find(".ok-box")).ToContainTextAsync("采用 3 天");
        await Expect(admin.Find("section[aria-labelledby=holidays]")).ToContainTextAsync($"{year} 放假：1/1–1/3");
    }

    [Fact]
    public async Task Accounts_come_from_a_table_and_each_refused_line_is_said()
    {
        var admin = await _windows.DeskAsync("admin", "/admin");
        var table = "account,kind,place\nzhao.desk,社区值班,晨曦社区\nqian,保安,晨曦社区\n"u8.ToArray();
        await admin.Find("form[action*=Accounts] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "staff.csv", MimeType = "text/csv", Buffer = table });
        await admin.Find("form[action*=Accounts] button").ClickAsync();
        await Expect(admin.Find(".ok-box")).ToHaveTextAsync("采用 1 行，新建 1 个账号，拒绝 1 行。");
        await Expect(admin.Find("main")).ToContainTextAsync("staff.csv:3 没有“保安”这种岗位");
        await Expect(admin.Find("#fresh ~ .scroll tbody tr")).ToHaveCountAsync(1);
        await admin.Find("form[action*=Accounts] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "staff.csv", MimeType = "text/csv", Buffer = new byte[3 * 1024 * 1024] });
        await admin.Find("form[action*=Accounts] button").ClickAsync();
        await Expect(admin.Find(".error-box")).ToHaveTextAsync("文件超过 2 MB。");
        await admin.Page.GotoAsync("/admin");
        await Expect(admin.Find("#fresh")).ToHaveCountAsync(0); // shown once
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
