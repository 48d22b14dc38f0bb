using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// 换班: a shift is offered to a colleague in the same unit, for one of theirs or for nothing, and changes hands only if the other agrees. It is void once
/// either shift has changed or begun: if one shift is in two swaps, the first to be agreed wins.
/// </summary>
public sealed class SwapCommands(Database database, Roster roster, GapWatch gaps, DutyClock clock)
{
    public const string Agreed = "agreed";
    public const string Declined = "declined";
    public const string Withdrawn = "withdrawn";

    /// <summary>The maximum of open swap requests per post.</summary>
    public const int MostAsked = 20;

    public Task<Outcome<SwapView>> AskAsync(Staff who, SwapRequest r, CancellationToken ct) => roster.EditAsync<Outcome<SwapView>>(async db =>
    {
        var now = clock.Now;
        if (await ShiftAsync(db, r.Shift, ct) is not { } shift || who.Posts.FirstOrDefault(p => p.Id.Value == shift.Post) is not { } own) return new(Outcome.Of(Codes.ShiftUnknown));
        var theirs = r.For is null ? null : await ShiftAsync(db, r.For, ct);
        if (roster.FindPost(r.With) is not { } other || who.Posts.Contains(other) || !(await Roster.HoldsAsync(db, ct)).Exists(h => h.Post == r.With)) return new(Outcome.Of(Codes.PostUnknown));
        if ((r.For is not null && theirs?.Post != r.With) || await UnfitAsync(db, shift, own, theirs, other, now, ct)) return new(Outcome.Of(Codes.SwapUnfit));
        var mine = db.Swaps.Where(s => s.ByPost == own.Id.Value && s.State == SwapRow.Asked);
        if (await mine.FirstOrDefaultAsync(s => s.Shift == shift.Id && s.WithPost == r.With && s.ForShift == r.For && s.ShiftVersion == shift.Version, ct) is { } before) return await ViewAsync(db, before, who, ct);
        if (await mine.CountAsync(ct) >= MostAsked) return new(Outcome.Of(Codes.SwapUnfit));
        var swap = new SwapRow { Shift = shift.Id, ShiftVersion = shift.Version, ByPost = own.Id.Value, WithPost = other.Id.Value, ForShift = theirs?.Id, ForVersion = theirs?.Version, State = SwapRow.Asked, At = now };
        db.Swaps.Add(swap);
        await db.SaveChangesAsync(ct);
        db.Note(who, now, "swapAsked", own, DutyUnit.Of(own), shift, detail: $"swap:{swap.Id} with:{other.Id}{(theirs is null ? string.Empty : $" for:{theirs.Id}")}");
        return await ViewAsync(db, swap, who, ct);
    }, ct);

    /// <summary>The colleague agrees or declines, or the requester withdraws.</summary>
    public async Task<Outcome<SwapView>> AnswerAsync(Staff who, long id, string answer, CancellationToken ct)
    {
        var outcome = await roster.EditAsync<Outcome<SwapView>>(async db =>
        {
            var now = clock.Now;
            var swap = await db.Swaps.FirstOrDefaultAsync(s => s.Id == id, ct);
            var party = answer == Withdrawn ? swap?.ByPost : swap?.WithPost;
            if (swap is null || who.Posts.FirstOrDefault(p => p.Id.Value == party) is not { } post) return new(Outcome.Of(Codes.SwapUnknown));
            if (swap.State == answer) return await ViewAsync(db, swap, who, ct); // already decided
            if (swap.State != SwapRow.Asked) return new(Outcome.Of(Codes.SwapOver));
            if (answer == Agreed && !await ChangeHandsAsync(db, who, swap, post, now, ct)) return new(Outcome.Of(Codes.SwapOver));
            (swap.State, swap.AnsweredAt) = (answer, now);
            if (answer != Agreed) db.Note(who, now, $"swap{char.ToUpperInvariant(answer[0])}{answer[1..]}", post, DutyUnit.Of(post), detail: $"swap:{swap.Id}");
            return await ViewAsync(db, swap, who, ct);
        }, ct);
        if (outcome.Ok && answer == Agreed) await gaps.LookAsync(ct);
        return outcome;
    }

    /// <summary>The swaps that concern the requester: open ones, and those of the last days.</summary>
    public async Task<List<SwapView>> OfAsync(Staff who, CancellationToken ct)
    {
        var posts = who.Posts.Select(p => p.Id.Value).ToList();
        var since = clock.Now.AddDays(-7);
        await using var db = database.Context();
        var swaps = await db.Swaps.AsNoTracking().Where(s => (posts.Contains(s.ByPost) || posts.Contains(s.WithPost)) && (s.State == SwapRow.Asked || s.AnsweredAt > since)).OrderByDescending(s => s.Id).Take(MostAsked * 2).ToListAsync(ct);
        var views = new List<SwapView>();
        foreach (var swap in swaps) views.Add(await ViewAsync(db, swap, who, ct));
        return views;
    }

    private async Task<bool> ChangeHandsAsync(DispatchDb db, Staff who, SwapRow swap, Post post, DateTimeOffset now, CancellationToken ct)
    {
        var shift = await ShiftAsync(db, swap.Shift, ct);
        var theirs = swap.ForShift is null ? null : await ShiftAsync(db, swap.ForShift, ct);
        if (shift is null || shift.Version != swap.ShiftVersion || shift.Post != swap.ByPost) return false;
        if (swap.ForShift is not null && (theirs is null || theirs.Version != swap.ForVersion || theirs.Post != swap.WithPost)) return false;
        if (roster.FindPost(swap.ByPost) is not { } by || await UnfitAsync(db, shift, by, theirs, post, now, ct)) return false;
        var before = shift.Before();
        shift.Post = swap.WithPost;
        shift.Touch(now);
        db.Note(who, now, "swapped", post, DutyUnit.Of(post), shift, detail: $"swap:{swap.Id} {before}");
        if (theirs is null) return true;
        before = theirs.Before();
        theirs.Post = swap.ByPost;
        theirs.Touch(now);
        db.Note(who, now, "swapped", by, DutyUnit.Of(by), theirs, detail: $"swap:{swap.Id} {before}");
        return true;
    }

    /// <summary>Whether the swap is impossible: different units, a post that may not cover the unit, a shift that has begun, or an overlap.</summary>
    private static async Task<bool> UnfitAsync(DispatchDb db, ShiftRow shift, Post own, ShiftRow? theirs, Post other, DateTimeOffset now, CancellationToken ct)
    {
        if (DutyUnit.Of(own) != DutyUnit.Of(other) || DutyUnit.Mans(own) != DutyUnit.Mans(other) || shift.Until is null || shift.From <= now) return true;
        if (theirs is not null && (theirs.Until is null || theirs.From <= now)) return true;
        long[] moving = theirs is null ? [shift.Id] : [shift.Id, theirs.Id];
        return await db.OverlapAsync(other.Id.Value, shift.From, shift.Until.Value, ct, moving) is not null
            || (theirs is not null && await db.OverlapAsync(own.Id.Value, theirs.From, theirs.Until!.Value, ct, moving) is not null);
    }

    private static Task<ShiftRow?> ShiftAsync(DispatchDb db, long? id, CancellationToken ct) => db.Shifts.FirstOrDefaultAsync(s => s.Id == id && s.State != ShiftRow.Off, ct);

    private static async Task<SwapView> ViewAsync(DispatchDb db, SwapRow swap, Staff who, CancellationToken ct)
    {
        var shift = await db.Shifts.AsNoTracking().FirstOrDefaultAsync(s => s.Id == swap.Shift, ct);
        var theirs = swap.ForShift is null ? null : await db.Shifts.AsNoTracking().FirstOrDefaultAsync(s => s.Id == swap.ForShift, ct);
        return new SwapView(swap.Id, swap.State, who.Posts.Any(p => p.Id.Value == swap.ByPost), swap.ByPost, swap.WithPost, shift?.View(), theirs?.View());
    }
}
