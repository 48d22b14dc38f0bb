using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>The figures of a run as plain text.</summary>
internal static class ReachReport
{
    private const int Examples = 5;

    public static void Write(
        TextWriter to, ReachOptions options, TimeSpan took, StreetView street, IReadOnlyList<Person> people, FaultyLine line, WeComService weCom, Told told, Crowd crowd, Reports reports, ReachVerdict verdict, IEnumerable<string> errors)
    {
        Line(to, $"{options.Calls} whistles in {street.Teams.Count} teams, {people.Count} people, faults {options.Faults:P0}, kills {options.Kills}, seed {options.Seed}: {took.TotalSeconds:0} s");
        WriteFates(to, line);
        Line(to, $"tokens of 企业微信 {weCom.Fetched}; repeats that a platform knew by key, duplicate check or tag: {Listed(told.Repeats)}");
        Line(to, $"reports: {Listed(reports.Thrown)}");
        Line(to, $"people: {Listed(crowd.Said)}");
        Line(to, $"accepted: {Listed(crowd.Won.DistinctBy(w => (w.CallNo, w.Post)).CountBy(w => w.Via).ToDictionary())}");
        foreach (var (how, count) in verdict.Ways.OrderByDescending(w => w.Value)) Line(to, $"{count,7} {how}");
        foreach (var error in errors) Line(to, $"the server said: {error}");
        foreach (var (promise, of, broken) in verdict.All)
        {
            Line(to, $"{(broken.Count == 0 ? "held" : "BROKEN"),-7}{promise}: {broken.Count} of {of}");
            foreach (var example in broken.Take(Examples)) Line(to, $"  {example}");
        }

        to.WriteLine(verdict.Held ? "all promises held" : "a promise was broken");
    }

    /// <summary>The figures of a run as those of any other: nobody watches a feed in it, so what watchers would say is absent.</summary>
    public static Summary Summarise(
        RunOptions run, Plan plan, int acknowledged, int people, IReadOnlyList<JournalLine> journal, Crowd crowd, RunFigures figures, IReadOnlyList<Checked> promises)
    {
        var audit = new JournalAudit();
        foreach (var line in journal) audit.Add(line);
        var evidence = new Evidence { Whistles = plan.Whistles, Answers = [], Boards = [], Members = [], Journal = audit, SettledHead = audit.Head };
        return Summary.Of(run, evidence, figures) with
        {
            Sent = plan.Whistles.Count,
            Acknowledged = acknowledged,
            SentPerSecond = figures.Sending > TimeSpan.Zero ? plan.Whistles.Count / figures.Sending.TotalSeconds : 0,
            TeamMembers = people,
            Answers = new SortedDictionary<string, int>(crowd.Won.DistinctBy(w => (w.CallNo, w.Post)).CountBy(w => $"accepted {w.Via}").ToDictionary(), StringComparer.Ordinal),
            Promises = [.. promises.Select(p => new PromiseSummary(p.Promise, p.Broken.Count, [.. p.Broken.Take(Faults.MaxExamples)], p.Of))],
        };
    }

    private static void WriteFates(TextWriter to, FaultyLine line)
    {
        var platforms = line.Thrown.Keys.Select(k => k.Platform).Distinct().Order(StringComparer.Ordinal).ToList();
        to.WriteLine($"{"what became of a request",-26}{string.Concat(platforms.Select(p => $"{p,12}"))}");
        foreach (var fate in Enum.GetValues<Fate>().Where(f => line.Thrown.Keys.Any(k => k.Fate == f)))
            to.WriteLine($"{fate,-26}{string.Concat(platforms.Select(p => $"{line.Thrown.GetValueOrDefault((p, fate)),12}"))}");
    }

    private static string Listed(IReadOnlyDictionary<string, int> counts) => counts.Count == 0 ? "none" : string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}")));

    private static void Line(TextWriter to, FormattableString text) => to.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
