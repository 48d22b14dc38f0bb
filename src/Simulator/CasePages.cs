using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>What one resident's page showed of one case.</summary>
internal sealed class PageLog(string callNo)
{
    private List<TimeSpan>? _outages;
    private List<long>? _breaks;
    private long _lostAt;

    public string CallNo { get; } = callNo;

    /// <summary>The highest version shown; 0 if none.</summary>
    public int Version { get; private set; }

    public long Events { get; private set; }

    public int Reconnects => _breaks?.Count ?? 0;

    /// <summary>When the stream broke.</summary>
    public IReadOnlyList<long> Breaks => _breaks ?? [];

    public bool IsConnected { get; private set; }

    public IReadOnlyList<TimeSpan> Outages => _outages ?? [];

    public Faults OutOfOrder { get; } = new();

    public void Take(TrackedCall shown, long at)
    {
        Events++;
        OutOfOrder.Check();
        IsConnected = true;
        if (_lostAt != 0) (_outages ??= []).Add(TimeProvider.System.GetElapsedTime(_lostAt, at));
        _lostAt = 0;
        if (shown.CallNo != CallNo) OutOfOrder.Add($"the page of {CallNo} showed {shown.CallNo}");
        else if (shown.Version < Version) OutOfOrder.Add($"the page of {CallNo} showed version {Version}, then {shown.Version}");
        else Version = shown.Version;
    }

    public void Lose(long at)
    {
        IsConnected = false;
        if (_lostAt != 0 || Events == 0) return;
        _lostAt = at;
        (_breaks ??= []).Add(at);
    }
}

/// <summary>Residents who keep the page of their case open (server-sent events): those of the first acknowledged whistles.</summary>
internal sealed class CasePages : IDisposable
{
    private readonly Targets _targets;
    private readonly CancellationToken _stop;
    private readonly HttpClient _http;
    private readonly List<PageLog> _pages;
    private readonly List<Task> _running = [];

    /// <param name="most">The maximum of pages.</param>
    /// <param name="stop">Ends them all.</param>
    public CasePages(Targets targets, int most, CancellationToken stop)
    {
        (_targets, Most, _stop) = (targets, most, stop);
        _pages = new List<PageLog>(most);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = Math.Max(1, most) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
        };
    }

    public int Most { get; }

    public IReadOnlyList<PageLog> Pages
    {
        get
        {
            lock (_pages) return [.. _pages];
        }
    }

    public void Follow(WhistleReceipt receipt)
    {
        lock (_pages)
        {
            if (_pages.Count == Most) return;
            var page = new PageLog(receipt.CallNo);
            _pages.Add(page);
            _running.Add(Follow(page, receipt.TrackingCode));
        }
    }

    /// <summary>Stops after this many.</summary>
    public async Task Ended()
    {
        Task[] running;
        lock (_pages) running = [.. _running];
        await Task.WhenAll(running);
    }

    public void Dispose() => _http.Dispose();

    private async Task Follow(PageLog page, string trackingCode)
    {
        await Task.Yield(); // off the thread that brought the acknowledgement
        for (var failures = 0; !_stop.IsCancellationRequested;)
        {
            var target = _targets.Pick();
            var before = page.Events;
            try
            {
                await FollowOnce(page, new Uri(target, $"api/track/{Uri.EscapeDataString(trackingCode)}/events"));
            }
            catch (JsonException e)
            {
                page.OutOfOrder.Add($"the page of {page.CallNo} was sent what the contract does not have: {e.Message}");
            }
            catch (Exception e) when (BrokenLine.Is(e))
            {
                // retried below
            }

            if (_stop.IsCancellationRequested) return;
            page.Lose(TimeProvider.System.GetTimestamp());
            _targets.Failed(target);
            failures = page.Events > before ? 0 : failures + 1;
            await Backoff.Wait(failures, _stop);
        }
    }

    private async Task FollowOnce(PageLog page, Uri events)
    {
        using var response = await _http.GetAsync(events, HttpCompletionOption.ResponseHeadersRead, _stop);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(_stop);
        var parser = SseParser.Create(body, static (_, data) => JsonSerializer.Deserialize(data, ContractsJson.Default.TrackedCall)!);
        await foreach (var shown in parser.EnumerateAsync(_stop)) page.Take(shown.Data, TimeProvider.System.GetTimestamp());
    }
}
