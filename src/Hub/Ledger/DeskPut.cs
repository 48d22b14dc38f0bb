using DispatchCenter.Hub.Kernel.Audit;

namespace DispatchCenter.Hub.Ledger;

/// <summary>How the desk writes whole rows of a protected table: the statement, and where each column is among its parameters.</summary>
internal sealed class DeskPut
{
    private readonly int[] _order;

    /// <param name="row">The parameters, each named after its column.</param>
    /// <exception cref="InvalidOperationException">They are not exactly the protected columns.</exception>
    public DeskPut(TableShape shape, bool isNew, ReadOnlySpan<(string Name, object? Value)> row)
    {
        var names = new List<string>(row.Length);
        foreach (var (name, _) in row) names.Add(name[1..]);
        Shape = shape;
        _order = [.. shape.Columns.Select(c => names.IndexOf(c.Name))];
        if (_order.Contains(-1) || _order.Length != names.Count) throw new InvalidOperationException($"The desk and the table {shape.Table} differ in a column: {string.Join(' ', names)}.");
        Sql = isNew
            ? $"INSERT INTO {shape.Table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(n => "@" + n))})"
            : $"UPDATE {shape.Table} SET {string.Join(", ", names.Except(shape.Key).Select(n => $"{n} = @{n}"))} WHERE {string.Join(" AND ", shape.Key.Select(n => $"{n} = @{n}"))}";
    }

    public TableShape Shape { get; }

    public string Sql { get; }

    /// <summary>Where the shape's columns are among the parameters.</summary>
    public ReadOnlySpan<int> Order => _order;
}
