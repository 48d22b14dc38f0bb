using System.Collections.Concurrent;

namespace DispatchCenter.Crash;

/// <summary>A member of staff with a token that was given before the first kill.</summary>
internal sealed record Worker(string UserName, string Token, string Post, string Grid);

/// <summary>One thing that somebody asks, under one key until it is acknowledged.</summary>
/// <param name="What">How the journal calls it: whistled, accepted, arrived, resolved; opened, answered, itemTaken.</param>
/// <param name="CallNo">The case; null for a new whistle or errand.</param>
/// <param name="By">Null for a resident.</param>
internal sealed record Wish(string Key, string What, string Path, string? Body, string? CallNo, Worker? By)
{
    /// <summary>What is answered in an errand; null for anything else.</summary>
    public string? Owed { get; init; }

    /// <summary>Whether it begins something.</summary>
    public bool Opens => CallNo is null;

    public bool IsOfErrand => Opens ? What == "opened" : Owed is not null;

    /// <summary>The steps of an errand up to the caller's word.</summary>
    public static readonly (string Owed, string Says, string? Form)[] Steps =
    [
        ("take", "accepted", null), ("papers", "item", """{"name":"crash"}"""), ("papers", "done", null), ("work", "done", """{"words":"crash"}"""),
        ("giveBack-1", "done", """{"receivedBy":"crash","signature":"M 1 1 L 2 2"}"""),
    ];

    public static Wish Errand(string key, Worker by) =>
        new(key, "opened", "/api/matters", $$$"""{"procedure":"errand","grid":"{{{by.Grid}}}","form":{"what":"crash {{{key}}}"},"contact":{"name":"Crash","phone":"13900000000"}}""", null, by);

    public static Wish Step(string key, string no, Worker by, (string Owed, string Says, string? Form) step) =>
        new(key, step.Says == "item" ? "itemTaken" : "answered", $"/api/matters/{no}/answer", $$"""{"owed":"{{step.Owed}}","says":"{{step.Says}}","form":{{step.Form ?? "null"}}}""", no, by) { Owed = step.Owed };

    public static Wish Whistle(string key, string grid, string category) =>
        new(key, "whistled", "/api/whistles", $$"""{"contact":{"name":"Crash","phone":"13900000000"},"description":"crash {{key}}","grid":"{{grid}}","category":"{{category}}"}""", null, null);

    public static Wish Answer(string key, string callNo, Worker by, string verb) => new(
        key,
        verb switch { "accept" => "accepted", "arrive" => "arrived", "resolve" => "resolved", _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null) },
        $"/api/calls/{callNo}/{verb}", verb == "resolve" ? """{"report":"done"}""" : null, callNo, by);
}

/// <summary>What the host has said yes to.</summary>
/// <param name="Version">The case's version in the yes; 1 for a whistle.</param>
internal sealed record Acknowledged(Wish Wish, string CallNo, int Version);

/// <summary>What was acknowledged, and what hangs because the host died over it.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private readonly ConcurrentDictionary<string, Wish> _open = new();
    private readonly ConcurrentDictionary<(bool Busy, int Count), TaskCompletionSource> _waiting = new();
    private int _count;
    private int _busy;

    public int Count => Volatile.Read(ref _count);

    public int Busy => Volatile.Read(ref _busy);

    public IReadOnlyCollection<Acknowledged> All => [.. _acknowledged];

    public IReadOnlyCollection<Wish> Open => [.. _open.Values];

    public void Ask(Wish wish) => _open[wish.Key] = wish;

    public void Acknowledge(Wish wish, string callNo, int version)
    {
        _acknowledged.Enqueue(new Acknowledged(wish, callNo, version));
        _open.TryRemove(wish.Key, out _);
        Tell(busy: false, Interlocked.Increment(ref _count));
    }

    public void SayBusy() => Tell(busy: true, Interlocked.Increment(ref _busy));

    /// <summary>When this many more were acknowledged.</summary>
    public Task MoreAsync(int count) => WaitAsync(busy: false, Count + count, () => Count);

    /// <summary>When this many more were told to come again.</summary>
    public Task MoreBusyAsync(int count) => WaitAsync(busy: true, Busy + count, () => Busy);

    private Task WaitAsync(bool busy, int target, Func<int> have)
    {
        var waiting = _waiting.GetOrAdd((busy, target), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (have() >= target) waiting.TrySetResult();
        return waiting.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private void Tell(bool busy, int count)
    {
        if (_waiting.TryRemove((busy, count), out var waiting)) waiting.TrySetResult();
    }
}
