using System.Globalization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Limits of user input.</summary>
public static class Texts
{
    public const int DescriptionLimit = 2_000;
    public const int NoteLimit = 1_000;
    public const int NameLimit = 40;
    public const int PhoneLimit = 24;

    /// <summary>Trims, and removes control characters except line ends and tabs; a refusal if longer than the limit. The field is a code in the sentences.</summary>
    public static Outcome? Check(string? text, int limit, string field, out string clean)
    {
        clean = text is null ? string.Empty : string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();
        if (clean.Length <= limit) return null;
        var (_, zh, en) = Sentences.Find($"field_{field}");
        return Outcome.Of(Codes.TextTooLong, (zh, en), Number(limit));
    }

    /// <summary>A text with the full-width characters of a Chinese keyboard made plain. They are at a fixed offset, except for the wide space.</summary>
    public static string Plain(string text) => string.Concat(text.Select(c => c is >= '\uff01' and <= '\uff5e' ? (char)(c - 0xfee0) : c == '\u3000' ? ' ' : c));

    private static (string Zh, string En) Number(int n)
    {
        var text = n.ToString(CultureInfo.InvariantCulture);
        return (text, text);
    }
}
