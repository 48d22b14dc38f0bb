using System.Diagnostics;
using System.Diagnostics.Metrics;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The engine's metrics, and the trace from a whistle through its batch to the frame. The host exports both. Labels come
/// from small closed sets (levels, sources, refusal codes): never a case, a place, a person or a path. Shared by the hosts of a process.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meters and of the activity source.</summary>
    public const string Name = "DispatchCenter";

    /// <summary>Upper bounds of the buckets, in seconds.</summary>
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> TakenCount = Meter.CreateCounter<long>("dispatch.whistles.taken", "{whistle}", "Whistles on disk, by level and source.");
    private static readonly Counter<long> RefusedCount = Meter.CreateCounter<long>("dispatch.whistles.refused", "{whistle}", "Whistles not taken, by the code of the refusal.");
    private static readonly Counter<long> FailedCount = Meter.CreateCounter<long>("dispatch.desk.commit.failed", "{batch}", "Batches that could not be committed.");
    private static readonly Counter<long> FailureCount = Meter.CreateCounter<long>("dispatch.http.failed", "{answer}", "Answers of 500 and above, by status; 503 is also what a full queue answers.");
    private static readonly Histogram<double> AnswerTime = Timed("dispatch.desk.answer", "From a request's arrival at the desk to its answer, after the commit.");
    private static readonly Histogram<double> ClockTime = Timed("dispatch.clock.lateness", "From the instant at which a clock was due to act to the commit of its act.");
    private static readonly Histogram<double> FrameTime = Timed("dispatch.whistle.frame", "From a whistle's receipt to the first frame of a lane that shows it.");

    /// <summary>Makes every counter exist from the start, with its most common labels.</summary>
    public static void BeginAtZero()
    {
        foreach (var level in Enum.GetNames<Domain.Sla.Level>()) TakenCount.Add(0, new("level", level), new("source", "page"));
        foreach (var code in (string[])[Contracts.Codes.Busy, Contracts.Codes.StationUnknown, Contracts.Codes.CategoryUnknown, Contracts.Codes.PlaceMissing]) RefusedCount.Add(0, new KeyValuePair<string, object?>("code", code));
        FailedCount.Add(0);
        foreach (var status in (int[])[500, 503]) FailureCount.Add(0, new KeyValuePair<string, object?>("status", status));
    }

    /// <summary>The server answered with an error of its own.</summary>
    public static void AnsweredFailure(int status) => FailureCount.Add(1, new KeyValuePair<string, object?>("status", status));

    /// <summary>A whistle was refused.</summary>
    internal static void Refused(string code) => RefusedCount.Add(1, new KeyValuePair<string, object?>("code", code));

    internal static void Taken(WhistleCall call) =>
        TakenCount.Add(1, new("level", call.Level.ToString()), new("source", Names.Camel(call.Source)));

    internal static void CommitFailed() => FailedCount.Add(1);

    internal static void Answered(TimeSpan after) => AnswerTime.Record(after.TotalSeconds);

    internal static void ClockActed(TimeSpan late) => ClockTime.Record(Math.Max(0, late.TotalSeconds));

    /// <summary>The span of one request at the desk, under the current activity; null when nobody is tracing.</summary>
    internal static Activity? AtDesk()
    {
        var outer = Activity.Current;
        var span = Source.StartActivity("desk request");
        Activity.Current = outer; // it ends elsewhere
        return span;
    }

    /// <summary>Ends a span that was started elsewhere.</summary>
    internal static void End(Activity? span, string answer)
    {
        if (span is null) return;
        var current = Activity.Current;
        span.SetTag("dispatch.answer", answer);
        span.Dispose();
        Activity.Current = current;
    }

    /// <summary>The span of a transaction: in the trace of its first request, and linked to every request it decides. Null when nobody is tracing.</summary>
    internal static Activity? Batch(IReadOnlyList<Activity> requests)
    {
        if (requests.Count == 0) return null;
        var batch = Source.StartActivity("desk batch", ActivityKind.Internal, requests[0].Context, links: requests.Skip(1).Select(r => new ActivityLink(r.Context)));
        if (batch is null) return null;
        batch.SetTag("dispatch.requests", requests.Count);
        foreach (var request in requests.Skip(1)) request.AddLink(new ActivityLink(batch.Context));
        return batch;
    }

    /// <summary>A frame of a lane contains these entries; those up to <paramref name="framed"/> were framed before, for a watcher at another position.</summary>
    internal static void Framed(IEnumerable<JournalEntry> entries, DateTimeOffset now, ref long framed)
    {
        foreach (var entry in entries)
        {
            if (entry.Seq <= framed) continue;
            framed = entry.Seq;
            if (entry.What == Whistled) FrameTime.Record(Math.Max(0, (now - entry.At).TotalSeconds));
            if (entry.Trace == default) continue;
            using var span = Source.StartActivity("feed frame", ActivityKind.Producer, entry.Trace, startTime: entry.At);
            span?.SetTag("dispatch.change", entry.What);
        }
    }

    /// <summary>A counter that exists from the start, at 0: an alert on its growth needs the first value too.</summary>
    internal static Counter<long> FromZero(this Meter meter, string name, string unit, string description)
    {
        var counter = meter.CreateCounter<long>(name, unit, description);
        counter.Add(0);
        return counter;
    }

    private const string Whistled = "whistled";

    private static Histogram<double> Timed(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}
