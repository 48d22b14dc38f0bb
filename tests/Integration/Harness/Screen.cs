using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using DispatchCenter.Contracts;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>
/// What one watcher sees. Every frame is checked on arrival: it begins where the screen is, and no case goes back to
/// an older version.
/// </summary>
public sealed class Screen : IAsyncDisposable
{
    private HubConnection _hub;
    private Channel<(string Text, long At)> _frames = Channel.CreateUnbounded<(string, long)>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, CallCard> _cases = [];
    private readonly Dictionary<string, MatterCard> _matters = [];
    private readonly Dictionary<string, int> _highest = [];
    private readonly Dictionary<string, long> _firstSeen = [];
    private Task _reading = Task.CompletedTask;
    private bool _inSnapshot;

    private readonly TestStreet _street;
    private readonly string _userName;

    private Screen(TestStreet street, string userName, HubConnection hub, long afterSeq) => (_street, _userName, _hub, Through) = (street, userName, hub, afterSeq);

    /// <summary>Whether it reconnects on its own, from where it is, when its connection is lost, as all our clients do.</summary>
    public bool ComesAgain { get; init; }

    /// <summary>How often it had to reconnect.</summary>
    public int Reconnects { get; private set; }

    public HubConnection Hub => _hub;

    /// <summary>The visible cases, without those gone.</summary>
    public IReadOnlyDictionary<string, CallCard> Cases => _cases;

    /// <summary>The visible matters of other kinds, without those gone.</summary>
    public IReadOnlyDictionary<string, MatterCard> Matters => _matters;

    /// <summary>More frames of the snapshot are to come.</summary>
    public bool IsInSnapshot => _inSnapshot;

    /// <summary>When each case first appeared in a frame, as a machine timestamp.</summary>
    public IReadOnlyDictionary<string, long> FirstSeen => _firstSeen;

    public long Through { get; private set; }

    public string? Epoch { get; private set; }

    /// <summary>Every frame as received.</summary>
    public List<string> Wire { get; } = [];

    public List<FeedFrame> Frames { get; } = [];

    public static async Task<Screen> OpenAsync(TestStreet street, string userName, long afterSeq, bool comesAgain = false)
    {
        var screen = new Screen(street, userName, await street.HubAs(userName), afterSeq) { ComesAgain = comesAgain };
        screen._reading = screen.ReadAsync(afterSeq);
        return screen;
    }

    /// <summary>Opens a screen and waits for the whole snapshot.</summary>
    public static async Task<Screen> FilledAsync(TestStreet street, string userName)
    {
        var screen = await OpenAsync(street, userName, 0);
        FeedFrame frame;
        do frame = await screen.Next();
        while (screen.IsInSnapshot && frame.Calls.Count + (frame.Matters?.Count ?? 0) > 0); // the last frame of a journal without entries stands at 0 as well
        return screen;
    }

    /// <summary>Continues on another node from where it is, like a client whose node has gone.</summary>
    public async Task MoveTo(TestStreet node, string userName)
    {
        await _reading;
        await _hub.DisposeAsync();
        (_hub, _frames) = (await node.HubAs(userName), Channel.CreateUnbounded<(string, long)>());
        _reading = ReadAsync(Through);
    }

    /// <summary>The next frame, applied.</summary>
    public async Task<FeedFrame> Next()
    {
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        string text;
        long at;
        try
        {
            (text, at) = await _frames.Reader.ReadAsync(limit.Token);
        }
        catch (ChannelClosedException lost) when (ComesAgain && lost.InnerException is WebSocketException)
        {
            Reconnects++;
            TestContext.Current.TestOutputHelper?.WriteLine($"{_userName} lost its connection at {Through} and comes again");
            _street.TellAll(most: 40);
            await MoveTo(_street, _userName);
            return await Next();
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No frame came after {Frames.Count}; the screen stands at {Through}.");
        }

        var frame = JsonSerializer.Deserialize(text, ContractsJson.Default.FeedFrame)!;
        Wire.Add(text);
        Frames.Add(frame);
        Take(frame);
        foreach (var card in frame.Calls) _firstSeen.TryAdd(card.CallNo, at);
        return frame;
    }

    /// <summary>The next frame, which comes once the server notices that time has passed: until then, time keeps passing.</summary>
    public async Task<FeedFrame> NextWhile(Action timeGoesBy)
    {
        do timeGoesBy();
        while (!await ComesSoon());
        return await Next();
    }

    /// <summary>Applies frames until the screen shows what is awaited.</summary>
    public async Task Until(Func<Screen, bool> shows)
    {
        while (!shows(this)) await Next();
    }

    /// <summary>Applies frames until a case is visible in this state.</summary>
    public async Task<CallCard> Shows(string callNo, string state)
    {
        await Until(s => s._cases.TryGetValue(callNo, out var card) && card.State == state);
        return _cases[callNo];
    }

    /// <summary>Applies frames until a matter is visible in this stage; null once it has ended.</summary>
    public async Task<MatterCard> ShowsMatter(string no, string? stage)
    {
        await Until(s => s._matters.TryGetValue(no, out var card) && card.Stage == stage);
        return _matters[no];
    }

    /// <summary>Whether a case was ever in a frame, or named as gone.</summary>
    public bool EverSaw(string callNo) => Wire.Exists(frame => frame.Contains(callNo, StringComparison.Ordinal));

    /// <summary>The highest version of a case ever on the screen since it last started over; 0 if none.</summary>
    public int Highest(string callNo) => _highest.GetValueOrDefault(callNo);

    /// <summary>Discards what was received so far.</summary>
    public void Forget()
    {
        Wire.Clear();
        Frames.Clear();
    }

    /// <summary>Waits until the server has ended the stream; frames on the way are applied.</summary>
    public async Task Ended()
    {
        try
        {
            while (true) await Next();
        }
        catch (ChannelClosedException)
        {
            // as awaited
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await _hub.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<bool> ComesSoon()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        try
        {
            return await _frames.Reader.WaitToReadAsync(soon.Token) || true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ReadAsync(long afterSeq)
    {
        try
        {
            await foreach (var frame in _hub.StreamAsync<JsonElement>(HubNames.Watch, afterSeq, _stop.Token)) _frames.Writer.TryWrite((frame.GetRawText(), TimeProvider.System.GetTimestamp()));
            _frames.Writer.TryComplete();
        }
        catch (Exception e)
        {
            _frames.Writer.TryComplete(e is OperationCanceledException ? null : e);
        }
    }

    private void Take(FeedFrame frame)
    {
        Assert.True(Epoch is null || Epoch == frame.Epoch || frame.Kind == FrameKinds.Resync, "The epoch changed without a resync.");
        Epoch = frame.Epoch;
        switch (frame.Kind)
        {
            case FrameKinds.Resync:
                Assert.Empty(frame.Calls);
                _cases.Clear();
                _matters.Clear();
                _highest.Clear();
                break;
            case FrameKinds.Snapshot:
                if (!_inSnapshot) _cases.Clear();
                if (!_inSnapshot) _matters.Clear();
                break;
            case FrameKinds.Delta:
                Assert.Equal(Through, frame.From);
                Assert.True(frame.Through > frame.From, "A delta that covers nothing.");
                break;
            case FrameKinds.Beat:
                Assert.Equal(Through, frame.From);
                Assert.Empty(frame.Calls);
                Assert.Empty(frame.Gone);
                break;
            default:
                Assert.Fail($"A frame of the unknown kind {frame.Kind}.");
                break;
        }

        if (frame.Kind != FrameKinds.Resync && frame.Kind != FrameKinds.Snapshot) Assert.True(frame.Through >= Through, "The stream went back.");
        _inSnapshot = frame is { Kind: FrameKinds.Snapshot, Through: 0 };
        Through = frame.Kind == FrameKinds.Resync ? 0 : frame.Through;
        foreach (var card in frame.Calls)
        {
            Assert.True(card.Version >= _highest.GetValueOrDefault(card.CallNo), $"{card.CallNo} went back to version {card.Version}.");
            (_cases[card.CallNo], _highest[card.CallNo]) = (card, card.Version);
        }

        foreach (var card in frame.Matters ?? [])
        {
            Assert.True(card.Version >= _highest.GetValueOrDefault(card.CallNo), $"{card.CallNo} went back to version {card.Version}.");
            (_matters[card.CallNo], _highest[card.CallNo]) = (card, card.Version);
        }

        foreach (var no in frame.Gone) _cases.Remove(no);
        foreach (var no in frame.MattersGone ?? []) _matters.Remove(no);
    }
}
