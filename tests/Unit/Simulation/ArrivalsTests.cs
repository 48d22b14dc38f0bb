using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class ArrivalsTests
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_poisson_run_is_the_same_for_the_same_seed_and_another_for_another()
    {
        Assert.Equal(Arrivals.Poisson(5, _hour, 7), Arrivals.Poisson(5, _hour, 7));
        Assert.NotEqual(Arrivals.Poisson(5, _hour, 7), Arrivals.Poisson(5, _hour, 8));
    }

    /// <summary>The count of a Poisson process has a variance equal to its mean: five standard deviations either way. So has each second's.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_poisson_run_has_its_rate_and_its_spread(int seed)
    {
        var arrivals = Arrivals.Poisson(5, _hour, seed);
        Assert.InRange(arrivals.Count, 18_000 - (5 * Math.Sqrt(18_000)), 18_000 + (5 * Math.Sqrt(18_000)));
        var perSecond = new int[3_600];
        foreach (var at in arrivals) perSecond[(int)at.TotalSeconds]++;
        var mean = perSecond.Average();
        Assert.InRange(perSecond.Average(n => (n - mean) * (n - mean)) / mean, 0.85, 1.15);
    }

    [Fact]
    public void A_poisson_run_is_ascending_and_within_its_time()
    {
        var arrivals = Arrivals.Poisson(5, _hour, 1);
        Assert.Equal(arrivals.Order(), arrivals);
        Assert.True(arrivals[0] >= TimeSpan.Zero && arrivals[^1] < _hour);
    }

    [Fact]
    public void An_even_run_has_equal_distances() =>
        Assert.Equal([0, 0.25, 0.5, 0.75], Arrivals.Even(4, TimeSpan.FromSeconds(1)).Select(a => a.TotalSeconds));

    [Fact]
    public void More_than_the_bound_is_refused() =>
        Assert.Throws<BadInputException>(() => Arrivals.Even(Arrivals.MaxRows, TimeSpan.FromSeconds(2)));

    [Fact]
    public void People_take_the_median_time_half_of_the_time()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 10_000).Select(_ => Tempo.LogNormal(random, TimeSpan.FromMinutes(8), 0.7)).Order().ToArray();
        Assert.InRange(drawn[5_000].TotalMinutes, 7.6, 8.4);
        Assert.InRange(drawn[8_413].TotalMinutes, 8 * Math.Exp(0.7) * 0.93, 8 * Math.Exp(0.7) * 1.07); // one spread above
    }
}
