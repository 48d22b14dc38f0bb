using System.Data.Common;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The statements of the desk on its connection. What it writes is held back until <see cref="Flush"/>: if the driver can send several statements in one message, a batch
/// costs a few round trips, however many rows it has; otherwise they run one by one while the desk's rows are made beside them.
/// </summary>
internal sealed class DeskStatements : IDisposable
{
    private readonly DbConnection _connection;
    private readonly Dictionary<string, DbCommand> _prepared = [];
    private readonly DbBatch? _message; // null if the driver sends one statement at a time
    private readonly List<(string Sql, (string Name, object? Value)[] Values, DeskLeaves.Part? Part)> _waiting = [];

    public DeskStatements(DbConnection connection)
    {
        _connection = connection;
        if (connection.CanCreateBatch) _message = connection.CreateBatch();
    }

    public DbTransaction? Transaction { get; set; }

    /// <summary>Whether many statements go in one message.</summary>
    public bool SendsMany => _message is not null;

    /// <summary>Runs a statement at the next flush.</summary>
    /// <param name="part">Its values are complete once this is.</param>
    public void Run(string sql, (string Name, object? Value)[] values, DeskLeaves.Part? part = null) => _waiting.Add((sql, values, part));

    public void Flush()
    {
        foreach (var (sql, values, part) in _waiting)
        {
            part?.Wait();
            if (_message is null) Ask(sql, values).ExecuteNonQuery();
            else Add(sql, values);
        }

        _waiting.Clear();
        if (_message is not { BatchCommands.Count: > 0 }) return;
        _message.Transaction = Transaction;
        _message.ExecuteNonQuery();
        _message.BatchCommands.Clear();
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        _message?.BatchCommands.Clear();
        _waiting.Clear();
    }

    /// <summary>A statement that is kept prepared, ready to run now.</summary>
    public DbCommand Ask(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out var command)) _prepared.Add(sql, command = Once(sql, values));
        else
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        command.Transaction = Transaction;
        return command;
    }

    /// <summary>A statement for one use.</summary>
    public DbCommand Once(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, Transaction);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>The first row of each answer to one question asked with several values, in their order; null where there is none.</summary>
    public IReadOnlyList<T?> EachFirst<T>(string sql, IEnumerable<(string Name, object? Value)[]> questions, Func<DbDataReader, T> read) where T : class
    {
        var found = new List<T?>();
        if (_message is null)
        {
            foreach (var values in questions)
            {
                using var one = Ask(sql, values).ExecuteReader();
                found.Add(one.Read() ? read(one) : null);
            }

            return found;
        }

        foreach (var values in questions) Add(sql, values);
        if (_message.BatchCommands.Count == 0) return found;
        _message.Transaction = Transaction;
        using (var all = _message.ExecuteReader())
            do
                found.Add(all.Read() ? read(all) : null);
            while (all.NextResult());
        _message.BatchCommands.Clear();
        return found;
    }

    public void Dispose()
    {
        _message?.Dispose();
        foreach (var command in _prepared.Values) command.Dispose();
        _connection.Dispose();
    }

    private void Add(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _message!.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        _message.BatchCommands.Add(command);
    }
}
