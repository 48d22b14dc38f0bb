using System.Data.Common;
using System.Text;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Reads the open cases and the head at one instant of the database.</summary>
public sealed class SnapshotQueries(Database database, StreetBook streets)
{
    /// <summary>Cases in a snapshot: all those on which a life may depend, and the nearest breaches of the rest.</summary>
    public const int Limit = 5_000;

    /// <summary>Rows fetched at a time if not every row is visible.</summary>
    private const int Page = 1_000;

    /// <summary>特急 and unresolved: however many others are late, a board without it would be wrong.</summary>
    private const string Grave = "(level = 'S1' AND state IN ('ringing', 'accepted', 'onScene'))";

    private static readonly string[] Parts = [Grave, "NOT " + Grave];

    /// <summary>
    /// The cards of the open cases these eyes may see, nearest breach first, and the head at which they hold. Eyes without a post of their
    /// own see for all of their kind; <c>Recused</c> says which posts see less, and <c>Particular</c> who of them sees which of the other matters.
    /// </summary>
    public async Task<(long Seq, List<byte[]> Cards, IReadOnlySet<PostId> Recused, List<byte[]> Matters, List<Audience> Particular)> ReadAsync(Post eyes, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = database.BeginSnapshot(connection);
        await using var head = Command(connection, transaction, "SELECT seq FROM head");
        var seq = (long)(await head.ExecuteScalarAsync(ct))!;
        var recused = await RecusedAsync(connection, transaction, ct);
        var (matters, particular) = await MattersAsync(connection, transaction, eyes, ct);
        if (eyes.Kind is PostKind.StreetDesk or PostKind.Leader)
        {
            return (seq, await CardsAsync(connection, transaction, eyes, $"is_open = 1 AND {Sight.NotHidden}", Limit, ct), recused, matters, particular);
        }

        var all = new List<(long BreachAt, byte[] Card)>();
        foreach (var part in Parts) all.AddRange((await NearestAsync(connection, transaction, eyes, part, ct)).Take(Limit - all.Count));

        return (seq, [.. all.OrderBy(c => c.BreachAt).Select(c => c.Card)], recused, matters, particular);
    }

    /// <summary>The cards of the cases that nobody has accepted yet and that these eyes, which belong to a team or a community, may see; nearest breach first.</summary>
    public async Task<List<byte[]>> RingingAsync(Post eyes, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = database.BeginSnapshot(connection);
        return [.. (await NearestAsync(connection, transaction, eyes, "state = 'ringing'", ct)).Select(c => c.Card)];
    }

    /// <summary>The board: epoch, head, number of open cases, as many of them as requested, nearest breach first, and the open matters of other kinds, at one instant.</summary>
    public async Task<(string Epoch, long Seq, int Total, List<byte[]> Cards, List<byte[]> Matters)> ReadBoardAsync(Sight sight, int limit, CancellationToken ct)
    {
        var eyes = sight.Eyes ?? throw new ArgumentException("A board needs an account with a sight.", nameof(sight));
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = database.BeginSnapshot(connection);
        await using var askHead = Command(connection, transaction, "SELECT epoch, seq FROM head");
        await using var head = await askHead.ExecuteReaderAsync(ct);
        await head.ReadAsync(ct);
        var (epoch, seq) = (head.GetString(0), head.GetInt64(1));
        await head.CloseAsync();
        var street = eyes.Kind is PostKind.StreetDesk or PostKind.Leader;
        var where = $"is_open = 1 AND {Sight.NotHidden}" + (street ? string.Empty : " AND community = @community");
        // An index counts the open cases and another the few hidden ones: no row is fetched.
        var (all, hidden) = street ? (string.Empty, string.Empty) : (" AND community = @community", " AND community || '' = @community");
        await using var count = Command(
            connection, transaction, $"SELECT (SELECT COUNT(*) FROM calls WHERE is_open = 1{all}) - (SELECT COUNT(*) FROM calls WHERE is_open = 1 AND recused > '' AND NOT {Sight.NotHidden}{hidden})");
        Bind(count, "@sight", Sight.MarkOf(eyes));
        if (!street) Bind(count, "@community", eyes.Community?.Value);
        var total = Convert.ToInt32(await count.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
        var (matters, _) = await MattersAsync(connection, transaction, eyes, ct);
        return (epoch, seq, total, await CardsAsync(connection, transaction, eyes, where, limit, ct), matters);
    }

    /// <summary>The nearest breaches in one part of what a team or a community may see. A team may cover a grid in another community.</summary>
    private async Task<IEnumerable<(long BreachAt, byte[] Card)>> NearestAsync(DbConnection connection, DbTransaction transaction, Post eyes, string part, CancellationToken ct)
    {
        HashSet<string> communities = [.. eyes.Team is { } team ? streets.CommunitiesOf(team) : []];
        if (eyes.Community is { } own) communities.Add(own.Value);
        var found = new List<(long BreachAt, byte[] Card)>();
        foreach (var community in communities) await NearestAsync(connection, transaction, eyes, part, community, [], found, ct);
        if (eyes.Team is not null) await NearestAsync(connection, transaction, eyes, part, null, communities, found, ct);
        return found.OrderBy(c => c.BreachAt).Take(Limit);
    }

    /// <summary>
    /// Adds the nearest breaches in one part of a community that these eyes may see; without a community, those of cases worked on by a team from elsewhere,
    /// except in the communities already read. Pages, each starting where the last ended, so cards that are not shown are not
    /// fetched, however many cases are open.
    /// </summary>
    private static async Task NearestAsync(DbConnection connection, DbTransaction transaction, Post eyes, string part, string? community, IReadOnlyCollection<string> read, List<(long BreachAt, byte[] Card)> found, CancellationToken ct)
    {
        var (breachAt, no) = (long.MinValue, string.Empty);
        for (var (left, rows) = (Limit, Page); left > 0 && rows == Page;)
        {
            await using var command = Command(
                connection,
                transaction,
                $"SELECT breach_at, no, card, audience, community FROM calls WHERE is_open = 1 AND {part} AND {(community is null ? "abroad = 1" : "community = @community")} AND (breach_at, no) > (@breach, @no) ORDER BY breach_at, no LIMIT {Page}");
            if (community is not null) Bind(command, "@community", community);
            Bind(command, "@breach", breachAt);
            Bind(command, "@no", no);
            await using var reader = await command.ExecuteReaderAsync(ct);
            for (rows = 0; await reader.ReadAsync(ct); rows++)
            {
                (breachAt, no) = (reader.GetInt64(0), reader.GetString(1));
                if (left <= 0 || (community is null && read.Contains(reader.GetString(4))) || !AudienceText.Read(reader.GetString(3)).Includes(eyes)) continue;
                found.Add((breachAt, Encoding.UTF8.GetBytes(reader.GetString(2))));
                left--;
            }
        }
    }

    /// <summary>The open matters of other kinds that these eyes may see, nearest breach first, and who may see those that not everybody alike may.</summary>
    private static async Task<(List<byte[]> Cards, List<Audience> Particular)> MattersAsync(DbConnection connection, DbTransaction transaction, Post eyes, CancellationToken ct)
    {
        await using var command = Command(connection, transaction, "SELECT card, audience FROM matters WHERE is_open = 1 ORDER BY breach_at, no");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (cards, particular) = (new List<byte[]>(), new List<Audience>());
        while (await reader.ReadAsync(ct))
        {
            var audience = AudienceText.Read(reader.GetString(1));
            if (audience.IsParticular) particular.Add(audience);
            if (cards.Count < Limit && audience.Includes(eyes)) cards.Add(Encoding.UTF8.GetBytes(reader.GetString(0)));
        }

        return (cards, particular);
    }

    private static async Task<HashSet<PostId>> RecusedAsync(DbConnection connection, DbTransaction transaction, CancellationToken ct)
    {
        await using var command = Command(connection, transaction, "SELECT recused FROM calls WHERE is_open = 1 AND recused > ''");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var posts = new HashSet<PostId>();
        while (await reader.ReadAsync(ct))
            foreach (var post in reader.GetString(0).Split(',', StringSplitOptions.RemoveEmptyEntries)) posts.Add(new PostId(post));
        return posts;
    }

    /// <summary>Grave cases first, as long as there is room; then all sorted by breach.</summary>
    private static async Task<List<byte[]>> CardsAsync(DbConnection connection, DbTransaction transaction, Post eyes, string where, int limit, CancellationToken ct)
    {
        var cards = new List<(long BreachAt, long OpenedAt, byte[] Card)>();
        foreach (var part in Parts)
        {
            await using var list = Command(connection, transaction, $"SELECT breach_at, opened_at, card FROM calls WHERE {where} AND {part} ORDER BY breach_at, opened_at LIMIT @limit");
            Bind(list, "@limit", (long)limit - cards.Count);
            Bind(list, "@sight", Sight.MarkOf(eyes));
            if (where.Contains("@community", StringComparison.Ordinal)) Bind(list, "@community", eyes.Community?.Value);
            await using var reader = await list.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) cards.Add((reader.GetInt64(0), reader.GetInt64(1), Encoding.UTF8.GetBytes(reader.GetString(2))));
        }

        return [.. cards.OrderBy(c => c.BreachAt).ThenBy(c => c.OpenedAt).Select(c => c.Card)];
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Bind(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }
}
