using DispatchCenter.Contracts;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Standards;

namespace DispatchCenter.Web.Api;

/// <summary><c>GET /api/standards</c>: what a whistle may name as its standard.</summary>
internal static class StandardsApi
{
    public static void MapStandards(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/standards", (StandardsBook standards) => Problems.Value(standards.View)).Needs(Resource.Public).Produces<StandardsView>();
}
