using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>The leader's morning brief (晨报), on screen or printed: yesterday's figures, late answers, repeats, who is waiting for whom, 督办 slips.</summary>
public sealed class BriefModel(BriefQueries desk, StreetBook streets, PolicyBook policies) : PageModel
{
    /// <summary>The most cases of one cause that a line names beside the first.</summary>
    public const int MostNamed = 30;

    public Brief Brief { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string? day)
    {
        var asked = await desk.AskAsync(HttpContext.Staff()!, day, HttpContext.RequestAborted);
        if (asked.Value is not { } brief) return StatusCode(asked.Status);
        Brief = brief;
        return Page();
    }

    /// <summary>Whose brief it is: the street's, or a community's.</summary>
    public string Whose(Wording words) =>
        HttpContext.Staff()?.Post?.Community is { } own && streets.Map.FindCommunity(own.Value) is { } community ? words.Pick(community.Name, community.NameEn) : words.Pick(streets.Map.Name, streets.Map.NameEn);

    /// <summary>With its day, because it is printed; Asia/Shanghai.</summary>
    public static string At(DateTimeOffset at) => Write(at, "yyyy-MM-dd HH:mm");

    public string Duty(BriefDuty duty, Wording words) =>
        words[duty.Posts == 1 ? "brief.duty" : "brief.duties", words["post." + duty.Post], duty.Until - duty.From == TimeSpan.FromDays(1) ? words["brief.allDay"] : $"{Write(duty.From, "HH:mm")}–{Write(duty.Until, "HH:mm")}", duty.Posts];

    public string Place(string grid, Wording words) => words.Pick(streets.PlaceNames.Grid(grid));

    public string What(string category, Wording words) => words.Pick(policies.Current.CategoryName(category));

    public string Who(CallCard call, Wording words) => call.Lead switch
    {
        null => words["brief.nobody"],
        { Team: { } team } => words.Pick(streets.PlaceNames.Team(team)),
        { Post: var post } => words["post." + post],
    };

    public string Whom(BriefWait wait, Wording words) => wait.On switch
    {
        "party" => words.Pick(policies.Current.PartyName(wait.Whom!)),
        "decision" => words["brief.petition." + wait.Whom],
        _ => words["brief.wait." + wait.On],
    };

    public string Answer(string key, Wording words)
    {
        var plain = key.TrimEnd("0123456789".ToCharArray());
        if (words.Has($"brief.key.{plain}")) return words[$"brief.key.{plain}"];
        if (plain.StartsWith("decide", StringComparison.Ordinal)) return words[$"brief.petition.{char.ToLowerInvariant(plain[6])}{plain[7..]}"];
        var party = policies.Current.Latest.Parties.FirstOrDefault(p => key == $"party-{p.Code}" || key.StartsWith($"party-{p.Code}-", StringComparison.Ordinal));
        return party is null ? key : words.Pick(party.Name, party.NameEn);
    }

    private static string Write(DateTimeOffset at, string form) => at.ToOffset(WorkCalendar.Offset).ToString(form, CultureInfo.InvariantCulture);

    public static string Percent(RateView rate) => rate.Value is { } value ? $"{value * 100:0.#} % ({rate.Low * 100:0}–{rate.High * 100:0})" : "–";
}
