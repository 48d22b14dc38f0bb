using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Street;

internal sealed class StreetWeb : WebModule
{
    public override string Name => "Street";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Admin", StreetRights.Policy, TakesFiles: true),
        new("Policy", StreetRights.Policy),
        new("Standards", StreetRights.Policy),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(140, "admin", StreetRights.Policy, Floor.Office, Role.Admin),
        new(142, "admin/policy", StreetRights.Policy, Floor.Office),
        new(143, "admin/standards", StreetRights.Policy, Floor.Office),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapStandards();
    }
}
