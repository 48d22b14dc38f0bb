using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Matters;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>A telephone number at each entrance: its one form is kept, staff are asked once about an unusual one, and a resident never waits for it.</summary>
public sealed class PhoneStories : StreetStory
{
    private const string Unusual = "138 0013 800", Sentence = "看起来不完整或不存在";

    [Fact]
    public async Task A_residents_whistle_keeps_an_unusual_number_and_says_so_with_and_without_script()
    {
        var call = (await Blow(Street.Anyone, new { grid = "001", category = "02", contact = new { phone = Unusual } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal((true, true), (call.PhoneUnusual, call.PhoneNoText));
        Assert.Null(call.LeftOut);
        Assert.Equal("1380013800", await NumberOf(call.CallNo));
        var usual = await Blow(Street.Anyone, new { grid = "001", category = "02", contact = new { phone = "13800138000" } });
        Assert.DoesNotContain("phone", usual.Text, StringComparison.OrdinalIgnoreCase);

        var place = await FormPage.OpenAsync(Street, "wall", "/g/001");
        var script = await place.SendAsync("", ("category", "02"), ("phone", Unusual));
        Assert.Contains("已照样记下", script, StringComparison.Ordinal);
        var english = await FormPage.OpenAsync(Street, "wall", "/g/001", "en");
        Assert.Contains("saved all the same", await english.SendAsync("", ("category", "02"), ("phone", Unusual)), StringComparison.Ordinal);
        Assert.DoesNotContain("saved all the same", await (await FormPage.OpenAsync(Street, "wall", "/g/001", "en")).SendAsync("", ("category", "02"), ("phone", "0632 5550100")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_officer_is_asked_once_about_an_unusual_number_and_never_where_someone_is_in_danger()
    {
        var officer = await Street.As("community01");
        object Whistle(string phone, bool? anyway = null, bool? danger = null) => new { grid = "001", category = "02", source = "phone", contact = new { phone }, anyway, danger };
        var refused = (await Blow(officer, Whistle(Unusual), "an-unusual-number-1")).Problem(422, "phone_unusual");
        Assert.Contains(Sentence, refused.Title, StringComparison.Ordinal);
        var call = (await Blow(officer, Whistle(Unusual, anyway: true), "an-unusual-number-1")).Value<WhistleReceipt>(HttpStatusCode.Created); // refused before its key was used
        Assert.Equal(("1380013800", null), (await NumberOf(call.CallNo), call.PhoneUnusual));
        Assert.True((await Blow(officer, Whistle(Unusual, danger: true))).Value<WhistleReceipt>(HttpStatusCode.Created).PhoneUnusual);
        (await Blow(officer, Whistle("+86 0632 5550100"))).Value<WhistleReceipt>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_officers_page_without_script_asks_once_keeps_what_was_typed_and_asks_again_of_another_number()
    {
        var form = await FormPage.OpenAsync(Street, "community01", "/intake");
        (string, string)[] typed = [("place", "g:001"), ("category", "02"), ("source", "phone"), ("name", "王"), ("phone", Unusual)];
        Assert.Contains(Sentence, await form.SendAsync("", typed), StringComparison.Ordinal);
        Assert.Equal((Unusual, "王", Unusual), (form.Value("phone"), form.Value("name"), form.Value("sure")));
        typed[^1] = ("phone", "138 0013 801");
        Assert.Contains(Sentence, await form.SendAsync("", [.. typed, ("sure", form.Value("sure"))]), StringComparison.Ordinal);
        var done = await form.SendAsync("", [.. typed, ("sure", form.Value("sure"))]);
        Assert.Contains("id=\"receipt\"", done, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"left\"", done, StringComparison.Ordinal);
        Assert.Contains("收不到短信", done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_administrators_form_asks_once_about_an_unusual_number_of_an_account()
    {
        var form = await FormPage.OpenAsync(Street, "admin", "/admin");
        await form.SendAsync("Phone", ("account", "wall"), ("phone", Unusual), ("q", "wall"));
        Assert.Contains(Sentence, form.Error, StringComparison.Ordinal);
        Assert.Contains(Unusual, form.Values("phone"));
        await form.SendAsync("Phone", ("account", "wall"), ("phone", Unusual), ("q", "wall"), ("sure", form.Value("sure")));
        Assert.Equal("", form.Error);
    }

    [Fact]
    public async Task A_matter_for_an_unusual_number_is_asked_about_once()
    {
        var scene = new MatterScene(Street);
        var errand = new { procedure = "errand", grid = "001", origin = "counter", form = new Dictionary<string, string> { ["what"] = "办老年卡" }, contact = new { phone = Unusual } };
        (await scene.TryOpen("community01", errand)).Problem(422, "phone_unusual");
        var opened = await scene.Open("community01", new { errand.procedure, errand.grid, errand.origin, errand.form, errand.contact, anyway = true });
        Assert.True(opened.PhoneNoText);
        (await scene.TryOpen("community01", MatterScene.Errand(phone: "13800138000/13900139000"))).Problem(422, "phone_invalid");
        Assert.Null((await scene.Open("community01", MatterScene.Errand(phone: "+86 138-0013-8000"))).PhoneNoText);
    }

    [Fact]
    public async Task Earlier_cases_of_a_number_are_found_whichever_way_either_was_typed()
    {
        var mobile = (await Blow(Street.Anyone, new { grid = "001", category = "02", contact = new { phone = "＋86 138－1234－5678" } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var office = (await Blow(Street.Anyone, new { grid = "001", category = "11", contact = new { phone = "(0632) 555 0100 转 12" } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        foreach (var said in (string[])["13812345678", "008613812345678", "１３８ １２３４ ５６７８", "8613812345678", "5678"]) Assert.Equal([mobile.CallNo], await Found(said));
        foreach (var said in (string[])["0632-5550100-12", "+86 632 5550100", "5550100", "0632 5550100 ext 12"]) Assert.Equal([office.CallNo], await Found(said));
        foreach (var said in (string[])["0632-5550100#12", "+86 0632 5550100-12"])
            Assert.Equal(office.CallNo, Assert.Single((await (await Street.As("duty")).Send("/api/persons/held", new { phone = said, purpose = "本人来问" })).Value<HeldView>().Cases).CallNo);
    }

    private static Task<Answer> Blow(HttpClient client, object whistle, string? key = null) => client.Send("/api/whistles", whistle, key);

    private async Task<string?> NumberOf(string callNo) => (await (await Street.As("duty")).Send($"/api/calls/{callNo}/contact", new { note = "回电" })).Value<ContactView>().Phone;

    private async Task<IEnumerable<string>> Found(string q) => (await (await Street.As("duty")).Send("/api/search", new { q })).Value<SearchView>().Hits.Select(hit => hit.Call.CallNo);
}
