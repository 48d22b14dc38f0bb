using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>A case that rings.</summary>
/// <param name="For">Which of several posts it calls; null if there is only one.</param>
public sealed record Ring(CallCard Card, Post? For);

/// <summary>
/// The phone of a manager team. What rings is in the page itself, with its button: on a slow line it can be read and accepted long before the scripts are there,
/// which then take over. A copy that a phone keeps for opening without a network holds no case.
/// </summary>
public sealed class TeamModel(SnapshotQueries snapshots, StaffSight sight, StaffCommands staff, StreetBook streets, Wording words) : StaffPageModel
{
    /// <summary>The script shows so many as cards. Of more it makes lines, so that only the first stays where it was.</summary>
    private const int Cards = 3;

    /// <summary>On which a life may depend: they stand above the tabs.</summary>
    public IReadOnlyList<Ring> Urgent { get; private set; } = [];

    public IReadOnlyList<Ring> Inbox { get; private set; } = [];

    /// <summary>The posts of whoever holds this phone.</summary>
    public IReadOnlyList<Post> Posts => HttpContext.Staff()!.Posts;

    /// <summary>Why a case was not accepted from here.</summary>
    public string? Refused { get; private set; }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    /// <summary>接单 before the scripts are there. The key makes a second press the same tap.</summary>
    /// <param name="post">As which of several posts; null for the account's own.</param>
    public async Task<IActionResult> OnPostAcceptAsync(string? no, string? key, string? post, CancellationToken ct)
    {
        var outcome = HttpContext.Staff()!.As(post) is not { } who ? Outcome.Of(Codes.PostNotHeld)
            : !Access.May(who, Verbs.Accept.Right) ? Outcome.Of(Codes.Forbidden)
            : (await staff.GiveAsync(Verbs.Accept, who, no, new Tap(key))).Outcome;
        if (outcome.Ok) return LocalRedirect("/m");
        Refused = words.Pick(outcome.Message, outcome.MessageEn);
        Response.StatusCode = outcome.Status;
        await ReadAsync(ct);
        return Page();
    }

    /// <summary>"暖阳管家一队 · 网格员 · 在岗", as the script writes it.</summary>
    public string NameOf(Post post)
    {
        return string.Join(" · ", new[] { post.Team is { } team ? words.Pick(streets.PlaceNames.Team(team.Value)) : string.Empty, words["post." + Names.Camel(post.Kind)], words[sight.IsOnDuty(post) ? "ui.m.onDuty" : "ui.m.offDuty"] }.Where(part => part.Length > 0));
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        if (Request.Headers["Sec-Fetch-Dest"] != "document") return;
        var who = HttpContext.Staff()!;
        var found = new List<Ring>();
        foreach (var post in who.Posts.Where(post => post.MayAcceptForTeam && sight.IsCalled(who with { Post = post })))
            foreach (var card in (await snapshots.RingingAsync(post, ct)).Select(card => JsonSerializer.Deserialize(card, ContractsJson.Default.CallCard)!))
                if (RingsFor(post, card) && found.TrueForAll(other => other.Card.CallNo != card.CallNo)) found.Add(new Ring(card, who.Posts.Count > 1 ? post : null));
        var ringing = found.OrderBy(ring => ring.Card.BreachAt ?? DateTimeOffset.MaxValue).ToLookup(ring => IsGrave(ring.Card));
        Urgent = [.. ringing[true].Take(Cards)];
        Inbox = Urgent.Count > 1 ? [] : [.. ringing[false].Take(ringing[false].Count() > Cards ? 1 : Cards)];
    }

    /// <summary>Not what a team only reads as its caller's guide.</summary>
    private static bool RingsFor(Post post, CallCard card) => post.Team is not { Value: var team } || card.Guides?.Contains(team) != true || card.Teams.Contains(team);

    private static bool IsGrave(CallCard card) => card.Level == nameof(Domain.Sla.Level.S1) || card.Flags.Contains("danger");
}
