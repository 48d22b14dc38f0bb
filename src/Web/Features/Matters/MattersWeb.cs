using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Matters;

internal sealed class MattersWeb : WebModule
{
    public override string Name => "Matters";

    public override void Map(IEndpointRouteBuilder routes) => routes.MapMatters();
}
