using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Integration.Duty;

/// <summary>
/// Stories of the roster on one street, each with a team of its own that nobody else's story touches: the real desk, database and feed, and a clock that only
/// the stories move. Team NN is told by its number; its grid workers are those of its grids.
/// </summary>
public abstract class DutyStory(SharedStreet shared)
{
    protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    protected TestStreet Street => shared.Street;

    /// <summary>Nobody of a team is on duty any more: from here on its roster decides.</summary>
    protected async Task Empty(params string[] userNames)
    {
        await Street.SignOff(userNames);
        await Sweep();
    }

    protected async Task<string> Post(string userName) => (await Street.PostOf(userName)).Value;

    protected async Task<T> Ask<T>(string userName, string path, object? body = null, HttpStatusCode status = HttpStatusCode.OK) => (await (await Street.As(userName)).Send(path, body ?? new { })).Value<T>(status);

    protected async Task<T> Look<T>(string userName, string path) => (await (await Street.As(userName)).Read(path)).Value<T>();

    protected async Task IsRefused(string userName, string path, int status, string code, object? body = null) => (await (await Street.As(userName)).Send(path, body ?? new { })).Problem(status, code);

    protected async Task<RosterShift> Shift(string editor, string userName, DateTimeOffset from, DateTimeOffset until, bool standby = false) =>
        await Ask<RosterShift>(editor, "/api/roster/shifts", new { post = await Post(userName), from, until, standby }, HttpStatusCode.Created);

    protected Task<RosterView> View(string userName, string unit, DateTimeOffset from, int days = 7) =>
        Look<RosterView>(userName, $"/api/roster?unit={unit}&from={Day(from)}&to={Day(from.AddDays(days - 1))}");

    protected async Task<bool> OnDuty(string userName) => (await Look<Me>(userName, "/api/me")).OnDuty;

    /// <summary>The next midnight in Shanghai and so many hours.</summary>
    protected DateTimeOffset Tomorrow(double hours = 0)
    {
        var today = Street.Now.ToOffset(WorkCalendar.Offset).Date;
        return new DateTimeOffset(today.AddDays(1).AddHours(hours), WorkCalendar.Offset).ToUniversalTime();
    }

    protected async Task Reaches(DateTimeOffset instant)
    {
        Street.FastForward(instant - Street.Now);
        await Sweep();
    }

    /// <summary>As many ticks as there is something to do.</summary>
    protected async Task Sweep()
    {
        while (await Street.Sweep() > 0)
        {
            // the next tick goes on
        }
    }

    protected async Task<string[]> Told(string no) =>
        [.. (await Street.Journal(no)).Select(e => string.Join(' ', new[] { e.What, e.By == JournalEntry.ByClock ? e.Answer : null }.Concat(Details.Texts(e.Detail)).OfType<string>()))];

    protected async Task<List<T>> Rows<T>(Func<DispatchDb, IQueryable<T>> ask)
    {
        await using var db = Street.Service<Database>().Context();
        return await ask(db).ToListAsync();
    }

    protected Task<int> LookAhead() => Street.Service<GapWatch>().LookAsync(CancellationToken.None);

    protected static string Day(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    protected static string Wall(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A day and a night shift, two posts in turn.</summary>
    protected async Task<object> DayNight(string unit, DateTimeOffset start, params string[] userNames)
    {
        var crews = new List<string[]>();
        foreach (var name in userNames) crews.Add([await Post(name)]);
        return new
        {
            unit, code = "main", start = Day(start), kinds = new[] { new { code = "day", from = "08:00", until = "20:00", days = "every" }, new { code = "night", from = "20:00", until = "08:00", days = "every" } },
            cycle = new[] { new[] { "day" }, ["night"] }, crews,
        };
    }
}
