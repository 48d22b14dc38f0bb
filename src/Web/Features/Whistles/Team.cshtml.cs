using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// The phone of a manager team. What rings is in the page itself, with its button: on a slow line it can be read and accepted long before the scripts are there,
/// which then take over. A copy that a phone keeps for opening without a network holds no case.
/// </summary>
public sealed class TeamModel(SnapshotQueries snapshots, StaffSight sight, StaffCommands staff, Wording words) : StaffPageModel
{
    /// <summary>The script shows so many as cards. Of more it makes lines, so that only the first stays where it was.</summary>
    private const int Cards = 3;

    /// <summary>On which a life may depend: they stand above the tabs.</summary>
    public IReadOnlyList<CallCard> Urgent { get; private set; } = [];

    public IReadOnlyList<CallCard> Inbox { get; private set; } = [];

    /// <summary>Why a case was not accepted from here.</summary>
    public string? Refused { get; private set; }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    /// <summary>接单 before the scripts are there. The key makes a second press the same tap.</summary>
    public async Task<IActionResult> OnPostAcceptAsync(string? no, string? key, CancellationToken ct)
    {
        var who = HttpContext.Staff()!;
        if (!Access.May(who, Verbs.Accept.Right)) return Forbid();
        var answered = await staff.GiveAsync(Verbs.Accept, who, no, new Tap(key));
        if (answered.Outcome.Ok) return LocalRedirect("/m");
        Refused = words.Pick(answered.Outcome.Message, answered.Outcome.MessageEn);
        Response.StatusCode = answered.Outcome.Status;
        await ReadAsync(ct);
        return Page();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var who = HttpContext.Staff()!;
        if (who.Post is not { MayAcceptForTeam: true } post || !sight.IsCalled(who) || Request.Query.ContainsKey("post") || Request.Headers["Sec-Fetch-Dest"] != "document") return;
        var (_, cards, _, _, _) = await snapshots.ReadAsync(post, ct); // as its feed begins
        var ringing = cards.Select(card => JsonSerializer.Deserialize(card, ContractsJson.Default.CallCard)!).Where(card => card.State == CallStates.Ringing && RingsFor(post, card)).ToLookup(IsGrave);
        Urgent = [.. ringing[true].Take(Cards)];
        Inbox = Urgent.Count > 1 ? [] : [.. ringing[false].Take(ringing[false].Count() > Cards ? 1 : Cards)];
    }

    /// <summary>Not what a team only reads as its caller's guide.</summary>
    private static bool RingsFor(Post post, CallCard card) => post.Team is not { Value: var team } || card.Guides?.Contains(team) != true || card.Teams.Contains(team);

    private static bool IsGrave(CallCard card) => card.Level == nameof(Domain.Sla.Level.S1) || card.Flags.Contains("danger");
}
