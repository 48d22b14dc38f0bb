using DispatchCenter.Domain.Rates;

namespace DispatchCenter.Unit.Rates;

/// <summary>Wilson's interval against values worked out elsewhere.</summary>
public sealed class IntervalTests
{
    [Theory]
    [InlineData(0, 10, 0.0, 0.2775)]
    [InlineData(5, 10, 0.2366, 0.7634)]
    [InlineData(10, 10, 0.7225, 1.0)]
    [InlineData(81, 263, 0.2553, 0.3662)] // Newcombe 1998
    [InlineData(15, 148, 0.0624, 0.1605)] // Newcombe 1998
    public void It_is_the_published_one(int hits, int of, double low, double high)
    {
        var rate = Rate.Wilson(hits, of);
        Assert.Equal((low, high), (Math.Round(rate.Low!.Value, 4), Math.Round(rate.High!.Value, 4)));
    }

    [Fact]
    public void It_holds_its_own_rate_stays_within_0_and_1_and_narrows_with_more_cases()
    {
        for (var of = 1; of <= 60; of++)
            for (var hits = 0.0; hits <= of; hits += 0.2)
            {
                var (rate, ten) = (Rate.Wilson(hits, of), Rate.Wilson(hits * 10, of * 10));
                Assert.InRange(rate.Value!.Value, rate.Low!.Value, rate.High!.Value);
                Assert.InRange(rate.Low.Value, 0, 1);
                Assert.InRange(rate.High.Value, 0, 1);
                Assert.True(ten.High - ten.Low < rate.High - rate.Low);
            }
    }

    [Fact]
    public void Of_nothing_there_is_no_rate() => Assert.Equal(new Rate(null, null, null, 0), Rate.Wilson(0, 0));
}
