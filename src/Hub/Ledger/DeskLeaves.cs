using DispatchCenter.Hub.Kernel.Audit;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The leaves of a batch. In a large batch the rows are digested beside the desk, which meanwhile runs their statements: it waits for a digest only at the end.
/// </summary>
internal sealed class DeskLeaves
{
    /// <summary>Rows digested at once; fewer are digested by the desk itself.</summary>
    private const int AtOnce = 64;

    private readonly List<Task<ChainLeaves>> _beside = [];
    private List<Row> _rows = new(AtOnce);

    private readonly record struct Row(DeskPut Put, string Key, string? Before, (string Name, object? Value)[] Values);

    /// <summary>A row that the desk writes.</summary>
    public void Add(DeskPut put, string key, string? before, ReadOnlySpan<(string Name, object? Value)> values)
    {
        _rows.Add(new Row(put, key, before, values.ToArray()));
        if (_rows.Count < AtOnce) return;
        var rows = _rows;
        _rows = new List<Row>(AtOnce);
        _beside.Add(Task.Run(() => Digest(rows)));
    }

    /// <summary>All of them.</summary>
    public ChainLeaves Take()
    {
        var all = Digest(_rows);
        foreach (var some in _beside) all.Add(some.GetAwaiter().GetResult());
        return all;
    }

    /// <summary>For a new batch. What is still digested of one that failed is of no use and does no harm.</summary>
    public void Clear()
    {
        _beside.Clear();
        _rows.Clear();
    }

    private static ChainLeaves Digest(List<Row> rows)
    {
        var (leaves, digest) = (new ChainLeaves(), new RowDigest());
        foreach (var row in rows) leaves.Add(row.Put.Shape.Table, row.Key, row.Before, digest.Of(row.Put.Shape, row.Put.Order, row.Values));
        return leaves;
    }
}
