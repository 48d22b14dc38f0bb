using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>One entry: who answers there, what it says, who may be looked up for what, its form and its history. Works without scripts.</summary>
public sealed class EntryModel(RegisterBook book, RegisterQueries queries, RegisterCommands commands, ErasureCommands erasures, HouseholdLinks links, HouseholdConsents consents, PersonalLinks personal, RhythmBook rhythms, StaffSight sight, Addresses addresses, Wording words) : PageModel
{
    /// <summary>The address of a form for an entry that is not there yet.</summary>
    public const string New = "new";

    public EntryView? View { get; private set; }

    /// <summary>What the form shows: what was typed, or what stands.</summary>
    public IReadOnlyDictionary<string, string> Said { get; private set; } = new Dictionary<string, string>();

    public EntryKind? Kind { get; private set; }

    /// <summary>The version that the form was made from; 0 for a new entry.</summary>
    public int Version { get; private set; }

    public IReadOnlyList<(EntryRow Row, string By)> History { get; private set; } = [];

    public IReadOnlyList<Purpose> Purposes { get; private set; } = [];

    public LookupView? Looked { get; private set; }

    /// <summary>Whether the reader gives and takes back its personal link.</summary>
    public bool MayIssue { get; private set; }

    /// <summary>Since when it has its personal link, and who gave it; null if it has none.</summary>
    public (DateTimeOffset At, string By)? Linked { get; private set; }

    /// <summary>The personal link that has just been made: it is shown this once.</summary>
    public string? Issued { get; private set; }

    public string? Error { get; private set; }

    public string? Done { get; private set; }

    public bool MayKeep { get; private set; }

    /// <summary>Whether the reader may give this household its own link.</summary>
    public bool MayGive { get; private set; }

    /// <summary>The household's link that holds now; null if there is none, or the reader may neither give nor end it.</summary>
    public HeldLink? Link { get; private set; }

    /// <summary>What the home agrees to now, for whoever may take it in person.</summary>
    public IReadOnlyList<HeldAgreement> Agreed { get; private set; } = [];

    /// <summary>What may be taken in person: what the street does, and what the home has agreed to before.</summary>
    public IEnumerable<string> Contacts => HouseholdConsents.All.Where(what => Agreed.Any(a => a.What == what) || rhythms.Now.HasHomes(what));

    /// <summary>The whole address of a link just made: shown this once.</summary>
    public string? Given { get; private set; }

    /// <summary>Fields that the keeper reads; closed ones are written, never shown.</summary>
    public static bool IsShown(Field field) => field.Privacy.IsForStaff;

    public async Task<IActionResult> OnGetAsync(string code, string? kind, string? place) => await ShowAsync(code, kind, place, null);

    public async Task<IActionResult> OnPostAsync(string code, int version)
    {
        var form = Request.Form;
        var named = book.Now.Map.Kinds.Find(form[EntryColumns.Kind].ToString());
        var said = EntryColumns.All.Concat(named?.Fields.Select(f => f.Key) ?? []).Where(form.ContainsKey).ToDictionary(key => key, key => form[key].ToString().Trim());
        // A closed field is not shown, so a blank one says nothing; it is emptied by erasing.
        foreach (var field in named?.Fields.Where(f => !IsShown(f)) ?? [])
            if (said.GetValueOrDefault(field.Key) is { Length: 0 }) said.Remove(field.Key);
        var isNew = code == New;
        if (!isNew) said[EntryColumns.Code] = code;
        var put = !isNew && version == 0 ? Outcome.Of("entry_unknown") : await commands.PutAsync(HttpContext.Staff()!, said, version, HttpContext.RequestAborted);
        if (put.Ok && isNew) return LocalRedirect("/register/" + Uri.EscapeDataString(said[EntryColumns.Code]));
        if (put.Ok)
        {
            Done = words["register.kept"];
            return await ShowAsync(code, null, null, null);
        }

        (Error, Response.StatusCode) = (words.Pick(put.Message, put.MessageEn), put.Status);
        return await ShowAsync(code, form[EntryColumns.Kind], form[EntryColumns.Place], put.Code == "entry_overtaken" ? null : said);
    }

    /// <param name="reason">One of <see cref="ErasureRow.Reasons"/>.</param>
    public async Task<IActionResult> OnPostEraseAsync(string code, string? reason)
    {
        var who = HttpContext.Staff()!;
        if ((reason is not null && ErasureRow.Reasons.Contains(reason) ? commands.MayNotErase(who, code) : Outcome.Of("erase_reason_unknown")) is { } refused)
        {
            (Error, Response.StatusCode) = (words.Pick(refused.Message, refused.MessageEn), refused.Status);
        }
        else
        {
            await erasures.EraseEntriesAsync([code], who.Id, reason!, HttpContext.RequestAborted);
            Done = words["register.erased"];
        }

        return await ShowAsync(code, null, null, null);
    }

    /// <summary>Whether there is a photo to show.</summary>
    public bool HasPhoto => View is { } view && book.Now.Photos.Contains(view.Entry.Code);

    /// <summary>The photo, for whoever sees the entry.</summary>
    public async Task<IActionResult> OnGetPhotoAsync(string code) =>
        queries.Find(HttpContext.Staff(), code).Ok && await book.PhotoAsync(code, HttpContext.RequestAborted) is { } photo ? File(photo.Bytes, photo.Type) : NotFound();

    /// <summary>Replaces the photo.</summary>
    public async Task<IActionResult> OnPostPhotoAsync(string code, IFormFile? photo)
    {
        var who = HttpContext.Staff()!;
        Outcome put;
        if (photo is null || photo.Length == 0) put = Outcome.Of("entry_photo_missing");
        else if (photo.Length > PhotoFile.SizeLimit) put = PhotoFile.TooLarge();
        else
        {
            using var bytes = new MemoryStream();
            await photo.CopyToAsync(bytes, HttpContext.RequestAborted);
            put = await commands.PutPhotoAsync(who, code, bytes.ToArray(), HttpContext.RequestAborted);
        }

        if (put.Ok) Done = words["register.kept"];
        else (Error, Response.StatusCode) = (words.Pick(put.Message, put.MessageEn), put.Status);
        return await ShowAsync(code, null, null, null);
    }

    /// <summary>Takes the photo away.</summary>
    public async Task<IActionResult> OnPostDropPhotoAsync(string code)
    {
        var dropped = await commands.DropPhotoAsync(HttpContext.Staff()!, code, HttpContext.RequestAborted);
        if (dropped.Ok) Done = words["register.photoGone"];
        else (Error, Response.StatusCode) = (words.Pick(dropped.Message, dropped.MessageEn), dropped.Status);
        return await ShowAsync(code, null, null, null);
    }

    /// <summary>Makes the personal link; the answer to this request is the only page that ever shows it.</summary>
    public async Task<IActionResult> OnPostIssueAsync(string code)
    {
        var issued = await personal.IssueAsync(HttpContext.Staff()!, code, HttpContext.RequestAborted);
        if (issued.Value is { } made) Issued = $"{addresses.BaseOf(Request)}/i/{made}";
        else (Error, Response.StatusCode) = (words.Pick(issued.Message, issued.MessageEn), issued.Status);
        return await ShowAsync(code, null, null, null);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(string code)
    {
        var withdrawn = await personal.WithdrawAsync(HttpContext.Staff()!, code, HttpContext.RequestAborted);
        if (withdrawn.Ok) Done = words["register.link.withdrawn"];
        else (Error, Response.StatusCode) = (words.Pick(withdrawn.Message, withdrawn.MessageEn), withdrawn.Status);
        return await ShowAsync(code, null, null, null);
    }

    public async Task<IActionResult> OnPostLookAsync(string code, string? purpose, string? call)
    {
        var who = HttpContext.Staff()!;
        var looked = Access.May(who, RegisterRights.LookUp) ? await RegisterWeb.LookUpAsync(commands, sight, HttpContext, code, new LookupRequest(purpose, call)) : new Outcome<LookupView>(Outcome.Of(Codes.Forbidden));
        Looked = looked.Value;
        if (!looked.Ok) (Error, Response.StatusCode) = (words.Pick(looked.Message, looked.MessageEn), looked.Status);
        return await ShowAsync(code, null, null, null);
    }

    /// <summary>Makes the household's link; the answer to this request is the only page that ever shows it.</summary>
    public async Task<IActionResult> OnPostGiveAsync(string code)
    {
        var given = await links.GiveAsync(HttpContext.Staff()!, code, HttpContext.RequestAborted);
        if (given.Value is { } link) Given = addresses.BaseOf(Request) + link.Path;
        else (Error, Response.StatusCode) = (words.Pick(given.Message, given.MessageEn), given.Status);
        return await ShowAsync(code, null, null, null);
    }

    /// <summary>Somebody of the household asks in person for visits or calls, or to have no more of them.</summary>
    /// <param name="what">visit or call.</param>
    /// <param name="agrees">yes or no.</param>
    public async Task<IActionResult> OnPostContactAsync(string code, string? what, string? agrees)
    {
        var set = await consents.SetAsync(HttpContext.Staff()!, code, what, agrees == "yes", HttpContext.RequestAborted);
        if (set.Ok) Done = words["register.kept"];
        else (Error, Response.StatusCode) = (words.Pick(set.Message, set.MessageEn), set.Status);
        return await ShowAsync(code, null, null, null);
    }

    public async Task<IActionResult> OnPostEndAsync(string code)
    {
        var ended = await links.EndAsync(HttpContext.Staff()!, code, HttpContext.RequestAborted);
        if (ended.Ok) Done = words["household.ended"];
        else (Error, Response.StatusCode) = (words.Pick(ended.Message, ended.MessageEn), ended.Status);
        return await ShowAsync(code, null, null, null);
    }

    /// <summary>To the minute, in Asia/Shanghai.</summary>
    public static string At(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>What a version changed, in words.</summary>
    public string What(string changed) => string.Join(words.IsChinese ? "\u3001" : ", ", changed.Split(' ').Select(one => one.StartsWith(EntryRow.Field, StringComparison.Ordinal)
        ? Kind?.FindField(one[EntryRow.Field.Length..]) is { } field ? words.Pick(field.Name, field.NameEn) : one[EntryRow.Field.Length..]
        : words["register." + one]));

    private async Task<IActionResult> ShowAsync(string code, string? kind, string? place, IReadOnlyDictionary<string, string>? typed)
    {
        var (who, now) = (HttpContext.Staff()!, book.Now);
        if (code == New)
        {
            if (!Access.May(who, RegisterRights.KeepRegister) || now.Map.Kinds.Find(kind ?? "") is not { } wanted) return NotFound();
            (Kind, MayKeep, Said) = (wanted, true, typed ?? new Dictionary<string, string> { [EntryColumns.Place] = place ?? "" });
            return Page();
        }

        View = queries.Find(who, code).Value;
        if (View is null || now.Map.Find(code) is not { } entry) return NotFound();
        (Kind, Version) = (now.Map.Kinds.Find(entry.Kind), View.Version);
        MayKeep = Access.May(who, RegisterRights.KeepRegister) && new RegisterSight(who, now.Map).Keeps(entry);
        Purposes = Access.May(who, RegisterRights.LookUp) ? [.. commands.PurposesFor(who, code)] : [];
        MayGive = !View.Entry.IsOver && links.MayGive(who, code);
        if (MayGive) Agreed = await consents.OfAsync(code, HttpContext.RequestAborted);
        if (MayGive || MayKeep) Link = await links.OfAsync(code, HttpContext.RequestAborted);
        MayIssue = personal.MayIssue(who, code);
        if (MayIssue) Linked = await personal.OfAsync(code, HttpContext.RequestAborted);
        if (!MayKeep) return Page();
        History = await book.HistoryAsync(code, HttpContext.RequestAborted);
        var standing = RegisterFile.Columns(entry).Zip(EntryColumns.All, (value, column) => (column, value)).ToDictionary(c => c.column, c => c.value);
        foreach (var (key, value) in now.FieldsOf(code)) standing[key] = value;
        Said = typed ?? standing;
        return Page();
    }
}
