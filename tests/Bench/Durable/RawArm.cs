using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Bench.Durable;

/// <summary>The floor: one loop that writes the same rows through prepared statements on one connection, the same number in a transaction; no callers, no decisions, no JSON.</summary>
internal sealed class RawArm(Database database, IReadOnlyList<WhistleRows> rows, int batch)
{
    public Task<Run> RunAsync(Stretch stretch) => stretch.MeasureAsync(() => { }, () => batch, Task.Run(() =>
    {
        using var connection = database.Open();
        var writer = new RawRows(connection);
        var seq = 0L;
        while (!stretch.IsOver)
        {
            using var transaction = database.BeginWrite(connection);
            for (var i = 0; i < batch; i++)
            {
                seq++;
                writer.Write(transaction, rows[(int)(seq % rows.Count)].Again(seq));
            }

            writer.WriteHead(transaction, seq);
            transaction.Commit();
            for (var i = 0; i < batch; i++) stretch.Count();
        }
    }));
}
