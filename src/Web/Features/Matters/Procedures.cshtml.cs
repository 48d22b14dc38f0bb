using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>The administrator's procedures (事项流程): tries out a document at a grid, and adds it as a version for new matters. Works without JavaScript.</summary>
public sealed class ProceduresModel(ProcedureCommands commands, ProcedureBook procedures, StreetBook streets, Wording words, TimeProvider clock) : PageModel
{
    /// <summary>The most bytes of a document.</summary>
    public const int MostBytes = 1024 * 1024;

    public IReadOnlyList<Procedure> Procedures => procedures.Current.Latest;

    public StreetView Street => streets.View;

    public string Document { get; private set; } = "";

    public string? Grid { get; private set; }

    public DryRunView? Tried { get; private set; }

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public async Task OnPostTryAsync(string? document, IFormFile? file, string? grid)
    {
        await TakeAsync(document, file, grid);
        if (Error is not null) return;
        var outcome = commands.Try(new ProcedureRequest { Document = Document, Grid = grid });
        Tried = outcome.Value;
        if (!outcome.Ok) Error = words.Pick(outcome.Message, outcome.MessageEn);
    }

    public async Task OnPostAddAsync(string? document, IFormFile? file, string? grid)
    {
        await TakeAsync(document, file, grid);
        if (Error is not null) return;
        var outcome = await commands.AddAsync(HttpContext.Staff()!, new ProcedureRequest { Document = Document, Grid = grid }, HttpContext.RequestAborted);
        if (outcome.Value is { } added) (Done, Document) = (words["procedures.added", words.Pick(added.Name, added.NameEn), added.Code], "");
        else Error = words.Pick(outcome.Message, outcome.MessageEn);
    }

    /// <summary>A file counts before what was pasted; it is shown, to be corrected.</summary>
    private async Task TakeAsync(string? document, IFormFile? file, string? grid)
    {
        (Document, Grid) = (document ?? "", grid);
        if (file is not { Length: > 0 }) return;
        if (file.Length > MostBytes)
        {
            Error = words["admin.tooLarge", MostBytes / 1024 / 1024];
            return;
        }

        Document = await file.TextAsync(HttpContext.RequestAborted);
    }
}
