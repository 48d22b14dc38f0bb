using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Security.Cryptography;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>
/// The table of outgoing messages. A turn is one short transaction on one node at a time: it records the results of
/// the last attempts, collapses a storm into one message with a count, expands a message for a place into one per on-duty post, and leases
/// the next ones. A lease that is never settled (a node died) is leased again with the same idempotency key once it expires.
/// </summary>
public sealed class Outbox(Database database, ReachBook book, Roster roster, OutboxMeters meters, TimeProvider time, ILogger<Outbox> log)
{
    public const string Digest = "digest";
    public const string Test = "test";

    /// <summary>The maximum of concurrent messages per node.</summary>
    public const int Slots = 64;

    /// <summary>The maximum of those on one channel, so a hanging channel leaves room for the others.</summary>
    public const int SlotsPerChannel = 16;

    /// <summary>The number of attempts until a message is dead.</summary>
    public const int MostAttempts = 10;

    /// <summary>The maximum of rows per channel that one turn expands or gives up.</summary>
    public const int Bite = 200;

    public static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long receivers must remember a key: after this, nothing is sent under it, and nothing is sent automatically.
    /// </summary>
    public static readonly TimeSpan KeyWindow = TimeSpan.FromHours(24);

    /// <summary>The margin beyond a channel's time-out before another node may take the message.</summary>
    public static readonly TimeSpan LeaseGrace = TimeSpan.FromSeconds(10);

    /// <summary>A post that comes and goes is reported once in this time.</summary>
    public static readonly TimeSpan UnreachableAgain = TimeSpan.FromMinutes(30);

    public static readonly TimeSpan KeepDone = TimeSpan.FromDays(30);
    public static readonly TimeSpan KeepDead = TimeSpan.FromDays(90);

    /// <summary>What a turn has leased, and whether another turn would find more to do.</summary>
    internal sealed record Turn(Plan? Plan, IReadOnlyList<OutboxRow> Lent, bool More);

    private sealed record Storm(string Address, int Messages);

    /// <summary>Performs a turn.</summary>
    internal Task<Turn> TurnAsync(IReadOnlyList<Attempt> settled, IReadOnlyDictionary<string, int> underWay, CancellationToken ct) => database.WriteAsideAsync(async db =>
    {
        foreach (var attempt in settled) await SettleAsync(db, attempt, ct);
        var (lent, more) = (new List<OutboxRow>(), false);
        if (book.Plan is not { } plan) return new Turn(null, lent, more);
        var now = time.GetUtcNow();
        var due = await db.Database.SqlQuery<string>($"SELECT DISTINCT channel AS \"Value\" FROM outbox WHERE state = 'waiting' AND next_at <= {Ms(now)} AND lease_until < {Ms(now)}").ToListAsync(ct);
        var free = Slots - underWay.Values.Sum();
        foreach (var code in due.Order(StringComparer.Ordinal))
        {
            if (!plan.Channels.TryGetValue(code, out var channel))
            {
                more |= await GiveUpAsync(db, code, "channel_gone", DateTimeOffset.MaxValue, now, ct);
                continue;
            }

            more |= await GiveUpAsync(db, code, "too_old", now - KeyWindow, now, ct);
            if (!channel.Settings.Enabled) continue;
            if (channel.IsPersonal) more |= await ExpandAsync(db, channel, now, ct);
            more |= await CollapseAsync(db, channel, now, ct);
            var taken = await LendAsync(db, channel, Math.Min(free, SlotsPerChannel - underWay.GetValueOrDefault(code)), now, ct);
            lent.AddRange(taken);
            free -= taken.Count;
        }

        return new Turn(plan, lent, more);
    }, ct);

    /// <summary>Releases the leases of a dead process: with a single process, its successor need not wait for them.</summary>
    internal Task<int> ForgetLeasesAsync(CancellationToken ct) => database.WriteAsideAsync(
        db => db.Database.ExecuteSqlAsync($"UPDATE outbox SET lease_until = 0 WHERE state = 'waiting' AND lease_until > 0", ct), ct);

    /// <summary>Deletes old finished messages in bounded batches; returns whether there are more.</summary>
    internal async Task<bool> ForgetAsync(CancellationToken ct)
    {
        var (done, dead) = (Ms(time.GetUtcNow() - KeepDone), Ms(time.GetUtcNow() - KeepDead));
        return await database.WriteAsideAsync(
            db => db.Database.ExecuteSqlAsync(
                $"DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state <> 'waiting' AND done_at < CASE WHEN state = 'dead' THEN {dead} ELSE {done} END LIMIT {Bite})", ct), ct) == Bite;
    }

    /// <summary>Notifies the teams and desks of posts that have become unreachable; each post once in a while, whichever node notices. Returns the posts for which someone can be notified.</summary>
    internal async Task<IReadOnlyCollection<PostId>> TellUnreachableAsync(IReadOnlyCollection<Post> posts, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (book.Plan is not { } plan || posts.Count == 0) return [];
        var notices = posts.Select(p => (Post: p.Id, Of: plan.OfUnreachable(p, now).ToList())).Where(n => n.Of.Count > 0).ToList();
        if (notices.Count == 0) return [];
        var told = await database.WriteAsideAsync(async db =>
        {
            var since = now - UnreachableAgain;
            var known = (await db.Outbox.Where(o => o.Event == Rules.Unreachable && o.CreatedAt > since).Select(o => o.Subject).Distinct().ToListAsync(ct)).ToHashSet();
            foreach (var notice in notices.Where(n => !known.Contains(n.Post.Value)).SelectMany(n => n.Of)) db.Outbox.Add(notice.AsRow(now));
            return await db.SaveChangesAsync(ct);
        }, ct);
        if (told > 0) book.Told(told);
        return [.. notices.Select(n => n.Post)];
    }

    /// <summary>Measures how many messages wait and since when, for the metrics.</summary>
    internal async Task MeasureAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var now = time.GetUtcNow();
        var waiting = await db.Outbox.CountAsync(o => o.State == "waiting", ct);
        var first = waiting == 0 ? null : await db.Outbox.Where(o => o.State == "waiting" && o.NotBefore <= now).MinAsync(o => (DateTimeOffset?)o.NotBefore, ct);
        meters.Looked(waiting, first is { } since ? now - since : TimeSpan.Zero);
    }

    /// <summary>Posts reachable by their own phone number over a working channel; without such a channel there is no query.</summary>
    internal async Task<IReadOnlySet<PostId>> ReachableByNumberAsync(CancellationToken ct)
    {
        var personal = book.Plan?.Personal.Where(c => c.Endpoint is not null).Select(c => c.Code).ToList() ?? [];
        if (personal.Count == 0) return FrozenSet<PostId>.Empty;
        await using var db = database.Context();
        var working = await db.Channels.Where(c => personal.Contains(c.Code) && c.FailingSince == null).Select(c => c.Code).ToListAsync(ct);
        if (working.Count == 0) return FrozenSet<PostId>.Empty;
        List<Channel> channels = [.. book.Plan?.Personal.Where(c => working.Contains(c.Code)) ?? []];
        var numbers = await db.Users.AsNoTracking().Where(u => u.Phone != null).Select(u => new { u.Id, u.Post, u.Phone }).ToListAsync(ct);
        var reached = numbers.Where(n => db.DataKeys.Decrypt(n.Phone) is var number && channels.Exists(c => c.Reaches(number))).ToDictionary(n => n.Id, n => n.Post);
        var held = await db.AccountPosts.AsNoTracking().Where(h => db.Users.Any(u => u.Id == h.Account && u.Phone != null)).Select(h => new { h.Account, h.Post }).ToListAsync(ct);
        return reached.Values.OfType<string>().Concat(held.Where(h => reached.ContainsKey(h.Account)).Select(h => h.Post)).Select(p => new PostId(p)).ToFrozenSet();
    }

    /// <summary>The recipients of a message for a place: on-duty posts that must answer and may know of the case.</summary>
    internal static IEnumerable<Post> PostsAt(string address, OnDuty onDuty, Audience? audience)
    {
        var (team, community) = (Address.TeamOf(address), Address.CommunityOf(address));
        return onDuty.Posts.Where(p => CaseQueries.MayKnow(audience, p) && (team is not null ? p.MayAcceptForTeam && p.Team == new TeamCode(team)
            : community is not null ? p.Kind == PostKind.CommunityDesk && p.Community == new CommunityCode(community)
            : address == Address.Street && p.Kind == PostKind.StreetDesk));
    }

    /// <summary>From "S1:2 S3:5 -:1".</summary>
    internal static FrozenDictionary<string, int> ReadCounts(string detail) => detail.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split(':'))
        .ToFrozenDictionary(c => c[0], c => int.Parse(c[1], CultureInfo.InvariantCulture));

    private async Task SettleAsync(DispatchDb db, Attempt attempt, CancellationToken ct)
    {
        var (row, verdict, now) = (attempt.Row, attempt.Verdict, time.GetUtcNow());
        // Only if the lease is still this attempt's: an accept may have cancelled it, or another node may have leased it.
        var mine = db.Outbox.Where(o => o.Id == row.Id && o.State == "waiting" && o.Attempts == row.Attempts);
        var dies = verdict.Ending == Ending.Refused || (verdict.Ending == Ending.Failed && row.Attempts >= MostAttempts);
        if (verdict.Ending == Ending.Failed && !dies)
        {
            var next = now + PauseAfter(row, verdict);
            if (await mine.ExecuteUpdateAsync(s => s.SetProperty(o => o.NextAt, next).SetProperty(o => o.LeaseUntil, DateTimeOffset.UnixEpoch).SetProperty(o => o.Why, verdict.Why), ct) > 0) meters.Failed();
        }
        else
        {
            var state = verdict.Ending switch { Ending.Delivered => "sent", Ending.Skipped => "skipped", _ => "dead" };
            var changed = await mine.ExecuteUpdateAsync(s => s.SetProperty(o => o.State, state).SetProperty(o => o.LeaseUntil, DateTimeOffset.UnixEpoch).SetProperty(o => o.Why, verdict.Why).SetProperty(o => o.DoneAt, now), ct);
            if (changed > 0 && !attempt.Asked) await db.Channels.Where(c => c.Code == row.Channel).ExecuteUpdateAsync(s => s.SetProperty(c => c.Tokens, c => c.Tokens + 1), ct);
            if (changed > 0 && verdict.Ending == Ending.Delivered) meters.Sent(now - row.NotBefore);
            if (changed > 0 && dies)
            {
                meters.Dead();
                HubLog.MessageDead(log, row.Id, row.Channel, row.Attempts, verdict.Why);
            }
        }

        if (verdict.Ending == Ending.Delivered)
            await db.Channels.Where(c => c.Code == row.Channel && c.FailingSince != null).ExecuteUpdateAsync(s => s.SetProperty(c => c.FailingSince, (DateTimeOffset?)null), ct);
        else if (dies || (verdict.Ending == Ending.Failed && row.Attempts >= 3))
            await db.Channels.Where(c => c.Code == row.Channel && c.FailingSince == null).ExecuteUpdateAsync(s => s.SetProperty(c => c.FailingSince, now), ct);
    }

    /// <summary>The channels over which nothing leaves at present, longest first; also one that was turned off because its receiver is gone, but none that an administrator turned off.</summary>
    internal async Task<IReadOnlyList<FailingChannel>> FailingAsync(CancellationToken ct)
    {
        if (book.Plan is not { } plan) return [];
        await using var db = database.Context();
        var failing = await db.Channels.AsNoTracking().Where(c => c.FailingSince != null).Select(c => new { c.Code, c.FailingSince }).ToListAsync(ct);
        return [.. failing.Where(f => plan.Channels.ContainsKey(f.Code)).OrderBy(f => f.FailingSince).Select(f => new FailingChannel(Names.Camel(plan.Channels[f.Code].Kind), f.FailingSince!.Value))];
    }

    /// <summary>Exponential backoff with half of it random, so messages that failed together do not retry together.</summary>
    private TimeSpan PauseAfter(OutboxRow row, Verdict verdict)
    {
        var first = book.Plan?.Channels.GetValueOrDefault(row.Channel)?.Settings.FirstRetrySeconds ?? 1;
        var pause = Math.Min(first * Math.Pow(2, row.Attempts - 1), LongestRetry.TotalSeconds);
#pragma warning disable CA5394 // not a secret
        pause = (pause / 2) + (Random.Shared.NextDouble() * pause / 2);
#pragma warning restore CA5394
        return TimeSpan.FromSeconds(Math.Max(pause, Math.Min(verdict.RetryAfter?.TotalSeconds ?? 0, LongestRetry.TotalSeconds)));
    }

    /// <summary>Kills due rows of deleted channels, and rows that were due before an instant.</summary>
    private async Task<bool> GiveUpAsync(DispatchDb db, string channel, string why, DateTimeOffset before, DateTimeOffset now, CancellationToken ct)
    {
        var dead = await db.Database.ExecuteSqlAsync(
            $"UPDATE outbox SET state = 'dead', why = {why}, done_at = {Ms(now)} WHERE id IN (SELECT id FROM outbox WHERE state = 'waiting' AND channel = {channel} AND next_at <= {Ms(now)} AND lease_until < {Ms(now)} AND not_before < {Ms(before)} LIMIT {Bite})", ct);
        for (var i = 0; i < dead; i++) meters.Dead();
        return dead == Bite;
    }

    /// <summary>Expands a message for a place, on a channel that sends to numbers, into one per post on duty now.</summary>
    private async Task<bool> ExpandAsync(DispatchDb db, Channel channel, DateTimeOffset now, CancellationToken ct)
    {
        var places = (await FindAsync(db, channel.Code, "AND o.address NOT LIKE 'post:%' AND o.address NOT LIKE 'party:%' AND o.address <> 'caller'", Bite, now, ct)).Where(r => r.Event != Test).ToList();
        if (places.Count == 0) return false;
        var numbers = places.Select(r => r.CallNo).Distinct().ToList();
        var audiences = await CaseQueries.AudiencesAsync(db, Sight.OfTheEngine, numbers, ct);
        var (onDuty, cannot) = (roster.At(now), await GatewayAnswers.CannotAsync(db, numbers, ct));
        var expanded = places.Select(row => (Row: row, Posts: PostsAt(row.Address, onDuty, audiences.GetValueOrDefault(row.CallNo)).Where(p => p.Id.Value != row.Subject && !p.Also.Append(p.Id).Any(id => cannot.Contains((row.CallNo, id)))).ToList())).ToList();
        var keys = expanded.SelectMany(e => e.Posts.Select(p => KeyOf(e.Row, p))).Distinct().ToList();
        var told = (await db.Outbox.Where(o => keys.Contains(o.Key)).Select(o => o.Key).ToListAsync(ct)).ToHashSet();
        foreach (var (row, posts) in expanded)
        {
            foreach (var post in posts)
            {
                if (!told.Add(KeyOf(row, post))) continue; // in another of their teams
                var notice = new Notice(row.Channel, Address.Post(post.Id.Value), row.CallNo, row.Event, row.NotBefore) { Level = row.Level, Category = row.Category, Grid = row.Grid, Subject = row.Subject, UntilAccepted = row.UntilAccepted };
                var child = notice.AsRow(now);
                (child.Key, child.Detail) = (KeyOf(row, post), row.Address);
                db.Outbox.Add(child);
            }

            var (state, why) = posts.Count > 0 ? ("expanded", string.Empty) : ("skipped", "nobody_on_duty");
            await db.Outbox.Where(o => o.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(o => o.State, state).SetProperty(o => o.Why, why).SetProperty(o => o.DoneAt, now), ct);
        }

        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>One message per person and event, whatever posts the person holds.</summary>
    private static string KeyOf(OutboxRow row, Post post)
    {
        var person = post.Also.Append(post.Id).Select(id => id.Value).Min(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', row.Channel, row.CallNo, row.Event, row.Subject, Ms(row.NotBefore).ToString(CultureInfo.InvariantCulture), person))))[..32];
    }

    /// <summary>If too many messages wait for one address, collapses them into one with a count; the first S1s stay as they are.</summary>
    private async Task<bool> CollapseAsync(DispatchDb db, Channel channel, DateTimeOffset now, CancellationToken ct)
    {
        if (channel.Burst == int.MaxValue) return false;
        var storms = await db.Database.SqlQuery<Storm>(
            $"SELECT address AS \"Address\", CAST(COUNT(*) AS INTEGER) AS \"Messages\" FROM outbox WHERE state = 'waiting' AND channel = {channel.Code} AND next_at <= {Ms(now)} AND lease_until < {Ms(now)} AND attempts = 0 AND address <> 'caller' AND address NOT LIKE 'party:%' AND event NOT IN ('digest', 'test', 'answered') GROUP BY address HAVING COUNT(*) > {channel.Burst}").ToListAsync(ct);
        foreach (var storm in storms)
        {
            var ready = await db.Outbox.Where(o => o.State == "waiting" && o.Channel == channel.Code && o.Address == storm.Address && o.NextAt <= now && o.LeaseUntil < now && o.Attempts == 0 && o.Event != Digest && o.Event != Test && o.Event != GatewayAnswers.Answered)
                .OrderBy(o => o.Level).ThenBy(o => o.NotBefore).ThenBy(o => o.Id).Take(Bite).Select(o => new { o.Id, o.Level }).ToListAsync(ct);
            var apart = Math.Min(ready.Count(r => r.Level == "S1"), channel.Burst - 1);
            var together = ready.Skip(apart).ToList();
            var ids = together.Select(r => r.Id).ToList();
            await db.Outbox.Where(o => ids.Contains(o.Id)).ExecuteUpdateAsync(s => s.SetProperty(o => o.State, "collapsed").SetProperty(o => o.DoneAt, now), ct);
            await AddToDigestAsync(db, channel.Code, storm.Address, together.CountBy(r => r.Level.Length > 0 ? r.Level : "-"), now, ct);
            meters.Collapsed(ids.Count);
        }

        return storms.Count > 0;
    }

    private static async Task AddToDigestAsync(DispatchDb db, string channel, string address, IEnumerable<KeyValuePair<string, int>> more, DateTimeOffset now, CancellationToken ct)
    {
        var lane = Notice.LaneOf(channel, address, string.Empty);
        var open = await db.Outbox.FirstOrDefaultAsync(o => o.State == "waiting" && o.Lane == lane && o.Event == Digest && o.Attempts == 0, ct);
        var row = open ?? new Notice(channel, address, string.Empty, Digest, now).AsRow(now);
        var counts = ReadCounts(row.Detail).Concat(more).GroupBy(c => c.Key).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}:{g.Sum(c => c.Value)}").ToList();
        (row.Detail, row.Level) = (string.Join(' ', counts), counts.Find(c => c[0] == 'S')?[..2] ?? string.Empty);
        if (open is null) db.Outbox.Add(row);
        await db.SaveChangesAsync(ct);
    }

    private static async Task<List<OutboxRow>> LendAsync(DispatchDb db, Channel channel, int room, DateTimeOffset now, CancellationToken ct)
    {
        if (room <= 0 || await db.Channels.AsNoTracking().FirstOrDefaultAsync(c => c.Code == channel.Code, ct) is not { } bucket) return [];
        // A burst of a quarter of a minute's messages, refilled at three quarters of the rate: never more than the rate in any minute.
        var held = Math.Min(
            Math.Max(1, channel.Settings.PerMinute / 4.0),
            bucket.Tokens + (Math.Max(0, (now - bucket.TokensAt).TotalMinutes) * Math.Max(0.75 * channel.Settings.PerMinute, 0.5)));
        var rows = await FindAsync(db, channel.Code, channel.IsPersonal ? "AND (o.address LIKE 'post:%' OR o.address LIKE 'party:%' OR o.address = 'caller' OR o.event = 'test')" : string.Empty, Math.Min(room, (int)held), now, ct);
        if (rows.Count == 0) return rows;
        var (ids, until, left) = (rows.Select(r => r.Id).ToList(), now + TimeSpan.FromSeconds(channel.Settings.TimeoutSeconds) + LeaseGrace, held - rows.Count);
        await db.Outbox.Where(o => ids.Contains(o.Id)).ExecuteUpdateAsync(s => s.SetProperty(o => o.LeaseUntil, until).SetProperty(o => o.Attempts, o => o.Attempts + 1), ct);
        await db.Channels.Where(c => c.Code == channel.Code).ExecuteUpdateAsync(s => s.SetProperty(c => c.Tokens, left).SetProperty(c => c.TokensAt, now), ct);
        foreach (var row in rows) row.Attempts++;
        return rows;
    }

    /// <summary>The due messages of a channel, most urgent first: for each lane only those with nothing earlier pending, and none ahead of a count in flight.</summary>
    private static async Task<List<OutboxRow>> FindAsync(DispatchDb db, string channel, string narrowed, int most, DateTimeOffset now, CancellationToken ct)
    {
        if (most <= 0) return [];
        var sql = string.Concat(
            "SELECT o.* FROM outbox o WHERE o.state = 'waiting' AND o.channel = {0} AND o.next_at <= {1} AND o.lease_until < {1} ", narrowed,
            " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.state = 'waiting' AND p.lane = o.lane AND (p.not_before < o.not_before OR (p.not_before = o.not_before AND p.id < o.id)))",
            " AND NOT EXISTS (SELECT 1 FROM outbox d WHERE d.state = 'waiting' AND d.lane = o.channel || '|' || o.address || '|' AND d.event = 'digest' AND (d.not_before < o.not_before OR (d.not_before = o.not_before AND d.id < o.id)))"
            + " ORDER BY o.level, o.next_at, o.id LIMIT {2}");
        return await db.Outbox.FromSqlRaw(sql, channel, Ms(now), most).AsNoTracking().ToListAsync(ct);
    }

    private static long Ms(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();
}
