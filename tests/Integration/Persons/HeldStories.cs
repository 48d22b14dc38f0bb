using System.Net;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Persons;

/// <summary>What is held of somebody is shown to an officer for a purpose, and who looked is shown to the caller.</summary>
public sealed class HeldStories
{
    [Fact]
    public async Task Everything_that_is_held_about_a_number_is_in_one_answer_and_that_look_too()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await ErasureStories.EndedAsync(street);
        var open = (await street.Anyone.Send("/api/whistles", ErasureStories.Whistle())).Value<WhistleReceipt>(HttpStatusCode.Created);
        await street.Blow();
        street.FastForward(TimeSpan.FromMinutes(1));
        foreach (var phone in new[] { "13855550001", "+86 138 5555 0001", "138-5555-0001", "008613855550001" })
        {
            var view = (await (await street.As("duty")).Send("/api/persons/held", new { phone, purpose = "本人来问" })).Value<HeldView>();
            Assert.Equal(new HashSet<string> { open.CallNo, call.CallNo }, view.Cases.Select(c => c.CallNo).ToHashSet());
        }

        var one = (await (await street.As("duty")).Send("/api/persons/held", new { call.CallNo, purpose = "本人来问" })).Value<HeldView>().Cases.Single();
        Assert.Equal(("MARKNAME删", "13855550001", new HeldPosition(35.005, 121.005, "wgs84"), true), (one.Name, one.Phone, one.Position, one.IsOver));
        Assert.Equal([("description", "caller"), ("note", "streetDesk"), ("resolveReport", "gridWorker"), ("evaluation", "caller")], one.Words.Select(w => (w.Kind, w.By)));
        Assert.Equal(["note"], one.Photos.Select(p => p.Kind));
        Assert.Equal(("streetDesk", "held", "本人来问"), (one.Looks[0].By, one.Looks[0].Looked, one.Looks[0].Reason));
        Assert.Contains(one.Looks, look => look is { Looked: "contact", By: "streetDesk" });
        Assert.Contains((await (await street.As("auditor")).Read($"/api/reads?callNo={call.CallNo}")).Value<ReadsView>().Reads, read => read is { Looked: "held", Reason: "本人来问" });
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    [Fact]
    public async Task The_page_shows_it_gives_it_as_a_file_and_erases_without_scripts()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await ErasureStories.EndedAsync(street);
        var duty = await PageAsync(street, "duty");
        Assert.DoesNotContain("handler=Erase", duty.Html, StringComparison.Ordinal);
        var shown = await PostAsync(duty, "Held", ("phone", "13855550001"), ("purpose", "本人来问"));
        Assert.Contains("MARKWORDS水", shown.Text, StringComparison.Ordinal);
        Assert.Contains("no-store", shown.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        var file = await PostAsync(duty, "File", ("phone", "13855550001"), ("purpose", "本人来问"));
        Assert.Equal(call.CallNo, JsonSerializer.Deserialize(file.Text, ContractsJson.Default.HeldView)!.Cases.Single().CallNo);
        Assert.Contains("请写明用途", (await PostAsync(duty, "Held", ("phone", "13855550001"))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(duty, "Erase", ("callNo", call.CallNo), ("reason", "requested"))).Status);
        var leader = await PageAsync(street, "leader");
        var open = await street.Blow(); // by somebody else
        var asked = await PostAsync(leader, "Erase", ("phone", "13855550001"), ("reason", "requested"));
        Assert.Contains("要删除 1 处的个人信息吗？", asked.Text, StringComparison.Ordinal);
        Assert.Contains(call.CallNo, asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(open.CallNo, asked.Text, StringComparison.Ordinal);
        Assert.Contains("要删除 1 处", (await PostAsync(leader, "Erase", ("callNo", call.CallNo), ("reason", "requested"), ("sure", open.CallNo))).Text, StringComparison.Ordinal); // confirmed was another
        Assert.Contains("MARKWORDS水", (await PostAsync(leader, "Held", ("callNo", call.CallNo), ("purpose", "核对"))).Text, StringComparison.Ordinal); // nothing is gone yet
        var gone = await PostAsync(leader, "Erase", ("phone", "13855550001"), ("reason", "requested"), ("sure", call.CallNo));
        Assert.Contains("已删除 1 件", gone.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKWORDS水", (await PostAsync(leader, "Held", ("callNo", call.CallNo), ("purpose", "核对"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_reads_which_post_looked_and_when_and_never_who()
    {
        await using var street = await TestStreet.StartAsync();
        var call = (await street.Anyone.Send("/api/whistles", ErasureStories.Whistle())).Value<WhistleReceipt>(HttpStatusCode.Created);
        var other = await street.Blow();
        Assert.Empty((await TrackAsync(street, call)).Looks);
        Assert.Contains("还没有人看过", await PageOfAsync(street, call), StringComparison.Ordinal);
        var began = street.Now;
        await (await street.As("grid001")).Read($"/api/calls/{call.CallNo}");
        street.FastForward(TimeSpan.FromMinutes(1));
        (await (await street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "SECRETREASON" })).Value<ContactView>();
        street.FastForward(TimeSpan.FromMinutes(1));
        await (await street.As("leader")).Send("/api/persons/held", new { call.CallNo, purpose = "SECRETREASON" });
        await (await street.As("duty")).Read($"/api/calls/{other.CallNo}");
        Assert.Equal([(began.AddMinutes(2), "leader", "held"), (began.AddMinutes(1), "streetDesk", "contact"), (began, "gridWorker", "detail")], (await TrackAsync(street, call)).Looks.Select(l => (l.At, l.By, l.Looked)));
        var page = await PageOfAsync(street, call);
        Assert.All(["谁看过我的信息", "带班领导", "街道值班", "网格员"], word => Assert.Contains(word, page, StringComparison.Ordinal));
        Assert.DoesNotContain("SECRETREASON", page + (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("grid001", page, StringComparison.Ordinal);
        for (var i = 0; i < TrackedCall.LooksLimit; i++) await (await street.As("duty")).Read($"/api/calls/{call.CallNo}");
        Assert.Equal((TrackedCall.LooksLimit, "detail"), ((await TrackAsync(street, call)).Looks.Count, (await TrackAsync(street, call)).Looks[^1].Looked));
    }

    [Fact]
    public async Task Asking_for_many_people_at_once_is_slowed()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");
        var duty = await street.As("duty");
        for (var i = 0; i < Limits.PersonsPerMinute; i++) (await duty.Send("/api/persons/held", new { phone = $"1370000{i:0000}", purpose = "本人来问" })).Value<HeldView>();
        (await duty.Send("/api/persons/held", new { phone = "13855550001", purpose = "本人来问" })).Problem(429, Codes.TooManyRequests);
    }

    /// <summary>As an operator does it, while no server runs on the file.</summary>
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task The_commands_print_and_erase_what_is_held_of_a_number()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await ErasureStories.EndedAsync(street);
        var open = (await street.Anyone.Send("/api/whistles", ErasureStories.Whistle())).Value<WhistleReceipt>(HttpStatusCode.Created);
        await street.CloseAsync();
        string[] settings = [$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={street.Folder}", $"--Dispatch:Keys={TestStreet.KeysOf(street.Folder)}", "--environment=Production"];
        Assert.Equal(1, await PersonCommandLine.HeldAsync("12", settings));
        Assert.Equal(0, await PersonCommandLine.HeldAsync("138 5555 0001", settings));
        Assert.Equal(0, await PersonCommandLine.EraseAsync("13855550001", settings));
        await street.RestartAsync();
        Assert.Empty((await TrackAsync(street, call)).Said);
        Assert.Equal([("system", "held")], (await TrackAsync(street, call)).Looks.Take(1).Select(l => (l.By, l.Looked)));
        Assert.Null((await TrackAsync(street, open)).Erasure!.DoneAt);
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    private static async Task<TrackedCall> TrackAsync(TestStreet street, WhistleReceipt call) => (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>();

    private static Task<string> PageOfAsync(TestStreet street, WhistleReceipt call) => street.Anyone.GetStringAsync(new Uri($"/t/{call.TrackingCode}", UriKind.Relative));

    internal static async Task<(HttpClient Client, string Html)> PageAsync(TestStreet street, string userName)
    {
        var client = street.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await street.CookieOf(userName));
        var answer = await client.Ask(HttpMethod.Get, "/persons", shape: r => r.Headers.Accept.ParseAdd("text/html"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        client.DefaultRequestHeaders.Add("Origin", client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return (client, answer.Text);
    }

    internal static Task<Answer> PostAsync((HttpClient Client, string Html) page, string handler, params (string Name, string Value)[] fields)
    {
        var mark = "__RequestVerificationToken\" type=\"hidden\" value=\"";
        var from = page.Html.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        var token = page.Html[from..page.Html.IndexOf('"', from)];
        return page.Client.Ask(HttpMethod.Post, $"/persons?handler={handler}", new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }
}
