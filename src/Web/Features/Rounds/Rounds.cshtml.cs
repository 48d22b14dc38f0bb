using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Rounds;

/// <summary>The rounds of a day: what is due where, what has been looked at, what was found, and what was not done. Works without JavaScript.</summary>
public sealed class RoundsModel(RoundQueries rounds, StreetBook streets, Wording words, TimeProvider clock) : PageModel
{
    private const string Form = "yyyy-MM-dd";

    /// <summary>What has to be seen first, first.</summary>
    private static readonly string[] States = ["notOpened", "missed", "open", "planned", "done", "cancelled"];

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public string Day { get; private set; } = "";

    public string Before => Beside(-1);

    public string After => Beside(1);

    public IReadOnlyList<RoundView> Rounds { get; private set; } = [];

    public IEnumerable<(string State, int Count)> Sums => States.Select(state => (state, Rounds.Count(r => r.State == state))).Where(s => s.Item2 > 0);

    public string? Error { get; private set; }

    /// <summary>Whether a whistle's number leads somewhere for the reader.</summary>
    public bool ReadsCases => Access.May(HttpContext.Staff(), WhistleRights.DeskPage);

    public async Task OnGetAsync(string? day)
    {
        var asked = await rounds.OfDayAsync(HttpContext.Staff()!, day, HttpContext.RequestAborted);
        if (asked.Value is null)
        {
            Error = words.Pick(asked.Message, asked.MessageEn);
            asked = await rounds.OfDayAsync(HttpContext.Staff()!, null, HttpContext.RequestAborted);
        }

        (Day, Rounds) = (asked.Value!.Day, [.. asked.Value.Rounds.OrderBy(r => Array.IndexOf(States, r.State))]);
    }

    /// <summary>The grid, the community or the street.</summary>
    public string Place(RoundView round) =>
        round.Grid is { } grid && streets.Map.FindGrid(grid) is { } at ? words.Pick(at.Name, at.NameEn)
        : round.Community is { } community && streets.Map.FindCommunity(community) is { } of ? words.Pick(of.Name, of.NameEn)
        : words["rounds.street"];

    private string Beside(int days) => DateOnly.ParseExact(Day, Form, CultureInfo.InvariantCulture).AddDays(days).ToString(Form, CultureInfo.InvariantCulture);
}
