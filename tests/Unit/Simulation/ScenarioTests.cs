using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class ScenarioTests
{
    private static readonly TimeSpan[] _arrivals = [.. Enumerable.Range(0, 2_000).Select(i => TimeSpan.FromSeconds(i))];

    [Fact]
    public void The_same_seed_draws_the_same_run()
    {
        Assert.Equal(Drawn(7), Drawn(7));
        Assert.NotEqual(Drawn(7), Drawn(8));
    }

    [Fact]
    public void Every_whistle_has_one_place_and_the_team_of_its_grid()
    {
        foreach (var whistle in Scenario.Draw(1, Make.Street(), _arrivals, Tempo.Hurried))
        {
            Assert.True(whistle.Request.Grid is null ^ whistle.Request.Station is null);
            Assert.Equal(whistle.Request.Grid is "001" or "002" or "003" ? "T01" : "T02", whistle.Team);
        }
    }

    [Fact]
    public void Every_category_is_whistled_sooner_or_later() =>
        Assert.Equal(26, Scenario.Draw(1, Make.Street(), _arrivals, Tempo.Hurried).Select(w => w.Request.Category).Distinct().Count());

    [Fact]
    public void A_street_with_other_categories_gets_only_its_own()
    {
        var street = Make.Street() with { Categories = [new CategoryView("tree", "树", "Tree", "S3")] };
        Assert.All(Scenario.Draw(1, street, _arrivals, Tempo.Hurried), w => Assert.Equal("tree", w.Request.Category));
    }

    [Fact]
    public void A_property_dispute_recuses_property_staff() =>
        Assert.All(
            Scenario.Draw(1, Make.Street(), _arrivals, Tempo.Hurried),
            w => Assert.Equal(w.Request.Category == "23" || w.Request.HideFromProperty == true, w.PropertyRecused));

    [Fact]
    public void A_street_that_nobody_answers_for_is_refused() =>
        Assert.Throws<BadInputException>(() => Scenario.Draw(1, Make.Street() with { Teams = [] }, _arrivals, Tempo.Hurried));

    [Fact]
    public void A_grid_without_a_team_is_refused_by_its_code()
    {
        var street = Make.Street();
        var refused = Assert.Throws<BadInputException>(() => Scenario.Draw(1, street with { Teams = [street.Teams[0]] }, _arrivals, Tempo.Hurried));
        Assert.Contains("004", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_crew_has_grid_workers_property_and_police_of_every_team() =>
        Assert.Equal(["grid001", "grid002", "property01", "police01", "grid004", "property02", "police02"], Crew.Accounts(Make.Street()));

    private static string Drawn(int seed) => string.Join('\n', Scenario.Draw(seed, Make.Street(), _arrivals, Tempo.Hurried).Select(w => $"{w.Request} {w.Life}"));
}
