using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>改号码: a caller mends or removes the number they left, each only their own; whoever works on it is told, and nothing of the old one remains.</summary>
public sealed class MendedNumberStories : StreetStory
{
    private const string Old = "13812345678", New = "13987654321", Other = "13711112222";

    [Fact]
    public async Task Whoever_opens_the_contact_afterwards_reads_the_new_number_and_the_team_is_told()
    {
        var call = await Whistle(Old);
        await Do("grid001", call.CallNo, "accept");
        Assert.Equal(Old, (await Contact(call)).Phone);
        Assert.Equal(("138******78", true), ((await Track(call)).Phone, (await Track(call)).CanMendPhone));
        await Mend(call, "+86 139 8765 4321");
        Assert.Equal(New, (await Contact(call)).Phone);
        Assert.Equal("noted phone:changed", (await Told(call.CallNo))[^1]);
        var detail = (await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal((Street.Now, 1), (detail.Contact!.PhoneAt, detail.Call.CallerNotes)); // an event, which rings where a note does
        Assert.Contains((await Track(call)).Told, line => line.Code == "told_phone_changed");
    }

    [Fact]
    public async Task Neither_number_stands_in_the_journal_and_the_old_one_finds_no_case_any_more()
    {
        var call = await Whistle(Old);
        await Mend(call, New);
        await using var db = Street.Service<Database>().Context();
        var row = await db.Callers.AsNoTracking().SingleAsync(c => c.CallNo == call.CallNo);
        Assert.Equal((New, db.DataKeys.PhoneHash(New)), (db.DataKeys.Decrypt(row.Phone), row.PhoneHash));
        Assert.Equal("王小明", db.DataKeys.Decrypt(row.Name)); // the rest of it stays
        foreach (var entry in await db.Set<JournalRow>().AsNoTracking().ToListAsync())
            foreach (var number in (string[])[Old, New, "8765"]) Assert.DoesNotContain(number, entry.Detail + entry.Card, StringComparison.Ordinal);
        Assert.DoesNotContain(Street.Log.Lines, line => line.Contains(Old, StringComparison.Ordinal) || line.Contains(New, StringComparison.Ordinal));
        Assert.Empty((await Held(Old)).Cases);
        Assert.Equal(call.CallNo, Assert.Single((await Held(New)).Cases).CallNo);
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    [Fact]
    public async Task A_number_can_be_removed_and_one_can_be_left_later()
    {
        var call = await Whistle(Old);
        await Do("grid001", call.CallNo, "accept");
        await Remove(call);
        await Remove(call); // a second tap changes nothing
        Assert.Equal(["noted phone:removed"], (await Told(call.CallNo))[2..]);
        Assert.Null((await Track(call)).Phone);
        Assert.Null((await Contact(call)).Phone);
        var plain = await Street.Blow();
        await Do("grid001", plain.CallNo, "accept");
        await Mend(plain, New);
        Assert.Equal(New, (await Contact(plain)).Phone);
        await Mend(plain, Other);
        Assert.Equal(Other, (await Contact(plain)).Phone);
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    [Fact]
    public async Task Two_taps_in_one_batch_leave_the_last_number_and_an_honest_chain()
    {
        var call = await Whistle(Old);
        List<Task<Answer>> taps = [];
        using (await Street.HoldDesk())
        {
            var desk = Street.Service<DispatchDesk>();
            taps.Add(Post(call, "phone", New));
            await Eventually.Holds(() => desk.Waiting == 1);
            taps.Add(Post(call, "phone", Other));
            await Eventually.Holds(() => desk.Waiting == 2);
        }

        Assert.All(await Task.WhenAll(taps), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(Other, await Stored(call.CallNo));
        Assert.Empty(HonestStreet.Verify(Street).Faults);
    }

    [Fact]
    public async Task Each_of_several_callers_mends_their_own_number_only()
    {
        var (leading, joined) = (await Whistle(Old), await Whistle(Other));
        await Do("community01", joined.CallNo, "merge", new { into = leading.CallNo });
        await Mend(joined, New);
        Assert.Equal($"noted of:{joined.CallNo} phone:changed", (await Told(leading.CallNo))[^1]);
        Assert.Equal((Old, New), (await Stored(leading.CallNo), await Stored(joined.CallNo)));
        Assert.DoesNotContain((await Track(leading)).Told, line => line.Code == "told_phone_changed"); // of somebody else
        Assert.Contains((await Track(joined)).Told, line => line.Code == "told_phone_changed");
        var detail = (await (await Street.As("community01")).Read($"/api/calls/{leading.CallNo}")).Value<CallDetail>();
        Assert.Null(detail.Contact!.PhoneAt);

        await OnScene("grid001", leading.CallNo);
        var child = (await (await Street.As("grid001")).Send($"/api/calls/{leading.CallNo}/child", new { note = "换管" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Null((await Track(child)).CanMendPhone); // the number belongs to the case it came from
        Assert.Equal(HttpStatusCode.Conflict, (await Post(child, "phone", Other)).Status);
        Assert.Equal((Old, New), (await Stored(leading.CallNo), await Stored(joined.CallNo)));
    }

    [Fact]
    public async Task What_is_no_number_is_refused_an_unusual_one_is_kept_and_said_and_a_case_that_is_over_takes_none()
    {
        var call = await Whistle(Old);
        foreach (var typed in (string[])["", "老王的电话", "13812345678 13987654321", "110"])
        {
            var before = Street.Fingerprint();
            var answer = await Post(call, "phone", typed);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
            Assert.Contains("号码不对", answer.Text, StringComparison.Ordinal);
            Assert.Equal(before, Street.Fingerprint());
        }

        Assert.Contains("看起来不完整", (await Post(call, "phone", "139876543")).Text, StringComparison.Ordinal);
        Assert.Equal("139876543", await Stored(call.CallNo));
        (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw")).Value<TrackedCall>();
        Assert.Equal(HttpStatusCode.Conflict, (await Post(call, "phone", New)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Post(call, "noPhone")).Status);
        Assert.Equal("139876543", await Stored(call.CallNo));
        var patrol = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "11", source = "patrol" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.Conflict, (await Post(patrol, "phone", New)).Status);
    }

    private async Task<WhistleReceipt> Whistle(string phone) =>
        (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "漏水", contact = new { name = "王小明", phone } })).Value<WhistleReceipt>(HttpStatusCode.Created);

    private async Task Mend(WhistleReceipt call, string typed) => Assert.Equal(HttpStatusCode.OK, (await Post(call, "phone", typed)).Status);

    private async Task Remove(WhistleReceipt call) => Assert.Equal(HttpStatusCode.OK, (await Post(call, "noPhone")).Status);

    private async Task<Answer> Post(WhistleReceipt call, string handler, string? phone = null)
    {
        using var form = new FormUrlEncodedContent(phone is null ? [] : [new("phone", phone)]);
        return await Street.Anyone.Ask(HttpMethod.Post, $"/t/{call.TrackingCode}?handler={handler}", form);
    }

    private async Task<ContactView> Contact(WhistleReceipt call) => (await (await Street.As("grid001")).Send($"/api/calls/{call.CallNo}/contact", new { note = "回访" })).Value<ContactView>();

    private async Task<HeldView> Held(string phone) => (await (await Street.As("leader")).Send("/api/persons/held", new { phone, purpose = "本人查阅" })).Value<HeldView>();

    private async Task<string?> Stored(string no)
    {
        await using var db = Street.Service<Database>().Context();
        return db.DataKeys.Decrypt((await db.Callers.AsNoTracking().SingleAsync(c => c.CallNo == no)).Phone);
    }
}
