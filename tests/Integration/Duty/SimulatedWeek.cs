using System.Collections.Concurrent;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Duty;

/// <summary>
/// Promise 6 over a week: people come and go 2,000 times, cases come, are taken and climb all the while, everybody's page stays open and
/// everybody's phone has a number; whoever is on duty is called, and nothing, neither a card nor a message, reaches anybody else.
/// </summary>
[Trait("Database", "SQLite")]
public sealed class SimulatedWeek : IAsyncLifetime
{
    private const int Seed = 20260311;
    private const int Changes = 2_000;
    private const int ChangesPerWhistle = 5;
    private const int ChangesPerSignOff = 25;
    private const int CasesAtOnce = 30;

    private readonly Random _random = new(Seed);
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly Dictionary<string, PostId> _numbers = [];
    private readonly Queue<(string CallNo, Post? Lead)> _open = new();
    private TestStreet _street = null!;
    private Receiver _receiver = null!;
    private long _told;

    private Roster Roster => _street.Service<Roster>();

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true");
    }

    [Fact]
    public async Task In_a_week_with_2000_changes_of_shift_nothing_is_pushed_or_sent_to_anybody_off_duty()
    {
        var people = Roster.Posts.Where(p => p.Team is not null || p.Kind == PostKind.CommunityDesk).OrderBy(p => p.Id.Value, StringComparer.Ordinal).ToList();
        var edges = await WriteWeekAsync(people);
        await GiveNumbersAsync();
        using var stop = new CancellationTokenSource();
        var pages = people.Select(p => new Page(p)).ToList();
        var reading = pages.Select(page => page.ReadAsync(_street, stop.Token)).ToList();
        var (changes, calls) = (0, 0);
        foreach (var instant in edges)
        {
            var before = Roster.At(_street.Now);
            _street.FastForward(instant - _street.Now);
            var meanwhile = Roster.At(_street.Now); // who comes at this edge may sign off at once
            while (await _street.Sweep() > 0)
            {
                // the next tick goes on
            }

            if (++changes % ChangesPerSignOff == 0 && Roster.At(_street.Now).Posts.Where(people.Contains).ToList() is { Count: > 0 } there)
                await Roster.SignOffAsync(there[_random.Next(there.Count)].Id, _street.Now, CancellationToken.None);
            if (changes % ChangesPerWhistle == 0)
            {
                await WhistleAsync(pages);
                calls++;
            }

            await _street.Service<OutboxWorker>().RunAsync(CancellationToken.None);
            var after = Roster.At(_street.Now);
            foreach (var page in pages) Judge(page, before, meanwhile, after);
            HearMessages(meanwhile, after);
        }

        await stop.CancelAsync();
        await Task.WhenAll(reading);
        var pushed = pages.Sum(p => p.Pushed);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {Seed}: {changes} changes of shift by plan and {changes / ChangesPerSignOff} by signing off, {calls} cases, {people.Count} open pages, {pushed} cards pushed and {_told} messages sent to people on duty, {_wrong.Count} to others");
        Assert.Empty(_wrong);
        Assert.True(changes >= Changes && pushed > calls && _told > calls, $"{changes} changes, {pushed} cards, {_told} messages for {calls} cases: too little to prove anything.");
    }

    public async ValueTask DisposeAsync()
    {
        await _street.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    /// <summary>A case comes; everybody on duty who may see it does so before anything else happens. Then its life goes on by chance.</summary>
    private async Task WhistleAsync(List<Page> pages)
    {
        var no = (await _street.Blow($"{_random.Next(1, 131):D3}", _random.Next(4) == 0 ? "01" : "02")).CallNo;
        var audience = await AudienceOf(no);
        var onDuty = Roster.At(_street.Now);
        var called = pages.Where(p => onDuty.Contains(p.Post.Id) && audience.Includes(p.Post)).ToList();
        await Eventually.Holds(() => called.TrueForAll(p => p.HasSeen(no)));
        var takers = onDuty.Accepters.Where(audience.Includes).ToList();
        var lead = takers.Count > 0 && _random.Next(2) == 0 ? takers[_random.Next(takers.Count)] : null;
        if (lead is not null) await AskAsync(no, new CallCommand.Accept(lead));
        _open.Enqueue((no, lead));
        if (_open.Count > CasesAtOnce) await AskAsync(_open.Dequeue().CallNo, new CallCommand.Withdraw());
    }

    /// <summary>A post may lose a case, or the case its turn, while time goes by: what the desk says to that is another story's matter.</summary>
    private Task<DeskReply> AskAsync(string no, CallCommand command) => _street.Service<DispatchDesk>().Submit(new DeskRequest.Ask(new CallNo(no), command));

    private async Task<Audience> AudienceOf(string no)
    {
        await using var db = _street.Service<Database>().Context();
        return AudienceText.Read(await db.Calls.Where(c => c.No == no).Select(c => c.Audience).SingleAsync());
    }

    /// <summary>What a page was given since the last look: on its way when the clock moved, or made after it.</summary>
    private void Judge(Page page, params ReadOnlySpan<OnDuty> moments)
    {
        var cards = page.Take();
        if (cards.Count > 0 && !AnyHas(moments, page.Post.Id)) _wrong.Enqueue($"{page.Post.Id} was shown {cards[0]} at {_street.Now:O}");
    }

    private void HearMessages(params ReadOnlySpan<OnDuty> moments)
    {
        foreach (var message in _receiver.Of("sms"))
        {
            _told++;
            if (!AnyHas(moments, _numbers[message.Phone])) _wrong.Enqueue($"{_numbers[message.Phone]} was told {message.Text} at {_street.Now:O}");
        }

        _receiver.Forget();
    }

    private static bool AnyHas(ReadOnlySpan<OnDuty> moments, PostId post)
    {
        foreach (var moment in moments)
            if (moment.Contains(post)) return true;
        return false;
    }

    /// <summary>Everybody's own week instead of the demo's round-the-clock duty: drawn, at odd minutes, over midnight. Returns when somebody comes or goes.</summary>
    private async Task<List<DateTimeOffset>> WriteWeekAsync(List<Post> people)
    {
        var shifts = new List<ShiftRow>();
        var end = _street.Now.AddDays(7);
        foreach (var person in people)
        {
            for (var at = _street.Now.AddMinutes(_random.Next(1, 2_880)); at < end;)
            {
                var until = at.AddMinutes(_random.Next(240, 721));
                shifts.Add(new ShiftRow { Post = person.Id.Value, From = at, Until = until });
                at = until.AddMinutes(_random.Next(600, 2_701));
            }
        }

        var posts = people.Select(p => p.Id.Value).ToList();
        await Roster.EditAsync(async db =>
        {
            foreach (var shift in await db.Shifts.Where(s => posts.Contains(s.Post)).ToListAsync()) shift.Until = _street.Now;
            db.Shifts.AddRange(shifts);
            return 0;
        }, CancellationToken.None);
        return [.. shifts.SelectMany(s => new[] { s.From, s.Until!.Value }).Where(at => at < end).Distinct().Order()];
    }

    /// <summary>A number for everybody, and rules by which a team hears of a case at once and again, and a community when it climbs.</summary>
    private async Task GiveNumbersAsync()
    {
        await using (var db = _street.Service<Database>().Context())
        {
            foreach (var account in await db.Users.Where(u => u.Post != null).OrderBy(u => u.UserName).ToListAsync())
            {
                var number = $"139{_numbers.Count:D8}";
                account.Phone = db.DataKeys.Encrypt(Account.PhoneColumn, number);
                _numbers.Add(number, new PostId(account.Post!));
            }

            await db.SaveChangesAsync();
        }

        await PutAsync("/api/channels/sms", new { kind = "sms", url = $"{_receiver.Url}/sms", perMinute = ChannelSettings.MostPerMinute });
        await PutAsync("/api/reach", new
        {
            rules = new
            {
                link = "https://street.example",
                rules = new[] { new { on = "ringing", to = "team", by = "sms", after = 0 }, new { on = "ringing", to = "team", by = "sms", after = 600 }, new { on = "climbed", to = "community", by = "sms", after = 0 } },
            },
        });
    }

    private async Task PutAsync(string path, object body) => Assert.Equal(
        System.Net.HttpStatusCode.OK, (await (await _street.As("admin")).Ask(HttpMethod.Put, path, new StringContent(JsonSerializer.Serialize(body), null, "application/json"))).Status);

    /// <summary>One post's page, open all week, on duty or not.</summary>
    private sealed class Page(Post post)
    {
        private readonly ConcurrentQueue<string> _cards = new();
        private readonly ConcurrentDictionary<string, bool> _seen = new();

        public Post Post => post;

        public int Pushed { get; private set; }

        public bool HasSeen(string no) => _seen.ContainsKey(no);

        public List<string> Take()
        {
            var taken = new List<string>();
            while (_cards.TryDequeue(out var no)) taken.Add(no);
            Pushed += taken.Count;
            return taken;
        }

        public async Task ReadAsync(TestStreet street, CancellationToken ct)
        {
            try
            {
                await foreach (var frame in street.Service<LiveFeed>().Watch(new Viewer(post, OnlyOnDuty: true, post.Id, () => true), 0, ct))
                {
                    if (frame.IsEmpty) continue;
                    foreach (var card in JsonSerializer.Deserialize(frame.Utf8.Span, ContractsJson.Default.FeedFrame)!.Calls)
                    {
                        _cards.Enqueue(card.CallNo);
                        _seen.TryAdd(card.CallNo, true);
                    }
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // the week is over
            }
        }
    }
}
