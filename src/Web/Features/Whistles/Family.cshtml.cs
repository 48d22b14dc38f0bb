using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// What a caller's family reads (给家人看的链接): steps and promised times. Nothing anybody wrote, no photo, no number, no place, and nothing to press: whoever is sent
/// the link may be anybody.
/// </summary>
public sealed class FamilyModel(CallerQueries reader, PlaceBook around, TimeProvider clock, Wording words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Code { get; set => field = value ?? ""; } = "";

    /// <summary>Null if the link is unknown, or no longer leads anywhere.</summary>
    public TrackedCall? Call { get; private set; }

    /// <summary>As the caller's own page has it, but for a reader who neither whistled nor evaluates.</summary>
    public string Headline => Call switch
    {
        { Withdrew: true } when !CallState.HasEnded(Call.State) => "family.withdrew",
        { State: CallStates.Verified, NoRating: true } => "headline.checked",
        { State: CallStates.Verified } => "family.verified",
        _ => "headline." + Call!.State,
    };

    public IReadOnlyList<TrackStep> Steps { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Now = clock.GetUtcNow();
        Call = await reader.SharedAsync(Code, ct);
        if (Call is not null) Steps = TrackSteps.Build(Call, around.Street, Now, words, forCaller: false);
        else Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
