using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reach;

/// <summary>Reachability and notifications.</summary>
internal static class ReachApi
{
    public static void MapReach(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/presence", (HttpContext http, Reachability reach) => Problems.Value(reach.ViewFor(http.Staff()!))).Needs(ReachRights.Presence).Produces<PresenceView>();

        routes.MapPost("/api/push", (HttpContext http, PushPhones phones, AccountBook accounts) =>
            StaffApi.WithBody(http, Problems.Json.PushRequest, async r => Done(await phones.KeepAsync(http.Staff()!, accounts.SessionOf(http.User), r, http.RequestAborted)))).Needs(ReachRights.Push).Accepts<PushRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        routes.MapDelete("/api/push", async (HttpContext http, PushPhones phones, AccountBook accounts) =>
        {
            await phones.EndAsync(accounts.SessionOf(http.User), http.RequestAborted);
            return Results.NoContent();
        }).Needs(ReachRights.Push).Produces(StatusCodes.Status204NoContent);

        routes.MapGet("/api/calls/{no}/told", async (string no, HttpContext http, ReachProof proof) => (await proof.OfCaseAsync(http.Staff()!, no, http.RequestAborted)).Reply()).Needs(ReachRights.Told).Produces<CaseTold>();
        routes.MapGet("/api/reach/figures", async (HttpContext http, int? days, ReachProof proof) => Problems.Value(await proof.FiguresAsync(http.Staff()!, days ?? 30, http.RequestAborted))).Needs(ReachRights.ReachFigures).Produces<ReachFigures>();

        var admin = routes.MapGroup("/api").Needs(ReachRights.Outbox);
        admin.MapGet("/outbox", async (string? state, ReachCommands desk, CancellationToken ct) => (await desk.ListAsync(state, ct)).Reply()).Produces<OutboxPage>();
        admin.MapPost("/outbox/resend", async (HttpContext http, string? channel, ReachCommands desk) => Done(await desk.ResendAsync(null, channel ?? string.Empty, http.Staff()!, http.RequestAborted))).Produces(StatusCodes.Status204NoContent);
        admin.MapPost("/outbox/{id}/resend", async (string id, HttpContext http, ReachCommands desk) =>
            Done(long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? await desk.ResendAsync(n, null, http.Staff()!, http.RequestAborted) : Outcome.Of("message_unknown"))).Produces(StatusCodes.Status204NoContent);
        admin.MapGet("/channels", async (ReachCommands desk, CancellationToken ct) => (await desk.ChannelsAsync(ct)).Reply()).Produces<ChannelsView>();
        admin.MapPut("/channels/{code}", (string code, HttpContext http, ReachCommands desk) =>
            StaffApi.WithBody(http, Problems.Json.ChannelRequest, async r => (await desk.PutAsync(code, r, http.Staff()!, http.RequestAborted)).Reply())).Accepts<ChannelRequest>("application/json").Produces<ChannelsView>();
        admin.MapDelete("/channels/{code}", async (string code, HttpContext http, ReachCommands desk) => (await desk.RemoveAsync(code, http.Staff()!, http.RequestAborted)).Reply()).Produces<ChannelsView>();
        admin.MapPost("/channels/{code}/test", async (string code, HttpContext http, ReachCommands desk) => Done(await desk.TestAsync(code, http.Staff()!, http.RequestAborted))).Produces(StatusCodes.Status204NoContent);
        admin.MapGet("/reach", (ReachCommands desk) => Problems.Value(desk.Rules())).Produces<ReachView>();
        admin.MapPut("/reach", (HttpContext http, ReachCommands desk) => StaffApi.WithBody(
            http, Problems.Json.ReachRequest, async r => (await desk.PutRulesAsync(r.Rules.ValueKind == JsonValueKind.Undefined ? "null" : r.Rules.GetRawText(), http.Staff()!, http.RequestAborted)).Reply())).Accepts<ReachRequest>("application/json").Produces<ReachView>();
        admin.MapPut("/staff/{userName}/phone", (string userName, HttpContext http, ReachCommands desk) =>
            StaffApi.WithBody(http, Problems.Json.PhoneRequest, async r => Done(await desk.PutPhoneAsync(userName, r.Phone, http.Staff()!, http.RequestAborted, r.Anyway is true)))).Accepts<PhoneRequest>("application/json").Produces(StatusCodes.Status204NoContent);
    }

    private static IResult Done(Outcome outcome) => outcome.Ok ? Results.NoContent() : outcome.Problem();
}
