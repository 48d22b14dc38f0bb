using System.Globalization;
using System.Text;

namespace DispatchCenter.Hub.Duty;

/// <summary>One event of a calendar feed.</summary>
/// <param name="Uid">Stays the same for as long as the event is the same, whatever changes about it.</param>
/// <param name="Sequence">Grows with each change.</param>
internal sealed record CalendarEvent(string Uid, int Sequence, DateTimeOffset Changed, DateTimeOffset From, DateTimeOffset Until, string Summary, string Location);

/// <summary>Writes RFC 5545: lines end with CRLF and are folded at 75 octets without breaking a character, text is escaped, times are those of Asia/Shanghai.</summary>
internal static class ICalendar
{
    /// <summary>Octets of a line; what follows stands on the next one behind a blank.</summary>
    public const int LineOctets = 75;

    private const string Zone = """
        BEGIN:VTIMEZONE
        TZID:Asia/Shanghai
        BEGIN:STANDARD
        DTSTART:19910915T020000
        TZOFFSETFROM:+0800
        TZOFFSETTO:+0800
        TZNAME:CST
        END:STANDARD
        END:VTIMEZONE
        """;

    public static string Write(string name, IEnumerable<CalendarEvent> events)
    {
        var text = new StringBuilder();
        Line(text, "BEGIN:VCALENDAR");
        Line(text, "VERSION:2.0");
        Line(text, "PRODID:-//DispatchCenter//Roster//ZH");
        Line(text, "CALSCALE:GREGORIAN");
        Line(text, "METHOD:PUBLISH");
        Line(text, $"X-WR-CALNAME:{Escape(name)}");
        Line(text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        foreach (var line in Zone.Split('\n')) Line(text, line.TrimEnd('\r'));
        foreach (var e in events)
        {
            Line(text, "BEGIN:VEVENT");
            Line(text, $"UID:{Escape(e.Uid)}");
            Line(text, $"DTSTAMP:{Utc(e.Changed)}");
            Line(text, $"LAST-MODIFIED:{Utc(e.Changed)}");
            Line(text, $"SEQUENCE:{e.Sequence.ToString(CultureInfo.InvariantCulture)}");
            Line(text, $"DTSTART;TZID=Asia/Shanghai:{Rostering.Wall(e.From, "yyyyMMdd'T'HHmmss")}");
            Line(text, $"DTEND;TZID=Asia/Shanghai:{Rostering.Wall(e.Until, "yyyyMMdd'T'HHmmss")}");
            Line(text, $"SUMMARY:{Escape(e.Summary)}");
            if (e.Location.Length > 0) Line(text, $"LOCATION:{Escape(e.Location)}");
            Line(text, "TRANSP:OPAQUE");
            Line(text, "END:VEVENT");
        }

        Line(text, "END:VCALENDAR");
        return text.ToString();
    }

    public static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
            .ReplaceLineEndings("\n").Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Line(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LineOctets)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
