using System.Collections.Concurrent;
using DispatchCenter.Hub.Kernel.Audit;

namespace DispatchCenter.Hub.Ledger;

/// <summary>A value of a row that is made beside the desk.</summary>
internal delegate string? Later();

/// <summary>
/// The protected rows of a batch, encrypted and digested beside the desk, which meanwhile decides and runs their statements: it waits only for a row whose statement comes next.
/// </summary>
internal sealed class DeskLeaves
{
    /// <summary>Rows that are taken at once.</summary>
    private const int AtOnce = 24;

    private readonly ConcurrentBag<Writer> _writers = [];
    private readonly List<Part> _parts = [];
    private Part _last = new();

    internal readonly record struct Row(DeskPut Put, string Key, string? Before, (string Name, object? Value)[] Values);

    /// <summary>A row that the desk writes; its values are complete once the part that is returned is.</summary>
    public Part Add(DeskPut put, string key, string? before, (string Name, object? Value)[] values)
    {
        var part = _last;
        part.Rows.Add(new Row(put, key, before, values));
        if (part.Rows.Count == AtOnce) Begin();
        return part;
    }

    /// <summary>There are no more.</summary>
    public void Close()
    {
        if (_last.Rows.Count > 0) Begin();
    }

    /// <summary>All of them, until the next batch.</summary>
    public ChainLeaves Take()
    {
        var all = new ChainLeaves();
        foreach (var part in _parts)
        {
            all.Add(part.Written().Leaves);
            _writers.Add(part.Written());
        }

        return all;
    }

    /// <summary>For a new batch. What is still made of one that failed is of no use and does no harm.</summary>
    public void Clear()
    {
        _parts.Clear();
        _last = new Part();
    }

    private void Begin()
    {
        var part = _last;
        part.Begin(() => Write(part.Rows));
        _parts.Add(part);
        _last = new Part();
    }

    private Writer Write(List<Row> rows)
    {
        var writer = _writers.TryTake(out var used) ? used : new Writer();
        writer.Leaves.Clear();
        foreach (var row in rows)
        {
            foreach (ref var value in row.Values.AsSpan())
                if (value.Value is Later later) value.Value = later();
            writer.Leaves.Add(row.Put.Shape.Table, row.Key, row.Before, writer.Digest.Of(row.Put.Shape, row.Put.Order, row.Values));
        }

        return writer;
    }

    /// <summary>Some rows.</summary>
    internal sealed class Part
    {
        private Task<Writer>? _made;

        internal List<Row> Rows { get; } = new(AtOnce);

        /// <summary>Waits until their values are complete; makes them here if no other thread has begun.</summary>
        public void Wait() => Written();

        internal void Begin(Func<Writer> make) => _made = Task.Run(make);

        internal Writer Written() => (_made ?? throw new InvalidOperationException("The rows are not closed yet.")).GetAwaiter().GetResult();
    }

    internal sealed class Writer
    {
        public ChainLeaves Leaves { get; } = new();

        public RowDigest Digest { get; } = new();
    }
}
