using System.Text;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Unit.Simulation;

/// <summary>A scenario file means what it says, or is refused with the place and what would be allowed.</summary>
public sealed class ScenarioFileTests
{
    private const string Head = "{ \"scenario\": 1, \"title\": { \"zh\": \"试\", \"en\": \"Trial\" }, ";
    private const string Small = Head + "\"life\": \"10m\", \"whistles\": [{ \"count\": 5 }]";

    [Fact]
    public void Everything_that_a_file_says_is_in_the_scenario()
    {
        var day = Day("""
            // a comment, and commas at the ends
            { "scenario": 1, "title": { "zh": "试", "en": "Trial" }, "life": "2h", "speed": 60, "people": "hurried",
              "whistles": [{ "count": 30, "from": "30m", "until": "1.5h", "shape": [1, 0, 3], "categories": { "05": 2, "11": 1 }, "danger": 0.5, "same": 0.1, "grids": 0.25 }, { "count": 7 },],
              "errands": 0.2, "callouts": [{ "at": "10m", "drill": true, "kinds": ["gridWorker"], "answered": 0.5, "within": "90s" }],
              "shifts": [{ "at": "20m", "share": 0.5, "for": "5m" }], "faults": [{ "at": "1h", "run": ["redis", "stop"] }], "watchers": { "boards": 1, "teams": 2, "pages": 3 }, }
            """);
        Assert.Equal(("Trial", TimeSpan.FromHours(2), 60.0, false, 0.2), (day.TitleEn, day.Life, day.Speed, day.IsHuman, day.Errands));
        Assert.Equal([30, 7], day.Waves.Select(w => w.Count));
        var wave = day.Waves[0];
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(90), 0.5, 0.1, 0.25), (wave.From, wave.Until, wave.Danger!.Value, wave.Same!.Value, wave.Grids));
        Assert.Equal([1.0, 0, 3], wave.Shape);
        Assert.Equal([("05", 2), ("11", 1)], wave.Categories);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromHours(2), 1.0), (day.Waves[1].From, day.Waves[1].Until, day.Waves[1].Grids));
        var callout = Assert.Single(day.Callouts);
        Assert.Equal((TimeSpan.FromMinutes(10), true, 0.5, TimeSpan.FromSeconds(90)), (callout.At, callout.Drill, callout.Answered, callout.Within));
        Assert.Equal(new PlannedShift(TimeSpan.FromMinutes(20), 0.5, TimeSpan.FromMinutes(5)), Assert.Single(day.Shifts));
        Assert.Equal(["redis", "stop"], Assert.Single(day.Faults).Words);
        Assert.Equal((1, 2, 3), (day.Boards, day.TeamWatchers, day.Pages));
    }

    [Fact]
    public void A_file_with_gateways_is_for_a_server_of_its_own()
    {
        var lying = Assert.IsType<ScenarioDocument.LyingGateways>(Read(Head + "\"gateways\": { \"calls\": 60, \"faults\": 0.3, \"kills\": 1 } }"));
        Assert.Equal((60, 0.3, 1), (lying.Calls, lying.Faults, lying.Kills));
    }

    [Theory]
    [InlineData("", 1, 1, "this is not JSON")]
    [InlineData("[]", 1, 1, "the scenario must be an object, not a list.")]
    [InlineData("{\n  \"scenario\": 1,\n  \"title\" 3\n}", 3, 11, "this is not JSON")]
    [InlineData("{ \"scenario\": 1 } x", 1, 19, "this is not JSON")]
    [InlineData("{ \"scenario\": 2 }", 1, 15, "scenario must be a whole number from 1 to 1, not 2.")]
    [InlineData("{\n \"scenario\": 1,\n \"wistles\": [] }", 3, 2, "the scenario has no member \"wistles\"; allowed are scenario, title, life, speed,")]
    [InlineData("{ \"scenario\": 1, \"scenario\": 1 }", 1, 18, "scenario stands twice; a member is allowed once.")]
    [InlineData("{ \"scenario\": 1, \"title\": \"x\" }", 1, 27, "title must be an object, not \"x\".")]
    [InlineData("{ \"scenario\": 1, \"title\": { \"zh\": \"试\" } }", 1, 27, "title needs \"en\": a text of 1 to 200 characters.")]
    [InlineData("{ \"scenario\": 1, \"title\": { \"zh\": \"试\", \"en\": 7 } }", 1, 46, "title.en must be a text of 1 to 200 characters, not 7.")]
    [InlineData(Head + "\n\"life\": \"soon\" }", 2, 9, "life must be a time from 1s to 400d, such as 90s, 15m, 24h or 7d, not \"soon\".")]
    [InlineData(Head + "\n\"life\": \"500d\" }", 2, 9, "life must be a time from 1s to 400d")]
    [InlineData(Head + "\n\"life\": \"1h\" }", 1, 1, "the scenario needs \"whistles\": a list of 1 to 100.")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [] }", 2, 13, "whistles must be a list of 1 to 100, not a list.")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 0 }] }", 2, 25, "whistles[0].count must be a whole number from 1 to 1000000, not 0.")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 1.5 }] }", 2, 25, "whistles[0].count must be a whole number from 1 to 1000000, not 1.5.")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 5, \"from\": \"40m\", \"until\": \"30m\" }] }", 2, 52, "whistles[0].until must be a time so that until is after from, not \"30m\".")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 5, \"until\": \"2h\" }] }", 2, 37, "whistles[0].until must be a time from 0s to 1h")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 5, \"shape\": [0, 0] }] }", 2, 37, "whistles[0].shape must be a list of weights of which one is above 0")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 5, \"shape\": [1, \"x\"] }] }", 2, 41, "whistles[0].shape[1] must be a number from 0 to 1000000, not \"x\".")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 5, \"categories\": { \"05\": -1 } }] }", 2, 50, "whistles[0].categories.05 must be a number from 1 to 1000000, not -1.")]
    [InlineData(Head + "\"life\": \"1h\",\n\"whistles\": [{ \"count\": 600000 }, { \"count\": 600000 }] }", 2, 13, "whistles must be 1000000 whistles in all, at most")]
    [InlineData(Small + ",\n\"people\": \"robots\" }", 2, 11, "people must be one of human, hurried, not \"robots\".")]
    [InlineData(Small + ",\n\"callouts\": [{ \"at\": \"1m\", \"kinds\": [\"mayor\"], \"within\": \"1m\" }] }", 2, 38, "callouts[0].kinds[0] must be one of gridWorker, property,")]
    [InlineData(Small + ",\n\"callouts\": [{ \"at\": \"8m\", \"within\": \"5m\" }] }", 2, 38, "callouts[0].within must be a time from 1s to 2m")]
    [InlineData(Small + ",\n\"callouts\": [{ \"at\": \"1m\", \"drill\": 1, \"within\": \"1m\" }] }", 2, 37, "callouts[0].drill must be true or false, not 1.")]
    [InlineData(Small + ",\n\"shifts\": [{ \"at\": \"1m\", \"share\": 0.5, \"for\": \"3m\" }, { \"at\": \"2m\", \"share\": 0.5, \"for\": \"3m\" }] }", 2, 11, "shifts must be in order of time, each beginning after the one before it has ended")]
    [InlineData(Small + ",\n\"faults\": [{ \"at\": \"1m\" }] }", 2, 12, "faults[0] needs \"run\": a list of 1 to 16 words.")]
    [InlineData(Small + ",\n\"watchers\": { \"boards\": 99999 } }", 2, 25, "watchers.boards must be a whole number from 0 to 10000, not 99999.")]
    [InlineData(Small + ", \"gateways\": { \"calls\": 5, \"faults\": 0.3 } }", 1, 57, "the scenario has no member \"life\"; allowed are scenario, title, gateways.")]
    public void What_is_wrong_is_refused_with_its_place_and_what_would_be_allowed(string text, int line, int column, string why)
    {
        var refused = Assert.Throws<BadInputException>(() => Read(text));
        Assert.StartsWith($"trial.jsonc({line},{column}): {why}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused() =>
        Assert.Contains("at most", Assert.Throws<BadInputException>(() => Read(Small + " }" + new string(' ', NodeReader.MaxBytes))).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_shipped_scenario_can_be_played_on_a_street_with_all_categories()
    {
        Assert.Equal(["database-lost", "heating", "lying-gateway", "new-years-eve", "node-lost", "ordinary-day", "rainstorm", "redis-lost", "shift-change", "year"], ScenarioLibrary.Names);
        foreach (var name in ScenarioLibrary.Names)
            if (ScenarioLibrary.Find(name) is ScenarioDocument.StreetDay day)
                Assert.Equal(day.Waves.Sum(w => w.Count), Plan.Draw(day, 1, Make.Street()).Whistles.Count);
    }

    [Fact]
    public void The_first_heating_day_has_5588_whistles_and_3075_of_them_about_heating()
    {
        var plan = Plan.Draw(Assert.IsType<ScenarioDocument.StreetDay>(ScenarioLibrary.Find("heating")), 1, Make.Street());
        Assert.Equal(5_588, plan.Whistles.Count);
        var others = Plan.Draw(Day("{ \"scenario\": 1, \"title\": { \"zh\": \"试\", \"en\": \"x\" }, \"life\": \"24h\", \"whistles\": [{ \"count\": 3075, \"categories\": { \"05\": 1 } }] }"), 1, Make.Street());
        Assert.All(others.Whistles, w => Assert.Equal("05", w.Request.Category));
        Assert.InRange(plan.Whistles.Count(w => w.Request.Category == "05"), 3_075, 3_075 + 300); // the rest is an ordinary day, which has some as well
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_that_are_shipped() =>
        Assert.Contains("heating, lying-gateway", Assert.Throws<BadInputException>(() => ScenarioLibrary.Find("nowhere")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_in_UTF_8_is_refused_with_its_place()
    {
        byte[] gbk = [.. "{ \"scenario\": 1,\n  \"title\": { \"zh\": \""u8, 0xD3, 0xEA, .. "\" } }"u8]; // a word in another encoding
        Assert.StartsWith("trial.jsonc(2,", Assert.Throws<BadInputException>(() => ScenarioReader.Read(gbk, "trial", "trial.jsonc")).Message, StringComparison.Ordinal);
    }

    private static ScenarioDocument.StreetDay Day(string text) => Assert.IsType<ScenarioDocument.StreetDay>(Read(text));

    private static ScenarioDocument Read(string text) => ScenarioReader.Read(Encoding.UTF8.GetBytes(text), "trial", "trial.jsonc");
}
