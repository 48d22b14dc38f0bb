using System.Collections.Frozen;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Calls;
using DispatchCenter.Hub.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Duty;

/// <summary>Who is on duty now: the posts and their shifts, in memory, read anew whenever they change.</summary>
public sealed class Roster(Database database) : IDisposable
{
    private sealed record Book(FrozenDictionary<PostId, Post> Posts, (PostId Post, DateTimeOffset From, DateTimeOffset Until)[] Shifts);

    private sealed record Stretch(Book Book, IReadOnlySet<PostId>? Absent, DateTimeOffset From, DateTimeOffset Until, OnDuty OnDuty);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Book _book = new(FrozenDictionary<PostId, Post>.Empty, []);
    private volatile Stretch? _stretch;
    private volatile IReadOnlySet<PostId>? _absent;

    /// <summary>Posts that nobody can reach and that count as absent when a tier is asked whether anybody is there; null where they count.</summary>
    internal IReadOnlySet<PostId>? Absent
    {
        get => _absent;
        set => _absent = value;
    }

    public Post? FindPost(string? id) => id is null ? null : _book.Posts.GetValueOrDefault(new PostId(id));

    /// <summary>Who is on duty at an instant: a shift holds from its beginning to just before its end.</summary>
    public OnDuty At(DateTimeOffset now)
    {
        var (book, absent, stretch) = (_book, _absent, _stretch);
        if (stretch is not null && ReferenceEquals(stretch.Book, book) && ReferenceEquals(stretch.Absent, absent) && stretch.From <= now && now < stretch.Until) return stretch.OnDuty;
        var (from, until) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var posts = new List<Post>();
        foreach (var shift in book.Shifts)
        {
            foreach (var edge in (ReadOnlySpan<DateTimeOffset>)[shift.From, shift.Until])
            {
                if (edge <= now && edge > from) from = edge;
                if (edge > now && edge < until) until = edge;
            }

            if (shift.From <= now && now < shift.Until && book.Posts.TryGetValue(shift.Post, out var post)) posts.Add(post);
        }

        _stretch = stretch = new Stretch(book, absent, from, until, new OnDuty(posts.Distinct(), absent));
        return stretch.OnDuty;
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct); // in turn, so that an older reading never replaces a newer one
        try
        {
            await using var db = database.Context();
            var posts = await db.Posts.AsNoTracking().ToListAsync(ct);
            var shifts = await db.Shifts.AsNoTracking().ToListAsync(ct);
            _book = new Book(
                posts.Select(ToPost).ToFrozenDictionary(p => p.Id),
                [.. shifts.Select(s => (new PostId(s.Post), s.From, s.Until ?? DateTimeOffset.MaxValue))]);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Puts a post on duty over a stretch.</summary>
    public async Task AddShiftAsync(PostId post, DateTimeOffset from, DateTimeOffset? until, CancellationToken ct)
    {
        if (until <= from) throw new ArgumentException("A shift ends after it begins.", nameof(until));
        await database.WriteAsync(async db =>
        {
            db.Shifts.Add(new ShiftRow { Post = post.Value, From = from, Until = until });
            await db.ChangedAsync(BookWatch.Roster, ct);
            return await db.SaveChangesAsync(ct);
        }, ct);
        await LoadAsync(ct);
    }

    /// <summary>Signs a post off: every shift that holds at <paramref name="at"/> ends there. Later ones stay.</summary>
    public async Task SignOffAsync(PostId post, DateTimeOffset at, CancellationToken ct)
    {
        await database.WriteAsync(async db =>
        {
            await db.ChangedAsync(BookWatch.Roster, ct);
            return await db.Shifts.Where(s => s.Post == post.Value && s.From <= at && (s.Until == null || s.Until > at)).ExecuteUpdateAsync(s => s.SetProperty(r => r.Until, at), ct);
        }, ct);
        await LoadAsync(ct);
    }

    public void Dispose() => _loading.Dispose();

    private static Post ToPost(PostRow row) => new(
        new PostId(row.Id),
        Names.Parse<PostKind>(row.Kind) ?? throw new InvalidOperationException($"Post {row.Id} is of the unknown kind {row.Kind}."),
        row.Community is { } community ? new CommunityCode(community) : null,
        row.Team is { } team ? new TeamCode(team) : null,
        row.Grid is { } grid ? new GridCode(grid) : null);
}
