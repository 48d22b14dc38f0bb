using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>A key as the database holds it: see <see cref="DataKeys"/>.</summary>
public sealed class DataKeyRow
{
    public long Id { get; set; }

    /// <summary>Protected by the data-protection keys, in base64url.</summary>
    public required string Wrapped { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>How far a column has been encrypted: all its values with this key or a newer one.</summary>
public sealed class EncryptedColumnRow
{
    /// <summary>table.column.</summary>
    public required string Name { get; set; }

    public long KeyId { get; set; }
}

/// <summary>A row that versions before encryption wrote in another form.</summary>
internal interface IWasInClear
{
    /// <summary>Moves what other columns hold in clear; called once, before its own columns are encrypted.</summary>
    void Encrypt(DataKeys keys);
}

/// <summary>Which columns of the model are encrypted.</summary>
public static class EncryptedModel
{
    private const string CodeMark = "DispatchCenter:Code";

    /// <summary>Marks a column by whose text rows are found: see <see cref="DataKeys.EncryptCode"/>.</summary>
    public static void IsCode(this PropertyBuilder<Encrypted> column) => column.HasAnnotation(CodeMark, true);

    internal static bool IsCode(this IReadOnlyProperty column) => column.FindAnnotation(CodeMark) is not null;

    internal static bool IsEncrypted(this IReadOnlyProperty column) => (Nullable.GetUnderlyingType(column.ClrType) ?? column.ClrType) == typeof(Encrypted) || column.IsFile();

    /// <summary>Whether it holds bytes, such as a photo's.</summary>
    internal static bool IsFile(this IReadOnlyProperty column) => (Nullable.GetUnderlyingType(column.ClrType) ?? column.ClrType) == typeof(EncryptedBytes);

    /// <summary>table.column.</summary>
    internal static string FullName(this IReadOnlyProperty column) => $"{column.DeclaringType.GetTableName()}.{column.GetColumnName()}";

    /// <summary>Ties what is encrypted to its column.</summary>
    internal static void TieEncrypted(this ModelBuilder model)
    {
        foreach (var column in model.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => p.IsEncrypted()))
            column.SetValueConverter(column.IsFile() ? new EncryptedBytesConverter(column.FullName()) : new EncryptedConverter(column.FullName()));
    }
}
