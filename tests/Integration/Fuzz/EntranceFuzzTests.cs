using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.StaticAssets;
using Xunit;

namespace DispatchCenter.Integration.Fuzz;

/// <summary>
/// Whatever is sent, at whatever entrance, by whoever: an answer, never an error of the server's own; what is refused has changed nothing; and afterwards the street goes on.
/// </summary>
public sealed partial class EntranceFuzzTests
{
    private const int StreetLasts = 1_500;

    /// <summary>Names that pages read from their address; what endpoints read is found by their methods' parameters.</summary>
    private static readonly string[] PageQueries = ["no", "q", "from", "until", "to", "day", "at", "lang", "theme", "handler", "grid", "station", "category", "level", "state", "flag", "page", "code", "post", "community", "returnUrl", "basis", "joins", "key", "big", "lat", "lon", "source", "version"];

    private readonly Fuzzing _fuzz = new();

    [Fact]
    public async Task Every_endpoint_and_page_answers_whatever_is_sent_to_it()
    {
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var left = Fuzzing.Times / 2;
        for (var round = 0; left > 0; round++, left -= StreetLasts)
        {
            await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=false");
            await _fuzz.KnowAsync(street);
            var garbage = new Garbage(Fuzzing.Seed + round);
            var clients = await ClientsAsync(street);
            var inside = new Dictionary<RouteEndpoint, HttpClient>();
            var entrances = street.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !e.RoutePattern.RawText!.Contains("hubs", StringComparison.Ordinal)).ToList();
            for (var i = 0; i < Math.Min(left, StreetLasts); i++)
            {
                var entrance = entrances[garbage.Upto(entrances.Count)];
                if (Leaving().IsMatch(entrance.RoutePattern.RawText!) && garbage.Chance(95)) continue; // or soon nobody would be left who may do anything
                var client = inside.TryGetValue(entrance, out var fit) && garbage.Chance(80) ? fit : garbage.One(clients);
                var before = i % 20 == 0 ? street.Fingerprint() : null;
                var status = await TryEntranceAsync(garbage, client, entrance);
                for (var others = 0; status is 401 or 403 && others < 4; others++) status = await TryEntranceAsync(garbage, client = garbage.One(clients), entrance); // beyond the door there is more to break
                if (status is 401 or 403) inside.Remove(entrance);
                else inside[entrance] = client;
                if (before is not null && status is >= 400 and < 500 && street.Fingerprint() != before) _fuzz.Wrong.Add($"{entrance.RoutePattern.RawText} was refused ({status}) and has changed something");
            }

            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
            _fuzz.NothingWrong();
            await Fuzzing.GoesOnAsync(street);
            foreach (var client in clients) client.Dispose();
        }

        Fuzzing.Print($"{_fuzz.Answers.Values.Sum()} requests, seed {Fuzzing.Seed}: {string.Join(", ", _fuzz.Answers.Select(a => $"{a.Value} × {a.Key}"))}; heap {memory / 1_000_000} MB before, {most / 1_000_000} MB at most");
        if (Fuzzing.IsAlone) Assert.InRange(most, 0, 1_500_000_000);
        Assert.True(_fuzz.Answers.GetValueOrDefault(200) > Fuzzing.Times / 40, "hardly anything was right: the garbage does not get past the door");
    }

    [Fact]
    public async Task The_hub_answers_whatever_is_called()
    {
        await using var street = await TestStreet.StartAsync();
        await _fuzz.KnowAsync(street);
        var garbage = new Garbage(Fuzzing.Seed);
        var hubs = new List<HubConnection>();
        foreach (var account in (string[])["duty", "grid001", "community01", "police01", "wall"]) hubs.Add(await street.HubAs(account));
        for (var i = 0; i < Fuzzing.Times / 8; i++)
        {
            var hub = garbage.One(hubs);
            var method = garbage.One([HubNames.Accept, HubNames.Arrive, HubNames.Resolve, HubNames.Acknowledge, HubNames.Return, HubNames.Verify]);
            object? Argument() => garbage.Chance(50) ? _fuzz.Known(garbage, "callNo") : garbage.Chance(10) ? new string('x', 11_000) : garbage.Text();
            object?[] arguments = method switch
            {
                _ when method == HubNames.Accept || method == HubNames.Arrive => [Argument()],
                _ when method == HubNames.Return => [Argument(), Argument(), Argument()],
                _ when method == HubNames.Verify => [Argument(), garbage.Chance(50), Argument()],
                _ => [Argument(), Argument()],
            };
            try
            {
                var reply = await hub.InvokeCoreAsync<Reply>(method, arguments);
                _fuzz.Answers[reply.Ok ? 200 : 400] = _fuzz.Answers.GetValueOrDefault(reply.Ok ? 200 : 400) + 1;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                _fuzz.Wrong.Add($"{method}({string.Join(", ", arguments.Select(a => a is string { Length: > 80 } text ? text[..80] + "…" + text.Length : a))}): {e.GetType().Name} {e.Message}");
            }
        }

        Fuzzing.Print($"{Fuzzing.Times / 8} calls, {_fuzz.Answers.GetValueOrDefault(200)} of them right");
        _fuzz.NothingWrong();
        Assert.All(hubs, hub => Assert.Equal(HubConnectionState.Connected, hub.State));
        await Fuzzing.GoesOnAsync(street);
        foreach (var hub in hubs) await hub.DisposeAsync();
    }

    private Task<int> TryEntranceAsync(Garbage garbage, HttpClient client, RouteEndpoint entrance) =>
        entrance.Metadata.GetMetadata<PageActionDescriptor>() is null ? AskAsync(garbage, client, entrance) : VisitAsync(garbage, client, entrance);

    /// <summary>A request to an endpoint: its path, its query, its body.</summary>
    private async Task<int> AskAsync(Garbage garbage, HttpClient client, RouteEndpoint entrance)
    {
        var method = entrance.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? garbage.One([.. methods]) : "GET";
        var queries = entrance.Metadata.GetMetadata<MethodInfo>()?.GetParameters().Where(p => IsText(p.ParameterType) && !entrance.RoutePattern.Parameters.Any(r => r.Name == p.Name)).Select(p => p.Name!).ToList() ?? [];
        var path = Path_(garbage, entrance) + Query(garbage, queries, 70);
        HttpContent? content = null;
        if (method is not ("GET" or "HEAD" or "DELETE") || garbage.Chance(5))
        {
            var accepts = entrance.Metadata.GetMetadata<IAcceptsMetadata>();
            content = accepts switch
            {
                { RequestType: { } type } when accepts.ContentTypes.Contains("application/json") => Fuzzing.JsonContent(garbage.Body(type, name => _fuzz.Known(garbage, name))),
                null => garbage.Chance(50) ? null : Fuzzing.JsonContent(garbage.Chance(50) ? "{}" : garbage.Text()),
                _ => new ByteArrayContent(garbage.Mutated(MadePhotos.Jpeg())) { Headers = { ContentType = new MediaTypeHeaderValue(accepts.ContentTypes[0]) } },
            };
        }

        return await SendAsync(garbage, client, method, path, content);
    }

    /// <summary>A page, and one of its forms with other things in its fields.</summary>
    private async Task<int> VisitAsync(Garbage garbage, HttpClient client, RouteEndpoint entrance)
    {
        var path = Path_(garbage, entrance) + Query(garbage, PageQueries, 8);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        string html;
        using (var response = await client.SendAsync(request))
        {
            html = await response.Content.ReadAsStringAsync();
            _fuzz.Count($"GET {path}", (int)response.StatusCode, html);
        }

        var forms = Forms().Matches(html).Select(m => m.Value).Where(f => f.Contains("__RequestVerificationToken", StringComparison.Ordinal)).ToList();
        if (forms.Count == 0) return 200;
        var form = garbage.One(forms);
        var fields = Fields().Matches(form).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct()
            .Where(name => garbage.Chance(90) || name == "__RequestVerificationToken")
            .Select(name => KeyValuePair.Create(name, name == "__RequestVerificationToken" ? WebUtility.HtmlDecode(Token().Match(form).Groups[1].Value) : garbage.Chance(50) && _fuzz.Known(garbage, name) is { } right ? right : garbage.Text()));
        var action = WebUtility.HtmlDecode(garbage.One([.. Actions().Matches(form).Select(m => m.Groups[1].Value).DefaultIfEmpty(path)]));
        return await SendAsync(garbage, client, "POST", action.StartsWith('?') ? path.Split('?')[0] + action : action, new FormUrlEncodedContent(fields));
    }

    private async Task<int> SendAsync(Garbage garbage, HttpClient client, string method, string path, HttpContent? content)
    {
        var sent = content is null or ByteArrayContent and not StringContent ? "" : await content.ReadAsStringAsync();
        if (!Uri.TryCreate(client.BaseAddress, path, out var address) || address.Host != client.BaseAddress!.Host) return 0; // no client could send it
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = content };
        if (garbage.Chance(10)) request.Headers.TryAddWithoutValidation("Idempotency-Key", garbage.Text());
        if (garbage.Chance(10)) request.Headers.TryAddWithoutValidation("Tapped-Ago", garbage.Text());
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var text = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
            _fuzz.Count($"{method} {path} {(sent.Length > 500 ? sent[..500] + "…" : sent)}", (int)response.StatusCode, text);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException e) when (e.InnerException is null or FormatException)
        {
            return 0; // a header that no client can write
        }
    }

    private static async Task<List<HttpClient>> ClientsAsync(TestStreet street)
    {
        List<HttpClient> clients = [Quiet(street), Quiet(street), Quiet(street)];
        foreach (var account in Fuzzing.Accounts)
        {
            var client = Quiet(street);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await street.TokenOf(account));
            clients.Add(client);
            var browser = Quiet(street);
            browser.DefaultRequestHeaders.Add("Cookie", await street.CookieOf(account));
            browser.DefaultRequestHeaders.Add("Origin", street.Anyone.BaseAddress!.GetLeftPart(UriPartial.Authority));
            clients.Add(browser);
        }

        return clients;
    }

    private static HttpClient Quiet(TestStreet street) => street.NewClient(new SocketsHttpHandler { AllowAutoRedirect = false });

    private string Path_(Garbage garbage, RouteEndpoint entrance)
    {
        var path = "/" + entrance.RoutePattern.RawText!.TrimStart('/');
        foreach (var part in entrance.RoutePattern.Parameters)
        {
            var value = garbage.Chance(70) && _fuzz.Known(garbage, part.Name) is { } right ? right : garbage.Text();
            path = Regex.Replace(path, @"\{\*{0,2}" + part.Name + @"[^}]*\}", Uri.EscapeDataString(value.Length > 200 ? value[..200] : value).Replace("$", "$$", StringComparison.Ordinal));
        }

        return path;
    }

    private string Query(Garbage garbage, IEnumerable<string> names, int percent)
    {
        var all = names.Where(_ => garbage.Chance(percent)).Select(name => $"{name}={Uri.EscapeDataString(Cut(garbage.Chance(50) && _fuzz.Known(garbage, name) is { } right ? right : garbage.Text()))}").ToList();
        return all.Count == 0 ? "" : "?" + string.Join('&', all);
    }

    private static string Cut(string text) => text.Length > 300 ? text[..300] : text;

    private static bool IsText(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { } bare && (bare == typeof(string) || bare.IsPrimitive || bare == typeof(DateTimeOffset) || bare == typeof(DateOnly) || bare == typeof(string[]));

    [GeneratedRegex("signOff|leave|retire|logout|sign-?out|password", RegexOptions.IgnoreCase)]
    private static partial Regex Leaving();

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("\\bname=\"([^\"]+)\"")]
    private static partial Regex Fields();

    [GeneratedRegex("__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("(?:formaction|action)=\"([^\"]+)\"")]
    private static partial Regex Actions();
}
