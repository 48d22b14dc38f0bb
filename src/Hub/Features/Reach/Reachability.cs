using System.Collections.Frozen;
using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>
/// Which on-duty posts can be reached (可联系): through an open page, on a phone that rings while it is locked, or by their own phone number over a working channel. A post that could not
/// be for three minutes is unreachable (失联): it is shown, reported to its team and, if the street so decides, no longer counts when a tier
/// is checked. Every node checks for itself and assumes reachable if it cannot know.
/// </summary>
public sealed class Reachability(Presence presence, Roster roster, Outbox outbox, PushPhones phones, DispatchOptions options, TimeProvider time, ILogger<Reachability> log) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long a post must be unreachable to count as such.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>After a pause this long between two checks (the process was suspended), all timers restart.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _looking = new(1, 1);
    private Dictionary<PostId, DateTimeOffset> _missedSince = [];
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;
    private FrozenSet<PostId> _told = [];
    private volatile FrozenDictionary<PostId, DateTimeOffset> _unreachable = FrozenDictionary<PostId, DateTimeOffset>.Empty;

    private volatile IReadOnlyList<FailingChannel> _failing = [];

    /// <summary>Unreachable posts, and since when.</summary>
    public IReadOnlyDictionary<PostId, DateTimeOffset> Unreachable => _unreachable;

    /// <summary>Checks who can be reached now.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await _looking.WaitAsync(ct);
        try
        {
            var now = time.GetUtcNow();
            var (here, numbers, pushed, onDuty) = (presence.Perhaps, await outbox.ReachableByNumberAsync(ct), await phones.PostsAsync(ct), roster.At(now).Posts);
            _failing = await outbox.FailingAsync(ct);
            var before = now - _lookedAt > LongestPause ? [] : _missedSince;
            _missedSince = onDuty.Where(p => OwesAnswers(p) && !here.Contains(p.Id) && !numbers.Contains(p.Id) && !pushed.Contains(p.Id)).ToDictionary(p => p.Id, p => before.GetValueOrDefault(p.Id, now));
            _lookedAt = now;
            var unreachable = _missedSince.Where(m => now - m.Value >= Patience).ToFrozenDictionary();
            if (unreachable.Count != _unreachable.Count || !unreachable.Keys.All(_unreachable.ContainsKey))
            {
                _unreachable = unreachable;
                roster.Unreached = unreachable.Keys.ToFrozenSet();
                if (options.UnreachableIsAbsent) roster.Absent = unreachable.Keys.ToFrozenSet();
            }

            var told = await outbox.TellUnreachableAsync([.. onDuty.Where(p => unreachable.ContainsKey(p.Id) && !_told.Contains(p.Id))], ct);
            _told = [.. _told.Where(unreachable.ContainsKey), .. told];
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>What a requester may see: the street everything, a community or a team member their own.</summary>
    public PresenceView ViewFor(Staff who)
    {
        var now = time.GetUtcNow();
        var (online, unreachable) = (presence.Now, _unreachable);
        var posts = roster.At(now).Posts.Where(p => MaySee(who, p)).OrderBy(p => p.Id.Value, StringComparer.Ordinal).ToList();
        return new PresenceView(
            now,
            [.. posts.Where(p => online.Contains(p.Id)).Select(p => p.Id.Value)],
            [.. posts.Where(OwesAnswers).GroupBy(PlaceOf).OrderBy(g => g.Key).Select(g => new PlacePresence(
                g.Key.Kind, g.Key.Code, g.Count(), g.Count(p => online.Contains(p.Id)), g.Count(p => !unreachable.ContainsKey(p.Id))))],
            [.. posts.Where(p => unreachable.ContainsKey(p.Id)).OrderBy(p => unreachable[p.Id]).Select(p => new UnreachablePost(
                p.Id.Value, Names.Camel(p.Kind), p.Team?.Value, p.Community?.Value, unreachable[p.Id]))],
            who.Role is Role.Duty or Role.Leader or Role.Community or Role.Admin ? _failing : []);
    }

    public override void Dispose()
    {
        _looking.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException or DbUpdateException)
            {
                HubLog.LookFailed(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>楼长 are volunteers and the leader owes no answer, so nobody waits for them.</summary>
    private static bool OwesAnswers(Post post) => post.MayAcceptForTeam || post.Kind is PostKind.CommunityDesk or PostKind.StreetDesk;

    private static (string Kind, string Code) PlaceOf(Post post) => post.Kind switch
    {
        PostKind.StreetDesk => (Names.Camel(PostKind.StreetDesk), string.Empty),
        PostKind.CommunityDesk => (Names.Camel(PostKind.CommunityDesk), post.Community?.Value ?? string.Empty),
        _ => ("team", post.Team?.Value ?? string.Empty),
    };

    private static bool MaySee(Staff who, Post post) => who.Role switch
    {
        Role.Community => post.Community == who.Post?.Community,
        Role.Member => who.Posts.Any(own => own.Team == post.Team),
        _ => true,
    };
}
