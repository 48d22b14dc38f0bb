using System.Globalization;
using System.Text.Json;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Reach;
using DispatchCenter.Hub.Sla;
using DispatchCenter.Hub.Standards;
using DispatchCenter.Hub.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Web.Pages;

/// <summary>
/// What an administrator keeps: the clocks (a new version of the policy is for whistles from then on), the days off that they go by, the city's
/// standards, and the accounts. What is uploaded is taken while the street is at work, all of it or nothing.
/// </summary>
public sealed class AdminModel(PolicyBook policies, StandardsBook standards, StreetBook streets, AccountBook accounts, ReachDesk reach, Roster roster, Database database, TimeProvider time, Wording words) : PageModel
{
    /// <summary>Accounts shown at once.</summary>
    public const int Most = 25;

    /// <summary>Bytes of a file.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    /// <summary>An account as its administrator sees it: whether it has a number, not which.</summary>
    public sealed record AccountLine(string UserName, string What, bool HasPhone, bool IsLocked);

    public Policy Policy => policies.Current.Latest;

    public int Stations => streets.View.Stations.Count;

    public int Standards => standards.View.Standards.Count;

    /// <summary>Of this year and the next, as they come with the program.</summary>
    public IReadOnlyList<(int Year, IReadOnlyList<DateOnly> Off, IReadOnlyList<DateOnly> Worked)> Years { get; private set; } = [];

    public IReadOnlyList<AccountLine> Accounts { get; private set; } = [];

    public bool HasMore { get; private set; }

    public string Query { get; private set; } = "";

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    /// <summary>Lines of a file that were refused, or taken with a remark.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    public Task OnGetAsync(string? q) => FillAsync(q);

    public async Task OnPostPolicyAsync(IFormFile? file)
    {
        if (await TextOfAsync(file) is { } json)
        {
            try
            {
                Done = words["admin.policyTaken", await policies.AddAsync(json, Who, HttpContext.RequestAborted)];
            }
            catch (FormatException e)
            {
                Error = words["admin.policyUnusable", e.Message];
            }
        }

        await FillAsync(null);
    }

    public async Task OnPostStandardsAsync(IFormFile? file)
    {
        if (Check(file))
        {
            var import = await StandardsFile.ReadAsync(file!.FileName, file.OpenReadStream, () => Task.FromResult(Policy));
            Lines = [.. import.Refused.Concat(import.Remarks).Select(l => $"{l.File}:{l.Line} {words.Pick(l.Why.Chinese, l.Why.English)}")];
            if (import.Unusable is { } why) Error = words.Pick(why.Chinese, why.English);
            else if (import.Taken.IsEmpty) Error = words["admin.standardsNone", import.Refused.Length];
            else
            {
                await standards.AddAsync(import.Taken, Who, HttpContext.RequestAborted);
                Done = words["admin.standardsTaken", import.Taken.Length, import.Refused.Length];
            }
        }

        await FillAsync(null);
    }

    public async Task OnPostPhoneAsync(string? account, string? phone, string? q)
    {
        var outcome = await reach.PutPhoneAsync(account ?? string.Empty, phone, HttpContext.RequestAborted);
        if (outcome.Ok) Done = words["admin.phoneKept", account!];
        else Error = words.Pick(outcome.Message, outcome.MessageEn);
        await FillAsync(q);
    }

    public async Task OnPostRevokeAsync(string? account, string? q)
    {
        await accounts.RevokeAsync(account ?? string.Empty, HttpContext.RequestAborted);
        Done = words["admin.revoked", account ?? string.Empty];
        await FillAsync(q);
    }

    /// <summary>"3 分", "2 小时", "5 天", by the clock that it runs on.</summary>
    public string Length(Span span)
    {
        var day = span.Kind switch { ClockKind.Continuous => TimeSpan.FromDays(1), ClockKind.ServiceHours => DayOf(Policy.Hours.Service), _ => DayOf(Policy.Hours.Working) };
        var (unit, length) = span.Length >= 2 * day ? ("days", span.Length / day) : span.Length >= TimeSpan.FromHours(1) ? ("hours", span.Length.TotalHours) : ("minutes", span.Length.TotalMinutes);
        return words["admin." + unit, length.ToString("0.#", CultureInfo.InvariantCulture)] + (span.Kind == ClockKind.Continuous ? string.Empty : " " + words["admin.clock." + Key(span.Kind)]);
    }

    private static TimeSpan DayOf(IEnumerable<DayWindow> windows) => TimeSpan.FromMinutes(windows.Sum(w => w.ToMinute - w.FromMinute));

    /// <summary>As words are looked up: serviceHours.</summary>
    public static string Key(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private string Who => HttpContext.Staff()!.Id;

    private bool Check(IFormFile? file)
    {
        if (file is null || file.Length == 0) Error = words["admin.noFile"];
        else if (file.Length > MostBytes) Error = words["admin.tooLarge", MostBytes / 1024 / 1024];
        return Error is null;
    }

    private async Task<string?> TextOfAsync(IFormFile? file)
    {
        if (!Check(file)) return null;
        using var reader = new StreamReader(file!.OpenReadStream());
        return await reader.ReadToEndAsync(HttpContext.RequestAborted);
    }

    private async Task FillAsync(string? q)
    {
        Response.Headers.CacheControl = "no-store";
        Query = q?.Trim() ?? string.Empty;
        var days = Holidays.Embedded();
        var year = time.GetUtcNow().ToOffset(WorkCalendar.Offset).Year;
        Years = [.. new[] { year, year + 1 }.Select(y => (y, Of(y, works: false), Of(y, works: true)))];
        var name = Query.ToUpperInvariant();
        await using var db = database.Context();
        var rows = await db.Users.AsNoTracking().Where(u => name == string.Empty || u.NormalizedUserName!.Contains(name)).OrderBy(u => u.UserName).Take(Most + 1)
            .Select(u => new { u.UserName, u.Role, u.Post, HasPhone = u.PhoneNumber != null, u.LockoutEnd }).ToListAsync(HttpContext.RequestAborted);
        HasMore = rows.Count > Most;
        Accounts = [.. rows.Take(Most).Select(u => new AccountLine(u.UserName!, WhatOf(u.Role, roster.FindPost(u.Post)), u.HasPhone, u.LockoutEnd > time.GetUtcNow()))];

        IReadOnlyList<DateOnly> Of(int y, bool works) => [.. days.Where(d => d.Key.Year == y && d.Value == works).Select(d => d.Key).Order()];
    }

    private string WhatOf(Role role, Post? post)
    {
        if (post is null) return words["role." + Key(role)];
        var place = post.Team is { } team && streets.Map.FindTeam(team.Value) is { } t ? words.Pick(t.Name, t.NameEn)
            : post.Community is { } community && streets.Map.FindCommunity(community.Value) is { } c ? words.Pick(c.Name, c.NameEn) : string.Empty;
        return $"{words["post." + Key(post.Kind)]} {place}".TrimEnd();
    }
}
