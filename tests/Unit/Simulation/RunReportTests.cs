using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Reporting;

namespace DispatchCenter.Unit.Simulation;

/// <summary>What a run leaves behind for others: a page, JUnit XML, and JSON from which both can be made again.</summary>
public sealed partial class RunReportTests : IDisposable
{
    private static readonly RunOptions _options = new()
    {
        Command = "run", Title = "run trial", Boards = 1, Seed = 4_711, Speed = 60, Targets = [new Uri("http://localhost:5080")], Password = "", Drain = TimeSpan.Zero,
        CommandLine = ["run", "trial", "--password", "hidden-word", "--seed", "4711"],
        Scenario = new Simulator.Scenarios.ScenarioDocument.StreetDay("trial", "{ \"scenario\": 1 } // <b>", "试 & 验", "A <trial>") { Life = TimeSpan.FromHours(1), Speed = 60, IsHuman = true, Waves = [] },
    };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_promise_stands_in_the_page_with_its_checks_and_violations()
    {
        var summary = Broken();
        var page = HtmlReport.Of(summary);
        foreach (var promise in summary.Promises)
        {
            var row = Rows().Matches(page).Select(m => m.Value).Single(r => r.Contains(ReportWords.Of($"promise.{promise.Name}").Zh, StringComparison.Ordinal));
            Assert.Equal([Said(promise.Checks), Said(promise.Count)], Numbers().Matches(row).Select(m => m.Groups[1].Value));
        }

        Assert.Contains("class=\"verdict bad\"", page, StringComparison.Ordinal);
        Assert.Contains("DEMO-0002", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_figure_of_the_page_comes_from_the_run()
    {
        // Change one number at a time, and the page changes.
        var summary = Sound();
        var page = HtmlReport.Of(summary);
        Summary[] changed =
        [
            summary with { Whistles = 91_001 }, summary with { Sent = 91_002 }, summary with { Acknowledged = 91_003 }, summary with { SentPerSecond = 91_004 }, summary with { Retries = 91_005 }, summary with { BusyAnswers = 91_006 },
            summary with { Races = 91_007 }, summary with { Boards = 91_008 }, summary with { TeamMembers = 91_009 }, summary with { Pages = 91_010 }, summary with { Reconnects = 91_011 }, summary with { Deliveries = 91_012 },
            summary with { Frames = 91_013 }, summary with { JournalLines = 91_014 }, summary with { MemoryMegabytes = 91_015 }, summary with { Seed = 91_016 }, summary with { Seconds = 91_017 },
            summary with { WhistleToTeam = new Percentiles(91_018, 1, 2, 3, 4, 5, 6) }, summary with { WhistleToBoard = new Percentiles(1, 91_019, 2, 3, 4, 5, 6) }, summary with { ClockLateness = new Percentiles(1, 1, 2, 3, 91_020, 5, 6) },
            summary with { Series = summary.Series! with { Points = [summary.Series.Points[0] with { Reconnects = 91_021 }] } },
            summary with { Series = summary.Series! with { Points = [summary.Series.Points[0] with { ToTeam = new Percentiles(1, 91_022, 2, 3, 4, 5, 6) }] } },
        ];
        foreach (var (other, i) in changed.Select((s, i) => (s, i)))
        {
            var number = (91_001 + i).ToString(CultureInfo.InvariantCulture);
            var written = HtmlReport.Of(other);
            Assert.True(written.Contains(number, StringComparison.Ordinal) || written.Contains((91_001 + i).ToString("#,0", CultureInfo.InvariantCulture), StringComparison.Ordinal), number);
            Assert.False(page.Contains(number, StringComparison.Ordinal) || page.Contains((91_001 + i).ToString("#,0", CultureInfo.InvariantCulture), StringComparison.Ordinal), number);
        }
    }

    [Fact]
    public void Whatever_comes_from_elsewhere_is_escaped_and_the_password_is_nowhere()
    {
        var page = HtmlReport.Of(Sound() with { Promises = [new PromiseSummary("lost", 1, ["<script>alert(1)</script> & \"so\""], 3)] });
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;", page, StringComparison.Ordinal);
        Assert.Contains("A &lt;trial&gt;", page, StringComparison.Ordinal);
        Assert.Contains("{ &quot;scenario&quot;: 1 } // &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_asks_for_nothing_from_elsewhere_and_is_well_formed()
    {
        var page = HtmlReport.Of(Broken());
        Assert.DoesNotMatch("""(src|href)=|@import|url\(""", page);
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        Assert.NotEmpty(XElement.Parse(body.Replace("&emsp;", " ", StringComparison.Ordinal)).Descendants("svg"));
    }

    [Fact]
    public void A_promise_that_nothing_put_to_the_test_is_not_said_to_be_held()
    {
        var page = HtmlReport.Of(Sound() with { Promises = [new PromiseSummary("missed clocks", 0, [], 0)] });
        Assert.Contains(ReportWords.Of("isUntested").Zh, page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"held\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_promise_has_words_in_both_languages()
    {
        var checkedOnes = Simulator.Promises.Check(Make.Evidence() with { Callouts = new Faults(), Breaking = new Faults(), Field = new FieldEvidence(new Dictionary<string, int>(), new Faults()) });
        Assert.Empty(checkedOnes.Select(p => $"promise.{p.Name}").Concat(["promise.board unlike the journal", "promise.snapshot unlike the journal", "promise.the outbox emptied"]).Except(ReportWords.Keys));
        Assert.All(ReportWords.Keys, key => Assert.True(ReportWords.Of(key) is { Zh.Length: > 0, En.Length: > 0 }, key));
        Assert.All(ReportWords.Keys.Where(k => !k.StartsWith("key.p", StringComparison.Ordinal)), key => Assert.DoesNotMatch(@"[\u3400-\u9fff]", ReportWords.Of(key).En));
    }

    [Fact]
    public void JUnit_has_a_case_a_promise_that_failed_passed_or_was_skipped()
    {
        var xml = XDocument.Parse(JUnit.Of(Sound() with { Promises = [new PromiseSummary("lost", 2, ["first \u0001 <b>", "second"], 9), new PromiseSummary("duplicated", 0, [], 4), new PromiseSummary("missed clocks", 0, [])] }));
        var suite = xml.Root!.Element("testsuite")!;
        Assert.Equal(["3", "1", "0", "1"], new[] { "tests", "failures", "errors", "skipped" }.Select(a => suite.Attribute(a)!.Value));
        Assert.Equal("dispatch-simulator.trial", suite.Attribute("name")!.Value);
        var cases = suite.Elements("testcase").ToDictionary(c => c.Attribute("name")!.Value);
        Assert.Equal(("2 of 9", "first  <b>\nsecond", "9"), (cases["lost"].Element("failure")!.Attribute("message")!.Value, cases["lost"].Element("failure")!.Value, cases["lost"].Attribute("assertions")!.Value));
        Assert.Empty(cases["duplicated"].Elements());
        Assert.NotNull(cases["missed clocks"].Element("skipped"));
        Assert.Equal("4711", suite.Element("properties")!.Elements().Single(p => p.Attribute("name")!.Value == "seed").Attribute("value")!.Value);
    }

    [Fact]
    public void A_saved_run_gives_the_same_page_again_and_its_scenario()
    {
        var summary = Broken();
        File.WriteAllText(_path, JsonSerializer.Serialize(summary, SummaryJson.Default.Summary));
        Assert.False(SavedRun.IsTrace(_path));
        Assert.Equal(HtmlReport.Of(summary), HtmlReport.Of(SavedRun.Read(_path)));
        Assert.StartsWith($"{_path}: trial(1,1): the scenario needs \"title\"", Assert.Throws<BadInputException>(() => SavedRun.Scenario(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void What_no_run_has_written_is_refused(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Throws<BadInputException>(() => SavedRun.Read(_path));
    }

    [Fact]
    public void A_run_without_a_scenario_names_the_command_to_repeat()
    {
        var summary = Summary.Of(_options with { Scenario = null, CommandLine = ["storm", "--rate", "5"] }, Make.Evidence(), _run);
        File.WriteAllText(_path, JsonSerializer.Serialize(summary, SummaryJson.Default.Summary));
        Assert.Contains("'storm --rate 5'", Assert.Throws<BadInputException>(() => SavedRun.Scenario(_path)).Message, StringComparison.Ordinal);
    }

    private static readonly RunFigures _run = new(false, TimeSpan.FromSeconds(2), 0, 0, 1, new Load(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 10, 20, 1 << 20), "sha256:ab", 1, Make.Noon);

    private static Summary Sound() => Summary.Of(_options, Make.Evidence(), _run);

    private static Summary Broken() => Summary.Of(_options, Make.Evidence() with { Whistles = [Make.Whistle(), Make.Whistle(2, "DEMO-0002")] }, _run);

    private static string Said(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    [GeneratedRegex("<tr><td>.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Rows();

    [GeneratedRegex("<td class=\"n\" data-name=\"[^\"]*\">([^<]*)</td>")]
    private static partial Regex Numbers();
}
