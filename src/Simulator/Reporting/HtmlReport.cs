using System.Globalization;
using System.Net;
using System.Text;

namespace DispatchCenter.Simulator.Reporting;

/// <summary>A run as one HTML page without anything from elsewhere: Chinese first, English beside it. Every number in it comes from the summary.</summary>
internal sealed class HtmlReport
{
    private readonly StringBuilder _page = new();
    private readonly Summary _summary;

    private HtmlReport(Summary summary) => _summary = summary;

    public static string Of(Summary summary) => new HtmlReport(summary).Whole();

    private string Whole()
    {
        var about = _summary.About;
        var title = about?.Title is { } zh ? $"{zh} · {about.TitleEn}" : _summary.Run;
        _page.Append("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Safe(title)} · {Safe(ReportWords.Of("title").Zh)}</title>\n<style>\n{Css()}</style>\n</head>\n<body>\n");
        _page.Append(CultureInfo.InvariantCulture, $"<header>\n<p class=\"note\">{Words("title")}</p>\n<h1>{(about?.Title is { } name ? Both(new Both(name, about.TitleEn ?? string.Empty)) : Safe(_summary.Run))}</h1>\n");
        _page.Append(CultureInfo.InvariantCulture, $"<p class=\"verdict{(_summary.Held ? "" : " bad")}\">{Words(_summary.Held ? "held" : "brokenAll")}</p>\n</header>\n");
        if (_summary.Interrupted) Note("interrupted");
        if (_summary.LatencyVoid) Note("void");
        if (_summary.Sent == 0) Note("noLoad");
        Promises();
        OverTime();
        Latencies();
        Figures();
        About();
        _page.Append(CultureInfo.InvariantCulture, $"<footer><p>{Words("footer")}</p></footer>\n</body>\n</html>\n");
        return _page.ToString();
    }

    private void Promises()
    {
        Heading("promises");
        _page.Append(CultureInfo.InvariantCulture, $"<table class=\"stack\">\n<thead><tr><th>{Words("promise")}</th><th class=\"n\">{Words("checks")}</th><th class=\"n\">{Words("violations")}</th><th>{Words("verdict")}</th></tr></thead>\n<tbody>\n");
        foreach (var promise in _summary.Promises)
        {
            var (style, word) = promise switch { { Count: > 0 } => ("broken", "isBroken"), { IsUntested: true } => ("untested", "isUntested"), _ => ("held", "isHeld") };
            _page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Both(ReportWords.Find($"promise.{promise.Name}") ?? new Both(promise.Name, string.Empty))}");
            if (promise.Examples.Count > 0)
            {
                _page.Append("<ul>");
                foreach (var example in promise.Examples) _page.Append(CultureInfo.InvariantCulture, $"<li>{Safe(example)}</li>");
                _page.Append("</ul>");
                if (promise.Count > promise.Examples.Count) _page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Words("more")}</p>");
            }

            _page.Append(CultureInfo.InvariantCulture, $"</td>{Cell("checks", Said(promise.Checks))}{Cell("violations", Said(promise.Count))}<td data-name=\"{Name("verdict")}\"><span class=\"{style}\">{Words(word)}</span></td></tr>\n");
        }

        _page.Append("</tbody>\n</table>\n");
    }

    private void OverTime()
    {
        if (_summary.Series is not { } series) return;
        Heading("overTime");
        _page.Append("<div class=\"plots\">\n");
        Picture("plot.acknowledgement", "ms", ("key.p50", p => p.Acknowledgement?.P50), ("key.p99", p => p.Acknowledgement?.P99));
        Picture("plot.toTeam", "ms", ("key.p50", p => p.ToTeam?.P50), ("key.p99", p => p.ToTeam?.P99));
        Picture("plot.throughput", "/s", ("key.sent", p => p.Sent / series.PartSeconds), ("key.acknowledged", p => p.Acknowledged / series.PartSeconds));
        Picture("plot.clock", "ms", ("key.p50", p => p.ClockLateness?.P50), ("key.p99", p => p.ClockLateness?.P99));
        Picture("plot.reconnects", "", ("key.breaks", p => p.Reconnects));
        _page.Append(CultureInfo.InvariantCulture, $"</div>\n<details><summary>{Words("numbers")}</summary><div class=\"figures\"><table>\n<thead><tr><th class=\"n\">{Words("at")}</th><th class=\"n\">{Words("key.sent")}</th><th class=\"n\">{Words("key.acknowledged")}</th>");
        foreach (var plot in new[] { "plot.acknowledgement", "plot.toTeam", "plot.clock" }) _page.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{Words(plot)} p50</th><th class=\"n\">p99</th>");
        _page.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{Words("plot.reconnects")}</th></tr></thead>\n<tbody>\n");
        foreach (var point in series.Points)
        {
            _page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{Said(point.At)}</td><td class=\"n\">{Said(point.Sent)}</td><td class=\"n\">{Said(point.Acknowledged)}</td>");
            foreach (var of in new[] { point.Acknowledgement, point.ToTeam, point.ClockLateness }) _page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Said(of?.P50)}</td><td class=\"n\">{Said(of?.P99)}</td>");
            _page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Said(point.Reconnects)}</td></tr>\n");
        }

        _page.Append("</tbody>\n</table></div></details>\n");
    }

    private void Picture(string title, string unit, params (string Key, Func<SeriesPoint, double?> Value)[] lines)
    {
        var (words, series) = (ReportWords.Of(title), _summary.Series!);
        _page.Append(CultureInfo.InvariantCulture, $"<figure><h3>{Both(words)}</h3>");
        if (series.Points.All(p => lines.All(l => l.Value(p) is null))) _page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Words("noSample")}</p>");
        else
        {
            var at = series.Points.Select(p => p.At + (series.PartSeconds / 2)).ToList();
            _page.Append(Plot.Draw($"{words.Zh} {words.En}", series.Points.Count * series.PartSeconds, at, unit, [.. lines.Select(l => series.Points.Select(l.Value).ToList())]));
            _page.Append("<figcaption>");
            foreach (var (line, i) in lines.Select((l, i) => (l, i))) _page.Append(CultureInfo.InvariantCulture, $"<span class=\"key{(i == 0 ? "" : " b")}\"></span>{Words(line.Key)}&emsp;");
            _page.Append("</figcaption>");
        }

        _page.Append("</figure>\n");
    }

    private void Latencies()
    {
        Heading("latencies");
        _page.Append(CultureInfo.InvariantCulture, $"<div class=\"figures\"><table>\n<thead><tr><th></th><th class=\"n\">p50</th><th class=\"n\">p90</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">{Words("max")}</th><th class=\"n\">{Words("samples")}</th></tr></thead>\n<tbody>\n");
        foreach (var (name, of) in new[]
        {
            ("acknowledgement", _summary.Acknowledgement), ("toTeam", _summary.WhistleToTeam), ("toBoard", _summary.WhistleToBoard), ("clock", _summary.ClockLateness), ("back", _summary.BackOnTheirFeet), ("generator", _summary.GeneratorLag),
        })
        {
            _page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Words($"latency.{name}")}</td>");
            if (of is null) _page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\" colspan=\"6\">{Words("noSample")}</td>");
            else foreach (var value in new[] { of.P50, of.P90, of.P99, of.P999, of.Max, of.Samples }) _page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Said(value)}</td>");
            _page.Append("</tr>\n");
        }

        _page.Append("</tbody>\n</table></div>\n");
    }

    private void Figures()
    {
        Heading("figures");
        _page.Append("<dl>\n");
        Pair("figure.whistles", Said(_summary.Whistles));
        Pair("figure.sent", Said(_summary.Sent));
        Pair("figure.acknowledged", Said(_summary.Acknowledged));
        Pair("figure.rate", Said(_summary.SentPerSecond));
        Pair("figure.retries", Said(_summary.Retries));
        Pair("figure.busy", Said(_summary.BusyAnswers));
        Pair("figure.races", Said(_summary.Races));
        Pair("figure.boards", Said(_summary.Boards));
        Pair("figure.members", Said(_summary.TeamMembers));
        Pair("figure.pages", Said(_summary.Pages));
        Pair("figure.reconnects", Said(_summary.Reconnects));
        Pair("figure.deliveries", Said(_summary.Deliveries));
        Pair("figure.frames", Said(_summary.Frames));
        Pair("figure.journal", Said(_summary.JournalLines));
        Pair("figure.cpu", _summary.CpuShare.ToString("P0", CultureInfo.InvariantCulture));
        if (_summary.OthersCpuShare is { } others) Pair("figure.others", others.ToString("P0", CultureInfo.InvariantCulture));
        Pair("figure.memory", _summary.MemoryMegabytes.ToString("F0", CultureInfo.InvariantCulture));
        foreach (var (name, counts) in new[] { ("answers", _summary.Answers), ("errands", _summary.Errands), ("errandSteps", _summary.ErrandSteps), ("exceptions", _summary.Exceptions) })
            if (counts is { Count: > 0 }) Pair(name, string.Join(", ", counts.Select(c => $"{c.Key} {Said(c.Value)}")));
        _page.Append("</dl>\n");
    }

    private void About()
    {
        Heading("aboutRun");
        _page.Append("<dl>\n");
        if (_summary.About is { } about)
        {
            Pair(about.Scenario is null ? "command" : "scenario", about.Scenario ?? about.Command);
            Code("commandLine", string.Join(' ', about.CommandLine));
            Pair("startedAt", about.StartedAt.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
            Pair("took", $"{_summary.Seconds.ToString("F1", CultureInfo.InvariantCulture)} s");
            Pair("speed", $"{_summary.Speed.ToString("0.###", CultureInfo.InvariantCulture)}×");
            Pair("seed", _summary.Seed.ToString(CultureInfo.InvariantCulture));
            if (about.Plan is { } plan) Code("plan", plan);
            Pair("targets", string.Join(", ", _summary.Targets));
            Pair("version", $"{about.Version} · {about.Runtime}");
            Pair("machine", $"{about.System} · {about.Architecture} · {about.Processors} {ReportWords.Of("processors").Zh} {ReportWords.Of("processors").En} · {about.MemoryMegabytes} MB");
        }

        _page.Append("</dl>\n");
        if (_summary.About?.ScenarioText is { } text) _page.Append(CultureInfo.InvariantCulture, $"<details><summary>{Words("scenarioText")}</summary><pre>{Safe(text)}</pre></details>\n");
    }

    private void Heading(string key) => _page.Append(CultureInfo.InvariantCulture, $"<h2>{Words(key)}</h2>\n");

    private void Note(string key) => _page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Words(key)}</p>\n");

    private void Pair(string key, string value) => _page.Append(CultureInfo.InvariantCulture, $"<dt>{Words(key)}</dt><dd>{Safe(value)}</dd>\n");

    private void Code(string key, string value) => _page.Append(CultureInfo.InvariantCulture, $"<dt>{Words(key)}</dt><dd><code>{Safe(value)}</code></dd>\n");

    private static string Cell(string key, string value) => $"<td class=\"n\" data-name=\"{Name(key)}\">{value}</td>";

    private static string Name(string key) => Safe($"{ReportWords.Of(key).Zh} {ReportWords.Of(key).En}");

    private static string Words(string key) => Both(ReportWords.Of(key));

    private static string Both(Both words) => words.En.Length == 0 ? Safe(words.Zh) : $"{Safe(words.Zh)} <span lang=\"en\">{Safe(words.En)}</span>";

    private static string Said(double? value) => value is { } number ? number.ToString(number >= 100 || double.IsInteger(number) ? "#,0" : "0.0", CultureInfo.InvariantCulture) : "–";

    private static string Said(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private static string Css()
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report/report.css")!);
        return reader.ReadToEnd();
    }
}
