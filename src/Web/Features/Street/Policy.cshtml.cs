using System.Globalization;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Street;

/// <summary>
/// The policy's limits, categories and pack as a table: a change is previewed, then begins at once or at a time of the street's clock, and until then can
/// be taken back. Works without JavaScript.
/// </summary>
[RequestFormLimits(ValueCountLimit = PolicyForm.MostValues)]
public sealed class PolicyModel(PolicyBook policies, StandardsBook standards, StreetBook streets, Database database, TimeProvider time, Wording words) : PageModel
{
    private const string AtOnce = "now", Later = "at";

    private readonly Dictionary<string, string> _mistakes = [];

    /// <summary>What a category that goes away still belongs to.</summary>
    public sealed record Orphans(string Category, int Open, int Standards);

    public Policy InForce => policies.Current.Latest;

    public PlannedPolicy? Planned => policies.Planned;

    public PolicyWords Names { get; } = new(words, streets);

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public PolicySheet Sheet { get; private set; } = null!;

    /// <summary>The version that the table was made from.</summary>
    public int Base { get; private set; }

    /// <summary>now or at.</summary>
    public string When { get; private set; } = AtOnce;

    /// <summary>The time as it was chosen.</summary>
    public string From { get; private set; } = "";

    /// <summary>Blank lines below each table.</summary>
    public int Blank { get; private set; } = 1;

    /// <summary>The previewed document; null while the table is shown.</summary>
    public string? Document { get; private set; }

    public Policy? Previewed { get; private set; }

    public IReadOnlyList<PolicyChange> Changes { get; private set; } = [];

    /// <summary>What changed since the table was made, with the policy of then.</summary>
    public (Policy Before, IReadOnlyList<PolicyChange> Changes)? Meanwhile { get; private set; }

    /// <summary>How many cases are open: none of their clocks moves.</summary>
    public int Open { get; private set; }

    public IReadOnlyList<Orphans> Orphaned { get; private set; } = [];

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    /// <summary>What is wrong with a field; null if nothing is.</summary>
    public string? Mistake(string field) => _mistakes.GetValueOrDefault(field);

    public int Mistakes => _mistakes.Count;

    /// <summary>In Asia/Shanghai.</summary>
    public static string At(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public Task OnGetAsync() => RefillAsync();

    /// <summary>Shows the table with more blank lines.</summary>
    public void OnPostMore(int known, string? when, string? from)
    {
        Take(known, when, from);
        Sheet = PolicyForm.Read(Request.Form);
        Blank = 5;
    }

    public async Task OnPostPreviewAsync(int known, string? when, string? from)
    {
        Take(known, when, from);
        Sheet = PolicyForm.Read(Request.Form);
        foreach (var mistake in Sheet.Mistakes(InForce)) _mistakes.TryAdd(mistake.Field, words.Pick(mistake.Why.Chinese, mistake.Why.English));
        ReadFrom();
        if (_mistakes.Count > 0) Error = words["policy.mistakes", _mistakes.Count];
        if (Error is not null || IsOvertaken()) return;
        await PreviewAsync(Sheet.Into((await policies.TextAsync(HttpContext.RequestAborted)).Json));
    }

    /// <summary>Back from the preview to the table.</summary>
    public async Task OnPostEditAsync(int known, string? when, string? from, string? document)
    {
        Take(known, when, from);
        await FillAsync(document);
    }

    public async Task OnPostAdoptAsync(int known, string? when, string? from, string? document)
    {
        Take(known, when, from);
        await FillAsync(document);
        var start = ReadFrom();
        if (Error is not null || _mistakes.Count > 0 || IsOvertaken()) return;
        try
        {
            var version = await policies.AddAsync(document ?? string.Empty, start, Base, HttpContext.Staff()!.Id, HttpContext.RequestAborted);
            Done = start is { } begins ? words["policy.planned", version, At(begins)] : words["admin.policyTaken", version];
            await RefillAsync();
        }
        catch (UnusableDocumentException e)
        {
            Error = words.Pick(e.Chinese, e.English);
            await policies.LoadAsync(HttpContext.RequestAborted); // another node may have been first
            IsOvertaken();
        }
    }

    public async Task OnPostTakeBackAsync(int version)
    {
        if (await policies.TakeBackAsync(version, HttpContext.Staff()!.Id, HttpContext.RequestAborted)) Done = words["policy.takenBack", version];
        else Error = words["policy.begun", version];
        await RefillAsync();
    }

    /// <summary>Whether other rules are in force than those the table was made from: then it says what changed, and goes on from the new ones.</summary>
    private bool IsOvertaken()
    {
        var version = InForce.Version;
        if (Base == version || policies.Current.Known(Base) is not { } before) return false;
        var changes = PolicyChanges.Between(before, InForce);
        if (changes.Count > 0) (Meanwhile, Error) = ((before, changes), words["policy.meanwhile", Base, version]);
        Base = version;
        return changes.Count > 0;
    }

    private async Task PreviewAsync(string document)
    {
        try
        {
            Previewed = PolicyBook.Check(document);
        }
        catch (UnusableDocumentException e)
        {
            Error = words.Pick(e.Chinese, e.English);
            return;
        }

        Changes = PolicyChanges.Between(InForce, Previewed);
        if (Changes.Count == 0)
        {
            Error = words["policy.unchanged"];
            return;
        }

        Document = document;
        await using var db = database.Context();
        Open = await CaseCounts.OpenAsync(db, HttpContext.RequestAborted);
        var orphans = new List<Orphans>();
        foreach (var gone in Changes.Where(c => c is { Figure: "category", After: null }).Select(c => c.Of))
            orphans.Add(new Orphans(gone, await CaseCounts.OpenAsync(db, gone, HttpContext.RequestAborted), standards.View.Standards.Count(s => s.Category == gone)));

        Orphaned = orphans;
    }

    private void Take(int known, string? when, string? from) => (Base, When, From) = (known, when ?? string.Empty, from?.Trim() ?? string.Empty);

    /// <summary>When the change is to begin; null: at once. A mistake is noted.</summary>
    private DateTimeOffset? ReadFrom()
    {
        if (When == AtOnce) return null;
        if (When != Later || !DateTime.TryParseExact(From, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) _mistakes["from"] = words["policy.timeMissing"];
        else if (new DateTimeOffset(local, WorkCalendar.Offset) is var start && start <= Now) _mistakes["from"] = Sentence("policy_past");
        else if (start > Now + PolicyBook.Furthest) _mistakes["from"] = Sentence("policy_far");
        else return start;
        Error ??= _mistakes["from"];
        return null;
    }

    private string Sentence(string code) => Sentences.Find(code) is var (_, zh, en) ? words.Pick(zh, en) : code;

    /// <summary>The table of a document, or of what is in force if that cannot be one.</summary>
    private async Task FillAsync(string? document)
    {
        var (_, json) = await policies.TextAsync(HttpContext.RequestAborted);
        try
        {
            PolicyBook.Check(document ?? string.Empty);
            Sheet = PolicySheet.Of(document!);
        }
        catch (UnusableDocumentException e)
        {
            (Sheet, Error) = (PolicySheet.Of(json), words.Pick(e.Chinese, e.English));
        }
    }

    private async Task RefillAsync()
    {
        (Base, When, From) = (InForce.Version, AtOnce, string.Empty);
        Sheet = PolicySheet.Of((await policies.TextAsync(HttpContext.RequestAborted)).Json);
    }
}
