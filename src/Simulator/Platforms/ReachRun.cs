using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>
/// Whistles whose people are reached over played platforms that fail, answer in every way, and go on while the server is killed: at the end each of them must have been told or be
/// reported, once, and each case must have one winner.
/// </summary>
internal sealed class ReachRun : IAsyncDisposable
{
    /// <summary>The ways to a person, in the order in which the rules try them.</summary>
    public static readonly IReadOnlyList<string> Channels = [PushService.Channel, WeComService.Channel, Gateway.Sms, Gateway.Voice];

    /// <summary>Push and application at once, a text after a second, a call after two.</summary>
    private const string RulesJson = """
        { "link": "https://street.example", "rules": [
          { "on": "ringing", "to": "team", "by": "push" }, { "on": "ringing", "to": "team", "by": "app" },
          { "on": "ringing", "to": "team", "by": "sms", "after": 1 }, { "on": "ringing", "to": "team", "by": "voice", "after": 2 } ] }
        """;

    private const int PerMinute = 100_000, TimeoutSeconds = 1;
    private const double FirstRetrySeconds = 0.1;

    /// <summary>One of so many teams has somebody who goes off duty in the middle.</summary>
    private const int GoesOffEvery = 2;

    /// <summary>Ten tries, each a minute after the last where a platform says "too fast": by then every message has ended.</summary>
    private static readonly TimeSpan _tries = TimeSpan.FromMinutes(12);

    private static readonly TimeSpan _budget = TimeSpan.FromMinutes(2), _look = TimeSpan.FromMilliseconds(200), _hearsOut = TimeSpan.FromSeconds(4);

    private readonly ReachOptions _options;
    private readonly CancellationToken _stop;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly Dice _dice;
    private readonly ServerProcess _server;
    private readonly StreetApi _api;
    private readonly Patience _patience;
    private readonly Reports _reports;
    private readonly FaultyLine _line;
    private readonly Told _told = new();
    private readonly ConcurrentDictionary<string, Whistle> _acknowledged = new();

    private ReachRun(ReachOptions options, ServerProcess server, CancellationToken stop)
    {
        (_options, _server, _stop, _dice) = (options, server, stop, new Dice(options.Seed));
        (_api, _patience, _line) = (new StreetApi(new Targets([server.Url], _clock)), new Patience(_clock, _budget), new FaultyLine(_dice, options.Faults));
        _reports = new Reports(server.Url, _dice, options.Faults, _clock);
    }

    /// <param name="run">Where it is asked for and reported.</param>
    public static async Task<Summary> RunAsync(RunOptions run, ReachOptions options, TextWriter output, CancellationToken stop)
    {
        await using var server = await ServerProcess.StartAsync(options.Program, stop);
        await using var reach = new ReachRun(options, server, stop);
        return await reach.PlayAsync(run, output);
    }

    public ValueTask DisposeAsync()
    {
        _reports.Dispose();
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Summary> PlayAsync(RunOptions run, TextWriter output)
    {
        var (began, startedAt, load) = (_clock.GetTimestamp(), _clock.GetUtcNow(), Load.Begin([]));
        var whole = Staffing.Sure(await _api.Street(_stop));
        var part = Staffing.Part(whole, Math.Clamp(_options.Calls / ReachOptions.CallsPerTeam, ReachOptions.FewestTeams, whole.Teams.Count));
        var staffing = new Staffing(_api, _patience, _dice, _clock, _stop);
        var people = await staffing.SignInAsync(whole, part);
        var crowd = new Crowd(people, _api, _patience, _reports, _dice, _clock, _stop);
        var (weCom, push) = (new WeComService(_line, _told, crowd), new PushService(_line, _told, crowd));
        await using var host = await PlatformHost.StartAsync(weCom, new Gateway(Gateway.Voice, _line, _told, crowd), new Gateway(Gateway.Sms, _line, _told, crowd), push);
        var (admin, auditor) = (await SignInAsync("admin"), await SignInAsync("auditor"));
        await ConnectAsync(host.Url, admin);
        var phones = new ConcurrentDictionary<Person, PageSession>();
        crowd.Subscribe = person => SubscribeAsync(person, phones, push, host.Url);
        await staffing.EquipAsync(people, admin, crowd.Subscribe);

        var plan = Plan.Of(run, Scenario.Draw(_options.Seed, part, Arrivals.Even(ReachOptions.Rate, TimeSpan.FromSeconds(_options.Calls / ReachOptions.Rate)), Tempo.Hurried));
        var sending = _clock.GetTimestamp();
        await BlowAsync(plan.Whistles, crowd, people, staffing);
        var sent = _clock.GetElapsedTime(sending);
        await Task.Delay(_hearsOut, _clock, _stop);
        await crowd.DoneAsync();
        var journal = await SettleAsync(crowd, people, auditor);
        var isEmpty = await DrainAsync(crowd, admin);
        _server.Kill();
        var verdict = new ReachVerdict(new ReachEvidence
        {
            People = people, Journal = journal, Outbox = OutboxLines.Read(_server.Database), Believed = OutboxLines.Believed(_server.Database), Acknowledged = [.. _acknowledged.Keys], Told = _told, Won = crowd.Won,
            Unentitled = (crowd.Unentitled, crowd.Strangers), Answers = _reports.Answers.SelectMany(a => a.Value.Select(code => (a.Key, code))).ToLookup(a => a.Key, a => a.code), Forged = (_reports.Forged, _reports.Believed),
        });
        foreach (var session in phones.Values) session.Dispose();
        ReachReport.Write(output, _options, _clock.GetElapsedTime(began), part, people, _line, weCom, _told, crowd, _reports, verdict, _server.Errors);
        var figures = new RunFigures(_stop.IsCancellationRequested, sent, _patience.Retries, _patience.Busy, 0, load.End([]), plan.Digest, began, startedAt);
        return ReachReport.Summarise(run with { Targets = [_server.Url] }, plan, _acknowledged.Count, people.Count, journal, crowd, figures, [.. verdict.All, new Checked("the outbox emptied", 1, isEmpty ? [] : ["messages still wait"])]);
    }

    private Task<Session> SignInAsync(string userName) => Session.SignIn(_api, userName, RunOptions.DefaultPassword, _stop);

    private async Task ConnectAsync(string platforms, Session admin)
    {
        async Task Put(string code, ChannelRequest channel) => Staffing.Sure(await _api.PutChannel(code, channel with { PerMinute = PerMinute, TimeoutSeconds = TimeoutSeconds, FirstRetrySeconds = FirstRetrySeconds }, await admin.Token(_stop), _stop));
        await Put(PushService.Channel, new ChannelRequest { Kind = "push", Url = "https://street.example" });
        await Put(WeComService.Channel, new ChannelRequest { Kind = "weComApp", Url = string.Create(CultureInfo.InvariantCulture, $"{platforms}/wecom?corpid={WeComService.Corp}&agentid={WeComService.Agent}"), Secret = WeComService.Secret });
        foreach (var gateway in new[] { Gateway.Sms, Gateway.Voice })
            await Put(gateway, new ChannelRequest { Kind = gateway, Url = $"{platforms}/{gateway}", Secret = Gateway.SecretOf(gateway), Answers = true, OkField = Gateway.OkField, OkValue = Gateway.OkValue });
        Staffing.Sure(await _api.PutRules(JsonSerializer.Deserialize<JsonElement>(RulesJson), await admin.Token(_stop), _stop));
    }

    /// <summary>A page is opened on the phone and turns 锁屏提醒 on, again if the server is just being killed.</summary>
    private async Task SubscribeAsync(Person person, ConcurrentDictionary<Person, PageSession> phones, PushService push, string platforms)
    {
        if (!phones.TryGetValue(person, out var session)) session = phones[person] = await PageSession.SignInAsync(_server.Url, person.Me.UserName, RunOptions.DefaultPassword, _stop);
        var (id, receiver) = push.Give(person);
        while (!await session.KeepAsync(receiver.At($"{platforms}/push/{id}"), _stop)) await Task.Delay(_look, _clock, _stop);
    }

    private async Task BlowAsync(IReadOnlyList<Whistle> whistles, Crowd crowd, IReadOnlyList<Person> people, Staffing staffing)
    {
        var (began, blown) = (_clock.GetTimestamp(), new List<Task>());
        var going = people.Where(p => p is { StaysAway: false, Me.PostKind: PushRules.GridWorker }).GroupBy(p => p.Me.Team).Where((_, i) => i % GoesOffEvery == 0).Select(g => g.First()).ToList();
        foreach (var (i, whistle) in whistles.Index())
        {
            if (whistle.Offset - _clock.GetElapsedTime(began) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, _clock, _stop);
            blown.Add(BlowAsync(whistle, crowd));
            for (var kill = 1; kill <= _options.Kills; kill++)
                if (i == whistles.Count * kill / (_options.Kills + 1))
                {
                    _server.Kill();
                    await _server.StartAgainAsync(_stop);
                }

            if (i == whistles.Count / 2)
                blown.AddRange(going.Select(async person =>
                {
                    await staffing.GoOffAsync(person);
                    await crowd.TryOffDutyAsync(person, _told.All);
                    await staffing.ComeBackAsync(person);
                }));
        }

        await Task.WhenAll(blown);
    }

    private async Task BlowAsync(Whistle whistle, Crowd crowd)
    {
        var receipt = Staffing.Sure(await _patience.Persist(() => _api.Blow(whistle.Request, string.Create(CultureInfo.InvariantCulture, $"reach-{_options.Seed}-{whistle.Number}"), _stop), _stop));
        _acknowledged[receipt.CallNo] = whistle;
        crowd.Whistled(receipt.CallNo, whistle.Number);
    }

    /// <summary>Whoever is on duty accepts what nobody has; the journal after that.</summary>
    private async Task<IReadOnlyList<JournalLine>> SettleAsync(Crowd crowd, IReadOnlyList<Person> people, Session auditor)
    {
        var open = _acknowledged.Keys.Except((await ReadAsync(auditor)).Where(l => l.What == "accepted").Select(l => l.CallNo)).ToList();
        foreach (var callNo in open)
            await crowd.TapAsync(people.First(p => p is { WasAlwaysOn: true, StaysAway: false, Me.PostKind: PushRules.Police } && p.Me.Team == _acknowledged[callNo].Team), callNo);
        await crowd.DoneAsync();
        return await ReadAsync(auditor);
    }

    private async Task<IReadOnlyList<JournalLine>> ReadAsync(Session auditor)
    {
        var all = new List<JournalLine>();
        while (Staffing.Sure(await _api.Journal(all.Count, await auditor.Token(_stop), _stop)) is { Entries.Count: > 0 } page) all.AddRange(page.Entries);
        return all;
    }

    /// <summary>Until nothing waits in the outbox; whether that was so in time.</summary>
    private async Task<bool> DrainAsync(Crowd crowd, Session admin)
    {
        for (var began = _clock.GetTimestamp(); _clock.GetElapsedTime(began) < _tries; await Task.Delay(_look, _clock, _stop))
        {
            await crowd.DoneAsync();
            if (Staffing.Sure(await _api.Outbox("waiting", await admin.Token(_stop), _stop)).Counts.GetValueOrDefault("waiting") == 0) return true;
        }

        return false;
    }
}
