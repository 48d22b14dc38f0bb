using System.Globalization;
using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Register;

/// <summary>The register over the wire: who answers for a door, who may read what, what a look leaves behind, and tables in and out.</summary>
public sealed class RegisterTests(SharedStreet shared) : IClassFixture<SharedStreet>, IAsyncLifetime
{
    private const string Door = "building-001-3-1-101";

    private readonly TestStreet _street = shared.Street;

    public async ValueTask InitializeAsync() => await TakeAsync(_street, DemoRegister.Open());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<RegisterImport> TakeAsync(TestStreet street, Stream table, Hub.Kernel.Rights.Staff? who = null) => street.Service<RegisterFile>().TakeAsync(who, "register.csv", () => table, anyway: false, CancellationToken.None);

    private static Task<RegisterImport> TakeAsync(TestStreet street, string csv, Hub.Kernel.Rights.Staff? who = null) => TakeAsync(street, new MemoryStream(Encoding.UTF8.GetBytes(csv)), who);

    [Fact]
    public async Task The_same_table_again_changes_nothing_and_neither_does_what_is_written_out()
    {
        var again = await TakeAsync(_street, DemoRegister.Open());
        Assert.Equal((0, true), (again.Changed, again.Refused.IsEmpty));
        var written = await TakeAsync(_street, new MemoryStream(_street.Service<RegisterFile>().Write(TestStreet.Admin, null)));
        Assert.Equal((0, true), (written.Changed, written.Refused.IsEmpty));
        Assert.InRange(written.Taken, again.Taken, int.MaxValue); // with what other tests have added
        var workbook = await TakeAsync(_street, new MemoryStream(_street.Service<RegisterFile>().WriteWorkbook(TestStreet.Admin, null)));
        Assert.Equal((written.Taken, 0, true), (workbook.Taken, workbook.Changed, workbook.Refused.IsEmpty));
    }

    [Fact]
    public async Task Who_answers_for_a_building_is_asked_in_one_request()
    {
        var desk = await _street.As("duty");
        var building = (await desk.Read("/api/register?kind=building&q=3&place=community:01")).Value<RegisterList>().Entries.Single(e => e.Code == "building-001-3");
        var view = (await desk.Read("/api/register/" + building.Code)).Value<EntryView>();
        string Holder(string role) => string.Join(' ', view.Answers.Single(a => a.Role.Code == role).Holders.Select(h => h.Code));
        Assert.Equal(("head-001-3", "branch-01", "adviser-01", "d-gas"), (Holder("building-head"), Holder("branch"), Holder("adviser"), Holder("gas")));
        Assert.Equal("grid:001", view.Answers.Single(a => a.Role.Code == "branch").FoundAt.Code);
        Assert.Single(view.Teams);
        var resolved = (await desk.Read("/api/resolve?role=branch&place=" + Door)).Value<ResolveView>();
        Assert.Equal(("branch-01", "grid:001"), (resolved.Holders.Single().Code, resolved.FoundAt.Code));
    }

    /// <summary>Rules of duty stand with each post: for residents on their community's page, for whoever holds it on their own.</summary>
    [Theory]
    [InlineData(null, "/c/01", "GridWorker BuildingHead Property Police CommunityDesk")]
    [InlineData("grid001", "/m", "GridWorker")]
    [InlineData("police01", "/m", "Police")]
    [InlineData("community01", "/duty/start", "CommunityDesk")]
    [InlineData("duty", "/duty/start", "StreetDesk")]
    [InlineData("leader", "/duty/start", "Leader")]
    public async Task The_duties_of_a_post_are_shown_with_it_and_no_others(string? account, string path, string kinds)
    {
        using var client = _street.NewClient();
        if (account is not null) client.DefaultRequestHeaders.Add("Cookie", await _street.CookieOf(account));
        var page = WebUtility.HtmlDecode((await client.Ask(HttpMethod.Get, path, shape: r => r.Headers.Accept.ParseAdd("text/html"))).Text);
        var shown = _street.Service<Hub.Street.PolicyBook>().Current.Latest.Duties.Where(one => one.Value.All(rule => page.Contains(rule.Text, StringComparison.Ordinal))).Select(one => one.Key.ToString());
        Assert.Equal(kinds.Split(' ').Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/resolve?role=king&place=street", 422, "role_unknown")]
    [InlineData("/api/resolve?role=branch&place=moon", 422, "place_unknown")]
    [InlineData("/api/resolve?place=street", 422, "role_unknown")]
    [InlineData("/api/resolve?role=branch&place=street", 404, "nobody_holds")]
    [InlineData("/api/resolve?role=branch&place=grid:001&at=2026-03-11T09:00:00", 422, Codes.TimeOffsetMissing)]
    [InlineData("/api/resolve?role=branch&place=grid:001&at=noon", 422, "instant_invalid")]
    [InlineData("/api/register?kind=castle", 422, "kind_unknown")]
    [InlineData("/api/register?place=moon", 422, "place_unknown")]
    [InlineData("/api/register/nobody", 404, "entry_unknown")]
    public async Task Bad_input_has_a_clear_answer(string path, int status, string code) => (await (await _street.As("duty")).Read(path)).Problem(status, code);

    [Theory]
    [InlineData("duty", true, true)]
    [InlineData("community01", true, true)]
    [InlineData("community02", false, false)]
    [InlineData("grid001", true, true)]
    [InlineData("grid008", false, false)]
    public async Task Staff_of_its_place_see_a_door_and_what_is_for_staff(string userName, bool door, bool phone)
    {
        var client = await _street.As(userName);
        Assert.Equal(door ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await client.Read("/api/register/" + Door)).Status);
        Assert.Equal(phone, (await client.Read("/api/register/branch-01")).Value<EntryView>().Fields.Any(f => f.Key == "phone"));
        Assert.Equal(door, (await client.Read("/api/register?q=1%E5%8D%95%E5%85%83101&place=grid:001")).Value<RegisterList>().Found > 0);
    }

    [Fact]
    public async Task A_person_is_looked_up_for_a_purpose_alone_and_the_auditor_sees_it()
    {
        var desk = await _street.As("community01");
        string To(string code) => $"/api/register/{code}/lookup";
        (await desk.Send(To(Door), new { })).Problem(422, "purpose_missing");
        (await desk.Send(To(Door), new { purpose = " " })).Problem(422, "purpose_missing");
        (await desk.Send(To(Door), new { purpose = "curiosity" })).Problem(422, "purpose_unknown");
        (await (await _street.As("duty")).Send(To(Door), new { purpose = "organisation" })).Problem(422, "purpose_unknown"); // not the street's to ask
        (await (await _street.As("community02")).Send(To(Door), new { purpose = "rescue" })).Problem(404, "entry_unknown");
        (await desk.Send(To(Door), new { purpose = "case" })).Problem(422, "purpose_case_missing");
        (await desk.Send(To(Door), new { purpose = "rescue", call = "W260311-99999" })).Problem(404, Codes.CallNotFound); // no case that anybody could follow
        var callNo = (await _street.Blow()).CallNo;
        (await desk.Send(To("nobody"), new { purpose = "rescue" })).Problem(404, "entry_unknown");
        Assert.Equal(0, await LooksAsync());
        var seen = (await desk.Send(To(Door), new { purpose = "rescue", call = callNo })).Value<LookupView>();
        Assert.Equal(["household", "people", "keyHousehold"], seen.Fields.Select(f => f.Key));
        Assert.Equal(1, await LooksAsync());
        var list = (await (await _street.As("auditor")).Ask(HttpMethod.Get, "/audit/lookups", shape: r => r.Headers.Add("Accept", "text/html"))).Text;
        Assert.Contains(Door, list, StringComparison.Ordinal);
        Assert.Contains(callNo, list, StringComparison.Ordinal);
        Assert.DoesNotContain(seen.Fields[0].Value!, list, StringComparison.Ordinal);

        async Task<int> LooksAsync()
        {
            await using var db = _street.Service<Database>().Context();
            return await db.RegisterLooks.CountAsync(l => l.Entry == Door);
        }
    }

    /// <summary>Closed fields and the three symbols appear in no answer, page, table or row in clear, for no role that states no purpose.</summary>
    [Fact]
    public async Task What_is_closed_appears_nowhere_without_a_purpose()
    {
        const string Secret = "ZZ-SEALED-5521", Number = "19900009998";
        var taken = await TakeAsync(_street, $"code,kind,name,name_en,place,household,householdPhone,care,partyHousehold\nleak-1,door,9,9,building-001-3-1,{Secret},{Number},{Secret},yes\n");
        Assert.Equal((1, 1), (taken.Taken, taken.Changed));
        foreach (var userName in (string[])["duty", "leader", "community01", "grid001", "property01", "head01", "police01", "admin", "auditor", "wall"])
        {
            var client = await _street.As(userName);
            foreach (var path in (string[])["/api/register", "/api/register?place=building-001-3-1", "/api/register?q=" + Secret, "/api/register?q=" + Number, "/api/register/leak-1", "/api/resolve?role=branch&place=leak-1", "/register?q=" + Number, "/register/leak-1", "/register?handler=Table", "/register/check", "/audit/lookups", "/c/01", "/api/street"])
            {
                var answer = await client.Ask(HttpMethod.Get, path, shape: r => r.Headers.Add("Accept", "text/html"));
                var said = answer.Text.Replace("value=\"" + Number, "", StringComparison.Ordinal).Replace($"q={Number}", "", StringComparison.Ordinal); // the question itself
                Assert.False(said.Contains(Secret, StringComparison.Ordinal) || said.Contains(Number, StringComparison.Ordinal), $"{userName} {path}");
                if (path.Contains("q=", StringComparison.Ordinal) && answer.Status == HttpStatusCode.OK && path.StartsWith("/api", StringComparison.Ordinal)) Assert.Equal(0, answer.Value<RegisterList>().Found);
            }
        }

        await using var db = _street.Service<Database>().Context();
        var row = await db.EntryFields.AsNoTracking().SingleAsync(f => f.Code == "leak-1");
        Assert.DoesNotContain(Secret, row.Closed!.ToString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("partyHousehold", row.Closed!.ToString()!, StringComparison.Ordinal);
    }

    /// <summary>Residents see who their adviser is. Only the picture is kept of the file, encrypted, where its kind shows one; it goes with the person.</summary>
    [Fact]
    public async Task An_advisers_photo_is_on_the_communitys_page_and_goes_with_the_person()
    {
        await TakeAsync(_street, "code,kind,name,name_en,place,person\nadviser-photo,adviser,V,V,community:03,P\n");
        var (commands, never) = (_street.Service<RegisterCommands>(), CancellationToken.None);
        async Task<Hub.Kernel.Rights.Staff> DeskAsync(string userName) => new("x", userName, Hub.Kernel.Rights.Role.Community, _street.Service<Hub.Street.Roster>().FindPost((await _street.PostOf(userName)).Value));
        Assert.Equal("entry_no_photo", (await commands.PutPhotoAsync(TestStreet.Admin, "branch-07", MadePhotos.Jpeg(), never)).Code);
        Assert.Equal(Codes.PhotoInvalid, (await commands.PutPhotoAsync(TestStreet.Admin, "adviser-photo", Encoding.UTF8.GetBytes("no picture"), never)).Code);
        Assert.Equal(Codes.PhotoTooLarge, (await commands.PutPhotoAsync(TestStreet.Admin, "adviser-photo", new byte[PhotoFile.SizeLimit + 1], never)).Code);
        Assert.Equal("entry_unknown", (await commands.PutPhotoAsync(await DeskAsync("community02"), "adviser-photo", MadePhotos.Jpeg(), never)).Code);
        Assert.True((await commands.PutPhotoAsync(await DeskAsync("community03"), "adviser-photo", MadePhotos.Jpeg(), never)).Ok);
        var form = await FormPage.OpenAsync(_street, "community03", "/register/adviser-photo");
        Assert.Contains("照片已去掉", await form.SendAsync("DropPhoto"), StringComparison.Ordinal);
        Assert.True((await commands.PutPhotoAsync(await DeskAsync("community03"), "adviser-photo", MadePhotos.Jpeg(), never)).Ok);
        form = await FormPage.OpenAsync(_street, "community03", "/register/adviser-photo");
        Assert.Contains("没有选照片", await form.SendAsync("Photo"), StringComparison.Ordinal); // and the one that is there stays

        const string Photo = "/c/03?handler=Photo&entry=adviser-photo";
        var picture = await _street.Anyone.GetByteArrayAsync(new Uri(Photo, UriKind.Relative));
        Assert.Equal(PhotoFile.Clean(MadePhotos.Jpeg())!.Bytes, picture);
        Assert.Contains("entry=adviser-photo", await PageAsync(), StringComparison.Ordinal);
        foreach (var path in (string[])["/c/01?handler=Photo&entry=adviser-photo", "/c/03?handler=Photo&entry=branch-07", "/c/03?handler=Photo&entry=nobody", "/c/03?handler=Photo"])
            Assert.Equal(HttpStatusCode.NotFound, (await _street.Anyone.Read(path)).Status);
        await using (var db = _street.Service<Database>().Context())
            Assert.Equal(-1, (await db.EntryFields.AsNoTracking().SingleAsync(f => f.Code == "adviser-photo")).Photo!.Value.Stored.AsSpan().IndexOf(picture.AsSpan(0, 64)));

        await _street.Service<Hub.Ledger.ErasureCommands>().EraseEntriesAsync(["adviser-photo"], TestStreet.Admin.Id, Hub.Ledger.ErasureRow.Reasons[0], never);
        Assert.Equal(HttpStatusCode.NotFound, (await _street.Anyone.Read(Photo)).Status);
        Assert.DoesNotContain("entry=adviser-photo", await PageAsync(), StringComparison.Ordinal);
        Assert.Equal(["erased", "photo", "photo", "photo", "new field:person"], (await _street.Service<RegisterBook>().HistoryAsync("adviser-photo", never)).Select(h => h.Row.Changed));

        Task<string> PageAsync() => _street.Anyone.GetStringAsync(new Uri("/c/03", UriKind.Relative));
    }

    [Fact]
    public async Task A_communitys_desk_keeps_its_own_entries_and_no_others()
    {
        var who = new Hub.Kernel.Rights.Staff("x", "community01", Hub.Kernel.Rights.Role.Community, _street.Service<Hub.Street.Roster>().FindPost((await _street.PostOf("community01")).Value));
        var import = await TakeAsync(_street, "code,kind,name,name_en,place\nown-1,venue,V,V,community:01\nown-2,venue,V,V,community:02\nadviser-02,adviser,V,V,community:01\n", who);
        Assert.Equal(1, import.Taken);
        Assert.Equal(["register_foreign", "register_foreign"], import.Refused.Select(r => r.Why.Code));

        // Whoever holds a role is called for it: none is given elsewhere, neither in a table nor on a form.
        const string Far = "holds-1,property,V,V,community:01,police@grid:130;fire@street";
        Assert.Equal("register_foreign", Assert.Single((await TakeAsync(_street, $"code,kind,name,name_en,place,holds\n{Far}\n", who)).Refused).Why.Code);
        var commands = _street.Service<RegisterCommands>();
        var said = new Dictionary<string, string> { ["code"] = "holds-1", ["kind"] = "property", ["name"] = "V", ["place"] = "community:01", ["holds"] = "police@grid:130" };
        Assert.Equal("entry_foreign", (await commands.PutAsync(who, said, 0, CancellationToken.None)).Code);
        Assert.True((await commands.PutAsync(who, new Dictionary<string, string>(said) { ["holds"] = "property@grid:001" }, 0, CancellationToken.None)).Ok);
        Assert.Equal("entry_exists", (await commands.PutAsync(who, new Dictionary<string, string>(said) { ["holds"] = "property@grid:001" }, 0, CancellationToken.None)).Code);

        // A new building with what stands in it, in one table.
        var whole = await TakeAsync(_street, "code,kind,name,name_en,place\nnew-b,building,B,B,grid:001\nnew-u,unit,U,U,new-b\nnew-d,door,D,D,new-u\n", who);
        Assert.Equal((3, 0), (whole.Taken, whole.Refused.Length));
    }
}
