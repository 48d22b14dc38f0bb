using System.Text.RegularExpressions;
using DispatchCenter.Tests;

namespace DispatchCenter.Browser;

/// <summary>二次验证: set up on a narrow phone, and asked for at the next sign-in, with and without script.</summary>
public sealed class SecondFactor(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN", true, "head35")]
    [InlineData("en", true, "head34")]
    [InlineData("zh-CN", false, "head36")]
    public async Task Is_set_up_signed_in_with_and_turned_off_on_a_narrow_phone(string language, bool script, string account)
    {
        var inspection = new Inspection(language);
        var window = await _windows.OpenAsync("/signin?returnUrl=/second-factor&lang=" + language, new() { ViewportSize = new() { Width = 360, Height = 640 }, Locale = language, JavaScriptEnabled = script });
        window.Forgive("status of 422");
        await PasswordAsync();
        await Expect(window.Find("form[action*=Begin]")).ToBeVisibleAsync();
        await LookAsync("second-factor");
        await window.Find("form[action*=Begin] #password").FillAsync(StreetApi.Password);
        await window.Find("form[action*=Begin] button").ClickAsync();
        await Expect(window.Find(".qr svg")).ToBeVisibleAsync();
        await LookAsync("second-factor-shown");
        var phone = new Authenticator(await window.Find("#secret").InnerTextAsync());
        await window.Find("#code").FillAsync(phone.Wrong(Now));
        await window.Find("form[action*=Prove] button").ClickAsync();
        await Expect(window.Find(".error-box")).ToBeVisibleAsync();
        Assert.Equal(phone.Secret, await window.Find("#secret").InnerTextAsync());
        await AskedAsync();
        await window.Find("#code").FillAsync(phone.At(Now));
        await window.Find("form[action*=Prove] button").ClickAsync();
        await Expect(window.Find(".codes li")).ToHaveCountAsync(10);
        var recovery = await window.Find(".codes code").First.InnerTextAsync();
        await LookAsync("second-factor-codes");
        await window.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(window.Find(".top")).ToBeHiddenAsync();
        await Expect(window.Find(".codes")).ToBeVisibleAsync();
        await window.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await window.Page.GotoAsync("/second-factor");
        await LookAsync("second-factor-on");
        await AskedAsync();
        await window.Find("form[action='/signout'] button").ClickAsync();
        await Expect(window.Page).Not.ToHaveURLAsync(new Regex("/second-factor$")); // signed out, and there

        await window.Page.GotoAsync("/signin?returnUrl=/second-factor");
        await PasswordAsync();
        await Expect(window.Find("#code")).ToHaveAttributeAsync("autocomplete", "one-time-code");
        await Expect(window.Find("#code")).ToHaveAttributeAsync("inputmode", "numeric");
        await LookAsync("signin-code");
        await window.Find("#code").FillAsync(phone.Wrong(Now));
        await window.Find("#code").PressAsync("Enter");
        await Expect(window.Find(".error-box")).ToBeVisibleAsync();
        await window.Find("#code").FillAsync(phone.At(Now, 1));
        await window.Find("#code").PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync(new Regex("/second-factor$"));

        await AskedAsync();
        await window.Find("#code-off").FillAsync(recovery);
        await window.Find("form[action*=Off] button").ClickAsync();
        await Expect(window.Find(".ok-box")).ToBeVisibleAsync();
        await Expect(window.Find("form[action*=Begin]")).ToBeVisibleAsync();
        inspection.HoldsEverywhere();

        // The page has asked what it asks: the session that asks for it ends next.
        Task AskedAsync() => window.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        async Task PasswordAsync()
        {
            await window.Find("#user").FillAsync(account);
            await window.Find("main form[method=post] #password").FillAsync(StreetApi.Password);
            await window.Find("main form[method=post]").First.Locator("button[type=submit]").ClickAsync();
        }

        Task LookAsync(string name) => script ? inspection.LookAsync(window, name) : window.ShootAsync("noscript-" + name, whole: true);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
