using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Reach;

/// <summary>Undelivered notifications (死信) and the channels, to inspect and resend.</summary>
public sealed class OutboxModel(ReachCommands desk, StreetBook streets, TimeProvider time, Wording words) : PageModel
{
    /// <summary>A test that is under way is looked at again after this many seconds.</summary>
    private const string LookAgain = "2";

    private static readonly TimeSpan TestTakes = TimeSpan.FromMinutes(1);

    public OutboxPage Messages { get; private set; } = null!;

    public IReadOnlyList<ChannelView> Channels { get; private set; } = [];

    public IReadOnlyDictionary<string, LastMessage> Last { get; private set; } = new Dictionary<string, LastMessage>();

    /// <summary>The form of a channel: a new one, the one to change, or what was typed and could not be taken.</summary>
    public ChannelForm Form { get; private set; } = Empty;

    /// <summary>The field of the form that is wrong, with the reason.</summary>
    public (string Field, string Why)? Mistake { get; private set; }

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    /// <summary>The places that a channel may serve, by community.</summary>
    public IEnumerable<(string Group, IEnumerable<(string Address, string Name)> Places)> Places => streets.View.Communities
        .Select(c => (words.Pick(c.Name, c.NameEn), streets.View.Teams.Where(t => streets.Map.FindTeam(t.Code)?.Community.Value == c.Code).Select(t => ($"team:{t.Code}", words.Pick(t.Name, t.NameEn))).Prepend(($"community:{c.Code}", words.Pick(c.Name, c.NameEn)))))
        .Append((words["channel.parties"], streets.View.Parties.Select(p => ($"party:{p.Code}", words.Pick(p.Name, p.NameEn)))));

    /// <param name="edit">The channel to change.</param>
    public async Task<IActionResult> OnGetAsync(string? state, string? edit)
    {
        var asked = await desk.ListAsync(state, HttpContext.RequestAborted);
        if (asked.Value is not { } messages) return StatusCode(asked.Status);
        (Messages, Channels) = (messages, (await desk.ChannelsAsync(HttpContext.RequestAborted)).Value!.Channels);
        Last = await desk.LastAsync(HttpContext.RequestAborted);
        if (Channels.FirstOrDefault(c => c.Code == edit) is { } channel) Form = ChannelForm.Of(channel);
        else if (Mistake is null && Last.Values.Any(m => m is { IsTest: true, IsUnderWay: true } && time.GetUtcNow() - m.At < TestTakes)) Response.Headers["Refresh"] = LookAgain;
        return Page();
    }

    /// <summary>Adds a channel, or changes one. Address and secret are never sent back, not even when something else is wrong.</summary>
    public async Task<IActionResult> OnPostPutAsync(ChannelForm form)
    {
        Form = form with { Url = null, Secret = null, Code = form.Code?.Trim() };
        if (!form.IsNew && await FindAsync(Form.Code) is null) Error = words["channel.gone", Form.Code ?? string.Empty];
        else if (form.IsNew && await FindAsync(Form.Code) is not null) Mistake = ("code", words["channel.wrong.codeTaken"]);
        else if (form.Read(out var about) is not { } request) Mistake = (about, words["channel.wrong." + about]);
        else
        {
            var put = await desk.PutAsync(Form.Code ?? string.Empty, request, HttpContext.Staff()!, HttpContext.RequestAborted);
            if (put.Ok) (Done, Form) = (words["channel.kept", Form.Code!], Empty);
            else if (put.About is { } field) Mistake = (field, words.Has("channel.wrong." + field) ? words["channel.wrong." + field] : words.Pick(put.Message, put.MessageEn));
            else Error = words.Pick(put.Message, put.MessageEn);
        }

        if (Mistake is not null) Error = words["channel.refused"];
        return await OnGetAsync(null, null);
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? channel)
    {
        var removed = await desk.RemoveAsync(channel ?? string.Empty, HttpContext.Staff()!, HttpContext.RequestAborted);
        if (removed.Ok) Done = words["channel.removed", channel!];
        else Error = words.Pick(removed.Message, removed.MessageEn);
        return await OnGetAsync(null, null);
    }

    public async Task<IActionResult> OnPostResendAsync(long? id, string? channel)
    {
        var resent = await desk.ResendAsync(id, id is null ? channel ?? string.Empty : null, HttpContext.Staff()!, HttpContext.RequestAborted);
        if (resent.Ok) return RedirectToPage();
        Error = words.Pick(resent.Message, resent.MessageEn);
        return await OnGetAsync(null, null);
    }

    public async Task<IActionResult> OnPostTestAsync(string? channel)
    {
        var tested = await desk.TestAsync(channel ?? string.Empty, HttpContext.Staff()!, HttpContext.RequestAborted);
        if (tested.Ok) return RedirectToPage();
        Error = words.Pick(tested.Message, tested.MessageEn);
        return await OnGetAsync(null, null);
    }

    private static ChannelForm Empty => new() { Enabled = "yes" };

    /// <summary>Why a message did not get through, in words; a code that is not known to them stays a code.</summary>
    public string Why(string code) => words.Has("outbox.why." + code) ? words["outbox.why." + code] : code.StartsWith("status_", StringComparison.Ordinal) ? words["outbox.why.status", code["status_".Length..]] : code.StartsWith("code_", StringComparison.Ordinal) ? words["outbox.why.code", code["code_".Length..]] : code;

    private async Task<ChannelView?> FindAsync(string? code) => (await desk.ChannelsAsync(HttpContext.RequestAborted)).Value!.Channels.FirstOrDefault(c => c.Code == code);
}
