using DispatchCenter.Contracts;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Reach;

namespace DispatchCenter.Web.Api;

/// <summary>Who can be reached.</summary>
internal static class ReachApi
{
    public static void MapReach(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/presence", (HttpContext http, Reachability reach) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return Problems.Value(reach.ViewFor(http.Staff()!));
        }).Needs(Resource.Presence).Produces<PresenceView>();
    }
}
