using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Register;

internal sealed class RegisterWeb : WebModule
{
    public override string Name => "Register";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Register", RegisterRights.Register, TakesFiles: true),
        new("Entry", RegisterRights.Register, Limits.Persons, TakesFiles: true),
        new("Check", RegisterRights.Register),
        new("Labels", RegisterRights.KeepRegister),
        new("Lookups", RegisterRights.RegisterLooks),
        new("Household", HouseholdRights.Household, Limits.Tracking),
        new("Community", KernelRights.Public, Limits.Tracking, MayBeKept: true),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(92, "register", RegisterRights.Register, Floor.Desk),
        new(107, "audit/lookups", RegisterRights.RegisterLooks, Floor.Desk),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/register", (HttpContext http, RegisterQueries register, string? kind, string? place, string? q) => register.List(http.Staff(), kind, place, q).Reply())
            .Needs(RegisterRights.Register).Produces<RegisterList>();
        routes.MapGet("/api/register/{code}", (HttpContext http, RegisterQueries register, string code) => register.Find(http.Staff(), code).Reply())
            .Needs(RegisterRights.Register).Produces<EntryView>();
        routes.MapGet("/api/resolve", async (HttpContext http, RegisterQueries register, string? role, string? place, string? at) => (await register.ResolveAsync(http.Staff()!, role, place, at, http.RequestAborted)).Reply())
            .Needs(RegisterRights.Register).RequireRateLimiting(Limits.Tracking).Produces<ResolveView>(); // the past is put together from every version
        routes.MapPost("/api/register/{code}/lookup", (HttpContext http, RegisterCommands register, StaffSight sight, string code) =>
            StaffApi.WithBody(http, Problems.Json.LookupRequest, async request => (await LookUpAsync(register, sight, http, code, request)).Reply()))
            .Needs(RegisterRights.LookUp).RequireRateLimiting(Limits.Persons).Accepts<LookupRequest>("application/json").Produces<LookupView>();
    }

    /// <summary>A look-up that names a case names one that the asker sees: the auditor has to be able to follow it.</summary>
    internal static async Task<Outcome<LookupView>> LookUpAsync(RegisterCommands register, StaffSight sight, HttpContext http, string code, LookupRequest request)
    {
        var call = string.IsNullOrWhiteSpace(request.Call) ? null : request.Call.Trim();
        return call is not null && await sight.RefusalAsync(http.Staff()!, call, http.RequestAborted) is { } refused
            ? new Outcome<LookupView>(refused) : await register.LookUpAsync(http.Staff()!, code, request with { Call = call }, http.RequestAborted);
    }
}
