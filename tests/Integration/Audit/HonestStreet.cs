using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DispatchCenter.AuditVerify;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Matters;
using DispatchCenter.Tests;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Audit;

/// <summary>
/// A street on which everything that writes a protected row happens, in an order that a seed decides; whatever is refused is refused honestly. The copy that
/// the verifier reads is the street's own database.
/// </summary>
internal sealed class HonestStreet(TestStreet street, int seed)
{
    private static readonly CancellationToken Never = CancellationToken.None;

#pragma warning disable CA5394 // a story, not a secret
    private readonly Random _random = new(seed);
    private readonly List<WhistleReceipt> _calls = [];
    private readonly List<long> _shifts = [];
    private readonly MatterScene _matters = new(street);
    private readonly List<string> _nos = [];
    private readonly List<string> _made = [];
    private const string Proved = "grid012";
    private Staff? _admin;
    private Authenticator? _factor;
    private int _count;

    /// <summary>Everything that may happen; each writes rows that some other does not.</summary>
    public IReadOnlyList<(string Name, Func<Task> Do)> Happenings =>
    [
        ("a whistle", WhistleAsync), ("a whistle", WhistleAsync), ("a command", CommandAsync), ("a command", CommandAsync), ("a command", CommandAsync), ("a look", LookAsync), ("a contact", ContactAsync),
        ("a link for the family", ShareAsync), ("a mended number", MendAsync),
        ("a caller's note", NoteAsync), ("a party's link", LinkAsync), ("a photo", PhotoAsync), ("a matter", MatterAsync), ("an answer to a matter", AnswerAsync), ("a lapse", () => Sweep(TimeSpan.FromMinutes(16))),
        ("an account", AccountAsync), ("a new password", RenewAsync), ("a closed account", CloseAsync), ("a telephone", PhoneAsync), ("a sign-out", SignOutAsync), ("a failed sign-in", FailAsync), ("a session's end", EndAsync),
        ("a shift", ShiftAsync), ("a changed shift", ChangeAsync), ("a leave", AbsenceAsync), ("a pattern", PatternAsync), ("a calendar", FeedAsync), ("calendars revoked", RevokeAsync), ("a word at duty", DutyNoteAsync), ("a gap", GapAsync),
        ("a channel", ChannelAsync), ("a channel removed", ChannelGoneAsync), ("rules", RulesAsync), ("a policy", PolicyAsync), ("an erasure", EraseAsync), ("forgetting", ForgetAsync), ("a second post", SecondPostAsync), ("a swap", SwapAsync),
        ("a gateway's answer", GatewayAnswerAsync), ("a phone that rings while it is locked", LockedPhoneAsync),
        ("a second factor", FactorAsync), ("a code of one", FactorUsedAsync), ("new recovery codes", FactorCodesAsync), ("a second factor reset", FactorResetAsync),
        ("an entry of the register", EntryAsync), ("a look-up in it", LookUpAsync), ("a round", RoundAsync), ("a household's link", HouseholdAsync), ("a personal link", PersonalLinkAsync),
    ];

    public async Task<string> HappenAsync()
    {
        var (name, happen) = Happenings[_random.Next(Happenings.Count)];
        await happen();
        return name;
    }

    public async Task EverythingAsync()
    {
        foreach (var (_, happen) in Happenings) await happen();
    }

    public static Report Verify(TestStreet street, Func<Trust, Trust>? more = null)
    {
        var database = street.Service<Database>();
        var trust = new Trust { Keys = [database.Chain!.Key.PublicPem], Quick = true };
        using var source = Source.Open(database is PostgresDatabase shared ? shared.ConnectionString : street.DatabasePath);
        return Verifier.Run(source, more?.Invoke(trust) ?? trust);
    }

    private T? Any<T>(IReadOnlyList<T> of) => of.Count == 0 ? default : of[_random.Next(of.Count)];

    private string Grid => $"{_random.Next(1, 8):D3}";

    private async Task<Staff> AdminAsync()
    {
        if (_admin is not null) return _admin;
        await using var db = street.Service<Database>().Context();
        return _admin = new Staff((await db.Users.SingleAsync(u => u.UserName == "admin", Never)).Id, "admin", Role.Admin, null);
    }

    private async Task WhistleAsync() => _calls.Add((await street.Anyone.Send("/api/whistles", new
    {
        grid = Grid, category = $"{_random.Next(1, 5):D2}", danger = _random.Next(8) == 0, hideFromProperty = _random.Next(4) == 0, description = $"路灯不亮 {++_count} 🚨",
        contact = _random.Next(2) == 0 ? new { name = "王芳", phone = "13800000001" } : null,
    })).Value<WhistleReceipt>(HttpStatusCode.Created));

    private async Task CommandAsync()
    {
        if (Any(_calls) is not { } call) return;
        var card = await street.Card(call.CallNo);
        var (who, command, body) = _random.Next(9) switch
        {
            0 or 1 => ($"grid{card.Grid}", "accept", new { }),
            2 => ($"grid{card.Grid}", "arrive", new { }),
            3 => ($"grid{card.Grid}", "resolve", (object)new { report = "已换灯泡" }),
            4 => ("community01", "return", new { reason = "notOurs", note = "不归这里" }),
            5 => ($"grid{card.Grid}", "recuse", new { }),
            6 => ("community01", "correct", new { level = "S1" }),
            7 => ($"grid{card.Grid}", "summon", new { party = "water" }),
            _ => ("duty", "note", new { note = "看过了" }),
        };
        await (await street.As(who)).Send($"/api/calls/{call.CallNo}/{command}", body);
    }

    private async Task LookAsync()
    {
        if (Any(_calls) is { } call) await (await street.As("duty")).Read($"/api/calls/{call.CallNo}");
    }

    /// <summary>Made, and at the next turn stopped.</summary>
    private async Task ShareAsync()
    {
        if (Any(_calls) is not { } call) return;
        var shares = street.Service<ShareCommands>();
        await (await shares.OfAsync(call.TrackingCode, Never) is null ? shares.ShareAsync(call.TrackingCode, Never) : shares.StopAsync(call.TrackingCode, Never));
    }

    private async Task MendAsync()
    {
        if (Any(_calls) is { } call) await street.Service<CallerCommands>().MendPhoneAsync(call.TrackingCode, _random.Next(3) == 0 ? null : $"1380000{_random.Next(10_000):D4}", Never);
    }

    private async Task ContactAsync()
    {
        if (Any(_calls) is { } call) await (await street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "回访" });
    }

    private async Task NoteAsync()
    {
        if (Any(_calls) is { } call) await street.Anyone.Send($"/api/track/{call.TrackingCode}/{(_random.Next(4) == 0 ? "withdraw" : "note")}", new { note = "还没修好" });
    }

    private async Task LinkAsync()
    {
        if (Any(_calls) is not { } call) return;
        var grid = $"grid{(await street.Card(call.CallNo)).Grid}";
        foreach (var (verb, body) in new (string, object)[] { ("accept", new { }), ("summon", new { party = "water" }) }) await (await street.As(grid)).Send($"/api/calls/{call.CallNo}/{verb}", body);
        var made = await (await street.As("community01")).Send($"/api/calls/{call.CallNo}/link", new { answer = "party-water" });
        if (made.Status == HttpStatusCode.Created) await street.Anyone.Read(made.Value<LinkReply>(HttpStatusCode.Created).Url.Replace("/d/", "/api/d/", StringComparison.Ordinal));
    }

    private async Task PhotoAsync()
    {
        var id = (await street.Anyone.Send("/api/photos", MadePhotos.Jpeg(6), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        if (_random.Next(2) == 0) _calls.Add((await street.Anyone.Send("/api/whistles", new { grid = Grid, category = "02", description = "有照片", photos = new[] { id } })).Value<WhistleReceipt>(HttpStatusCode.Created));
    }

    private async Task MatterAsync() => _nos.Add((await _matters.Open(body: MatterScene.Errand(whose: "李四", name: "李四", phone: "13800000002"))).CallNo);

    private async Task AnswerAsync()
    {
        if (Any(_nos) is not { } no) return;
        await _matters.Try("grid001", no, _random.Next(2) == 0 ? "note" : "cancel", new { note = "补材料" });
        await _matters.Read("grid001", no);
        await street.Service<Database>().WriteAsync(db =>
        {
            // As the command for a party's link does; the procedure that is shipped asks no party.
            db.MatterLinks.Add(new MatterLinkRow { Hash = Guid.NewGuid().ToString("N"), Matter = no, Owed = "look", Respondent = "party:water", ExpiresAt = street.Now.AddHours(30) });
            return db.SaveChangesAsync(Never);
        }, Never);
    }

    private async Task Sweep(TimeSpan span)
    {
        while (await street.SweepAfter(span) > 0) span = TimeSpan.Zero;
    }

    private async Task AccountAsync()
    {
        var name = $"new{++_count}";
        if ((await street.Service<AccountCommands>().CreateAsync(await AdminAsync(), name, "gridWorker", "001", Never)).Ok) _made.Add(name);
    }

    private async Task RenewAsync()
    {
        if (Any(_made) is not { } name) return;
        await using var db = street.Service<Database>().Context();
        var stamp = await db.Users.Where(u => u.UserName == name).Select(u => u.SecurityStamp).SingleAsync(Never);
        await street.Service<AccountCommands>().RenewAsync(await AdminAsync(), name, AccountCommands.MarkOf(stamp), Never);
    }

    private async Task CloseAsync()
    {
        if (Any(_made) is not { } name) return;
        _made.Remove(name);
        Assert.Equal("ok", (await street.Service<AccountCommands>().CloseAsync(await AdminAsync(), name, Never)).Code);
    }

    private async Task PhoneAsync() => await street.Service<ReachCommands>().PutPhoneAsync("grid005", _random.Next(3) == 0 ? null : "13800000003", await AdminAsync(), Never);

    private async Task SignOutAsync() => await street.Service<AccountBook>().RevokeAsync("property05", await AdminAsync(), Never);

    private async Task FailAsync() => await street.Anyone.Send("/api/login", new { userName = "head07", password = "not this one" });

    /// <summary>As signing out on a page does.</summary>
    private Task<int> EndAsync() => street.Service<Database>().WriteAsync(db =>
    {
        db.EndedSessions.Add(new EndedSessionRow { Session = Guid.NewGuid().ToString("N"), At = street.Now });
        return db.SaveChangesAsync(Never);
    }, Never);

    private async Task ShiftAsync()
    {
        var from = street.Now.AddDays(30).AddHours(_random.Next(1, 400));
        var made = await (await street.As("duty")).Send("/api/roster/shifts", new { post = (await street.PostOf("grid004")).Value, from, until = from.AddHours(4), standby = _random.Next(2) == 0 });
        if (made.Status == HttpStatusCode.Created) _shifts.Add(made.Value<RosterShift>(HttpStatusCode.Created).Id);
    }

    private async Task ChangeAsync()
    {
        if (_shifts.Count == 0) return;
        var id = Any(_shifts);
        await using var db = street.Service<Database>().Context();
        var shift = await db.Shifts.AsNoTracking().SingleAsync(s => s.Id == id, Never);
        await (await street.As("duty")).Send($"/api/roster/shifts/{id}/{(_random.Next(2) == 0 ? "change" : "remove")}", new { post = shift.Post, from = shift.From.AddMinutes(10), until = shift.Until, version = shift.Version });
    }

    private async Task AbsenceAsync()
    {
        var from = street.Now.AddDays(_random.Next(20, 200));
        await (await street.As("duty")).Send("/api/roster/absences", new { post = (await street.PostOf("grid006")).Value, from, until = from.AddDays(1), kind = "sick" });
    }

    private async Task PatternAsync() => await (await street.As("duty")).Send("/api/roster/patterns", new
    {
        unit = "team:03", code = "main", start = "2026-03-20", kinds = new[] { new { code = "day", from = "08:00", until = $"{_random.Next(17, 21)}:00", days = "every" } }, cycle = new[] { new[] { "day" } }, crews = new[] { new[] { (await street.PostOf("grid008")).Value } },
    });

    private async Task FeedAsync() => await (await street.As("grid007")).Send("/api/duty/feed", new { });

    private async Task RevokeAsync() => await (await street.As("grid007")).Send("/api/duty/feeds/revoke", new { });

    private async Task DutyNoteAsync() => await (await street.As("community01")).Send("/api/duty/note", new { note = "钥匙在抽屉里" });

    private async Task GapAsync()
    {
        var team = street.Service<StreetBook>().Map.Teams[^1];
        await street.SignOff([.. team.Grids.Select(g => $"grid{g}"), $"property{team.Code}", $"head{team.Code}", $"police{team.Code}"]);
        await street.Service<GapWatch>().LookAsync(Never);
    }

    private async Task ChannelAsync()
    {
        var put = await street.Service<ReachCommands>().PutAsync(
            $"c{_random.Next(3)}", new ChannelRequest { Kind = "webhook", Addresses = ["*"], Url = "http://127.0.0.1:9/x", PerMinute = _random.Next(10, 60) }, await AdminAsync(), Never);
        Assert.True(put.Ok, put.Code);
    }

    /// <summary>To a message that there is not: what it meant stands there all the same.</summary>
    private async Task GatewayAnswerAsync()
    {
        const string Secret = "a-secret-of-the-gateway";
        var put = await street.Service<ReachCommands>().PutAsync(
            "voice", new ChannelRequest { Kind = "voice", Addresses = ["*"], Url = "http://127.0.0.1:9/x", Secret = Secret, Template = """{"to":"{phone}","say":"{text}","key":"{key}"}""", Answers = true }, await AdminAsync(), Never);
        Assert.True(put.Ok, put.Code);
        var (seconds, body) = (street.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), $$"""{"id":"gateway-{{++_count}}","ref":"none","key":"1"}""");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{seconds}\n{body}")));
        var taken = await street.Service<AnswerCommands>().TakeAsync("voice", seconds, signature, Encoding.UTF8.GetBytes(body), Never);
        Assert.True(taken.Ok, taken.Code);
    }

    private async Task LockedPhoneAsync()
    {
        var put = await street.Service<ReachCommands>().PutAsync("push", new ChannelRequest { Kind = "push", Url = "https://street.example/" }, await AdminAsync(), Never);
        Assert.True(put.Ok, put.Code);
        await using var db = street.Service<Database>().Context();
        var account = await db.Users.AsNoTracking().SingleAsync(u => u.UserName == "duty", Never);
        using var phone = new FakePhone($"http://127.0.0.1:9/{++_count}");
        var request = JsonSerializer.SerializeToElement(phone.Request).Deserialize<PushRequest>(JsonSerializerOptions.Web)!;
        var kept = await street.Service<PushPhones>().KeepAsync(new Staff(account.Id, "duty", Role.Duty, null), new AccountSession($"session-{_count}", account.SecurityStamp!), request, Never);
        Assert.True(kept.Ok, kept.Code);
    }

    private async Task FactorAsync() => _factor = await street.ProveAsync(await UnsetAsync());

    private async Task FactorUsedAsync()
    {
        if (_factor is not { } factor) return;
        street.FastForward(OneTimeCode.Step);
        var who = await street.StaffAsync(Proved);
        Assert.True(await street.Service<SecondFactorCommands>().UseAsync(who.Id, factor.At(street.Now), Never));
        if (factor.Recovery.Count == 0) return;
        Assert.True(await street.Service<SecondFactorCommands>().UseAsync(who.Id, factor.Recovery[0], Never));
        _factor = new Authenticator(factor.Secret) { Recovery = [.. factor.Recovery.Skip(1)] };
    }

    private async Task FactorCodesAsync()
    {
        if (_factor is not null) _factor = new Authenticator(_factor.Secret) { Recovery = (await street.Service<SecondFactorCommands>().RenewCodesAsync(await street.StaffAsync(Proved), Never)).Value!.Codes };
    }

    private async Task FactorResetAsync()
    {
        if (_factor is null) return;
        Assert.True((await street.Service<SecondFactorCommands>().ResetAsync((await AdminAsync()).Id, Proved, Never)).Ok);
        _factor = null;
    }

    /// <summary>The account, without the factor of an earlier turn.</summary>
    private async Task<string> UnsetAsync()
    {
        if (_factor is not null) Assert.True((await street.Service<SecondFactorCommands>().TurnOffAsync(await street.StaffAsync(Proved), Never)).Ok);
        return Proved;
    }

    private async Task EntryAsync()
    {
        var table = $"code,kind,name,name_en,place,mobile\nv1,volunteer,V,V,grid:{Grid},1990000{_random.Next(10_000):0000}\n";
        Assert.Empty((await street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(table)), anyway: false, Never)).Refused);
    }

    private async Task LookUpAsync()
    {
        await EntryAsync();
        Assert.Contains((await street.Service<RegisterCommands>().LookUpAsync(await street.StaffAsync("duty") with { Post = street.Service<Roster>().FindPost((await street.PostOf("duty")).Value) }, "v1", new LookupRequest("rescue"), Never)).Code, (string[])[Codes.Ok, Codes.NotOnDuty]);
    }

    /// <summary>A link given, a correction asked for through it and written by whoever decides; whoever is off duty gives none.</summary>
    private async Task HouseholdAsync()
    {
        const string Table = "code,kind,name,name_en,place,people\nhouse-b,building,B,B,grid:001,\nhouse-d,door,D,D,house-b,3\n";
        Assert.Empty((await street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(Table)), anyway: false, Never)).Refused);
        var desk = await street.StaffAsync("community01") with { Post = street.Service<Roster>().FindPost((await street.PostOf("community01")).Value) };
        var given = await street.Service<HouseholdLinks>().GiveAsync(desk, "house-d", Never);
        Assert.Contains(given.Code, (string[])[Codes.Ok, Codes.NotOnDuty]);
        if (given.Value is not { } link) return;
        var code = link.Path[(link.Path.LastIndexOf('/') + 1)..];
        Assert.True((await street.Service<HouseholdCommands>().AskAsync(code, "people", "4", "W", Guid.NewGuid().ToString("N"), Never)).Ok);
        await using (var db = street.Service<Database>().Context())
            await street.Service<MatterCommands>().AnswerAsync(desk, (await db.HouseholdRequests.FirstAsync(r => r.State == HouseholdRequestRow.Open)).Matter, new MatterOrder { Owed = "check", Says = "granted", Form = new Dictionary<string, string> { ["why"] = "W" } }, new Tap(null), Never);
        await street.Sweep();
        foreach (var agrees in (bool[])[true, false]) Assert.Contains((await street.Service<HouseholdConsents>().SetAsync(code, "call", agrees, Never)).Code, (string[])[Codes.Ok, "household_often"]);
        Assert.True((await street.Service<HouseholdLinks>().EndAsync(code, Never)).Ok);
    }

    /// <summary>Given, reported by, and sometimes taken back.</summary>
    private async Task PersonalLinkAsync()
    {
        const string Table = "code,kind,name,name_en,place\nlinked,informant,I,I,grid:001\n";
        Assert.Empty((await street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(Table)), anyway: false, Never)).Refused);
        var (links, reports) = (street.Service<PersonalLinks>(), street.Service<ReportCommands>());
        var reporter = await reports.FindAsync((await links.IssueAsync(TestStreet.Admin, "linked", Never)).Value!, Never);
        Assert.True((await reports.BlowAsync(reporter, "001", new WhistleRequest { Category = "11", Description = "x" }, null, null, Never)).Ok);
        if (_random.Next(2) == 0) Assert.True((await links.WithdrawAsync(TestStreet.Admin, "linked", Never)).Ok);
    }

    /// <summary>Opened by a rhythm, and looked at by whoever was asked, on duty or not.</summary>
    private async Task RoundAsync()
    {
        const string Table = "code,kind,name,name_en,place\nround-b,building,B,B,grid:001\n";
        const string Rhythm = """{ "rhythms": [{ "code": "day", "name": "D", "nameEn": "D", "procedure": "round", "place": "grid", "every": "day", "from": "00:00", "stops": ["building"] }] }""";
        Assert.Empty((await street.Service<RegisterFile>().TakeAsync(null, "register.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(Table)), anyway: false, Never)).Refused);
        await street.Service<RhythmBook>().AddAsync(Rhythm, "admin", Never);
        await street.Service<RhythmRuns>().LookAsync(Never);
        await using var db = street.Service<Database>().Context();
        if (await db.Rounds.Where(r => r.Matter != "").Select(r => r.Matter).FirstOrDefaultAsync() is not { } no) return; // it waits for somebody
        var walker = await street.StaffAsync("grid001") with { Post = street.Service<Roster>().FindPost((await street.PostOf("grid001")).Value) };
        Assert.Equal(Codes.Ok, (await street.Service<RoundCommands>().StopAsync(walker, no, new StopRequest { Place = "round-b" }, new Tap(null), Never)).Code);
    }

    private async Task ChannelGoneAsync() => await street.Service<ReachCommands>().RemoveAsync($"c{_random.Next(3)}", await AdminAsync(), Never);

    private async Task RulesAsync() => await street.Service<ReachCommands>().PutRulesAsync("""{"link":"https://street.example","rules":[]}""", await AdminAsync(), Never);

    private Task<int> PolicyAsync() => street.Service<PolicyBook>().AddHolidaysAsync(new Dictionary<DateOnly, bool> { [new DateOnly(2027, 1, _random.Next(2, 28))] = false }, "admin", Never);

    /// <summary>As the erasure of words and of a person goes.</summary>
    private async Task EraseAsync()
    {
        if (Any(_calls) is { } call) await street.Service<ErasureCommands>().AskAsync([call.CallNo], Acts.BySystem, "requested", Never);
    }

    private async Task ForgetAsync()
    {
        if (_random.Next(6) == 0) street.FastForward(TimeSpan.FromHours(25));
        await street.CleanUp();
    }

    private async Task SecondPostAsync() => await (await street.As("duty")).Send("/api/roster/posts", new { userName = "grid009", team = $"{_random.Next(1, 6):D2}" });

    private async Task SwapAsync()
    {
        await using var db = street.Service<Database>().Context();
        var post = (await street.PostOf("grid004")).Value;
        var shift = await db.Shifts.AsNoTracking().Where(s => s.Post == post && s.From > street.Now && s.State != "off").OrderBy(s => s.Id).FirstOrDefaultAsync(Never);
        if (shift is not null) await (await street.As("grid004")).Send("/api/duty/swaps", new { shift = shift.Id, with = (await street.PostOf("grid005")).Value });
    }
}
