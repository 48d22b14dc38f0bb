using System.Collections.Immutable;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>A matter as somebody without an account reads it: the person it is for through its tracking code, a party through its link.</summary>
public sealed class FollowQueries(Database database, MatterWorlds worlds, Roster roster, TimeProvider time)
{
    /// <summary>The matter of a code and who its holder is; null for an unknown or expired code.</summary>
    internal async Task<(Proceeding Matter, Respondent Reader, string? Owed)?> FindAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        await using var db = database.Context();
        if (await db.DataKeys.FindAsync(MatterRow.TrackingColumn, code, stored => Sight.OfTheEngine.MattersIn(db).Where(m => m.Tracking == stored).Select(m => m.Body).FirstOrDefaultAsync(ct), ct) is { } body)
            return ProceedingJson.Read(body) is var own && (await worlds.ProcedureAsync(own, ct)).HasCaller ? (own, new Respondent.Caller(), null) : null;
        var (hash, now) = (LinkCode.HashOf(code), time.GetUtcNow());
        var link = await db.MatterLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Hash == hash && l.ExpiresAt > now, ct);
        if (link is null || Respondent.Parse(link.Respondent) is not { } reader || await CaseQueries.FindMatterAsync(database, Sight.OfTheEngine, link.Matter, ct) is not { } matter) return null;
        return (matter, reader, link.Owed);
    }

    /// <summary>What the holder of a code may read. Every look through a party's link is logged.</summary>
    public async Task<FollowedMatter?> ViewAsync(string code, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not var (matter, reader, _)) return null;
        var isCaller = reader is Respondent.Caller;
        if (!isCaller) await AuditAsync(matter, reader, ct);
        var procedure = await worlds.ProcedureAsync(matter, ct);
        await using var db = database.Context();
        var words = await db.Words.Where(w => w.CallNo == matter.No.Value).OrderBy(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        var by = isCaller ? JournalEntry.ByCaller : reader.ToString()!;
        // A receipt is theirs: they read what was written on it. Of other forms the public fields alone.
        var items = isCaller ? MatterViews.Items(procedure, matter, words.Select(w => MatterForms.Read(w.Words)).OfType<FilledForm>(), p => p.IsForStaff) : [];
        var outcome = MatterViews.EndOf(procedure, matter);
        return new FollowedMatter
        {
            CallNo = matter.No.Value,
            Version = matter.Version,
            Procedure = MatterViews.NameOf(procedure),
            OpenedAt = matter.OpenedAt,
            Promised = matter.IsOnItsWayOut && matter.PromiseKept is null ? null : matter.Promise?.Due, // nothing is promised any more
            PromiseKept = matter.PromiseKept,
            Overdue = matter.Promise?.Breached is true || matter.Visit?.Clock?.Breached is true,
            SuspendedUntil = matter.Suspended?.Until,
            Stages = MatterViews.Line(procedure, matter),
            Mine = [.. (matter.Visit?.Owed ?? []).Where(o => !o.IsMet && o.Silent.Contains(reader)).Select(o => MatterViews.Owed(procedure, matter, o, items))],
            Items = items,
            Told = isCaller ? MatterViews.Told(procedure, words) : [],
            Said = [.. words.Where(w => w.ByPost == by && w.Kind == "note").Select(w => new SaidLine(w.At, w.Kind, w.Words))],
            Looks = isCaller ? await LookQueries.OfCallerAsync(db, roster, matter.No.Value, null, ct) : [],
            Erasure = isCaller ? await HeldQueries.OfAsync(db, matter.No.Value, ct) : null,
            Outcome = outcome?.Code,
            OutcomeName = outcome?.Name,
            OutcomeNameEn = outcome?.NameEn,
            CanCancel = isCaller && matter is { IsOpen: true, IsOnItsWayOut: false },
            Reader = isCaller ? "caller" : "party",
        };
    }

    private Task<int> AuditAsync(Proceeding matter, Respondent reader, CancellationToken ct) => database.WriteAsync(db =>
    {
        db.Reads.Add(new ReadRow { At = time.GetUtcNow(), Account = "party", Post = reader.ToString()!, CallNo = matter.No.Value, Looked = "detail", Reason = null });
        return db.SaveChangesAsync(ct);
    }, ct);
}

/// <summary>What somebody without an account does to a matter through their link.</summary>
public sealed class FollowCommands(DispatchDesk desk, FollowQueries queries, JournalQueries journal, MatterWorlds worlds)
{
    public async Task<Outcome> AnswerAsync(string code, MatterOrder order, string? idempotencyKey, CancellationToken ct)
    {
        if (await queries.FindAsync(code, ct) is not var (matter, reader, only)) return Outcome.Of(Codes.LinkUnknown);
        if (order.Owed is null || order.Says is null) return Outcome.Of(Codes.OrderIncomplete, ("owed, says", "owed, says"));
        if (only is not null && order.Owed != only) return Outcome.Of(Codes.NoSuchAnswer);
        var asked = MatterCommands.AnswerOf(await worlds.ProcedureAsync(matter, ct), matter, new Actor.Outside(reader), order);
        return asked.Value is { } give ? await GiveAsync("answer", matter, order, give, idempotencyKey, ct) : asked;
    }

    public async Task<Outcome> NoteAsync(string code, MatterOrder order, string? idempotencyKey, CancellationToken ct)
    {
        if (await queries.FindAsync(code, ct) is not var (matter, reader, _)) return Outcome.Of(Codes.LinkUnknown);
        if (Texts.Check(order.Note, Texts.NoteLimit, "note", out var note) is { } tooLong) return tooLong;
        return note.Length == 0 ? Outcome.Of(Codes.TextMissing)
            : await GiveAsync("note", matter, order, new MatterCommands.Asked(new ProceedingCommand.Note(new Actor.Outside(reader)), new CallWords("note", note)), idempotencyKey, ct);
    }

    public async Task<Outcome> CancelAsync(string code, string? idempotencyKey, CancellationToken ct) =>
        await queries.FindAsync(code, ct) is not var (matter, reader, _) ? Outcome.Of(Codes.LinkUnknown)
        : await GiveAsync("cancel", matter, new MatterOrder(), new MatterCommands.Asked(new ProceedingCommand.Cancel(new Actor.Outside(reader))), idempotencyKey, ct);

    /// <summary>The number whose changes the holder of a code follows; null for an unknown one.</summary>
    public async Task<string?> NumberAsync(string code, CancellationToken ct) => (await queries.FindAsync(code, ct))?.Matter.No.Value;

    private async Task<Outcome> GiveAsync(string verb, Proceeding matter, MatterOrder order, MatterCommands.Asked give, string? idempotencyKey, CancellationToken ct)
    {
        if (!Keys.TryMake(idempotencyKey, null, $"{verb} {matter.No}", order, ContractsJson.Default.MatterOrder, out var key)) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        var reply = await desk.Submit(new DeskRequest.Ask(matter.No, give.Command, give.Words), key);
        return await MatterCommands.OutcomeOfAsync(reply, give.Command, journal, ct);
    }
}
