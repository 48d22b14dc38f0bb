using System.Net;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>Two officers give the same command at once: the first through the API, the second in an open page. The second is told, and nothing is done twice.</summary>
public sealed class TwoOfficers(Street street) : IAsyncDisposable
{
    private const string Already = "刚才已经这样办过，没有再办一次。";
    private const string OutOfTurn = "案件现在不在这一步。";
    private const string NothingAsked = "没有等待处理的申请。";
    private const string AskedBefore = "已经申请过，或已经批准过一次。";
    private const string Over = "案件已结束。";
    private const string Grid = "103";
    private const string Worker = "grid103";

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task With_every_command_the_second_is_told_and_it_is_done_once()
    {
        var desk = await _windows.DeskAsync("duty2");
        desk.Forgive("status of (409|422)");
        await foreach (var one in RaceAsync())
        {
            var callNo = await one.Prepare();
            await desk.Page.GotoAsync("/desk/" + callNo);
            await desk.LiveAsync();
            await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
            var button = desk.Find($"#detail [data-command={one.Command}]");
            if (await desk.Find($"#detail .more [data-command={one.Command}]").CountAsync() > 0) await desk.Find("#detail .more summary").ClickAsync();
            await button.ClickAsync();
            if (one.IsHeld) await Expect(desk.Find(".undo")).ToBeVisibleAsync(); // five seconds to undo it
            else
            {
                await Expect(desk.Find("dialog form")).ToBeVisibleAsync();
                await one.Fill(desk);
            }

            var (status, answer) = await street.Api.AskAsync("duty", HttpMethod.Post, $"/api/calls/{callNo}/{one.Path}", one.Body);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created, $"{one.Command}: {answer}");
            if (!one.IsHeld && one.Command != "unmerge") await Expect(desk.Find("dialog [role=status]")).ToContainTextAsync("这件刚"); // before it is pressed
            if (!one.IsHeld) await desk.Page.Keyboard.PressAsync("Control+Enter");
            if (one.Told is { } told) await Expect(desk.Find("dialog .error-box:not([hidden]), .toast", told).First).ToBeVisibleAsync();
            else await Expect(desk.Find("dialog")).ToHaveCountAsync(0);
            var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
            Assert.Equal((one.Command, one.Told is null ? 2 : 1), (one.Command, detail!["timeline"]!.AsArray().Count(line => (string)line!["what"]! == one.Happening)));
            if (one.Command is "designate" or "tell") await desk.ShootAsync("two-officers-" + one.Command);
        }
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async IAsyncEnumerable<Pair> RaceAsync()
    {
        yield return new("accept", "accepted", Urgent()) { IsHeld = true, Told = "晚了一步：已由街道值班接单。" };
        yield return new("arrive", "arrived", Urgent("accept")) { IsHeld = true };
        yield return new("resolve", "resolved", Urgent("accept", "arrive")) { Body = new() { ["report"] = "Closed the valve." }, Fill = Words };
        yield return new("requestExtension", "requested", Urgent("accept")) { Path = "request", Body = Request("extension", ("hours", 1)), Fill = Both(desk => desk.Find("dialog input[type=number]").FillAsync("1"), Words), Told = AskedBefore };
        yield return new("requestSuspension", "requested", Urgent("accept")) { Path = "request", Body = Request("suspension", ("until", Later)), Fill = Words, Told = AskedBefore };
        yield return new("handUp", "handedUp", Urgent("accept", "arrive")) { Body = new() { ["until"] = Later, ["note"] = "For the city." }, Fill = Words };
        yield return new("difficult", "difficult", Calm("accept", "arrive")) { Body = new() { ["note"] = "A plan." }, Fill = Words, Told = Already };
        yield return new("emergency", "emergencyConfirmed", Calm()) { Body = new() { ["number"] = "119" }, Fill = desk => desk.Find("dialog input[value='119']").CheckAsync(), Told = Already };
        yield return new("emergency-119", "emergencyConfirmed", Urgent()) { Path = "emergency", Body = new() { ["number"] = "119" }, IsHeld = true, Told = Already };
        yield return new("designate", "designated", Calm()) { Body = new() { ["team"] = Neighbour, ["note"] = "Nearer." }, Fill = _ => Task.CompletedTask, Told = "另一位值班员刚刚指派了" };
        yield return new("correct", "corrected", Calm()) { Body = new() { ["category"] = "12" }, Fill = desk => desk.Find("dialog select").First.SelectOptionAsync("12"), Told = "没有需要更正的内容。" };
        yield return new("summon", "summoned", Calm()) { Body = new() { ["party"] = "water" }, Fill = desk => desk.Find("dialog input[value=water]").CheckAsync(), Told = Already };
        yield return new("attend", "attended", Summoned) { Body = new() { ["answer"] = "party-water", ["note"] = "Zhang: here." }, Fill = desk => desk.Find("dialog input[maxlength='60']").FillAsync("Zhang"), Told = Already };
        yield return new("release", "released", Summoned) { Body = new() { ["answer"] = "party-water", ["note"] = "No need." }, Fill = Words, Told = Already };
        yield return new("help", "helpCalled", Calm("accept")) { Body = new() { ["team"] = Neighbour }, Fill = desk => desk.Find($"dialog input[value='{Neighbour}']").CheckAsync(), Told = Already };
        yield return new("ruleExtension", "granted", Asking("extension", ("hours", 1))) { Path = "rule", Body = Granted("extension"), Fill = Yes, Told = NothingAsked };
        yield return new("grant-extension", "granted", Asking("extension", ("hours", 1))) { Path = "rule", Body = Granted("extension"), IsHeld = true, Told = NothingAsked };
        yield return new("ruleSuspension", "granted", Asking("suspension", ("until", Later))) { Path = "rule", Body = Granted("suspension"), Fill = Yes, Told = NothingAsked };
        yield return new("resume", "resumed", Suspended) { Body = new(), Fill = _ => Task.CompletedTask, Told = NothingAsked };
        yield return new("ruleDecline", "declined", Asking("decline")) { Path = "rule", Body = Granted("decline"), Fill = Both(Yes, Words), Told = Over };
        _into = (await street.Api.WhistleInAsync(Grid, "12")).CallNo;
        yield return new("merge", "merged", Calm()) { Body = new() { ["into"] = _into }, Fill = IntoAsync, Told = Over };
        yield return new("unmerge", "unmerged", Merged) { Body = new(), Fill = _ => Task.CompletedTask };
        yield return new("callback", "evaluated", Verified) { Body = new() { ["result"] = "reached", ["solved"] = true, ["satisfaction"] = "satisfied" }, Fill = desk => desk.Find("dialog input[value=noAnswer]").CheckAsync(), Told = Over };

        // What two people say is said by both; the second has read that the case has changed.
        yield return new("tell", "toldCaller", Calm()) { Body = new() { ["note"] = "On the way." }, Fill = Words, Told = null };
        yield return new("note", "noted", Calm()) { Body = new() { ["note"] = "Called them." }, Fill = Words, Told = null };
        yield return new("child", "childOpened", Calm("accept")) { Body = new() { ["note"] = "Repair." }, Fill = Words, Told = null };
    }

    private const string Neighbour = "30";
    private string _into = "";

    private static string Later => TimeProvider.System.GetUtcNow().AddDays(5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject Request(string kind, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject { ["kind"] = kind, ["note"] = "Wait for the part." };
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    private static JsonObject Granted(string kind) => new() { ["kind"] = kind, ["granted"] = true, ["note"] = "Agreed." };

    private static Task Words(Window desk) => desk.Find("dialog textarea").Last.FillAsync("The same.");

    private static Task Yes(Window desk) => desk.Find("dialog .choice input").First.CheckAsync();

    private static Func<Window, Task> Both(Func<Window, Task> first, Func<Window, Task> second) => async desk =>
    {
        await first(desk);
        await second(desk);
    };

    private async Task IntoAsync(Window desk) => await desk.Find("dialog input[maxlength='24']").FillAsync(_into);

    /// <summary>An S1, which the street's desk takes this far.</summary>
    private Func<Task<string>> Urgent(params string[] steps) => () => OpenAsync("01", "duty", steps);

    /// <summary>An S3, which the team takes this far.</summary>
    private Func<Task<string>> Calm(params string[] steps) => () => OpenAsync("11", Worker, steps);

    private async Task<string> OpenAsync(string category, string who, string[] steps)
    {
        var (callNo, _) = await street.Api.WhistleInAsync(Grid, category);
        foreach (var step in steps) await street.Api.GiveAsync(who, callNo, step);
        return callNo;
    }

    private async Task<string> Summoned()
    {
        var callNo = await Calm()();
        await street.Api.GiveAsync("duty", callNo, "summon", new() { ["party"] = "water" });
        return callNo;
    }

    private Func<Task<string>> Asking(string kind, params (string Name, JsonNode Value)[] more) => async () =>
    {
        var callNo = await Calm("accept")();
        await street.Api.GiveAsync(Worker, callNo, "request", Request(kind, more));
        return callNo;
    };

    private async Task<string> Suspended()
    {
        var callNo = await Asking("suspension", ("until", Later))();
        await street.Api.GiveAsync("duty", callNo, "rule", Granted("suspension"));
        return callNo;
    }

    private async Task<string> Merged()
    {
        var callNo = await Calm()();
        await street.Api.GiveAsync("duty", callNo, "merge", new() { ["into"] = (await street.Api.WhistleInAsync(Grid, "11")).CallNo });
        return callNo;
    }

    private async Task<string> Verified()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10");
        await street.Api.VerifyAsync(await street.Api.PlaceAsync("10"), callNo);
        return callNo;
    }

    private sealed record Pair(string Command, string Happening, Func<Task<string>> Prepare)
    {
        public string Path { get; init; } = Command;

        public JsonObject? Body { get; init; }

        public Func<Window, Task> Fill { get; init; } = _ => Task.CompletedTask;

        /// <summary>Sent after five seconds unless undone, without a dialog.</summary>
        public bool IsHeld { get; init; }

        /// <summary>What the second reads; null where both stand.</summary>
        public string? Told { get; init; } = OutOfTurn;
    }
}
