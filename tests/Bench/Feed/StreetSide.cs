using System.Text;
using System.Text.Json.Nodes;
using DispatchCenter.Bench.Durable;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// Our side: the whole host, as it is started for real, in this process. Changes that are not the desk's are given to the bus where the
/// desk gives its own; the reader that compares the feed with the database is stopped then, for the database does not know them.
/// </summary>
internal sealed class StreetSide : ISide
{
    public const string Name = "street";

    private readonly WebApplication _app;
    private readonly List<JournalEntry> _changes;
    private readonly Whistles _whistles;
    private long _seq;

    private StreetSide(WebApplication app, List<JournalEntry> changes) =>
        (_app, _changes, _whistles, _seq) = (app, changes, new Whistles(app.Services), app.Services.GetRequiredService<LiveFeed>().Head);

    /// <param name="args">The data folder, the file with the changes, and settings of the host.</param>
    public static async Task<ISide> OpenAsync(string[] args)
    {
        var changes = await Material.ReadAsync(args[1]);
        var builder = Server.Builder(
        [
            $"--contentRoot={AppContext.BaseDirectory}", "--applicationName=DispatchCenter.Web", "--environment=Production",
            "--Dispatch:Demo=true", $"--Dispatch:DataPath={args[0]}", $"--Dispatch:Keys={Path.Combine(args[0], "keys")}", .. args[2..],
        ]);
        builder.Logging.ClearProviders();
        var app = await Server.OpenAsync(builder);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        return new StreetSide(app, changes);
    }

    public async Task<string> DoAsync(string command, string[] words)
    {
        switch (command)
        {
            case "url": return _app.Urls.Single();
            case "detach":
                await _app.Services.GetRequiredService<CatchUp>().StopAsync(CancellationToken.None);
                return "detached";
            case "linked":
                using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System))
                    while (!_app.Services.GetRequiredService<RedisLink>().IsConnected) await timer.WaitForNextTickAsync();
                return "linked";
            case "publish": return await Publishing.PacedAsync(words, _changes, k => Publish(k, 1));
            case "revise": return await Publishing.PacedAsync(words, _changes, Revise);
            case "closed":
                var stretch = new Stretch(TimeSpan.FromSeconds(Publishing.Count(words)));
                return Report.Number((await stretch.MeasureAsync(() => { }, () => 0, _whistles.Callers(Desk, stretch, Publishing.Count(words[1..])))).Rate);
            case "whistle": return await WhistleAsync(words);
            case "burst":
                foreach (var batch in Enumerable.Range(0, Publishing.Count(words)).Chunk(DispatchDesk.BatchLimit)) await Publish(batch[0], batch.Length);
                return "published";
            default: throw new ArgumentException($"Unknown command {command}.", nameof(command));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private DispatchDesk Desk => _app.Services.GetRequiredService<DispatchDesk>();

    /// <summary>Whistles through the desk at their time, whether or not those before are on disk.</summary>
    private async Task<string> WhistleAsync(string[] words)
    {
        var (replies, waits) = (new List<Task<DeskReply>>(), new System.Collections.Concurrent.ConcurrentBag<double>());
        Grid[] team = _whistles.Grids(Arrivals.Team, others: false), others = _whistles.Grids(Arrivals.Team, others: true);
        var lag = await Arrivals.RunAsync(
            words,
            (arrivals, k) =>
            {
                var grids = arrivals.IsTeams(k) ? team : others;
                var (blow, key) = _whistles.At(grids[k % grids.Length], station: null, k);
                replies.Add(TimedAsync(Desk.Submit(blow, key), waits));
                return ValueTask.CompletedTask;
            },
            async k => Publishing.RunningNumber(Whistles.Taken(await replies[k]).No.Value));
        return $"{lag} {Report.Number(Report.Percentile([.. waits], 0.99))}";
    }

    private static async Task<DeskReply> TimedAsync(Task<DeskReply> asked, System.Collections.Concurrent.ConcurrentBag<double> waits)
    {
        var from = TimeProvider.System.GetTimestamp();
        var reply = await asked;
        waits.Add(TimeProvider.System.GetElapsedTime(from).TotalMilliseconds);
        return reply;
    }

    /// <summary>The next version of a case: taken and given back in turns, so that rows change their words, their clocks and their places.</summary>
    private ValueTask Revise(int k)
    {
        var (change, round) = (_changes[k % _changes.Count], 2 + (k / _changes.Count));
        var card = JsonNode.Parse(change.Card)!.AsObject();
        card["version"] = round;
        if (round % 2 == 0)
        {
            card["state"] = CallStates.Accepted;
            card["lead"] = new JsonObject { ["team"] = card["teams"]![0]!.GetValue<string>(), ["post"] = "gridWorker", ["community"] = card["community"]!.GetValue<string>() };
            card["answers"]![0]!["met"] = true;
            card["breachAt"] = card["answers"]![1]!["due"]!.DeepClone();
        }

        _app.Services.GetRequiredService<IFeedBus>().Publish([change with { Seq = ++_seq, Version = round, Card = Encoding.UTF8.GetBytes(card.ToJsonString()) }]);
        return ValueTask.CompletedTask;
    }

    private ValueTask Publish(int first, int count)
    {
        _app.Services.GetRequiredService<IFeedBus>().Publish([.. Enumerable.Range(first, count).Select(k => _changes[k % _changes.Count] with { Seq = ++_seq })]);
        return ValueTask.CompletedTask;
    }
}
