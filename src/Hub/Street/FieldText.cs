using System.Globalization;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Street;

/// <summary>What people fill into a field, as it is kept.</summary>
public static class FieldText
{
    /// <summary>The most characters of a value, by the kind of its field.</summary>
    public static int MaxOf(FieldKind kind) => kind switch
    {
        FieldKind.Text => 200,
        FieldKind.LongText => Texts.DescriptionLimit,
        FieldKind.Number => 20,
        FieldKind.Date => 10,
        FieldKind.Choice => 24,
        FieldKind.YesNo => 3,
        FieldKind.Phone => Texts.PhoneLimit,
        FieldKind.Signature => 20_000,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Without control characters, which nobody sees and which would pass for something filled in.</summary>
    public static string Clean(string value) => string.Concat(value.Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();

    /// <summary>The one form of a clean value; null if the field cannot hold it.</summary>
    public static string? Canonical(Field field, string value) => field.Kind switch
    {
        FieldKind.Text or FieldKind.LongText => value,
        FieldKind.Number => decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        FieldKind.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? value : null,
        FieldKind.Choice => field.Choices.Any(c => c.Code == value) ? value : null,
        FieldKind.YesNo => value is "yes" or "no" ? value : null,
        FieldKind.Phone => Phones.OfPerson(value)?.Number,
        FieldKind.Signature => value.StartsWith('M') && value.All(c => char.IsAsciiDigit(c) || c is 'M' or 'L' or ' ' or '.' or ',' or '-') ? value : null,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, null),
    };
}
