using System.Diagnostics;
using DispatchCenter.Bench.Feed;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Bench.Durable;

/// <summary>The bare commit: the statements of a whistle at the instants at which whistles come; whatever is due goes into the next transaction.</summary>
internal sealed class CommitSide : ISide
{
    public const string Name = "commit";

    private const int SampleRows = 2_000;

    private readonly Database _database;
    private readonly List<WhistleRows> _rows;
    private long _seq;

    private CommitSide(Database database, List<WhistleRows> rows) => (_database, _rows) = (database, rows);

    /// <param name="args">A folder with a copy of the street without a case, and the file with the changes.</param>
    public static async Task<ISide> OpenAsync(string[] args)
    {
        using var changes = SqliteDatabase.Take(args[1], Modules.All);
        return new CommitSide(SqliteDatabase.Take(Path.Combine(args[0], "dispatch.db"), Modules.All), await WhistleRows.ReadAsync(changes, SampleRows));
    }

    public async Task<string> DoAsync(string command, string[] words) => command switch
    {
        "commit" => Commit(await Arrivals.ReadAsync(words[0])),
        _ => throw new ArgumentException($"Unknown command {command}.", nameof(command)),
    };

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns>p99 in milliseconds from due to committed. Between transactions it spins, so that no timer adds to the floor.</returns>
    private string Commit(Arrivals arrivals)
    {
        using var connection = _database.Open();
        var writer = new RawRows(connection);
        var due = arrivals.Due();
        var late = new double[due.Length];
        for (var k = 0; k < due.Length;)
        {
            var (now, first) = (Stopwatch.GetTimestamp(), k);
            if (due[k] > now) continue;
            using var transaction = _database.BeginWrite(connection);
            for (; k < due.Length && due[k] <= now; k++) writer.Write(transaction, _rows[(int)(++_seq % _rows.Count)].Again(_seq));
            writer.WriteHead(transaction, _seq);
            transaction.Commit();
            var committed = Stopwatch.GetTimestamp();
            for (var i = first; i < k; i++) late[i] = Stopwatch.GetElapsedTime(due[i], committed).TotalMilliseconds;
        }

        return Report.Number(Report.Percentile(late, 0.99));
    }
}
