using System.Data.Common;
using DispatchCenter.Hub.Storage;

namespace DispatchCenter.Bench.Durable;

/// <summary>The floor: one loop that writes the same rows through prepared statements on one connection, the same number in a transaction; no callers, no decisions, no JSON.</summary>
internal sealed class RawArm(Database database, IReadOnlyList<WhistleRows> rows, int batch)
{
    public Task<Run> RunAsync(Stretch stretch) => stretch.MeasureAsync(() => { }, () => batch, Task.Run(() =>
    {
        using var connection = database.Open();
        var call = new Insert(connection, "calls", "no, version, state, level, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, body, card");
        var entry = new Insert(connection, "journal", "seq, call_no, version, at, by_post, what, answer, due, detail, audience, audience_before, card, command");
        var key = new Insert(connection, "idempotency", "scope, key, hash, call_no, at");
        var words = new Insert(connection, "words", "call_no, version, kind, by_post, at, words");
        var caller = new Insert(connection, "callers", "call_no, name, phone, lat, lon, datum");
        using var head = connection.CreateCommand();
        head.CommandText = "UPDATE head SET seq = @seq";
        var headSeq = head.CreateParameter();
        headSeq.ParameterName = "@seq";
        head.Parameters.Add(headSeq);
        var seq = 0L;
        while (!stretch.IsOver)
        {
            using var transaction = database.BeginWrite(connection);
            for (var i = 0; i < batch; i++)
            {
                seq++;
                var w = rows[(int)(seq % rows.Count)].Again(seq);
                call.Run(transaction, w.Call.No, w.Call.Version, w.Call.State, w.Call.Level, w.Call.Community, w.Call.Grid, w.Call.IsOpen ? 1L : 0L, Ms(w.Call.NextDue), Ms(w.Call.BreachAt),
                    Ms(w.Call.OpenedAt), w.Call.Tracking, w.Call.Audience, w.Call.Body, w.Call.Card);
                entry.Run(transaction, w.Entry.Seq, w.Entry.CallNo, w.Entry.Version, Ms(w.Entry.At), w.Entry.ByPost, w.Entry.What, w.Entry.Answer, Ms(w.Entry.Due), w.Entry.Detail,
                    w.Entry.Audience, w.Entry.AudienceBefore, w.Entry.Card, w.Entry.Command);
                key.Run(transaction, w.Key.Scope, w.Key.Key, w.Key.Hash, w.Key.CallNo, Ms(w.Key.At));
                words.Run(transaction, w.Words.CallNo, w.Words.Version, w.Words.Kind, w.Words.ByPost, Ms(w.Words.At), w.Words.Words);
                caller.Run(transaction, w.Caller.CallNo, w.Caller.Name, w.Caller.Phone, w.Caller.Lat, w.Caller.Lon, w.Caller.Datum);
            }

            headSeq.Value = seq;
            head.Transaction = transaction;
            head.ExecuteNonQuery();
            transaction.Commit();
            for (var i = 0; i < batch; i++) stretch.Count();
        }
    }));

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
