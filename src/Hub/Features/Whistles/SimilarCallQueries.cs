using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>An open case, reduced to where, what category, how far along and since when: its words may name a person, and stay out.</summary>
public sealed record NearCall(string CallNo, string Grid, string? Station, string Category, string State, DateTimeOffset OpenedAt);

/// <summary>Suggests open cases that may be about the same thing; a person decides to merge.</summary>
public sealed class SimilarCallQueries(Database database, StaffSight staff)
{
    /// <summary>Whistles further apart in time are not suggested.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(48);

    /// <summary>At most this many suggestions, the most similar first.</summary>
    public const int Limit = 10;

    /// <summary>Anything less similar is not shown.</summary>
    public const double Least = 0.45;

    /// <summary>Cases compared: the newest of the community.</summary>
    private const int Looked = 500;

    public async Task<Outcome<List<SimilarCall>>> OfAsync(Staff who, string callNo, CancellationToken ct)
    {
        var found = await staff.CaseAsync(who, callNo, ct);
        if (found.Value is not { } call) return new(found);
        var sight = Sight.Of(who.Post!);
        await using var db = database.Context();
        var (from, to) = (call.OpenedAt - Window, call.OpenedAt + Window);
        var others = await sight.CasesIn(db)
            .Where(c => c.IsOpen && c.Community == call.Community.Value && c.No != callNo && c.OpenedAt >= from && c.OpenedAt <= to)
            .OrderByDescending(c => c.OpenedAt).Take(Looked).Select(c => c.Body).ToListAsync(ct);
        var candidates = others.Select(CallJson.Read).Where(sight.Covers).ToList();
        var numbers = candidates.Select(c => c.No.Value).Append(callNo).ToList();
        var words = (await db.Words.Where(w => w.Kind == "description" && numbers.Contains(w.CallNo)).ReadAsync(db, ct)).ToDictionary(w => w.CallNo, w => w.Words);
        var mine = Pairs(words.GetValueOrDefault(callNo));
        return candidates.Select(c => (Call: c, Score: Likeness(call, c, mine, Pairs(words.GetValueOrDefault(c.No.Value)))))
            .Where(c => c.Score >= Least).OrderByDescending(c => c.Score).ThenBy(c => c.Call.No.Value, StringComparer.Ordinal).Take(Limit)
            .Select(c => new SimilarCall(c.Call.No.Value, c.Call.Category, c.Call.Level.ToString(), c.Call.Grid.Value, Names.Of(c.Call.State), c.Call.OpenedAt, Math.Round(c.Score, 2))).ToList();
    }

    /// <summary>Before another whistle is blown in a grid: open cases examined, and cases shown per category.</summary>
    private const int NearLooked = 60, NearShown = 5;

    /// <summary>
    /// The open cases of a grid, for someone about to blow a whistle there: 我也遇到. Public, so without text or persons; no cases from which
    /// someone is recused, no drills, and none already resolved. At most five per category, newest first.
    /// </summary>
    /// <param name="who">An officer recording a whistle sees only those that the officer's post may see.</param>
    public async Task<List<NearCall>> NearAsync(string grid, CancellationToken ct, Staff? who = null)
    {
        await using var db = database.Context();
        var bodies = await Sight.OfTheEngine.CasesIn(db).Where(c => c.IsOpen && c.Grid == grid).OrderByDescending(c => c.OpenedAt).Take(NearLooked).Select(c => c.Body).ToListAsync(ct);
        return [.. bodies.Select(CallJson.Read)
            .Where(c => Sight.IsShownToAll(c) && (who?.Post is not { } post || Sight.Of(post).Covers(c)))
            .GroupBy(c => c.Category).SelectMany(ofOne => ofOne.Take(NearShown))
            .Select(c => new NearCall(c.No.Value, c.Grid.Value, c.Station?.Value, c.Category, Names.Of(c.State), c.OpenedAt))];
    }

    /// <summary>Place 0.3, category 0.3, closeness in time 0.2, similarity of the text 0.2 (shared character pairs, because Chinese has no spaces).</summary>
    internal static double Likeness(WhistleCall a, WhistleCall b, HashSet<string> wordsOfA, HashSet<string> wordsOfB)
    {
        var place = a.Grid == b.Grid ? (a.Station is not null && a.Station == b.Station ? 1.0 : 0.8) : 0;
        var category = a.Category == b.Category ? 1.0 : 0;
        var time = Math.Max(0, 1 - ((a.OpenedAt - b.OpenedAt).Duration() / Window));
        var either = wordsOfA.Union(wordsOfB).Count();
        var words = either == 0 ? 0 : (double)wordsOfA.Intersect(wordsOfB).Count() / either;
        return (0.3 * place) + (0.3 * category) + (0.2 * time) + (0.2 * words);
    }

    internal static HashSet<string> Pairs(string? text)
    {
        var letters = string.Concat((text ?? string.Empty).Where(char.IsLetterOrDigit));
        return [.. Enumerable.Range(0, Math.Max(0, letters.Length - 1)).Select(i => letters.Substring(i, 2))];
    }
}
