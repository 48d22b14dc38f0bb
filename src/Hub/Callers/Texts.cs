using System.Globalization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Callers;

/// <summary>Bounds of what people write.</summary>
public static class Texts
{
    public const int DescriptionLimit = 2_000;
    public const int NoteLimit = 1_000;
    public const int NameLimit = 40;
    public const int PhoneLimit = 24;

    /// <summary>Trims, and takes out control characters but line ends and tabs; a refusal where it is longer than the limit. A field is a row of the sentences.</summary>
    public static Outcome? Check(string? text, int limit, string field, out string clean)
    {
        clean = text is null ? string.Empty : string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();
        if (clean.Length <= limit) return null;
        var (_, zh, en) = Sentences.Find($"field_{field}");
        return Outcome.Of(Codes.TextTooLong, (zh, en), Number(limit));
    }

    public static bool IsPhone(string phone) =>
        phone.Length <= PhoneLimit && phone.Count(char.IsAsciiDigit) >= 3 && phone.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '(' or ')');

    private static (string Zh, string En) Number(int n)
    {
        var text = n.ToString(CultureInfo.InvariantCulture);
        return (text, text);
    }
}
