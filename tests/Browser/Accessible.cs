using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace DispatchCenter.Browser;

/// <summary>axe on every page and state, by day and by night, and nothing that must be scrolled sideways.</summary>
public sealed class Accessible(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);
    private readonly List<string> _violations = [];

    [Fact]
    public Task Residents_pages() => LookAtAllAsync(Rooms.PublicAsync);

    [Fact]
    public Task The_phone_of_a_team() => LookAtAllAsync(Rooms.PhoneAsync);

    [Fact]
    public Task Desk_and_verification() => LookAtAllAsync(Rooms.DesksAsync);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task LookAtAllAsync(Func<Street, Windows, string, Rooms.Look, Task> rooms)
    {
        await rooms(street, _windows, "zh-CN", LookAsync);
        Assert.Empty(_violations);
    }

    private async Task LookAsync(Window window, string name)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var found = await window.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            _violations.AddRange(found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{name} ({scheme}): {rule.Id}: {node.Html}: {string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(why => why.Message))}")));
            await window.ShootAsync($"{name}-{(scheme == ColorScheme.Light ? "day" : "night")}", whole: !name.StartsWith("desk", StringComparison.Ordinal));
        }

        var sideways = await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (sideways > 0)
            _violations.Add($"{name}: must be scrolled sideways by {sideways} px");
    }
}
