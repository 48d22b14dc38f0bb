using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>The server's response: a value, or the status and code of a refusal. Status 0 means unreachable.</summary>
internal sealed record Answer<T>(int Status, T? Value, string Code, TimeSpan? RetryAfter)
    where T : class
{
    /// <summary>The request can be retried: busy, rate-limited, unreachable or unknown outcome.</summary>
    public bool MayRetry => Value is null && Status is 0 or 408 or 429 or >= 500;
}

/// <summary>
/// An HTTP client for the dispatch centre's contract. One bounded connection pool per target, HTTP/1.1. If a
/// target cannot answer, the others are tried at once with the same idempotency key.
/// </summary>
internal sealed class StreetApi : IDisposable
{
    public const int MaxConnections = 128;
    public const int JournalPageSize = 1_000;
    private const string Unreachable = "unreachable";

    private static readonly TimeSpan _requestTimeout = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;
    private readonly Targets _targets;

    public StreetApi(Targets targets)
    {
        _targets = targets;
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = MaxConnections,
            ConnectTimeout = _requestTimeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
        };
        _http = new HttpClient(handler)
        {
            Timeout = _requestTimeout,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public Task<Answer<StreetView>> Street(CancellationToken stop) =>
        Send(HttpMethod.Get, "api/street", null, null, null, ContractsJson.Default.StreetView, stop);

    public Task<Answer<LoginReply>> Login(string userName, string password, CancellationToken stop) =>
        Send(HttpMethod.Post, "api/login", () => Body(new LoginRequest(userName, password), ContractsJson.Default.LoginRequest), null, null,
            ContractsJson.Default.LoginReply, stop);

    public Task<Answer<Me>> Me(string token, CancellationToken stop) =>
        Send(HttpMethod.Get, "api/me", null, null, token, ContractsJson.Default.Me, stop);

    /// <param name="token">An officer's, for a caller on the phone.</param>
    public Task<Answer<WhistleReceipt>> Blow(WhistleRequest whistle, string key, CancellationToken stop, string? token = null) =>
        Send(HttpMethod.Post, "api/whistles", () => Body(whistle, ContractsJson.Default.WhistleRequest), key, token,
            ContractsJson.Default.WhistleReceipt, stop);

    public Task<Answer<object>> Withdraw(string trackingCode, string key, CancellationToken stop) =>
        Send<object>(HttpMethod.Post, $"api/track/{Uri.EscapeDataString(trackingCode)}/withdraw", null, key, null, null, stop);

    /// <param name="command">A command or order on a case, with its body; null for none.</param>
    public Task<Answer<Reply>> Command(string callNo, string command, Func<HttpContent>? body, string key, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, $"api/calls/{callNo}/{command}", body, key, token, ContractsJson.Default.Reply, stop);

    public Task<Answer<WhistleReceipt>> Child(string callNo, OrderRequest child, string key, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, $"api/calls/{callNo}/child", () => Body(child, ContractsJson.Default.OrderRequest), key, token, ContractsJson.Default.WhistleReceipt, stop);

    public Task<Answer<LinkReply>> Link(string callNo, OrderRequest answer, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, $"api/calls/{callNo}/link", () => Body(answer, ContractsJson.Default.OrderRequest), null, token, ContractsJson.Default.LinkReply, stop);

    /// <param name="link">The link's path, as given to a desk.</param>
    /// <param name="verb">attend, finish or disclaim.</param>
    public Task<Answer<PartyView>> Party(string link, string verb, string? note, string key, CancellationToken stop) =>
        Send(HttpMethod.Post, $"api{link}/{verb}", () => Body(new NoteRequest(note), ContractsJson.Default.NoteRequest), key, null, ContractsJson.Default.PartyView, stop);

    public Task<Answer<RatesView>> Rates(DateOnly from, DateOnly to, string by, DateTimeOffset asOf, string token, CancellationToken stop) =>
        Send(HttpMethod.Get, $"api/rates?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&by={by}&asOf={Uri.EscapeDataString(asOf.ToString("O"))}", null, null, token, ContractsJson.Default.RatesView, stop);

    public Task<Answer<object>> Evaluate(string trackingCode, EvaluationRequest evaluation, string key, CancellationToken stop) =>
        Send<object>(HttpMethod.Post, $"api/track/{Uri.EscapeDataString(trackingCode)}/evaluation",
            () => Body(evaluation, ContractsJson.Default.EvaluationRequest), key, null, null, stop);

    public Task<Answer<JournalPage>> Journal(long after, string token, CancellationToken stop) =>
        Send(HttpMethod.Get, $"api/journal?after={after}&limit={JournalPageSize}", null, null, token, ContractsJson.Default.JournalPage, stop);

    public Task<Answer<ProcedureList>> Procedures(string token, CancellationToken stop) =>
        Send(HttpMethod.Get, "api/matters/procedures", null, null, token, ContractsJson.Default.ProcedureList, stop);

    /// <param name="token">An administrator's.</param>
    public Task<Answer<Named>> AddProcedure(ProcedureRequest procedure, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, "api/procedures", () => Body(procedure, ContractsJson.Default.ProcedureRequest), null, token, ContractsJson.Default.Named, stop);

    public Task<Answer<MatterReceipt>> Open(MatterRequest matter, string key, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, "api/matters", () => Body(matter, ContractsJson.Default.MatterRequest), key, token, ContractsJson.Default.MatterReceipt, stop);

    public Task<Answer<MatterReply>> Matter(string no, string verb, MatterOrder order, string key, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, $"api/matters/{no}/{verb}", () => Body(order, ContractsJson.Default.MatterOrder), key, token, ContractsJson.Default.MatterReply, stop);

    public Task<Answer<FollowedMatter>> Follow(string code, MatterOrder order, string key, CancellationToken stop) =>
        Send(HttpMethod.Post, $"api/follow/{Uri.EscapeDataString(code)}/answer", () => Body(order, ContractsJson.Default.MatterOrder), key, null, ContractsJson.Default.FollowedMatter, stop);

    /// <param name="token">An administrator's.</param>
    public Task<Answer<ChannelsView>> PutChannel(string code, ChannelRequest channel, string token, CancellationToken stop) =>
        Send(HttpMethod.Put, $"api/channels/{code}", () => Body(channel, ContractsJson.Default.ChannelRequest), null, token, ContractsJson.Default.ChannelsView, stop);

    /// <param name="token">An administrator's.</param>
    public Task<Answer<ReachView>> PutRules(JsonElement rules, string token, CancellationToken stop) =>
        Send(HttpMethod.Put, "api/reach", () => Body(new ReachRequest(rules), ContractsJson.Default.ReachRequest), null, token, ContractsJson.Default.ReachView, stop);

    /// <param name="token">An administrator's.</param>
    public Task<Answer<object>> PutPhone(string userName, string phone, string token, CancellationToken stop) =>
        Send<object>(HttpMethod.Put, $"api/staff/{userName}/phone", () => Body(new PhoneRequest(phone), ContractsJson.Default.PhoneRequest), null, token, null, stop);

    /// <param name="token">An administrator's.</param>
    public Task<Answer<OutboxPage>> Outbox(string state, string token, CancellationToken stop) =>
        Send(HttpMethod.Get, $"api/outbox?state={state}", null, null, token, ContractsJson.Default.OutboxPage, stop);

    /// <param name="token">Of somebody at the street's desk.</param>
    public Task<Answer<CalloutReceipt>> Callout(CalloutRequest callout, string key, string token, CancellationToken stop) =>
        Send(HttpMethod.Post, "api/callouts", () => Body(callout, ContractsJson.Default.CalloutRequest), key, token, ContractsJson.Default.CalloutReceipt, stop);

    public Task<Answer<CalloutView>> CalloutReport(string no, string token, CancellationToken stop) =>
        Send(HttpMethod.Get, $"api/callouts/{no}", null, null, token, ContractsJson.Default.CalloutView, stop);

    public Task<Answer<object>> EndCallout(string no, CalloutEnd end, string key, string token, CancellationToken stop) =>
        Send<object>(HttpMethod.Post, $"api/callouts/{no}/end", () => Body(end, ContractsJson.Default.CalloutEnd), key, token, null, stop);

    public Task<Answer<Board>> Board(int limit, string token, CancellationToken stop) =>
        Send(HttpMethod.Get, $"api/board?limit={limit}", null, null, token, ContractsJson.Default.Board, stop);

    /// <param name="verb">take or signOff: the requester's own post, now.</param>
    public Task<Answer<object>> Duty(string verb, string key, string token, CancellationToken stop) =>
        Send<object>(HttpMethod.Post, $"api/duty/{verb}", () => Body(new DutyRequest(), ContractsJson.Default.DutyRequest), key, token, null, stop);

    public void Dispose() => _http.Dispose();

    private static JsonContent Body<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    /// <param name="body">Creates the body for each target.</param>
    /// <param name="type">How to parse the response; null if only success matters.</param>
    private async Task<Answer<T>> Send<T>(
        HttpMethod method, string path, Func<HttpContent>? body, string? key, string? token, JsonTypeInfo<T>? type, CancellationToken stop)
        where T : class
    {
        for (var left = _targets.Count; ; left--)
        {
            var target = _targets.Pick();
            using var request = new HttpRequestMessage(method, new Uri(target, path)) { Content = body?.Invoke() };
            if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await SendOne(request, type, stop);
            if (answer.Value is not null || !Targets.IsFailure(answer.Status)) return answer;
            _targets.Failed(target);
            if (left <= 1) return answer;
        }
    }

    private async Task<Answer<T>> SendOne<T>(HttpRequestMessage request, JsonTypeInfo<T>? type, CancellationToken stop)
        where T : class
    {
        try
        {
            using var response = await _http.SendAsync(request, stop);
            var status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode) return new Answer<T>(status, null, await ReadCode(response, stop), ReadRetryAfter(response));
            if (type is null) return new Answer<T>(status, (T)(object)Codes.Ok, Codes.Ok, null);
            return new Answer<T>(status, await response.Content.ReadFromJsonAsync(type, stop), Codes.Ok, null);
        }
        catch (Exception e) when (BrokenLine.Is(e, stop))
        {
            return new Answer<T>(0, null, $"{Unreachable}: {e.Message}", null);
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"{request.Method} {request.RequestUri?.AbsolutePath} answered what the contract does not have: {e.Message}", e);
        }
    }

    private static async Task<string> ReadCode(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync(ContractsJson.Default.ApiProblem, stop);
            if (problem?.Code is { } code) return code;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not one of our problems: only the status is usable.
        }

        return $"status {(int)response.StatusCode}";
    }

    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when response.Headers.Date is { } now => date - now,
        _ => null,
    };
}
