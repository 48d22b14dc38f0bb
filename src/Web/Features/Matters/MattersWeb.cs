using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Matters;

internal sealed class MattersWeb : WebModule
{
    public override string Name => "Matters";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Follow", MatterRights.Follow, Limits.Tracking),
    ];

    public override void Map(IEndpointRouteBuilder routes) => routes.MapMatters();
}
