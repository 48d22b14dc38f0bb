using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Rounds;

/// <summary>The administrator's rhythms (周期): tries out a document, and adds it as the version that holds. Works without JavaScript.</summary>
public sealed class RhythmsModel(RoundCommands commands, RoundQueries queries, Wording words) : PageModel
{
    /// <summary>The most bytes of a document.</summary>
    public const int MostBytes = 1024 * 1024;

    public RhythmsView View { get; private set; } = new(0, "", []);

    public string Document { get; private set; } = "";

    /// <summary>What is shown is that of a document that was only tried out.</summary>
    public bool Tried { get; private set; }

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    public void OnGet()
    {
        View = queries.Rhythms();
        Document = View.Document;
    }

    /// <summary>Puts the shipped document into the field, to be tried or changed.</summary>
    public void OnPostShipped() => (View, Document) = (queries.Rhythms(), RhythmBook.Shipped());

    public async Task OnPostTryAsync(string? document, IFormFile? file)
    {
        if (await TakeAsync(document, file)) Show(commands.Try(Document), tried: true);
    }

    public async Task OnPostAddAsync(string? document, IFormFile? file)
    {
        if (!await TakeAsync(document, file)) return;
        var added = await commands.AddAsync(HttpContext.Staff()!, Document, HttpContext.RequestAborted);
        Show(added, tried: false);
        if (added.Value is { } view) Done = words["rhythms.added", view.Version];
    }

    private void Show(Hub.Kernel.Outcome<RhythmsView> outcome, bool tried)
    {
        (View, Tried) = (outcome.Value ?? queries.Rhythms(), tried && outcome.Ok);
        if (!outcome.Ok) Error = words.Pick(outcome.Message, outcome.MessageEn);
    }

    /// <summary>A file counts before what was pasted; it is shown, to be corrected. False if it is too large.</summary>
    private async Task<bool> TakeAsync(string? document, IFormFile? file)
    {
        Document = document ?? "";
        if (file is not { Length: > 0 }) return true;
        if (file.Length > MostBytes)
        {
            (Error, View) = (words["admin.tooLarge", MostBytes / 1024 / 1024], queries.Rhythms());
            return false;
        }

        Document = await file.TextAsync(HttpContext.RequestAborted);
        return true;
    }
}
