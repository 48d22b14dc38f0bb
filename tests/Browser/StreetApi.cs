using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>What a test does behind the scenes of the page it looks at: over HTTP, using only public names.</summary>
public sealed class StreetApi(string url) : IDisposable
{
    public const string Password = "mulin-demo-2026";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(url) };
    private readonly ConcurrentDictionary<string, Task<string>> _tokens = new();

    public async Task<Place> PlaceAsync(string station) => Place.Of((await _http.GetFromJsonAsync<JsonNode>("/api/street"))!, station);

    public Task<(string CallNo, string Track)> WhistleAsync(
        string station, string category = "02", string words = "Water stands at entrance 2.", bool danger = false, bool hide = false) =>
        WhistleAsync("station", station, category, words, danger, hide);

    /// <summary>In a grid without a station, where no other journey whistles.</summary>
    public Task<(string CallNo, string Track)> WhistleInAsync(string grid, string category = "02", bool danger = false, string words = "Water stands at entrance 2.") =>
        WhistleAsync("grid", grid, category, words, danger, hide: false);

    private async Task<(string CallNo, string Track)> WhistleAsync(string kind, string where, string category, string words, bool danger, bool hide)
    {
        var body = new JsonObject { [kind] = where, ["category"] = category, ["description"] = words, ["danger"] = danger, ["hideFromProperty"] = hide };
        body["contact"] = new JsonObject { ["name"] = "Wang", ["phone"] = "13800001234" };
        using var answer = await _http.PostAsJsonAsync("/api/whistles", body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var receipt = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        return ((string)receipt["callNo"]!, (string)receipt["trackingCode"]!);
    }

    /// <summary>Gives a command and expects it to succeed.</summary>
    public async Task GiveAsync(string account, string callNo, string command, JsonObject? body = null)
    {
        var (status, answer) = await AskAsync(account, HttpMethod.Post, $"/api/calls/{callNo}/{command}", body);
        Assert.True(status == HttpStatusCode.OK, $"{command} by {account}: {status} {answer}");
    }

    /// <summary>The same for a matter that follows a procedure.</summary>
    public async Task MatterAsync(string account, string no, string command, JsonObject body)
    {
        var (status, answer) = await AskAsync(account, HttpMethod.Post, $"/api/matters/{no}/{command}", body);
        Assert.True(status == HttpStatusCode.OK, $"{command} by {account}: {status} {answer}");
    }

    /// <summary>A drill that calls out the grid workers of one grid, or of one team.</summary>
    public async Task<string> CallOutAsync(string code, string text, string places = "grids")
    {
        var choose = new JsonObject { [places] = new JsonArray(code), ["kinds"] = new JsonArray("gridWorker") };
        var (status, receipt) = await AskAsync("duty", HttpMethod.Post, "/api/callouts", new() { ["text"] = text, ["drill"] = true, ["choose"] = choose });
        Assert.Equal(HttpStatusCode.Created, status);
        return (string)receipt!["callNo"]!;
    }

    public async Task EndCallOutAsync(string no) => await AskAsync("duty", HttpMethod.Post, $"/api/callouts/{no}/end", new() { ["note"] = "Over." });

    /// <summary>Takes a case to the state in which it waits for verification.</summary>
    public async Task ResolveAsync(string account, string callNo)
    {
        await GiveAsync(account, callNo, "accept");
        await GiveAsync(account, callNo, "arrive");
        await GiveAsync(account, callNo, "resolve", new JsonObject { ["report"] = "The drain is clear." });
    }

    /// <summary>Takes a case to the state in which its caller evaluates.</summary>
    public async Task VerifyAsync(Place place, string callNo)
    {
        await ResolveAsync(place.Workers[0], callNo);
        await GiveAsync(place.Neighbour, callNo, "verify", new JsonObject { ["passed"] = true, ["note"] = "Seen on the spot." });
    }

    /// <summary>Opens an errand at the counter of the community, for one person.</summary>
    public async Task<(string No, string Follow)> ErrandAsync(Place place, string procedure = "errand")
    {
        var body = new JsonObject { ["procedure"] = procedure, ["grid"] = place.Grid, ["origin"] = "counter" };
        body["form"] = new JsonObject { ["what"] = "A certificate of residence.", ["whose"] = "Wang" };
        body["contact"] = new JsonObject { ["name"] = "Wang", ["phone"] = "13800005678" };
        var (status, opened) = await AskAsync("community" + place.Community, HttpMethod.Post, "/api/matters", body);
        Assert.True(status == HttpStatusCode.Created, $"errand: {status} {opened}");
        return ((string)opened!["callNo"]!, (string)opened["trackingUrl"]!);
    }

    /// <summary>Gives an answer that is owed, and expects it to be taken.</summary>
    public async Task AnswerAsync(string account, string no, string owed, string says, JsonObject? form = null)
    {
        var (status, answer) = await AskAsync(account, HttpMethod.Post, $"/api/matters/{no}/answer", new JsonObject { ["owed"] = owed, ["says"] = says, ["form"] = form });
        Assert.True(status == HttpStatusCode.OK, $"{owed} by {account}: {status} {answer}");
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> AskAsync(string? account, HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (account is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _tokens.GetOrAdd(account, LoginAsync));
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Resends what a browser's form sent, and follows no redirect.</summary>
    public async Task<(HttpStatusCode Status, string? Location)> PostFormAsync(string address, byte[] form, string contentType)
    {
        using var content = new ByteArrayContent(form);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await _http.PostAsync(new Uri(address), content);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> LoginAsync(string account)
    {
        using var answer = await _http.PostAsJsonAsync("/api/login", new JsonObject { ["userName"] = account, ["password"] = Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!;
    }
}
