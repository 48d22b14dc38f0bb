using System.Collections.Concurrent;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>Who serves a grid and what was recently solved there, for the public: kinds of posts and categories, no person.</summary>
/// <param name="Posts">The kinds of posts in the grid's team, with how many there are and how many are on duty now.</param>
/// <param name="SolvedCount">Cases solved in the last <see cref="StationQueries.SolvedDays"/> days, at most <see cref="StationQueries.SolvedLooked"/>.</param>
public sealed record StationNews(IReadOnlyList<(string Kind, int Count, int OnDuty)> Posts, int SolvedCount, IReadOnlyList<(string Category, DateTimeOffset At)> Solved);

/// <summary>What a station's page says about its grid. The page is public, so an answer is reused for a minute.</summary>
public sealed class StationQueries(Database database, Roster roster, StreetBook streets, TimeProvider time)
{
    public const int SolvedDays = 30;

    /// <summary>Cases examined, and the newest of them that are listed.</summary>
    public const int SolvedLooked = 200, SolvedShown = 5;

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    /// <summary>Bounded: one entry per grid of the street.</summary>
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, StationNews News)> _known = [];

    /// <param name="isOfPlace">Whether a category concerns a place: what happens to persons is nobody else's business.</param>
    public async Task<StationNews> OfAsync(string grid, Func<string, bool> isOfPlace, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(grid, out var known) && now - known.At < GoodFor) return known.News;
        await using var db = database.Context();
        var team = streets.Map.Teams.FirstOrDefault(t => t.Grids.Any(g => g.Value == grid))?.Code.Value;
        var posts = team is null ? [] : await db.Posts.AsNoTracking().Where(p => p.Team == team && p.RetiredAt == null).ToListAsync(ct);
        var onDuty = roster.At(now);
        var since = now.AddDays(-SolvedDays);
        var closed = await Sight.OfTheEngine.CasesIn(db).Where(c => c.Grid == grid && c.State == "closed" && c.OpenedAt >= since)
            .OrderByDescending(c => c.OpenedAt).Take(SolvedLooked).Select(c => c.Body).ToListAsync(ct);
        var solved = closed.Select(CallJson.Read)
            .Where(c => !c.Drill && c.Recusal == Recusal.None && isOfPlace(c.Category)) // recused people read this page too
            .Select(c => (c.Category, At: c.Answers.Where(a => a.Kind == AnswerKind.Resolve).Max(a => a.Met?.At)))
            .Where(c => c.At is not null).Select(c => (c.Category, At: c.At!.Value)).OrderByDescending(c => c.At).ToList();
        var news = new StationNews(
            [.. posts.GroupBy(p => p.Kind).Select(g => (g.Key, g.Count(), g.Count(p => onDuty.Contains(new PostId(p.Id))))).OrderBy(g => g.Key, StringComparer.Ordinal)],
            solved.Count, [.. solved.Take(SolvedShown)]);
        _known[grid] = (now, news);
        return news;
    }
}
