using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Rounds;

internal sealed class RoundsWeb : WebModule
{
    public override string Name => "Rounds";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Rounds", RoundRights.Rounds),
        new("Rhythms", RoundRights.Rhythms, TakesFiles: true),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(27, "rounds", RoundRights.Rounds, Floor.Desk),
        new(146, "admin/rhythms", RoundRights.Rhythms, Floor.Office),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/rounds", async (HttpContext http, RoundQueries rounds, string? day) => (await rounds.OfDayAsync(http.Staff()!, day, http.RequestAborted)).Reply()).Needs(RoundRights.Rounds).Produces<RoundList>();
        routes.MapPost("/api/rounds/{no}/stops", (string no, HttpContext http, RoundCommands rounds) => StaffApi.WithBody(http, Problems.Json.StopRequest, async request =>
            (await rounds.StopAsync(http.Staff()!, no, request, http.Tap(), http.RequestAborted)).Reply())).Needs(RoundRights.Stops).Accepts<StopRequest>("application/json").Produces<StopReply>();
    }
}
