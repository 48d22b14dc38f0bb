using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Crash;

/// <summary>
/// Callers who whistle without a pause, and staff who accept, arrive and resolve every other case; one in four runs errands instead. Each goes on until the host dies under
/// it or it is told to stop; who is told to come again comes again with the same key.
/// </summary>
internal sealed class Storm(WebHost host, IReadOnlyList<Worker> workers, Ledger ledger, string name)
{
    public const int Callers = 64;

    private const int ErrandsEvery = 4;

    private static readonly TimeSpan ComeAgain = TimeSpan.FromMilliseconds(20);
    private volatile bool _stopping;

    public Task RunAsync(int seed) => Task.WhenAll(Enumerable.Range(0, Callers).Select(i => CallAsync(i, new Random((seed * Callers) + i))));

    /// <summary>Everybody finishes what they are at, and no more.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Asks once more, with the same keys, what was left hanging; all of it must be acknowledged now.</summary>
    public static async Task SettleAsync(WebHost host, Ledger ledger)
    {
        var again = new Storm(host, [], ledger, "again");
        var outcomes = await Task.WhenAll(ledger.Open.Select(again.AskAsync));
        if (outcomes.Contains(null)) throw new InvalidOperationException($"The host died over what was asked again:\n{host.Said()}");
    }

    /// <summary>Asks for what is acknowledged already; the answer must be the same case.</summary>
    public static async Task RepeatAsync(WebHost host, IEnumerable<Acknowledged> acknowledged)
    {
        var aside = new Ledger();
        var again = new Storm(host, [], aside, "repeat");
        foreach (var before in acknowledged)
            if (await again.AskAsync(before.Wish) is var callNo && callNo != before.CallNo)
                throw new InvalidOperationException($"The key {before.Wish.Key} stood for {before.CallNo} and now stands for {callNo}.");
    }

    private async Task CallAsync(int caller, Random random)
    {
        var asked = 0;
        string Key() => $"{name}-{caller:D2}-{asked++:D6}";
        while (!_stopping)
        {
            var worker = workers[random.Next(workers.Count)];
            if (caller % ErrandsEvery == 0)
            {
                if (await AskAsync(Wish.Errand(Key(), worker)) is not { } errand) return;
                foreach (var step in Wish.Steps.Take(random.Next(Wish.Steps.Length + 1)))
                    if (await AskAsync(Wish.Step(Key(), errand, worker, step)) is null) return;
                continue;
            }

            if (await AskAsync(Wish.Whistle(Key(), worker.Grid, random.Next(2) == 0 ? "01" : "02")) is not { } callNo) return;
            if (random.Next(2) == 0) continue;
            foreach (var verb in (string[])["accept", "arrive", "resolve"])
                if (await AskAsync(Wish.Answer(Key(), callNo, worker, verb)) is null) return;
        }
    }

    /// <summary>The case's number once acknowledged; null where the host died first.</summary>
    private async Task<string?> AskAsync(Wish wish)
    {
        ledger.Ask(wish);
        while (true)
        {
            try
            {
                using var answer = await host.Http.SendAsync(Request(wish));
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    ledger.SayBusy();
                }
                else if (answer.IsSuccessStatusCode)
                {
                    var (callNo, version) = await ReadAsync(wish, answer);
                    ledger.Acknowledge(wish, callNo, version);
                    return callNo;
                }
                else
                {
                    throw new InvalidOperationException($"{wish.What} {wish.CallNo} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                }
            }
            catch (Exception e) when (BrokenLine.Is(e))
            {
                return null;
            }

            await Task.Delay(ComeAgain, TimeProvider.System);
        }
    }

    private static HttpRequestMessage Request(Wish wish)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, wish.Path);
        request.Headers.Add("Idempotency-Key", wish.Key);
        if (wish.By is { } worker) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", worker.Token);
        if (wish.Body is not null) request.Content = new StringContent(wish.Body, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private static async Task<(string CallNo, int Version)> ReadAsync(Wish wish, HttpResponseMessage answer)
    {
        if (wish.IsOfErrand && wish.Opens) return ((await answer.Content.ReadFromJsonAsync(ContractsJson.Default.MatterReceipt))!.CallNo, 1);
        if (wish.IsOfErrand)
        {
            var given = await answer.Content.ReadFromJsonAsync(ContractsJson.Default.MatterReply);
            if (given is not { Ok: true, Code: Codes.Ok, Matter: { } matter }) throw new InvalidOperationException($"{wish.What} {wish.Owed} of {wish.CallNo} was acknowledged as {given?.Code}.");
            return (matter.CallNo, matter.Version);
        }

        if (wish.By is null)
        {
            var receipt = await answer.Content.ReadFromJsonAsync(ContractsJson.Default.WhistleReceipt);
            return (receipt!.CallNo, 1);
        }

        var reply = await answer.Content.ReadFromJsonAsync(ContractsJson.Default.Reply);
        if (reply is not { Ok: true, Call: { } call }) throw new InvalidOperationException($"{wish.What} {wish.CallNo} was acknowledged without its case: {reply}");
        return (call.CallNo, call.Version);
    }
}
