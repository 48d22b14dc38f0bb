using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What staff request over HTTP: the street, the board, a case, its commands, the journal.</summary>
internal static class StaffApi
{
    public static void MapStaff(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/street", (StreetBook streets) => Problems.Value(streets.View)).Needs(KernelRights.Public).MayBeKept().Produces<StreetView>();
        routes.MapGet("/api/me", (HttpContext http, Roster roster, TimeProvider time) => Problems.Value(MeOf(http.Staff()!, roster, time))).Needs(KernelRights.Self).Produces<Me>();
        routes.MapGet("/api/board", BoardAsync).Needs(LedgerRights.Board).Produces<Board>().Produces(StatusCodes.Status304NotModified);
        routes.MapGet("/api/journal", JournalAsync).Needs(LedgerRights.Journal).Produces<JournalPage>();
        routes.MapGet("/api/callbacks", async (HttpContext http, WaitingQueries waiting) => Problems.Value(await waiting.CallbacksAsync(http.Staff()!, http.RequestAborted)))
            .Needs(WhistleRights.CallbackPage).Produces<List<CallbackLine>>();
        routes.MapGet("/api/review", async (HttpContext http, WaitingQueries waiting) => Problems.Value(await waiting.VerifiableElsewhereAsync(http.Staff()!, http.RequestAborted)))
            .Needs(WhistleRights.ReviewPage).Produces<List<CallCard>>();
        var call = routes.MapGroup("/api/calls/{no}");
        call.MapGet("", async (string no, HttpContext http, CallQueries reader) => (await reader.DetailAsync(http.Staff()!, no, http.RequestAborted)).Reply())
            .Needs(WhistleRights.CallDetail).Produces<CallDetail>();
        call.MapGet("/beside", async (string no, HttpContext http, CallQueries reader) => (await reader.BesideAsync(http.Staff()!, no, http.RequestAborted)).Reply())
            .Needs(WhistleRights.Order).Produces<BesideView>();
        call.MapPost("/contact", async (string no, HttpContext http, CallQueries reader) =>
            await WithBody(http, Problems.Json.NoteRequest, async r => (await reader.ContactAsync(http.Staff()!, no, r.Note, http.RequestAborted)).Reply()))
            .Needs(WhistleRights.Contact).Accepts<NoteRequest>("application/json").Produces<ContactView>();
        foreach (var sharing in Verbs.All.Where(verb => verb.IsGiven).GroupBy(verb => verb.Path)) MapVerbs(call, sharing.Key, [.. sharing]);
    }

    /// <summary>Verbs that share a path share its right and body type.</summary>
    private static void MapVerbs(IEndpointRouteBuilder call, string path, List<Verb> sharing)
    {
        var endpoint = call.MapPost("/" + path, async (string no, HttpContext http, StaffCommands staff) =>
        {
            var body = sharing[0].BodyType is { } type ? await Bodies.ReadAsync(http, type) : new Outcome<object>(Outcome.Of(Codes.Ok));
            if (!body.Ok) return body.Problem();
            return Verbs.Meant(sharing, body.Value) is { } verb ? Reply(await verb.GiveAsync(staff, http.Staff()!, no, body.Value, http.Tap())) : Verbs.Missing("kind").Problem();
        }).Needs(sharing[0].Right).Produces<Reply>();
        if (sharing[0].BodyType is { } takes) endpoint.Accepts(takes.Type, "application/json");
    }

    public static Me MeOf(Staff who, Roster roster, TimeProvider time)
    {
        var onDuty = roster.At(time.GetUtcNow());
        var own = who.Post is { } post ? Of(post) : null;
        return new Me(who.UserName, Names.Camel(who.Role), own?.Post, own?.PostKind, own?.Team, own?.Community, own?.Grid, own?.OnDuty is true)
        {
            Posts = who.Posts.Count > 1 ? [.. who.Posts.Select(Of)] : null,
        };

        MyPost Of(Post one) => new(one.Id.Value, Names.Camel(one.Kind), one.Team?.Value, one.Community?.Value, one.Grid?.Value, onDuty.Contains(one.Id));
    }

    internal static async Task<IResult> WithBody<T>(HttpContext http, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, Task<IResult>> use) where T : class
    {
        var body = await Bodies.ReadAsync(http, type);
        return body.Value is { } value ? await use(value) : body.Problem();
    }

    internal static IResult Reply(Answered answered) => answered.Outcome.Ok ? Problems.Value(answered.AsReply()) : answered.Outcome.Problem(answered.Call);

    /// <summary>The nearest breaches at one instant; unchanged since the ETag → 304.</summary>
    private static async Task<IResult> BoardAsync(HttpContext http, SnapshotQueries snapshots, StaffSight sight, string? limit)
    {
        var wanted = SnapshotQueries.Limit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out wanted) || wanted is < 1 or > SnapshotQueries.Limit))
            return Outcome.Bad("board_limit", SnapshotQueries.Limit).Problem();
        var (who, called) = (http.Staff()!, sight.IsCalled(http.Staff()!));
        var (epoch, seq, total, cards, matters) = await snapshots.ReadBoardAsync(Sight.Of(who), wanted, http.RequestAborted);
        if (!called) (total, cards, matters) = (0, [], []); // as on the stream
        var tag = $"\"{epoch}-{seq}-{wanted}-{who.Post?.Id.Value}{(called ? string.Empty : "-off")}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == tag || known.Tag == "*")) return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Stream(async body =>
        {
            await using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
            json.WriteStartObject();
            json.WriteString("epoch"u8, epoch);
            json.WriteNumber("seq"u8, seq);
            json.WriteNumber("total"u8, total);
            json.WriteStartArray("calls"u8);
            foreach (var card in cards) json.WriteRawValue(card, skipInputValidation: true);
            json.WriteEndArray();
            if (matters.Count > 0)
            {
                json.WriteStartArray("matters"u8);
                foreach (var card in matters) json.WriteRawValue(card, skipInputValidation: true);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }, "application/json; charset=utf-8");
    }

    private static async Task<IResult> JournalAsync(JournalQueries journal, string? after, string? limit, string? callNo, CancellationToken ct)
    {
        var (from, count) = (0L, JournalQueries.PageLimit);
        if ((after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            || (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1)))
            return Outcome.Bad("journal_page").Problem();
        var (epoch, head) = await journal.HeadAsync(ct);
        var entries = string.IsNullOrEmpty(callNo) ? await journal.ReadAsync(from, count, ct) : await journal.OfCallAsync(callNo, ct);
        return Problems.Value(new JournalPage(epoch, head, [.. entries.Select(LineOf)]));
    }

    private static JournalLine LineOf(JournalEntry entry) => new()
    {
        Seq = entry.Seq,
        CallNo = entry.CallNo,
        Version = entry.Version,
        At = entry.At,
        By = entry.By,
        What = entry.What,
        Answer = entry.Answer,
        Due = entry.Due,
        Detail = Details.Texts(entry.Detail),
        Card = entry.IsWhistle ? JsonSerializer.Deserialize(entry.Card, ContractsJson.Default.CallCard)! : null,
        Kind = entry.IsWhistle ? null : entry.Kind,
        Matter = entry.Kind == MatterKindNames.Procedure ? JsonSerializer.Deserialize(entry.Card, ContractsJson.Default.MatterCard) : null,
    };
}
