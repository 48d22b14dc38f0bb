using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Web.Features.Front;

/// <summary><c>POST /api/login</c>: an opaque bearer token for devices and the simulator.</summary>
internal static class SignInApi
{
    public static void MapSignIn(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/login", async (HttpContext http, SignInService signIns, ShortTicket tickets, IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider time) =>
        {
            var body = await Bodies.ReadAsync(http, Problems.Json.LoginRequest);
            if (body.Value is not { } request) return body.Problem();
            var principal = await signIns.PrincipalAsync(request.UserName, request.Password, request.Code);
            if (principal.Value is not { } who) return principal.Problem();
            var (life, data) = (bearer.Get(IdentityConstants.BearerScheme).BearerTokenExpiration, new AuthenticationProperties());
            data.ExpiresUtc = time.GetUtcNow() + life;
            return Problems.Value(new LoginReply(tickets.Protect(new AuthenticationTicket(who, data, IdentityConstants.BearerScheme)), (int)life.TotalSeconds));
        }).Needs(KernelRights.Public).RequireRateLimiting(Limits.SignIns).Accepts<LoginRequest>("application/json").Produces<LoginReply>();
}
