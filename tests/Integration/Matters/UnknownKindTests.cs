using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>
/// Two programs side by side, each with kinds of matter that the other may not know. What a newer one has written, this one leaves alone: no clock of it acts here, no
/// list, detail or command finds it, and its cards pass through the feed to whoever may see them. To an older one, what this one writes is hidden from everybody.
/// </summary>
public sealed class UnknownKindTests : MatterTests
{
    private const string Future = "X260311-00001";

    [Fact]
    public async Task A_kind_that_this_program_does_not_know_is_left_alone_and_its_cards_pass_through()
    {
        IsSpoilt = true;
        var known = (await It.Open()).CallNo;
        await using var desk = await Screen.FilledAsync(Street, "duty");
        await using var elsewhere = await Screen.FilledAsync(Street, "community05");
        var card = (await CardOf(known)).Replace(known, Future, StringComparison.Ordinal).Replace("\"kind\":\"procedure\"", "\"kind\":\"future\",\"surprise\":[1]", StringComparison.Ordinal);
        await It.Sql(
            "INSERT INTO matters (no, kind, procedure, version, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, recused, parent, body, card) "
            + $"SELECT '{Future}', 'future', '', 1, community, grid, 1, 1, 1, opened_at, 'future0123456789012345', audience, NULL, NULL, 'what no program of today reads', '{card}' FROM matters WHERE no = '{known}'");
        await It.Sql(
            "INSERT INTO journal (seq, call_no, version, at, by_post, what, answer, due, detail, audience, audience_before, card, command, kind) "
            + $"SELECT 2, '{Future}', 1, at, by_post, 'begun', NULL, NULL, 'a:b {{\"f\":1}} c', audience, NULL, '{card}', 'elsewhere', 'future' FROM journal WHERE seq = 1");
        await It.Sql("UPDATE head SET seq = 2");

        // The feed passes it on, live and to who comes later, and to nobody who may not see it.
        while (!desk.Matters.ContainsKey(Future)) await desk.NextWhile(() => Street.FastForward(LiveFeed.BeatEvery));
        await using var later = await Screen.FilledAsync(Street, "duty");
        Assert.Equal(MatterNames(known, Future), MatterNames([.. later.Matters.Keys]));
        Assert.False(elsewhere.EverSaw(Future));

        // The desk, the sweep and the auditor know nothing of it.
        Assert.Equal(0, await Street.Sweep());
        Assert.Equal(new Auditor.Finding(1, 0, 0), await Street.Service<Auditor>().RunAsync(CancellationToken.None));
        Assert.Equal(new DeskReply.Refused(Refusal.NotFound, null), await Street.Service<DispatchDesk>().Submit(new DeskRequest.Ask(new CallNo(Future), MatterKinds.Procedure.Lapse(DateTimeOffset.FromUnixTimeMilliseconds(1)))));
        Assert.Equal([known], (await It.List("duty")).Matters.Select(m => m.CallNo));
        Assert.Equal([known], (await It.Inbox("grid001")).Owed.Select(o => o.Matter.CallNo));
        (await It.Read("duty", Future)).Problem(404, Codes.CallNotFound);
        (await It.Try("duty", Future, "note", new { note = "好" })).Problem(404, Codes.CallNotFound);
        (await (await Street.As("duty")).Read($"/api/calls/{Future}")).Problem(404, Codes.CallNotFound);
        (await Street.Anyone.Read("/api/follow/future0123456789012345")).Problem(404, Codes.LinkUnknown);

        // The journal names it, without its card; and everything else goes on behind it.
        var page = (await (await Street.As("auditor")).Read("/api/journal")).Value<JournalPage>();
        Assert.Equal(("future", null, null), (page.Entries[1].Kind, page.Entries[1].Card, page.Entries[1].Matter));
        await Street.RestartAsync();
        await It.Say("grid001", known, "take", "accepted");
        var call = await Street.Blow();
        Assert.Equal(4, (await Street.Journal(call.CallNo)).Single().Seq);
        await using var after = await Screen.FilledAsync(Street, "community01");
        Assert.Equal(MatterNames(known, Future), MatterNames([.. after.Matters.Keys]));
        Assert.Equal("what no program of today reads", await BodyOf(Future));
    }

    [Fact]
    public async Task A_program_from_before_matters_reads_their_audience_as_hidden_from_every_lane()
    {
        await It.Add(Documents.Secret);
        var secret = (await It.Open(body: new { procedure = "secret", community = "01", chosen = new Dictionary<string, string[]> { ["look"] = [(await Street.PostOf("grid001")).Value] } })).CallNo;
        var errand = (await It.Open()).CallNo;
        await Street.SweepAfter(TimeSpan.FromDays(30));
        await using var db = Street.Service<Database>().Context();
        var lines = await db.Journal.AsNoTracking().Where(j => j.Kind != null).Select(j => j.Audience).Distinct().ToListAsync();
        Assert.True(lines.Count >= 3);
        foreach (var line in lines)
        {
            // The rule of that program: community|g|p|teams|posts that have recused themselves.
            var parts = line.Split('|');
            var old = new Audience(
                new CommunityCode(parts[0]), parts[3].Length == 0 ? [] : [.. parts[3].Split(',').Select(t => new TeamCode(t))], parts[1].Length > 0,
                new Recusal(parts[2].Length > 0) { Posts = [.. parts[4].Split(',').Select(p => new PostId(p))] });
            foreach (var kind in Enum.GetValues<PostKind>())
                Assert.False(old.Includes(new Post(Lane.Anybody, kind, new CommunityCode("01"), new TeamCode("01"))), $"{kind} of that program sees {line}");
            Assert.Equal(line, AudienceText.Write(AudienceText.Read(line)));
        }

        Assert.NotEqual(secret, errand);
    }

    [Fact]
    public async Task A_batch_of_whistles_alone_is_written_to_the_bus_as_ever_and_one_with_a_matter_in_the_new_way()
    {
        await Street.Blow();
        await It.Open();
        await Street.Blow("004");
        var entries = await Street.Service<JournalQueries>().ReadAsync(0, 10, CancellationToken.None);
        Assert.Equal([true, false, true], entries.Select(e => e.IsWhistle));
        JournalEntry[] whistles = [entries[0], entries[2]];
        Assert.Equal(AsEver("a", "e", whistles), Assert.Single(BusMessage.Write("a", "e", whistles)).Bytes);
        var mixed = Assert.Single(BusMessage.Write("a", "e", entries)).Bytes;
        Assert.Equal("DCF2"u8.ToArray(), mixed[..4]); // no message to that program: it reads the journal instead
        var read = BusMessage.Read(mixed, "b")!;
        Assert.Equal(entries.Select(e => (e.Seq, e.Kind, e.CallNo, Text(e.Card), AudienceText.Write(e.Audience))), read.Entries.Select(e => (e.Seq, e.Kind, e.CallNo, Text(e.Card), AudienceText.Write(e.Audience))));

        static string Text(byte[] card) => Encoding.UTF8.GetString(card);
    }

    /// <summary>A message as it was before there were other kinds.</summary>
    private static byte[] AsEver(string node, string epoch, IEnumerable<JournalEntry> entries)
    {
        using var bytes = new MemoryStream();
        void Int(int value)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, value);
            bytes.Write(four);
        }

        void Long(long value)
        {
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(eight, value);
            bytes.Write(eight);
        }

        void Some(byte[] some)
        {
            Int(some.Length);
            bytes.Write(some);
        }

        void Text(string text) => Some(Encoding.UTF8.GetBytes(text));
        bytes.Write("DCF1"u8);
        Text(node);
        Text(epoch);
        foreach (var entry in entries)
        {
            Long(entry.Seq);
            Text(entry.CallNo);
            Int(entry.Version);
            Long(entry.At.ToUnixTimeMilliseconds());
            Text(entry.By);
            Text(entry.What);
            Text(entry.Answer ?? string.Empty);
            Long(entry.Due?.ToUnixTimeMilliseconds() ?? long.MinValue);
            Text(Details.Write(entry.Detail));
            Text($"{entry.Audience.Community}|{(entry.Audience.GridWorkers ? "g" : string.Empty)}|{(entry.Audience.Recusal.Property ? "p" : string.Empty)}|{string.Join(',', entry.Audience.Teams)}");
            Text(string.Empty);
            Some(entry.Card);
        }

        return bytes.ToArray();
    }

    private static string MatterNames(params string[] numbers) => string.Join(' ', numbers.Order(StringComparer.Ordinal));

    private async Task<string> CardOf(string no)
    {
        await using var db = Street.Service<Database>().Context();
        return await db.Matters.AsNoTracking().Where(m => m.No == no).Select(m => m.Card).SingleAsync();
    }

    private async Task<string> BodyOf(string no)
    {
        await using var db = Street.Service<Database>().Context();
        return await db.Matters.AsNoTracking().Where(m => m.No == no).Select(m => m.Body).SingleAsync();
    }
}
