using System.Data.Common;

namespace DispatchCenter.Bench.Durable;

/// <summary>What one whistle writes, through prepared statements on one connection.</summary>
internal sealed class RawRows
{
    private readonly Insert _call, _entry, _key, _words, _caller;
    private readonly DbCommand _head;
    private readonly DbParameter _headSeq;

    public RawRows(DbConnection connection)
    {
        _call = new Insert(connection, "calls", "no, version, state, level, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, body, card");
        _entry = new Insert(connection, "journal", "seq, call_no, version, at, by_post, what, answer, due, detail, audience, audience_before, card, command");
        _key = new Insert(connection, "idempotency", "scope, key, hash, call_no, at");
        _words = new Insert(connection, "words", "call_no, version, kind, by_post, at, words");
        _caller = new Insert(connection, "callers", "call_no, name, phone, place, phone_hash");
        _head = connection.CreateCommand();
        _head.CommandText = "UPDATE head SET seq = @seq";
        _headSeq = _head.CreateParameter();
        _headSeq.ParameterName = "@seq";
        _head.Parameters.Add(_headSeq);
    }

    public void Write(DbTransaction transaction, WhistleRows w)
    {
        _call.Run(transaction, w.Call.No, w.Call.Version, w.Call.State, w.Call.Level, w.Call.Community, w.Call.Grid, w.Call.IsOpen ? 1L : 0L, Ms(w.Call.NextDue), Ms(w.Call.BreachAt),
            Ms(w.Call.OpenedAt), w.Call.Tracking.Stored, w.Call.Audience, w.Call.Body, w.Call.Card);
        _entry.Run(transaction, w.Entry.Seq, w.Entry.CallNo, w.Entry.Version, Ms(w.Entry.At), w.Entry.ByPost, w.Entry.What, w.Entry.Answer, Ms(w.Entry.Due), w.Entry.Detail,
            w.Entry.Audience, w.Entry.AudienceBefore, w.Entry.Card, w.Entry.Command);
        _key.Run(transaction, w.Key.Scope, w.Key.Key, w.Key.Hash, w.Key.CallNo, Ms(w.Key.At));
        _words.Run(transaction, w.Words.CallNo, w.Words.Version, w.Words.Kind, w.Words.ByPost, Ms(w.Words.At), w.Words.Words.Stored);
        _caller.Run(transaction, w.Caller.CallNo, w.Caller.Name?.Stored, w.Caller.Phone?.Stored, w.Caller.Place?.Stored, w.Caller.PhoneHash);
    }

    /// <summary>The head's number, before the commit.</summary>
    public void WriteHead(DbTransaction transaction, long seq)
    {
        _headSeq.Value = seq;
        _head.Transaction = transaction;
        _head.ExecuteNonQuery();
    }

    private static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    /// <summary>One prepared statement.</summary>
    private sealed class Insert
    {
        private readonly DbCommand _command;
        private readonly DbParameter[] _parameters;

        public Insert(DbConnection connection, string table, string columns)
        {
            var names = columns.Split(", ");
            _command = connection.CreateCommand();
            _command.CommandText = $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", names.Select(n => $"@{n}"))})";
            _parameters = [.. names.Select(n =>
            {
                var parameter = _command.CreateParameter();
                parameter.ParameterName = $"@{n}";
                _command.Parameters.Add(parameter);
                return parameter;
            })];
            _command.Prepare();
        }

        public void Run(DbTransaction transaction, params ReadOnlySpan<object?> values)
        {
            for (var i = 0; i < values.Length; i++) _parameters[i].Value = values[i] ?? DBNull.Value;
            _command.Transaction = transaction;
            _command.ExecuteNonQuery();
        }
    }
}
