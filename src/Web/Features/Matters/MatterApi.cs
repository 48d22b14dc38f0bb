using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>Matters over HTTP: for staff, for the person a matter is for, for parties, and for who writes procedures.</summary>
internal static class MatterApi
{
    private const int LongestLink = 64;

    public static void MapMatters(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/api/matters").Needs(MatterRights.Matters);
        all.MapGet("", async (HttpContext http, MatterQueries matters, string? state, string? procedure, string? after) =>
            (await matters.ListAsync(http.Staff()!, state, procedure, after, http.RequestAborted)).Reply()).Produces<MatterList>();
        all.MapGet("/inbox", async (HttpContext http, MatterQueries matters) => (await matters.InboxAsync(http.Staff()!, http.RequestAborted)).Reply()).Produces<Inbox>();
        all.MapGet("/procedures", (HttpContext http, MatterQueries matters) => Problems.Value(matters.Procedures(http.Staff()!))).Produces<ProcedureList>();
        all.MapPost("", (HttpContext http, MatterCommands matters) => WithBody(http, Problems.Json.MatterRequest, async request =>
            (await matters.OpenAsync(http.Staff()!, request, http.IdempotencyKey(), http.RequestAborted)).Reply(StatusCodes.Status201Created)))
            .Accepts<MatterRequest>("application/json").Produces<MatterReceipt>(StatusCodes.Status201Created);

        all.MapPost("/code", (HttpContext http, Addresses addresses) => WithBody(http, Problems.Json.NoteRequest, link => Task.FromResult(CodeOf(addresses.BaseOf(http.Request), link.Note))))
            .Accepts<NoteRequest>("application/json").Produces<string>(contentType: "image/svg+xml");

        var one = routes.MapGroup("/api/matters/{no}").Needs(MatterRights.MatterOrders);
        one.MapGet("", async (string no, HttpContext http, MatterQueries matters) => (await matters.DetailAsync(http.Staff()!, no, http.RequestAborted)).Reply()).Produces<MatterDetail>();
        one.MapPost("/reveal", (string no, HttpContext http, MatterQueries matters) => WithBody(http, Problems.Json.NoteRequest, async request =>
            (await matters.RevealAsync(http.Staff()!, no, request.Note, http.RequestAborted)).Reply())).Accepts<NoteRequest>("application/json").Produces<MatterReveal>();
        one.MapPost("/link", (string no, HttpContext http, MatterCommands matters) => WithBody(http, Problems.Json.MatterOrder, async order =>
            (await matters.LinkAsync(http.Staff()!, no, order, http.RequestAborted)).Reply(StatusCodes.Status201Created))).Accepts<MatterOrder>("application/json").Produces<LinkReply>(StatusCodes.Status201Created);
        Give(one, "answer", (matters, who, no, order, tap, ct) => matters.AnswerAsync(who, no, order, tap, ct));
        Give(one, "choose", (matters, who, no, order, tap, ct) => matters.ChooseAsync(who, no, order, tap, ct));
        Give(one, "request", (matters, who, no, order, tap, ct) => matters.RequestAsync(who, no, order, tap, ct));
        Give(one, "rule", (matters, who, no, order, tap, ct) => matters.RuleAsync(who, no, order, tap, ct));
        Give(one, "cancel", (matters, who, no, order, tap, ct) => matters.CancelAsync(who, no, order, tap, ct));
        Give(one, "note", (matters, who, no, order, tap, ct) => matters.NoteAsync(who, no, order, tap, ct));
        one.MapPost("/resume", async (string no, HttpContext http, MatterCommands matters) => Reply(await matters.ResumeAsync(http.Staff()!, no, http.Tap(), http.RequestAborted))).Produces<MatterReply>();
        one.MapPost("/recuse", async (string no, HttpContext http, MatterCommands matters) => Reply(await matters.RecuseAsync(http.Staff()!, no, http.Tap(), http.RequestAborted))).Produces<MatterReply>();

        var callouts = routes.MapGroup("/api/callouts").Needs(MatterRights.Callouts);
        callouts.MapGet("", async (HttpContext http, CalloutQueries queries) => (await queries.ListAsync(http.Staff()!, http.RequestAborted)).Reply()).Produces<CalloutList>();
        callouts.MapPost("", (HttpContext http, CalloutCommands commands) => WithBody(http, Problems.Json.CalloutRequest, async request =>
            (await commands.SendAsync(http.Staff()!, request, http.IdempotencyKey(), http.RequestAborted)).Reply(StatusCodes.Status201Created))).Accepts<CalloutRequest>("application/json").Produces<CalloutReceipt>(StatusCodes.Status201Created);
        callouts.MapPost("/count", (HttpContext http, CalloutQueries queries) => WithBody(http, Problems.Json.CalloutRequest, request => Task.FromResult(queries.Count(request.Choose).Reply())))
            .Accepts<CalloutRequest>("application/json").Produces<CalloutCount>();
        callouts.MapPut("/plan", (HttpContext http, DrillPlans plans) => WithBody(http, Problems.Json.DrillPlan, async plan =>
            (await plans.PutAsync(http.Staff()!, plan, http.RequestAborted)).Reply())).Accepts<DrillPlan>("application/json").Produces<DrillPlan>();
        callouts.MapPut("/safety", (HttpContext http, Safety safety) => WithBody(http, Problems.Json.SafetyPlan, async plan =>
            (await safety.PutAsync(http.Staff()!, plan, http.RequestAborted)).Reply())).Accepts<SafetyPlan>("application/json").Produces<SafetyPlan>();
        callouts.MapGet("/{no}", async (string no, HttpContext http, CalloutQueries queries) => (await queries.ViewAsync(http.Staff()!, no, http.RequestAborted)).Reply()).Produces<CalloutView>();
        callouts.MapGet("/{no}/report.csv", async (string no, HttpContext http, CalloutQueries queries) =>
            await queries.CsvAsync(http.Staff()!, no, http.RequestAborted) is var csv && csv.Value is { } file ? Results.File(file, "text/csv; charset=utf-8", $"callout-{no}.csv") : csv.Problem()).Produces<string>(contentType: "text/csv");
        callouts.MapPost("/{no}/end", (string no, HttpContext http, CalloutCommands commands) => WithBody(http, Problems.Json.CalloutEnd, async end =>
            await commands.EndAsync(http.Staff()!, no, end.Note, http.RequestAborted) is { Ok: false } refused ? refused.Problem() : Results.NoContent())).Accepts<CalloutEnd>("application/json").Produces(StatusCodes.Status204NoContent);

        var follow = routes.MapGroup("/api/follow/{code}").Needs(MatterRights.Follow).RequireRateLimiting(Limits.Tracking);
        follow.MapGet("", async (string code, FollowQueries matters, CancellationToken ct) =>
            await matters.ViewAsync(code, ct) is { } matter ? Problems.Value(matter) : Outcome.Of(Codes.LinkUnknown).Problem()).Produces<FollowedMatter>();
        Followed(follow, "answer", (matters, code, order, key, ct) => matters.AnswerAsync(code, order, key, ct));
        Followed(follow, "note", (matters, code, order, key, ct) => matters.NoteAsync(code, order, key, ct));
        follow.MapPost("/cancel", async (string code, HttpContext http, FollowCommands matters, FollowQueries queries) =>
            await AfterAsync(queries, code, await matters.CancelAsync(code, http.IdempotencyKey(), http.RequestAborted), http)).Produces<FollowedMatter>();

        var procedures = routes.MapGroup("/api/procedures").Needs(MatterRights.Procedures);
        procedures.MapPost("", (HttpContext http, ProcedureCommands commands) => WithBody(http, Problems.Json.ProcedureRequest, async request =>
            (await commands.AddAsync(http.Staff()!, request, http.RequestAborted)).Reply(StatusCodes.Status201Created))).Accepts<ProcedureRequest>("application/json").Produces<Named>(StatusCodes.Status201Created);
        procedures.MapPost("/dry-run", (HttpContext http, ProcedureCommands commands) => WithBody(http, Problems.Json.ProcedureRequest, request =>
            Task.FromResult(commands.Try(request).Reply()))).Accepts<ProcedureRequest>("application/json").Produces<DryRunView>();
    }

    /// <summary>A link to one matter or case as a code to scan.</summary>
    private static IResult CodeOf(string street, string? link) =>
        link is { Length: <= LongestLink } && (link.StartsWith("/f/", StringComparison.Ordinal) || link.StartsWith("/t/", StringComparison.Ordinal)) && link.Skip(3).All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? Results.Text(QrCode.Draw($"{street}{link}"), "image/svg+xml") : Outcome.Of(Codes.LinkUnknown).Problem();

    private static void Give(IEndpointRouteBuilder one, string verb, Func<MatterCommands, Staff, string, MatterOrder, Tap, CancellationToken, Task<MatterReply>> give) =>
        one.MapPost("/" + verb, (string no, HttpContext http, MatterCommands matters) => WithBody(http, Problems.Json.MatterOrder, async order =>
            Reply(await give(matters, http.Staff()!, no, order, http.Tap(), http.RequestAborted)))).Accepts<MatterOrder>("application/json").Produces<MatterReply>();

    private static void Followed(IEndpointRouteBuilder follow, string verb, Func<FollowCommands, string, MatterOrder, string?, CancellationToken, Task<Outcome>> give) =>
        follow.MapPost("/" + verb, (string code, HttpContext http, FollowCommands matters, FollowQueries queries) => WithBody(http, Problems.Json.MatterOrder, async order =>
            await AfterAsync(queries, code, await give(matters, code, order, http.IdempotencyKey(), http.RequestAborted), http))).Accepts<MatterOrder>("application/json").Produces<FollowedMatter>();

    /// <summary>A successful command answers with the matter as its follower sees it.</summary>
    private static async Task<IResult> AfterAsync(FollowQueries queries, string code, Outcome outcome, HttpContext http) =>
        outcome.Ok && await queries.ViewAsync(code, http.RequestAborted) is { } matter ? Problems.Value(matter) : outcome.Problem();

    private static IResult Reply(MatterReply reply) => reply.Ok ? Problems.Value(reply) : (Sentences.Find(reply.Code) is var (status, _, _) ? new Outcome(reply.Code, status, reply.Message, reply.MessageEn) : Outcome.Of(Codes.Internal)).Problem();

    private static async Task<IResult> WithBody<T>(HttpContext http, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, Task<IResult>> use)
        where T : class
    {
        var body = await Bodies.ReadAsync(http, type);
        return body.Value is { } value ? await use(value) : body.Problem();
    }
}
