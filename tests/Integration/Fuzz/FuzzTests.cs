using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DispatchCenter.Integration.Fuzz;

/// <summary>
/// Whatever is sent, at whatever entrance, by whoever: an answer, never an error of the server's own; what is refused has changed nothing; and afterwards the street goes on.
/// DISPATCH_FUZZ says how many things are sent (100,000 take some minutes), DISPATCH_FUZZ_SEED which.
/// </summary>
public sealed partial class FuzzTests
{
    private const int StreetLasts = 1_500;

    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("DISPATCH_FUZZ") ?? "1600", CultureInfo.InvariantCulture);

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("DISPATCH_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Whether nothing else runs in this process, so that its memory says something.</summary>
    private static bool IsAlone => Environment.GetEnvironmentVariable("DISPATCH_FUZZ") is not null;

    private static readonly string[] Accounts = ["duty", "leader", "community01", "grid001", "property01", "head01", "police01", "admin", "auditor", "wall"];

    /// <summary>Names that pages read from their address; what endpoints read is found by their methods' parameters.</summary>
    private static readonly string[] PageQueries = ["no", "q", "from", "until", "to", "day", "at", "lang", "theme", "handler", "grid", "station", "category", "level", "state", "flag", "page", "code", "post", "community", "returnUrl", "basis", "joins", "key", "big", "lat", "lon", "source", "version"];

    private readonly List<string> _wrong = [];
    private readonly SortedDictionary<int, int> _answers = [];
    private readonly Dictionary<string, List<string>> _known = [];

    [Fact]
    public async Task Every_endpoint_and_page_answers_whatever_is_sent_to_it()
    {
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var left = Times / 2;
        for (var round = 0; left > 0; round++, left -= StreetLasts)
        {
            await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=false");
            await KnowAsync(street);
            var garbage = new Garbage(Seed + round);
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
                if (before is not null && status is >= 400 and < 500 && street.Fingerprint() != before) _wrong.Add($"{entrance.RoutePattern.RawText} was refused ({status}) and has changed something");
            }

            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
            NothingWrong();
            await GoesOnAsync(street);
            foreach (var client in clients) client.Dispose();
        }

        Print($"{_answers.Values.Sum()} requests, seed {Seed}: {string.Join(", ", _answers.Select(a => $"{a.Value} × {a.Key}"))}; heap {memory / 1_000_000} MB before, {most / 1_000_000} MB at most");
        if (IsAlone) Assert.InRange(most, 0, 1_500_000_000);
        Assert.True(_answers.GetValueOrDefault(200) > Times / 40, "hardly anything was right: the garbage does not get past the door");
    }

    [Fact]
    public async Task The_hub_answers_whatever_is_called()
    {
        await using var street = await TestStreet.StartAsync();
        await KnowAsync(street);
        var garbage = new Garbage(Seed);
        var hubs = new List<HubConnection>();
        foreach (var account in (string[])["duty", "grid001", "community01", "police01", "wall"]) hubs.Add(await street.HubAs(account));
        for (var i = 0; i < Times / 8; i++)
        {
            var hub = garbage.One(hubs);
            var method = garbage.One([HubNames.Accept, HubNames.Arrive, HubNames.Resolve, HubNames.Acknowledge, HubNames.Return, HubNames.Verify]);
            object? Argument() => garbage.Chance(50) ? Known(garbage, "callNo") : garbage.Chance(10) ? new string('x', 11_000) : garbage.Text();
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
                _answers[reply.Ok ? 200 : 400] = _answers.GetValueOrDefault(reply.Ok ? 200 : 400) + 1;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                _wrong.Add($"{method}({string.Join(", ", arguments.Select(a => a is string { Length: > 80 } text ? text[..80] + "…" + text.Length : a))}): {e.GetType().Name} {e.Message}");
            }
        }

        Print($"{Times / 8} calls, {_answers.GetValueOrDefault(200)} of them right");
        NothingWrong();
        Assert.All(hubs, hub => Assert.Equal(HubConnectionState.Connected, hub.State));
        await GoesOnAsync(street);
        foreach (var hub in hubs) await hub.DisposeAsync();
    }

    /// <summary>A policy with any member missing or of another kind is refused with a sentence, or taken and then every page works with it.</summary>
    [Fact]
    public async Task A_document_is_refused_with_a_sentence_or_every_page_works_with_it()
    {
        await using var street = await TestStreet.StartAsync();
        await KnowAsync(street);
        var policies = street.Service<PolicyBook>();
        var (_, json) = await policies.TextAsync(CancellationToken.None);
        var garbage = new Garbage(Seed);
        var (admin, duty) = (await street.As("admin"), await street.As("duty"));
        var rules = (await admin.Read("/api/reach")).Json.GetProperty("rules").GetRawText();
        var procedures = Embedded(".procedures.").Select(f => Encoding.UTF8.GetString(f.Value)).ToList();
        var (taken, refused) = (0, 0);
        for (var i = 0; i < Times / 8; i++)
        {
            var document = garbage.Mutated(json);
            var isTaken = false;
            try
            {
                await policies.AddAsync(document, "fuzz", CancellationToken.None);
                isTaken = true;
            }
            catch (UnusableDocumentException)
            {
                refused++;
            }
            catch (Exception e)
            {
                _wrong.Add($"policy {Difference(json, document)}: {e.GetType().Name} {e.Message}");
            }

            var put = await admin.Ask(HttpMethod.Put, "/api/reach", JsonContent($$"""{"rules":{{garbage.Mutated(rules)}}}"""));
            Count("reach rules", put);
            var procedure = garbage.One(procedures);
            var tried = garbage.Mutated(procedure);
            Count("procedure " + Difference(procedure, tried), await admin.Send("/api/procedures", System.Text.Json.JsonSerializer.Serialize(new { document = tried })));
            Count("procedure tried " + Difference(procedure, tried), await admin.Send("/api/procedures/dry-run", System.Text.Json.JsonSerializer.Serialize(new { document = tried, grid = "001" })));
            if (!isTaken) continue;
            taken++;
            foreach (var path in (string[])["/s/01", "/g/001?lang=en", "/api/street"]) Count($"{path} with policy {Difference(json, document)}", await street.Anyone.Read(path));
            Count($"/api/stats.csv with policy {Difference(json, document)}", await duty.Read("/api/stats.csv"));
            Count($"/admin/policy with policy {Difference(json, document)}", await admin.Read("/admin/policy"));
            Count($"a whistle with policy {Difference(json, document)}", await street.Anyone.Send("/api/whistles", $$"""{"grid":"001","category":"{{garbage.One(_known["category"])}}"}"""));
            if (_wrong.Count > 20) break;
        }

        Print($"{taken} policies taken, {refused} refused; {string.Join(", ", _answers.Select(a => $"{a.Value} × {a.Key}"))}");
        NothingWrong();
        await policies.AddAsync(json, "fuzz", CancellationToken.None);
        await GoesOnAsync(street);
    }

    [Fact]
    public async Task A_table_or_a_photo_is_read_or_refused_by_name()
    {
        await using var street = await TestStreet.StartAsync();
        await KnowAsync(street);
        var garbage = new Garbage(Seed);
        var duty = await street.As("duty");
        var streetTables = Embedded(".Demo.").ToDictionary(f => string.Join('.', f.Key.Split('.')[^2..]), f => Encoding.UTF8.GetString(f.Value));
        var tables = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data", "tables")).Select(File.ReadAllBytes).Append(await (await duty.GetAsync("/api/roster.csv?from=2026-03-11&to=2026-03-12")).Content.ReadAsByteArrayAsync()).ToList();
        byte[][] photos = [MadePhotos.Jpeg(), MadePhotos.Png(), MadePhotos.JpegWithPosition(), .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data", "photos")).Select(File.ReadAllBytes)];
        var standards = File.ReadAllBytes(StandardsTests.RealFile);
        var holidays = Embedded("cn-holidays.csv").Values.Single();
        var policy = street.Service<PolicyBook>().Current.Latest;
        await using var scope = street.App.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<AccountCommands>();
        for (var i = 0; i < Times / 8; i++)
        {
            var table = garbage.Mutated(garbage.One(tables));
            await TryAsync("roster", table, async () => Count("roster table", await duty.Send("/api/roster/import", table, contentType: "text/csv")));
            var changed = garbage.One([.. streetTables.Keys]);
            var text = garbage.MutatedTable(streetTables[changed]);
            await TryAsync(changed + " " + Difference(streetTables[changed], text), null, () =>
            {
                StreetFiles.Read(file => new MemoryStream(Encoding.UTF8.GetBytes(file == changed ? text : streetTables[file])));
                return Task.CompletedTask;
            });
            if (i % 10 == 0) // these are long
            {
                var some = garbage.Mutated(standards);
                await TryAsync("standards", null, () => StandardsFile.ReadAsync("x.csv", () => new MemoryStream(some), () => Task.FromResult(policy)));
            }

            var days = garbage.Mutated(garbage.Chance(50) ? holidays : garbage.One(tables));
            await TryAsync("holidays", days, () => Task.FromResult(Holidays.Read("x.csv", () => new MemoryStream(days), 2026)));
            var hired = garbage.Chance(50) ? garbage.Mutated(garbage.One(tables)) : Encoding.UTF8.GetBytes(garbage.MutatedTable("account,kind,place\nfuzz-a,gridWorker,001\nfuzz-b,property,01\nfuzz-c,admin,\n"));
            if (i % 10 == 0) await TryAsync("staff", hired, () => people.TakeAsync(TestStreet.Admin, "x.csv", () => new MemoryStream(hired), CancellationToken.None));
            var photo = garbage.Mutated(garbage.One(photos));
            Count("photo", await street.Anyone.Send("/api/photos", photo, contentType: "image/jpeg"));
        }

        Print(string.Join(", ", _answers.Select(a => $"{a.Value} × {a.Key}")));
        NothingWrong();
        await GoesOnAsync(street);
    }

    private async Task TryAsync(string what, byte[]? file, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (Exception e)
        {
            _wrong.Add($"{what}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()} {(file is null ? "" : Convert.ToBase64String(file.AsSpan(0, Math.Min(file.Length, 200))))}");
        }
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
                { RequestType: { } type } when accepts.ContentTypes.Contains("application/json") => JsonContent(garbage.Body(type, name => Known(garbage, name))),
                null => garbage.Chance(50) ? null : JsonContent(garbage.Chance(50) ? "{}" : garbage.Text()),
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
            Count($"GET {path}", (int)response.StatusCode, html);
        }

        var forms = Forms().Matches(html).Select(m => m.Value).Where(f => f.Contains("__RequestVerificationToken", StringComparison.Ordinal)).ToList();
        if (forms.Count == 0) return 200;
        var form = garbage.One(forms);
        var fields = Fields().Matches(form).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct()
            .Where(name => garbage.Chance(90) || name == "__RequestVerificationToken")
            .Select(name => KeyValuePair.Create(name, name == "__RequestVerificationToken" ? WebUtility.HtmlDecode(Token().Match(form).Groups[1].Value) : garbage.Chance(50) && Known(garbage, name) is { } right ? right : garbage.Text()));
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
            Count($"{method} {path} {(sent.Length > 500 ? sent[..500] + "…" : sent)}", (int)response.StatusCode, text);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException e) when (e.InnerException is null or FormatException)
        {
            return 0; // a header that no client can write
        }
    }

    private void Count(string what, Answer answer) => Count(what, (int)answer.Status, answer.Text);

    private void Count(string what, int status, string text)
    {
        lock (_answers) _answers[status] = _answers.GetValueOrDefault(status) + 1;
        if (status >= 500 && !text.Contains($"\"code\":\"{Codes.Busy}\"", StringComparison.Ordinal)) _wrong.Add($"{status} {what} → {text[..Math.Min(text.Length, 200)]}");
        foreach (Match no in Numbers().Matches(text)) Know("callNo", no.Value);
        foreach (Match code in TrackingCodes().Matches(text)) Know("code", code.Groups[1].Value);
    }

    private void NothingWrong() => Assert.True(_wrong.Count == 0, string.Join('\n', _wrong.Distinct().Take(20)));

    /// <summary>The street still takes a call and brings it to its end, and no part of it has failed in the background.</summary>
    private static async Task GoesOnAsync(TestStreet street)
    {
        var call = (await street.Anyone.Send("/api/whistles", new { grid = "050", category = "02" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var journal = await street.Journal(call.CallNo);
        Assert.NotEmpty(journal);
        await using var db = street.Service<Database>().Context();
        Assert.Equal(await db.Journal.CountAsync(), await db.Journal.MaxAsync(j => j.Seq)); // nothing half-done: not a number is missing
        var errors = street.Log.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Critical", StringComparison.Ordinal)).Distinct().Take(10).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    private async Task KnowAsync(TestStreet street)
    {
        _known.Clear();
        foreach (var (name, values) in ((string, string[])[])
        [
            ("grid", ["001", "026", "140"]), ("station", ["01", "09", "03"]), ("team", ["01", "02", "08"]), ("community", ["01", "02"]), ("category", ["01", "02", "04", "11", "23"]), ("level", ["S1", "S2", "S3"]), ("party", ["water", "gas", "property"]),
            ("kind", ["extension", "suspension", "decline", "gridWorker", "sick", "resource"]), ("reason", ["unsafe", "other"]), ("state", ["open", "ringing", "closed"]), ("number", ["119", "110"]), ("answer", ["property", "party-water", "community"]), ("result", ["noAnswer", "satisfied"]), ("satisfaction", ["satisfied"]),
            ("userName", [.. Accounts, "grid002"]), ("post", ["p0001", "p0002", "p0100"]), ("phone", ["13800138000"]), ("datum", ["wgs84", "gcj02"]), ("source", ["phone", "patrol", "counter"]), ("size", ["small"]), ("id", ["1", "2", "wecom"]), ("procedure", ["inspection", "callout"]), ("lang", ["en", "zh-CN"]),
        ]) _known[name] = [.. values];
        foreach (var time in (string[])["until", "from", "at", "to", "asOf", "day"]) _known[time] = ["2026-03-12T09:00:00+08:00", "2026-03-20T18:00:00+08:00", "2026-03-11"];
        for (var i = 0; i < 6; i++)
        {
            var call = await street.Blow(i % 2 == 0 ? "001" : "026", danger: i == 5);
            Know("callNo", call.CallNo);
            Know("code", call.TrackingCode);
        }

        await street.Do("grid001", _known["callNo"][0], "accept");
        await street.Handle("grid001", _known["callNo"][2]);
    }

    private void Know(string name, string value)
    {
        if (!_known.TryGetValue(name, out var have)) _known[name] = have = [];
        if (have.Count < 60 && !have.Contains(value)) have.Add(value);
    }

    private string? Known(Garbage garbage, string name)
    {
        var key = name switch { "no" or "into" or "joins" => "callNo", "grids" => "grid", "teams" => "team", "posts" or "by" => "post", "tel" => "phone", _ => name };
        return _known.GetValueOrDefault(key) is { Count: > 0 } values ? garbage.One(values) : null;
    }

    private static async Task<List<HttpClient>> ClientsAsync(TestStreet street)
    {
        List<HttpClient> clients = [Quiet(street), Quiet(street), Quiet(street)];
        foreach (var account in Accounts)
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
            var value = garbage.Chance(70) && Known(garbage, part.Name) is { } right ? right : garbage.Text();
            path = Regex.Replace(path, @"\{\*{0,2}" + part.Name + @"[^}]*\}", Uri.EscapeDataString(value.Length > 200 ? value[..200] : value).Replace("$", "$$", StringComparison.Ordinal));
        }

        return path;
    }

    private string Query(Garbage garbage, IEnumerable<string> names, int percent)
    {
        var all = names.Where(_ => garbage.Chance(percent)).Select(name => $"{name}={Uri.EscapeDataString(Cut(garbage.Chance(50) && Known(garbage, name) is { } right ? right : garbage.Text()))}").ToList();
        return all.Count == 0 ? "" : "?" + string.Join('&', all);
    }

    private static string Cut(string text) => text.Length > 300 ? text[..300] : text;

    private static bool IsText(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { } bare && (bare == typeof(string) || bare.IsPrimitive || bare == typeof(DateTimeOffset) || bare == typeof(DateOnly) || bare == typeof(string[]));

    /// <summary>The program's own documents and tables, by the names of their resources.</summary>
    private static Dictionary<string, byte[]> Embedded(string part)
    {
        var assembly = typeof(StreetFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.Contains(part, StringComparison.Ordinal)).ToDictionary(name => name, name =>
        {
            using var all = new MemoryStream();
            assembly.GetManifestResourceStream(name)!.CopyTo(all);
            return all.ToArray();
        });
    }

    private static StringContent JsonContent(string json) => new(json.Replace('\uD800', 'x'), Encoding.UTF8, "application/json");

    /// <summary>Where two texts part, for who reads what was wrong.</summary>
    private static string Difference(string before, string after)
    {
        var at = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"at {at}: …{after[Math.Max(0, at - 80)..Math.Min(after.Length, at + 60)]}…".ReplaceLineEndings(" ");
    }

    private static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine($"fuzz: {line}");
    }

    [GeneratedRegex("[WMQ]\\d{6}-\\d{5}")]
    private static partial Regex Numbers();

    [GeneratedRegex("\"trackingCode\":\"([A-Za-z0-9_-]{16,64})\"")]
    private static partial Regex TrackingCodes();

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
