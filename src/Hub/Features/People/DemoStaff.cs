using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>The fictitious staff of the demo street: posts and accounts, on duty round the clock.</summary>
public static class DemoStaff
{
    private const string Marker = "demo";

    public static Task<bool> IsSeededAsync(DispatchDb db, CancellationToken ct) => db.Documents.AnyAsync(d => d.Kind == Marker, ct);

    /// <summary>Seeds an empty database once; later starts change nothing.</summary>
    public static async Task SeedAsync(Database database, StreetMap map, string password, TimeProvider time, CancellationToken ct)
    {
        await database.WriteAsync(async db =>
        {
            if (await IsSeededAsync(db, ct)) return 0;
            var now = time.GetUtcNow();
            // One hash for all: they share the password, and hashing takes tens of milliseconds by design.
            var hash = new PasswordHasher<Account>().HashPassword(new Account(), password);
            foreach (var (userName, role, post) in Everybody(map))
            {
                db.Users.Add(new Account
                {
                    UserName = userName,
                    NormalizedUserName = userName.ToUpperInvariant(),
                    Role = role,
                    Post = post?.Id.Value,
                    PasswordHash = hash,
                    SecurityStamp = Guid.NewGuid().ToString("N"),
                });
                if (post is null) continue;
                db.Posts.Add(new PostRow { Id = post.Id.Value, Kind = Names.Camel(post.Kind), Community = post.Community?.Value, Team = post.Team?.Value, Grid = post.Grid?.Value });
                db.Shifts.Add(new ShiftRow { Post = post.Id.Value, From = now.AddDays(-1), Until = null });
            }

            db.Documents.Add(new DocumentRow { Kind = Marker, Version = 1, Json = "{}", At = now, ByAccount = "system" });
            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    private static IEnumerable<(string UserName, Role Role, Post? Post)> Everybody(StreetMap map)
    {
        // Posts are opaque: numbered in one series, so an id reveals neither person nor place.
        var count = 0;
        PostId Next() => new(string.Create(CultureInfo.InvariantCulture, $"p{++count:D4}"));
        yield return ("duty", Role.Duty, new Post(Next(), PostKind.StreetDesk));
        yield return ("duty2", Role.Duty, new Post(Next(), PostKind.StreetDesk));
        yield return ("leader", Role.Leader, new Post(Next(), PostKind.Leader));
        yield return ("admin", Role.Admin, null);
        yield return ("auditor", Role.Auditor, null);
        yield return ("wall", Role.Wall, null);
        for (var i = 0; i < map.Communities.Length; i++)
            yield return (Name("community", i, "D2"), Role.Community, new Post(Next(), PostKind.CommunityDesk, map.Communities[i].Code));
        for (var i = 0; i < map.Grids.Length; i++)
        {
            if (map.TeamsOf(map.Grids[i].Code) is not [var team, ..]) continue; // an imported street may leave a grid without a team
            yield return (Name("grid", i, "D3"), Role.Member, new Post(Next(), PostKind.GridWorker, team.Community, team.Code, map.Grids[i].Code));
        }

        for (var i = 0; i < map.Teams.Length; i++)
        {
            var team = map.Teams[i];
            foreach (var (name, kind) in new[] { ("property", PostKind.Property), ("head", PostKind.BuildingHead), ("police", PostKind.Police) })
                yield return (Name(name, i, "D2"), Role.Member, new Post(Next(), kind, team.Community, team.Code));
        }
    }

    private static string Name(string prefix, int index, string digits) => prefix + (index + 1).ToString(digits, CultureInfo.InvariantCulture);
}
