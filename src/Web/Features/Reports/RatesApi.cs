using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reports;

/// <summary><c>GET /api/rates</c>: the three rates, as JSON or CSV.</summary>
internal static class RatesApi
{
    private const string Csv = "text/csv";

    public static void MapRates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/rates", (HttpContext http, RateQueries rates, string? from, string? to, string? by, string? asOf) =>
            AskAsync(http, rates, from, to, by, asOf, csv: http.Request.GetTypedHeaders().Accept.FirstOrDefault()?.MediaType.Value == Csv))
            .Needs(ReportRights.Rates).Produces<RatesView>(StatusCodes.Status200OK, "application/json", Csv);
        routes.MapGet("/api/rates.csv", (HttpContext http, RateQueries rates, string? from, string? to, string? by, string? asOf) => AskAsync(http, rates, from, to, by, asOf, csv: true))
            .Needs(ReportRights.Rates).Produces<string>(contentType: Csv);
    }

    private static async Task<IResult> AskAsync(HttpContext http, RateQueries rates, string? from, string? to, string? by, string? asOf, bool csv)
    {
        http.Response.Headers.Append("Vary", "Accept");
        var view = await rates.AskAsync(http.Staff()!, from, to, by, asOf, http.RequestAborted);
        if (!csv || view.Value is not { } value) return view.Reply();
        return Results.File(RatesCsv.Write(value), $"{Csv}; charset=utf-8", $"rates-{value.By}-{value.From:yyyy-MM-dd}-{value.To:yyyy-MM-dd}.csv");
    }
}
