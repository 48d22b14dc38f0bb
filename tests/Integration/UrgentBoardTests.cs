using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A board that cannot hold every open case.</summary>
public sealed class UrgentBoardTests
{
    [Theory]
    [InlineData("duty")]
    [InlineData("community01")]
    public async Task A_special_case_is_on_a_full_board_however_many_others_are_late(string account)
    {
        await using var street = await TestStreet.StartAsync();
        for (var i = 0; i < 3; i++) await street.Blow("001", "02");
        street.FastForward(TimeSpan.FromMinutes(40));
        var urgent = await street.Blow("001", "04");
        var board = (await (await street.As(account)).Read("/api/board?limit=2")).Value<Board>();
        Assert.Equal(4, board.Total);
        Assert.Equal(2, board.Calls.Count);
        Assert.Equal(urgent.CallNo, board.Calls[^1].CallNo); // in order of time, as ever
    }
}
