using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What JSON, queries, forms and addresses can hold and no database, calendar or header can: refused, never a fault of the server, on either database.</summary>
public sealed class UnkeepableTests
{
    private static readonly string[] Texts = ["", " ", "\0", "a\0b", "\u0001", "9999-12-31", "0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "NaN", "1e400", "-1", "99999999999999999999", "张", "%", "'", "W260311-00001"];

    private static readonly string[] Raw = ["null", "1e400", "-1e400", "-1", "1", "true", "[]", "{}", "[null]", "[\"\\u0000\"]", "[[null]]", "{\"\\u0000\":\"\\u0000\"}", "{\"a\":null}", "[{}]"];

    private static readonly string[] Accounts = ["duty", "community01", "grid001", "admin", "auditor", "leader"];

    [Fact]
    public async Task No_body_whatever_it_holds_is_a_fault()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        var faults = new List<string>();
        foreach (var endpoint in street.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Concat(((IEndpointRouteBuilder)street.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()).DistinctBy(e => e.DisplayName))
        {
            if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not { RequestType: { } body } || body == typeof(byte[])) continue;
            var method = new HttpMethod(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            var client = await Client(street, endpoint);
            foreach (var address in Addresses(endpoint, call).ToList())
                foreach (var text in Bodies(body))
                {
                    var answer = await client.Ask(method, address, new StringContent(text, System.Text.Encoding.UTF8, "application/json"), Guid.NewGuid().ToString("N"));
                    if ((int)answer.Status >= 500) faults.Add($"{method} {address} {text}: {answer.Text}");
                }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
    }

    [Fact]
    public async Task No_query_and_no_address_whatever_it_holds_is_a_fault()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        var faults = new List<string>();
        async Task Look(HttpClient client, string address, HttpMethod? method = null, HttpContent? content = null)
        {
            var answer = await client.Ask(method ?? HttpMethod.Get, address, content);
            if ((int)answer.Status >= 500) faults.Add($"{method} {address}: {(int)answer.Status} {answer.Text[..Math.Min(200, answer.Text.Length)]}");
        }

        foreach (var (path, names) in new[]
        {
            ("history", "from to community grid team category level state flag q hour late answer share valid rate before"), ("stats", "from to"), ("stats.csv", "from to table"), ("rates", "from to by asOf"),
            ("rates.csv", "from to by asOf"), ("reads", "before callNo"), ("journal", "after limit callNo"), ("board", "limit"), ("roster", "unit from to"), ("roster.csv", "unit from to"), ("roster/journal", "unit"),
            ("outbox", "state"), ("me", "post"), ("duty", "post"),
        })
            foreach (var name in names.Split(' '))
                foreach (var text in Texts)
                {
                    var client = await street.As(path is "reads" or "journal" ? "auditor" : path == "outbox" ? "admin" : "duty");
                    await Look(client, $"/api/{path}?{name}={Uri.EscapeDataString(text)}");
                }

        foreach (var from in Texts)
            foreach (var to in Texts) await Look(await street.As("duty"), $"/api/roster.csv?unit=street&from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}");
        foreach (var blank in new[] { "%20", "%09", "%0A", "%C2%A0", "%E3%80%80", "%01", "a%00b" })
            foreach (var page in new[] { "t", "d", "i", "s", "g", "cal", "api/track", "api/party", "api/calls", "error" })
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
                    foreach (var query in new[] { "", "?handler=Live", "?handler=Note", "?handler=Withdraw", "?handler=Evaluate", "?act=%00" })
                        await Look(street.Anyone, $"/{page}/{blank}{(page == "cal" ? ".ics" : string.Empty)}{query}", method, method == HttpMethod.Post ? new FormUrlEncodedContent([new("solved", "yes"), new("satisfaction", "satisfied"), new("words", "好")]) : null);
        foreach (var text in Texts)
        {
            var escaped = Uri.EscapeDataString(text);
            await Look(street.Anyone, $"/api/track/{call.TrackingCode}/photos/x?size={escaped}");
            await Look(await street.As("duty"), $"/brief?day={escaped}");
            await Look(street.Anyone, $"/t/{call.TrackingCode}?act={escaped}&done={escaped}&lang={escaped}&print={escaped}");
            await Look(await street.As("grid001"), $"/api/calls/{call.CallNo}?post={escaped}");
            foreach (var field in new[] { "lat", "lon", "datum", "category", "words", "danger", "hide", "name", "phone", "photo", "joins", "key" })
                await Look(street.Anyone, "/s/01", HttpMethod.Post, new FormUrlEncodedContent(new Dictionary<string, string> { ["category"] = "02", ["lat"] = "35", ["lon"] = "117", ["datum"] = "wgs84", ["key"] = Guid.NewGuid().ToString("N"), [field] = text }));
            foreach (var field in new[] { "place", "category", "words", "danger", "photo", "key" })
                await Look(street.Anyone, "/i/0123456789012345678901", HttpMethod.Post, new FormUrlEncodedContent(new Dictionary<string, string> { ["category"] = "02", ["place"] = "001", ["key"] = Guid.NewGuid().ToString("N"), [field] = text }));
            foreach (var field in new[] { "note", "key" }) await Look(street.Anyone, "/d/0123456789012345678901", HttpMethod.Post, new FormUrlEncodedContent(new Dictionary<string, string> { [field] = text }));
            foreach (var field in new[] { "words", "key", "photo", "solved", "satisfaction" })
                foreach (var handler in new[] { "Note", "Evaluate" })
                    await Look(street.Anyone, $"/t/{call.TrackingCode}?handler={handler}", HttpMethod.Post, new FormUrlEncodedContent(new Dictionary<string, string> { ["words"] = "好", ["solved"] = "yes", ["satisfaction"] = "satisfied", [field] = text }));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
    }

    [Theory]
    [InlineData("lat", "NaN")]
    [InlineData("lat", "1e400")]
    [InlineData("lon", "-Infinity")]
    public async Task A_phone_that_says_no_number_for_where_it_is_blows_its_whistle_all_the_same(string field, string text)
    {
        await using var street = await TestStreet.StartAsync();
        using var client = street.NewClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var form = new Dictionary<string, string> { ["category"] = "02", ["words"] = "漏水", ["lat"] = "35.07", ["lon"] = "117.15", ["datum"] = "wgs84", ["key"] = "a-form-of-a-phone", [field] = text };
        var answer = await client.Ask(HttpMethod.Post, "/s/01", new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.Found, answer.Status);
    }

    [Fact]
    public async Task Whoever_signs_in_is_sent_where_they_wanted_to_go_whatever_script_that_is_written_in()
    {
        await using var street = await TestStreet.StartAsync();
        using var client = street.NewClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var form = await client.Ask(HttpMethod.Get, "/signin?returnUrl=/desk?q=%E6%BC%8F%E6%B0%B4");
        var token = System.Text.RegularExpressions.Regex.Match(form.Text, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"").Groups[1].Value;
        var answer = await client.Ask(HttpMethod.Post, "/signin?returnUrl=%2Fdesk%3Fq%3D%E6%BC%8F%F0%A0%80%80", new FormUrlEncodedContent(new Dictionary<string, string> { ["user"] = "duty", ["password"] = TestStreet.Password, ["__RequestVerificationToken"] = token }));
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal("/desk?q=%E6%BC%8F%F0%A0%80%80", answer.Headers.Location!.OriginalString);
    }

    private static async Task<HttpClient> Client(TestStreet street, RouteEndpoint endpoint)
    {
        var right = endpoint.Metadata.GetMetadata<Needs>()!.Right;
        var book = street.Service<AccountBook>();
        await using var db = street.Service<Database>().Context();
        foreach (var account in Accounts)
            if (Access.May(book.OfId(db.Users.Single(u => u.UserName == account).Id), right)) return await street.As(account);
        return street.Anyone;
    }

    private static IEnumerable<string> Addresses(RouteEndpoint endpoint, WhistleReceipt call)
    {
        var path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, "\\{([^}]*)\\}", m => m.Groups[1].Value switch
        {
            "no" => call.CallNo,
            "code" when endpoint.RoutePattern.RawText!.Contains("track", StringComparison.Ordinal) => call.TrackingCode,
            "id:long" => "1",
            "userName" => "grid001",
            _ => "x",
        });
        yield return path.StartsWith('/') ? path : "/" + path;
    }

    /// <summary>Each member of the body with each value that can do harm, the others as they are usual.</summary>
    private static IEnumerable<string> Bodies(Type body)
    {
        foreach (var raw in Raw) yield return raw;
        foreach (var property in body.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            foreach (var value in Raw.Concat(Texts.Select(t => JsonSerializer.Serialize(t))))
            {
                var usual = new JsonObject
                {
                    ["grid"] = "001", ["category"] = "02", ["note"] = "好", ["reason"] = "noPower", ["passed"] = true, ["team"] = "02", ["kind"] = "suspension", ["hours"] = 1, ["until"] = "2026-03-12T09:00:00+08:00",
                    ["solved"] = true, ["satisfaction"] = "satisfied", ["unit"] = "team:01", ["from"] = "2026-03-12T09:00:00+08:00", ["userName"] = "nobody",
                };
                foreach (var member in usual.ToList().Where(m => body.GetProperties().All(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) != m.Key))) usual.Remove(member.Key);
                usual.Remove(name);
                var text = usual.ToJsonString();
                yield return $"{text[..^1]}{(usual.Count > 0 ? "," : string.Empty)}\"{name}\":{value}}}";
            }
        }
    }
}
