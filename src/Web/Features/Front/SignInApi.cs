using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Identity;

namespace DispatchCenter.Web.Features.Front;

/// <summary><c>POST /api/login</c>: an opaque bearer token for devices and the simulator.</summary>
internal static class SignInApi
{
    public static void MapSignIn(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/login", async (HttpContext http, SignInService signIns) =>
        {
            var body = await Bodies.ReadAsync(http, Problems.Json.LoginRequest);
            if (body.Value is not { } request) return body.Problem();
            var principal = await signIns.PrincipalAsync(request.UserName, request.Password);
            return principal.Value is { } who ? Results.SignIn(who, authenticationScheme: IdentityConstants.BearerScheme) : principal.Problem();
        }).Needs(KernelRights.Public).RequireRateLimiting(Limits.SignIns).Accepts<LoginRequest>("application/json").Produces<LoginReply>();
}
