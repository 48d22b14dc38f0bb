using System.Text;
using DispatchCenter.Hub.Features.People;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Duty;

/// <summary>RFC 5545, where it is easy to get wrong.</summary>
public sealed class ICalendarTests
{
    [Fact]
    public void Lines_are_folded_at_75_octets_without_breaking_a_character()
    {
        var name = string.Concat(Enumerable.Repeat("睦邻管家一队，", 12));
        var text = ICalendar.Write(name, []);
        var lines = text.Split("\r\n");
        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        Assert.Contains($"X-WR-CALNAME:{name}", text.Replace("\r\n ", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("END:VCALENDAR\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_escaped_and_opens_no_line_of_its_own()
    {
        Assert.Contains("X-WR-CALNAME:a\\, b\\; c\\\\d\\ne\r\n", ICalendar.Write("a, b; c\\d\r\ne", []), StringComparison.Ordinal);
        var text = ICalendar.Write("x\r\nBEGIN:VEVENT", []);
        Assert.DoesNotContain("\r\nBEGIN:VEVENT", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_has_its_times_in_shanghai_over_midnight_too()
    {
        var text = ICalendar.Write("x", [new("shift-1@street", 2, At("2026-11-01 09:00"), At("2026-11-02 20:00"), At("2026-11-03 08:00"), "值班", "")]);
        foreach (var line in (string[])["DTSTART;TZID=Asia/Shanghai:20261102T200000", "DTEND;TZID=Asia/Shanghai:20261103T080000", "DTSTAMP:20261101T010000Z", "SEQUENCE:2", "UID:shift-1@street", "TZID:Asia/Shanghai"])
            Assert.Contains($"\r\n{line}\r\n", text, StringComparison.Ordinal);
    }
}
