using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// The digest of a stored row: SHA-256 over its columns in the order of their names, each written as <c>name type length:bytes</c> and a line feed.
/// The format is in docs/audit-chain.md. Reuses one buffer, so it belongs to one writer.
/// </summary>
internal sealed class RowDigest
{
    /// <summary>More than a type, a length, a colon, a number and a line feed take.</summary>
    private const int Beside = 40;

    private byte[] _row = new byte[8 * 1024];
    private int _length;

    /// <summary>The digest in base64url: 43 characters.</summary>
    /// <param name="order">Where the columns of <paramref name="shape"/> are among the values.</param>
    public string Of(TableShape shape, ReadOnlySpan<int> order, Func<int, object?> value)
    {
        _length = 0;
        for (var i = 0; i < order.Length; i++) Add(shape.Columns[i], value(order[i]));
        return Take();
    }

    public string Of(TableShape shape, ReadOnlySpan<int> order, ReadOnlySpan<(string Name, object? Value)> values)
    {
        _length = 0;
        for (var i = 0; i < order.Length; i++) Add(shape.Columns[i], values[order[i]].Value);
        return Take();
    }

    private string Take()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.AsSpan(0, _length), hash);
        return Base64Url.EncodeToString(hash);
    }

    private void Add(ChainColumn column, object? value)
    {
        if (value is DBNull) value = null;
        if (value is int small) value = (long)small;
        if (value is null ? column.Blank is null : column.Blank is { } blank && value.Equals(blank)) return;
        switch (value)
        {
            case null:
                Head(column, (byte)'n', 0);
                break;
            case long number:
                Span<byte> digits = stackalloc byte[20];
                Utf8Formatter.TryFormat(number, digits, out var length);
                Head(column, (byte)'i', length);
                digits[..length].CopyTo(_row.AsSpan(_length));
                _length += length;
                break;
            case double real:
                Head(column, (byte)'r', sizeof(double));
                BinaryPrimitives.WriteDoubleBigEndian(_row.AsSpan(_length), real);
                _length += sizeof(double);
                break;
            case string text:
                Text(column, text);
                break;
            case byte[] blob:
                Head(column, (byte)'b', blob.Length);
                blob.CopyTo(_row.AsSpan(_length));
                _length += blob.Length;
                break;
            default:
                throw new InvalidOperationException($"The chain cannot digest a {value.GetType().Name} in the column {column.Name}.");
        }

        _row[_length++] = (byte)'\n';
    }

    /// <summary>In one pass: its length in bytes is known only afterwards, and then its head may take more digits than it has characters.</summary>
    private void Text(ChainColumn column, string text)
    {
        var start = _length;
        Head(column, (byte)'t', text.Length, room: Encoding.UTF8.GetMaxByteCount(text.Length));
        var (at, bytes) = (_length, Encoding.UTF8.GetBytes(text, _row.AsSpan(_length)));
        if (bytes != text.Length)
        {
            var more = Digits(bytes) - Digits(text.Length);
            _row.AsSpan(at, bytes).CopyTo(_row.AsSpan(at + more));
            _length = start;
            Head(column, (byte)'t', bytes);
        }

        _length += bytes;
    }

    private static int Digits(int number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10) digits++;
        return digits;
    }

    private void Head(ChainColumn column, byte type, int length) => Head(column, type, length, length);

    private void Head(ChainColumn column, byte type, int length, int room)
    {
        var name = column.NameBytes;
        if (_row.Length - _length < name.Length + room + Beside) Array.Resize(ref _row, Math.Max(_row.Length * 2, _length + name.Length + room + Beside));
        var head = _row.AsSpan(_length);
        name.CopyTo(head);
        head[name.Length] = (byte)' ';
        head[name.Length + 1] = type;
        Utf8Formatter.TryFormat(length, head[(name.Length + 2)..], out var digits);
        head[name.Length + 2 + digits] = (byte)':';
        _length += name.Length + 3 + digits;
    }
}
