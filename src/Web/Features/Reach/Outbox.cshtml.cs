using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Reach;

/// <summary>Undelivered notifications (死信) and the channels, to inspect and resend.</summary>
public sealed class OutboxModel(ReachCommands desk) : PageModel
{
    public OutboxPage Messages { get; private set; } = null!;

    public IReadOnlyList<ChannelView> Channels { get; private set; } = [];

    public string? Error { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? state)
    {
        var asked = await desk.ListAsync(state, HttpContext.RequestAborted);
        if (asked.Value is not { } messages) return StatusCode(asked.Status);
        (Messages, Channels) = (messages, (await desk.ChannelsAsync(HttpContext.RequestAborted)).Value!.Channels);
        return Page();
    }

    public async Task<IActionResult> OnPostResendAsync(long? id, string? channel, [FromServices] Wording words)
    {
        var resent = await desk.ResendAsync(id, id is null ? channel ?? string.Empty : null, HttpContext.Staff()!, HttpContext.RequestAborted);
        if (resent.Ok) return RedirectToPage();
        Error = words.Pick(resent.Message, resent.MessageEn);
        return await OnGetAsync(null);
    }

    public async Task<IActionResult> OnPostTestAsync(string? channel, [FromServices] Wording words)
    {
        var tested = await desk.TestAsync(channel ?? string.Empty, HttpContext.Staff()!, HttpContext.RequestAborted);
        if (tested.Ok) return RedirectToPage();
        Error = words.Pick(tested.Message, tested.MessageEn);
        return await OnGetAsync(null);
    }
}
