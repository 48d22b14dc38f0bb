using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The journal counts without a hole, in commit order, whatever is asked and however much at once.</summary>
public sealed class JournalTests
{
    [Fact]
    public async Task Sixty_four_callers_at_once_leave_no_hole_and_every_acknowledgement_in_it()
    {
        await using var street = await TestStreet.StartAsync();
        var desk = street.Service<DispatchDesk>();
        var published = new List<long>();
        var acknowledged = new List<(string No, int Version)>();
        await using var screen = await Screen.FilledAsync(street, "duty");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var grid = $"{(caller % 20) + 1:D3}";
            var worker = street.Service<Roster>().FindPost((await street.PostOf($"grid{grid}")).Value)!;
            for (var i = 0; i < 6; i++)
            {
                var call = await street.Blow(grid, random.Next(2) == 0 ? "02" : "01");
                Note(call.CallNo, 1);
                CallCommand[] commands =
                [
                    new CallCommand.Accept(worker), new CallCommand.Note(null), new CallCommand.Arrive(worker), new CallCommand.Return(worker, ReturnReason.Unsafe),
                    new CallCommand.Accept(worker), new CallCommand.Resolve(worker), new CallCommand.Withdraw(), new CallCommand.ShiftChange(),
                ];
                foreach (var command in commands)
                    if (await desk.Submit(new DeskRequest.Ask(new CallNo(call.CallNo), command)) is DeskReply.Done done) Note(call.CallNo, done.Call.Version);
            }
        })));

        var journal = await AssertSound(street.Service<Database>());
        Assert.All(acknowledged, a => Assert.Contains(journal, e => e.CallNo == a.No && e.Version == a.Version));
        Assert.Equal(64 * 6, journal.Count(e => e.What == "whistled"));
        await screen.Until(s => s.Through == journal.Count);

        void Note(string no, int version)
        {
            lock (published) acknowledged.Add((no, version));
        }
    }

    [Fact]
    public async Task Any_sequence_of_commands_leaves_the_journal_without_a_hole()
    {
        await using var street = await TestStreet.StartAsync();
        var desk = street.Service<DispatchDesk>();
        var posts = new List<Post>();
        foreach (var user in (string[])["duty", "leader", "community01", "community02", "grid001", "grid002", "property01", "head01", "police01", "grid004", "grid008"])
            posts.Add(street.Service<Roster>().FindPost((await street.PostOf(user)).Value)!);
        var map = street.Service<StreetBook>().Map;
        var policy = street.Service<PolicyBook>().Current.Latest;

        var post = Gen.Elements(posts.ToArray());
        var whistle = from grid in Gen.Elements("001", "004")
                      from category in Gen.Elements("01", "02", "08", "23")
                      from hide in Gen.Elements(true, false)
                      select (DeskRequest)new DeskRequest.Blow(policy.FindCategory(category)!, map.FindGrid(grid)!, null, false, hide, false, Source.Page, null, "话", Caller.Unknown);
        var command = Gen.OneOf(
            post.Select(CallCommand (p) => new CallCommand.Accept(p)), post.Select(CallCommand (p) => new CallCommand.Arrive(p)), post.Select(CallCommand (p) => new CallCommand.Resolve(p)),
            post.Zip(Gen.Elements(Enum.GetValues<ReturnReason>())).Select(CallCommand (x) => new CallCommand.Return(x.Item1, x.Item2)),
            post.Zip(Gen.Elements(true, false)).Select(CallCommand (x) => new CallCommand.Verify(x.Item1, x.Item2)),
            Gen.Elements(true, false).Zip(Gen.Elements(Enum.GetValues<Satisfaction>())).Select(CallCommand (x) => new CallCommand.Evaluate(x.Item1, x.Item2)),
            post.Select(CallCommand (p) => new CallCommand.Note(p)), Gen.Constant<CallCommand>(new CallCommand.Note(null)), Gen.Constant<CallCommand>(new CallCommand.ShiftChange()),
            Gen.Frequency((1, Gen.Constant<CallCommand>(new CallCommand.Withdraw())), (3, post.Select(CallCommand (p) => new CallCommand.Accept(p)))));
        var step = Gen.Frequency(
            (2, whistle.Select(w => new Step(w, 0, null, TimeSpan.Zero))),
            (8, Gen.Choose(0, 5).Zip(command).Select(x => new Step(null, x.Item1, x.Item2, TimeSpan.Zero))),
            (2, Gen.Elements(1, 10, 61, 600, 5_000).Select(m => new Step(null, 0, null, TimeSpan.FromMinutes(m)))));

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(40), Prop.ForAll(step.ListOf().ToArbitrary(), steps => Run([.. steps]).GetAwaiter().GetResult()));
        Assert.True((await AssertSound(street.Service<Database>())).Count > 200);

        async Task Run(IReadOnlyList<Step> steps)
        {
            var calls = new List<CallNo>();
            var flying = new List<Task<DeskReply>>();
            foreach (var (blow, which, asked, wait) in steps)
            {
                if (blow is not null) calls.Add(((DeskReply.Done)await desk.Submit(blow)).Call.No);
                else if (asked is not null && calls.Count > 0) flying.Add(desk.Submit(new DeskRequest.Ask(calls[which % calls.Count], asked, new CallWords("note", "话"))));
                else if (wait > TimeSpan.Zero)
                {
                    await Task.WhenAll(flying);
                    await street.SweepAfter(wait);
                }
            }

            Assert.All(await Task.WhenAll(flying), reply => Assert.True(reply is DeskReply.Done or DeskReply.Refused, $"{reply}"));
            await AssertSound(street.Service<Database>());
        }
    }

    [Fact]
    public async Task A_batch_that_fails_as_a_whole_is_retried_one_at_a_time_and_only_the_poisonous_one_fails()
    {
        await using var street = await TestStreet.StartAsync();
        var desk = street.Service<DispatchDesk>();
        var call = new CallNo((await street.Blow("001")).CallNo);
        var before = (await street.Card(call.Value)).Version;
        List<Task<DeskReply>> good = [];
        Task<DeskReply> poison;
        using (await street.Stall())
        {
            var held = desk.Submit(new DeskRequest.Ask(new CallNo("W000000-00000"), new CallCommand.Withdraw()));
            await Eventually.Holds(() => desk.Waiting == 0);
            for (var i = 0; i < 5; i++) good.Add(desk.Submit(new DeskRequest.Ask(call, new CallCommand.Note(null))));
            poison = desk.Submit(new DeskRequest.Ask(new CallNo(null!), new CallCommand.Withdraw()));
            for (var i = 0; i < 5; i++) good.Add(desk.Submit(new DeskRequest.Ask(call, new CallCommand.Note(null))));
        }

        Assert.IsType<DeskReply.Failed>(await poison.WaitAsync(TestStreet.Patience));
        Assert.All(await Task.WhenAll(good).WaitAsync(TestStreet.Patience), reply => Assert.IsType<DeskReply.Done>(reply));
        Assert.Equal(before + 10, (await street.Card(call.Value)).Version);
        await AssertSound(street.Service<Database>());
        Assert.Contains(street.Log.Lines, line => line.Contains("retrying one at a time", StringComparison.Ordinal));
        await street.Blow("001"); // and the desk goes on
    }

    [Fact]
    public async Task What_goes_wrong_after_the_commit_does_not_make_it_happen_twice()
    {
        await using var street = await TestStreet.StartAsync();
        var database = street.Service<Database>();
        using var desk = new DispatchDesk(
            database, street.Service<StreetBook>(), street.Service<PolicyBook>(), street.Service<ProcedureBook>(), street.Service<Roster>(), street.Service<ReachBook>(), new BrokenBus(), street.Clock, NullLogger<DispatchDesk>.Instance);
        List<Task<DeskReply>> replies = [];
        var policy = street.Service<PolicyBook>().Current.Latest;
        var grid = street.Service<StreetBook>().Map.FindGrid("001")!;
        for (var i = 0; i < 3; i++)
            replies.Add(desk.Submit(new DeskRequest.Blow(policy.Categories[1], grid, null, false, false, false, Source.Page, null, "", Caller.Unknown)));
        await desk.StartAsync(CancellationToken.None);
        Assert.All(await Task.WhenAll(replies).WaitAsync(TestStreet.Patience), reply => Assert.IsType<DeskReply.Done>(reply));
        replies.Add(desk.Submit(new DeskRequest.Ask(new CallNo("W000000-00000"), new CallCommand.Withdraw())));
        Assert.IsType<DeskReply.Refused>(await replies[^1].WaitAsync(TestStreet.Patience)); // the desk goes on
        await desk.StopAsync(CancellationToken.None);
        Assert.Equal(3, (await AssertSound(database)).Count);
    }

    [Fact]
    public async Task A_commit_of_unknown_outcome_is_settled_by_its_command()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow("001");
        await using var db = street.Service<Database>().Context();
        var entry = await db.Journal.SingleAsync();
        using var store = new DeskStore(street.Service<Database>());
        Assert.True(store.Committed(entry.Seq, entry.Command));
        Assert.False(store.Committed(entry.Seq, "another"));
        Assert.False(store.Committed(entry.Seq + 1, entry.Command));
    }

    [Fact]
    public async Task A_stopping_desk_decides_what_was_queued()
    {
        await using var street = await TestStreet.StartAsync();
        var desk = street.Service<DispatchDesk>();
        var call = new CallNo((await street.Blow("001")).CallNo);
        List<Task<DeskReply>> waiting = [];
        Task stopping;
        using (await street.Stall())
        {
            for (var i = 0; i < 600; i++) waiting.Add(desk.Submit(new DeskRequest.Ask(call, new CallCommand.Note(null))));
            stopping = desk.StopAsync(CancellationToken.None);
        }

        Assert.All(await Task.WhenAll(waiting).WaitAsync(TestStreet.Patience), reply => Assert.IsType<DeskReply.Done>(reply));
        await stopping.WaitAsync(TestStreet.Patience);
        Assert.IsType<DeskReply.Busy>(await desk.Submit(new DeskRequest.Ask(call, new CallCommand.Note(null))));
    }

    private static async Task<List<JournalRow>> AssertSound(Database database)
    {
        await using var db = database.Context();
        var journal = await db.Journal.AsNoTracking().OrderBy(e => e.Seq).ToListAsync();
        Assert.Equal(Enumerable.Range(1, journal.Count).Select(i => (long)i), journal.Select(e => e.Seq));
        Assert.Equal(journal.Count, (await db.Heads.AsNoTracking().SingleAsync()).Seq);
        Assert.Equal(journal.OrderBy(e => e.At).ThenBy(e => e.Seq).Select(e => e.Seq), journal.Select(e => e.Seq));
        var calls = await db.Calls.AsNoTracking().ToDictionaryAsync(c => c.No);
        foreach (var history in journal.GroupBy(e => e.CallNo))
        {
            Assert.Equal(Enumerable.Range(1, history.Count()), history.Select(e => e.Version));
            Assert.Equal(history.Last().Card, calls[history.Key].Card); // the row is what the journal says last
        }

        Assert.Equal(calls.Count, journal.Select(e => e.CallNo).Distinct().Count());
        return journal;
    }

    private sealed record Step(DeskRequest? Blow, int Which, CallCommand? Asked, TimeSpan Wait);

    private sealed class BrokenBus : IFeedBus
    {
        public void Publish(IReadOnlyList<JournalEntry> entries) => throw new InvalidOperationException("The bus is broken.");
    }
}
