using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// What one shift of a desk or team passes to the next: lives at stake, late cases, decisions, surges, from the board as the asker sees it. Who takes over or leaves
/// ticks the items; what was ticked and what was left is a line of the roster's journal.
/// </summary>
public sealed class HandOverList(Database database, SnapshotQueries snapshots, PolicyBook policies, Roster roster, TimeProvider time)
{
    public const string TookOver = "tookOver", HandedOver = "handedOver";

    /// <summary>Cases of one kind that are ticked one by one; the others are one item.</summary>
    public const int Each = 12;

    /// <summary>The most keys in a request, and their length.</summary>
    public const int MostKeys = 200, KeyLimit = 64;

    private const string Rest = "rest", Ticked = "ticked:", Left = "left:";

    private static readonly string[] Kinds = ["urgent", "late", "decision", "flood"];

    public async Task<HandOverView> AskAsync(Staff who, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var items = await ItemsAsync(who, now, ct);
        await using var db = database.Context();
        var unit = who.Post is { } post ? DutyUnit.Of(post).Value : string.Empty;
        var last = await db.RosterJournal.AsNoTracking().Where(l => l.Unit == unit && (l.What == TookOver || l.What == HandedOver)).OrderByDescending(l => l.Id).FirstOrDefaultAsync(ct);
        return new HandOverView(now, items, last is null ? null : new HandOverLine(
            last.At, last.What, roster.FindPost(last.ByPost) is { } by ? Names.Camel(by.Kind) : string.Empty, Count(last.Detail, Ticked), Count(last.Detail, Left)));
    }

    /// <summary>Keeps what was ticked by whoever takes over or leaves, and what was not.</summary>
    public async Task<Outcome> KeepAsync(Staff who, string what, IReadOnlyList<string>? ticked, CancellationToken ct)
    {
        if (who.Post is not { } post || !Access.May(who, what == TookOver ? PeopleRights.HandOverPage : PeopleRights.Duty)) return Outcome.Of(Codes.Forbidden);
        if (ticked is null || ticked.Count > MostKeys || ticked.Any(key => !IsKey(key))) return Outcome.Bad("handover_items");
        var now = Rostering.Whole(time.GetUtcNow());
        var left = (await ItemsAsync(who, now, ct)).Select(item => item.Key).Except(ticked);
        var detail = string.Join(' ', ticked.Distinct().Select(key => Ticked + key).Concat(left.Select(key => Left + key)));
        return await roster.EditAsync<Outcome>(db =>
        {
            db.Note(who, now, what, post, DutyUnit.Of(post), detail: detail);
            return Task.FromResult(Outcome.Of(Codes.Ok));
        }, ct);
    }

    /// <summary>A line's detail for everybody but the auditor: how many items, not which cases.</summary>
    public static string DetailOf(string what, string detail) => what is TookOver or HandedOver ? $"{Ticked}{Count(detail, Ticked)} {Left}{Count(detail, Left)}" : detail;

    private async Task<List<HandOverItem>> ItemsAsync(Staff who, DateTimeOffset now, CancellationToken ct)
    {
        // A member of a team has no board of their own: what their phone is sent.
        var cards = who.Post is { Team: not null } member ? (await snapshots.ReadAsync(member, ct)).Cards : (await snapshots.ReadBoardAsync(Sight.Of(who), SnapshotQueries.Limit, ct)).Cards;
        var open = cards.Select(card => JsonSerializer.Deserialize(card, ContractsJson.Default.CallCard)!).Where(c => !c.Flags.Contains(CallFlags.Drill)).ToList();
        var urgent = open.Where(c => (c.Level == "S1" || c.Flags.Contains(CallFlags.Danger)) && c.State is CallStates.Ringing or CallStates.Accepted or CallStates.OnScene).ToList();
        var late = open.Except(urgent).Where(c => c.Answers.Any(a => a is { Met: false, Released: not true } && (a.Breached || a.Due < now)) && c.SuspendedUntil is null).ToList();
        var policy = policies.Current.Latest;
        var since = now - policy.SurgeWithin;
        var floods = open.Where(c => c.OpenedAt >= since).GroupBy(c => (c.Community, c.Category)).Where(g => g.Count() >= policy.SurgeCases)
            .Select(g => new HandOverItem($"flood:{g.Key.Category}@{g.Key.Community}", "flood", null, g.Key.Category, g.Key.Community, null, g.Count()));
        return [.. Items("urgent", urgent), .. Items("late", late), .. Items("decision", open.Where(c => c.Petitions is { Count: > 0 })), .. floods];
    }

    private static IEnumerable<HandOverItem> Items(string kind, IEnumerable<CallCard> cases)
    {
        var ordered = cases.OrderBy(c => c.BreachAt ?? DateTimeOffset.MaxValue).ThenBy(c => c.CallNo, StringComparer.Ordinal).ToList();
        foreach (var card in ordered.Take(Each)) yield return new HandOverItem($"{kind}:{card.CallNo}", kind, card.CallNo, card.Category, card.Community, card.Grid, 1);
        if (ordered.Count > Each) yield return new HandOverItem($"{kind}:{Rest}", kind, null, null, null, null, ordered.Count - Each);
    }

    /// <summary>Codes alone: no words get into the journal.</summary>
    private static bool IsKey(string? key) =>
        key is { Length: <= KeyLimit } && key.Split(':') is [var kind, { Length: > 0 } of] && Kinds.Contains(kind) && of.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '_');

    private static int Count(string detail, string mark) => detail.Split(' ').Count(word => word.StartsWith(mark, StringComparison.Ordinal));
}
