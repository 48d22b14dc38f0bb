using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What residents request: whistle, track, evaluate, add a note, withdraw. No account; the tracking code is the capability.</summary>
internal static class WhistleApi
{
    private static readonly TimeSpan Comment = TimeSpan.FromSeconds(15);

    /// <summary>A page gets its first change at once, then at most one per interval.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public static void MapWhistles(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/whistles", async (HttpContext http, CallerCommands desk) =>
        {
            var body = await Bodies.ReadAsync(http, Problems.Json.WhistleRequest);
            return body.Value is { } request
                ? (await desk.BlowAsync(request, http.IdempotencyKey(), http.RequestAborted, http.Staff())).Reply(StatusCodes.Status201Created)
                : body.Problem();
        }).Needs(WhistleRights.Whistle).RequireRateLimiting(Limits.Whistles).Accepts<WhistleRequest>("application/json").Produces<WhistleReceipt>(StatusCodes.Status201Created);

        var track = routes.MapGroup("/api/track/{code}").Needs(WhistleRights.Whistle).RequireRateLimiting(Limits.Tracking);
        track.MapGet("", async (string code, HttpContext http, CallerCommands desk, CancellationToken ct) =>
            await desk.TrackAsync(code, ct, http.Staff()) is { } call ? Problems.Value(call) : Outcome.Of(Codes.TrackingUnknown).Problem()).Produces<TrackedCall>();
        track.MapPost("/evaluation", async (string code, HttpContext http, CallerCommands desk) =>
        {
            var body = await Bodies.ReadAsync(http, Problems.Json.EvaluationRequest);
            return body.Value is { } request ? await After(desk, code, await desk.EvaluateAsync(code, request, http.RequestAborted, http.IdempotencyKey(), http.Staff()), http) : body.Problem();
        }).Accepts<EvaluationRequest>("application/json").Produces<TrackedCall>();
        track.MapPost("/note", async (string code, HttpContext http, CallerCommands desk) =>
        {
            var body = await Bodies.ReadAsync(http, Problems.Json.NoteRequest);
            return body.Value is { } request ? await After(desk, code, await desk.NoteAsync(code, request, http.RequestAborted, http.IdempotencyKey()), http) : body.Problem();
        }).Accepts<NoteRequest>("application/json").Produces<TrackedCall>();
        track.MapPost("/withdraw", async (string code, HttpContext http, CallerCommands desk) =>
            await After(desk, code, await desk.WithdrawAsync(code, http.RequestAborted, http.IdempotencyKey()), http)).Produces<TrackedCall>();
        track.MapGet("/events", EventsAsync).Produces<string>(contentType: "text/event-stream");
    }

    /// <summary>A successful command answers with the resulting case.</summary>
    private static async Task<IResult> After(CallerCommands desk, string code, Outcome outcome, HttpContext http) =>
        outcome.Ok && await desk.TrackAsync(code, http.RequestAborted, http.Staff()) is { } call ? Problems.Value(call) : outcome.Problem();

    /// <summary>Server-sent events: the case as its caller sees it, at once and after every change; a comment during silence.</summary>
    private static async Task EventsAsync(string code, HttpContext http, CallerCommands desk, LiveFeed feed, TimeProvider time, Drain drain)
    {
        if (await desk.CallNoAsync(code, http.RequestAborted) is not { } callNo)
        {
            await http.WriteProblemAsync(Outcome.Of(Codes.TrackingUnknown));
            return;
        }

        using var seat = drain.IsOn ? null : feed.Follow(callNo, Limits.Address(http));
        if (seat is null)
        {
            await http.WriteProblemAsync(Outcome.Of(Codes.Busy) with { RetryAfter = Comment });
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Begun);
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var changes = seat.Changes(either.Token).GetAsyncEnumerator(either.Token);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                var first = await Task.WhenAny(next, Task.Delay(Comment, time, either.Token));
                if (first != next)
                {
                    await first;
                    await http.Response.WriteAsync(": \n\n", either.Token);
                }
                else
                {
                    if (!await next || await desk.TrackAsync(code, either.Token, http.Staff()) is not { } call) return;
                    await http.Response.WriteAsync($"data: {System.Text.Json.JsonSerializer.Serialize(call, Problems.Json.TrackedCall)}\n\n", either.Token);
                    await Task.Delay(Pace, time, either.Token);
                    next = changes.MoveNextAsync().AsTask();
                }

                await http.Response.Body.FlushAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed or the server is stopping: the page reconnects on its own.
        }
        finally
        {
            // The stream may be waiting for its next change: it must end before it can be disposed.
            await either.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await changes.DisposeAsync();
        }
    }
}
