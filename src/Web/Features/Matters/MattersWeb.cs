using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Matters;

internal sealed class MattersWeb : WebModule
{
    public override string Name => "Matters";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Matters", MatterRights.Matters),
        new("Matter", MatterRights.Follow, Limits.Tracking),
        new("Follow", MatterRights.Follow, Limits.Tracking),
        new("Procedures", MatterRights.Procedures, TakesFiles: true),
        new("Callout", MatterRights.Callouts),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(25, "matters", MatterRights.Matters, Floor.Desk),
        new(26, "callout", MatterRights.Callouts, Floor.Desk),
        new(145, "admin/procedures", MatterRights.Procedures, Floor.Office),
    ];

    public override void Map(IEndpointRouteBuilder routes) => routes.MapMatters();
}
