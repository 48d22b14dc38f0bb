namespace DispatchCenter.Browser;

/// <summary>What the desk sees of many whistles about one thing, and of a case that someone is recused from.</summary>
public sealed class Surges(Street street) : IAsyncDisposable
{
    /// <summary>Cards of one category in one community, opened at these minutes; the script returns the number of cases in each surge.</summary>
    private const string Sizes = """
        async (minutes) => {
          const { surges } = await import('/Features/Whistles/surge.js');
          const card = (at, i, more) => ({ callNo: 'W' + i, category: '05', community: '01', grid: '00' + (1 + i % 2), flags: [], openedAt: new Date(at * 60000).toISOString(), ...more });
          const cards = minutes.map((at, i) => card(at, i));
          const others = [0, 1, 2].flatMap((i) => [card(0, 100 + i, { flags: ['drill'] }), card(0, 200 + i, { parent: 'W1' }), card(0, 300 + i, { category: '0' + (6 + i) }), card(0, 400 + i, { community: '1' + i })]);
          return surges([...others, ...cards].reverse(), { minutes: 60, cases: 3 }).map((one) => one.calls.length + (one.grid ?? ''));
        }
        """;

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Many_whistles_of_one_kind_in_one_place_stand_as_one_surge_over_the_list_and_whoever_recuses_themselves_loses_the_case()
    {
        var place = await street.Api.PlaceAsync("05");
        var desk = await _windows.DeskAsync("duty2", "/desk?community=" + place.Community);
        await desk.LiveAsync();
        string[][] found =
        [
            await Of(desk, 0, 30, 60), // exactly the span still counts
            await Of(desk, 0, 30, 61),
            await Of(desk, 0, 10, 20, 200, 210, 220),
            await Of(desk, 0, 50, 60, 110), // overlapping stretches are one
            await Of(desk, 0, 1),
        ];
        Assert.Equal([["3"], [], ["3", "3"], ["4"], []], found);

        string callNo = "";
        for (var i = 0; i < 5; i++) (callNo, _) = await street.Api.WhistleAsync("05", "17");
        var line = desk.Find($"[data-surge='{place.Community} 17']");
        await Expect(line).ToContainTextAsync("违规养犬");
        await Expect(line).ToContainTextAsync("5 件");
        var before = await BoxAsync(desk);
        await desk.Find("#surge-box summary").ClickAsync();
        await Expect(line).ToBeVisibleAsync();
        Assert.Equal(before, await BoxAsync(desk)); // it pushes nothing
        await desk.ShootAsync("desk-surge");
        await line.Locator("button").ClickAsync();
        await Expect(desk.Find(".queue-row:not([hidden])")).ToHaveCountAsync(5);

        await desk.Find("input[name=q]").FillAsync(callNo);
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail [data-guide=communityDesk]")).ToBeVisibleAsync();
        await desk.Find("#detail .more summary").ClickAsync();
        await desk.Find("#detail [data-command=recuse]").ClickAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await desk.Find("input[name=q]").FillAsync("");
        await desk.Page.Keyboard.PressAsync("Escape");
        await Expect(line).ToBeHiddenAsync(); // four no longer make a surge, to this officer
        await Expect(desk.Call(callNo)).ToBeHiddenAsync();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task<(float Y, float Height)> BoxAsync(Window desk)
    {
        var box = (await desk.Find("#queue").BoundingBoxAsync())!;
        return (box.Y, box.Height);
    }

    private static Task<string[]> Of(Window desk, params int[] minutes) => desk.Page.EvaluateAsync<string[]>(Sizes, minutes);
}
