using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;
using DispatchCenter.Simulator;
using DispatchCenter.Simulator.Choosing;

namespace DispatchCenter.Unit.Simulation;

public sealed class ChoosingTests
{
    private static readonly StreetMap Map = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map;

    private static readonly StreetView Street = StreetJson.View(Map, [.. TestStreet.DefaultPolicy.Categories.Select(c => new CategoryView(c.Code, c.Name, c.NameEn, c.Level.ToString()))])
        with { Promises = [.. StreetBook.Promises(TestStreet.DefaultPolicy)] };

    [Theory]
    [InlineData(1)] // the one that the README prints
    [InlineData(2)]
    [InlineData(20261124)]
    public void The_balanced_order_lets_fewer_come_late_than_nearest_first_and_nobody_pays_for_it_with_the_mean(int seed)
    {
        var week = new Comparison(Street).Of(seed, 7, 592);
        Assert.True(week.Nearest.Late > 0.005, $"{week}: without contention there is nothing to choose.");
        Assert.True(week.Holds, $"late {week.LateRatio:0.00}, mean {week.MeanRatio:0.00}: {week}");
        Assert.Equal(week.Nearest.Cases, week.Balanced.Cases);
    }

    [Fact]
    public void The_same_seed_gives_the_same_week_and_the_same_figures()
    {
        var comparison = new Comparison(Street);
        Assert.Equal(comparison.Of(7, 2, 300), comparison.Of(7, 2, 300));
        Assert.NotEqual(comparison.Of(7, 2, 300), comparison.Of(8, 2, 300));
    }

    [Fact]
    public void A_drawn_week_has_its_surges_merges_what_is_whistled_again_and_goes_by_the_clocks_of_the_policy()
    {
        var ground = new Ground(Map);
        var cases = WeekPlan.Draw(1, Street, ground, 7, 592);
        int On(int day) => cases.Count(c => (int)c.At.TotalDays == day);
        Assert.True(On(WeekPlan.HeatingDay) > 1.3 * On(0), $"{On(WeekPlan.HeatingDay)} on the heating day");
        Assert.True(On(WeekPlan.StormDay) > 1.4 * On(0), $"{On(WeekPlan.StormDay)} on the day of the storm");
        Assert.InRange(On(0), 450, 592); // one in five is about the same as another, and some of these are merged
        Assert.All(cases.Where(c => c.Level == Domain.Sla.Level.S1), c => Assert.Equal(15, (c.Due - c.At).TotalMinutes, 3));
        Assert.All(cases.Where(c => c.Level == Domain.Sla.Level.S3), c => Assert.True((c.Due - c.At).TotalHours is > 11.9 and < 25));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_words()
    {
        Assert.Throws<BadInputException>(() => new Comparison(Street with { Teams = [] }));
        Assert.Throws<BadInputException>(() => new Comparison(Street with { Promises = [] }).Of(1, 1, 100));
        Assert.Throws<BadInputException>(() => new Comparison(Street).Of(1, 1, 0.0001));
    }

    [Fact]
    public void The_print_names_both_orders_the_ratios_and_the_spread_over_the_weeks()
    {
        var text = new StringWriter();
        new Comparison(Street).Print(text, 1, 2, 7, 592);
        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString());
        Assert.Contains("nearestFirst", text.ToString());
        Assert.Contains("over 2 weeks: late", text.ToString());
    }
}
