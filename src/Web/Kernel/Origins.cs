using DispatchCenter.Contracts;
using Microsoft.AspNetCore.HttpOverrides;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// A browser sends its cookie with requests from any page, including one on another port of the same host. Requests with a cookie are
/// therefore accepted only from our own pages: checked by <c>Origin</c>, or by <c>Sec-Fetch-Site</c> if that is missing. A client with a token
/// was given it, and a client without either header is not a browser. Besides, what changes something through the API has a header that no form of any page can send.
/// </summary>
internal static class Origins
{
    private static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

    /// <summary>Each of them can be sent by a script of our own pages only: to any other, the browser asks us first, and we never allow it.</summary>
    private static readonly string[] ScriptHeaders = ["X-Requested-With", "Idempotency-Key", HubNames.PostHeader];

    private const string FetchSite = "Sec-Fetch-Site", FetchMode = "Sec-Fetch-Mode";

    /// <summary>
    /// Behind a proxy (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>), our host is the forwarded one. Only this machine and the configured proxies are believed: whoever else reaches
    /// the node could name any address as theirs.
    /// </summary>
    public static void AddForwardedHost(this WebApplicationBuilder builder, IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        if (!builder.Configuration.GetValue<bool>("FORWARDEDHEADERS_ENABLED")) return;
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders |= ForwardedHeaders.XForwardedHost;
            foreach (var known in (IEnumerable<System.Net.IPNetwork>)[new(System.Net.IPAddress.Loopback, 8), new(System.Net.IPAddress.IPv6Loopback, 128), .. proxies]) options.KnownIPNetworks.Add(known);
        });
    }

    /// <summary>The code with which a request that has a cookie is refused; null if it came from our own page.</summary>
    public static string? WhyNot(HttpRequest request) => IsForeign(request) ? Codes.ForeignOrigin : CouldBeForm(request) ? Codes.HeaderMissing : null;

    /// <summary>Whether a form could have sent it. Our pages' own forms go to pages, and have an antiforgery token.</summary>
    private static bool CouldBeForm(HttpRequest request) =>
        IsProgram(request) && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && !Array.Exists(ScriptHeaders, request.Headers.ContainsKey)
        && (request.ContentType is not { Length: > 0 } type || Array.Exists(FormTypes, form => type.TrimStart().StartsWith(form, StringComparison.OrdinalIgnoreCase)));

    private static bool IsProgram(HttpRequest request) => request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/hubs");

    private static bool IsForeign(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin.ToString(), request.Headers[FetchSite].ToString());
        var program = IsProgram(request);
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
