using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>Acts, the journal and the access log by filters, and the audit chain: its end, the roots of days, and the public key.</summary>
internal static class AuditApi
{
    private const string Csv = "text/csv";

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/acts", async (HttpContext http, ActQueries acts, string? list, string? before) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await acts.AskAsync(http.Staff()!, list, before, http.RequestAborted)).Reply();
        }).Needs(ReportRights.Audit).Produces<ActsView>();
        routes.MapGet("/api/audit/journal", async (HttpContext http, AuditQueries audit, [AsParameters] AuditQuery query) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await audit.JournalAsync(http.Staff()!, query, http.RequestAborted)).Reply();
        }).Needs(ReportRights.Audit).Produces<AuditView>();
        routes.MapGet("/api/audit/journal.csv", async (HttpContext http, AuditQueries audit, Roster roster, StreetBook streets, Wording words, [AsParameters] AuditQuery query) =>
            File(http, "journal", await audit.JournalFileAsync(http.Staff()!, query, http.RequestAborted), lines => AuditCsv.Journal(lines, new PostNames(roster, streets), words)))
            .Needs(ReportRights.Audit).Produces<string>(contentType: Csv);
        routes.MapGet("/api/reads", async (HttpContext http, AuditQueries audit, [AsParameters] AuditQuery query) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await audit.ReadsAsync(query, http.RequestAborted)).Reply();
        }).Needs(ReportRights.Audit).Produces<ReadsView>();
        routes.MapGet("/api/reads.csv", async (HttpContext http, AuditQueries audit, Roster roster, StreetBook streets, Wording words, [AsParameters] AuditQuery query) =>
            File(http, "reads", await audit.ReadsFileAsync(http.Staff()!, query, http.RequestAborted), lines => AuditCsv.Reads(lines, new PostNames(roster, streets), words)))
            .Needs(ReportRights.Audit).Produces<string>(contentType: Csv);
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

    private static IResult File<T>(HttpContext http, string name, Outcome<List<T>> found, Func<List<T>, byte[]> write)
    {
        http.Response.Headers.CacheControl = "no-store";
        return found.Value is { } lines ? Results.File(write(lines), $"{Csv}; charset=utf-8", $"{name}.csv") : found.Problem();
    }
}
