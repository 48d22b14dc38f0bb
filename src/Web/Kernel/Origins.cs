using Microsoft.AspNetCore.HttpOverrides;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// A browser sends its cookie with requests from any page, including one on another port of the same host. Requests with a cookie are
/// therefore accepted only from our own pages: checked by <c>Origin</c>, or by <c>Sec-Fetch-Site</c> if that is missing. A client with a token
/// was given it, and a client without either header is not a browser.
/// </summary>
internal static class Origins
{
    private const string FetchSite = "Sec-Fetch-Site", FetchMode = "Sec-Fetch-Mode";

    /// <summary>Behind a trusted proxy (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>), our host is the forwarded one.</summary>
    public static void AddForwardedHost(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetValue<bool>("FORWARDEDHEADERS_ENABLED"))
            builder.Services.PostConfigure<ForwardedHeadersOptions>(options => options.ForwardedHeaders |= ForwardedHeaders.XForwardedHost);
    }

    /// <summary>Whether a request with a cookie came from someone else's page.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin.ToString(), request.Headers[FetchSite].ToString());
        var program = request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/hubs");
        if (origin.Length > 0 && origin != "null") return !IsOwn(origin, request);

        // Our own forms send "null", because our pages send no referrer; their antiforgery token protects them if the browser says nothing more.
        if (site.Length == 0) return origin.Length > 0 && program;
        if (site is "same-origin" or "none") return false;
        var looks = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return !looks || (program && request.Headers[FetchMode] != "navigate"); // a link to one of our pages may be anywhere
    }

    /// <summary>The same host and port, and the same scheme if this node knows its own: behind TLS it may not.</summary>
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme is "http" or "https"
        && (from.Scheme == "https" || !request.IsHttps)
        && Uri.TryCreate($"{from.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var own) && from.IdnHost.Equals(own.IdnHost, StringComparison.OrdinalIgnoreCase) && from.Port == own.Port;
}
