using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reach;

internal sealed class ReachWeb : WebModule
{
    public override string Name => "Reach";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Outbox", ReachRights.Outbox),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(160, "admin/outbox", ReachRights.Outbox, Floor.Office),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapReach();
    }
}
