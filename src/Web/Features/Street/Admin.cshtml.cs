using System.Globalization;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Web.Features.Street;

/// <summary>
/// The administrator's settings: clocks (a new policy version applies to new whistles), holidays, the city's
/// standards, and accounts. Uploads take effect at run time, all or nothing.
/// </summary>
public sealed class AdminModel(PolicyBook policies, StandardsBook standards, StreetBook streets, AccountBook accounts, AccountCommands people, SecondFactorCommands factors, ReachCommands reach, Roster roster, SignInGate gate, Database database, TimeProvider time, Wording words) : PageModel
{
    /// <summary>The maximum of accounts listed.</summary>
    public const int Most = 25;

    /// <summary>The maximum bytes of a file.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    /// <summary>An account in the list: whether it has a phone number, not which.</summary>
    /// <param name="Further">The posts beside its own.</param>
    /// <param name="Takes">The list of places for a further post; null if it can hold none.</param>
    public sealed record AccountLine(string UserName, string What, IReadOnlyList<(string Id, string Name)> Further, string? Takes, bool HasPhone, bool HasSecondFactor, bool IsLocked, bool IsClosed, string Mark);

    /// <summary>The places of further posts: grids for a grid worker, teams for the others.</summary>
    public IEnumerable<(string Id, IEnumerable<(string Code, string Name)> Places)> PlaceLists =>
    [
        (GridList, streets.Map.Grids.Select(grid => ($"grid:{grid.Code}", words.Pick(grid.Name, grid.NameEn)))),
        (TeamList, streets.Map.Teams.Select(team => ($"team:{team.Code}", words.Pick(team.Name, team.NameEn)))),
    ];

    private const string GridList = "grids";
    private const string TeamList = "teams";

    public Policy Policy => policies.Current.Latest;

    public PlannedPolicy? Planned => policies.Planned;

    public PolicyWords Names { get; } = new(words, streets);

    public int Stations => streets.View.Stations.Count;

    public int Standards => standards.View.Standards.Count;

    /// <summary>For this year and the next, as used for new whistles; consecutive days merged, "10/1–10/7".</summary>
    public IReadOnlyList<(int Year, string Off, string Worked)> Years { get; private set; } = [];

    public IReadOnlyList<AccountLine> Accounts { get; private set; } = [];

    public bool HasMore { get; private set; }

    public string Query { get; private set; } = "";

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    /// <summary>Whether the result concerns accounts, so it is shown next to them.</summary>
    public bool AboutAccounts { get; private set; }

    /// <summary>Accounts with a new password, shown only once.</summary>
    public IReadOnlyList<FreshAccount> Fresh { get; private set; } = [];

    /// <summary>The rejected input, to correct.</summary>
    public (string? Account, string? Kind, string? Place) Asked { get; private set; }

    /// <summary>The number that was refused, to correct or to send once more, and whether it is only unusual.</summary>
    public (string? Account, string? Phone, bool IsUnusual) Typed { get; private set; }

    /// <summary>The kinds of account, with their names.</summary>
    public IEnumerable<(string Code, string Name)> Kinds => AccountCommands.Kinds.Select(code => (code, words[words.Has("post." + code) ? "post." + code : "role." + code]));

    /// <summary>The places a post can belong to, by community: its desk, its teams, its grids.</summary>
    public IEnumerable<(string Community, IEnumerable<(string Code, string Name)> Places)> Places => streets.Map.Communities.Select(community => (
        words.Pick(community.Name, community.NameEn),
        streets.Map.TeamsOf(community.Code).Select(team => ($"team:{team.Code}", words.Pick(team.Name, team.NameEn)))
            .Concat(streets.Map.Grids.Where(grid => grid.Community == community.Code).Select(grid => ($"grid:{grid.Code}", words.Pick(grid.Name, grid.NameEn))))
            .Prepend(($"community:{community.Code}", words.Pick(community.Name, community.NameEn)))));

    /// <summary>Lines of a file that were rejected, or imported with a remark.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>The kind of account that the list shows; empty for all.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The standards in force: what is asked for, its limit, and the category it is mapped to, if any.</summary>
    public IEnumerable<(StandardView Line, string? Category)> InForce => standards.View.Standards.Select(line => (line, line.Category is { } code ? CategoryOf(code) : null));

    public Task OnGetAsync(string? q, string? of) => FillAsync(q, of);

    /// <summary>The policy in force as a file, to change and to upload.</summary>
    public async Task<IActionResult> OnGetPolicyFileAsync()
    {
        var (version, json) = await policies.TextAsync(HttpContext.RequestAborted);
        return File(Encoding.UTF8.GetBytes(json), "application/json", $"policy-{version.ToString(CultureInfo.InvariantCulture)}.json");
    }

    /// <param name="anyway">"yes": also if open cases or channels would be left hanging on a category or party that vanishes.</param>
    public async Task OnPostPolicyAsync(IFormFile? file, string? anyway)
    {
        if (await TextOfAsync(file) is { } json)
        {
            try
            {
                var orphans = anyway == "yes" ? [] : await Orphans.OfPolicyAsync(database, policies.Current.Latest, PolicyBook.Check(json), HttpContext.RequestAborted);
                if (orphans.Count == 0) Done = words["admin.policyTaken", await policies.AddAsync(json, Who, HttpContext.RequestAborted)];
                else (Error, Lines) = (words["admin.wouldOrphan"], [.. orphans.Select(o => words.Pick(o.Message, o.MessageEn))]);
            }
            catch (UnusableDocumentException e)
            {
                Error = words["admin.policyUnusable", words.Pick(e.Chinese, e.English)];
            }
        }

        await FillAsync(null);
    }

    public async Task OnPostHolidaysAsync(IFormFile? file)
    {
        if (Check(file))
        {
            var import = Holidays.Read(Path.GetFileName(file!.FileName), file.OpenReadStream, ThisYear);
            Lines = [.. import.Refused.Select(l => $"{l.File}:{l.Line} {words.Pick(l.Why.Chinese, l.Why.English)}")];
            if (import.Unusable is { } why) Error = words.Pick(why.Chinese, why.English);
            else if (!import.IsUsable) Error = words["admin.holidaysRefused"];
            else Done = words["admin.holidaysTaken", import.Days.Count, await policies.AddHolidaysAsync(import.Days, Who, HttpContext.RequestAborted)];
        }

        await FillAsync(null);
    }

    /// <param name="replace">"yes": the lines in force are to be replaced. Without it a second table is refused.</param>
    /// <param name="anyway">"yes": also if open cases go by lines that vanish, or categories lose theirs.</param>
    public async Task OnPostStandardsAsync(IFormFile? file, string? replace, string? anyway)
    {
        if (Standards > 0 && replace != "yes") Error = words["admin.standardsInForce", Standards];
        else if (Check(file))
        {
            var import = await StandardsFile.ReadAsync(file!.FileName, file.OpenReadStream, () => Task.FromResult(Policy), () => standards.View.Standards);
            Lines = [.. import.Refused.Concat(import.Remarks).Select(l => $"{l.File}:{l.Line} {words.Pick(l.Why.Chinese, l.Why.English)}")];
            if (import.Unusable is { } why) Error = words.Pick(why.Chinese, why.English);
            else if (import.Taken.IsEmpty) Error = words["admin.standardsNone", import.Refused.Length];
            else if (anyway != "yes" && await Orphans.OfStandardsAsync(database, standards.View.Standards, import.Taken, HttpContext.RequestAborted) is [_, ..] orphans)
                (Error, Lines) = (words["admin.standardsOrphan"], [.. orphans.Select(o => words.Pick(o.Message, o.MessageEn))]);
            else
            {
                await standards.AddAsync(import.Taken, Who, HttpContext.RequestAborted);
                Done = words["admin.standardsTaken", import.Taken.Length, import.Refused.Length];
            }
        }

        await FillAsync(null);
    }

    /// <param name="sure">The unusual number that was asked about: typed once more, it is meant.</param>
    public async Task OnPostPhoneAsync(string? account, string? phone, string? sure, string? q)
    {
        AboutAccounts = true;
        var outcome = await reach.PutPhoneAsync(account ?? string.Empty, phone, HttpContext.Staff()!, HttpContext.RequestAborted, !string.IsNullOrEmpty(sure) && sure == phone);
        if (outcome.Ok) Done = words["admin.phoneKept", account!];
        else (Error, Typed) = (words.Pick(outcome.Message, outcome.MessageEn), (account, phone, outcome.Code == Phones.Unusual));
        await FillAsync(q);
    }

    public async Task OnPostRevokeAsync(string? account, string? q)
    {
        AboutAccounts = true;
        if (await accounts.RevokeAsync(account ?? string.Empty, HttpContext.Staff()!, HttpContext.RequestAborted)) Done = words["admin.revoked", account!];
        else Error = words["admin.nobody", account ?? string.Empty];
        await FillAsync(q);
    }

    public async Task OnPostAccountAsync(string? account, string? kind, string? place)
    {
        AboutAccounts = true;
        var outcome = await people.CreateAsync(HttpContext.Staff()!, account, kind, place, HttpContext.RequestAborted);
        Show(outcome, "admin.made");
        if (!outcome.Ok) Asked = (account, kind, place);
        await FillAsync(outcome.Value?.UserName);
    }

    /// <summary>Gives a team's member a further post.</summary>
    public async Task OnPostPostAsync(string? account, string? place, string? q)
    {
        AboutAccounts = true;
        Say(await people.AddPostAsync(HttpContext.Staff()!, account, place, HttpContext.RequestAborted), "admin.postAdded", account);
        await FillAsync(q);
    }

    /// <summary>Takes a further post away.</summary>
    public async Task OnPostDropPostAsync(string? account, string? post, string? q)
    {
        AboutAccounts = true;
        Say(await people.DropPostAsync(HttpContext.Staff()!, account, post, HttpContext.RequestAborted), "admin.postDropped", account);
        await FillAsync(q);
    }

    private void Say(Outcome outcome, string done, string? account)
    {
        if (outcome.Ok) Done = words[done, account!];
        else Error = words.Pick(outcome.Message, outcome.MessageEn);
    }

    public async Task OnPostRenewAsync(string? account, string? mark, string? q)
    {
        AboutAccounts = true;
        Show(await people.RenewAsync(HttpContext.Staff()!, account, mark, HttpContext.RequestAborted), "admin.renewed");
        await FillAsync(q);
    }

    /// <summary>For who lost phone and recovery codes: they sign in with the password alone, and set it up anew.</summary>
    public async Task OnPostFactorAsync(string? account, string? q)
    {
        AboutAccounts = true;
        Say(await factors.ResetAsync(Who, account, HttpContext.RequestAborted), "admin.factorReset", account);
        await FillAsync(q);
    }

    public async Task OnPostCloseAsync(string? account, string? q)
    {
        AboutAccounts = true;
        Say(await people.CloseAsync(HttpContext.Staff()!, account, HttpContext.RequestAborted), "admin.closed", account);
        await FillAsync(q);
    }

    public async Task OnPostAccountsAsync(IFormFile? file)
    {
        AboutAccounts = true;
        if (Check(file))
        {
            var import = await people.TakeAsync(HttpContext.Staff(), Path.GetFileName(file!.FileName), file.OpenReadStream, HttpContext.RequestAborted);
            Lines = [.. import.Refused.Select(l => $"{l.File}:{l.Line} {words.Pick(l.Why.Chinese, l.Why.English)}")];
            Fresh = import.Made;
            if (import.Unusable is { } why) Error = words.Pick(why.Chinese, why.English);
            else if (import.Taken == 0) Error = words["admin.accountsNone", import.Refused.Count];
            else Done = words["admin.accountsTaken", import.Taken, import.Made.Count, import.Refused.Count];
        }

        await FillAsync(null);
    }

    private void Show(Outcome<FreshAccount> outcome, string done)
    {
        if (outcome.Value is { } fresh) (Fresh, Done) = ([fresh], words[done, fresh.UserName]);
        else Error = words.Pick(outcome.Message, outcome.MessageEn);
    }

    private int ThisYear => time.GetUtcNow().ToOffset(WorkCalendar.Offset).Year;

    private string Who => HttpContext.Staff()!.Id;

    private bool Check(IFormFile? file)
    {
        if (file is null || file.Length == 0) Error = words["admin.noFile"];
        else if (file.Length > MostBytes) Error = words["admin.tooLarge", MostBytes / 1024 / 1024];
        return Error is null;
    }

    private async Task<string?> TextOfAsync(IFormFile? file)
    {
        return Check(file) ? await file!.TextAsync(HttpContext.RequestAborted) : null;
    }

    private string CategoryOf(string code) => Policy.FindCategory(code) is { } category ? $"{code} {words.Pick(category.Name, category.NameEn)}" : code;

    private async Task FillAsync(string? q, string? kind = null)
    {
        Query = q?.Trim() ?? string.Empty;
        Kind = AccountCommands.Kinds.FirstOrDefault(code => code == kind) ?? string.Empty;
        var days = policies.Current.Holidays;
        Years = [.. new[] { ThisYear, ThisYear + 1 }.Select(y => (y, Of(y, works: false), Of(y, works: true)))];
        var name = Query.ToUpperInvariant();
        await using var db = database.Context();
        // A name, or the post with its place.
        var ofKind = roster.Posts.Where(p => Kind.Length == 0 || PolicyWords.Key(p.Kind) == Kind).ToList();
        var among = ofKind.ConvertAll(p => p.Id.Value);
        var called = Query.Length == 0 ? [] : ofKind.Where(p => WhatOf(default, p).Contains(Query, StringComparison.OrdinalIgnoreCase)).Select(p => p.Id.Value).ToList();
        var role = Enum.GetValues<Role>().Where(one => PolicyWords.Key(one) == Kind).ToList();
        var rows = await db.Users.AsNoTracking().Where(u => name == string.Empty || u.NormalizedUserName!.Contains(name) || (u.Post != null && called.Contains(u.Post)) || db.Set<AccountPostRow>().Any(h => h.Account == u.Id && called.Contains(h.Post)))
            .Where(u => Kind == string.Empty || role.Contains(u.Role) || (u.Post != null && among.Contains(u.Post))).OrderBy(u => u.UserName).Take(Most + 1)
            .Select(u => new { u.Id, u.UserName, u.Role, u.Post, HasPhone = u.Phone != null, HasSecondFactor = db.Set<SecondFactorRow>().Any(f => f.Account == u.Id), IsClosed = u.PasswordHash == null, u.SecurityStamp }).ToListAsync(HttpContext.RequestAborted);
        HasMore = rows.Count > Most;
        var listed = rows.Select(u => u.Id).ToList();
        var held = (await db.Set<AccountPostRow>().Where(h => listed.Contains(h.Account) && db.Set<PostRow>().Any(p => p.Id == h.Post && p.RetiredAt == null)).ToListAsync(HttpContext.RequestAborted)).ToLookup(h => h.Account, h => h.Post);
        Accounts = [.. rows.Take(Most).Select(u => new AccountLine(
            u.UserName!, WhatOf(u.Role, roster.FindPost(u.Post)),
            [.. held[u.Id].Select(roster.FindPost).OfType<Post>().Select(p => (p.Id.Value, WhatOf(u.Role, p)))],
            roster.FindPost(u.Post) is { Team: not null } own ? own.Kind == PostKind.GridWorker ? GridList : TeamList : null,
            u.HasPhone, u.HasSecondFactor, gate.IsClosedToStrangers(u.UserName!, u.SecurityStamp ?? string.Empty), u.IsClosed, AccountCommands.MarkOf(u.SecurityStamp)))];

        string Of(int y, bool works)
        {
            var list = days.Where(d => d.Key.Year == y && d.Value == works).Select(d => d.Key).Order().ToList();
            var runs = list.Where((day, i) => i == 0 || list[i - 1].AddDays(1) != day)
                .Select(first => (First: first, Last: list.Where(day => day >= first).TakeWhile((day, i) => day == first.AddDays(i)).Last()));
            return string.Join(words["ui.and"], runs.Select(run => run.First == run.Last ? Short(run.First) : $"{Short(run.First)}–{Short(run.Last)}"));
        }

        static string Short(DateOnly day) => $"{day.Month}/{day.Day}";
    }

    private string WhatOf(Role role, Post? post)
    {
        if (post is null) return words["role." + PolicyWords.Key(role)];
        var place = post.Team is { } team ? words.Pick(streets.PlaceNames.Team(team.Value)) : post.Community is { } community ? words.Pick(streets.PlaceNames.Community(community.Value)) : string.Empty;
        var grid = post.Grid is { } code ? words.Pick(streets.PlaceNames.Grid(code.Value)) : string.Empty;
        return $"{words["post." + PolicyWords.Key(post.Kind)]} {place} {grid}".TrimEnd();
    }
}
