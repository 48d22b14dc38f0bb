using System.Text.Json.Serialization;
using DispatchCenter.Simulator.Reporting;

namespace DispatchCenter.Simulator;

/// <summary>A run's results, for people and machines. Durations are in milliseconds.</summary>
internal sealed record Summary
{
    /// <summary>The command and its input.</summary>
    public required string Run { get; init; }

    public required IReadOnlyList<string> Targets { get; init; }

    public required int Seed { get; init; }

    public required double Speed { get; init; }

    public required int Boards { get; init; }

    /// <summary>Team members' connections, both those who answer and those who only watch.</summary>
    public required int TeamMembers { get; init; }

    /// <summary>Residents who kept the page of their case open.</summary>
    public required int Pages { get; init; }

    /// <summary>Stopped by the user: fewer whistles than requested.</summary>
    public required bool Interrupted { get; init; }

    public required int Whistles { get; init; }

    public required int Sent { get; init; }

    public required int Acknowledged { get; init; }

    public required double Seconds { get; init; }

    public required double SentPerSecond { get; init; }

    public required int Retries { get; init; }

    /// <summary>Requests that the server was too busy to answer; each was retried under the same key.</summary>
    public required int BusyAnswers { get; init; }

    public required int Reconnects { get; init; }

    /// <summary>From losing a stream to the first frame of the next one.</summary>
    public required Percentiles? BackOnTheirFeet { get; init; }

    public required int Resyncs { get; init; }

    public required int EpochChanges { get; init; }

    public required int Races { get; init; }

    public required int JournalLines { get; init; }

    /// <summary>Cards that reached a watcher during the run.</summary>
    public required long Deliveries { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public required long Frames { get; init; }

    /// <summary>Of this process during the run; 1 is one core.</summary>
    public required double CpuShare { get; init; }

    /// <summary>Of everything else on this machine, including the dispatch centre if it runs here; null if unknown.</summary>
    public required double? OthersCpuShare { get; init; }

    public required double MemoryMegabytes { get; init; }

    /// <summary>Answers and ratings by outcome: "accepted ok", "accepted already_accepted", …</summary>
    public required IReadOnlyDictionary<string, int> Answers { get; init; }

    /// <summary>Errands opened, by how they were to go; null without errands.</summary>
    public IReadOnlyDictionary<string, int>? Errands { get; init; }

    /// <summary>Acknowledged steps of errands, by their names in the journal; null without errands.</summary>
    public IReadOnlyDictionary<string, int>? ErrandSteps { get; init; }

    /// <summary>How often each exception is in the journal; null except for the field command.</summary>
    public IReadOnlyDictionary<string, int>? Exceptions { get; init; }

    public required Percentiles? GeneratorLag { get; init; }

    /// <summary>The generator lagged, so the run says nothing about the server's latency.</summary>
    public required bool LatencyVoid { get; init; }

    public required Percentiles? Acknowledgement { get; init; }

    public required Percentiles? WhistleToTeam { get; init; }

    public required Percentiles? WhistleToBoard { get; init; }

    /// <summary>Of the clocks that acted in the run; of all in the journal if nothing was sent.</summary>
    public required Percentiles? ClockLateness { get; init; }

    public required IReadOnlyList<PromiseSummary> Promises { get; init; }

    /// <summary>Where it comes from; null in a summary of an earlier version.</summary>
    public About? About { get; init; }

    /// <summary>The run over time; null if nothing was sent, or in a summary of an earlier version.</summary>
    public RunSeries? Series { get; init; }

    /// <summary>No promise was broken.</summary>
    public bool Held => Promises.All(p => p.Count == 0);

    public static Summary Of(RunOptions options, Evidence evidence, RunFigures run)
    {
        var sent = evidence.Whistles.Where(w => w.StartedAt != 0).ToArray();
        var acknowledged = sent.Where(w => w.Receipt is not null).ToArray();
        var lag = Percentiles.Of(sent.Select(w => Between(w.IntendedAt, w.StartedAt)));
        var screens = evidence.Boards.Concat(evidence.Members.Select(m => m.Screen)).ToArray();
        var toTeam = ToTeam(evidence, acknowledged).ToList();
        return new Summary
        {
            About = About.Of(options, run.Plan, run.StartedAt),
            Series = RunSeries.Of(evidence, toTeam, run.Began, run.StartedAt),
            Run = options.Title,
            Targets = [.. options.Targets.Select(t => t.ToString())],
            Seed = options.Seed,
            Speed = options.Speed,
            Boards = evidence.Boards.Count,
            TeamMembers = evidence.Members.Count,
            Pages = evidence.Pages.Count,
            Interrupted = run.Interrupted,
            Whistles = evidence.Whistles.Count,
            Sent = sent.Length,
            Acknowledged = acknowledged.Length,
            Seconds = run.Sending.TotalSeconds,
            SentPerSecond = run.Sending > TimeSpan.Zero ? sent.Length / run.Sending.TotalSeconds : 0,
            Retries = run.Retries,
            BusyAnswers = run.Busy,
            Reconnects = screens.Sum(s => s.Reconnects) + evidence.Pages.Sum(p => p.Reconnects),
            BackOnTheirFeet = Percentiles.Of(screens.SelectMany(s => s.Outages).Concat(evidence.Pages.SelectMany(p => p.Outages))),
            Resyncs = screens.Sum(s => s.Resyncs),
            EpochChanges = screens.Sum(s => s.EpochChanges),
            Races = run.Races,
            Deliveries = run.Carried.Deliveries,
            DeliveriesPerSecond = run.Carried.DeliveriesPerSecond,
            Frames = run.Carried.Frames,
            CpuShare = run.Carried.CpuShare,
            OthersCpuShare = run.Carried.OthersCpuShare,
            MemoryMegabytes = run.Carried.WorkingSet / 1_048_576.0,
            JournalLines = evidence.Journal.Changes.Count,
            Answers = new SortedDictionary<string, int>(evidence.Answers.CountBy(a => $"{a.What} {a.Code}").ToDictionary(), StringComparer.Ordinal),
            Errands = evidence.Errands.Count == 0 ? null : new SortedDictionary<string, int>(evidence.Errands.Where(e => e.Receipt is not null).CountBy(e => e.Course.ToString()).ToDictionary(), StringComparer.Ordinal),
            ErrandSteps = evidence.Errands.Count == 0 ? null : new SortedDictionary<string, int>(evidence.Steps.CountBy(s => s.What).ToDictionary(), StringComparer.Ordinal),
            Exceptions = evidence.Field?.Used,
            GeneratorLag = lag,
            LatencyVoid = lag is not null && lag.P99 > Residents.LagLimit.TotalMilliseconds,
            Acknowledgement = Percentiles.Of(acknowledged.Select(w => Between(w.IntendedAt, w.AcknowledgedAt))),
            WhistleToTeam = Percentiles.Of(toTeam.Select(t => t.After)),
            WhistleToBoard = Percentiles.Of(ToBoards(evidence, acknowledged)),
            ClockLateness = Percentiles.Of(evidence.Journal.ClockActs.Where(a => sent.Length == 0 || a.At >= run.StartedAt).Select(a => a.Late)),
            Promises = [.. Simulator.Promises.Check(evidence).Select(p => new PromiseSummary(p.Name, p.Faults.Count, p.Faults.Examples, p.Faults.Checks))],
        };
    }

    /// <summary>To each team member who may see it: one sample per member.</summary>
    private static IEnumerable<(Whistle Whistle, TimeSpan After)> ToTeam(Evidence evidence, Whistle[] acknowledged)
    {
        var members = evidence.Members.ToLookup(m => m.Member.Team);
        return from whistle in acknowledged
               from member in members[whistle.Team]
               where Seeing.MustReach(member.Member, whistle)
               let at = member.Screen.FirstSeen(whistle.Receipt!.CallNo)
               where at is not null
               select (whistle, Between(whistle.IntendedAt, at.Value));
    }

    /// <summary>To each board: one sample per board.</summary>
    private static IEnumerable<TimeSpan> ToBoards(Evidence evidence, Whistle[] acknowledged) =>
        from board in evidence.Boards
        from whistle in acknowledged
        let at = board.FirstSeen(whistle.Receipt!.CallNo)
        where at is not null
        select Between(whistle.IntendedAt, at.Value);

    private static TimeSpan Between(long from, long to) => TimeProvider.System.GetElapsedTime(from, to);
}

/// <param name="Count">Violations.</param>
/// <param name="Checks">How often it was looked whether the promise holds.</param>
internal sealed record PromiseSummary(string Name, int Count, IReadOnlyList<string> Examples, long Checks = 0)
{
    /// <summary>Nothing in the run put it to the test.</summary>
    [JsonIgnore]
    public bool IsUntested => Checks == 0 && Count == 0;
}

/// <summary>What only the run itself knows.</summary>
/// <param name="Sending">From the first intended instant to the last whistle sent.</param>
/// <param name="Plan">The digest of the plan.</param>
/// <param name="Began">The timestamp of the beginning.</param>
/// <param name="StartedAt">The same on the wall.</param>
internal sealed record RunFigures(bool Interrupted, TimeSpan Sending, int Retries, int Busy, int Races, Load Carried, string? Plan = null, long Began = 0, DateTimeOffset StartedAt = default);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(Summary))]
[JsonSerializable(typeof(IReadOnlyList<PromiseSummary>))]
internal sealed partial class SummaryJson : JsonSerializerContext;
