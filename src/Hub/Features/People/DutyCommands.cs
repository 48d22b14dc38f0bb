using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>A person's own duty: going on and off duty, leaving a hand-over note. Rostered staff do not check in.</summary>
public sealed class DutyCommands(Roster roster, CoverBook cover, GapWatch gaps, DutyHandOver handOver, DutyClock clock)
{
    /// <summary>An open-ended duty lasts this long, the longest shift of a day; on the demo street until sign-off.</summary>
    public static readonly TimeSpan Taken = TimeSpan.FromHours(12);

    /// <summary>
    /// Goes on duty: now, or for a gap of the requester's unit. One requester wins; the others learn which post did. Repeating it
    /// is no error.
    /// </summary>
    public async Task<Outcome<RosterShift>> TakeAsync(Staff who, DutyRequest r, CancellationToken ct)
    {
        var now = clock.Now;
        var unit = r.Unit is null ? null : who.Posts.FirstOrDefault(p => DutyUnit.Of(p).Value == r.Unit);
        if ((r.Unit is null ? who.Post : unit) is not { } post) return new(Outcome.Of(Codes.UnitUnknown));
        var outcome = await roster.EditAsync<Outcome<RosterShift>>(r.Unit is null ? db => TakeNowAsync(db, who, post, r.Until, now, ct) : db => TakeGapAsync(db, who, post, r, now, ct), ct);
        if (outcome.Ok) await gaps.LookAsync(ct);
        return outcome;
    }

    /// <summary>Ends the requester's duty now. Their open cases go to the next shift with the note or, if there is none, straight up the ladder.</summary>
    public async Task<Outcome> SignOffAsync(Staff who, string? note, CancellationToken ct)
    {
        if (who.Post is not { } post) return Outcome.Of(Codes.Forbidden);
        if (Texts.Check(note, Texts.NoteLimit, "note", out var words) is { } tooLong) return tooLong;
        var now = clock.Now;
        var ended = await roster.EditAsync(async db =>
        {
            var running = await Roster.EndRunningAsync(db, post.Id.Value, now, now, ct);
            if (running.Count > 0) db.Note(who, now, "signedOff", post, DutyUnit.Of(post), detail: string.Join(' ', running.Select(s => $"shift:{s.Id}")));
            if (words.Length > 0) db.DutyWords.Add(new DutyWordsRow { Unit = DutyUnit.Of(post).Value, At = now, ByPost = post.Id.Value, Words = db.DataKeys.Encrypt(DutyWordsRow.WordsColumn, words) });
            return running.Count;
        }, ct);
        await handOver.PassOnAsync(post, words, ct);
        if (ended > 0) await gaps.LookAsync(ct);
        return Outcome.Of(Codes.Ok);
    }

    /// <summary>Leaves a note for the next shift of the asker's unit.</summary>
    public async Task<Outcome> NoteAsync(Staff who, string? note, CancellationToken ct)
    {
        if (who.Post is not { } post) return Outcome.Of(Codes.Forbidden);
        if (Texts.Check(note, Texts.NoteLimit, "note", out var words) is { } tooLong) return tooLong;
        if (words.Length == 0) return Outcome.Of(Codes.TextMissing);
        await handOver.LeaveAsync(DutyUnit.Of(post), post, words, clock.Now, ct);
        return Outcome.Of(Codes.Ok);
    }

    private async Task<Outcome<RosterShift>> TakeNowAsync(DispatchDb db, Staff who, Post post, DateTimeOffset? until, DateTimeOffset now, CancellationToken ct)
    {
        var running = await db.Shifts.AsNoTracking().FirstOrDefaultAsync(s => s.Post == post.Id.Value && s.From <= now && (s.Until == null || s.Until > now) && s.State != ShiftRow.Off && !s.Standby, ct);
        if (running is not null) return running.View();
        if (!(await Roster.HoldsAsync(db, ct)).Exists(h => h.Post == post.Id.Value)) return new(Outcome.Of(Codes.PostUnknown));
        DateTimeOffset? end = clock.RoundTheClock && until is null ? null : Rostering.Whole(until ?? now + Taken);
        if (end is not null && Rostering.Fault(now, end, now) is { } fault) return new(fault);
        // Until the requester's next shift, which continues from there.
        if (end is { } last && await db.OverlapAsync(post.Id.Value, now, last, ct) is { } next) end = next.From > now ? next.From : end;
        return await AddAsync(db, who, post, "taken", now, end, now, ct);
    }

    private async Task<Outcome<RosterShift>> TakeGapAsync(DispatchDb db, Staff who, Post post, DutyRequest r, DateTimeOffset now, CancellationToken ct)
    {
        if (!DutyUnit.Mans(post)) return new(Outcome.Of(Codes.MayNotAccept));
        if (Rostering.Fault(r.From, r.Until, now) is { } fault) return new(fault);
        var asked = new Stretch(r.From!.Value < now ? now : Rostering.Whole(r.From.Value), Rostering.Whole(r.Until!.Value));
        if (asked.IsEmpty) return new(Outcome.Of(Codes.ShiftOver));
        var own = await db.Shifts.AsNoTracking().Where(s => s.Post == post.Id.Value && s.From < asked.Until && s.Until > asked.From && s.State != ShiftRow.Off).OrderBy(s => s.From).ToListAsync(ct);
        if (own.Find(s => s.From <= asked.From && s.Until >= asked.Until) is { } mine) return mine.View(); // already covered
        var (manned, _) = await cover.MannedAsync(db, asked, ct);
        Stretch[] open = [.. asked.Without(manned.GetValueOrDefault(DutyUnit.Of(post), []))];
        if (open.Length == 0) return new(Outcome.Of(Codes.DutyTaken, await WinnerAsync(db, DutyUnit.Of(post), asked, ct)));
        RosterShift? first = null;
        foreach (var piece in open.SelectMany(o => o.Without(own.Select(s => new Stretch(s.From, s.Until!.Value)))))
        {
            var added = await AddAsync(db, who, post, "taken", piece.From, piece.Until, now, ct);
            first ??= added;
        }

        return first is null ? new Outcome<RosterShift>(Rostering.Overlaps(own[0])) : first;
    }

    private static async Task<RosterShift> AddAsync(DispatchDb db, Staff who, Post post, string what, DateTimeOffset from, DateTimeOffset? until, DateTimeOffset now, CancellationToken ct)
    {
        var shift = new ShiftRow { Post = post.Id.Value, From = from, Until = until, ChangedAt = now };
        db.Shifts.Add(shift);
        await db.SaveChangesAsync(ct);
        db.Note(who, now, what, post, DutyUnit.Of(post), shift);
        return shift.View();
    }

    /// <summary>The kind of post that was first, never the person.</summary>
    private async Task<(string Zh, string En)> WinnerAsync(DispatchDb db, DutyUnit unit, Stretch asked, CancellationToken ct)
    {
        var posts = roster.Posts.Where(p => DutyUnit.Of(p) == unit && DutyUnit.Mans(p)).Select(p => p.Id.Value).ToList();
        var shift = await db.Shifts.AsNoTracking().Where(s => posts.Contains(s.Post) && s.From < asked.Until && (s.Until == null || s.Until > asked.From) && s.State != ShiftRow.Off && !s.Standby).OrderByDescending(s => s.Id).FirstAsync(ct);
        var (_, zh, en) = Sentences.Find($"post_{Names.Camel(roster.FindPost(shift.Post)!.Kind)}");
        return (zh, en);
    }
}

/// <summary>Settings of duty times.</summary>
/// <param name="RoundTheClock">On the demo street, a duty someone starts ends only at sign-off.</param>
public sealed class DutyClock(TimeProvider time, DispatchOptions options)
{
    public bool RoundTheClock => options.Demo;

    public DateTimeOffset Now => Rostering.Whole(time.GetUtcNow());
}
