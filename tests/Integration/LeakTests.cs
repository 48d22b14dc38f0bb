using System.Net;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Promise 7: identity and free text never travel over the feed, the journal, logs or metrics.</summary>
public sealed class LeakTests
{
    [Fact]
    public async Task Nothing_of_a_person_or_of_what_people_write_gets_out()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var street = await TestStreet.StartAsync([.. collector.Settings, "--Logging:OpenTelemetry:LogLevel:Default=Trace", .. new[] { "Default", "Microsoft", "Microsoft.Hosting.Lifetime", "Quartz" }.Select(of => $"--Logging:LogLevel:{of}=Trace")]);
        var marks = new Marks();
        string[] watchers = ["duty", "wall", "auditor", "community01", "grid001", "grid005", "property01", "head01"];
        var screens = await Task.WhenAll(watchers.Select(w => Screen.FilledAsync(street, w)));
        var receipts = new List<WhistleReceipt>();

        // A whole life with words at every step, one with location and an officer, and one that is refused everywhere.
        var call = (await street.Anyone.Send("/api/whistles", new
        {
            location = new { lat = 35.066543211, lon = 122.376543212, datum = "wgs84" }, category = "02", description = marks.New(), contact = new { name = marks.New(), phone = marks.NewPhone() },
        }, marks.New())).Value<WhistleReceipt>(HttpStatusCode.Created);
        receipts.Add(call);
        marks.Add("35.066543211", "122.376543212");
        await using (var hub = await street.HubAs("grid001"))
        {
            Assert.True((await hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo)).Ok);
            Assert.True((await hub.InvokeAsync<Reply>(HubNames.Arrive, call.CallNo)).Ok);
            Assert.False((await hub.InvokeAsync<Reply>(HubNames.Return, call.CallNo, marks.New(), marks.New())).Ok);
            Assert.False((await hub.InvokeAsync<Reply>(HubNames.Acknowledge, call.CallNo, marks.New())).Ok);
            Assert.True((await hub.InvokeAsync<Reply>(HubNames.Resolve, call.CallNo, marks.New())).Ok);
            Assert.False((await hub.InvokeAsync<Reply>(HubNames.Accept, marks.New())).Ok);
        }

        await street.Do("grid005", call.CallNo, "verify", new { passed = false, note = marks.New() });
        await street.Do("grid001", call.CallNo, "return", new { reason = "other", note = marks.New() });
        await street.Do("police02", call.CallNo, "accept");
        await street.Do("police02", call.CallNo, "note", new { note = marks.New() });
        await street.Do("police02", call.CallNo, "arrive");
        await street.Do("police02", call.CallNo, "resolve", new { report = marks.New() });
        await street.Do("grid003", call.CallNo, "verify", new { passed = true, note = marks.New() });
        await street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { note = marks.New() });
        var duty = await street.As("duty");
        await duty.Read($"/api/calls/{call.CallNo}");
        await duty.Send($"/api/calls/{call.CallNo}/contact", new { note = marks.New() });
        await street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "dissatisfied", words = marks.New() });
        receipts.Add((await duty.Send("/api/whistles", new { grid = "001", category = "02", source = "phone", description = marks.New(), contact = new { name = marks.New(), phone = marks.NewPhone() } }))
            .Value<WhistleReceipt>(HttpStatusCode.Created));
        await street.Anyone.Send("/api/login", new { userName = marks.New(), password = marks.New() });
        await street.Anyone.Send("/api/login", new { userName = "police01", password = marks.New() });
        await street.Anyone.Send("/api/whistles", new { grid = "001", category = marks.New(), description = marks.New() });
        await street.Anyone.Send("/api/whistles", $"{{\"grid\":\"001\",\"description\":\"{marks.New()}\"");
        await street.Anyone.Read($"/api/track/{marks.New()}0123456789");
        await street.Anyone.Read($"/{marks.New()}?access_token={marks.New()}");
        await street.Anyone.Ask(HttpMethod.Put, $"/api/track/{call.TrackingCode}");
        await street.Anyone.Ask(HttpMethod.Get, $"/t/{call.TrackingCode}?x={marks.New()}", shape: r => r.Headers.Add("Accept", "text/html"));
        await street.Anyone.Ask(HttpMethod.Get, $"/t/{marks.New()}", shape: r => r.Headers.Add("Accept", "text/html"));
        await Parallel.ForAsync(0, Residents, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, ct) =>
        {
            var own = (await street.Anyone.Send("/api/whistles", new { grid = "029", category = "02", description = marks.New(), contact = new { name = marks.New(), phone = marks.NewPhone() } }, marks.New())).Value<WhistleReceipt>(HttpStatusCode.Created);
            marks.Add(own.TrackingCode);
            await street.Anyone.Send($"/api/track/{own.TrackingCode}/note", new { note = marks.New() });
            await street.Anyone.Ask(HttpMethod.Get, $"/t/{own.TrackingCode}?x={marks.New()}", shape: r =>
            {
                r.Headers.Add("Accept", "text/html");
                r.Headers.Add("Cookie", $"{marks.New()}={marks.New()}");
                r.Headers.Add("User-Agent", marks.New());
            });
        });
        Assert.True(marks.All.Count >= 5_000, $"only {marks.All.Count} marks");
        var errand = await new Matters.MatterScene(street).Open(body: Matters.MatterScene.Errand(what: marks.New(), name: marks.New(), phone: marks.NewPhone()));
        marks.Add(errand.TrackingCode!, await street.TokenOf("grid001"), (await street.CookieOf("duty"))[9..]);
        await street.Anyone.Read($"/f/{errand.TrackingCode}");
        await street.Anyone.Ask(HttpMethod.Get, "/api/me", shape: r => r.Headers.Add("Cookie", $"dispatch={marks.All[^1]}"));
        // A batch that fails and is retried is logged with its exception.
        await street.Service<DispatchDesk>().Submit(new DeskRequest.Ask(new CallNo(null!), new CallCommand.Withdraw(), new CallWords("note", marks.New())));
        await street.SweepAfter(TimeSpan.FromHours(2));

        var last = await street.Blow("001");
        foreach (var (screen, watcher) in screens.Zip(watchers))
            if (watcher != "grid005") await screen.Shows(last.CallNo, CallStates.Ringing);
        var auditor = await street.As("auditor");
        var journal = (await auditor.Read("/api/journal")).Text;
        Assert.Contains(call.CallNo, journal, StringComparison.Ordinal);
        var outputs = new Dictionary<string, string>
        {
            ["feed"] = string.Join('\n', screens.SelectMany(s => s.Wire)),
            ["journal"] = journal,
            ["metrics"] = await street.Metrics(),
            ["board"] = (await duty.Read("/api/board")).Text,
        };
        foreach (var screen in screens) await screen.DisposeAsync();
        string[] routes = [.. ((IEndpointRouteBuilder)street.App).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText).OfType<string>().Distinct().OrderByDescending(r => r.Length)];
        await street.CloseAsync();
        outputs["otlp"] = collector.Text; // the last of it is sent when the host ends
        Assert.All((string[])["feed frame", "dispatch.whistles.taken", "DispatchCenter.Hub"], sent => Assert.Contains(sent, collector.Text, StringComparison.Ordinal));
        outputs["log"] = string.Join('\n', street.Log.Lines);
        Assert.Contains("DispatchCenter.Hub", outputs["log"], StringComparison.Ordinal);

        foreach (var framework in (string[])["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.SignalR"])
            Assert.Contains($" {framework}", outputs["log"], StringComparison.Ordinal); // else the test would show nothing
        var secrets = System.Buffers.SearchValues.Create([.. marks.All, .. receipts.Select(r => r.TrackingCode), last.TrackingCode, TestStreet.Password], StringComparison.OrdinalIgnoreCase);
        foreach (var (output, text) in outputs)
        {
            Assert.True(text.AsSpan().IndexOfAny(secrets) is var at && at < 0, at < 0 ? string.Empty : $"A mark is in the {output}: {text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 80)]}");
            // A route of ours may hold a word that an account bears as well: /api/duty/… of whatever host of this process.
            // Its template is code, also that of a static file of ours, which no endpoint of this host may have.
            var named = output is "metrics" or "otlp" ? routes.Aggregate(Regex.Replace(text, "http_route=\"[^\"]*\"", string.Empty), (left, route) => left.Replace(route, "route", StringComparison.Ordinal)) : text;
            foreach (var user in (string[])["grid001", "grid003", "grid005", "police02", "community01", "duty"])
                Assert.False(Regex.IsMatch(named, $@"\b{user}\b", RegexOptions.IgnoreCase), $"{user} is in the {output}: {Around(named, user)}");
            // A post's id is opaque, and stands in the journal alone, as who did it.
            var posts = output == "journal" ? Regex.Replace(text, "\"by\":\"p[0-9]{4}\"", string.Empty) : text;
            Assert.False(Regex.IsMatch(posts, @"\bp[0-9]{4}\b"), $"A post's id is in the {output}: {Regex.Match(posts, @".{40}\bp[0-9]{4}\b.{40}").Value}");
        }
    }

    [Fact]
    public async Task Words_and_callers_lie_in_erasable_tables_and_nowhere_else()
    {
        await using var street = await TestStreet.StartAsync();
        var marks = new Marks();
        var call = (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = marks.New(), contact = new { name = marks.New(), phone = marks.NewPhone() } }))
            .Value<WhistleReceipt>(HttpStatusCode.Created);
        await street.Do("grid001", call.CallNo, "accept");
        await street.Do("grid001", call.CallNo, "note", new { note = marks.New() });
        await using var db = street.Service<Database>().Context();
        await db.Words.ExecuteDeleteAsync();
        await db.Callers.ExecuteDeleteAsync();
        using var connection = street.Service<Database>().Open();
        using var tables = connection.CreateCommand();
        tables.CommandText = TestStreet.OnPostgreSql ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public'" : "SELECT name FROM sqlite_master WHERE type = 'table'";
        var names = new List<string>();
        using (var reader = tables.ExecuteReader())
            while (reader.Read()) names.Add(reader.GetString(0));
        foreach (var name in names)
        {
            using var rows = connection.CreateCommand();
#pragma warning disable CA2100 // the name comes from the database itself
            rows.CommandText = $"SELECT * FROM \"{name}\"";
#pragma warning restore CA2100
            using var reader = rows.ExecuteReader();
            while (reader.Read())
                for (var i = 0; i < reader.FieldCount; i++)
                    Assert.DoesNotContain(marks.All, mark => Convert.ToString(reader.GetValue(i), null)!.Contains(mark, StringComparison.Ordinal));
        }

        // The case goes on without its words.
        Assert.Equal(string.Empty, (await (await street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Description);
        Assert.Equal(CallStates.OnScene, (await street.Do("grid001", call.CallNo, "arrive")).State);
    }

    /// <summary>Each leaves eight marks.</summary>
    private const int Residents = 560;

    private static string Around(string text, string mark)
    {
        var at = Math.Max(0, text.IndexOf(mark, StringComparison.OrdinalIgnoreCase));
        return text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 80)];
    }

    /// <summary>Strings that stand nowhere but where this test has put them.</summary>
    private sealed class Marks
    {
        private readonly List<string> _all = [];
        private readonly Lock _gate = new();

        public List<string> All => _all;

        public string New() => Add($"mark{Guid.NewGuid().ToString("N")[..14]}");

        public string NewPhone()
        {
            lock (_gate) return Add($"138{90_000_000 + _all.Count}");
        }

        public void Add(params string[] marks)
        {
            lock (_gate) _all.AddRange(marks);
        }

        private string Add(string mark)
        {
            lock (_gate) _all.Add(mark);
            return mark;
        }
    }
}
