using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Persons;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Persons;

/// <summary>What is held of a person, and its erasure. Telephone numbers come in bodies: addresses are written into logs of proxies.</summary>
internal static class PersonApi
{
    public static void MapPersons(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/persons/held", (HttpContext http, PersonCommands persons) =>
            StaffApi.WithBody(http, Problems.Json.HeldRequest, async request => (await persons.HeldAsync(http.Staff()!, request, http.RequestAborted)).Reply()))
            .Needs(PersonRights.Held).RequireRateLimiting(Limits.Persons).Accepts<HeldRequest>("application/json").Produces<HeldView>();
        routes.MapPost("/api/persons/erase", (HttpContext http, PersonCommands persons) =>
            StaffApi.WithBody(http, Problems.Json.EraseRequest, async request => (await persons.EraseAsync(http.Staff()!, request, http.RequestAborted)).Reply()))
            .Needs(PersonRights.Erase).RequireRateLimiting(Limits.Persons).Accepts<EraseRequest>("application/json").Produces<ErasedView>();
    }
}
