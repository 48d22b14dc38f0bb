using System.Globalization;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Instants and days in requests: ISO 8601; an instant with an offset, because a time without one is another instant on every machine.</summary>
public static class Instants
{
    /// <summary>Whether a text says an instant, except that it names no offset. An unescaped plus sign in a query arrives as a space: it is refused rather than guessed.</summary>
    public static bool LacksOffset(string text) => !HasOffset(text) && DateTime.TryParse(text.Replace(' ', '+').Split('+')[0], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>In UTC; null if it is no instant, or has no offset.</summary>
    public static DateTimeOffset? Read(string text) =>
        HasOffset(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant.ToUniversalTime() : null;

    /// <summary>A day as yyyy-MM-dd, in the years 2000 to 8999: far enough from the ends of time to count days from it. Nothing at all is the other one.</summary>
    public static bool TryDay(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return string.IsNullOrEmpty(text) || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 2000 and < 9000);
    }

    private static bool HasOffset(string text) => text.Length > 16 && text[10] == 'T' && (text.EndsWith('Z') || text.AsSpan(16).IndexOfAny('+', '-') >= 0);
}
