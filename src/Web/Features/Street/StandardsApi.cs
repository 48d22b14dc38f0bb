using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Street;

/// <summary><c>GET /api/standards</c>: the standards that a whistle may name.</summary>
internal static class StandardsApi
{
    public static void MapStandards(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/standards", (StandardsBook standards) => Problems.Value(standards.View)).Needs(KernelRights.Public).MayBeKept().Produces<StandardsView>();
}
