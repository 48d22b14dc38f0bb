using System.Collections.Concurrent;
using DispatchCenter.Hub.Kernel.Audit;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The leaves of a batch. In a large batch the rows are digested beside the desk, which meanwhile runs their statements: it waits for a digest only at the end.
/// </summary>
internal sealed class DeskLeaves
{
    /// <summary>Rows digested at once; fewer are digested by the desk itself.</summary>
    private const int AtOnce = 24;

    private readonly ConcurrentBag<Writer> _writers = [];
    private readonly List<Task<Writer>> _beside = [];
    private List<Row> _rows = new(AtOnce);

    private readonly record struct Row(DeskPut Put, string Key, string? Before, (string Name, object? Value)[] Values);

    /// <summary>A row that the desk writes.</summary>
    public void Add(DeskPut put, string key, string? before, (string Name, object? Value)[] values)
    {
        _rows.Add(new Row(put, key, before, values));
        if (_rows.Count < AtOnce) return;
        var rows = _rows;
        _rows = new List<Row>(AtOnce);
        _beside.Add(Task.Run(() => Digest(rows)));
    }

    /// <summary>All of them, until the next batch.</summary>
    public ChainLeaves Take()
    {
        var last = Digest(_rows);
        var all = _beside.Count == 0 ? last.Leaves : new ChainLeaves();
        foreach (var some in _beside)
        {
            var writer = some.GetAwaiter().GetResult();
            all.Add(writer.Leaves);
            _writers.Add(writer);
        }

        if (_beside.Count > 0) all.Add(last.Leaves);
        _writers.Add(last);
        return all;
    }

    /// <summary>For a new batch. What is still digested of one that failed is of no use and does no harm.</summary>
    public void Clear()
    {
        _beside.Clear();
        _rows.Clear();
    }

    private Writer Digest(List<Row> rows)
    {
        var writer = _writers.TryTake(out var used) ? used : new Writer();
        writer.Leaves.Clear();
        foreach (var row in rows) writer.Leaves.Add(row.Put.Shape.Table, row.Key, row.Before, writer.Digest.Of(row.Put.Shape, row.Put.Order, row.Values));
        return writer;
    }

    private sealed class Writer
    {
        public ChainLeaves Leaves { get; } = new();

        public RowDigest Digest { get; } = new();
    }
}
