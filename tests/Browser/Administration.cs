namespace DispatchCenter.Browser;

/// <summary>管理: what an administrator takes in and keeps while the street is at work.</summary>
public sealed class Administration(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task An_administrator_takes_in_standards_keeps_numbers_and_is_told_why_a_policy_cannot_be_used()
    {
        var window = await _windows.DeskAsync("admin", "/admin");
        await Expect(window.Find("#clocks")).ToBeVisibleAsync();
        await Expect(window.Find("main")).ToContainTextAsync("现在用第 1 版");

        await window.Find("form[action*=Policy] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "policy.json", MimeType = "application/json", Buffer = "{}"u8.ToArray() });
        await window.Find("form[action*=Policy] button").ClickAsync();
        await Expect(window.Find(".error-box")).ToContainTextAsync("文件不能用，什么也没有改变");
        await Expect(window.Find("main")).ToContainTextAsync("现在用第 1 版");

        await window.Find("form[action*=Standards] input[type=file]").SetInputFilesAsync(Path.Combine(Repository.Root, "tests", "data", "case-standards-events.csv"));
        await window.Find("form[action*=Standards] button").ClickAsync();
        await Expect(window.Find(".ok-box")).ToHaveTextAsync("采用 144 条，拒绝 0 条。");
        await window.ShootAsync("admin-standards", whole: true);

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

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
