using System.Buffers.Text;
using System.Security.Cryptography;

namespace DispatchCenter.Web.Kernel;

/// <summary>The security headers of every response. <see cref="NonceKey"/> holds the nonce for the import map.</summary>
internal static class Headers
{
    public const string NonceKey = "csp-nonce";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        http.Items[NonceKey] = nonce;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), payment=(), usb=()";
        return next(http);
    });
}
