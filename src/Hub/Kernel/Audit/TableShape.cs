using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>A protected column.</summary>
/// <param name="KeyPart">Its place in the key from 1; 0 outside the key.</param>
/// <param name="Blank">A row that holds this value is digested as if it had no such column: what a migration gave to the rows that were there before it.</param>
internal sealed record ChainColumn(string Name, int KeyPart, object? Blank)
{
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>A blank as the table of columns holds it: its type and its value.</summary>
    public static string? Write(object? blank) => blank switch
    {
        null or DBNull => null,
        long or int => string.Create(CultureInfo.InvariantCulture, $"i{blank}"),
        string text => $"t{text}",
        _ => throw new InvalidOperationException($"A column cannot have a default of the type {blank.GetType().Name}."),
    };

    public static object? Read(string? blank) => blank switch
    {
        null => null,
        ['i', .. var number] => long.Parse(number, CultureInfo.InvariantCulture),
        ['t', .. var text] => text,
        _ => throw new InvalidOperationException($"The table of columns has the unknown blank {blank}."),
    };
}

/// <summary>A protected table: its columns in the ordinal order of their names.</summary>
internal sealed class TableShape
{
    private const string Hex = "0123456789ABCDEF";

    private static readonly SearchValues<char> Plain = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private readonly ImmutableArray<int> _keyAt;
    private readonly int[] _asSelected;

    public TableShape(string table, IEnumerable<ChainColumn> columns)
    {
        Table = table;
        Columns = [.. columns.OrderBy(c => c.Name, StringComparer.Ordinal)];
        _keyAt = [.. Columns.Select((c, i) => (c.KeyPart, At: i)).Where(c => c.KeyPart > 0).OrderBy(c => c.KeyPart).Select(c => c.At)];
        _asSelected = [.. Enumerable.Range(0, Columns.Length)];
        Select = $"SELECT {string.Join(", ", Columns.Select(c => c.Name))} FROM {table}";
    }

    public string Table { get; }

    public ImmutableArray<ChainColumn> Columns { get; }

    /// <summary>The columns of the key, in its order.</summary>
    public IEnumerable<string> Key => _keyAt.Select(i => Columns[i].Name);

    /// <summary>Selects the columns in their order.</summary>
    public string Select { get; }

    /// <summary>Where each column is in a row of <see cref="Select"/>.</summary>
    public ReadOnlySpan<int> AsSelected => _asSelected;

    /// <summary>The key of a row of <see cref="Select"/>.</summary>
    public object[] KeyOf(Func<int, object?> value) => [.. _keyAt.Select(i => value(i)!)];

    /// <summary>A key as the leaves name it: its parts between slashes, with whatever could be mistaken for a separator as %XX.</summary>
    public static string Name(params ReadOnlySpan<object> key)
    {
        if (key is [string one] && one.AsSpan().IndexOfAnyExcept(Plain) < 0) return one;
        var name = new StringBuilder();
        for (var i = 0; i < key.Length; i++)
        {
            if (i > 0) name.Append('/');
            foreach (var c in Convert.ToString(key[i], CultureInfo.InvariantCulture)!)
            {
                if (c is > ' ' and not ('%' or '/' or '\x7f')) name.Append(c);
                else name.Append('%').Append(Hex[c >> 4]).Append(Hex[c & 15]);
            }
        }

        return name.ToString();
    }
}
