using System.Globalization;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Instants in requests: ISO 8601 with an offset, because a time without one is another instant on every machine.</summary>
public static class Instants
{
    /// <summary>Whether a text says an instant, except that it names no offset. An unescaped plus sign in a query arrives as a space: it is refused rather than guessed.</summary>
    public static bool LacksOffset(string text) => !HasOffset(text) && DateTime.TryParse(text.Replace(' ', '+').Split('+')[0], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>In UTC; null if it is no instant, or has no offset.</summary>
    public static DateTimeOffset? Read(string text) =>
        HasOffset(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant.ToUniversalTime() : null;

    private static bool HasOffset(string text) => text.Length > 16 && text[10] == 'T' && (text.EndsWith('Z') || text.AsSpan(16).IndexOfAny('+', '-') >= 0);
}
