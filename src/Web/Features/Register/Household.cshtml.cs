using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>
/// A household's own entry: every field, who looked, and what it has asked to have corrected. The code in the address is the capability, so there is no antiforgery token. Each request has its own view
/// (<c>?field=</c>). Works without scripts.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class HouseholdModel(HouseholdCommands commands, HouseholdQueries queries, HouseholdLinks links, HouseholdConsents consents, RhythmBook rhythms, RoundQueries rounds, TimeProvider clock, Wording words) : PageModel
{
    private static readonly string[] Dones = ["asked", "withdrawn", "ended", "agreed", "stopped"];

    [BindProperty(SupportsGet = true)]
    public string Code { get; set => field = value ?? ""; } = ""; // the framework binds a blank to null

    /// <summary>The field whose correction is asked for; null for the page itself.</summary>
    [BindProperty(SupportsGet = true, Name = "field")]
    public string? Wanted { get; set; }

    /// <summary>The action just completed.</summary>
    [BindProperty(SupportsGet = true, Name = "done")]
    public string? Done { get; set; }

    [BindProperty(Name = "value")]
    public string? Value { get; set; }

    [BindProperty(Name = "words")]
    public string? Text { get; set; }

    /// <summary>The form's own idempotency key: a double tap is one request.</summary>
    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    /// <summary>Null if the link holds no more, or never did.</summary>
    public HouseholdView? View { get; private set; }

    /// <summary>What the form asks about; null for the page itself.</summary>
    public HouseholdField? Asking { get; private set; }

    /// <summary>What the home agrees to now.</summary>
    public IReadOnlyList<HeldAgreement> Agreed { get; private set; } = [];

    /// <summary>What it may ask for: what the street does, and what it has asked for before.</summary>
    public IEnumerable<string> Contacts => HouseholdConsents.All.Where(what => Agreed.Any(a => a.What == what) || rhythms.Now.HasHomes(what));

    public IReadOnlyList<HomeVisit> Visits { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    public string? Error { get; private set; }

    public string Here => "/h/" + Uri.EscapeDataString(Code);

    public string Shown(FieldValue? value) => value?.Value is not { } text ? words["household.nothing"] : value.Kind == "yesNo" ? words["register." + text] : words.Pick(text, value.ValueEn ?? text);

    /// <summary>What the form holds: what was typed, or what stands.</summary>
    public string Typed => Request.HasFormContentType ? Value ?? string.Empty : Asking?.Stands ?? string.Empty;

    public static int MaxOf(Field field) => FieldText.MaxOf(field.Kind);

    public string LookOf(HouseholdLook look) => look.Purpose is { } why ? words["household.looked", words.Pick(why.Name, why.NameEn)] : words.Has("look." + look.Looked) ? words["look." + look.Looked] : look.Looked;

    /// <summary>What became of a request, in one sentence.</summary>
    public string StateOf(HouseholdRequest request) => request.State switch
    {
        HouseholdRequestRow.Open when request.Due is { } due => words["household.open", words.When(due, Now)],
        HouseholdRequestRow.Open => words["household.closing"],
        _ => words["household." + request.State],
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!Dones.Contains(Done)) Done = null;
        return await ShowAsync(StatusCodes.Status200OK, ct);
    }

    public async Task<IActionResult> OnPostAskAsync(CancellationToken ct)
    {
        var asked = await commands.AskAsync(Code, Wanted, Plain(Value), Plain(Text), Key, ct);
        if (asked.Ok) return LocalRedirect($"{Here}?done=asked");
        Error = words.Pick(asked.Message, asked.MessageEn);
        if (asked.Status == StatusCodes.Status422UnprocessableEntity) Key = null;
        return await ShowAsync(asked.Status, ct);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(string? request, CancellationToken ct) => await AfterAsync("withdrawn", await commands.WithdrawAsync(Code, request, ct), ct);

    public async Task<IActionResult> OnPostEndAsync(CancellationToken ct) => await AfterAsync("ended", await links.EndAsync(Code, ct), ct);

    /// <param name="what">visit or call.</param>
    public async Task<IActionResult> OnPostAgreeAsync(string? what, CancellationToken ct) => await AfterAsync("agreed", await consents.SetAsync(Code, what, agrees: true, ct), ct);

    /// <param name="what">visit or call.</param>
    public async Task<IActionResult> OnPostStopAsync(string? what, CancellationToken ct) => await AfterAsync("stopped", await consents.SetAsync(Code, what, agrees: false, ct), ct);

    /// <summary>A form sends each line break as two characters, but the browser counts it as one.</summary>
    private static string? Plain(string? text) => text?.Trim().ReplaceLineEndings("\n");

    private async Task<IActionResult> AfterAsync(string done, Outcome outcome, CancellationToken ct)
    {
        if (outcome.Ok) return LocalRedirect($"{Here}?done={done}");
        (Wanted, Error) = (null, words.Pick(outcome.Message, outcome.MessageEn));
        return await ShowAsync(outcome.Status, ct);
    }

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        Now = clock.GetUtcNow();
        View = await queries.ViewAsync(Code, ct);
        if (View is { Entry.Code: var entry, Since: var since }) (Agreed, Visits) = (await consents.OfAsync(entry, ct), await rounds.VisitsOfAsync(entry, since, ct));
        if (string.IsNullOrEmpty(Key)) Key = Guid.NewGuid().ToString("N");
        // What cannot be asked for now leads back to the page, which says why.
        Asking = View?.Fields.FirstOrDefault(f => f.Field.Key == Wanted && f is { MayAsk: true, Asked: false });
        Response.StatusCode = View is null && Done != "ended" ? StatusCodes.Status404NotFound : status;
        return Page();
    }
}
