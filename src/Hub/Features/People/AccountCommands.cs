using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Hub.Features.People;

/// <summary>A new account or a password reset: the password is shown once and not stored.</summary>
public sealed record FreshAccount(string UserName, string Password);

/// <summary>The result of importing a file of accounts.</summary>
/// <param name="Taken">Lines now in effect: created, or already there.</param>
/// <param name="Unusable">Why the file could not be read at all; null if it could.</param>
public sealed record AccountImport(int Taken, IReadOnlyList<FreshAccount> Made, IReadOnlyList<RefusedLine> Refused, Words? Unusable);

/// <summary>
/// The street's staff: accounts with their posts, created one by one or from a table, given new passwords, and closed. A closed account stays
/// on record so that past leads can be named; its name is not reused. For administrators.
/// </summary>
public sealed class AccountCommands(Database database, Roster roster, StreetBook streets, AccountBook accounts, GapWatch? gaps, TimeProvider time)
{
    /// <summary>The minimum length of a chosen password.</summary>
    public const int ShortestPassword = 12;

    public const int LongestPassword = 200;

    /// <summary>The maximum of lines per file.</summary>
    public const int MaxLines = 2_000;

    /// <summary>The maximum length of a sign-in name.</summary>
    public const int LongestName = 40;

    /// <summary>The codes of account kinds: those of posts, plus admin, auditor, wall.</summary>
    public static IReadOnlyList<string> Kinds => Hiring.Kinds;

    /// <summary>Whoever imports on the command line.</summary>
    private static readonly Staff Importer = new("import", "import", Role.Admin, null);

    /// <summary>Without look-alike characters.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    private const int GroupLength = 4;

    /// <summary>A shorter sign-in name may be part of a good password by chance.</summary>
    private const int TellingName = 5;

    // Twenty random characters hold 99 bits. No fast guessing breaks that, so a cheap hash suffices and hundreds can be created at once.
    private const int Groups = 5;
    private const int QuickIterations = 1_000;
    private static readonly PasswordHasher<Account> ForRandom = new(Options.Create(new PasswordHasherOptions { IterationCount = QuickIterations }));

    private static readonly PasswordHasher<Account> ForChosen = new();

    /// <summary>Creates one account; the outcome holds its first password.</summary>
    public async Task<Outcome<FreshAccount>> CreateAsync(Staff who, string? userName, string? kind, string? place, CancellationToken ct)
    {
        var (fresh, account) = Fresh(Account.NameOf(userName));
        return await EditAsync<Outcome<FreshAccount>>(async db =>
        {
            var known = await KnownAsync(db, ct);
            if (Hiring.Read(fresh.UserName, kind, place, streets.Map, out var post, out var role) is { } fault) return Refused(fault);
            if (known.ContainsKey(account.NormalizedUserName!)) return Refused(StreetWords.Say("account_taken", fresh.UserName));
            Add(db, who, account, role, post);
            return fresh;
        }, ct);
    }

    /// <summary>
    /// Creates accounts from a table: account, kind, place. A rejected line does not stop the others; a line whose account already exists in that post
    /// counts as imported and changes nothing. A further line of a team's member gives the same person a post of the same kind in another team. Atomic.
    /// </summary>
    /// <param name="who">Null for the administrator on the command line.</param>
    public async Task<AccountImport> TakeAsync(Staff? who, string name, Func<Stream?> open, CancellationToken ct) =>
        CsvTable.Read(new CsvShape(name, MaxLines, "account", "kind") { Optional = ["place"] }, _ => open()) switch
        {
            CsvTable.Usable table => await TakeAsync(who, table, ct),
            CsvTable.Unusable unusable => new AccountImport(0, [], [], unusable.Why),
            _ => throw new InvalidOperationException("A table is usable or not."),
        };

    /// <summary>Resets an account's password, ends its sessions and lifts a lock-out.</summary>
    /// <param name="mark">The value of <see cref="MarkOf"/> the requester saw: repeating the request after a page reload has no effect.</param>
    public async Task<Outcome<FreshAccount>> RenewAsync(Staff who, string? userName, string? mark, CancellationToken ct)
    {
        var (fresh, made) = Fresh(userName ?? string.Empty);
        if (await StampAsync(fresh.UserName, ct) is { } stamp && MarkOf(stamp) != mark) return new Outcome<FreshAccount>(Outcome.Of("account_changed"));
        var changed = await ChangeAsync(fresh.UserName, who, "renewed", a => a.PasswordHash = made.PasswordHash, ct);
        return changed ? new Outcome<FreshAccount>(fresh) : new Outcome<FreshAccount>(Outcome.Of("staff_unknown"));
    }

    /// <summary>Changes a person's own password after checking the old one. Every other session of the account ends.</summary>
    public async Task<Outcome> ChooseAsync(Staff who, string? password, CancellationToken ct)
    {
        if (password is null || password.Length is < ShortestPassword or > LongestPassword || (who.UserName.Length >= TellingName ? password.Contains(who.UserName, StringComparison.OrdinalIgnoreCase) : password.Equals(who.UserName, StringComparison.OrdinalIgnoreCase)))
            return Outcome.Of("password_unfit", ($"{ShortestPassword}", $"{ShortestPassword}"));
        var hash = ForChosen.HashPassword(new Account(), password);
        return Outcome.Of(await ChangeAsync(who.UserName, who, null, a => a.PasswordHash = hash, ct) ? Codes.Ok : "staff_unknown");
    }

    /// <summary>
    /// Closes an account: its passwords and sessions become invalid, its duties end now, its future shifts become gaps, and its open cases
    /// go to the next shift. Nobody can close their own account, so one administrator always remains.
    /// </summary>
    public async Task<Outcome> CloseAsync(Staff who, string? userName, CancellationToken ct)
    {
        var name = userName?.ToUpperInvariant();
        if (string.Equals(who.UserName, userName, StringComparison.OrdinalIgnoreCase)) return Outcome.Of("own_account");
        return await EditAsync(async db =>
        {
            if (await db.Users.FirstOrDefaultAsync(a => a.NormalizedUserName == name && a.PasswordHash != null, ct) is not { } account) return Outcome.Of("staff_unknown");
            (account.PasswordHash, account.SecurityStamp, account.Phone) = (null, Stamp(), null);
            if (!await db.Users.AnyAsync(a => a.Id == who.Id && a.PasswordHash != null, ct)) return Outcome.Of(Codes.Forbidden); // two concurrent closings cannot close each other
            await db.RemoveSecondFactorAsync(account.Id, ct);
            var now = Rostering.Whole(time.GetUtcNow());
            db.Note(who, now, "left", null, DutyUnit.Street, detail: Named(account));
            foreach (var (_, id) in (await Roster.HoldsAsync(db, ct)).Where(h => h.Account == account.Id))
                if (roster.FindPost(id) is { } post)
                    await db.RetireAsync(who, post, now, ct);
            return Outcome.Of(Codes.Ok);
        }, ct);
    }

    /// <summary>Gives a team's member a further post of the same kind in another team, from now on.</summary>
    /// <param name="place">As in <see cref="CreateAsync"/>.</param>
    public Task<Outcome> AddPostAsync(Staff who, string? userName, string? place, CancellationToken ct) => EditAsync(async db =>
    {
        var known = await KnownAsync(db, ct);
        if (userName is null || !known.TryGetValue(userName.ToUpperInvariant(), out var person) || person.Posts is not [var own, ..]) return Outcome.Of("staff_unknown");
        var fault = Hiring.Read(userName, Names.Camel(own.Kind), place, streets.Map, out var post, out _);
        if (fault is null && FurtherPosts.WhyNot(person.Posts, post!) is { } why) fault = StreetWords.Say(why, userName, $"{FurtherPosts.Most}");
        if (fault is not null) return Outcome.Of("account_invalid", (fault.Chinese, fault.English));
        AddPost(db, who, person, post!);
        return Outcome.Of(Codes.Ok);
    }, ct);

    /// <summary>Takes a further post away: its duty ends now, its future shifts become gaps, and its open cases go to the next shift. The person's own post stays.</summary>
    public Task<Outcome> DropPostAsync(Staff who, string? userName, string? postId, CancellationToken ct) => EditAsync(async db =>
    {
        var known = await KnownAsync(db, ct);
        if (userName is null || !known.TryGetValue(userName.ToUpperInvariant(), out var person)) return Outcome.Of("staff_unknown");
        if (person.Posts.Skip(1).FirstOrDefault(p => p.Id.Value == postId) is not { } post) return Outcome.Of(Codes.PostUnknown);
        await db.RetireAsync(who, post, Rostering.Whole(time.GetUtcNow()), ct);
        return Outcome.Of(Codes.Ok);
    }, ct);

    private Task<AccountImport> TakeAsync(Staff? who, CsvTable.Usable table, CancellationToken ct)
    {
        var lines = table.Rows.Select(row => (Row: row, Made: Fresh(Account.NameOf(row["account"])))).ToList(); // hashing is slow, so do it outside the gate
        return EditAsync(db => TakeAsync(db, who, table, lines, ct), ct);
    }

    private async Task<AccountImport> TakeAsync(DispatchDb db, Staff? who, CsvTable.Usable table, List<(CsvLine Row, (FreshAccount Fresh, Account Account) Made)> lines, CancellationToken ct)
    {
        var known = await KnownAsync(db, ct);
        var (taken, made, refused) = (0, new List<FreshAccount>(), new List<RefusedLine>(table.Refused));
        foreach (var (row, (fresh, account)) in lines)
        {
            var fault = Hiring.Read(fresh.UserName, row["kind"], row["place"], streets.Map, out var post, out var role);
            if (fault is null && !known.TryGetValue(account.NormalizedUserName!, out var there))
            {
                known.Add(account.NormalizedUserName!, new Known(account.Id, role, true, post is null ? [] : [post]));
                Add(db, who, account, role, post);
                made.Add(fresh);
            }
            else if (fault is null)
            {
                fault = Join(db, who, known[account.NormalizedUserName!], fresh.UserName, role, post);
            }

            if (fault is null) taken++;
            else refused.Add(new RefusedLine(table.Shape.File, row.Line, fault));
        }

        return new AccountImport(taken, made, [.. refused.OrderBy(r => r.Line)], null);
    }

    private void Add(DispatchDb db, Staff? who, Account account, Role role, Post? post)
    {
        (account.Role, account.Post) = (role, post?.Id.Value);
        db.Users.Add(account);
        db.Note(who ?? Importer, Rostering.Whole(time.GetUtcNow()), "joined", post, post is null ? DutyUnit.Street : DutyUnit.Of(post), detail: Named(account));
        if (post is not null) db.Posts.Add(FurtherPosts.RowOf(post));
    }

    /// <summary>A line whose account exists: nothing new, a further post of the same person, or a mistake.</summary>
    private Words? Join(DispatchDb db, Staff? who, Known there, string userName, Role role, Post? post)
    {
        if (there.IsOpen && there.Role == role && (post is null || there.Posts.Exists(held => PlaceOf(held) == PlaceOf(post)))) return null;
        if (there.Role != role || post?.Team is null || there.Posts.Count == 0) return StreetWords.Say("account_taken", userName);
        if (FurtherPosts.WhyNot(there.Posts, post) is { } why) return StreetWords.Say(why, userName, $"{FurtherPosts.Most}");
        AddPost(db, who, there, post);
        return null;
    }

    private void AddPost(DispatchDb db, Staff? who, Known person, Post post)
    {
        FurtherPosts.Add(db, person.Id, post);
        db.Note(who ?? Importer, Rostering.Whole(time.GetUtcNow()), "held", person.Posts[0], DutyUnit.Of(post), detail: $"post:{post.Id.Value}");
        person.Posts.Add(post);
    }

    /// <summary>An account as it stands in the database.</summary>
    /// <param name="Posts">Those it holds, its own first; of a closed account, or one that acts on no case, none.</param>
    private sealed record Known(string Id, Role Role, bool IsOpen, List<Post> Posts);

    /// <summary>Every account by its upper-case name.</summary>
    private async Task<Dictionary<string, Known>> KnownAsync(DispatchDb db, CancellationToken ct)
    {
        var held = (await Roster.HoldsAsync(db, ct)).ToLookup(h => h.Account, h => roster.FindPost(h.Post));
        var users = await db.Users.AsNoTracking().Where(a => a.NormalizedUserName != null).Select(a => new { a.Id, a.NormalizedUserName, a.Role, a.Post, IsClosed = a.PasswordHash == null }).ToListAsync(ct);
        return users.ToDictionary(a => a.NormalizedUserName!, a => new Known(a.Id, a.Role, !a.IsClosed, a.IsClosed ? [] : [.. held[a.Id].OfType<Post>().OrderByDescending(p => p.Id.Value == a.Post)]));
    }

    /// <summary>What a line of a table says of a post.</summary>
    private static string PlaceOf(Post post) => $"{post.Kind} {post.Community} {post.Team} {post.Grid}";

    private async Task<T> EditAsync<T>(Func<DispatchDb, Task<T>> edit, CancellationToken ct)
    {
        var done = await roster.EditAsync(async db =>
        {
            var result = await edit(db);
            if (result is not Outcome { Ok: false }) await db.ChangedAsync(AccountBook.Name, ct);
            return result;
        }, ct);
        if (done is Outcome { Ok: false }) return done;
        await accounts.LoadAsync(ct);
        if (gaps is not null) await gaps.LookAsync(ct); // a unit that gained someone must be covered; one that lost someone may not be
        return done;
    }

    /// <summary>Identifies a state of an account and reveals nothing else.</summary>
    public static string MarkOf(string? stamp) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(stamp ?? string.Empty)))[..16];

    /// <summary>
    /// Whether an account's password was issued, or is missing: its owner has not chosen one yet. Verifying its hash is faster than for a chosen password,
    /// so an unequalised response time would reveal that the account exists.
    /// </summary>
    public static bool IsGiven(string? hash)
    {
        if (hash is null) return true;
        var bytes = Convert.FromBase64String(hash);
        return bytes is not [1, ..] || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)) <= QuickIterations; // Identity's third format: marker, function, iterations
    }

    private async Task<string?> StampAsync(string userName, CancellationToken ct)
    {
        var name = userName.ToUpperInvariant();
        await using var db = database.Context();
        return await db.Users.AsNoTracking().Where(a => a.NormalizedUserName == name && a.PasswordHash != null).Select(a => a.SecurityStamp).FirstOrDefaultAsync(ct);
    }

    private async Task<bool> ChangeAsync(string userName, Staff who, string? what, Action<Account> change, CancellationToken ct)
    {
        var (name, stamp, now) = (userName.ToUpperInvariant(), Stamp(), Rostering.Whole(time.GetUtcNow()));
        var changed = await database.WriteAsync(async db =>
        {
            if (await db.Users.FirstOrDefaultAsync(a => a.NormalizedUserName == name && a.PasswordHash != null, ct) is not { } account) return false;
            change(account);
            account.SecurityStamp = stamp;
            var post = roster.FindPost(account.Post);
            if (what is null) db.Act(who.Id, now, Acts.PasswordChosen, Acts.Of(account));
            else db.Note(who, now, what, post, post is null ? DutyUnit.Street : DutyUnit.Of(post), detail: $"account:{account.Id}");
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(AccountBook.Name, ct);
            return true;
        }, ct);
        if (changed) await accounts.LoadAsync(ct);
        return changed;
    }

    private static (FreshAccount Fresh, Account Account) Fresh(string userName)
    {
        var fresh = new FreshAccount(userName, string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength))));
        var account = new Account { UserName = userName, NormalizedUserName = userName.ToUpperInvariant(), SecurityStamp = Stamp() };
        account.PasswordHash = ForRandom.HashPassword(account, fresh.Password);
        return (fresh, account);
    }

    private static string Named(Account account) => $"account:{account.Id} {account.Role}";

    private static string Stamp() => Guid.NewGuid().ToString("N");

    private static Outcome<FreshAccount> Refused(Words fault) => new(Outcome.Of("account_invalid", (fault.Chinese, fault.English)));
}
