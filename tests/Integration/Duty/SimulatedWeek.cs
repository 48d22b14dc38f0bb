using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Storage;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Duty;

/// <summary>Promise 6 over a week: people come and go 2,000 times, cases come all the while, and nothing reaches anybody who is off duty.</summary>
[Trait("Database", "SQLite")]
public sealed class SimulatedWeek
{
    private const int Seed = 20260311;
    private const int Changes = 2_000;
    private const int CallsAtOnce = 4;
    private const int ChangesAtOnce = 50;

    [Fact]
    public async Task In_a_week_with_2000_changes_of_shift_nothing_is_pushed_to_anybody_off_duty()
    {
        await using var street = await TestStreet.StartAsync();
        var random = new Random(Seed);
        var roster = street.Service<Roster>();
        var people = roster.Posts.Where(p => p.Team is not null).OrderBy(p => p.Id.Value, StringComparer.Ordinal).ToList();
        var shifts = await WriteWeekAsync(street, people, random);
        var edges = shifts.SelectMany(s => new[] { s.From, s.Until!.Value }).Where(at => at < street.Now.AddDays(7)).Order().ToList();
        Assert.True(edges.Count >= Changes, $"{edges.Count} changes");

        // A screen for one in sixteen, over all kinds of posts: they stay open all week, on duty or not.
        string[] names = [.. await NamesAsync(street, people.Where((_, i) => i % 16 == 0).ToList())];
        var screens = new Dictionary<string, (PostId Post, Screen Screen)>();
        foreach (var name in names) screens.Add(name, (await street.PostOf(name), await Screen.OpenAsync(street, name, 0)));
        var (pushed, wrong, calls) = (0, new List<string>(), 0);
        var instants = edges.Chunk(ChangesAtOnce).Select(chunk => chunk[^1]).Distinct().ToList(); // at each a bundle of changes is past, and the next is not
        foreach (var instant in instants)
        {
            street.FastForward(instant - street.Now);
            await street.Sweep();
            if (random.Next(3) == 0) await street.SignOff(names[random.Next(names.Length)]);
            // Whoever is on duty neither when they come nor when all screens have taken them in must not hear of them.
            var before = roster.At(street.Now);
            var came = new List<string>();
            for (var i = 0; i < CallsAtOnce; i++) came.Add((await street.Blow($"{random.Next(1, 131):D3}", random.Next(4) == 0 ? "23" : "02")).CallNo);
            await Settle(screens);
            var after = roster.At(street.Now);
            foreach (var (name, (post, screen)) in screens)
            {
                var heard = came.Where(screen.EverSaw).ToList();
                pushed += heard.Count;
                if (heard.Count > 0 && !before.Contains(post) && !after.Contains(post)) wrong.Add($"{name} was shown {heard[0]} at {street.Now:O}");
                screen.Forget();
            }

            calls += came.Count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {edges.Count} changes of shift, {calls} cases, {screens.Count} screens, {pushed} pushes to people on duty, {wrong.Count} to others");
        Assert.Empty(wrong);
        Assert.True(pushed > 0, "Nobody was ever called.");
        foreach (var (_, screen) in screens.Values) await screen.DisposeAsync();

        // What a stream has to say is said at the next look.
        async Task Settle(Dictionary<string, (PostId Post, Screen Screen)> all)
        {
            var head = street.Service<LiveFeed>().Head;
            street.FastForward(LiveFeed.BeatEvery);
            foreach (var (_, screen) in all.Values) while (screen.Through < head || screen.IsInSnapshot) await screen.NextWhile(() => street.FastForward(LiveFeed.LookEvery));
        }
    }

    /// <summary>Everybody's own week instead of the demo's round-the-clock duty: drawn, at odd minutes, over midnight.</summary>
    private static async Task<List<ShiftRow>> WriteWeekAsync(TestStreet street, List<Post> people, Random random)
    {
        var shifts = new List<ShiftRow>();
        foreach (var person in people)
        {
            var at = street.Now.AddMinutes(random.Next(1, 1440));
            while (at < street.Now.AddDays(7))
            {
                var until = at.AddMinutes(random.Next(240, 721));
                shifts.Add(new ShiftRow { Post = person.Id.Value, From = at, Until = until });
                at = until.AddMinutes(random.Next(300, 1441));
            }
        }

        await street.Service<Roster>().EditAsync(async db =>
        {
            var posts = people.Select(p => p.Id.Value).ToList();
            await db.Shifts.Where(s => posts.Contains(s.Post)).ExecuteUpdateAsync(s => s.SetProperty(r => r.Until, street.Now));
            db.Shifts.AddRange(shifts);
            return 0;
        }, CancellationToken.None);
        return shifts;
    }

    private static async Task<List<string>> NamesAsync(TestStreet street, List<Post> people)
    {
        var ids = people.Select(p => p.Id.Value).ToList();
        await using var db = street.Service<Database>().Context();
        return await db.Users.Where(u => u.Post != null && ids.Contains(u.Post)).OrderBy(u => u.UserName).Select(u => u.UserName!).ToListAsync();
    }
}
