using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>Acts, and the audit chain: its end, the roots of days, and the public key.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/acts", async (HttpContext http, ActQueries acts, string? list, string? before) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await acts.AskAsync(http.Staff()!, list, before, http.RequestAborted)).Reply();
        }).Needs(ReportRights.Audit).Produces<ActsView>();
        var chain = routes.MapGroup("/api").Needs(ReportRights.Chain);
        chain.MapGet("/chain", async (HttpContext http, ChainQueries queries, string? from, string? to) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await queries.AskAsync(from, to, http.RequestAborted)).Reply();
        }).Produces<ChainView>();
        chain.MapGet("/chain.csv", async (HttpContext http, ChainQueries queries, string? from, string? to) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var asked = await queries.AskAsync(from, to, http.RequestAborted);
            return asked.Value is { } view ? Results.File(ChainQueries.Table(view), "text/csv; charset=utf-8", "chain.csv") : asked.Problem();
        }).Produces<string>(contentType: "text/csv");
        chain.MapGet("/chain.pem", async (HttpContext http, ChainQueries queries) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var asked = await queries.AskAsync(null, null, http.RequestAborted);
            return asked.Value is { } view ? Results.Text(view.PublicKey + "\n", "application/x-pem-file") : asked.Problem();
        }).Produces<string>(contentType: "application/x-pem-file");
    }
}
