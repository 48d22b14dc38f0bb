using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// The addresses under which people know the street (<c>Dispatch:PublicUrl</c>). Outside development a request to any other host name is refused, except from this machine:
/// the name is printed on posters, and a browser decides by it which pages may read each other.
/// </summary>
public sealed class Addresses(DispatchOptions options, IHostEnvironment environment)
{
    /// <summary>Begins every link that is printed: the first configured address or, if there is none, that of the request.</summary>
    public string BaseOf(HttpRequest request) => options.PublicUrls is [var first, ..] ? first.GetLeftPart(UriPartial.Authority) : $"{request.Scheme}://{request.Host}";

    internal bool IsOurs(HostString host) => environment.IsDevelopment() || IsThisMachine(host.Host) || options.PublicUrls.Any(url => string.Equals(url.IdnHost, new HostString(host.Host).ToUriComponent(), StringComparison.OrdinalIgnoreCase));

    private static bool IsThisMachine(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

internal static class AddressCheck
{
    /// <summary>Health is asked for by the node's address, and its answer names none.</summary>
    public static void UseOwnHosts(this WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<Addresses>();
        app.Use((http, next) => addresses.IsOurs(http.Request.Host) || http.Request.Path.StartsWithSegments("/healthz") ? next(http) : http.WriteProblemAsync(Outcome.Of(Codes.HostUnknown)));
    }
}
