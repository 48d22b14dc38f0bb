using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>A bilingual message, with a code that stays the same when the wording changes.</summary>
public sealed record Words(string Code, string Chinese, string English);

/// <summary>The messages of the imports, from the embedded tables <c>StreetWords.csv</c> and <c>StandardsWords.csv</c>, and of the roster from <c>DutyWords.csv</c>.</summary>
internal static class StreetWords
{
    /// <summary>Quotes from a file are cut to this many characters.</summary>
    public const int MaxQuotedChars = 40;

    private static readonly FrozenDictionary<string, Words> Sentences = Load();

    public static IEnumerable<Words> All => Sentences.Values;

    /// <summary>The message of a code with its placeholders filled. An unknown code is a bug and throws.</summary>
    public static Words Say(string code, params ReadOnlySpan<object> blanks)
    {
        var words = Sentences[code];
        var quoted = new object[blanks.Length];
        for (var i = 0; i < blanks.Length; i++)
            quoted[i] = Quote(Convert.ToString(blanks[i], CultureInfo.InvariantCulture) ?? "");
        return words with
        {
            Chinese = string.Format(CultureInfo.InvariantCulture, words.Chinese, quoted),
            English = string.Format(CultureInfo.InvariantCulture, words.English, quoted),
        };
    }

    /// <summary>Whether a cell says this word, in any of the ways in which people write it: a message whose texts are lists with bars between.</summary>
    public static bool Means(string cell, string code) =>
        Sentences[code] is var words && words.Chinese.Split('|').Concat(words.English.Split('|')).Contains(cell, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a character moves, hides or breaks the text around it.</summary>
    public static bool IsUnprintable(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(Math.Min(text.Length, MaxQuotedChars) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length >= MaxQuotedChars)
                return quoted.Append('…').ToString();
            quoted.Append(rune.IsBmp && IsUnprintable((char)rune.Value) ? "�" : rune.ToString());
        }

        return quoted.ToString();
    }

    private static FrozenDictionary<string, Words> Load()
    {
        var all = new Dictionary<string, Words>();
        foreach (var csv in Kernel.Sentences.Tables("Words.csv"))
            if (!all.TryAdd(csv.GetString("code"), new(csv.GetString("code"), csv.GetString("zh"), csv.GetString("en")))) throw new InvalidOperationException($"The message {csv.GetString("code")} is in two tables.");
        return all.ToFrozenDictionary();
    }
}
