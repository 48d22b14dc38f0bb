using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>Doubling, then bisecting, until the rate that held and the one that broke are a tenth apart.</summary>
public sealed class RateSearchTests
{
    private readonly List<double> _tried = [];

    [Fact]
    public async Task Rates_double_until_one_breaks_and_the_distance_is_halved_from_then_on()
    {
        Assert.Equal((32.5, 35), await Search(first: 10, bears: 33));
        Assert.Equal([10, 20, 40, 30, 35, 32.5], _tried);
    }

    [Theory]
    [InlineData(10, 10.1)]
    [InlineData(10, 157)]
    [InlineData(1, 999)]
    [InlineData(50, 3)]
    public async Task What_is_found_is_borne_and_no_more_than_a_tenth_below_what_is_not(double first, double bears)
    {
        var (held, broke) = await Search(first, bears);
        Assert.InRange(bears, held!.Value, broke!.Value);
        Assert.True(broke - held <= held * RateSearch.Precision);
        Assert.Equal(_tried.Count, _tried.Distinct().Count());
        Assert.InRange(_tried.Count, 1, 20);
    }

    [Fact]
    public async Task Where_the_highest_rate_is_borne_the_search_ends_there()
    {
        Assert.Equal((100, null), await Search(first: 30, bears: 1_000));
        Assert.Equal([30, 60, 100], _tried);
    }

    [Fact]
    public async Task Where_nothing_is_borne_the_search_ends_at_the_least_rate()
    {
        var (held, broke) = await Search(first: 10, bears: 0);
        Assert.Null(held);
        Assert.InRange(broke!.Value, RateSearch.Least, RateSearch.Least * 2);
    }

    private Task<(double? Held, double? Broke)> Search(double first, double bears) => RateSearch.Run(first, most: bears < 1_000 ? 10_000 : 100, rate =>
    {
        _tried.Add(rate);
        return Task.FromResult(rate <= bears);
    });
}
