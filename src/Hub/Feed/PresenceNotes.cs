using System.Collections.Frozen;
using System.Data.Common;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Presence through the shared database: each node records its on-duty posts from time to time, and at every beat while Redis does not
/// respond. Redis is fast but may be lost or cut off from one node; these notes prevent a post from being reported unreachable
/// then. A single process needs none.
/// </summary>
public sealed class PresenceNotes(Database database, RedisLink redis, BusSeal seal, Presence presence, TimeProvider time, ILogger<PresenceNotes> log)
{
    /// <summary>How often a node writes its note while Redis works.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How long a note shows posts as online if its node has lost Redis; it is renewed at every beat.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(45);

    /// <summary>How long a note prevents its posts from counting as unreachable: three notes, or the largest clock skew.</summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(90);

    /// <summary>The maximum of nodes read.</summary>
    private const int NodesLimit = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private DateTimeOffset _keptAt = DateTimeOffset.MinValue;
    private bool _keptAlone;

    /// <param name="Keys">The fingerprint of its keys; empty for a node of the version before.</param>
    private sealed record Note(string Node, DateTimeOffset At, bool Alone, string Keys, PostId[] Posts);

    /// <summary>Whether there may be other nodes.</summary>
    public bool AreKept => database.IsShared;

    /// <summary>Posts of other nodes with fresh notes: what is known without Redis.</summary>
    internal FrozenSet<PostId> Fresh { get; private set; } = [];

    /// <summary>Of those, the posts of nodes that have lost Redis.</summary>
    internal FrozenSet<PostId> OfTheAlone { get; private set; } = [];

    /// <summary>Posts of other nodes that still count as reachable.</summary>
    internal FrozenSet<PostId> All { get; private set; } = [];

    /// <summary>Asks before a start whether another node runs with other keys: a session of one would not be valid on the other, nor would its messages.</summary>
    /// <exception cref="SettingsException">One does.</exception>
    internal async Task CheckKeysAsync(CancellationToken ct)
    {
        if (!AreKept) return;
        await using var connection = await database.OpenAsync(ct);
        if ((await OthersAsync(connection, time.GetUtcNow(), ct)).Find(HasOtherKeys) is { } other)
            throw KeyFolder.NotShared(other.Node, CountsFor);
    }

    /// <summary>Writes this node's posts and reads the others', if due. If the database does not respond, the last reading stays.</summary>
    /// <param name="alone">Whether this node has lost Redis.</param>
    internal async Task KeepAsync(bool alone, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!AreKept || (alone == _keptAlone && now - _keptAt < (alone ? RedisLife.BeatEvery : Every))) return;
        try
        {
            await using var connection = await database.OpenAsync(ct);
            await RunAsync(
                connection,
                "INSERT INTO presence (node, at, alone, posts, keys) VALUES (@node, @at, @alone, @posts, @keys) "
                + "ON CONFLICT (node) DO UPDATE SET at = excluded.at, alone = excluded.alone, posts = excluded.posts",
                ct, ("@node", redis.Node), ("@at", now.ToUnixTimeMilliseconds()), ("@alone", alone ? 1L : 0L), ("@posts", string.Join(' ', presence.Own.Select(p => p.Value))), ("@keys", seal.Fingerprint));
            await RunAsync(connection, "DELETE FROM presence WHERE at < @old", ct, ("@old", (now - (10 * CountsFor)).ToUnixTimeMilliseconds()));
            var others = await OthersAsync(connection, now, ct);
            All = others.SelectMany(n => n.Posts).ToFrozenSet();
            Fresh = others.Where(n => n.At > now - FreshFor).SelectMany(n => n.Posts).ToFrozenSet();
            OfTheAlone = others.Where(n => n.Alone && n.At > now - FreshFor).SelectMany(n => n.Posts).ToFrozenSet();
            if (others.Find(HasOtherKeys) is { } other) HubLog.OtherKeys(log, other.Node); // both started at the same time
            (_keptAt, _keptAlone) = (now, alone);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            HubLog.PresenceNotNoted(log, e);
        }
    }

    /// <summary>This node is stopping: its posts reconnect elsewhere.</summary>
    internal async Task RemoveAsync()
    {
        if (!AreKept || _keptAt == DateTimeOffset.MinValue) return;
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await using var connection = await database.OpenAsync(limit.Token);
            await RunAsync(connection, "DELETE FROM presence WHERE node = @node", limit.Token, ("@node", redis.Node));
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or OperationCanceledException)
        {
            HubLog.PresenceNotNoted(log, e); // the note expires by itself
        }
    }

    private bool HasOtherKeys(Note note) => note.Keys.Length > 0 && note.Keys != seal.Fingerprint;

    private async Task<List<Note>> OthersAsync(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = Command(
            connection, $"SELECT node, at, alone, keys, posts FROM presence WHERE node <> @node AND at > @since ORDER BY at DESC LIMIT {NodesLimit}",
            ("@node", redis.Node), ("@since", (now - CountsFor).ToUnixTimeMilliseconds()));
        var notes = new List<Note>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            notes.Add(new Note(
                reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetInt64(2) == 1, reader.GetString(3),
                [.. reader.GetString(4).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(Presence.Limit).Select(p => new PostId(p))]));
        }

        return notes;
    }

    private static async Task RunAsync(DbConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static DbCommand Command(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
