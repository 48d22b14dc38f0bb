using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Actor = DispatchCenter.Domain.Matters.Actor;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>What somebody on a round says, and what the administrator changes.</summary>
public sealed class RoundCommands(Database database, DispatchDesk desk, IWhistles whistles, StaffSight sight, ProcedureBook procedures, RhythmBook rhythms, RoundQueries queries, RhythmRuns runs, RegisterBook register, ReachBook reach, TimeProvider time)
{
    private const string Yes = "yes", No = "no";

    /// <summary>
    /// Keeps what was seen at one stop, or that others are in order. What is amiss rings first, as a whistle seen on patrol: that is not lost, even if the round is over or the shift has
    /// ended since. Each part has a key of its own, made of the tap's, so a repetition completes what a crash has left. When nothing is left, the round is answered.
    /// </summary>
    public async Task<Outcome<StopReply>> StopAsync(Staff who, string no, StopRequest request, Tap tap, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (!Keys.TryMake(tap.Key, who, $"stop {no}", request, ContractsJson.Default.StopRequest, out var key)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        if (Texts.Check(request.Words, Texts.NoteLimit, "note", out var words) is { } tooLong) return new(tooLong);
        await using var db = database.Context();
        var row = await db.Rounds.AsNoTracking().FirstOrDefaultAsync(r => r.Matter == no && r.Matter != "", ct);
        var found = row is null ? await sight.MatterAsync(who, no, ct) : await RoundAsync(db, who, post, no, ct); // what is no round is answered as any number
        if (found.Value is not { } matter) return new(found);
        if (row is null || procedures.Current.Of(matter)?.FindForm(Rhythm.StopForm) is not { } form) return new(Outcome.Of(Codes.CallNotFound));
        var plan = RoundPlan.Read(row.Plan);
        if (request is { Rest: not null, Found: true } or { Rest: not null, Place: not null }) return new(Outcome.Of("round_rest"));
        var places = request.Rest ?? [request.Place ?? string.Empty];
        if (places.Any(place => !plan.Stops.Any(s => s.Code == place))) return new(Outcome.Of("round_place"));
        if (plan.Homes is not null && request.Found is not true && words.Length > 0) return new(Outcome.Of("visit_words")); // no story of anybody's life
        string? whistle = null;
        if (request.Found is true)
        {
            if (await whistles.LacksPhotosAsync(request.Photos, ct) is { } lacking) return new(lacking); // the phone has it still, and sends it again with the same tap
            var blown = await BlowAsync(who, matter, plan.Stops.First(s => s.Code == request.Place), request, words, tap, ct);
            if (blown.Value is not { } receipt) return new(blown);
            whistle = receipt.CallNo;
        }

        var looked = await db.RoundLooks.AsNoTracking().Where(l => l.Matter == no).Select(l => l.Stop).ToListAsync(ct);
        // A home that has taken its consent back meanwhile, while the phone was without a network: what was amiss has rung, and nothing of the visit is kept.
        foreach (var place in places.Where(p => (request.Rest is null || !looked.Contains(p)) && plan.Agrees(p, register.Now.Agreed)))
        {
            var kept = MatterForms.Check(form, new Dictionary<string, string> { [Rhythm.StopPlace] = place, [Rhythm.StopFound] = whistle is null ? No : Yes, [Rhythm.StopWords] = plan.Homes is null ? words : string.Empty, [Rhythm.StopWhistle] = whistle ?? string.Empty }, null, null, anyway: true);
            if (kept.Value is not { } text) return new(kept);
            var noted = await desk.Submit(
                new DeskRequest.Ask(matter.No, new ProceedingCommand.Note(new Actor.OfPost(post)), new CallWords(ProcedureKind.FormWords, text)) { Claimed = tap.Before(time.GetUtcNow()) },
                key is null ? null : key with { Key = Part(key.Key, "stop", place) });
            if (noted is not DeskReply.Done) return new(Replies.Of(noted));
            await LookAsync(no, place, post, whistle, tap, ct);
        }

        var ended = await runs.EndAsync(db, post, no, plan, tap.Before(time.GetUtcNow()), ct);
        if (ended is DeskReply.Busy) return new(Replies.Of(ended));
        return new StopReply { Ok = true, Code = Codes.Ok, Whistle = whistle, Done = ended is DeskReply.Done };
    }

    /// <summary>The round, for whoever may see it now, and for whoever is or was asked to walk it: a tap may come when their shift is over.</summary>
    private async Task<Outcome<Proceeding>> RoundAsync(DispatchDb db, Staff who, Post post, string no, CancellationToken ct)
    {
        var seen = await sight.MatterAsync(who, no, ct);
        if (seen.Ok || await Sight.OfTheEngine.MattersIn(db).Where(m => m.No == no).Select(m => m.Body).FirstOrDefaultAsync(ct) is not { } body) return seen;
        var matter = ProceedingJson.Read(body);
        var asked = matter.Before.SelectMany(b => b.Asked.Values).SelectMany(a => a).Concat(matter.Visit?.Owed.SelectMany(o => o.EverAsked) ?? []);
        return !matter.Recusal.Covers(post) && asked.Any(a => a.Admits(post)) ? matter : seen;
    }

    /// <summary>Whistles in the grid where the place lies: that of the round, or the place's own on a round of the community.</summary>
    private async Task<Outcome<WhistleReceipt>> BlowAsync(Staff who, Proceeding matter, PlannedStop stop, StopRequest request, string words, Tap tap, CancellationToken ct)
    {
        if ((matter.Grid ?? register.Now.Map.Area(stop.Code).Grid) is not { } grid) return new(Outcome.Of(Codes.PlaceMissing));
        var whistle = new WhistleRequest { Grid = grid.Value, Category = request.Category, Description = reach.Placed(stop.Name, words), Danger = request.Danger, Photos = request.Photos, Source = "patrol" };
        return await whistles.BlowAsync(whistle, tap.Key is { } own ? Part(own, "whistle", stop.Code) : null, ct, who);
    }

    private Task<int> LookAsync(string no, string place, Post post, string? whistle, Tap tap, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var key = tap.Key is { } own ? Part(own, "look", place) : Guid.NewGuid().ToString("N");
        if (await db.RoundLooks.AnyAsync(l => l.Matter == no && l.Stop == place && l.Tap == key, ct)) return 0;
        db.RoundLooks.Add(new RoundLookRow { Matter = no, Stop = place, Tap = key, At = tap.Before(time.GetUtcNow()) ?? time.GetUtcNow(), Whistle = whistle ?? string.Empty, Post = post.Id.Value });
        return await db.SaveChangesAsync(ct);
    }, ct);

    /// <summary>Everything that is wrong with a document; if nothing is, what it opens in the next days. Stores nothing.</summary>
    public Outcome<RhythmsView> Try(string? json)
    {
        try
        {
            var parsed = rhythms.Parse(json ?? string.Empty);
            return queries.TooLong(parsed) is { } code ? Outcome.Of("rhythm_too_long", (code, code)).As<RhythmsView>() : queries.Ahead(0, json ?? string.Empty, parsed);
        }
        catch (UnusableDocumentException e)
        {
            return new(Refused(e));
        }
    }

    /// <summary>Adds a version of the rhythms and opens what is due by it; it is an act.</summary>
    public async Task<Outcome<RhythmsView>> AddAsync(Staff who, string? json, CancellationToken ct)
    {
        var tried = Try(json);
        if (!tried.Ok) return tried;
        try
        {
            await rhythms.AddAsync(json ?? string.Empty, who.Id, ct);
            await runs.LookAsync(CancellationToken.None); // whoever asked may have left; it holds
            return queries.Rhythms();
        }
        catch (UnusableDocumentException e)
        {
            return new(Refused(e));
        }
    }

    /// <summary>The key of one part of a tap: it fits where any key does.</summary>
    private static string Part(string key, string part, string place) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key} {part} {place}")));

    private static Outcome Refused(UnusableDocumentException e) => Outcome.Of(Codes.BadRequest, (e.Chinese, e.English)) with { Message = e.Chinese, MessageEn = e.English };
}
