using System.Globalization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Kernel;

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

    /// <summary>Digits of a telephone number that reaches a person: a local one without area code, up to E.164's longest.</summary>
    private const int FewestDigits = 7, MostDigits = 15;

    /// <summary>A caller's number as it is dialled, with what a Chinese keyboard writes full-width made plain; null for what cannot be one.</summary>
    public static string? PhoneOf(string? said)
    {
        if (said is null || said.Length > 2 * PhoneLimit) return null;
        // Full-width forms lie at a fixed distance from their plain ones; the wide blank alone does not.
        var phone = string.Concat(said.Select(c => c is >= '\uff01' and <= '\uff5e' ? (char)(c - 0xfee0) : c == '\u3000' ? ' ' : c)).Trim();
        return IsPhone(phone) && phone.Count(char.IsAsciiDigit) is >= FewestDigits and <= MostDigits && phone.LastIndexOf('+') <= 0 ? phone : null;
    }

    public static bool IsPhone(string phone) =>
        phone.Length <= PhoneLimit && phone.Count(char.IsAsciiDigit) >= 3 && phone.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '(' or ')');

    private static (string Zh, string En) Number(int n)
    {
        var text = n.ToString(CultureInfo.InvariantCulture);
        return (text, text);
    }
}
