using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>Where the audit chain ends, and the roots of days to publish: docs/audit-chain.md.</summary>
public sealed class ChainQueries(Database database, TimeProvider time)
{
    /// <summary>Days shown at once, and by default.</summary>
    public const int MostDays = 366, Days = 14;

    /// <summary>How long after midnight a day is still open: another node's clock may be behind.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<DateOnly, ChainDay> _over = new(); // a day that is over keeps its root

    /// <param name="from">The first day, Asia/Shanghai; by default two weeks up to <paramref name="to"/>.</param>
    /// <param name="to">The last day; by default today.</param>
    public async Task<Outcome<ChainView>> AskAsync(string? from, string? to, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToOffset(WorkCalendar.Offset);
        var (today, running) = (DateOnly.FromDateTime(now.DateTime), DateOnly.FromDateTime((now - Margin).DateTime));
        if (!Instants.TryDay(to, today, out var last) || !Instants.TryDay(from, last.AddDays(1 - Days), out var first) || last < first || last.DayNumber - first.DayNumber >= MostDays || first.Year < 2000)
            return Outcome.Bad("chain_days", MostDays).As<ChainView>();
        await using var connection = await database.OpenAsync(ct);
        await using var snapshot = database.BeginSnapshot(connection);
        var (link, hash, at) = await EndAsync(connection, snapshot, ct);
        var days = new List<ChainDay>();
        for (var day = last < today ? last : today; day >= first; day = day.AddDays(-1))
        {
            if (!_over.TryGetValue(day, out var known) && await DayAsync(connection, snapshot, day, day < running, ct) is { } made)
            {
                known = made;
                if (made.IsOver) _over.TryAdd(day, made);
            }

            if (known is not null) days.Add(known);
        }

        return new ChainView(link, hash, DateTimeOffset.FromUnixTimeMilliseconds(at), database.Chain!.Key.Fingerprint, database.Chain.Key.PublicPem, days);
    }

    /// <summary>As a table for a notice board's archive.</summary>
    public static byte[] Table(ChainView view) => Csv.Write("chain_columns", view.Days.Select(d => (IEnumerable<string>)
    [
        d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d.First.ToString(CultureInfo.InvariantCulture), d.Last.ToString(CultureInfo.InvariantCulture), d.Root, d.Hash, d.Signature, view.Fingerprint,
    ]));

    private async Task<ChainDay?> DayAsync(DbConnection connection, DbTransaction snapshot, DateOnly day, bool isOver, CancellationToken ct)
    {
        var begins = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset);
        var (first, last, hashes) = (0L, 0L, new List<byte[]>());
        await using (var ask = Command(connection, snapshot, "SELECT n, prev FROM chain WHERE at >= @from AND at < @until ORDER BY n", ("@from", begins.ToUnixTimeMilliseconds()), ("@until", begins.AddDays(1).ToUnixTimeMilliseconds())))
        await using (var reader = await ask.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                last = reader.GetInt64(0);
                if (first == 0) first = last;
                else hashes.Add(reader.GetFieldValue<byte[]>(1)); // a link's hash is held by the next
            }
        }

        if (first == 0) return null;
        await using (var ask = Command(connection, snapshot, "SELECT prev FROM chain WHERE n = @n", ("@n", last + 1)))
            hashes.Add(await ask.ExecuteScalarAsync(ct) as byte[] ?? Convert.FromHexString((await EndAsync(connection, snapshot, ct)).Hash));
        var (root, hash) = (Convert.ToHexStringLower(Root(hashes)), Convert.ToHexStringLower(hashes[^1]));
        var text = string.Create(CultureInfo.InvariantCulture, $"dispatch-chain-day-1\n{day:yyyy-MM-dd}\n{first}\n{last}\n{root}\n{hash}\n");
        return new ChainDay(day, first, last, root, hash, Convert.ToHexStringLower(database.Chain!.Key.Sign(SHA256.HashData(Encoding.ASCII.GetBytes(text)))), isOver);
    }

    /// <summary>RFC 9162, section 2.1: a node without a sibling moves up as it is.</summary>
    internal static byte[] Root(IReadOnlyList<byte[]> hashes)
    {
        var level = hashes.Select(h => SHA256.HashData([0, .. h])).ToArray();
        while (level.Length > 1) level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? SHA256.HashData([1, .. pair[0], .. pair[1]]) : pair[0])];
        return level[0];
    }

    private static async Task<(long Link, string Hash, long At)> EndAsync(DbConnection connection, DbTransaction snapshot, CancellationToken ct)
    {
        await using var ask = Command(connection, snapshot, "SELECT link, link_hash, link_at FROM head");
        await using var reader = await ask.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)) : throw new InvalidOperationException("The database has no head row.");
    }

    private static DbCommand Command(DbConnection connection, DbTransaction snapshot, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, snapshot);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
