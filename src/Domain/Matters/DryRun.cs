using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Matters;

/// <summary>Who is asked for one answer.</summary>
/// <param name="Ask">The key of the ask.</param>
/// <param name="Respondent">As <see cref="Duty.Respondent"/> writes it.</param>
/// <param name="Posts">How many posts could answer as this respondent, on duty or not; null for somebody outside.</param>
public sealed record DryAsked(string Ask, string Respondent, int? Posts);

/// <summary>A stage that the dry run went through, and how it left it.</summary>
/// <param name="Cancelled">The matter had been cancelled: whatever the outcome, it ends.</param>
/// <param name="Due">When the stage would be due; null without a limit.</param>
/// <param name="Asked">Empty if there was nothing to ask: no item to give back, no children to wait for.</param>
/// <param name="Skipped">Roles in which nobody could be asked, as <c>ask/role</c>.</param>
/// <param name="Outcome">Null: the dry run could not leave the stage, because nobody could answer.</param>
/// <param name="Next">The next stage, or <see cref="Path.End"/>; null without an outcome.</param>
public sealed record DryRow(string Stage, int Round, bool Cancelled, DateTimeOffset? Due, ImmutableArray<DryAsked> Asked, ImmutableArray<string> Skipped, string? Outcome, string? Next);

/// <summary>What a dry run has found.</summary>
/// <param name="Starter">The post that opened the matters; null if none at the place could.</param>
/// <param name="Rows">Every outcome of every stage once, as far as it could be brought about: the shortest ways first.</param>
/// <param name="Unreached">The stages that it did not come to.</param>
/// <param name="Missed">The outcomes that it could not bring about in the stages it came to, as <c>stage/outcome</c>.</param>
public sealed record DryReport(PostId? Starter, ImmutableArray<DryRow> Rows, ImmutableArray<string> Unreached, ImmutableArray<string> Missed);

/// <summary>
/// 试运行: follows a procedure at a place through every outcome of every stage. It opens a matter and has those who are asked answer at once, or lets the clock
/// run out; what happens then is decided by <see cref="Proceedings"/>. Pure: nothing is stored and nobody is called.
/// </summary>
public static class DryRun
{
    /// <summary>The most stages from which it looks for new ways.</summary>
    public const int MaxVisits = 2_000;

    /// <param name="world">The posts, and those of them that are on duty and answer; now is the opening.</param>
    /// <param name="community">For a procedure at a grid or a community.</param>
    /// <param name="grid">For a procedure at a grid.</param>
    public static DryReport Of(MatterWorld world, CommunityCode? community, GridCode? grid)
    {
        var stages = world.Procedure.Stages;
        if (StarterAt(world, community, grid) is not { } starter) return new DryReport(null, [], [.. stages.Select(s => s.Key)], []);
        var walk = new DryWalk(starter);
        walk.Open(new Opening(new CallNo("DRY"), starter, community, grid, Origin.Staff), world);
        for (var visits = 0; visits < MaxVisits && walk.Next() is { } visit; visits++) walk.LeadOn(visit);
        var rows = walk.Rows();
        var reached = rows.Select(r => r.Stage).ToHashSet();
        var taken = rows.Select(r => (r.Stage, r.Outcome)).ToHashSet();
        return new DryReport(
            starter.Id, rows, [.. stages.Select(s => s.Key).Where(key => !reached.Contains(key))],
            [.. stages.Where(s => reached.Contains(s.Key)).SelectMany(s => s.Next.Keys.Where(outcome => !taken.Contains((s.Key, outcome))).Select(outcome => $"{s.Key}/{outcome}"))]);
    }

    /// <summary>A post on duty that may open the matter: of this grid, else of this community, else of the street.</summary>
    private static Post? StarterAt(MatterWorld world, CommunityCode? community, GridCode? grid) => world.Held
        .Where(p => world.Procedure.Starters.Contains(p.Kind) && world.OnDuty.Contains(p.Id) && (p.Community is null || community is null || p.Community == community))
        .OrderByDescending(p => grid is not null && p.Grid == grid).ThenByDescending(p => p.Community is not null).ThenBy(p => p.Id.Value, StringComparer.Ordinal).FirstOrDefault();
}
