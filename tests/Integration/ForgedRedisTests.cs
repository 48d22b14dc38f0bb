using System.Globalization;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using StackExchange.Redis;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// Whoever can write to Redis changes nothing that anybody sees, and stops nothing. The clock stands still, so that a true message which is seen
/// has come as a message: nothing is read from the journal.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class ForgedRedisTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly RedisChannel Journal = RedisChannel.Literal(RedisLink.Prefix + "journal");

    private readonly RedisServer _redis = nodes.Redis;
    private readonly TestStreet _a = nodes.A;
    private readonly TestStreet _b = nodes.B;

    [Fact]
    public async Task A_false_card_under_the_next_number_is_shown_to_nobody_and_the_true_one_at_once()
    {
        using var forged = new Counted(_b, "dispatch.bus.forged");
        await using var screen = await Screen.FilledAsync(_b, "duty");
        await using var team = await Screen.FilledAsync(_b, "grid001");
        var like = (await _a.Journal((await _a.Blow()).CallNo))[^1];
        const string False = "W260311-99999";
        var card = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(like.Card).Replace(like.CallNo, False, StringComparison.Ordinal));
        var lie = like with { Seq = like.Seq + 1, CallNo = False, Card = card };
        await Publish(BusMessage.Write("0123456789ab", _b.Service<LiveFeed>().Epoch, [lie]).Single().Bytes);
        var call = await _a.Blow();
        await screen.Shows(call.CallNo, CallStates.Ringing);
        await team.Shows(call.CallNo, CallStates.Ringing);
        Assert.False(screen.EverSaw(False) || team.EverSaw(False));
        Assert.Equal((1, 0), (forged.Sum, _b.Service<LiveFeed>().Behind));
    }

    [Fact]
    public async Task A_message_that_was_altered_or_comes_again_changes_nothing_and_is_counted()
    {
        using var forged = new Counted(_b, "dispatch.bus.forged");
        using var replayed = new Counted(_b, "dispatch.bus.replayed");
        await using var screen = await Screen.FilledAsync(_b, "duty");
        using var spy = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_redis.Port}");
        var heard = new TaskCompletionSource<byte[]>();
        var listening = await spy.GetSubscriber().SubscribeAsync(Journal);
        listening.OnMessage(message => heard.TrySetResult((byte[])message.Message!));
        var first = await _a.Blow();
        var sent = await heard.Task.WaitAsync(TestStreet.Patience);
        await screen.Shows(first.CallNo, CallStates.Ringing);

        // The same card under the next number, then the message as it was, twice.
        var seq = (await _a.Journal(first.CallNo))[^1].Seq;
        await Publish(Altered(sent, BitConverter.GetBytes(seq), BitConverter.GetBytes(seq + 1)), sent, sent);
        var next = await _a.Blow();
        await screen.Shows(next.CallNo, CallStates.Ringing);
        Assert.Equal((1, 2), (forged.Sum, replayed.Sum));
        Assert.Equal(0, _b.Service<LiveFeed>().Behind);
        Assert.Single(_b.Log.Lines, line => line.Contains("no valid signature of this street", StringComparison.Ordinal)); // once in a while, not for each
    }

    /// <summary>In a rolling update. A node of the version before neither signs nor knows signatures.</summary>
    [Fact]
    public async Task What_a_node_of_the_version_before_announces_is_read_from_the_journal_long_before_the_next_look()
    {
        using var received = new Counted(_b, "dispatch.bus.received");
        await using var screen = await Screen.FilledAsync(_b, "duty");
        await using var older = await _a.JoinAsync("--Dispatch:Redis="); // commits, and announces what the test sends for it
        var call = await older.Blow();
        await Publish(BusMessage.Write("0123456789ab", _b.Service<LiveFeed>().Epoch, await _a.Journal(call.CallNo)).Single().Bytes);
        var began = _b.Now;
        var shown = screen.Shows(call.CallNo, CallStates.Ringing);
        await Eventually.Holds(() =>
        {
            if (_b.Now - began < CatchUp.PollEvery / 2) _b.FastForward(TimeSpan.FromMilliseconds(10));
            return shown.IsCompleted;
        });
        await shown;
        Assert.Equal(0, received.Sum);
        await Eventually.Holds(() => // and the other node has it too, before the next test counts its numbers
        {
            _a.FastForward(CatchUp.PollEvery);
            return _a.Service<LiveFeed>().Head == _b.Service<LiveFeed>().Head;
        });
    }

    [Fact]
    public async Task A_node_of_the_version_before_takes_a_signed_message_for_none_and_reads_the_journal()
    {
        var signed = _a.Service<BusSeal>().Wrap(Journal.ToString(), BusMessage.Write("0123456789ab", "e", await _a.Journal((await _a.Blow()).CallNo)).Single().Bytes);
        Assert.Null(BusMessage.Read(signed, "self")); // as it reads: refused, and its journal looked at
    }

    [Fact]
    public async Task Presence_that_nobody_of_ours_has_written_makes_nobody_present()
    {
        using var forged = new Counted(_b, "dispatch.bus.forged");
        using var replayed = new Counted(_b, "dispatch.bus.replayed");
        var (away, there) = (await _a.PostOf("grid050"), await _a.PostOf("grid051"));
        var keys = $"{RedisLink.Prefix}{_b.Service<LiveFeed>().Epoch}:";
        var mine = $"{keys}present:{_a.Service<RedisLink>().Node}";
        string before;
        await using (var screen = await Screen.FilledAsync(_a, "grid050"))
        {
            await BeatsUntil(() => _b.Service<Presence>().Now.Contains(away));
            before = await _redis.AskAsync("GET", mine);
        }

        await BeatsUntil(() => !_b.Service<Presence>().Now.Contains(away));
        await _redis.AskAsync("SET", keys + "present:intruder", away.Value);
        await _redis.AskAsync("SADD", keys + "nodes", "intruder");
        await using var colleague = await Screen.FilledAsync(_a, "grid051");
        await BeatsUntil(() => _b.Service<Presence>().Now.Contains(there)); // a beat that has read all of it
        Assert.DoesNotContain(away, _b.Service<Presence>().Now);
        Assert.True(forged.Sum > 0);

        // What the other node has said before, put back.
        await BeatsUntil(async () =>
        {
            await _redis.AskAsync("SET", mine, before);
            return replayed.Sum > 0;
        });
        Assert.DoesNotContain(away, _b.Service<Presence>().Now);
        await _redis.AskAsync("DEL", keys + "present:intruder");
    }

    [Fact]
    public async Task Nobody_else_can_hold_the_sweep_up()
    {
        var (a, b) = (_a.Service<RedisLife>(), _b.Service<RedisLife>());
        foreach (var life in (RedisLife[])[a, b]) (life.Lease, life.Patient) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10)); // outlasts any load of the machine
        var key = $"{RedisLink.Prefix}{_b.Service<LiveFeed>().Epoch}:sweep";
        await _redis.AskAsync("SET", key, "intruder", "PX", "50000");
        Assert.False(await a.AnotherSweepsAsync(Sweep.Tick));
        Assert.False(await b.AnotherSweepsAsync(Sweep.Tick));

        await _redis.AskAsync("DEL", key);
        Assert.False(await a.AnotherSweepsAsync(Sweep.Tick));
        Assert.True(await b.AnotherSweepsAsync(Sweep.Tick));
        var old = await _redis.AskAsync("GET", key);
        await _redis.AskAsync("SET", key, old, "PX", "86400000"); // ours, but for a day
        Assert.False(await b.AnotherSweepsAsync(Sweep.Tick));
        Assert.False(await a.AnotherSweepsAsync(Sweep.Tick)); // renewed
        Assert.True(await b.AnotherSweepsAsync(Sweep.Tick));
        await _redis.AskAsync("SET", key, old, "PX", "50000"); // ours, but of before
        Assert.False(await b.AnotherSweepsAsync(Sweep.Tick));
        await _redis.AskAsync("DEL", key);
    }

    [Fact]
    public async Task A_node_with_other_keys_does_not_start_beside_the_others()
    {
        await Eventually.Holds(async () => await _a.Ask("SELECT COUNT(*) FROM presence WHERE keys <> ''") is 2L);
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => _a.JoinAsync($"--Dispatch:Keys={TestStreet.NewFolder()}"));
        Assert.Contains("Dispatch:Keys", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("encrypted under other keys", stopped.Message, StringComparison.Ordinal); // beside living nodes or not
    }

    private static byte[] Altered(byte[] message, byte[] from, byte[] to)
    {
        byte[] altered = [.. message];
        var at = altered.AsSpan().IndexOf(from);
        Assert.True(at >= 0);
        to.CopyTo(altered, at);
        return altered;
    }

    private async Task Publish(params byte[][] messages)
    {
        using var intruder = await ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_redis.Port}"));
        foreach (var message in messages) Assert.True(await intruder.GetSubscriber().PublishAsync(Journal, message) >= 2); // both nodes hear it
    }

    private Task BeatsUntil(Func<bool> holds) => BeatsUntil(() => Task.FromResult(holds()));

    private Task BeatsUntil(Func<Task<bool>> holds) => Eventually.Holds(async () =>
    {
        _b.FastForward(RedisLife.BeatEvery);
        return await holds();
    });
}
