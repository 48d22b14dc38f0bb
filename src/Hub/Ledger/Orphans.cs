using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Who and what would hang on places, teams, categories, parties or standards that a new map, policy or table no longer has: people, their shifts, open cases, channels. Each kind is one
/// sentence that names them. What hangs already does not count. The other imports take nothing away: accounts and shifts are only added, and a case keeps the holidays that it began with.
/// </summary>
public static class Orphans
{
    /// <summary>Named at most in one sentence; it says how many there are.</summary>
    private const int Named = 20;

    public static async Task<IReadOnlyList<Outcome>> OfMapAsync(Database database, StreetMap before, StreetMap after, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = database.Context();
        var told = new List<Outcome>();
        bool IsIn(StreetMap map, PostRow post) => (post.Community is not { } c || map.FindCommunity(c) is not null) && (post.Grid is not { } g || map.FindGrid(g) is not null)
            && (post.Team is not { } t || (map.FindTeam(t) is { } team && (post.Community is null || team.Community.Value == post.Community) && (post.Grid is not { } own || team.Grids.Contains(new GridCode(own)))));
        var posts = (await db.Posts.AsNoTracking().Where(p => p.RetiredAt == null).ToListAsync(ct)).Where(p => IsIn(before, p) && !IsIn(after, p)).ToList();
        var ids = posts.ConvertAll(p => p.Id);
        var names = (await db.Users.AsNoTracking().Where(u => u.Post != null && u.UserName != null && u.PasswordHash != null).Select(u => new { u.Post, u.UserName }).ToListAsync(ct)).ToLookup(u => u.Post!, u => u.UserName!);
        Tell(told, "orphan_posts", [.. posts.Select(p => names[p.Id].FirstOrDefault() ?? p.Id).Order(StringComparer.Ordinal)]);
        var shifts = await db.Shifts.AsNoTracking().Where(s => ids.Contains(s.Post) && (s.Until == null || s.Until > now)).Select(s => s.Post).Distinct().ToListAsync(ct);
        Tell(told, "orphan_shifts", [.. shifts.Select(p => names[p].FirstOrDefault() ?? p).Order(StringComparer.Ordinal)]);
        bool Has(StreetMap map, CallCard card) => map.FindGrid(card.Grid) is not null && map.FindCommunity(card.Community) is not null && card.Teams.All(t => map.FindTeam(t) is not null);
        Tell(told, "orphan_cases", [.. (await OpenAsync(db, ct)).Where(c => Has(before, c) && !Has(after, c)).Select(c => c.CallNo)]);
        bool Knows(StreetMap map, MatterRow matter) => (matter.Community.Length == 0 || map.FindCommunity(matter.Community) is not null) && (matter.Grid is not { } grid || map.FindGrid(grid) is not null);
        Tell(told, "orphan_matters", [.. (await db.Matters.AsNoTracking().Where(m => m.IsOpen).ToListAsync(ct)).Where(m => Knows(before, m) && !Knows(after, m)).Select(m => m.No).Order(StringComparer.Ordinal)]);
        var (stood, stands) = (new RegisterMap(Kinds.None, [], before), new RegisterMap(Kinds.None, [], after)); // the places of the map alone
        var entries = (await db.Entries.AsNoTracking().Where(e => e.Latest).Select(e => new { e.Code, e.Kind, e.Place, e.Data }).ToListAsync(ct)).Select(e => RegisterJson.Read(e.Code, e.Kind, e.Place, e.Data));
        Tell(told, "orphan_entries", [.. entries.Where(e => !(e.Until <= now) && e.Ties.Select(t => t.Place).Append(e.Place).Any(p => stood.IsPlace(p) && !stands.IsPlace(p))).Select(e => e.Code).Order(StringComparer.Ordinal)]);
        bool Reaches(StreetMap map, string address) => (Address.TeamOf(address) is not { } t || map.FindTeam(t) is not null) && (Address.CommunityOf(address) is not { } c || map.FindCommunity(c) is not null);
        Tell(told, "orphan_channels", await ChannelsAsync(db, address => Reaches(before, address) && !Reaches(after, address), ct));
        return told;
    }

    public static async Task<IReadOnlyList<Outcome>> OfPolicyAsync(Database database, Policy before, Policy after, CancellationToken ct)
    {
        await using var db = database.Context();
        var told = new List<Outcome>();
        bool IsGone(string category) => before.FindCategory(category) is not null && after.FindCategory(category) is null;
        var open = await OpenAsync(db, ct);
        Tell(told, "orphan_categories", [.. open.Where(c => IsGone(c.Category)).Select(c => $"{c.CallNo} ({c.Category})")]);
        bool Left(string? party) => party is not null && before.FindParty(party) is not null && after.FindParty(party) is null;
        Tell(told, "orphan_parties", [.. open.SelectMany(c => c.Answers.Where(a => !a.Met && Left(a.Party)).Select(a => $"{c.CallNo} ({a.Party})"))]);
        Tell(told, "orphan_channels", await ChannelsAsync(db, address => Address.PartyOf(address) is { } party && Left(party), ct));
        return told;
    }

    /// <summary>What a table of standards takes away: lines that open cases go by, or that read otherwise under their old key, and categories that lines were mapped to by hand.</summary>
    public static async Task<IReadOnlyList<Outcome>> OfStandardsAsync(Database database, IReadOnlyList<StandardView> before, IReadOnlyList<Standard> after, CancellationToken ct)
    {
        await using var db = database.Context();
        var (told, lines) = (new List<Outcome>(), after.ToDictionary(s => s.Key));
        bool IsKept(StandardView line) => lines.TryGetValue(line.Key, out var now) && (now.ClassName, now.ItemName, now.Filing) == (line.ClassName, line.ItemName, line.Condition);
        var gone = before.Where(line => !IsKept(line)).Select(line => line.Key).ToHashSet();
        var bodies = gone.Count == 0 ? [] : await db.Calls.AsNoTracking().Where(c => c.IsOpen).OrderBy(c => c.No).Select(c => c.Body).ToListAsync(ct);
        Tell(told, "orphan_standards", [.. bodies.Select(CallJson.Read).Where(c => c.Standard is { } standard && gone.Contains(standard.Key)).Select(c => $"{c.No} ({c.Standard!.Key})")]);
        Tell(told, "orphan_mappings", [.. before.Where(line => line.Category is not null && (!IsKept(line) || lines[line.Key].Category != line.Category)).Select(line => $"{line.Key} ({line.Category})")]);
        return told;
    }

    private static void Tell(List<Outcome> told, string code, IReadOnlyList<string> them)
    {
        if (them.Count == 0) return;
        var (count, list) = (them.Count.ToString(CultureInfo.InvariantCulture), string.Join(' ', them.Take(Named)) + (them.Count > Named ? " …" : string.Empty));
        told.Add(Outcome.Of(code, (count, count), (list, list)));
    }

    private static async Task<List<CallCard>> OpenAsync(DispatchDb db, CancellationToken ct) =>
        [.. (await db.Calls.AsNoTracking().Where(c => c.IsOpen).OrderBy(c => c.No).Select(c => c.Card).ToListAsync(ct)).Select(card => JsonSerializer.Deserialize(card, ContractsJson.Default.CallCard)!)];

    private static async Task<IReadOnlyList<string>> ChannelsAsync(DispatchDb db, Func<string, bool> isLost, CancellationToken ct) =>
        [.. (await db.Channels.AsNoTracking().OrderBy(c => c.Code).Select(c => new { c.Code, c.Settings }).ToListAsync(ct))
            .Where(c => JsonSerializer.Deserialize(c.Settings, ReachJson.Default.ChannelSettings)!.Addresses.Any(isLost)).Select(c => c.Code)];
}
