using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Kernel;

/// <summary>Declares that an endpoint's answers name no person and no code, and are the same for everyone; a page's, for everyone who is not signed in.</summary>
internal sealed record MayBeKept;

/// <summary>
/// What a browser or a proxy may keep: nothing (<c>Cache-Control: no-store</c>), unless the endpoint declares <see cref="MayBeKept"/>. Files that never change have headers
/// of their own.
/// </summary>
internal static class Keeping
{
    public static TBuilder MayBeKept<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new MayBeKept()));
        return builder;
    }

    /// <summary>Sets the header of an answer; an endpoint may still choose a weaker one for what holds no person and no code.</summary>
    public static void Decide(HttpContext http, Endpoint endpoint)
    {
        var looks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method); // the answer to a form shows what was typed
        var isPage = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null; // shows who is signed in
        // Both words: without the first, every page with an antiforgery token would log a warning.
        if (!looks || (isPage && http.Staff() is not null) || endpoint.Metadata.GetMetadata<MayBeKept>() is null) http.Response.Headers.CacheControl = "no-cache, no-store";
        else if (isPage) http.Response.Headers.CacheControl = "private, no-cache"; // the browser's way back finds the form as it was, and no proxy gives one form to two people
    }
}
