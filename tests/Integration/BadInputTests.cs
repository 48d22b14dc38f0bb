using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Whatever is wrong with a request is a problem with a stable code, and nothing has changed.</summary>
public sealed partial class BadInputTests(SharedStreet shared) : IClassFixture<SharedStreet>
{
    private const string Deep = "[[[[[[[[[[[[[[[[[[[[";

    public static readonly TheoryData<int, string, string> Whistles = new()
    {
        { 404, Codes.StationUnknown, """{"station":"99","category":"02"}""" },
        { 404, Codes.StationUnknown, """{"station":"","category":"02"}""" },
        { 404, Codes.StationUnknown, """{"station":"03\u0000","category":"02"}""" },
        { 404, Codes.GridUnknown, """{"grid":"999","category":"02"}""" },
        { 404, Codes.GridUnknown, """{"grid":"001' OR '1'='1","category":"02"}""" },
        { 400, Codes.PlaceMissing, """{"category":"02"}""" },
        { 422, Codes.CategoryUnknown, """{"grid":"001"}""" },
        { 422, Codes.CategoryUnknown, """{"grid":"001","category":"27"}""" },
        { 422, Codes.CategoryUnknown, """{"grid":"001","category":"2"}""" },
        { 400, "location_invalid", """{"category":"02","location":{"lat":35.07,"lon":122.37}}""" },
        { 400, "location_invalid", """{"category":"02","location":{"lat":35.07,"lon":122.37,"datum":"bd09"}}""" },
        { 400, "location_invalid", """{"category":"02","location":{"lat":91,"lon":122.37,"datum":"wgs84"}}""" },
        { 400, "location_invalid", """{"category":"02","location":{"lon":122.37,"datum":"wgs84"}}""" },
        { 400, "location_invalid", """{"category":"02","location":{"lat":1e999,"lon":122.37,"datum":"wgs84"}}""" },
        { 422, Codes.LocationOutside, """{"category":"02","location":{"lat":39.9,"lon":116.4,"datum":"wgs84"}}""" },
        { 422, Codes.StandardUnknown, """{"grid":"001","category":"02","standard":"1-1-1"}""" },
        { 403, "source_forbidden", """{"grid":"001","category":"02","source":"phone"}""" },
        { 422, Codes.TextTooLong, $$"""{"grid":"001","category":"02","description":"{{new string('长', 2_001)}}"}""" },
        { 422, Codes.TextTooLong, """{"grid":"001","category":"02","contact":{"name":"LONG"}}""".Replace("LONG", new string('长', 41), StringComparison.Ordinal) },
        { 422, Codes.TextTooLong, """{"grid":"001","category":"02","contact":{"name":"LONG","phone":"123"}}""".Replace("LONG", new string('长', 41), StringComparison.Ordinal) },
        { 400, Codes.BadJson, "" },
        { 400, Codes.BadJson, "   " },
        { 400, Codes.BadJson, "{" },
        { 400, Codes.BadJson, "null" },
        { 400, Codes.BadJson, "1" },
        { 400, Codes.BadJson, "\"whistle\"" },
        { 400, Codes.BadJson, """[{"grid":"001","category":"02"}]""" },
        { 400, Codes.BadJson, """{"grid":"001","category":"02"}}""" },
        { 400, Codes.BadJson, """{"grid":1,"category":"02"}""" },
        { 400, Codes.BadJson, """{"grid":"001","category":"02","danger":"yes"}""" },
        { 400, Codes.BadJson, """{"grid":"001","category":"02","contact":"13800000000"}""" },
        { 400, Codes.BadJson, """{"grid":"001","category":"02","location":{"lat":"north","lon":122,"datum":"wgs84"}}""" },
        { 400, Codes.BadJson, "{\"grid\":\"001\",\"category\":\"02\",\"description\":\"a\u0000b\"}" },
        { 400, Codes.BadJson, """{"grid":"001","category":"02","description":"\ud800"}""" },
        { 400, Codes.BadJson, $$"""{"grid":"001","category":"02","more":{{Deep}}{{Deep}}{{Deep}}{{Deep}}{{Deep}}{{Deep}}""" },
    };

    private static readonly string Whistle = """{"grid":"001","category":"02"}""";

    private readonly TestStreet _street = shared.Street;

    [Theory]
    [MemberData(nameof(Whistles))]
    public async Task A_whistle_that_is_not_right_is_refused(int status, string code, string body) =>
        await Refused(status, code, () => _street.Anyone.Send("/api/whistles", body));

    [Theory]
    [InlineData("duty", "/api/roster/shifts", """{"post":"p1","from":"2026-03-12T08:00:00","until":"2026-03-12T16:00:00+08:00"}""")]
    [InlineData("duty", "/api/roster/shifts", """{"post":"p1","from":"2026-03-12T08:00:00+08:00","until":"2026-03-12T16:00"}""")]
    [InlineData("grid001", "/api/duty/take", """{"until":"2026-03-12T16:00:00.5"}""")]
    [InlineData("grid001", "/api/duty/leave", """{"until":"2026-03-12","kind":"sick"}""")]
    [InlineData("community01", "/api/calls/W260312-00001/request", """{"kind":"suspension","until":"2026-03-14T08:00:00","note":"等材料"}""")]
    public async Task A_time_without_its_offset_is_refused_wherever_it_stands(string account, string path, string body)
    {
        var who = await _street.As(account);
        await Refused(422, Codes.TimeOffsetMissing, () => who.Send(path, body));
    }

    /// <summary>A day so near to the ends of time that the next, or the fortnight before it, does not exist.</summary>
    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("8999-12-31")]
    [InlineData("0001-01-01")]
    [InlineData("2000-01-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-3-1")]
    [InlineData("yesterday")]
    public async Task A_day_at_the_ends_of_time_is_answered_wherever_days_are_read(string day)
    {
        foreach (var (account, path) in ((string, string)[])
        [
            ("auditor", "/api/chain"), ("auditor", "/api/chain.csv"), ("auditor", "/chain"), ("auditor", "/api/audit/journal"), ("auditor", "/api/audit/journal.csv"), ("auditor", "/api/reads"), ("auditor", "/api/reads.csv"), ("auditor", "/api/acts"), ("auditor", "/audit"), ("auditor", "/acts"),
            ("duty", "/api/rates"), ("duty", "/api/rates.csv"), ("duty", "/api/history"), ("duty", "/history"), ("duty", "/api/stats"), ("duty", "/api/stats.csv"), ("duty", "/brief"), ("grid001", "/api/roster"), ("grid001", "/api/roster.csv"), ("duty", "/roster"), ("duty", "/api/roster/tonight"), ("duty", "/api/reach/figures"),
        ])
            foreach (var query in (string[])[$"from={day}", $"to={day}", $"from={day}&to={day}", $"day={day}", $"at={day}", $"asOf={day}T00:00:00Z", $"from=2026-03-11&to={day}", $"unit=team:01&from={day}"])
            {
                var answer = await (await _street.As(account)).Read($"{path}?{query}");
                Assert.True((int)answer.Status < 500, $"{path}?{query}: {(int)answer.Status} {answer.Text}");
            }
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused() =>
        await Refused(400, Codes.BadJson, () => _street.Anyone.Send("/api/whistles", (byte[])[.. "{\"grid\":\"001\",\"category\":\"02\",\"description\":\""u8, 0xff, 0xfe, (byte)'"', (byte)'}']));

    /// <summary>A blank in the place of a code or number, on every page that has one, for whoever may open it.</summary>
    [Theory]
    [InlineData("%20")]
    [InlineData("%0A")]
    [InlineData("%09%20")]
    [InlineData("%E3%80%80")]
    public async Task A_blank_in_an_address_is_no_page(string blank)
    {
        string[] pages = [.. _street.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.OfType<PageActionDescriptor>().Any())
            .Select(e => e.RoutePattern.RawText!).Where(path => path.Contains('{', StringComparison.Ordinal) && !path.Contains("status", StringComparison.Ordinal)).Distinct()];
        Assert.Contains("/c/{community}", pages);
        Assert.Contains("/matters/{no}", pages);
        foreach (var account in (string[])["duty", "admin", "grid001"])
        {
            using var client = _street.NewClient();
            client.DefaultRequestHeaders.Add("Cookie", await _street.CookieOf(account));
            foreach (var page in pages)
                Assert.Contains((await client.Ask(HttpMethod.Get, Placeholder().Replace(page, blank), shape: r => r.Headers.Accept.ParseAdd("text/html"))).Status, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.Forbidden]);
        }
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        await Refused(415, Codes.UnsupportedMediaType, () => _street.Anyone.Send("/api/whistles", Whistle, contentType: contentType));
        await Refused(415, Codes.UnsupportedMediaType, () => _street.Anyone.Send("/api/login", Whistle, contentType: contentType));
    }

    [Fact]
    public async Task No_body_at_all_is_refused() => await Refused(415, Codes.UnsupportedMediaType, () => _street.Anyone.Send("/api/whistles"));

    [Theory]
    [InlineData(300 * 1024)]
    [InlineData(4 * 1024 * 1024 - 100)]
    public async Task A_body_beyond_256_KiB_is_413_and_carries_a_problem(int length)
    {
        var body = $$"""{"grid":"001","category":"02","description":"{{new string('x', length)}}"}""";
        await Refused(413, Codes.BodyTooLarge, () => _street.Anyone.Send("/api/whistles", body));
    }

    [Fact]
    public async Task A_body_that_does_not_say_how_long_it_is_is_cut_off_at_256_KiB()
    {
        var before = _street.Fingerprint();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _street.Anyone.BaseAddress!.Port);
        var stream = client.GetStream();
        var chunk = Bodies.Limit + 1;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/whistles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunk:x}\r\n{"{}".PadRight(chunk)}\r\n"));
        using var reader = new StreamReader(stream); // the end of the body is never sent: the answer does not wait for it
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync().WaitAsync(TestStreet.Patience));
        Assert.Contains($"\"code\":\"{Codes.BodyTooLarge}\"", await reader.ReadToEndAsync().WaitAsync(TestStreet.Patience), StringComparison.Ordinal);
        Assert.Equal(before, _street.Fingerprint());
    }

    [Fact]
    public async Task A_body_of_exactly_256_KiB_is_read()
    {
        var answer = await _street.Anyone.Send("/api/whistles", Whistle.PadRight(Bodies.Limit));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }

    [Fact]
    public async Task Control_characters_are_taken_out_of_what_people_write()
    {
        var call = (await _street.Anyone.Send("/api/whistles", """{"grid":"001","category":"02","description":" a\u0000b\u0007c\u0085\u001b[31m\nd\te ","contact":{"name":"王\u0000五"}}"""))
            .Value<WhistleReceipt>(HttpStatusCode.Created);
        await using var db = _street.Service<Database>().Context();
        Assert.Equal("abc[31m\nd\te", db.DataKeys.Decrypt((await db.Words.SingleAsync(w => w.CallNo == call.CallNo)).Words));
        Assert.Equal("王五", db.DataKeys.Decrypt((await db.Callers.SingleAsync(c => c.CallNo == call.CallNo)).Name));
    }

    [Fact]
    public async Task The_longest_texts_are_taken()
    {
        var body = new { grid = "001", category = "02", description = new string('长', 2_000), contact = new { name = new string('名', 40), phone = "+86 (0632) 555-0000 1234" } };
        Assert.Equal(HttpStatusCode.Created, (await _street.Anyone.Send("/api/whistles", body)).Status);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, Codes.NotFound)]
    [InlineData("GET", "/hubs/nothing", 404, Codes.NotFound)]
    [InlineData("DELETE", "/api/whistles", 405, Codes.MethodNotAllowed)]
    [InlineData("PATCH", "/api/login", 405, Codes.MethodNotAllowed)]
    [InlineData("PUT", "/api/board", 405, Codes.MethodNotAllowed)]
    [InlineData("GET", "/api/track/short", 404, Codes.TrackingUnknown)]
    [InlineData("GET", "/api/track/AAAAAAAAAAAAAAAAAAAAAA", 404, Codes.TrackingUnknown)]
    [InlineData("GET", "/api/track/AAAAAAAAAAAAAAAAAAAAAA/events", 404, Codes.TrackingUnknown)]
    [InlineData("GET", "/api/track/%25%27%22AAAAAAAAAAAAAAAAAAAAAA", 404, Codes.TrackingUnknown)]
    public async Task An_address_that_is_not_there_is_a_problem(string method, string path, int status, string code) =>
        await Refused(status, code, () => _street.Anyone.Ask(HttpMethod.Parse(method), path));

    [Theory]
    [InlineData("note", """{"note":""}""", 422, Codes.TextMissing)]
    [InlineData("note", """{"note":"\u0000 \u0007"}""", 422, Codes.TextMissing)]
    [InlineData("note", "[]", 400, Codes.BadJson)]
    [InlineData("evaluation", """{"solved":true}""", 422, Codes.SatisfactionUnknown)]
    [InlineData("evaluation", """{"satisfaction":"satisfied"}""", 422, Codes.SatisfactionUnknown)]
    [InlineData("evaluation", """{"solved":true,"satisfaction":"Satisfied"}""", 422, Codes.SatisfactionUnknown)]
    [InlineData("evaluation", """{"solved":true,"satisfaction":"0"}""", 422, Codes.SatisfactionUnknown)]
    [InlineData("evaluation", """{"solved":"true","satisfaction":"satisfied"}""", 400, Codes.BadJson)]
    public async Task A_callers_words_that_are_not_right_are_refused(string command, string body, int status, string code)
    {
        var call = await _street.Blow("055");
        await Refused(status, code, () => _street.Anyone.Send($"/api/track/{call.TrackingCode}/{command}", body));
    }

    [Theory]
    [InlineData("note")]
    [InlineData("evaluation")]
    public async Task A_callers_words_beyond_the_limit_are_refused(string command)
    {
        var call = await _street.Blow("055");
        await Refused(422, Codes.TextTooLong, () => _street.Anyone.Send(
            $"/api/track/{call.TrackingCode}/{command}", new { note = new string('长', 1_001), words = new string('长', 1_001), solved = true, satisfaction = "satisfied" }));
    }

    [Fact]
    public async Task What_is_wrong_with_several_fields_is_told_for_the_first_and_the_rest_stays_safe() =>
        await Refused(422, Codes.TextTooLong, () => _street.Anyone.Send("/api/whistles", new
        {
            grid = "001", category = "02", contact = new { name = new string('长', 4_000), phone = "13800000000" },
        }));

    private async Task Refused(int status, string code, Func<Task<Answer>> ask)
    {
        var before = _street.Fingerprint();
        (await ask()).Problem(status, code);
        Assert.Equal(before, _street.Fingerprint());
    }
}
