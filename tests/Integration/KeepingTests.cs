using System.Net;
using System.Net.Http.Headers;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Matters;
using DispatchCenter.Integration.Stories;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>No browser and no proxy keeps an answer that could name a person or a code: every endpoint that there is, with a short list of those that name none.</summary>
public sealed class KeepingTests : StreetStory
{
    /// <summary>The same for everybody, or for everybody who is not signed in.</summary>
    private static readonly string[] Kept = ["/s", "/s/{station}", "/g/{grid}", "/api/street", "/api/standards", "/openapi/{documentName}.json", "/m.webmanifest"];

    [Fact]
    public async Task Every_answer_is_kept_by_nobody_unless_it_is_in_the_list()
    {
        var call = await Street.Blow();
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        var party = (await Link("community01", call.CallNo, "party-water"))["/api/d/".Length..];
        var feed = (await (await Street.As("grid001")).Send("/api/duty/feed", new { })).Value<RosterFeed>(HttpStatusCode.Created).Url;
        var errand = await new MatterScene(Street).Open("grid001");
        var staff = new Dictionary<string, Staff>();
        await using (var db = Street.Service<Database>().Context())
            foreach (var name in (string[])["grid001", "duty", "leader", "admin", "auditor", "wall"]) staff[name] = Street.Service<AccountBook>().OfId(db.Users.Single(u => u.UserName == name).Id)!;
        var (wrong, asked) = (new List<string>(), 0);
        foreach (var endpoint in ((IEndpointRouteBuilder)Street.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || pattern.StartsWith("/hubs", StringComparison.Ordinal)) continue;
            var needs = endpoint.Metadata.GetMetadata<Needs>()!.Right;
            var path = pattern.Replace("{no}", pattern.Contains("matters", StringComparison.Ordinal) ? errand.CallNo : call.CallNo, StringComparison.Ordinal)
                .Replace("{code}", pattern.StartsWith("/d/", StringComparison.Ordinal) || pattern.StartsWith("/api/d/", StringComparison.Ordinal) ? party : pattern.Contains("/f", StringComparison.Ordinal) ? errand.TrackingCode : pattern.StartsWith("/cal", StringComparison.Ordinal) ? feed["/cal/".Length..^".ics".Length] : call.TrackingCode, StringComparison.Ordinal)
                .Replace("{station}", "01", StringComparison.Ordinal).Replace("{grid}", "001", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{**path:file}", "none.css", StringComparison.Ordinal).Replace("{status:int}", "404", StringComparison.Ordinal);
            path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "1");
            string[] methods = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null ? ["GET"] : [.. endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods];
            string?[] askers = [Access.IsOpenToAll(needs) ? null : staff.First(s => Access.May(s.Value, needs)).Key, "wall", null];
            foreach (var method in methods)
                foreach (var (who, accept) in askers.Distinct().SelectMany(who => (string[])["application/json", "text/html"], (who, accept) => (who, accept)))
                {
                    asked++;
                    var (status, kept) = await AskAsync(method, path, who, accept);
                    var may = Kept.Contains(pattern) && method is "GET" or "HEAD" && (who is null || endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null);
                    if (pattern == "/api/board" && status == HttpStatusCode.OK) Assert.True(kept is { Private: true, NoCache: true }); // codes of cases alone, asked for again by their tag
                    else if (may != kept?.NoStore is not true) wrong.Add($"{method} {path} as {who ?? "nobody"} for {accept}: {(int)status} {kept}");
                }
        }

        Assert.True(asked > 300, $"only {asked} were asked");
        Assert.Empty(wrong);
    }

    private async Task<(HttpStatusCode Status, CacheControlHeaderValue? Kept)> AskAsync(string method, string path, string? who, string accept)
    {
        using var client = Street.NewClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Accept", accept }, { "X-Requested-With", "fetch" } } };
        if (who is not null) request.Headers.Add("Cookie", await Street.CookieOf(who));
        if (method is not ("GET" or "HEAD")) request.Content = new StringContent("{}", null, "application/json");
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return (answer.StatusCode, answer.Headers.CacheControl);
    }
}
