using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>What the gateways report to the street: signed, again until it is answered, sometimes again after that, and sometimes by somebody who does not have the secret.</summary>
internal sealed class Reports(Uri server, Dice dice, double rate, TimeProvider clock) : IDisposable
{
    private const int MostAttempts = 400;

    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(300), _patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = StreetApi.MaxConnections }) { BaseAddress = server, Timeout = _patience };
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> _answers = new();
    private readonly ConcurrentDictionary<string, int> _thrown = new();
    private readonly ConcurrentQueue<string> _believed = new();
    private int _forged;

    /// <summary>The codes that each report was answered with, by its number.</summary>
    public IReadOnlyDictionary<string, ConcurrentBag<string>> Answers => _answers;

    /// <summary>What went wrong on the way, by kind.</summary>
    public IReadOnlyDictionary<string, int> Thrown => _thrown;

    /// <summary>Reports that were not signed by the gateway.</summary>
    public int Forged => Volatile.Read(ref _forged);

    /// <summary>Those that were not refused with 401.</summary>
    public IReadOnlyCollection<string> Believed => _believed;

    public void Dispose() => _http.Dispose();

    public async Task<Reply> SendAsync(string channel, AnswerReport report, CancellationToken stop)
    {
        var body = JsonSerializer.Serialize(report, ContractsJson.Default.AnswerReport);
        var lost = dice.Roll("report", report.Id!, "lost") < rate;
        Reply? reply = null;
        for (var attempt = 1; ; attempt++, await Task.Delay(_again, clock, stop))
        {
            if (attempt > MostAttempts) throw new InvalidOperationException($"The report {body} was never answered: {string.Join(", ", _thrown)}");
            reply = await OnceAsync(channel, report.Id!, body, stop);
            if (reply is null) continue;
            if (!lost) break;
            lost = false;
            Count("answer lost on its way, sent again");
        }

        if (dice.Roll("report", report.Id!, "repeated") < rate)
        {
            Count("sent again three times at once");
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OnceAsync(channel, report.Id!, body, stop)));
        }

        return reply;
    }

    /// <summary>Says what this report says, in each way in which it must not be believed.</summary>
    public async Task ForgeAsync(string channel, AnswerReport report, CancellationToken stop)
    {
        var (secret, now) = (Gateway.SecretOf(channel), clock.GetUtcNow());
        (string How, string Secret, DateTimeOffset At, bool Changed)[] ways =
        [
            ("another secret", "secret-of-somebody-else", now, false), ("the other gateway's secret", Gateway.SecretOf(channel == Gateway.Voice ? Gateway.Sms : Gateway.Voice), now, false),
            ("changed after it was signed", secret, now, true), ("signed long ago", secret, now.AddMinutes(-6), false), ("no signature", string.Empty, now, false),
        ];
        foreach (var (how, with, at, changed) in ways)
        {
            var body = JsonSerializer.Serialize(report with { Id = $"forged-{Interlocked.Increment(ref _forged)}" }, ContractsJson.Default.AnswerReport);
            HttpStatusCode? status;
            while ((status = (await PostAsync(channel, body, changed ? body + " " : body, with, at, stop)).Status) is null or HttpStatusCode.ServiceUnavailable) await Task.Delay(_again, clock, stop);
            Count("forged: " + how);
            if (status != HttpStatusCode.Unauthorized) _believed.Enqueue($"{channel} {report.Ref ?? report.Phone}, {how}: {(int)status}");
        }
    }

    private async Task<Reply?> OnceAsync(string channel, string id, string body, CancellationToken stop)
    {
        var (status, reply) = await PostAsync(channel, body, body, Gateway.SecretOf(channel), clock.GetUtcNow(), stop);
        if (status == HttpStatusCode.OK) _answers.GetOrAdd(id, _ => []).Add(reply!.Code);
        else Count(status is null ? "server gone, sent again" : string.Create(CultureInfo.InvariantCulture, $"answered {(int)status}, sent again"));
        return reply;
    }

    private async Task<(HttpStatusCode? Status, Reply? Reply)> PostAsync(string channel, string signed, string sent, string secret, DateTimeOffset at, CancellationToken stop)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/channels/{channel}/answers") { Content = new StringContent(sent, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Dispatch-Timestamp", seconds);
        if (secret.Length > 0) request.Headers.Add("X-Dispatch-Signature", Gateway.Sign(secret, seconds, signed));
        try
        {
            using var answer = await _http.SendAsync(request, stop);
            return (answer.StatusCode, answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync(ContractsJson.Default.Reply, stop) : null);
        }
        catch (Exception e) when (BrokenLine.Is(e, stop))
        {
            return (null, null);
        }
    }

    private void Count(string what) => _thrown.AddOrUpdate(what, 1, (_, before) => before + 1);
}
