using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>Past cases, their figures, and the day so far.</summary>
internal static class HistoryApi
{
    private const string Csv = "text/csv";

    public static void MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/history", async (HttpContext http, HistoryQueries desk, [AsParameters] HistoryQuery query) =>
            (await desk.FindAsync(http.Staff()!, query, http.RequestAborted)).Reply()).Needs(ReportRights.History).Produces<HistoryView>();
        routes.MapGet("/api/stats", async (HttpContext http, StatsQueries desk, string? from, string? to) =>
            (await desk.AskAsync(http.Staff()!, from, to, http.RequestAborted)).Reply()).Needs(ReportRights.Rates).Produces<StatsView>();
        routes.MapGet("/api/stats.csv", async (HttpContext http, StatsQueries desk, string? from, string? to, string? table) =>
        {
            var made = await desk.CsvAsync(http.Staff()!, from, to, table, http.RequestAborted);
            return made.Value is { } bytes ? Results.File(bytes, $"{Csv}; charset=utf-8", $"stats-{table}.csv") : made.Problem();
        }).Needs(ReportRights.Rates).Produces<string>(contentType: Csv);
        routes.MapGet("/api/today", async (HttpContext http, HistoryQueries desk) =>
            Problems.Value(await desk.TodayAsync(http.Staff()!, http.RequestAborted))).Needs(WhistleRights.WallPage).Produces<TodayView>();
    }
}
