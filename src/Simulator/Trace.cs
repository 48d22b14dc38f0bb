using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Reporting;

namespace DispatchCenter.Simulator;

/// <summary>
/// A recorded run: the options, every whistle and answer with its intended time and outcome, and the
/// findings. Simulated whistles contain no personal data, and there is no password in it.
/// </summary>
internal sealed record Trace
{
    public required IReadOnlyList<string> CommandLine { get; init; }

    public required int Seed { get; init; }

    public required double Speed { get; init; }

    public required double Pace { get; init; }

    public required TimeSpan? Until { get; init; }

    public required int Boards { get; init; }

    public required int TeamWatchers { get; init; }

    public required int Pages { get; init; }

    /// <summary>The share of errands: the seed draws the same again. Absent from a trace of whistles alone.</summary>
    public double Matters { get; init; }

    /// <summary>Of the recorded run, with its targets and faults.</summary>
    public required Summary Summary { get; init; }

    public required IReadOnlyList<TracedWhistle> Whistles { get; init; }

    public required IReadOnlyList<TracedAnswer> Answers { get; init; }

    public static Trace Of(RunOptions options, Summary summary, Evidence evidence, IReadOnlyList<string> arguments)
    {
        var start = evidence.Whistles[0].IntendedAt - Ticks(evidence.Whistles[0].Offset / options.Speed);
        double? At(long instant) => instant == 0 ? null : TimeProvider.System.GetElapsedTime(start, instant).TotalMilliseconds;
        return new Trace
        {
            CommandLine = About.WithoutPassword(arguments),
            Seed = options.Seed,
            Speed = options.Speed,
            Pace = options.Pace,
            Until = options.Until,
            Boards = options.Boards,
            TeamWatchers = options.TeamWatchers,
            Pages = options.Pages,
            Matters = options.Matters,
            Summary = summary,
            Whistles = [.. evidence.Whistles.Where(w => w.Number < FieldCase.FirstOther).Select(w => new TracedWhistle(
                w.Number, w.Offset, w.Request, w.Team, w.Community, w.PropertyRecused, w.Life,
                At(w.IntendedAt), At(w.StartedAt), At(w.AcknowledgedAt), w.Receipt?.CallNo, w.RepeatedCallNo, w.Refusal))],
            Answers = [.. evidence.Answers.Select(a => new TracedAnswer(At(a.IntendedAt), a.CallNo, a.What, a.By, a.Ok, a.Code))],
        };
    }

    /// <exception cref="BadInputException">The file is missing, or not a trace.</exception>
    public static Trace Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var trace = JsonSerializer.Deserialize(file, TraceJson.Default.Trace);
            if (trace is null || trace.Whistles.Count is 0 or > Arrivals.MaxRows) throw new BadInputException($"{path} holds no whistle, or more than {Arrivals.MaxRows:N0}.");
            return trace;
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path} is not what a run has written down: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The same load and watchers, with the current command line's target.</summary>
    public RunOptions Repeat(RunOptions now) => now with
    {
        Seed = Seed,
        Speed = Speed,
        Pace = Pace,
        Until = Until,
        Boards = Boards,
        TeamWatchers = TeamWatchers,
        Pages = Pages,
        Matters = Matters,
        Field = Whistles.Any(w => w.Life.Story is not null),
    };

    /// <summary>The same whistles without outcomes.</summary>
    public IReadOnlyList<Whistle> Draw() =>
    [
        .. Whistles.Select(w => new Whistle
        {
            Number = w.Number,
            Offset = w.Offset,
            Request = w.Request,
            Team = w.Team,
            Community = w.Community,
            PropertyRecused = w.PropertyRecused,
            Life = w.Life,
        }),
    ];

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * TimeProvider.System.TimestampFrequency);
}

/// <summary>Times are milliseconds from the start of the run; null for what did not happen.</summary>
/// <param name="Offset">From the start, at generated speed.</param>
internal sealed record TracedWhistle(
    int Number, TimeSpan Offset, WhistleRequest Request, string Team, string Community, bool PropertyRecused, LifePlan Life,
    double? IntendedAt, double? SentAt, double? AcknowledgedAt, string? CallNo, string? RepeatedCallNo, string? Refusal);

internal sealed record TracedAnswer(double? IntendedAt, string CallNo, string What, string By, bool Ok, string Code);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Trace))]
internal sealed partial class TraceJson : JsonSerializerContext;
