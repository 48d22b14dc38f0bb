using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A tap on the notification of a locked phone leads to the phone's page, whatever was pushed.</summary>
public sealed class NotificationTap(Street street)
{
    private const string CallNo = "W260311-00042";

    [Fact]
    public async Task It_brings_the_open_page_to_the_front_or_opens_it_and_what_was_pushed_never_says_where_to()
    {
        await using var host = await WebHost.StartAsync();
        await using var windows = new Windows(street.Chromium, host.Url);
        var phone = await windows.MemberAsync("grid001");
        await phone.LiveAsync();
        await phone.KeptAsync();
        var worker = await PhoneWorker.OfAsync(street.Chromium, host.Url);
        await PushAsync();
        Assert.Equal("focus /m, 0 left", await worker.TapAsync());
        await phone.Page.GotoAsync("/m?to=/admin");
        await phone.LiveAsync();
        await PushAsync();
        Assert.Equal("focus /m, 0 left", await worker.TapAsync());

        // Another page of the street is not the phone's page.
        await phone.Page.GotoAsync("/password");
        await PushAsync();
        Assert.Equal("open /m, 0 left", await worker.TapAsync());

        async Task PushAsync()
        {
            const string Elsewhere = "https://elsewhere.example/";
            var said = new JsonObject { ["level"] = "S1", ["callNo"] = CallNo, ["url"] = Elsewhere, ["navigate"] = Elsewhere, ["link"] = "/admin", ["path"] = "/desk", ["data"] = new JsonObject { ["url"] = Elsewhere } };
            Assert.Equal($"S1|{CallNo}", await worker.PushAsync(said));
        }
    }
}
