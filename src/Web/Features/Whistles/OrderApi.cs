using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>Child cases, what a desk looks up before it gives an order, and what a called party requests through its link.</summary>
internal static class OrderApi
{
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/search", (HttpContext http, CallSearch search) =>
            StaffApi.WithBody(http, Problems.Json.SearchRequest, async request => (await search.FindAsync(http.Staff()!, request.Q, http.RequestAborted)).Reply()))
            .Needs(WhistleRights.Search).RequireRateLimiting(Limits.Searches).Accepts<SearchRequest>("application/json").Produces<SearchView>();
        var call = routes.MapGroup("/api/calls/{no}").Needs(WhistleRights.Order);
        call.MapPost("/child", (string no, HttpContext http, StaffCommands desk) => StaffApi.WithBody(
            http, Problems.Json.OrderRequest, async r => (await desk.OpenChildAsync(http.Staff()!, no, r, http.IdempotencyKey(), http.RequestAborted)).Reply(StatusCodes.Status201Created)))
            .Accepts<OrderRequest>("application/json").Produces<WhistleReceipt>(StatusCodes.Status201Created);
        call.MapPost("/link", (string no, HttpContext http, PartyCommands desk) => StaffApi.WithBody(
            http, Problems.Json.OrderRequest, async r => (await desk.LinkAsync(http.Staff()!, no, r.Answer, http.RequestAborted)).Reply(StatusCodes.Status201Created)))
            .Accepts<OrderRequest>("application/json").Produces<LinkReply>(StatusCodes.Status201Created);
        call.MapPost("/link/send", (string no, HttpContext http, PartyCommands desk) => StaffApi.WithBody(
            http, Problems.Json.OrderRequest, async r => (await desk.SendAsync(http.Staff()!, no, r.Answer, http.RequestAborted)).Reply()))
            .Accepts<OrderRequest>("application/json").Produces<LinkSent>();
        call.MapGet("/similar", async (string no, HttpContext http, SimilarCallQueries similar) => (await similar.OfAsync(http.Staff()!, no, http.RequestAborted)).Reply())
            .Produces<List<SimilarCall>>();
        call.MapGet("/candidates", async (string no, HttpContext http, ChoiceQueries choice) => (await choice.OfAsync(http.Staff()!, no, http.RequestAborted)).Reply())
            .Produces<CandidatesView>();

        var party = routes.MapGroup("/api/d/{code}").Needs(WhistleRights.PartyLink).RequireRateLimiting(Limits.Tracking);
        party.MapGet("", async (string code, PartyCommands desk, CancellationToken ct) =>
            await desk.ViewAsync(code, ct) is { } view ? Problems.Value(view) : Outcome.Of(Codes.LinkUnknown).Problem()).Produces<PartyView>();
        Says("/attend", (desk, code, r, http) => desk.AttendAsync(code, r, http.IdempotencyKey(), http.RequestAborted));
        Says("/finish", (desk, code, r, http) => desk.FinishAsync(code, r, http.IdempotencyKey(), http.RequestAborted));
        Says("/disclaim", (desk, code, r, http) => desk.DisclaimAsync(code, r, http.IdempotencyKey(), http.RequestAborted));

        void Says(string path, Func<PartyCommands, string, NoteRequest, HttpContext, Task<Outcome>> say) =>
            party.MapPost(path, (string code, HttpContext http, PartyCommands desk) => StaffApi.WithBody(http, Problems.Json.NoteRequest, async r =>
            {
                var outcome = await say(desk, code, r, http);
                return outcome.Ok && await desk.ViewAsync(code, http.RequestAborted) is { } view ? Problems.Value(view) : outcome.Problem();
            })).Accepts<NoteRequest>("application/json").Produces<PartyView>();
    }
}
