using System.Data.Common;
using System.Diagnostics;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Bench.Clocks;

/// <summary>
/// What a deadline adds to changes of its case: the desk's update of the whole row, as many cases in a transaction as in its batches, once
/// with the deadline armed in one transaction and cancelled in the next, once with it left as it is; in turns, on the same cases.
/// </summary>
internal static class AddedDeadline
{
    /// <summary>Every column, as the desk writes them.</summary>
    private static readonly string[] Columns =
        ["version", "state", "level", "community", "grid", "is_open", "next_due", "breach_at", "opened_at", "tracking", "audience", "body", "card"];

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);

    /// <returns>Microseconds a deadline, armed and cancelled: the median over the turns of one way less the other.</returns>
    public static double Measure(Material material, TimeSpan measured, int batch)
    {
        using var database = SqliteDatabase.Take(material.Copy(), Modules.All);
        using var connection = database.Open();
        var rows = Read(connection);
        using var write = connection.CreateCommand();
        write.CommandText = $"UPDATE calls SET {string.Join(", ", Columns.Select(c => $"{c} = @{c}"))} WHERE no = @no";
        foreach (var column in (string[])["no", .. Columns])
        {
            var parameter = write.CreateParameter();
            parameter.ParameterName = $"@{column}";
            write.Parameters.Add(parameter);
        }

        write.Prepare();
        var due = 1 + Array.IndexOf(Columns, "next_due");
        var (began, differences) = (Stopwatch.GetTimestamp(), new List<double>());
        var (version, soon) = (1L, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        Clear();
        for (var turn = 0; Stopwatch.GetElapsedTime(began) < WarmUp + measured; turn++)
        {
            var from = turn * batch;
            double moving, still;
            if (turn % 2 == 0)
            {
                moving = Time(from, moves: true);
                still = Time(from, moves: false);
            }
            else
            {
                still = Time(from, moves: false);
                moving = Time(from, moves: true);
            }

            if (Stopwatch.GetElapsedTime(began) > WarmUp) differences.Add((moving - still) / batch);
        }

        return Report.Median(differences);

        // Two changes of each case of a batch, each in a transaction.
        double Time(int from, bool moves)
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var arms in (bool[])[true, false])
            {
                version++;
                using var transaction = database.BeginWrite(connection);
                write.Transaction = transaction;
                for (var i = 0; i < batch; i++)
                {
                    var row = rows[(from + i) % rows.Count];
                    for (var c = 0; c < row.Length; c++) write.Parameters[c].Value = row[c];
                    write.Parameters[1].Value = version;
                    write.Parameters[due].Value = moves && arms ? soon - from - i : DBNull.Value;
                    write.ExecuteNonQuery();
                }

                transaction.Commit();
            }

            return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        // So that a case whose deadline is left as it is has none, before and after.
        void Clear()
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE calls SET next_due = NULL";
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The number and every column of each case.</summary>
    private static List<object[]> Read(DbConnection connection)
    {
        using var ask = connection.CreateCommand();
        ask.CommandText = $"SELECT no, {string.Join(", ", Columns)} FROM calls";
        using var reader = ask.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
