using System.Globalization;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>For the auditor: a week's look-ups, with who, when, whom and why. Weeks begin on Monday in Asia/Shanghai.</summary>
public sealed class LookupsModel(RegisterBook book, Roster roster, Wording words, TimeProvider time) : PageModel
{
    /// <summary>Look-ups shown at once.</summary>
    public const int Most = 1_000;

    public DateOnly Monday { get; private set; }

    /// <summary>Whether there were more than are shown.</summary>
    public bool More { get; private set; }

    public IReadOnlyList<(RegisterLookRow Look, string By, string? Reason)> Looks { get; private set; } = [];

    public async Task OnGetAsync(string? week)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(WorkCalendar.Offset).DateTime);
        if (!Instants.TryDay(week, today, out var day)) day = today;
        Monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        DateTimeOffset At(DateOnly d) => new(d.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset);
        Looks = await book.LooksAsync(At(Monday), At(Monday.AddDays(7)), Most + 1, HttpContext.RequestAborted);
        (More, Looks) = (Looks.Count > Most, [.. Looks.Take(Most)]);
    }

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string Post(string id) => roster.FindPost(id) is { } post ? words["post." + Names.Camel(post.Kind)] : id;

    public string Purpose(string code) => book.Now.Map.Kinds.FindPurpose(code) is { } purpose ? words.Pick(purpose.Name, purpose.NameEn) : words.Has("look." + code) ? words["look." + code] : code;

    /// <summary>Why somebody looked: their own words, or the word of why an entry was to be erased.</summary>
    public string Reason(string said) => words.Has("persons.reason." + said) ? words["persons.reason." + said] : said;

    public string Entry(string code) => book.Now.Map.Find(code) is { } entry ? words.Pick(entry.Name, entry.NameEn) : code;
}
