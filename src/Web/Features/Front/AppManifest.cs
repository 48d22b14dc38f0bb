using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Front;

/// <summary>The web app manifest for the team's page on a phone's home screen.</summary>
internal static class AppManifest
{
    public static void MapAppManifest(this IEndpointRouteBuilder routes) => routes.MapGet("/m.webmanifest", (Wording words) => Results.Text(new JsonObject
    {
        ["id"] = "/m",
        ["start_url"] = "/m",
        ["scope"] = "/",
        ["display"] = "standalone",
        ["lang"] = words.Language,
        ["name"] = words["m.app"],
        ["short_name"] = words["m.appShort"],
        ["background_color"] = "#f1f3f2",
        ["theme_color"] = "#155c52",
        ["icons"] = new JsonArray(Icon("/img/icon-192.png", "192x192", "any"), Icon("/img/icon-512.png", "512x512", "any"), Icon("/img/icon-512.png", "512x512", "maskable")),
    }.ToJsonString(Readable), "application/manifest+json")).Needs(KernelRights.Public).MayBeKept().ExcludeFromDescription();

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Icon(string address, string sizes, string purpose) => new() { ["src"] = address, ["sizes"] = sizes, ["type"] = "image/png", ["purpose"] = purpose };
}
