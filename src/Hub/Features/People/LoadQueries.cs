using System.Collections.Frozen;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>How many cases each post and team has accepted (接单) within <see cref="LoadQueries.Span"/>.</summary>
/// <param name="At">When it was counted.</param>
public sealed record TakenCases(DateTimeOffset At, FrozenDictionary<PostId, int> ByPost, FrozenDictionary<TeamCode, int> ByTeam)
{
    public int Of(TeamCode team) => ByTeam.GetValueOrDefault(team);

    public int Of(PostId post) => ByPost.GetValueOrDefault(post);
}

/// <summary>Reads the open cases of teams and how many they have accepted.</summary>
public sealed class LoadQueries(Database database, Roster roster, TimeProvider time) : IDisposable
{
    /// <summary>The period over which accepted cases are counted.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(30);

    /// <summary>The maximum age of a count, which scans every case accepted in 30 days.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    /// <summary>The maximum of accepted cases to weigh: the nearest breaches.</summary>
    public const int MaxInHand = 5_000;

    private readonly SemaphoreSlim _counting = new(1, 1);
    private volatile TakenCases? _taken;

    /// <summary>The cases that teams have accepted or are called to.</summary>
    public async Task<List<WhistleCall>> InHandAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var bodies = await Sight.OfTheEngine.CasesIn(db).Where(c => c.IsOpen && (c.State == "ringing" || c.State == "accepted" || c.State == "onScene"))
            .OrderBy(c => c.BreachAt).ThenBy(c => c.OpenedAt).Take(MaxInHand).Select(c => c.Body).ToListAsync(ct);
        return bodies.ConvertAll(CallJson.Read);
    }

    /// <summary>Cases accepted within 30 days, counted at most <see cref="MaxAge"/> ago. Posts that no longer exist are not counted.</summary>
    public async Task<TakenCases> TakenAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_taken is { } known && now - known.At < MaxAge) return known;
        await _counting.WaitAsync(ct); // waiters find the count done
        try
        {
            if (_taken is { } since && now - since.At < MaxAge) return since;
            await using var db = database.Context();
            var from = now - Span;
            var rows = await Sight.OfTheEngine.EntriesIn(db).Where(j => j.What == "accepted" && j.At >= from).GroupBy(j => j.ByPost).Select(g => new { Post = g.Key, Count = g.Count() }).ToListAsync(ct);
            var posts = rows.Select(r => (Post: roster.FindPost(r.Post), r.Count)).Where(r => r.Post is not null).ToList();
            return _taken = new TakenCases(
                now, posts.ToFrozenDictionary(p => p.Post!.Id, p => p.Count),
                posts.Where(p => p.Post!.Team is not null).GroupBy(p => p.Post!.Team!.Value).ToFrozenDictionary(g => g.Key, g => g.Sum(p => p.Count)));
        }
        finally
        {
            _counting.Release();
        }
    }

    public void Dispose() => _counting.Dispose();
}
