using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PhoneNumbers;

namespace DispatchCenter.Hub.Kernel;

public enum PhoneKind
{
    /// <summary>A mainland mobile (手机): 13800138000.</summary>
    Mobile,

    /// <summary>A mainland landline (固话) with its area code: 0632-5550100.</summary>
    Landline,

    /// <summary>A landline without its area code: 7 or 8 digits.</summary>
    Local,

    /// <summary>A special or service number: 110, 12345, 96333, 400….</summary>
    Service,

    /// <summary>A number outside the mainland, in E.164: +85291234567.</summary>
    Abroad,

    /// <summary>None of these: an unusual one.</summary>
    Unknown,
}

/// <summary>A telephone number in its one form.</summary>
/// <param name="Number">As it is stored, shown and given to gateways, at most <see cref="Texts.PhoneLimit"/> characters. An extension follows a hyphen: 0632-5550100-12.</param>
/// <param name="IsUnusual">It looks incomplete, or is not assigned: staff are asked once whether they mean it. It may exist all the same.</param>
/// <param name="TakesText">Whether a text message can reach it.</param>
public sealed record Phone(string Number, PhoneKind Kind, bool IsUnusual, bool TakesText);

/// <summary>
/// Reads telephone numbers as people write them, on any keyboard. What is possible and assigned is known by libphonenumber; which written forms mean the same is known here.
/// </summary>
public static partial class Phones
{
    /// <summary>The code of the refusal that asks staff once whether they mean an unusual number.</summary>
    public const string Unusual = "phone_unusual";

    private const string Mainland = "CN", MainlandCode = "86";

    /// <summary>The fewest digits of a person's number, the fewest of any, and the most of any (E.164), in each case without an extension.</summary>
    private const int FewestOfPerson = 7, Fewest = 3, Most = 15;

    /// <summary>An unusual number of fewer digits is cut short rather than extended, and one of more is two.</summary>
    private const int FewestBeforeExtension = 10, MostBeforeExtension = 12;

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();
    private static readonly ShortNumberInfo ShortNumbers = ShortNumberInfo.GetInstance();

    /// <summary>The number in a field, service numbers included; null if there is none, or more than one.</summary>
    public static Phone? Of(string? said)
    {
        if (said is null || said.Length > 2 * Texts.PhoneLimit || Shape().Match(Plain(said)) is not { Success: true } match) return null;
        var (main, extension) = (match.Groups["main"].Value, match.Groups["extension"].Value);
        if (extension.Length > 0) return WithExtension(ReadMain(main), extension);
        // What follows the last hyphen is an extension where the rest is a number of its own, and all of it is none.
        return ReadMain(main) is var whole && whole is not (null or { IsUnusual: true } or { Kind: PhoneKind.Local }) ? whole : Hyphenated(main) ?? whole;
    }

    /// <summary>The same for the number of a person: 110 is nobody's.</summary>
    public static Phone? OfPerson(string? said) => Of(said) is { } phone && DigitsOf(phone.Number).Length >= FewestOfPerson ? phone : null;

    /// <summary>Whether a number in its one form stands in a text, alone or among other words, however its digits are parted: by blanks, dashes, dots or brackets.</summary>
    public static bool IsIn(string text, string number)
    {
        if (OfPerson(text)?.Number == number) return true;
        var (digits, run) = (DigitsOf(number), new StringBuilder());
        foreach (var c in string.Join('\n', text.Split('\n').Select(Plain)) + "\n")
        {
            if (char.IsAsciiDigit(c)) run.Append(c);
            else if (c is not (' ' or '-' or '.' or '(' or ')' or '+'))
            {
                if (run.ToString().Contains(digits, StringComparison.Ordinal)) return true;
                run.Clear();
            }
        }

        return false;
    }

    /// <summary>Whether a text message can reach a stored number.</summary>
    public static bool TakesText(string? stored) => Of(stored) is { TakesText: true };

    /// <summary>A stored number in its one form: earlier versions stored it as it was written.</summary>
    public static string OneForm(string stored) => Of(stored)?.Number ?? stored;

    /// <summary>A stored number as a telephone dials it: an extension comes after a pause.</summary>
    public static string ToDial(string stored)
    {
        var extended = Extended().Match(stored);
        var main = extended.Success ? extended.Groups["main"].Value : stored;
        return (main.StartsWith('+') ? "+" : string.Empty) + DigitsOf(main) + (extended.Success ? "," + extended.Groups["extension"].Value : string.Empty);
    }

    /// <summary>The digits at the end of a number, to find it by, however they are written; null for what cannot be part of one.</summary>
    public static string? TailOf(string said)
    {
        if (OfPerson(said) is { } whole) return DigitsOf(whole.Number);
        var plain = Plain(said);
        return plain.All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or '+') ? DigitsOf(plain) : null;
    }

    /// <summary>Whether a stored number ends in these digits, with or without its extension; one without area code also where the digits have it.</summary>
    public static bool EndsIn(string stored, string tail)
    {
        var digits = DigitsOf(stored);
        if (digits.EndsWith(tail, StringComparison.Ordinal)) return true;
        if (Extended().Match(stored) is { Success: true } parts && DigitsOf(parts.Groups["main"].Value).EndsWith(tail, StringComparison.Ordinal)) return true;
        return digits.Length is 7 or 8 && tail.StartsWith('0') && tail.EndsWith(digits, StringComparison.Ordinal);
    }

    /// <summary>
    /// As NFKC would have it, as far as numbers are concerned: digits of every script, wide characters, all dashes and blanks; characters without width vanish. By category, since
    /// string.Normalize returns its text unchanged in a process without ICU.
    /// </summary>
    private static string Plain(string said)
    {
        var plain = new StringBuilder(said.Length);
        foreach (var rune in said.EnumerateRunes())
        {
            if (CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) is >= 0 and var digit)
            {
                plain.Append(digit);
                continue;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.SpaceSeparator or UnicodeCategory.Control:
                    plain.Append(' ');
                    break;
                case UnicodeCategory.DashPunctuation:
                    plain.Append('-');
                    break;
                default:
                    plain.Append(rune.Value switch { 0x2212 => "-", 0xfe62 or 0x207a => "+", >= 0xff01 and <= 0xff5e => ((char)(rune.Value - 0xfee0)).ToString(), _ => rune.ToString() });
                    break;
            }
        }

        return plain.ToString().Trim();
    }

    private static Phone? Hyphenated(string main) =>
        Hyphened().Match(main) is { Success: true } parts && ReadMain(parts.Groups["main"].Value) is { } before && (!before.IsUnusual || DigitsOf(before.Number).Length is >= FewestBeforeExtension and <= MostBeforeExtension)
            ? WithExtension(before, parts.Groups["extension"].Value) : null;

    private static Phone? ReadMain(string main)
    {
        var (digits, isAbroad) = (DigitsOf(main), main.Contains('+', StringComparison.Ordinal));
        if (!isAbroad && digits.StartsWith("00", StringComparison.Ordinal)) (digits, isAbroad) = (digits[2..], true);
        if (digits.StartsWith(MainlandCode, StringComparison.Ordinal))
        {
            var national = OfMainland(digits[MainlandCode.Length..]);
            if (isAbroad || (digits.Length > 11 && national is { IsUnusual: false })) return national;
        }

        return isAbroad ? OfAbroad(digits) : OfMainland(digits);
    }

    private static Phone? OfMainland(string digits)
    {
        if (digits.Length is < Fewest or > Most) return null;
        if (digits.Length <= 8 && ShortNumbers.IsValidShortNumberForRegion(Parse(digits, Mainland), Mainland)) return new Phone(digits, PhoneKind.Service, false, false);
        if (digits.Length is 7 or 8 && digits[0] is >= '2') return new Phone(digits, PhoneKind.Local, false, false);
        var national = digits[0] == '0' ? digits[1..] : digits;
        if (Parse($"+{MainlandCode}{national}", null) is { } number && number.NationalNumber.ToString(CultureInfo.InvariantCulture) == national && Numbers.IsValidNumberForRegion(number, Mainland))
            return Numbers.GetNumberType(number) switch
            {
                PhoneNumberType.MOBILE => new Phone(national, PhoneKind.Mobile, false, true),
                PhoneNumberType.FIXED_LINE when Numbers.GetLengthOfNationalDestinationCode(number) is > 0 and var area => new Phone($"0{national[..area]}-{national[area..]}", PhoneKind.Landline, false, false),
                _ => new Phone(national, PhoneKind.Service, false, false),
            };
        var isMobile = national is { Length: 11 } and ['1', >= '3', ..];
        return new Phone(isMobile ? national : digits, isMobile ? PhoneKind.Mobile : PhoneKind.Unknown, true, isMobile);
    }

    private static Phone? OfAbroad(string digits)
    {
        if (digits.Length is < FewestOfPerson or > Most) return null;
        if (Parse("+" + digits, null) is not { } number || !Numbers.IsValidNumber(number)) return new Phone("+" + digits, PhoneKind.Abroad, true, true);
        var takesText = Numbers.GetNumberType(number) is PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE or PhoneNumberType.UNKNOWN;
        return new Phone(Numbers.Format(number, PhoneNumberFormat.E164), PhoneKind.Abroad, false, takesText);
    }

    /// <summary>A service number of a few digits has no extension: that would be two numbers.</summary>
    private static Phone? WithExtension(Phone? main, string extension) =>
        main is null || DigitsOf(main.Number).Length < FewestOfPerson ? null : main with { Number = $"{main.Number}-{extension}", TakesText = false };

    private static PhoneNumber? Parse(string text, string? region)
    {
        try
        {
            return Numbers.Parse(text, region);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string DigitsOf(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>One number, and behind a word (转, 分机) or a mark its extension.</summary>
    [GeneratedRegex(@"^(?<main>\(?\+?\(?[0-9][0-9 ().\-]*?)(?:\s*(?:[\u8f6c\u8f49]?\s*\u5206[\u673a\u6a5f]\u53f7?|[\u8f6c\u8f49]|extension|ext\.?|x|#|,|;ext=)[ :.]*(?<extension>[0-9]{1,6}))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"^(?<main>.*[0-9])\s*-\s*(?<extension>[0-9]{1,6})$")]
    private static partial Regex Hyphened();

    /// <summary>A stored number with an extension.</summary>
    [GeneratedRegex(@"^(?<main>\+?[0-9]{7,}|0[0-9]{2,3}-[0-9]{7,8})-(?<extension>[0-9]{1,6})$")]
    private static partial Regex Extended();
}
