using System.Collections.Frozen;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// Who is on duty now: posts and shifts, in memory, reloaded on change. A post is on duty if it is rostered or has gone on duty
/// itself, and has not signed off. A post that no account holds is never on duty.
/// </summary>
public sealed class Roster(Database database, TimeProvider time) : IDisposable
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "roster";

    /// <summary>Older shifts are not kept in memory; setting the clock back by less than this still finds them.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const string BySystem = "system";

    private sealed record Shift(Post Post, Stretch Time, bool Standby);

    private sealed record Book(FrozenDictionary<PostId, Post> Posts, Post[] Held, FrozenDictionary<CommunityCode, DutyUnit[]> Units, Shift[] Shifts);

    private sealed record Moment(Book Book, IReadOnlySet<PostId>? Absent, Stretch Time, OnDuty OnDuty);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Book _book = new(FrozenDictionary<PostId, Post>.Empty, [], FrozenDictionary<CommunityCode, DutyUnit[]>.Empty, []);
    private volatile Moment? _moment;
    private volatile IReadOnlySet<PostId>? _absent;

    /// <summary>Every post, held or not, so past leads can still be named.</summary>
    public IEnumerable<Post> Posts => _book.Posts.Values;

    /// <summary>The posts that somebody holds, on duty or not.</summary>
    public IReadOnlyCollection<Post> Held => _book.Held;

    /// <summary>The posts on duty that nothing reaches: no open page, no locked phone that rings, no number.</summary>
    internal IReadOnlySet<PostId> Unreached { get; set; } = new HashSet<PostId>();

    /// <summary>Unreachable posts that count as absent when a tier is checked; null if that rule is off.</summary>
    internal IReadOnlySet<PostId>? Absent
    {
        get => _absent;
        set => _absent = value;
    }

    public Post? FindPost(string? id) => id is null ? null : _book.Posts.GetValueOrDefault(new PostId(id));

    /// <summary>The desk in whose name something opens by itself: that of the community, or of the street; one that is on duty before any other. Null if nobody holds either.</summary>
    public Post? DeskOf(CommunityCode? community, DateTimeOffset now)
    {
        var onDuty = At(now);
        return Held.Where(p => p.Kind == PostKind.StreetDesk || (p.Kind == PostKind.CommunityDesk && p.Community == community))
            .OrderBy(p => !onDuty.Contains(p.Id)).ThenBy(p => p.Kind).ThenBy(p => p.Id.Value, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Who is on duty at an instant: a shift lasts from its start to just before its end.</summary>
    public OnDuty At(DateTimeOffset now)
    {
        var (book, absent, moment) = (_book, _absent, _moment);
        if (moment is not null && ReferenceEquals(moment.Book, book) && ReferenceEquals(moment.Absent, absent) && moment.Time.Holds(now)) return moment.OnDuty;
        var (from, until) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var (posts, standby) = (new HashSet<Post>(), new List<Post>());
        foreach (var shift in book.Shifts)
        {
            foreach (var edge in (ReadOnlySpan<DateTimeOffset>)[shift.Time.From, shift.Time.Until])
            {
                if (edge <= now && edge > from) from = edge;
                if (edge > now && edge < until) until = edge;
            }

            if (!shift.Time.Holds(now)) continue;
            if (shift.Standby) standby.Add(shift.Post);
            else posts.Add(shift.Post);
        }

        // A fallback counts only while a unit of its community is unmanned, so nobody is called needlessly.
        var manned = posts.Where(DutyUnit.Mans).Select(DutyUnit.Of).ToHashSet();
        posts.UnionWith(standby.Where(p => p.Community is { } community && book.Units.GetValueOrDefault(community, []).Any(u => !manned.Contains(u))));
        _moment = moment = new Moment(book, absent, new Stretch(from, until), new OnDuty(posts, absent));
        return moment.OnDuty;
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct); // serialised, so an older read never replaces a newer one
        try
        {
            await using var db = database.Context();
            var since = time.GetUtcNow() - Kept;
            var shifts = await db.Shifts.AsNoTracking().Where(s => (s.Until == null || s.Until > since) && s.State != ShiftRow.Off)
                .Select(s => new { s.Post, s.From, s.Until, s.Standby }).ToListAsync(ct);
            var ever = await HeldEverAsync(db, ct);
            var holds = ever.Where(h => !h.IsRetired).ToList();
            var others = ever.GroupBy(h => h.Account).Where(g => g.Skip(1).Any())
                .SelectMany(g => g.SelectMany(h => g.Where(o => o.Post != h.Post).Select(o => (Of: h.Post, Post: new PostId(o.Post), o.IsRetired)))).ToLookup(o => o.Of);
            var posts = (await db.Posts.AsNoTracking().ToListAsync(ct)).Select(ToPost)
                .Select(p => others.Contains(p.Id.Value) ? p with { Also = Of(p, isRetired: false), Former = Of(p, isRetired: true) } : p).ToFrozenDictionary(p => p.Id);
            PostId[] Of(Post post, bool isRetired) => [.. others[post.Id.Value].Where(o => o.IsRetired == isRetired).Select(o => o.Post).Distinct()];
            var held = holds.Select(h => new PostId(h.Post)).Where(posts.ContainsKey).ToHashSet();
            _book = new Book(
                posts,
                [.. held.Select(id => posts[id])],
                held.Select(id => posts[id]).Where(p => p.Community is not null && DutyUnit.Mans(p)).GroupBy(p => p.Community!.Value).ToFrozenDictionary(g => g.Key, g => g.Select(DutyUnit.Of).Distinct().ToArray()),
                [.. shifts.Where(s => held.Contains(new PostId(s.Post))).Select(s => new Shift(posts[new PostId(s.Post)], new Stretch(s.From, s.Until ?? DateTimeOffset.MaxValue), s.Standby))]);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>The only way to change the roster: atomic, with a line in the roster's journal; every node reloads it. A refusal saves nothing.</summary>
    internal async Task<T> EditAsync<T>(Func<DispatchDb, Task<T>> edit, CancellationToken ct)
    {
        var result = await database.WriteAsync(async db =>
        {
            var done = await edit(db);
            if (done is Outcome { Ok: false }) return done;
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(Roster.Name, ct);
            return done;
        }, ct);
        if (result is not Outcome { Ok: false }) await LoadAsync(ct);
        return result;
    }

    /// <summary>Puts a post on duty for a period; open-ended without an end.</summary>
    public Task AddShiftAsync(PostId post, DateTimeOffset from, DateTimeOffset? until, CancellationToken ct)
    {
        if (until <= from) throw new ArgumentException("A shift must end after it begins.", nameof(until));
        return EditAsync(db =>
        {
            db.Shifts.Add(new ShiftRow { Post = post.Value, From = from, Until = until, ChangedAt = time.GetUtcNow() });
            db.RosterJournal.Add(Line("added", post, from, until));
            return Task.FromResult(0);
        }, ct);
    }

    /// <summary>Signs a post off: every shift active at <paramref name="at"/> ends there. Later ones stay.</summary>
    public Task SignOffAsync(PostId post, DateTimeOffset at, CancellationToken ct) => EditAsync(async db =>
    {
        db.RosterJournal.Add(Line("signedOff", post, at, null));
        return await EndRunningAsync(db, post.Value, at, time.GetUtcNow(), ct);
    }, ct);

    public void Dispose() => _loading.Dispose();

    /// <summary>Who holds which post, without retired ones: nobody else can be on duty.</summary>
    internal static async Task<List<(string Account, string Post)>> HoldsAsync(DispatchDb db, CancellationToken ct) =>
        [.. (await HeldEverAsync(db, ct)).Where(h => !h.IsRetired).Select(h => (h.Account, h.Post))];

    /// <summary>Who holds or has held which post.</summary>
    private static async Task<List<(string Account, string Post, bool IsRetired)>> HeldEverAsync(DispatchDb db, CancellationToken ct)
    {
        var own = await db.Users.AsNoTracking().Where(a => a.Post != null).Select(a => new { Account = a.Id, Post = a.Post! }).ToListAsync(ct);
        var others = await db.AccountPosts.AsNoTracking().Where(h => db.Users.Any(a => a.Id == h.Account)).Select(h => new { h.Account, h.Post }).ToListAsync(ct);
        var retired = (await db.Posts.AsNoTracking().Where(p => p.RetiredAt != null).Select(p => p.Id).ToListAsync(ct)).ToHashSet();
        return [.. own.Concat(others).Select(h => (h.Account, h.Post, retired.Contains(h.Post))).Distinct()];
    }

    /// <summary>Ends running shifts at an instant, and remembers their planned ends for the journal.</summary>
    internal static async Task<List<ShiftRow>> EndRunningAsync(DispatchDb db, string post, DateTimeOffset at, DateTimeOffset now, CancellationToken ct)
    {
        var running = await db.Shifts.Where(s => s.Post == post && s.From <= at && (s.Until == null || s.Until > at) && s.State != ShiftRow.Off).ToListAsync(ct);
        foreach (var shift in running) (shift.Until, shift.State, shift.Version, shift.ChangedAt) = (at, ShiftRow.Fixed, shift.Version + 1, now);
        return running;
    }

    private RosterJournalRow Line(string what, PostId post, DateTimeOffset? from, DateTimeOffset? until) => new()
    {
        At = time.GetUtcNow(), ByAccount = BySystem, What = what, Unit = FindPost(post.Value) is { } known ? DutyUnit.Of(known).Value : string.Empty,
        Post = post.Value, FromAt = from, UntilAt = until, Detail = string.Empty,
    };

    private static Post ToPost(PostRow row) => new(
        new PostId(row.Id),
        Names.Parse<PostKind>(row.Kind) ?? throw new InvalidOperationException($"Post {row.Id} has the unknown kind {row.Kind}."),
        row.Community is { } community ? new CommunityCode(community) : null,
        row.Team is { } team ? new TeamCode(team) : null,
        row.Grid is { } grid ? new GridCode(grid) : null);
}
