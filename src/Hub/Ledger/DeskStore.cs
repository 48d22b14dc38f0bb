using System.Data.Common;
using System.Globalization;
using System.Text;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The street's head, read under its lock.</summary>
internal readonly record struct Head(string Epoch, long Seq, string Day, long DayCount);

/// <summary>A matter as the desk holds it during a batch.</summary>
internal sealed record Held(IMatter Matter, MatterKind Kind, string Tracking, bool IsNew)
{
    /// <summary>Who made its last change in this batch, as the journal names them.</summary>
    public string By { get; init; } = string.Empty;
}

/// <summary>
/// The desk's own connection with its prepared statements, in plain SQL that both SQLite and PostgreSQL understand. The columns are
/// those of <see cref="Rows"/>; EF reads what is written here. If the driver can send several statements in one message, writes are held back
/// until <see cref="Flush"/>, so a batch costs a few round trips, however many rows it has.
/// </summary>
internal sealed class DeskStore : IDisposable
{
    /// <summary>A few pages: a disk with room for one byte has no room for a whistle.</summary>
    private static readonly string Room = new('.', 16 * 1024);

    private readonly Database _database;
    private readonly DbConnection _connection;
    private readonly Dictionary<string, DbCommand> _commands = [];
    private readonly DbBatch? _queued;
    private DbTransaction? _transaction;

    public DeskStore(Database database)
    {
        _database = database;
        _connection = database.Open();
        if (_connection.CanCreateBatch) _queued = _connection.CreateBatch();
    }

    /// <summary>Begins a batch: takes the write lock and reads the head.</summary>
    public Head Begin()
    {
        _transaction = _database.BeginWrite(_connection);
        using var reader = Command("SELECT epoch, seq, day, day_count FROM head" + _database.HeadLock).ExecuteReader();
        return reader.Read()
            ? new Head(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3))
            : throw new InvalidOperationException("The database has no head row.");
    }

    /// <summary>Sends the pending writes, the new head last. If this fails, nothing has been committed.</summary>
    public void Flush(Head head)
    {
        Run("UPDATE head SET seq = @seq, day = @day, day_count = @count", ("@seq", head.Seq), ("@day", head.Day), ("@count", head.DayCount));
        Flush();
    }

    /// <summary>If this fails, the commit may still have taken effect.</summary>
    public void Commit()
    {
        _transaction!.Commit();
        End();
    }

    /// <summary>Begins, writes and commits about as much as a whistle does, to a row that nothing reads.</summary>
    public void TryCommit(DateTimeOffset at)
    {
        Begin();
        Run("INSERT INTO ready (id, at, room) VALUES (1, @at, @room) ON CONFLICT (id) DO UPDATE SET at = excluded.at, room = excluded.room", ("@at", at.ToUnixTimeMilliseconds()), ("@room", Room));
        Flush();
        Commit();
    }

    public void Rollback()
    {
        try
        {
            _transaction?.Rollback();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // The database has already rolled back (a full disk, a lost connection): the transaction is gone, as intended.
        }
        finally
        {
            End();
        }
    }

    /// <summary>The matters with these numbers, in one query for each kind.</summary>
    public Dictionary<string, Held> Load(IReadOnlyCollection<string> numbers)
    {
        var found = new Dictionary<string, Held>(numbers.Count);
        foreach (var kind in MatterKinds.All) Load(kind, [.. numbers.Where(no => MatterKinds.Of(no) == kind)], found);
        return found;
    }

    /// <summary>What these keys were used for since <paramref name="notBefore"/>; unused keys are left out.</summary>
    public Dictionary<(string Scope, string Key), (string Hash, string CallNo)> FindKeys(IReadOnlyCollection<RequestKey> keys, DateTimeOffset notBefore)
    {
        const string Ask = "SELECT hash, call_no FROM idempotency WHERE scope = @scope AND key = @key AND at >= @at";
        var found = new Dictionary<(string, string), (string, string)>(keys.Count);
        var at = notBefore.ToUnixTimeMilliseconds();
        if (_queued is not null && keys.Count > 0)
        {
            foreach (var key in keys) Queue(Ask, ("@scope", key.Scope), ("@key", key.Key), ("@at", at));
            _queued.Transaction = _transaction;
            using var reader = _queued.ExecuteReader();
            foreach (var key in keys)
            {
                if (reader.Read()) found[(key.Scope, key.Key)] = (reader.GetString(0), reader.GetString(1));
                reader.NextResult();
            }

            _queued.BatchCommands.Clear();
            return found;
        }

        foreach (var key in keys)
        {
            using var reader = Command(Ask, ("@scope", key.Scope), ("@key", key.Key), ("@at", at)).ExecuteReader();
            if (reader.Read()) found[(key.Scope, key.Key)] = (reader.GetString(0), reader.GetString(1));
        }

        return found;
    }

    public void SaveKey(RequestKey key, string callNo, DateTimeOffset at) => Run(
        "INSERT INTO idempotency (scope, key, hash, call_no, at) VALUES (@scope, @key, @hash, @no, @at) "
        + "ON CONFLICT (scope, key) DO UPDATE SET hash = excluded.hash, call_no = excluded.call_no, at = excluded.at",
        ("@scope", key.Scope), ("@key", key.Key), ("@hash", key.Hash), ("@no", callNo), ("@at", at.ToUnixTimeMilliseconds()));

    public void SaveCall(Held held, string card)
    {
        var call = (WhistleCall)held.Matter;
        const string Insert =
            "INSERT INTO calls (no, version, state, level, community, grid, is_open, abroad, next_due, breach_at, opened_at, tracking, audience, recused, body, card) "
            + "VALUES (@no, @version, @state, @level, @community, @grid, @open, @abroad, @due, @breach, @opened, @tracking, @audience, @recused, @body, @card)";
        const string Update =
            "UPDATE calls SET version = @version, state = @state, level = @level, community = @community, grid = @grid, is_open = @open, abroad = @abroad, "
            + "next_due = @due, breach_at = @breach, opened_at = @opened, tracking = @tracking, audience = @audience, recused = @recused, body = @body, card = @card WHERE no = @no";
        Run(held.IsNew ? Insert : Update,
            ("@no", call.No.Value), ("@version", call.Version), ("@state", Names.Of(call.State)), ("@level", call.Level.ToString()),
            ("@community", call.Community.Value), ("@grid", call.Grid.Value), ("@open", call.IsOpen ? 1L : 0L), ("@abroad", call.Abroad ? 1L : 0L),
            ("@due", call.NextDue?.ToUnixTimeMilliseconds()), ("@breach", Breach(call)),
            ("@opened", call.OpenedAt.ToUnixTimeMilliseconds()), ("@tracking", held.Tracking),
            ("@audience", AudienceText.Write(call.Audience)), ("@recused", AudienceText.Recused(call.Recusal)), ("@body", CallJson.Write(call)), ("@card", card));
    }

    public void SaveMatter(Held held, string kind, string body, string card)
    {
        var matter = (Proceeding)held.Matter;
        const string Insert =
            "INSERT INTO matters (no, kind, procedure, version, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, recused, parent, asked, body, card) "
            + "VALUES (@no, @kind, @procedure, @version, @community, @grid, @open, @due, @breach, @opened, @tracking, @audience, @recused, @parent, @asked, @body, @card)";
        const string Update =
            "UPDATE matters SET version = @version, is_open = @open, next_due = @due, breach_at = @breach, audience = @audience, recused = @recused, asked = @asked, body = @body, card = @card WHERE no = @no";
        ReadOnlySpan<(string, object?)> changing =
        [
            ("@no", matter.No.Value), ("@version", matter.Version), ("@open", matter.IsOpen ? 1L : 0L), ("@due", matter.NextDue?.ToUnixTimeMilliseconds()), ("@breach", Breach(matter)),
            ("@audience", AudienceText.Write(matter.Audience)), ("@recused", AudienceText.Recused(matter.Recusal)), ("@asked", AudienceText.Asked(matter)), ("@body", body), ("@card", card),
        ];
        if (!held.IsNew) Run(Update, changing);
        else Run(Insert,
        [
            .. changing, ("@kind", kind), ("@procedure", matter.Procedure), ("@community", matter.Community.Value), ("@grid", matter.Grid?.Value), ("@opened", matter.OpenedAt.ToUnixTimeMilliseconds()),
            ("@tracking", held.Tracking), ("@parent", matter.Parent?.Value),
        ]);
    }

    /// <summary>The sort key of boards; an open case that owes nothing at the moment sorts last, on every database.</summary>
    private static long? Breach(IMatter matter) => !matter.IsOpen ? null : (matter.BreachAt ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds();

    public void SaveEntry(JournalEntry entry, string card, string command)
    {
        const string Columns = "INSERT INTO journal (seq, call_no, version, at, by_post, what, answer, due, detail, audience, audience_before, card, command";
        const string Values = ") VALUES (@seq, @no, @version, @at, @by, @what, @answer, @due, @detail, @audience, @before, @card, @command";
        ReadOnlySpan<(string, object?)> values =
        [
            ("@seq", entry.Seq), ("@no", entry.CallNo), ("@version", entry.Version), ("@at", entry.At.ToUnixTimeMilliseconds()), ("@by", entry.By),
            ("@what", entry.What), ("@answer", entry.Answer), ("@due", entry.Due?.ToUnixTimeMilliseconds()), ("@detail", Details.Write(entry.Detail)),
            ("@audience", AudienceText.Write(entry.Audience)), ("@before", ReferenceEquals(entry.Before, entry.Audience) ? null : AudienceText.Write(entry.Before)),
            ("@card", card), ("@command", command),
        ];
        if (entry.IsWhistle) Run(Columns + Values + ")", values);
        else Run(Columns + ", kind" + Values + ", @kind)", [.. values, ("@kind", entry.Kind)]);
    }

    public void SaveWords(string callNo, int version, string by, DateTimeOffset at, CallWords words) => Run(
        "INSERT INTO words (call_no, version, kind, by_post, at, words) VALUES (@no, @version, @kind, @by, @at, @words)",
        ("@no", callNo), ("@version", version), ("@kind", words.Kind), ("@by", by), ("@at", at.ToUnixTimeMilliseconds()), ("@words", words.Text));

    /// <summary>Ties uploaded photos to a case; a photo already tied, or gone, is left alone.</summary>
    public void SavePhotos(string callNo, int version, string by, CallPhotos photos)
    {
        foreach (var id in photos.Ids)
            Run("UPDATE photos SET call_no = @no, version = @version, kind = @kind, by_post = @by WHERE id = @id AND call_no IS NULL",
                ("@no", callNo), ("@version", version), ("@kind", photos.Kind), ("@by", by), ("@id", id));
    }

    public void SaveCaller(string callNo, Caller caller) => Run(
        "INSERT INTO callers (call_no, name, phone, lat, lon, datum) VALUES (@no, @name, @phone, @lat, @lon, @datum)",
        ("@no", callNo), ("@name", caller.Name), ("@phone", caller.Phone), ("@lat", caller.Lat), ("@lon", caller.Lon), ("@datum", caller.Datum));

    public void SaveNotice(Notice notice, DateTimeOffset now) => Run(
        "INSERT INTO outbox (key, channel, address, lane, call_no, event, level, category, grid, subject, detail, until_accepted, state, why, not_before, next_at, lease_until, attempts, created_at) "
        + "VALUES (@key, @channel, @address, @lane, @no, @event, @level, @category, @grid, '', '', @until, 'waiting', '', @due, @due, 0, 0, @at)",
        ("@key", Notice.NewKey()), ("@channel", notice.Channel), ("@address", notice.Address), ("@lane", notice.Lane), ("@no", notice.CallNo),
        ("@event", notice.Event), ("@level", notice.Level), ("@category", notice.Category), ("@grid", notice.Grid), ("@until", notice.UntilAccepted ? 1L : 0L),
        ("@due", notice.NotBefore.ToUnixTimeMilliseconds()), ("@at", now.ToUnixTimeMilliseconds()));

    /// <summary>Cancels the notices that are pointless once the case is accepted, for one address or for all.</summary>
    public void CancelNotices(string callNo, string? address, DateTimeOffset now) => Run(
        "UPDATE outbox SET state = 'cancelled', done_at = @at WHERE call_no = @no AND state = 'waiting' AND until_accepted = 1 AND (@address = '' OR address = @address OR detail = @address)",
        ("@at", now.ToUnixTimeMilliseconds()), ("@no", callNo), ("@address", address ?? string.Empty));

    /// <summary>
    /// Whether a commit of unknown outcome took effect: the entry at its first sequence number carries its command. Asked under the head's lock,
    /// so a transaction that the server is still finishing has finished.
    /// </summary>
    public bool Committed(long seq, string command)
    {
        Begin();
        try
        {
            return Convert.ToString(Command("SELECT command FROM journal WHERE seq = @seq", ("@seq", seq)).ExecuteScalar(), CultureInfo.InvariantCulture) == command;
        }
        finally
        {
            Rollback();
        }
    }

    public void Dispose()
    {
        End();
        _queued?.Dispose();
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private void Load(MatterKind kind, string[] numbers, Dictionary<string, Held> found)
    {
        if (numbers.Length == 0) return;
        var parameters = numbers.Select((no, i) => ($"@n{i}", (object?)no)).ToArray();
        var list = new StringBuilder($"SELECT no, body, tracking FROM {kind.Table} WHERE no IN (").AppendJoin(',', parameters.Select(p => p.Item1)).Append(')').Append(kind.Understood);
        using var command = Prepare(list.ToString(), parameters);
        command.Transaction = _transaction;
        using var reader = command.ExecuteReader();
        while (reader.Read()) found.Add(reader.GetString(0), new Held(kind.Read(reader.GetString(1)), kind, reader.GetString(2), IsNew: false));
    }

    private void End()
    {
        _queued?.BatchCommands.Clear();
        try
        {
            _transaction?.Dispose();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // As in Rollback: the transaction is gone with its connection.
        }

        _transaction = null;
    }

    private void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (_queued is null) Command(sql, parameters).ExecuteNonQuery();
        else Queue(sql, parameters);
    }

    private void Queue(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _queued!.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        _queued.BatchCommands.Add(command);
    }

    private void Flush()
    {
        if (_queued is not { BatchCommands.Count: > 0 }) return;
        _queued.Transaction = _transaction;
        _queued.ExecuteNonQuery();
        _queued.BatchCommands.Clear();
    }

    private DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command)) _commands.Add(sql, command = Prepare(sql, parameters));
        else
            for (var i = 0; i < parameters.Length; i++) command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        command.Transaction = _transaction;
        return command;
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) Bind(command, name, value);
        return command;
    }

    private static void Bind(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
