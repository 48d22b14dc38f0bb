using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>
/// A matter as somebody without an account reads it: the person it is for, or a party. The code in the address is the capability, so there is no
/// antiforgery token. Each action has its own view (<c>?act=</c>), so the self-refreshing page never holds a half-written text.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class FollowModel(FollowCommands commands, FollowQueries queries, TimeProvider clock, Wording words) : PageModel
{
    /// <summary>The names of the form's fields begin with this.</summary>
    public const string FieldPrefix = "field.";

    private static readonly string[] Acts = ["answer", "note", "withdraw"];

    [BindProperty(SupportsGet = true)]
    public string Code { get; set => field = value ?? ""; } = ""; // the framework binds a blank to null

    /// <summary>answer, note, withdraw, or null for the page itself.</summary>
    [BindProperty(SupportsGet = true, Name = "act")]
    public string? Act { get; set; }

    /// <summary>What is answered.</summary>
    [BindProperty(SupportsGet = true, Name = "owed")]
    public string? Owed { get; set; }

    /// <summary>The action just completed.</summary>
    [BindProperty(SupportsGet = true, Name = "done")]
    public string? Done { get; set; }

    [BindProperty(Name = "says")]
    public string? Says { get; set; }

    [BindProperty(Name = "words")]
    public string? Text { get; set; }

    /// <summary>The form's own idempotency key: a double tap is one action.</summary>
    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    /// <summary>Null if the code matches no matter.</summary>
    public FollowedMatter? Matter { get; private set; }

    /// <summary>What the form answers; null for the other views.</summary>
    public OwedView? Asked { get; private set; }

    public DateTimeOffset Now { get; private set; }

    public string? Error { get; private set; }

    public string Here => "/f/" + Uri.EscapeDataString(Code);

    public bool IsOver => Matter?.Outcome is not null;

    public bool IsCaller => Matter?.Reader == "caller";

    public string Procedure => words.Pick(Matter!.Procedure.Name, Matter.Procedure.NameEn);

    public IEnumerable<MatterItem> Held => Matter!.Items.Where(item => item.ReturnedAt is null);

    /// <summary>What is true for this reader, in one sentence.</summary>
    public string Headline => Matter switch
    {
        { Mine: [_, ..] } => words["follow.asked"],
        { Reader: not "caller" } => words["follow.nothing"],
        { OutcomeName: { } name } over => words["follow.over", words.Pick(name, over.OutcomeNameEn ?? name)],
        { SuspendedUntil: { } until } => words["follow.suspended", words.When(until, Now)],
        { Stages: var stages } when stages.FirstOrDefault(s => s.State == "now") is { } now => words["follow.now", words.Pick(now.Name, now.NameEn)],
        _ => Procedure,
    };

    /// <summary>What came of the promise: how the stage it ran to ended. Null while it runs, and once the matter is dealt with anew.</summary>
    public string? Kept => Matter is { PromiseKept: { } at, Stages: var stages } && stages.FirstOrDefault(s => s.To == at) is { } kept && kept == stages.Last(s => s.Key == kept.Key)
        ? words["follow.kept", words.When(at, Now), words.Pick(kept.OutcomeName ?? string.Empty, kept.OutcomeNameEn ?? string.Empty)] : null;

    // A form sends each line break as two characters, but the browser counts it as one.
    private string? Said => string.IsNullOrWhiteSpace(Text) ? null : Text.Trim().ReplaceLineEndings("\n");

    /// <summary>What is asked, as its answers: they say more to who has no account than the name of the work. Of a single one that name.</summary>
    public string Question(OwedView owed) => owed.Says.Count > 1 ? string.Join(" / ", owed.Says.Select(says => words.Pick(says.Name, says.NameEn))) : words.Pick(owed.Name, owed.NameEn);

    /// <summary>What was typed into a field, after a refusal.</summary>
    public string Typed(string field) => Request.HasFormContentType ? Request.Form[FieldPrefix + field].ToString() : string.Empty;

    /// <summary>A value in the reader's language; of one that they may not read, that it is there.</summary>
    public string Shown(FieldValue value) => value.Value is not { } text ? words["follow.hidden"]
        : value.Kind == "yesNo" ? words[text == "yes" ? "follow.yes" : "follow.nay"]
        : words.Pick(text, value.ValueEn ?? text);

    /// <summary>The mark of a stage in the line, as for the steps of a case.</summary>
    public static string MarkOf(MatterStage stage) => stage switch { { State: "past" } => "done", { State: "now", Late: true } => "late", { State: "now" } => "now", _ => "next" };

    public string LineOf(MatterStage stage) => stage switch
    {
        { State: "past", To: { } to } => words["follow.past", words.Pick(stage.OutcomeName ?? string.Empty, stage.OutcomeNameEn ?? string.Empty), words.When(to, Now)],
        { State: "now", Due: { } due } when Matter!.SuspendedUntil is null => words["follow.due", words.When(due, Now)],
        { State: "now" } => words["follow.noClock"],
        _ => words["follow.ahead"],
    };

    /// <summary>Until when, as the script counts down: the time left, or over.</summary>
    public string LeftOf(MatterStage stage) => stage is { State: "now", Due: { } due } && Matter!.SuspendedUntil is null
        ? words[due < Now ? "promise.over" : "promise.left", words.Span(due < Now ? Now - due : due - Now)] : string.Empty;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!Acts.Contains(Act)) Act = null;
        return await ShowAsync(StatusCodes.Status200OK, ct);
    }

    /// <summary>Only the part that changes, for the script.</summary>
    public async Task<IActionResult> OnGetLiveAsync(CancellationToken ct)
    {
        await ShowAsync(StatusCodes.Status200OK, ct);
        return Matter is null ? NotFound() : Partial("_FollowLive", this);
    }

    public async Task<IActionResult> OnPostAnswerAsync(CancellationToken ct)
    {
        var filled = Request.Form.Where(f => f.Key.StartsWith(FieldPrefix, StringComparison.Ordinal)).ToDictionary(f => f.Key[FieldPrefix.Length..], f => f.Value.ToString().ReplaceLineEndings("\n"));
        return await AfterAsync("answer", await commands.AnswerAsync(Code, new MatterOrder { Owed = Owed, Says = Says, Form = filled }, KeyOrNull, ct), ct);
    }

    public async Task<IActionResult> OnPostNoteAsync(CancellationToken ct) => await AfterAsync("note", await commands.NoteAsync(Code, new MatterOrder { Note = Said }, KeyOrNull, ct), ct);

    public async Task<IActionResult> OnPostWithdrawAsync(CancellationToken ct) => await AfterAsync("withdraw", await commands.CancelAsync(Code, KeyOrNull, ct), ct);

    private string? KeyOrNull => string.IsNullOrEmpty(Key) ? null : Key;

    private async Task<IActionResult> AfterAsync(string act, Outcome outcome, CancellationToken ct)
    {
        if (outcome.Ok) return LocalRedirect($"{Here}?done={(outcome.Code == "answered_late" ? "late" : act)}");
        (Act, Error) = (act, words.Pick(outcome.Message, outcome.MessageEn));
        if (outcome.Status == StatusCodes.Status422UnprocessableEntity) Key = null;
        return await ShowAsync(outcome.Status, ct);
    }

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        Now = clock.GetUtcNow();
        Matter = await queries.ViewAsync(Code, ct);
        if (string.IsNullOrEmpty(Key)) Key = Guid.NewGuid().ToString("N");
        Asked = Act == "answer" ? Matter?.Mine.FirstOrDefault(o => o.Key == Owed) : null;
        if (Error is not null && Act == "answer" && Asked is null) Error = words["follow.notAsked"];
        // What is no longer asked, or possible, leads back to the page, which says where it stands.
        if ((Act == "answer" && Asked is null) || (Act == "withdraw" && Matter?.CanCancel is false)) Act = null;
        Response.StatusCode = Matter is null ? StatusCodes.Status404NotFound : status;
        return Page();
    }
}
