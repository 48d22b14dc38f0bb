using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Web.Kernel;

/// <summary>Declares the right that an endpoint requires.</summary>
internal sealed record Needs(Right Right);

/// <summary>Declares the page for whoever must set up a second factor: they get no other.</summary>
internal sealed record SetsUpSecondFactor;

/// <summary>Checks the right of every endpoint; an endpoint without one stops the start.</summary>
internal static class Guard
{
    /// <summary>The page that declares <see cref="SetsUpSecondFactor"/>.</summary>
    private const string SetUpPath = "/second-factor";

    private static readonly object StaffKey = new();

    public static TBuilder Needs<TBuilder>(this TBuilder builder, Right right) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new Needs(right)));
        return builder;
    }

    /// <summary>The signed-in staff member; null for a resident.</summary>
    public static Staff? Staff(this HttpContext http) => http.Items[StaffKey] as Staff;

    /// <summary>Which of the account's posts the request is for: from an API header, or the address of a page or hub.</summary>
    public static string? ActingPost(this HttpContext http) => http.Request.Headers[HubNames.PostHeader].FirstOrDefault() ?? http.Request.Query[HubNames.PostQuery].FirstOrDefault();

    public static void UseGuard(this WebApplication app)
    {
        var (accounts, policy) = (app.Services.GetRequiredService<AccountBook>(), app.Services.GetRequiredService<DispatchOptions>().SecondFactor);
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint() is not RouteEndpoint endpoint) // none, or routing's own rejection: wrong method or content type
            {
                await next(http);
                return;
            }

            if (http.User.Identity?.IsAuthenticated is true && !Server.HasToken(http) && Origins.WhyNot(http.Request) is { } foreign)
            {
                await RefuseAsync(http, foreign);
                return;
            }

            // A page under an old address of a post that is held no more is the account's own.
            var staff = accounts.Of(http.User, http.ActingPost()) ?? (IsOfPage(http) ? accounts.Of(http.User) : null);
            var owes = staff is not null && policy.IsOwedBy(staff) && endpoint.Metadata.GetMetadata<SetsUpSecondFactor>() is null;
            if (owes) staff = null;
            http.Items[StaffKey] = staff;
            Keeping.Decide(http, endpoint);
            var needs = endpoint.Metadata.GetMetadata<Needs>() ?? throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} declares no right.");
            if (Access.May(staff, needs.Right)) await next(http);
            else if (staff is not null) await RefuseAsync(http, Codes.Forbidden);
            else if (owes && IsPage(http)) http.Response.Redirect(SetUpPath);
            else if (owes) await RefuseAsync(http, Codes.SecondFactorNotSetUp);
            else if (accounts.Of(http.User) is not null) await RefuseAsync(http, Codes.PostNotHeld);
            else if (IsPage(http)) http.Response.Redirect($"/signin?returnUrl={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");
            else await RefuseAsync(http, Codes.Unauthenticated);
        });
    }

    /// <exception cref="InvalidOperationException">An endpoint declares no right: the start must not go on.</exception>
    public static void Check(IEnumerable<EndpointDataSource> sources)
    {
        var unnamed = sources.SelectMany(s => s.Endpoints).Where(e => e.Metadata.GetMetadata<Needs>() is null).Select(e => e.DisplayName).ToList();
        if (unnamed.Count > 0) throw new InvalidOperationException($"These endpoints declare no right: {string.Join("; ", unnamed)}");
    }

    /// <summary>A page, or a form of one.</summary>
    private static bool IsOfPage(HttpContext http) => !http.Request.Path.StartsWithSegments("/api") && !http.Request.Path.StartsWithSegments("/hubs");

    public static bool IsPage(HttpContext http) =>
        IsOfPage(http) && HttpMethods.IsGet(http.Request.Method)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static Task RefuseAsync(HttpContext http, string code)
    {
        if (!IsPage(http)) return http.WriteProblemAsync(Outcome.Of(code));
        http.Response.StatusCode = Outcome.Of(code).Status; // the error page explains it
        return Task.CompletedTask;
    }
}
