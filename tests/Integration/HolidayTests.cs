using DispatchCenter.Contracts;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Days off that are announced while the street is at work.</summary>
public sealed class HolidayTests : IAsyncLifetime
{
    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task New_whistles_go_by_the_days_off_that_are_taken_in_and_what_is_promised_stays_promised()
    {
        var before = await _street.Blow("001", category: "22");
        var promised = await ResolveByAsync(before);
        var today = DateOnly.FromDateTime(_street.Now.ToOffset(TimeSpan.FromHours(8)).DateTime);
        var off = Enumerable.Range(1, 7).ToDictionary(today.AddDays, _ => false);
        var version = await _street.Service<PolicyBook>().AddHolidaysAsync(off, "admin", CancellationToken.None);
        var after = await _street.Blow("001", category: "22");
        Assert.Equal(promised, await ResolveByAsync(before));
        Assert.Equal(promised.AddDays(7), await ResolveByAsync(after)); // a whole week does not count

        // A new policy goes by the same days; and all of it is still so after a restart.
        Assert.Equal(version + 1, await _street.Service<PolicyBook>().AddAsync(PolicyBook.DefaultJson(), "admin", CancellationToken.None));
        await _street.RestartAsync();
        Assert.Equal(promised.AddDays(7), await ResolveByAsync(await _street.Blow("002", category: "22")));
        Assert.Equal(promised, await ResolveByAsync(before));
        Assert.Equal(off.Keys.Order(), _street.Service<PolicyBook>().Current.Holidays.Keys.Where(d => d.Year == today.Year).Order());
        Assert.Contains(_street.Service<PolicyBook>().Current.Holidays.Keys, d => d.Year == today.Year - 1); // years that were not named stay
    }

    private async Task<DateTimeOffset> ResolveByAsync(WhistleReceipt call) => (await _street.Card(call.CallNo)).Answers.Single(a => a.Kind == "resolve").Due;
}
