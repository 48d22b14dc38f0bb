using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A street whose cases are answered by three parties: 居委会 (the community's desk), 业委会 (listed, without an account) and 物业.</summary>
public sealed class PartyPack(Street street) : IAsyncLifetime
{
    private WebHost _host = null!;
    private StreetApi _api = null!;
    private Windows _windows = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        _api = new StreetApi(_host.Url);
        _windows = new Windows(street.Chromium, _host.Url);
        await AdoptAsync();
    }

    [Fact]
    public async Task A_whistle_that_three_parties_answer_is_brought_to_its_end_on_the_pages_alone()
    {
        var place = await _api.PlaceAsync("04");
        var resident = await _windows.ResidentAsync("/s/04");
        await resident.Find("input[name=category][value='22']").CheckAsync();
        await resident.Find("#words").FillAsync("屋面渗水");
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("ol.steps")).ToContainTextAsync("业委会应答");
        await Expect(resident.Find("ol.steps")).ToContainTextAsync("社区值班应答");
        await Expect(resident.Find("ol.steps")).ToContainTextAsync("物业应答");
        var callNo = await resident.Find("b.no").InnerTextAsync();
        await resident.ShootAsync("parties-track", whole: true);

        // The lead: 到场 is not required, so it is not asked for; parties still silent are named.
        var phone = await _windows.MemberAsync(place.Workers[0]);
        await phone.TapAsync(callNo, "accept");
        await phone.BackFromTaskAsync();
        await Expect(phone.Find("#tasks")).ToContainTextAsync("还在等社区值班、业委会、物业回应");
        await Expect(phone.Call(callNo).Locator("[data-command=arrive], [data-command=resolve]")).ToHaveCountAsync(0);
        await phone.ShootAsync("parties-m", whole: true);

        // 物业, on its own phone.
        var property = await _windows.MemberAsync(place.Property);
        await property.TapAsync(callNo, "acknowledge");
        await Expect(property.Find("dialog")).ToContainTextAsync("物业");
        await property.ShootAsync("parties-property");
        await property.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(property.Call(callNo).Locator("[data-command=acknowledge]")).ToHaveCountAsync(0);

        // 居委会 answers for itself, then records what 业委会 said.
        var desk = await _windows.DeskAsync("community" + place.Community);
        await desk.LiveAsync();
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail .answers")).ToContainTextAsync("应答（业委会）");
        await AnswerAsync("社区值班", null);
        await Expect(desk.Find("#detail [data-answer=committee]")).ToContainTextAsync("已应");
        await AnswerAsync("业委会", "电话告知业委会主任，已知晓");
        await Expect(desk.Find("#detail [data-answer=owners]")).ToContainTextAsync("已应");
        await Expect(desk.Find("#detail")).ToContainTextAsync("电话告知业委会主任");
        await desk.ShootAsync("parties-desk");

        await phone.TapAsync(callNo, "resolve");
        await phone.Find("dialog textarea").FillAsync("已修好。");
        await phone.Find("dialog button[value=yes]").TapAsync();
        var neighbour = await _windows.MemberAsync(place.Neighbour, "/review");
        await neighbour.Call(callNo).TapAsync();
        await neighbour.Find("#detail [data-command=pass]").TapAsync();
        await neighbour.Find("dialog button[value=yes]").TapAsync();
        await resident.Find("a[href$='act=evaluate']").TapAsync();
        await resident.Find("input[name=solved][value=yes]").CheckAsync();
        await resident.Find("input[name=satisfaction][value=satisfied]").CheckAsync();
        await resident.Find("main form button[type=submit]:not([name])").TapAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已结束");

        async Task AnswerAsync(string party, string? words)
        {
            await desk.Find("#detail [data-command=acknowledge]").ClickAsync();
            await desk.Find("dialog.ask select").SelectOptionAsync(new SelectOptionValue { Label = party });
            if (words is not null)
            {
                await desk.Find("dialog.ask button[value=yes]").ClickAsync();
                await Expect(desk.Find("dialog.ask")).ToBeVisibleAsync(); // who said so is asked for
                await desk.Find("dialog.ask input:not([type])").FillAsync("业委会主任");
                await desk.Find("dialog.ask textarea").FillAsync(words);
                await desk.ShootAsync("parties-said");
            }
            await desk.Find("dialog.ask button[value=yes]").ClickAsync();
        }
    }

    [Fact]
    public async Task A_party_without_an_account_answers_by_the_leads_link_or_is_waited_for_no_longer()
    {
        var place = await _api.PlaceAsync("05");
        var (answered, _) = await _api.WhistleAsync("05", "22");
        var (released, _) = await _api.WhistleAsync("05", "22");
        foreach (var callNo in new[] { answered, released })
        {
            await _api.GiveAsync(place.Workers[0], callNo, "accept");
            await _api.GiveAsync("community" + place.Community, callNo, "acknowledge", new JsonObject { ["answer"] = "committee" });
            await _api.GiveAsync(place.Property, callNo, "acknowledge", new JsonObject { ["answer"] = "property" });
        }

        var phone = await _windows.MemberAsync(place.Workers[0]);
        await Expect(phone.Call(answered)).ToContainTextAsync("还在等业委会回应");
        await phone.TaskAsync(answered);
        await phone.Find("dialog .more summary").TapAsync();
        await phone.Find("dialog .more [data-command=link]").TapAsync();
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        var link = await phone.Find("#party-link").InputValueAsync();
        var party = await _windows.ResidentAsync(new Uri(link).AbsolutePath, script: false);
        await Expect(party.Find("h1")).ToContainTextAsync("业委会");
        await party.ShootAsync("parties-link", whole: true);
        await party.Find("button.blow").TapAsync();
        await Expect(party.Find("#met")).ToBeVisibleAsync();
        await Expect(phone.Call(answered).Locator("[data-command=resolve]")).ToHaveCountAsync(1);
        await phone.Page.ReloadAsync();

        await phone.TaskAsync(released);
        await phone.Find("dialog .more summary").TapAsync();
        await phone.Find("dialog .more [data-command=release]").TapAsync();
        await Expect(phone.Find("dialog.ask select option")).ToHaveTextAsync(["业委会"]); // a party that has answered is not waited for
        await phone.Find("dialog.ask textarea").FillAsync("业委会联系不上");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Call(released).Locator("[data-command=resolve]")).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _windows.DisposeAsync();
        _api.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>The default policy with another pack, as an administrator imports it.</summary>
    private async Task AdoptAsync()
    {
        var policy = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Hub", "Street", "default-policy.json")))!;
        (string Key, string Kind, string Party, string Limit)[] pack =
            [("accept", "accept", "team", "15m"), ("committee", "acknowledge", "communityDesk", "30m"), ("owners", "acknowledge", "owners", "40m"), ("property", "acknowledge", "property", "30m"), ("resolve", "resolve", "lead", "24h")];
        policy["pack"] = new JsonArray([.. pack.Select(a => new JsonObject { ["key"] = a.Key, ["kind"] = a.Kind, ["party"] = a.Party, ["required"] = true })]);
        foreach (var level in (string[])["S1", "S2", "S3"])
            policy["limits"]![level] = new JsonObject(pack.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Limit)));
        policy["parties"]!.AsArray().Add(new JsonObject { ["code"] = "owners", ["name"] = "业委会", ["nameEn"] = "Owners' committee", ["kind"] = "unit" });
        var admin = await _windows.DeskAsync("admin", "/admin");
        await admin.Find("form[action*=Policy] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "policy.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(policy.ToJsonString()) });
        await admin.Find("form[action*=Policy] button").ClickAsync();
        await Expect(admin.Find(".ok-box")).ToBeVisibleAsync();
        await Expect(admin.Find("section[aria-labelledby=clocks] thead")).ToContainTextAsync("业委会应答");
        await admin.ShootAsync("parties-admin", whole: true);
    }
}
