using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.OpenApi;

namespace DispatchCenter.Web.Features.People;

/// <summary>The roster, one's own duty, and the calendar feeds of both.</summary>
internal static class DutyApi
{
    private const string Csv = "text/csv";

    public static void MapDuty(this IEndpointRouteBuilder routes)
    {
        var duty = routes.MapGroup("/api/duty").Needs(PeopleRights.Duty);
        duty.MapGet("", async (HttpContext http, DutyQueries reader, RosterQueries rosters, TimeProvider time) => Problems.Value(await reader.OfAsync(http.Staff()!, rosters, time.GetUtcNow(), http.RequestAborted))).Produces<DutyView>();
        duty.MapGet("/gaps", async (HttpContext http, GapWatch gaps) => Problems.Value(await gaps.OfAsync(http.Staff()!, http.RequestAborted))).Produces<DutyGaps>();
        duty.MapPost("/take", (HttpContext http, DutyCommands desk) => Duty(http, async r => (await desk.TakeAsync(http.Staff()!, r, http.RequestAborted)).Reply())).Taking<DutyRequest, RosterShift>();
        duty.MapPost("/signOff", (HttpContext http, DutyCommands desk, HandOverList list) => Duty(http, async r =>
        {
            var kept = r.Ticked is null ? Outcome.Of(Codes.Ok) : await list.KeepAsync(http.Staff()!, HandOverList.HandedOver, r.Ticked, http.RequestAborted);
            return Done(kept.Ok ? await desk.SignOffAsync(http.Staff()!, r.Note, http.RequestAborted) : kept);
        })).Taking<DutyRequest, Reply>();
        duty.MapGet("/handOver", async (HttpContext http, HandOverList list) => Problems.Value(await list.AskAsync(http.Staff()!, http.RequestAborted))).Produces<HandOverView>();
        duty.MapPost("/handOver", (HttpContext http, HandOverList list) => Duty(http, async r => Done(await list.KeepAsync(http.Staff()!, HandOverList.TookOver, r.Ticked, http.RequestAborted))))
            .Needs(PeopleRights.HandOverPage).Taking<DutyRequest, Reply>();
        duty.MapPost("/note", (HttpContext http, DutyCommands desk) => Duty(http, async r => Done(await desk.NoteAsync(http.Staff()!, r.Note, http.RequestAborted)))).Taking<DutyRequest, Reply>();
        duty.MapPost("/leave", (HttpContext http, RosterCommands desk, DutyHandOver handOver) => Duty(http, async r =>
        {
            var who = http.Staff()!;
            var outcome = await desk.LeaveAsync(who, who.Post?.Id.Value, r.From, r.Until, r.Kind ?? "sick", http.RequestAborted);
            if (outcome.Ok) await handOver.PassOnAsync(who.Post!, string.Empty, http.RequestAborted);
            return outcome.Reply();
        })).Taking<DutyRequest, RosterTaken>();
        duty.MapPost("/feed", (HttpContext http, CalendarCommands desk, TimeProvider time) => Duty(http, async r => (await desk.MakeAsync(http.Staff()!, r.Unit, time.GetUtcNow(), http.RequestAborted)).Reply(StatusCodes.Status201Created)))
            .Taking<DutyRequest, RosterFeed>(StatusCodes.Status201Created);
        duty.MapPost("/feeds/revoke", async (HttpContext http, CalendarCommands desk) =>
        {
            await desk.RevokeAsync(http.Staff()!, http.RequestAborted);
            return Done(Outcome.Of(Codes.Ok));
        }).Produces<Reply>();
        duty.MapPost("/swaps", (HttpContext http, SwapCommands desk) => StaffApi.WithBody(http, Problems.Json.SwapRequest, async r => (await desk.AskAsync(http.Staff()!, r, http.RequestAborted)).Reply(StatusCodes.Status201Created)))
            .Taking<SwapRequest, SwapView>(StatusCodes.Status201Created);
        foreach (var (verb, state) in ((string, string)[])[("agree", SwapCommands.Agreed), ("decline", SwapCommands.Declined), ("withdraw", SwapCommands.Withdrawn)])
            duty.MapPost($"/swaps/{{id:long}}/{verb}", async (long id, HttpContext http, SwapCommands desk) => (await desk.AnswerAsync(http.Staff()!, id, state, http.RequestAborted)).Reply()).Produces<SwapView>();
        routes.MapRoster();
        routes.MapGet("/cal/{code}.ics", CalendarAsync).Needs(PeopleRights.Calendar).RequireRateLimiting(Limits.Tracking).Produces<string>(contentType: "text/calendar");
    }

    private static void MapRoster(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/roster", (HttpContext http, RosterQueries reader, string? unit, string? from, string? to) => Days(from, to, async (first, last) =>
            (await reader.ViewAsync(http.Staff()!, unit, first, last, http.RequestAborted)).Reply())).Needs(PeopleRights.Duty).Produces<RosterView>();
        routes.MapGet("/api/roster.csv", (HttpContext http, RosterFile file, string? unit, string? from, string? to) => Days(from, to, async (first, last) =>
        {
            if (first is not { } begin || last is not { } end) return Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")).Problem();
            var table = await file.WriteAsync(http.Staff()!, unit, begin, end, http.RequestAborted);
            return table.Value is { } bytes ? Results.File(bytes, $"{Csv}; charset=utf-8", "roster.csv") : table.Problem();
        }))
            .Needs(PeopleRights.Duty).Produces<string>(contentType: Csv);
        var roster = routes.MapGroup("/api/roster").Needs(PeopleRights.Roster);
        roster.MapGet("/tonight", async (HttpContext http, RosterQueries reader) => Problems.Value(await reader.TonightAsync(http.Staff()!, http.RequestAborted))).Produces<RosterNight>();
        roster.MapGet("/journal", async (HttpContext http, RosterQueries reader, string? unit) => (await reader.JournalAsync(http.Staff()!, unit, http.RequestAborted)).Reply()).Produces<RosterPage>();
        roster.MapPost("/shifts", (HttpContext http, RosterCommands desk) => Shift(http, async r => (await desk.AddAsync(http.Staff()!, r, http.RequestAborted)).Reply(StatusCodes.Status201Created))).Taking<ShiftRequest, RosterShift>(StatusCodes.Status201Created);
        roster.MapPost("/shifts/{id:long}/change", (long id, HttpContext http, RosterCommands desk) => Shift(http, async r => (await desk.ChangeAsync(http.Staff()!, id, r, http.RequestAborted)).Reply())).Taking<ShiftRequest, RosterShift>();
        roster.MapPost("/shifts/{id:long}/remove", (long id, HttpContext http, RosterCommands desk) => Shift(http, async r => (await desk.RemoveAsync(http.Staff()!, id, r, http.RequestAborted)).Reply())).Taking<ShiftRequest, RosterShift>();
        roster.MapPost("/patterns", (HttpContext http, PatternCommands desk) => StaffApi.WithBody(http, Problems.Json.PatternRequest, async r => (await desk.SaveAsync(http.Staff()!, r, http.RequestAborted)).Reply())).Taking<PatternRequest, RosterTaken>();
        roster.MapPost("/generate", (HttpContext http, PatternCommands desk) => Range(http, async r => (await desk.GenerateAsync(http.Staff()!, r.Unit, r.FromDay, r.ToDay, http.RequestAborted)).Reply())).Taking<RosterRangeRequest, RosterTaken>();
        roster.MapPost("/absences", (HttpContext http, RosterCommands desk) => Range(http, async r => (await desk.LeaveAsync(http.Staff()!, r.Post, r.From, r.Until, r.Kind, http.RequestAborted)).Reply())).Taking<RosterRangeRequest, RosterTaken>();
        roster.MapPost("/retire", (HttpContext http, RosterCommands desk) => Range(http, async r => (await desk.RetireAsync(http.Staff()!, r.Post, http.RequestAborted)).Reply())).Taking<RosterRangeRequest, RosterTaken>();
        roster.MapPost("/posts", (HttpContext http, RosterCommands desk) => Range(http, async r => (await desk.HoldAsync(http.Staff()!, r.UserName, r.Team, http.RequestAborted)).Reply(StatusCodes.Status201Created))).Taking<RosterRangeRequest, RosterPost>(StatusCodes.Status201Created);
        roster.MapPost("/rules", (HttpContext http, RosterCommands desk) => StaffApi.WithBody(http, Problems.Json.DutyRules, async r => (await desk.RuleAsync(http.Staff()!, r, http.RequestAborted)).Reply())).Taking<DutyRules, DutyRules>();
        roster.MapPost("/import", ImportAsync).WithMetadata(new TakesText(Csv)).Produces<RosterTaken>(); // whoever may not import learns that first, whatever was sent
    }

    /// <summary>Imports a file line by line.</summary>
    private static async Task<IResult> ImportAsync(HttpContext http, RosterFile file)
    {
        if (http.Request.ContentType?.StartsWith(Csv, StringComparison.OrdinalIgnoreCase) != true) return Outcome.Of(Codes.UnsupportedMediaType).Problem();
        if (http.Request.ContentLength > Bodies.Limit) return Outcome.Of(Codes.BodyTooLarge).Problem();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var import = await file.TakeAsync(http.Staff()!, RosterFile.Sent, () => new MemoryStream(body.ToArray()), http.RequestAborted);
        return import.Unusable is { } why
            ? Outcome.Of(Codes.BadRequest, (why.Chinese, why.English)).Problem()
            : Problems.Value(new RosterTaken(import.Taken, 0, 0, [.. import.Refused.Select(r => new RosterRefused(r.Line, r.Why.Code, r.Why.Chinese, r.Why.English))]));
    }

    private static async Task<IResult> CalendarAsync(string code, HttpContext http, CalendarCommands desk, TimeProvider time, string? lang)
    {
        return await desk.ReadAsync(code, chinese: lang != "en", time.GetUtcNow(), http.RequestAborted) is { } calendar ? Results.Text(calendar, "text/calendar; charset=utf-8") : Outcome.Of(Codes.LinkUnknown).Problem();
    }

    private static Task<IResult> Days(string? from, string? to, Func<DateOnly?, DateOnly?, Task<IResult>> use)
    {
        DateOnly? first = null, last = null;
        if (from is not null && !(DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var f) && RosterCommands.IsDay(f) && (first = f) is not null)) return Bad();
        if (to is not null && !(DateOnly.TryParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var t) && RosterCommands.IsDay(t) && (last = t) is not null)) return Bad();
        return use(first, last);

        static Task<IResult> Bad() => Task.FromResult(Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")).Problem());
    }

    private static Task<IResult> Duty(HttpContext http, Func<DutyRequest, Task<IResult>> use) => StaffApi.WithBody(http, Problems.Json.DutyRequest, use);

    private static Task<IResult> Shift(HttpContext http, Func<ShiftRequest, Task<IResult>> use) => StaffApi.WithBody(http, Problems.Json.ShiftRequest, use);

    private static Task<IResult> Range(HttpContext http, Func<RosterRangeRequest, Task<IResult>> use) => StaffApi.WithBody(http, Problems.Json.RosterRangeRequest, use);

    private static IResult Done(Outcome outcome) => outcome.Ok ? Problems.Value(new Answered(outcome, null).AsReply()) : outcome.Problem();

    private static void Taking<TBody, TReply>(this RouteHandlerBuilder route, int status = StatusCodes.Status200OK) where TBody : notnull => route.Accepts<TBody>("application/json").Produces<TReply>(status);
}
