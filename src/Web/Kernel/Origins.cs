using Microsoft.AspNetCore.HttpOverrides;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// A browser sends its cookie along with whatever any page asks for, a page on another port of the same host among them. What comes by a cookie is
/// therefore answered only where the page that asks is our own: by <c>Origin</c>, and by <c>Sec-Fetch-Site</c> where there is none. Whoever brings a token
/// has been told it, and a program without either header is no browser.
/// </summary>
internal static class Origins
{
    private const string FetchSite = "Sec-Fetch-Site", FetchMode = "Sec-Fetch-Mode";

    /// <summary>Behind a proxy that is believed (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>), the own host is the one that it was asked for.</summary>
    public static void AddForwardedHost(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetValue<bool>("FORWARDEDHEADERS_ENABLED"))
            builder.Services.PostConfigure<ForwardedHeadersOptions>(options => options.ForwardedHeaders |= ForwardedHeaders.XForwardedHost);
    }

    /// <summary>Whether a request that a cookie speaks for was made by a page of somebody else.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin.ToString(), request.Headers[FetchSite].ToString());
        var program = request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/hubs");
        if (origin.Length > 0 && origin != "null") return !IsOwn(origin, request);

        // Our own forms say "null", for no page of ours says where it is read; their token guards them where the browser says nothing more.
        if (site.Length == 0) return origin.Length > 0 && program;
        if (site is "same-origin" or "none") return false;
        var looks = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return !looks || (program && request.Headers[FetchMode] != "navigate"); // a link to one of our pages may stand anywhere
    }

    /// <summary>The same host and port. The scheme as well where this node knows its own: behind TLS that it is not told of it does not.</summary>
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme is "http" or "https"
        && (from.Scheme == "https" || !request.IsHttps)
        && Uri.TryCreate($"{from.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var own) && from.IdnHost.Equals(own.IdnHost, StringComparison.OrdinalIgnoreCase) && from.Port == own.Port;
}
