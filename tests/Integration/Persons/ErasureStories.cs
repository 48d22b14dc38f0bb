using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using DispatchCenter.Web.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Persons;

/// <summary>删除: what somebody has erased is gone from the database's files, every page and interface, and a backup that is put back; the case remains, in codes.</summary>
public sealed class ErasureStories
{
    private const string Name = "MARKNAME删", Phone = "13855550001", Words = "MARKWORDS水", Staff = "MARKSTAFF记", Why = "MARKWHY因", Verdict = "MARKVERDICT谢";

    private static readonly string[] Marks = [Name, Phone, Words, Staff, Why, Verdict];

    [Fact]
    public async Task Nothing_of_a_person_remains_and_the_case_with_its_clocks_and_journal_does()
    {
        await using var street = await TestStreet.StartAsync();
        for (var i = 0; i < 40; i++) await street.Blow(); // neighbours on the same pages
        var call = await EndedAsync(street);
        for (var i = 0; i < 40; i++) await street.Blow();
        var before = (await street.Journal(call.CallNo)).Select(e => (e.Version, e.At, e.What)).ToList();
        var (stored, photo) = await StoredAsync(street, call.CallNo);
        Assert.Equal(4 + 4 + 1, stored.Count); // words; name, number, its hash and position; a reason
        Assert.All(stored, text => Assert.Contains(text, Everything(street), StringComparison.Ordinal));
        if (!TestStreet.OnPostgreSql) Assert.NotEqual(-1, Bytes(street).AsSpan().IndexOf(photo));
        var leader = await street.As("leader");

        var gone = (await leader.Send("/api/persons/erase", new { phone = "+86 138-5555-0001", reason = "requested" })).Value<ErasedView>();
        Assert.Equal([call.CallNo], gone.Erased);
        Assert.Empty(gone.Waiting);

        await using (var db = street.Service<Database>().Context())
        {
            Assert.Equal((0, 0, 0), (await db.Words.CountAsync(w => w.CallNo == call.CallNo), await db.Callers.CountAsync(c => c.CallNo == call.CallNo), await db.Photos.CountAsync(p => p.CallNo == call.CallNo)));
            Assert.Equal(40 + 40, await db.Words.CountAsync()); // everybody else's
            Assert.Contains(await db.Reads.Where(r => r.CallNo == call.CallNo).ToListAsync(), r => r.Looked == "contact" && r.Reason is null);
        }

        foreach (var text in stored.Concat(Marks)) Assert.DoesNotContain(text, Everything(street), StringComparison.Ordinal);
        if (!TestStreet.OnPostgreSql) Assert.Equal(-1, Bytes(street).AsSpan().IndexOf(photo));
        Assert.Empty((await street.Anyone.Read($"/api/track/{call.TrackingCode}/photos")).Value<List<CallPhoto>>());
        Assert.Equal(before, (await street.Journal(call.CallNo)).Select(e => (e.Version, e.At, e.What)));
        Assert.Empty(HonestStreet.Verify(street).Faults);

        // The caller reads that it is done; who works there finds a case without words; a phone's late resend brings nothing back.
        var track = (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>();
        Assert.Equal((CallStates.Closed, 0, street.Now), (track.State, track.Said.Count, track.Erasure!.DoneAt));
        Assert.Contains("已于", await street.Anyone.GetStringAsync(new Uri($"/t/{call.TrackingCode}", UriKind.Relative)), StringComparison.Ordinal);
        var detail = (await leader.Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal((string.Empty, 0, 0, street.Now), (detail.Description, detail.Texts.Count, detail.Photos.Count, detail.Erasure!.DoneAt)); // and why
        Assert.Null(detail.Contact);
        Assert.Equal(before.Count, detail.Timeline.Count);
        (await street.Anyone.Send("/api/whistles", Whistle(), "a-whistle-to-erase")).Problem(422, "idempotency_key_reused");

        // Who, what, when and why is an act.
        var acts = (await (await street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts;
        Assert.Equal([(Acts.Erased, "leader", $"call:{call.CallNo}", "reason:requested persons:1 words:4 photos:1"), (Acts.ErasureAsked, "leader", $"call:{call.CallNo}", "reason:requested")],
            acts.Take(2).Select(a => (a.What, a.By, a.Subject, a.Detail)));
        Assert.DoesNotContain(street.Log.Lines, line => Marks.Any(mark => line.Contains(mark, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_case_that_is_open_keeps_what_is_needed_to_find_the_caller_and_loses_it_when_it_has_ended()
    {
        await using var street = await TestStreet.StartAsync();
        var call = (await street.Anyone.Send("/api/whistles", Whistle())).Value<WhistleReceipt>(HttpStatusCode.Created);
        var asked = (await (await street.As("leader")).Send("/api/persons/erase", new { call.CallNo, reason = "consentWithdrawn" })).Value<ErasedView>();
        Assert.Empty(asked.Erased);
        Assert.Equal([call.CallNo], asked.Waiting);
        await street.CleanUp();
        var track = (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>();
        Assert.Equal((1, street.Now, null), (track.Said.Count, track.Erasure!.At, track.Erasure.DoneAt));
        Assert.Contains("办结以后自动删除", await street.Anyone.GetStringAsync(new Uri($"/t/{call.TrackingCode}", UriKind.Relative)), StringComparison.Ordinal);
        (await (await street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "找人" })).Value<ContactView>();

        (await street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw")).Value<TrackedCall>();
        await street.CleanUp();
        track = (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>();
        Assert.Equal((0, street.Now), (track.Said.Count, track.Erasure!.DoneAt));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    [Fact]
    public async Task A_merged_caller_has_their_own_part_erased_and_no_more_and_only_when_the_case_it_went_into_is_over()
    {
        await using var street = await TestStreet.StartAsync();
        var first = (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "OWNFIRST", contact = new { name = "甲", phone = "13900000001" } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var second = (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = Words, joins = first.CallNo, contact = new { name = Name, phone = Phone } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(CallStates.Merged, (await street.Card(second.CallNo)).State);
        await street.Anyone.Send($"/api/track/{second.TrackingCode}/note", new { note = Staff });
        await street.Anyone.Send($"/api/track/{first.TrackingCode}/note", new { note = "NOTEFIRST" });
        var leader = await street.As("leader");
        Assert.Equal([second.CallNo], (await leader.Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Value<ErasedView>().Waiting);
        await street.CleanUp();
        Assert.Equal([Words, Staff], await SaidAsync(street, second));

        await EndAsync(street, first);
        await street.CleanUp();
        Assert.Empty(await SaidAsync(street, second));
        Assert.Equal(["OWNFIRST", "NOTEFIRST", Verdict], await SaidAsync(street, first));

        // The other way round, the first caller's erasure leaves what others added to their case.
        var a = await street.Blow("002");
        var c = (await street.Anyone.Send("/api/whistles", new { grid = "002", category = "02", description = "KEEPJOINED", joins = a.CallNo })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await street.Anyone.Send($"/api/track/{c.TrackingCode}/note", new { note = "KEEPNOTE" });
        await street.Do("duty", a.CallNo, "note", new { note = Staff });
        Assert.Equal([a.CallNo], (await leader.Send("/api/persons/erase", new { a.CallNo, reason = "requested" })).Value<ErasedView>().Waiting);
        await EndAsync(street, a, "grid002");
        await street.CleanUp();
        Assert.Empty(await SaidAsync(street, a));
        Assert.Equal(["KEEPJOINED", "KEEPNOTE"], await SaidAsync(street, c));
        await using var db = street.Service<Database>().Context();
        Assert.Equal(["KEEPNOTE"], (await db.Words.Where(w => w.CallNo == a.CallNo).ReadAsync(db, CancellationToken.None)).Select(w => w.Words));
    }

    /// <summary>A telephone number of nobody, and one whose cases are all hidden from the officer, are told apart by nothing.</summary>
    [Fact]
    public async Task An_officer_neither_sees_nor_erases_what_is_hidden_from_them()
    {
        await using var street = await TestStreet.StartAsync();
        var call = (await street.Anyone.Send("/api/whistles", Whistle())).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.OK, (await (await street.As("leader")).Send($"/api/calls/{call.CallNo}/recuse", new { })).Status);
        await EndAsync(street, call);
        foreach (var phone in new[] { Phone, "13700000000" })
        {
            Assert.Equal((0, 0), await Erase(new { phone, reason = "requested" }));
            Assert.Empty((await (await street.As("leader")).Send("/api/persons/held", new { phone, purpose = "本人来问" })).Value<HeldView>().Cases);
        }

        foreach (var no in new[] { call.CallNo, "W260311-09999" })
        {
            (await (await street.As("leader")).Send("/api/persons/erase", new { callNo = no, reason = "requested" })).Problem(404, Codes.CallNotFound);
            (await (await street.As("leader")).Send("/api/persons/held", new { callNo = no, purpose = "本人来问" })).Problem(404, Codes.CallNotFound);
        }

        Assert.Contains(Words, await SaidAsync(street, call));
        await street.SignOff("leader");
        (await (await street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Problem(403, Codes.NotOnDuty);

        async Task<(int, int)> Erase(object asked)
        {
            var gone = (await (await street.As("leader")).Send("/api/persons/erase", asked)).Value<ErasedView>();
            return (gone.Erased.Count, gone.Waiting.Count);
        }
    }

    [Fact]
    public async Task A_bad_request_erases_nothing_and_says_what_is_wrong()
    {
        await using var street = await TestStreet.StartAsync();
        var (leader, call) = (await street.As("leader"), await street.Blow());
        (await leader.Send("/api/persons/erase", new { call.CallNo })).Problem(422, "erase_reason_unknown");
        (await leader.Send("/api/persons/erase", new { call.CallNo, reason = "because" })).Problem(422, "erase_reason_unknown");
        (await leader.Send("/api/persons/erase", new { reason = "requested" })).Problem(422, "person_unnamed");
        (await leader.Send("/api/persons/erase", new { call.CallNo, phone = Phone, reason = "requested" })).Problem(422, "person_unnamed");
        (await leader.Send("/api/persons/erase", new { phone = "12", reason = "requested" })).Problem(422, "phone_invalid");
        (await leader.Send("/api/persons/erase", new { callNo = "'; DROP", reason = "requested" })).Problem(404, Codes.CallNotFound);
        (await leader.Send("/api/persons/held", new { phone = Phone })).Problem(422, "purpose_missing");
        (await leader.Send("/api/persons/held", new { phone = Phone, purpose = new string('长', 201) })).Problem(422, Codes.TextTooLong);
        (await leader.Send("/api/persons/erase", "{")).Problem(400, Codes.BadJson);
        await using var db = street.Service<Database>().Context();
        Assert.Equal(0, await db.Erasures.CountAsync());
    }

    /// <summary>A backup knows nothing of later erasures: a list beside the database does. A number that is given a second time is somebody else's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Database", "SQLite")] // a file is put back
    public async Task A_backup_that_is_put_back_is_erased_again_and_a_number_given_anew_is_not(bool byCommand)
    {
        var (folder, backup) = (TestStreet.NewFolder(), Path.Combine(TestStreet.NewFolder(), "backup.db"));
        await using var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true");
        var call = await EndedAsync(street);
        await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"VACUUM INTO {backup}");
        var (stored, _) = await StoredAsync(street, call.CallNo);
        var later = (await street.Anyone.Send("/api/whistles", Whistle())).Value<WhistleReceipt>(HttpStatusCode.Created);
        (await street.Anyone.Send($"/api/track/{later.TrackingCode}/withdraw")).Value<TrackedCall>();
        Assert.Equal(2, (await (await street.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Value<ErasedView>().Erased.Count);
        await street.CloseAsync();
        SqliteConnection.ClearAllPools();
        foreach (var rest in new[] { string.Empty, "-wal", "-shm" }) File.Delete(street.DatabasePath + rest);
        File.Copy(backup, street.DatabasePath);
        Assert.All(stored, text => Assert.Contains(text, Everything(street), StringComparison.Ordinal));
        if (byCommand) Assert.Equal(0, await Commands.RestoredAsync([$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production"]));
        else await street.RestartAsync();
        foreach (var text in stored) Assert.DoesNotContain(text, Everything(street), StringComparison.Ordinal);
        if (byCommand) await street.RestartAsync();

        street.FastForward(TimeSpan.FromMinutes(1));
        var again = await street.Blow();
        Assert.Equal(later.CallNo, again.CallNo); // given a second time
        (await street.Anyone.Send($"/api/track/{again.TrackingCode}/withdraw")).Value<TrackedCall>();
        await street.CleanUp();
        await street.RestartAsync();
        Assert.Equal(["试"], await SaidAsync(street, again));
        Assert.Empty(await SaidAsync(street, call));
        Assert.Contains((await (await street.As("auditor")).Read("/api/acts")).Value<ActsView>().Acts, act => (act.What, act.Subject) == (Acts.ErasureRepeated, $"call:{call.CallNo}"));
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task Another_node_shows_nothing_of_it_either()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        var call = await EndedAsync(a);
        Assert.NotEmpty(await SaidAsync(b, call));
        Assert.Single((await (await a.As("leader")).Send("/api/persons/erase", new { phone = Phone, reason = "requested" })).Value<ErasedView>().Erased);
        Assert.Empty(await SaidAsync(b, call));
        Assert.Empty((await (await b.As("leader")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Texts);
        await b.CleanUp();
        Assert.Contains(call.CallNo, await File.ReadAllTextAsync(ErasureList.FileOf(b.Service<Database>().Notes)), StringComparison.Ordinal); // every node keeps the list
    }

    internal static object Whistle() => new { grid = "001", category = "02", description = Words, contact = new { name = Name, phone = Phone }, location = new { lat = 35.005, lon = 121.005, datum = "wgs84" } };

    /// <summary>A case with everything personal there can be, from the whistle to the rating.</summary>
    internal static async Task<WhistleReceipt> EndedAsync(TestStreet street)
    {
        var call = (await street.Anyone.Send("/api/whistles", Whistle(), "a-whistle-to-erase")).Value<WhistleReceipt>(HttpStatusCode.Created);
        var id = (await street.Anyone.Send("/api/photos", MadePhotos.Jpeg(6), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        (await street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { photos = new[] { id } })).Value<TrackedCall>();
        (await (await street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = Why })).Value<ContactView>();
        await street.Do("duty", call.CallNo, "note", new { note = Staff });
        await EndAsync(street, call);
        return call;
    }

    private static async Task EndAsync(TestStreet street, WhistleReceipt call, string lead = "grid001")
    {
        await street.Handle(lead, call.CallNo);
        await street.Do("grid005", call.CallNo, "verify", new { passed = true });
        (await street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "satisfied", words = Verdict })).Value<TrackedCall>();
    }

    private static async Task<List<string>> SaidAsync(TestStreet street, WhistleReceipt call) =>
        [.. (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>().Said.Select(s => s.Words)];

    /// <summary>The person as the database holds them, encrypted, and a piece of their photo.</summary>
    private static async Task<(List<string> Texts, byte[] Photo)> StoredAsync(TestStreet street, string callNo)
    {
        await using var db = street.Service<Database>().Context();
        var caller = await db.Callers.SingleAsync(c => c.CallNo == callNo);
        List<string> texts = [caller.Name!.Value.Stored, caller.Phone!.Value.Stored, caller.PhoneHash!, caller.Place!.Value.Stored];
        texts.AddRange((await db.Words.Where(w => w.CallNo == callNo).ToListAsync()).Select(w => w.Words.Stored));
        texts.AddRange((await db.Reads.Where(r => r.CallNo == callNo && r.Reason != null).ToListAsync()).Select(r => r.Reason!.Value.Stored));
        var photo = await db.Photos.Where(p => p.CallNo == callNo).Select(p => p.Id).SingleAsync();
        var bytes = (await db.PhotoFiles.Where(f => f.Photo == photo).ToListAsync()).MaxBy(f => f.Bytes.Stored.Length)!.Bytes.Stored;
        return (texts, bytes[(bytes.Length / 2)..][..64]);
    }

    private static byte[] Bytes(TestStreet street)
    {
        using var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(street.Folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var read = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            read.CopyTo(all);
        }

        return all.ToArray();
    }

    /// <summary>All files of the data folder as they lie on disk, or all rows of a server.</summary>
    private static string Everything(TestStreet street)
    {
        if (!TestStreet.OnPostgreSql) return Encoding.UTF8.GetString(Bytes(street));
        using var connection = street.Service<Database>().Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT STRING_AGG(x, ' ') FROM (SELECT ROW(w.*)::text x FROM words w UNION ALL SELECT ROW(c.*)::text FROM callers c UNION ALL SELECT ROW(r.*)::text FROM reads r UNION ALL SELECT ROW(o.*)::text FROM outbox o UNION ALL SELECT ROW(k.*)::text FROM calls k UNION ALL SELECT ROW(j.*)::text FROM journal j) y";
        return command.ExecuteScalar() as string ?? string.Empty;
    }
}
