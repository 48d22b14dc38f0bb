using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>A text as the database holds it: encrypted, and readable only through <see cref="DataKeys"/>.</summary>
/// <param name="Column">The only place where it may stand, as table.column: it is authenticated with the text.</param>
/// <param name="Stored"><c>~KEY.</c> and, in base64url, nonce, cipher text and tag.</param>
public readonly record struct Encrypted(string Column, string Stored)
{
    /// <summary>Nothing of the text, not even encrypted: it may end in a log.</summary>
    public override string ToString() => $"({Column})";
}

/// <summary>Bytes as the database holds them: <c>~KEY.</c>, nonce, cipher text and tag.</summary>
public readonly record struct EncryptedBytes(string Column, byte[] Stored)
{
    public override string ToString() => $"({Column})";
}

internal sealed class EncryptedConverter(string column) : ValueConverter<Encrypted, string>(value => Stored(value, column), stored => new Encrypted(column, stored))
{
    /// <summary>For the conventions, until the column is known.</summary>
    public EncryptedConverter() : this(string.Empty)
    {
    }

    private static string Stored(Encrypted value, string column) =>
        value.Column == column ? value.Stored : throw new InvalidOperationException($"What was encrypted for {value.Column} cannot be stored in {column}.");
}

internal sealed class EncryptedBytesConverter(string column) : ValueConverter<EncryptedBytes, byte[]>(value => Stored(value, column), stored => new EncryptedBytes(column, stored))
{
    public EncryptedBytesConverter() : this(string.Empty)
    {
    }

    private static byte[] Stored(EncryptedBytes value, string column) =>
        value.Column == column ? value.Stored : throw new InvalidOperationException($"What was encrypted for {value.Column} cannot be stored in {column}.");
}
