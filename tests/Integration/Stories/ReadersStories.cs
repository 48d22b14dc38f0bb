using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>
/// Every reader that there is, asked whatever it can be asked: a case that is hidden from somebody, and what belongs to it, is in no answer to them. An endpoint
/// or page that is added is asked as well.
/// </summary>
public sealed partial class ReadersStories : StreetStory
{
    private static readonly string[] Filters = ["", "&state=open", "&late=any", "&grid=001", "&category=02", "&rate=cases", "&unit=street", "&by=grid"];

    [Theory]
    [InlineData("duty", HiddenSet.Self, 4)]
    [InlineData("leader", HiddenSet.Self, 4)]
    [InlineData("community01", HiddenSet.Self, 4)]
    [InlineData("community01", HiddenSet.Early, 0)]
    [InlineData("grid001", HiddenSet.Self, 2)]
    [InlineData("grid001", HiddenSet.Early, 0)]
    [InlineData("property01", HiddenSet.Self, 2)]
    [InlineData("property01", HiddenSet.Caller, 0)]
    [InlineData("property01", HiddenSet.Correction, 2)]
    public async Task What_is_hidden_from_somebody_is_in_no_answer_to_them(string userName, string how, int least)
    {
        var hidden = new HiddenSet(Street, userName, how);
        await hidden.OpenAsync();
        string[] numbers = [.. hidden.Numbers];
        if (hidden.IsSeenFirst)
        {
            var before = await AskAllAsync(userName, numbers);
            Assert.True(before.Count >= least, $"only these show it at all: {string.Join(", ", before.Keys)}"); // else the test would show nothing
            await hidden.HideAsync();
        }

        Assert.Empty(await AskAllAsync(userName, numbers));
        await hidden.EndAsync();
        Assert.Empty(await AskAllAsync(userName, numbers));
        Assert.NotEmpty(await AskAllAsync("auditor", numbers));
    }

    /// <summary>The addresses whose answers name one of the cases, with what they say there.</summary>
    private async Task<Dictionary<string, string>> AskAllAsync(string userName, string[] numbers)
    {
        var found = new Dictionary<string, string>();
        var client = await Street.As(userName);
        var who = await StaffAsync(userName);
        var today = Street.Now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var asked = 0;
        foreach (var endpoint in ((IEndpointRouteBuilder)Street.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { } methods && !methods.Contains("GET")) continue;
            if (endpoint.Metadata.GetMetadata<Needs>() is not { } needs || !Access.May(who, needs.Right) || endpoint.RoutePattern.RawText is not { } pattern) continue;
            if (pattern.Contains("{**", StringComparison.Ordinal) || pattern.Contains('.', StringComparison.Ordinal) || pattern.Contains("hubs", StringComparison.Ordinal)) continue; // files; the feed is asked below
            foreach (var no in pattern.Contains("{no}", StringComparison.Ordinal) ? numbers : [string.Empty])
            {
                var path = "/" + Blank().Replace(pattern, m => m.Groups[1].Value == "no" ? no : "001").TrimStart('/');
                foreach (var filter in no.Length > 0 ? [""] : Filters)
                    foreach (var days in new[] { "?", $"?from={today}&to={today}&day={today}" })
                    {
                        var answer = await client.Read(path + days + filter);
                        asked++;
                        var text = no.Length > 0 && (int)answer.Status >= 400 ? string.Empty : answer.Text; // a refusal may say the number that it was asked for
                        if (Array.Find(numbers, n => text.Contains(n, StringComparison.Ordinal)) is { } named) found[path + days + filter] = named;
                    }
            }
        }

        foreach (var no in Access.May(who, Hub.Features.Whistles.WhistleRights.Search) ? numbers : [])
            if ((await client.Send("/api/search", new { q = no })).Text.Contains(no, StringComparison.Ordinal)) found["the search"] = no;

        Assert.True(asked > 100, $"only {asked} questions were asked");
        if (Access.May(who, Hub.Feed.FeedRights.Watch))
        {
            await using var screen = await Screen.FilledAsync(Street, userName);
            if (numbers.FirstOrDefault(no => screen.Cases.ContainsKey(no) || screen.Matters.ContainsKey(no)) is { } watched) found["the feed"] = watched;
        }

        return found;
    }

    private async Task<Staff> StaffAsync(string userName)
    {
        await using var db = Street.Service<Database>().Context();
        return Street.Service<AccountBook>().OfId(db.Users.Single(u => u.UserName == userName).Id)!;
    }

    [GeneratedRegex(@"\{([a-z]+)[^}]*\}", RegexOptions.IgnoreCase)]
    private static partial Regex Blank();
}
