using System.Data.Common;
using System.Globalization;
using System.Text;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The desk's own connection with its prepared statements, in plain SQL that both SQLite and PostgreSQL understand. The columns are
/// those of <see cref="Rows"/>; EF reads what is written here. Writes are held back until <see cref="Flush"/>. Each protected row is a leaf of the batch's link in the audit
/// chain; persons, words and codes are encrypted, and rows digested, beside the desk.
/// </summary>
internal sealed class DeskStore : IDisposable
{
    /// <summary>A few pages: a disk with room for one byte has no room for a whistle.</summary>
    private static readonly string Room = new('.', 16 * 1024);

    private readonly Database _database;
    private readonly AuditChain _chain;
    private readonly DataKeys _keys;
    private readonly DbConnection _connection;
    private readonly DeskStatements _sql;
    private readonly Dictionary<(string Table, bool IsNew), DeskPut> _puts = [];
    private readonly DeskLeaves _leaves = new();
    private readonly RowDigest _digest = new();
    private readonly HashSet<string> _tied = []; // the photos that this batch has tied
    private ChainEnd _end;
    private string? _headWas;

    public DeskStore(Database database)
    {
        _database = database;
        _chain = database.Chain ?? throw new InvalidOperationException("The audit chain is not open yet.");
        _keys = database.DataKeys;
        _connection = database.Open();
        _sql = new DeskStatements(_connection);
    }

    /// <summary>Begins a batch: takes the write lock and reads the head.</summary>
    public Head Begin()
    {
        _leaves.Clear();
        _tied.Clear();
        _sql.Transaction = _database.BeginWrite(_connection);
        using var reader = _sql.Ask("SELECT street, epoch, seq, day, day_count, link, link_hash, link_at FROM head" + _database.HeadLock).ExecuteReader();
        if (!reader.Read()) throw new InvalidOperationException("The database has no head row.");
        var head = new Head(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt64(4));
        _end = new ChainEnd(reader.GetInt64(5), reader.GetString(6), reader.GetInt64(7));
        _headWas = DigestOf(head);
        return head;
    }

    /// <summary>Sends the pending writes, the link and the new head last. If this fails, nothing has been committed.</summary>
    public void Flush(Head head)
    {
        _leaves.Close();
        var signing = Task.Run(() => Follow(head));
        if (!_sql.SendsMany) RunBeside(signing);
        var (link, end) = signing.GetAwaiter().GetResult(); // here, if no other thread has begun it
        Run(ChainLink.Insert, ("@n", link.N), ("@at", link.At), ("@prev", link.Prev), ("@leaves", link.Leaves), ("@signature", link.Signature));
        Run(
            "UPDATE head SET seq = @seq, day = @day, day_count = @count, link = @link, link_hash = @hash, link_at = @link_at",
            ("@seq", head.Seq), ("@day", head.Day), ("@count", head.DayCount), ("@link", end.Link), ("@hash", end.Hash), ("@link_at", end.At));
        _sql.Flush();
    }

    /// <summary>If this fails, the commit may still have taken effect.</summary>
    public void Commit()
    {
        _sql.Transaction!.Commit();
        End();
    }

    /// <summary>Begins, writes and commits about as much as a whistle does, to a row that nothing reads.</summary>
    public void TryCommit(DateTimeOffset at)
    {
        Begin();
        Run("INSERT INTO ready (id, at, room) VALUES (1, @at, @room) ON CONFLICT (id) DO UPDATE SET at = excluded.at, room = excluded.room", ("@at", at.ToUnixTimeMilliseconds()), ("@room", Room));
        _sql.Flush();
        Commit();
    }

    public void Rollback()
    {
        try
        {
            _sql.Transaction?.Rollback();
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
        var (found, at) = (new Dictionary<(string, string), (string, string)>(keys.Count), notBefore.ToUnixTimeMilliseconds());
        var used = _sql.EachFirst(Ask, keys.Select(key => ((string, object?)[])[("@scope", key.Scope), ("@key", key.Key), ("@at", at)]), row => new KeyUse(row.GetString(0), row.GetString(1)));
        foreach (var (key, use) in keys.Zip(used))
            if (use is not null) found[(key.Scope, key.Key)] = (use.Hash, use.CallNo);
        return found;
    }

    public void SaveKey(RequestKey key, string callNo, DateTimeOffset at) => Run(
        "INSERT INTO idempotency (scope, key, hash, call_no, at) VALUES (@scope, @key, @hash, @no, @at) "
        + "ON CONFLICT (scope, key) DO UPDATE SET hash = excluded.hash, call_no = excluded.call_no, at = excluded.at",
        ("@scope", key.Scope), ("@key", key.Key), ("@hash", key.Hash), ("@no", callNo), ("@at", at.ToUnixTimeMilliseconds()));

    public void SaveCall(Held held, string card)
    {
        var call = (WhistleCall)held.Matter;
        Save("calls", held.Was, call.No.Value,
            ("@no", call.No.Value), ("@version", (long)call.Version), ("@state", Names.Of(call.State)), ("@level", call.Level.ToString()),
            ("@community", call.Community.Value), ("@grid", call.Grid.Value), ("@is_open", call.IsOpen ? 1L : 0L), ("@abroad", call.Abroad ? 1L : 0L),
            ("@next_due", call.NextDue?.ToUnixTimeMilliseconds()), ("@breach_at", Breach(call)),
            ("@opened_at", call.OpenedAt.ToUnixTimeMilliseconds()), ("@tracking", Code(CallRow.TrackingColumn, held.Tracking)),
            ("@audience", AudienceText.Write(call.Audience)), ("@recused", AudienceText.Recused(call.Recusal)), ("@body", CallJson.Write(call)), ("@card", card));
    }

    public void SaveMatter(Held held, string kind, string body, string card)
    {
        var matter = (Proceeding)held.Matter;
        Save("matters", held.Was, matter.No.Value,
            ("@no", matter.No.Value), ("@kind", kind), ("@procedure", matter.Procedure), ("@version", (long)matter.Version), ("@community", matter.Community.Value), ("@grid", matter.Grid?.Value),
            ("@is_open", matter.IsOpen ? 1L : 0L), ("@next_due", matter.NextDue?.ToUnixTimeMilliseconds()), ("@breach_at", Breach(matter)), ("@opened_at", matter.OpenedAt.ToUnixTimeMilliseconds()),
            ("@tracking", Code(MatterRow.TrackingColumn, held.Tracking)), ("@audience", AudienceText.Write(matter.Audience)), ("@recused", AudienceText.Recused(matter.Recusal)), ("@parent", matter.Parent?.Value),
            ("@asked", AudienceText.Asked(matter)), ("@body", body), ("@card", card));
    }

    /// <summary>The sort key of boards; an open case that owes nothing at the moment sorts last, on every database.</summary>
    private static long? Breach(IMatter matter) => !matter.IsOpen ? null : (matter.BreachAt ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds();

    public void SaveEntry(JournalEntry entry, string card, string command) => Save("journal", null, TableShape.Name(entry.Seq),
        ("@seq", entry.Seq), ("@kind", entry.IsWhistle ? null : entry.Kind), ("@call_no", entry.CallNo), ("@version", (long)entry.Version), ("@at", entry.At.ToUnixTimeMilliseconds()), ("@by_post", entry.By),
        ("@what", entry.What), ("@answer", entry.Answer), ("@due", entry.Due?.ToUnixTimeMilliseconds()), ("@detail", Details.Write(entry.Detail)),
        ("@audience", AudienceText.Write(entry.Audience)), ("@audience_before", ReferenceEquals(entry.Before, entry.Audience) ? null : AudienceText.Write(entry.Before)),
        ("@card", card), ("@command", command));

    public void SaveWords(string callNo, int version, string by, DateTimeOffset at, CallWords words) => Save("words", null, TableShape.Name(callNo, (long)version, words.Kind),
        ("@call_no", callNo), ("@version", (long)version), ("@kind", words.Kind), ("@by_post", by), ("@at", at.ToUnixTimeMilliseconds()), ("@words", Secret(WordsRow.WordsColumn, words.Text)), ("@salt", Salt.New()));

    /// <summary>Ties uploaded photos to a case; a photo already tied, or gone, is left alone.</summary>
    public void SavePhotos(string callNo, int version, string by, CallPhotos photos)
    {
        foreach (var id in photos.Ids.Where(_tied.Add))
        {
            var shape = _chain.Tables["photos"];
            object?[] row;
            using (var reader = _sql.Ask(shape.Select + " WHERE id = @id AND call_no IS NULL", ("@id", id)).ExecuteReader())
            {
                if (!reader.Read()) continue;
                row = [.. shape.Columns.Select((_, i) => reader.IsDBNull(i) ? null : reader.GetValue(i))];
            }

            var was = _digest.Of(shape, shape.AsSelected, i => row[i]);
            Save("photos", was, TableShape.Name(id), [.. shape.Columns.Select((c, i) => ("@" + c.Name, c.Name switch
            {
                "call_no" => callNo,
                "version" => (long)version,
                "kind" => photos.Kind,
                "by_post" => by,
                _ => row[i],
            }))]);
        }
    }

    public void SaveCaller(string callNo, Caller caller, DateTimeOffset? phoneAt = null) => Save("callers", null, TableShape.Name(callNo),
        ("@call_no", callNo), ("@name", Secret(CallerRow.NameColumn, caller.Name)), ("@phone", Secret(CallerRow.PhoneColumn, caller.Phone)),
        ("@phone_hash", caller.Phone is { } phone ? new Later(() => _keys.PhoneHash(phone)) : null), ("@place", Secret(CallerRow.PlaceColumn, caller.At)),
        ("@lat", null), ("@lon", null), ("@datum", null), ("@phone_at", phoneAt?.ToUnixTimeMilliseconds()), ("@salt", Salt.New()));

    /// <summary>Keeps by whose personal link a whistle came.</summary>
    public void SaveReport(string callNo, string bearer) => Save("register_reports", null, TableShape.Name(callNo), ("@call_no", callNo), ("@bearer", bearer));

    /// <summary>Puts a number in place of the one that a caller left; null removes it. Nothing remains of the earlier one. Once per caller and transaction.</summary>
    public void ReplacePhone(string callNo, string? phone, DateTimeOffset at)
    {
        var shape = _chain.Tables["callers"];
        object?[]? row = null;
        using (var reader = _sql.Ask(shape.Select + " WHERE call_no = @call_no", ("@call_no", callNo)).ExecuteReader())
            if (reader.Read()) row = [.. shape.Columns.Select((_, i) => reader.IsDBNull(i) ? null : reader.GetValue(i))];
        if (row is null)
        {
            SaveCaller(callNo, Caller.Unknown with { Phone = phone }, at);
            return;
        }

        var was = _digest.Of(shape, shape.AsSelected, i => row[i]);
        Save("callers", was, TableShape.Name(callNo), [.. shape.Columns.Select((c, i) => ("@" + c.Name, c.Name switch
        {
            "call_no" => callNo,
            "phone" => Secret(CallerRow.PhoneColumn, phone),
            "phone_hash" => phone is null ? null : new Later(() => _keys.PhoneHash(phone)),
            "phone_at" => at.ToUnixTimeMilliseconds(),
            "salt" => Salt.New(),
            _ => row[i],
        }))]);
    }

    public void SaveNotice(Notice notice, DateTimeOffset now) => Run(
        "INSERT INTO outbox (key, channel, address, lane, call_no, event, level, category, grid, subject, detail, until_accepted, seq, version, state, why, not_before, next_at, lease_until, attempts, created_at) "
        + "VALUES (@key, @channel, @address, @lane, @no, @event, @level, @category, @grid, @subject, '', @until, @seq, @version, 'waiting', '', @due, @due, 0, 0, @at)",
        ("@key", Notice.NewKey()), ("@channel", notice.Channel), ("@address", notice.Address), ("@lane", notice.Lane), ("@no", notice.CallNo),
        ("@event", notice.Event), ("@level", notice.Level), ("@category", notice.Category), ("@grid", notice.Grid), ("@subject", notice.Subject), ("@until", notice.UntilAccepted ? 1L : 0L), ("@seq", notice.Seq), ("@version", notice.Version),
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
            return Convert.ToString(_sql.Ask("SELECT command FROM journal WHERE seq = @seq", ("@seq", seq)).ExecuteScalar(), CultureInfo.InvariantCulture) == command;
        }
        finally
        {
            Rollback();
        }
    }

    public void Dispose()
    {
        End();
        _sql.Dispose();
    }

    private void Load(MatterKind kind, string[] numbers, Dictionary<string, Held> found)
    {
        if (numbers.Length == 0) return;
        var parameters = numbers.Select((no, i) => ($"@n{i}", (object?)no)).ToArray();
        var shape = _chain.Tables[kind.Table];
        var list = new StringBuilder(shape.Select).Append(" WHERE no IN (").AppendJoin(',', parameters.Select(p => p.Item1)).Append(')').Append(kind.Understood);
        using var command = _sql.Once(list.ToString(), parameters);
        using var reader = command.ExecuteReader();
        var (no, body, tracking) = (reader.GetOrdinal("no"), reader.GetOrdinal("body"), reader.GetOrdinal("tracking"));
        while (reader.Read())
            found.Add(reader.GetString(no), new Held(kind.Read(reader.GetString(body)), kind, _keys.Decrypt(new Encrypted(kind.TrackingColumn, reader.GetString(tracking))), _digest.Of(shape, shape.AsSelected, reader.GetValue)));
    }

    private void End()
    {
        _sql.Clear();
        try
        {
            _sql.Transaction?.Dispose();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // As in Rollback: the transaction is gone with its connection.
        }

        _sql.Transaction = null;
    }

    /// <summary>What is signed meanwhile must not outlive its batch.</summary>
    private void RunBeside(Task signing)
    {
        try
        {
            _sql.Flush();
        }
        catch
        {
            Task.WaitAny(signing);
            throw;
        }
    }

    private (ChainLink Link, ChainEnd End) Follow(Head head)
    {
        var leaves = _leaves.Take();
        leaves.Add("head", head.Street, _headWas, DigestOf(head));
        return _chain.Follow(_end, leaves.Text);
    }

    private string DigestOf(Head head)
    {
        var shape = _chain.Tables["head"];
        return _digest.Of(shape, shape.AsSelected, i => shape.Columns[i].Name switch
        {
            "street" => head.Street,
            "epoch" => head.Epoch,
            "seq" => head.Seq,
            "day" => head.Day,
            "day_count" => head.DayCount,
            var other => throw new InvalidOperationException($"The head has the unknown column {other}."),
        });
    }

    private Later? Secret(string column, string? text) => text is null ? null : () => _keys.Encrypt(column, text).Stored;

    private Later Code(string column, string code) => () => _keys.EncryptCode(column, code).Stored;

    /// <summary>Inserts a protected row, or updates one that was loaded, and adds its leaf. The values are all its columns by name, the key first.</summary>
    private void Save(string table, string? was, string key, params ReadOnlySpan<(string Name, object? Value)> row)
    {
        if (!_puts.TryGetValue((table, was is null), out var put)) _puts.Add((table, was is null), put = new DeskPut(_chain.Tables[table], was is null, row));
        var values = row.ToArray();
        _sql.Run(put.Sql, values, _leaves.Add(put, key, was, values));
    }

    private void Run(string sql, params (string Name, object? Value)[] values) => _sql.Run(sql, values);

    private sealed record KeyUse(string Hash, string CallNo);
}
