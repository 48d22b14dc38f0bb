using System.Text;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Unit.Simulation;

/// <summary>A plan follows from seed, scenario and street, and its digest from every planned event.</summary>
public sealed class PlanTests
{
    private const string Text = """
        { "scenario": 1, "title": { "zh": "试", "en": "Trial" }, "life": "2h",
          "whistles": [{ "count": 200, "shape": [1, 3] }, { "count": 50, "from": "1h", "grids": 0.5, "categories": { "02": 1 } }],
          "errands": 0.3, "callouts": [{ "at": "10m", "within": "5m" }], "shifts": [{ "at": "1h", "share": 0.5, "for": "5m" }], "faults": [{ "at": "90m", "run": ["redis", "stop"] }] }
        """;

    [Fact]
    public void The_same_seed_plans_the_same_events_and_another_seed_others()
    {
        Assert.Equal(Lines(Drawn(7)), Lines(Drawn(7)));
        Assert.Equal(Drawn(7).Digest, Drawn(7).Digest);
        Assert.NotEqual(Drawn(7).Digest, Drawn(8).Digest);
        Assert.Matches("^sha256:[0-9a-f]{64}$", Drawn(7).Digest);
    }

    /// <summary>If this fails, plans of earlier reports can no longer be repeated: say so in the changelog.</summary>
    [Fact]
    public void The_plan_of_a_seed_stays_the_same_from_build_to_build() => Assert.StartsWith("sha256:1d12d0116ec320df", Drawn(7).Digest, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"count\": 200", "\"count\": 201")]
    [InlineData("\"errands\": 0.3", "\"errands\": 0.4")]
    [InlineData("\"within\": \"5m\"", "\"within\": \"6m\"")]
    [InlineData("\"share\": 0.5", "\"share\": 0.6")]
    [InlineData("\"stop\"", "\"crash\"")]
    public void Whatever_is_planned_is_in_the_digest(string was, string becomes) => Assert.NotEqual(Drawn(7).Digest, Drawn(7, Text.Replace(was, becomes, StringComparison.Ordinal)).Digest);

    [Fact]
    public void Another_wave_changes_none_of_the_others()
    {
        var first = Drawn(7).Whistles.Where(w => w.Request.Category != "02").Select(w => (w.Offset, w.Team, w.Life));
        var more = Drawn(7, Text.Replace("\"02\": 1 } }", "\"02\": 1 } }, { \"count\": 40, \"categories\": { \"02\": 1 } }", StringComparison.Ordinal)).Whistles.Where(w => w.Request.Category != "02").Select(w => (w.Offset, w.Team, w.Life));
        Assert.Equal(first, more);
    }

    [Fact]
    public void Whistles_are_numbered_in_order_of_arrival_and_lie_within_their_wave()
    {
        var whistles = Drawn(7).Whistles;
        Assert.Equal(Enumerable.Range(1, 250), whistles.Select(w => w.Number));
        Assert.Equal(whistles.OrderBy(w => w.Offset).Select(w => w.Number), whistles.Select(w => w.Number));
        Assert.All(whistles, w => Assert.Equal($"Simulated whistle {w.Number}", w.Request.Description));
        Assert.All(whistles, w => Assert.InRange(w.Offset, TimeSpan.Zero, TimeSpan.FromHours(2)));
    }

    [Fact]
    public void A_shape_spreads_exactly_the_count_by_its_weights()
    {
        var instants = WaveDraw.Instants(new Wave(4_000, TimeSpan.FromHours(1), TimeSpan.FromHours(3), [1, 0, 3, 0], [], null, null, 1), 5);
        Assert.Equal(4_000, instants.Count);
        int In(double from, double until) => instants.Count(t => t >= TimeSpan.FromHours(from) && t < TimeSpan.FromHours(until));
        Assert.InRange(In(1, 1.5), 900, 1_100);
        Assert.Equal(0, In(1.5, 2));
        Assert.Equal(4_000 - In(1, 1.5), In(2, 2.5));
    }

    [Fact]
    public void A_wave_over_a_part_of_the_street_hits_only_that_part()
    {
        var hit = WaveDraw.Whistles(new Wave(500, TimeSpan.Zero, TimeSpan.FromHours(1), [], [], null, null, 0.5), 3, 0, Make.Street() with { Stations = [] }, Tempo.Hurried);
        Assert.Equal(2, hit.Select(w => w.Request.Grid).Distinct().Count());
    }

    [Fact]
    public void A_category_that_the_street_lacks_is_refused_by_name()
    {
        var street = Make.Street() with { Categories = [.. Make.Street().Categories.Where(c => c.Code != "02")] };
        var refused = Assert.Throws<BadInputException>(() => Plan.Draw((ScenarioDocument.StreetDay)Read(Text), 1, street));
        Assert.StartsWith("whistles[1].categories names 02, which the server's street does not have", refused.Message, StringComparison.Ordinal);
    }

    private static string[] Lines(Plan plan) => [.. plan.Whistles.Select(w => $"{w.Number} {w.Offset} {w.Request} {w.Life}"), .. plan.Errands.Select(e => $"{e.Number} {e.Offset} {e.Pick} {e.Course} {e.Papers} {e.Repeated}")];

    private static Plan Drawn(int seed, string text = Text) => Plan.Draw((ScenarioDocument.StreetDay)Read(text), seed, Make.Street());

    private static ScenarioDocument Read(string text) => ScenarioReader.Read(Encoding.UTF8.GetBytes(text), "trial", "trial.jsonc");
}
