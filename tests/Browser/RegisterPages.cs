using System.Text;

namespace DispatchCenter.Browser;

/// <summary>名册: who answers for a door in two steps, a look-up that the auditor sees, and a table whose refused lines are mended from the report.</summary>
public sealed class RegisterPages(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN", 1366, 768)]
    [InlineData("en", 360, 640)]
    public async Task The_register_reads_well(string language, int width, int height)
    {
        var inspection = new Inspection(language);
        var window = await _windows.OpenAsync("/signin?returnUrl=/register&lang=" + language, new() { ViewportSize = new() { Width = width, Height = height }, Locale = language });
        await window.Find("#user").FillAsync("admin");
        await window.Find("#password").FillAsync(StreetApi.Password);
        await window.Find("#password").PressAsync("Enter");
        await Expect(window.Find(".register-kinds li").First).ToBeVisibleAsync();
        await inspection.LookAsync(window, "register");
        await window.Page.GotoAsync("/register?kind=building&q=3");
        await Expect(window.Find("tbody tr").First).ToBeVisibleAsync();
        await inspection.LookAsync(window, "register-list");
        await window.Page.GotoAsync("/register/check");
        await inspection.LookAsync(window, "register-check");
        if (language == "zh-CN") // what the street has written is in Chinese
        {
            await window.Page.GotoAsync("/register/adviser-01");
            await window.Find("summary").ClickAsync();
            await inspection.LookAsync(window, "register-entry");
            await window.Page.GotoAsync("/c/01");
            await inspection.LookAsync(window, "community");
        }

        inspection.HoldsEverywhere();
    }

    [Fact]
    public async Task Who_answers_for_a_building_is_found_in_two_steps()
    {
        var desk = await _windows.DeskAsync("duty", "/register");
        await desk.Find("input[name=q]").FillAsync("cxxq3hl"); // its first letters in pinyin
        await desk.Find("input[name=q]").PressAsync("Enter");
        await desk.Find("tbody a").First.ClickAsync();
        await Expect(desk.Find("#answers")).ToBeVisibleAsync();
        await Expect(desk.Find(".register-list").First).ToContainTextAsync("3号楼楼长");
        await Expect(desk.Find(".register-list").First).ToContainTextAsync("晨曦第一网格党支部");
        await desk.ShootAsync("register-building");
    }

    [Fact]
    public async Task A_look_up_shows_what_its_purpose_shows_and_stands_in_the_auditors_list()
    {
        const string Door = "building-001-2-1-302";
        var desk = await _windows.DeskAsync("community01", "/register/" + Door);
        await desk.Find("select[name=purpose]").SelectOptionAsync("visit");
        await desk.Find("form[action*=Look] button").ClickAsync();
        await Expect(desk.Find(".ok-box")).ToContainTextAsync("户主");
        await Expect(desk.Find(".ok-box")).Not.ToContainTextAsync("党员户");
        var auditor = await _windows.DeskAsync("auditor", "/audit/lookups");
        await Expect(auditor.Find("tbody tr", Door)).ToContainTextAsync("community01");
        await Expect(auditor.Find("tbody tr", Door)).ToContainTextAsync("走访");
        await auditor.ShootAsync("lookups");
    }

    /// <summary>The desk gives the link, the household asks on a small phone, the desk refuses with a reason, and the household reads it.</summary>
    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task A_household_reads_its_own_entry_and_asks_for_a_correction(string language)
    {
        var door = language == "en" ? "building-001-2-1-201" : "building-001-2-1-202";
        var inspection = new Inspection(language);
        var desk = await _windows.DeskAsync("community01", "/register/" + door);
        await desk.Find("form[action*=Give] button").ClickAsync();
        await Expect(desk.Find(".household-code svg")).ToBeVisibleAsync();
        await desk.ShootAsync("household-given");
        var link = await desk.Find(".household-address").InnerTextAsync();
        var phone = await _windows.OpenAsync(new Uri(link.Trim()).PathAndQuery + "?lang=" + language, new() { ViewportSize = new() { Width = 360, Height = 640 }, Locale = language });
        await Expect(phone.Find(".household-fields > div").First).ToBeVisibleAsync();
        await Expect(phone.Find("#looks li")).ToHaveCountAsync(1);
        Task LookAsync(string page) => language == "zh-CN" ? inspection.LookAsync(phone, page) : Task.CompletedTask; // what the street has written is in Chinese
        await LookAsync("household");
        await phone.ShootAsync("household-" + language);
        await phone.Find("a[href*='field=people']").ClickAsync();
        await phone.Find("#value").FillAsync("7");
        await LookAsync("household-correct");
        await phone.ShootAsync("household-correct-" + language);
        await phone.Find("form[action*='handler=ask'] button").ClickAsync();
        await Expect(phone.Find(".household-request .wait-box")).ToBeVisibleAsync();
        await LookAsync("household-asked");
        await phone.ShootAsync("household-asked-" + language);
        inspection.HoldsEverywhere();
    }

    [Fact]
    public async Task An_organiser_mends_every_refused_line_from_the_report()
    {
        var desk = await _windows.DeskAsync("admin", "/register");
        const string Head = "code,kind,name,name_en,place,tile\n";
        Task SendAsync(string lines) => SendTableAsync(desk, Head + lines);
        await SendAsync("browser-1,merchant,一号店,Shop 1,grid:001,eat\nbrowser-2,merchant,二号店,Shop 2,grid:999,eat\nbrowser-3,merchant,三号店,Shop 3,grid:001,luck\n");
        await Expect(desk.Find(".ok-box")).ToContainTextAsync("导入 1 行");
        await Expect(desk.Find(".late-box li")).ToContainTextAsync([":3", ":4"]);
        await desk.ShootAsync("register-refused");
        await SendAsync("browser-1,merchant,一号店,Shop 1,grid:001,eat\nbrowser-2,merchant,二号店,Shop 2,grid:002,eat\nbrowser-3,merchant,三号店,Shop 3,grid:001,食\n");
        await Expect(desk.Find(".ok-box")).ToContainTextAsync("导入 3 行，其中 2 条有变化；拒绝 0 行。");
        await Expect(desk.Find(".late-box")).ToHaveCountAsync(0);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task SendTableAsync(Window window, string csv)
    {
        await window.Find("form[enctype] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "table.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
        await window.Find("form[enctype] button").ClickAsync();
    }
}
