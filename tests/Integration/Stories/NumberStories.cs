using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Matters;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>
/// Numbers run in sequence and are easily guessed. One that somebody may not see is answered alike on every endpoint and page, and by every method of the hub, whether
/// it is hidden from them, another team's, or was never given. An endpoint that is added is asked as well.
/// </summary>
public sealed partial class NumberStories : StreetStory
{
    private const string NeverGiven = "260311-99999";

    /// <summary>What every endpoint of a number is sent: complete, so that only the number can be refused.</summary>
    private static readonly Dictionary<string, object> Bodies = new()
    {
        ["calls/contact"] = new { note = "x" }, ["calls/accept"] = new { }, ["calls/arrive"] = new { }, ["calls/resolve"] = new { report = "x" }, ["calls/return"] = new { reason = "unsafe", note = "x" },
        ["calls/acknowledge"] = new { answer = "property" }, ["calls/verify"] = new { passed = true }, ["calls/callback"] = new { result = "noAnswer" }, ["calls/summon"] = new { party = "water" },
        ["calls/attend"] = new { answer = "party-water" }, ["calls/release"] = new { answer = "property", note = "x" }, ["calls/designate"] = new { team = "02", note = "x" }, ["calls/correct"] = new { level = "S1" },
        ["calls/request"] = new { kind = "decline", note = "x" }, ["calls/rule"] = new { kind = "extension", granted = true }, ["calls/resume"] = new { }, ["calls/difficult"] = new { note = "x" },
        ["calls/handUp"] = new { until = "2026-04-01T09:00:00+08:00", note = "x" }, ["calls/merge"] = new { into = "W260311-99998" }, ["calls/unmerge"] = new { }, ["calls/child"] = new { note = "x" },
        ["calls/emergency"] = new { number = "119" }, ["calls/recuse"] = new { }, ["calls/note"] = new { note = "x" }, ["calls/link"] = new { answer = "party-water" },
        ["calls/link/send"] = new { answer = "party-water" }, ["calls/help"] = new { team = "02" }, ["calls/come"] = new { }, ["calls/tell"] = new { note = "x" }, ["calls/cannotCome"] = new { note = "x" },
        ["matters/reveal"] = new { note = "x" }, ["matters/link"] = new { owed = "take" }, ["matters/answer"] = new { owed = "take", says = "accepted" }, ["matters/choose"] = new { key = "take", posts = new[] { "p0001" } },
        ["matters/request"] = new { kind = "suspension", until = "2026-03-20T09:00:00+08:00", note = "x" }, ["matters/rule"] = new { kind = "suspension", granted = true, note = "x" }, ["matters/cancel"] = new { note = "x" },
        ["callouts/end"] = new { note = "x" }, ["rounds/stops"] = new { place = "b1" }, ["matters/note"] = new { note = "x" }, ["matters/resume"] = new { }, ["matters/recuse"] = new { },
    };

    [Theory]
    [InlineData("property01", HiddenSet.Caller)]
    [InlineData("property01", HiddenSet.Correction)]
    [InlineData("grid001", HiddenSet.Self)]
    [InlineData("police01", HiddenSet.Self)]
    [InlineData("head01", HiddenSet.Self)]
    [InlineData("community01", HiddenSet.Early)]
    [InlineData("duty", HiddenSet.Self)]
    [InlineData("leader", HiddenSet.Self)]
    public async Task A_number_that_one_may_not_see_is_answered_as_if_it_had_never_been_given(string who, string how)
    {
        var hidden = new HiddenSet(Street, who, how);
        await hidden.OpenAsync();
        await hidden.HideAsync();
        var numbers = hidden.Numbers.ToList();
        if (who is not ("duty" or "leader")) numbers.AddRange(await OfOthersAsync()); // these two see every other case
        if (who is "property01" or "police01" or "head01" or "grid001") numbers.AddRange(await OfOthersAsync("004", "005", community: "01", seenByVerifiers: who == "grid001"));
        await AreAlikeAsync(who, numbers, HttpStatusCode.NotFound);
        await hidden.EndAsync();
        await AreAlikeAsync(who, hidden.Numbers, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("property01")]
    [InlineData("grid001")]
    [InlineData("community01")]
    [InlineData("duty")]
    [InlineData("leader")]
    public async Task Who_is_off_duty_is_answered_alike_for_every_number(string who)
    {
        var hidden = new HiddenSet(Street, who, HiddenSet.Early);
        await hidden.OpenAsync();
        var others = await OfOthersAsync();
        var seen = await Street.Blow();
        await Street.SignOff(who);
        await AreAlikeAsync(who, [.. hidden.Numbers, .. who is "duty" or "leader" ? [] : others], HttpStatusCode.Forbidden);
        foreach (var path in (string[])["", "/similar", "/candidates", "/photos/x"])
            if ((await (await Street.As(who)).Read($"/api/calls/{seen.CallNo}{path}")) is var answer && answer.Status != HttpStatusCode.Forbidden) Assert.Fail($"{path}: {answer.Text}");
    }

    [Theory]
    [InlineData("community01")]
    [InlineData("duty")]
    public async Task Nothing_is_told_of_a_number_inside_a_request_either(string who)
    {
        var hidden = new HiddenSet(Street, who, HiddenSet.Early);
        await hidden.OpenAsync();
        List<string> numbers = [.. hidden.Numbers];
        if (who != "duty") numbers.AddRange(await OfOthersAsync());
        var (mine, client) = (await Street.Blow(), await Street.As(who));
        foreach (var no in numbers)
        {
            var never = $"{no[0]}{NeverGiven}";
            Assert.Equal(await Told(never, client.Send($"/api/calls/{mine.CallNo}/merge", new { into = never })), await Told(no, client.Send($"/api/calls/{mine.CallNo}/merge", new { into = no })));
            Assert.Equal(await Told(never, client.Read($"/api/history?q={never}")), await Told(no, client.Read($"/api/history?q={no}")));
            Assert.Equal(await Told(never, client.Read($"/api/matters?after={never}")), await Told(no, client.Read($"/api/matters?after={no}")));
            if (who != "community01") continue; // the street's desk opens no errand
            Assert.Equal(await Told(never, client.Send("/api/matters", MatterScene.Errand(parent: never))), await Told(no, client.Send("/api/matters", MatterScene.Errand(parent: no))));
        }
    }

    /// <summary>Cases of another team in every state, and an errand.</summary>
    /// <param name="seenByVerifiers">Without those that a grid worker of the community sees, or has just seen, to verify them.</param>
    private async Task<List<string>> OfOthersAsync(string grid = "029", string verifies = "030", string community = "05", bool seenByVerifiers = false)
    {
        var numbers = new List<string>();
        foreach (var state in (string[])[CallStates.Ringing, CallStates.Accepted, CallStates.OnScene, CallStates.Resolved, CallStates.Verified, CallStates.Closed, CallStates.Withdrawn, CallStates.Merged])
        {
            if (seenByVerifiers && (state is CallStates.Resolved or CallStates.Verified)) continue;
            var call = await Street.Blow(grid);
            numbers.Add(call.CallNo);
            if (state == CallStates.Withdrawn) await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw");
            if (state == CallStates.Merged) await Do("duty2", call.CallNo, "merge", new { into = numbers[0] });
            string[] steps = ["accept", "arrive", "resolve", "verify"];
            foreach (var step in steps[..Math.Max(0, Math.Min(4, Array.IndexOf([CallStates.Ringing, CallStates.Accepted, CallStates.OnScene, CallStates.Resolved, CallStates.Verified, CallStates.Closed], state)))])
                await Do($"grid{(step == "verify" ? verifies : grid)}", call.CallNo, step, step switch { "resolve" => new { report = "好" }, "verify" => new { passed = true }, _ => null });
            if (state == CallStates.Closed) await Evaluate(call, true, "satisfied");
            Assert.Equal(state, (await Street.Card(call.CallNo)).State);
        }

        numbers.Add((await new MatterScene(Street).Open($"community{community}", MatterScene.Errand(grid))).CallNo);
        return numbers;
    }

    private async Task AreAlikeAsync(string userName, IEnumerable<string> numbers, HttpStatusCode status)
    {
        var (client, who) = (await Street.As(userName), await StaffAsync(userName));
        var given = new Dictionary<string, (HttpStatusCode, string)>();
        var asked = 0;
        await using var hub = await Street.HubAs(userName);
        foreach (var no in numbers.SelectMany(n => (string[])[$"{n[0]}{NeverGiven}", n]))
        {
            foreach (var endpoint in ((IEndpointRouteBuilder)Street.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
            {
                if (endpoint.RoutePattern.RawText is not { } pattern || !pattern.Contains("{no}", StringComparison.Ordinal)) continue;
                if (!Access.May(who, endpoint.Metadata.GetMetadata<Needs>()!.Right)) continue;
                var isPage = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null;
                var isGet = isPage || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET");
                var path = "/" + pattern.TrimStart('/').Replace("{no}", no, StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal);
                var verb = string.Join('/', pattern.Trim('/').Split('/').Where((part, i) => part != "api" && part != "{no}"));
                Assert.True(isGet || Bodies.ContainsKey(verb), $"Say what POST {pattern} is sent.");
                var answer = isGet ? await client.Read(path) : await client.Send(path, Bodies[verb]);
                asked++;
                Assert.True(answer.Status == (isPage ? HttpStatusCode.NotFound : status), $"{userName} {path}: {(int)answer.Status} {answer.Text}");
                Compare($"{(isGet ? "GET" : "POST")} {pattern}", no, (answer.Status, Plain(answer.Text, no)));
            }

            foreach (var (method, more) in ((string, object[])[])[(HubNames.Accept, []), (HubNames.Arrive, []), (HubNames.Resolve, ["好"]), (HubNames.Acknowledge, ["property"]), (HubNames.Return, ["unsafe", ""]), (HubNames.Verify, [true, ""])])
                Compare(method, no, (status, Plain(JsonSerializer.Serialize(await hub.InvokeCoreAsync<Reply>(method, [no, .. more])), no)));
        }

        Assert.True(asked > 20, $"only {asked} questions were asked");

        void Compare(string what, string no, (HttpStatusCode, string) answer)
        {
            var key = $"{what} of {no[0]}";
            if (no.EndsWith(NeverGiven, StringComparison.Ordinal)) given[key] = answer;
            else Assert.True(given[key] == answer, $"{userName} is told of {no} by {what}: {answer}, and of one never given: {given[key]}");
        }
    }

    private static async Task<(HttpStatusCode, string)> Told(string no, Task<Answer> asked)
    {
        var answer = await asked;
        return (answer.Status, Plain(answer.Text, no));
    }

    /// <summary>An answer without what differs each time: its trace and nonces, and the number that was asked for.</summary>
    private static string Plain(string text, string no) => EachTime().Replace(text.Replace(no, "NO", StringComparison.Ordinal), string.Empty);

    private async Task<Staff> StaffAsync(string userName)
    {
        await using var db = Street.Service<Database>().Context();
        return Street.Service<AccountBook>().OfId(db.Users.Single(u => u.UserName == userName).Id)!;
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"|nonce=\"[^\"]*\"|value=\"CfDJ[^\"]*\"")]
    private static partial Regex EachTime();
}
