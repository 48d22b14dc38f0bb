using System.Text;

namespace DispatchCenter.Hub.Register;

/// <summary>The first letters of names in pinyin, from the table that tools/pinyin-initials.mjs makes. A character with several readings has the letter of one.</summary>
internal static class Pinyin
{
    private const char First = '\u4e00';

    private static readonly Lazy<string> Letters = new(() =>
    {
        using var reader = new StreamReader(typeof(Pinyin).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Register.pinyin-initials.txt")!);
        return reader.ReadToEnd().Replace("\n", string.Empty, StringComparison.Ordinal);
    });

    /// <summary>A letter for each Chinese character, in lower case; Latin letters and digits as they are; nothing for the rest.</summary>
    public static string InitialsOf(string text)
    {
        var (letters, made) = (Letters.Value, new StringBuilder(text.Length));
        foreach (var c in text)
        {
            if (c >= First && c - First < letters.Length) made.Append(letters[c - First]);
            else if (char.IsAsciiLetterOrDigit(c)) made.Append(char.ToLowerInvariant(c));
        }

        return made.ToString();
    }
}
