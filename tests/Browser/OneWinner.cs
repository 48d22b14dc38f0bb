using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>Two people tap 接单 at once.</summary>
public sealed class OneWinner(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Of_two_who_tap_at_once_one_gets_it_and_the_other_is_told_which_team_and_post_won()
    {
        var place = await street.Api.PlaceAsync("03");
        var worker = await _windows.MemberAsync(place.Workers[0]);
        var police = await _windows.MemberAsync(place.Police);
        var (callNo, _) = await street.Api.WhistleAsync("03");

        // The buttons as both see them before either has tapped: a finger on its way down.
        var buttons = new List<(Window Window, string Post, IElementHandle Button)>();
        foreach (var (window, post) in new[] { (worker, "网格员"), (police, "社区民警") })
        {
            window.Forgive("status of 409");
            buttons.Add((window, post, (await window.Call(callNo).Locator("[data-command=accept]").ElementHandleAsync())!));
        }

        await Task.WhenAll(buttons.Select(one => one.Button.EvaluateAsync("button => button.click()")));

        await Expect(worker.Find(".toast.ok").Or(worker.Find(".toast.bad"))).ToBeVisibleAsync();
        var workerWon = await worker.Find(".toast.ok").IsVisibleAsync();
        var (winner, loser) = workerWon ? (buttons[0], buttons[1]) : (buttons[1], buttons[0]);
        await Expect(winner.Window.Find(".toast")).ToHaveTextAsync("已接单。");
        await Expect(loser.Window.Find(".toast")).ToHaveTextAsync(new Regex($"^晚了一步：已由{place.TeamName} \\d\\d（{winner.Post}）接单。$"));
        await loser.Window.TabAsync("tasks");
        await Expect(loser.Window.Find("#tasks").Locator($"[data-no='{callNo}']")).ToContainTextAsync($"{place.TeamName} {winner.Post}");
        await winner.Window.ShootAsync("race-winner");
        await loser.Window.ShootAsync("race-loser");
    }

    [Fact]
    public async Task A_case_that_a_team_gives_back_leaves_its_phones_for_good_and_rings_at_the_next()
    {
        var place = await street.Api.PlaceAsync("03");
        var worker = await _windows.MemberAsync(place.Workers[1]);
        var next = await _windows.MemberAsync(place.Neighbour);
        var (callNo, _) = await street.Api.WhistleAsync("03", "14");
        await street.Api.GiveAsync(place.Workers[1], callNo, "accept");

        await worker.TapAsync(callNo, "return");
        await worker.Find("dialog input[value=noPower]").CheckAsync();
        await worker.Find("dialog button[value=yes]").TapAsync();
        await Expect(worker.Find(".toast.ok")).ToHaveTextAsync("已退单。");
        await next.TabAsync("inbox");
        await Expect(next.Find("#inbox").Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
        await Expect(worker.Call(callNo)).ToHaveCountAsync(0);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
