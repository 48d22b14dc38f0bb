using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>Manual rostering: shifts, leave, posts in several teams, departures. A community manages its own desk and teams, the street all. Past shifts are never rewritten.</summary>
public sealed class RosterCommands(Roster roster, CoverBook cover, GapWatch gaps, AccountBook accounts, TimeProvider time)
{
    /// <summary>Whether a day is within the calendar with a margin on both sides; rosters exist for no others.</summary>
    public static bool IsDay(DateOnly? day) => day is null or { Year: >= 2000 and <= 9000 };

    private DateTimeOffset Now => Rostering.Whole(time.GetUtcNow());

    public Task<Outcome<RosterShift>> AddAsync(Staff who, ShiftRequest r, CancellationToken ct) => EditAsync<RosterShift>(async db =>
    {
        var now = Now;
        if (await PostAsync(db, who, r.Post, ct) is not { } post) return new(Outcome.Of(Codes.PostUnknown));
        if (Rostering.Fault(r.From, r.Until, now) is { } fault) return new(fault);
        var (from, until) = (Rostering.Whole(r.From!.Value), Rostering.Whole(r.Until!.Value));
        if (until <= now) return new(Outcome.Of(Codes.ShiftOver));
        if (await db.OverlapAsync(post.Id.Value, from, until, ct) is { } other) return new(Rostering.Overlaps(other));
        var shift = new ShiftRow { Post = post.Id.Value, From = from < now ? now : from, Until = until, Standby = r.Standby ?? false, ChangedAt = now };
        db.Shifts.Add(shift);
        await db.SaveChangesAsync(ct);
        db.Note(who, now, "added", post, DutyUnit.Of(post), shift);
        return shift.View();
    }, ct);

    /// <summary>Moves a shift, or reassigns it within the unit. Of a running shift only the end can move.</summary>
    public Task<Outcome<RosterShift>> ChangeAsync(Staff who, long id, ShiftRequest r, CancellationToken ct) => EditAsync<RosterShift>(async db =>
    {
        var now = Now;
        if (await ShiftAsync(db, who, id, ct) is not var (shift, unit)) return new(Outcome.Of(Codes.ShiftUnknown));
        if (r.Version is { } seen && seen != shift.Version) return new(Outcome.Of(Codes.ShiftChanged));
        var (from, until) = (Rostering.Whole(r.From ?? shift.From), Rostering.Whole(r.Until ?? shift.Until ?? DateTimeOffset.MaxValue));
        var begun = shift.From <= now;
        if (shift.Until <= now || (begun && ((r.Post ?? shift.Post) != shift.Post || from != shift.From))) return new(Outcome.Of(Codes.ShiftOver));
        if (await PostAsync(db, who, r.Post ?? shift.Post, ct) is not { } post || DutyUnit.Of(post) != unit) return new(Outcome.Of(Codes.PostUnknown));
        if (Rostering.Fault(from, until, now) is { } fault) return new(fault);
        if (until <= now || from < (begun ? shift.From : now)) return new(Outcome.Of(Codes.ShiftOver));
        if (await db.OverlapAsync(post.Id.Value, from, until, ct, shift.Id) is { } other) return new(Rostering.Overlaps(other));
        var before = shift.Before();
        (shift.Post, shift.From, shift.Until, shift.Standby) = (post.Id.Value, from, until, r.Standby ?? shift.Standby);
        shift.Touch(now);
        db.Note(who, now, "changed", post, unit, shift, detail: before);
        return shift.View();
    }, ct);

    /// <summary>Removes a shift, or ends it now if it is running.</summary>
    public Task<Outcome<RosterShift>> RemoveAsync(Staff who, long id, ShiftRequest r, CancellationToken ct) => EditAsync<RosterShift>(async db =>
    {
        var now = Now;
        if (await ShiftAsync(db, who, id, ct) is not var (shift, unit)) return new(Outcome.Of(Codes.ShiftUnknown));
        if (r.Version is { } seen && seen != shift.Version) return new(Outcome.Of(Codes.ShiftChanged));
        if (shift.Until <= now) return new(Outcome.Of(Codes.ShiftOver));
        var before = shift.Before();
        if (shift.From > now) shift.TakeOut(now);
        else
        {
            shift.Until = now;
            shift.Touch(now);
        }

        db.Note(who, now, "removed", null, unit, shift, detail: before);
        return shift.View();
    }, ct);

    /// <summary>Sick leave or other leave of a post, from now at the earliest: its shifts are cut around it, and patterns generate none in it.</summary>
    public Task<Outcome<RosterTaken>> LeaveAsync(Staff who, string? postId, DateTimeOffset? from, DateTimeOffset? until, string? kind, CancellationToken ct) => EditAsync<RosterTaken>(async db =>
    {
        var now = Now;
        var own = who.Posts.FirstOrDefault(p => p.Id.Value == postId);
        if ((own ?? await PostAsync(db, who, postId, ct)) is not { } post) return new(Outcome.Of(Codes.PostUnknown));
        var begins = from is { } asked && asked > now ? Rostering.Whole(asked) : now;
        if (until is not { } ends || ends <= begins || ends > now + Rostering.FarthestAhead || kind is not ("sick" or "leave")) return new(Outcome.Of(Codes.ShiftInvalid, ("from, until, kind", "from, until, kind")));
        var out_ = new Stretch(begins, Rostering.Whole(ends));
        var hit = await db.CutAsync(post.Id.Value, out_, now, ct);
        db.Absences.Add(new AbsenceRow { Post = post.Id.Value, From = out_.From, Until = out_.Until, Kind = kind });
        db.Note(who, now, kind, post, DutyUnit.Of(post), time: out_, detail: string.Join(' ', hit.Select(s => $"shift:{s.Id}")));
        return new RosterTaken(0, hit.Count(s => s.State != ShiftRow.Off), hit.Count(s => s.State == ShiftRow.Off), []);
    }, ct);

    /// <summary>Someone leaves: their duty ends now, future shifts become gaps, and their open cases go to the next shift. The post sees nothing from now on.</summary>
    public async Task<Outcome<RosterTaken>> RetireAsync(Staff who, string? postId, CancellationToken ct)
    {
        var outcome = await EditAsync<RosterTaken>(async db =>
        {
            var now = Now;
            if (await PostAsync(db, who, postId, ct) is not { } post || post.Id == who.Post?.Id) return new(Outcome.Of(Codes.PostUnknown));
            var (running, ahead) = await db.RetireAsync(who, post, now, ct);
            return new RosterTaken(0, running, ahead, []);
        }, ct);
        if (outcome.Ok) await accounts.LoadAsync(ct); // it grants no access from now on
        return outcome;
    }

    /// <summary>Gives a team member a post in another team, of the same kind: visibility follows from the kind, so one person must not mix kinds.</summary>
    public async Task<Outcome<RosterPost>> HoldAsync(Staff who, string? userName, string? teamCode, CancellationToken ct)
    {
        var outcome = await EditAsync<RosterPost>(async db =>
        {
            var name = userName?.ToUpperInvariant();
            var account = await db.Users.AsNoTracking().FirstOrDefaultAsync(a => a.NormalizedUserName == name, ct);
            if (account is null || roster.FindPost(account.Post) is not { } own || cover.FindTeam(teamCode) is not { } team || !cover.Rosters(who, DutyUnit.Of(team.Code)) || !cover.Rosters(who, DutyUnit.Of(own)))
                return new(Outcome.Of(Codes.PostUnknown));
            var held = (await Roster.HoldsAsync(db, ct)).Where(h => h.Account == account.Id).Select(h => roster.FindPost(h.Post)).OfType<Post>().OrderByDescending(p => p.Id == own.Id).ToList();
            var post = new Post(new PostId($"p{Guid.CreateVersion7():N}"), own.Kind, team.Community, team.Code); // opaque: reveals neither person nor place
            if (FurtherPosts.WhyNot(held, post) is not null) return new(Outcome.Of(Codes.PostUnfit));
            FurtherPosts.Add(db, account.Id, post);
            db.Note(who, Now, "held", own, DutyUnit.Of(post), detail: $"post:{post.Id.Value}");
            await db.ChangedAsync(AccountBook.Name, ct);
            return new RosterPost(post.Id.Value, Names.Camel(post.Kind), DutyUnit.Of(post).Value, null, account.UserName);
        }, ct);
        if (outcome.Ok) await accounts.LoadAsync(ct);
        return outcome;
    }

    /// <summary>When units must be covered, and the periods with a duty leader; for the street.</summary>
    public Task<Outcome<DutyRules>> RuleAsync(Staff who, DutyRules rules, CancellationToken ct) => EditAsync<DutyRules>(async db =>
    {
        if (!cover.Rosters(who, DutyUnit.Street)) return new(Outcome.Of(Codes.Forbidden));
        if (Patterns.Fault(rules) is { } fault) return new(fault);
        var version = await db.Documents.Where(d => d.Kind == CoverBook.RulesKind).MaxAsync(d => (int?)d.Version, ct) ?? 0;
        db.AddDocument(new DocumentRow { Kind = CoverBook.RulesKind, Version = version + 1, Json = JsonSerializer.Serialize(rules, ContractsJson.Default.DutyRules), At = Now, ByAccount = who.Id });
        db.Note(who, Now, "rules", null, DutyUnit.Street, detail: $"version:{version + 1}");
        return rules;
    }, ct);

    /// <summary>A refusal changes nothing; after a change, new gaps are found at once.</summary>
    private async Task<Outcome<T>> EditAsync<T>(Func<DispatchDb, Task<Outcome<T>>> edit, CancellationToken ct) where T : class
    {
        var outcome = await roster.EditAsync(edit, ct);
        if (outcome.Ok) await gaps.LookAsync(ct);
        return outcome;
    }

    /// <summary>A held post that the requester manages.</summary>
    private async Task<Post?> PostAsync(DispatchDb db, Staff who, string? id, CancellationToken ct) =>
        roster.FindPost(id) is { } post && cover.Rosters(who, DutyUnit.Of(post)) && (await Roster.HoldsAsync(db, ct)).Exists(h => h.Post == id) ? post : null;

    private async Task<(ShiftRow Shift, DutyUnit Unit)?> ShiftAsync(DispatchDb db, Staff who, long id, CancellationToken ct) =>
        await db.Shifts.FirstOrDefaultAsync(s => s.Id == id && s.State != ShiftRow.Off, ct) is { } shift && roster.FindPost(shift.Post) is { } post && DutyUnit.Of(post) is var unit && cover.Rosters(who, unit)
            ? (shift, unit) : null;
}
