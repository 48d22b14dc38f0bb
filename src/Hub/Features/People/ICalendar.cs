using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Event = Ical.Net.CalendarComponents.CalendarEvent;

namespace DispatchCenter.Hub.Features.People;

/// <summary>One event of a calendar feed.</summary>
/// <param name="Uid">Stable for the life of the event, whatever changes in it.</param>
/// <param name="Sequence">Increases with each change.</param>
internal sealed record CalendarEvent(string Uid, int Sequence, DateTimeOffset Changed, DateTimeOffset From, DateTimeOffset Until, string Summary, string Location);

/// <summary>A calendar feed in RFC 5545 format, with times in Asia/Shanghai.</summary>
internal static class ICalendar
{
    private const string Zone = "Asia/Shanghai";

    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static string Write(string name, IEnumerable<CalendarEvent> events)
    {
        var calendar = new Calendar { Method = "PUBLISH", ProductId = "-//DispatchCenter//Roster//ZH", Scale = "GREGORIAN" };
        calendar.AddProperty("X-WR-CALNAME", name);
        var refresh = new CalendarProperty("REFRESH-INTERVAL", "PT1H");
        refresh.Parameters.Add(new CalendarParameter("VALUE", "DURATION"));
        calendar.Properties.Add(refresh);
        calendar.AddTimeZone(Shanghai());
        calendar.Events.AddRange(events.Select(Of));
        return new CalendarSerializer().SerializeToString(calendar) ?? throw new InvalidOperationException("The calendar could not be written.");
    }

    /// <summary>Written by hand: the library would repeat its last change of 1991 every year.</summary>
    private static VTimeZone Shanghai()
    {
        var zone = new VTimeZone(Zone);
        zone.TimeZoneInfos.Clear();
        zone.TimeZoneInfos.Add(new VTimeZoneInfo("STANDARD") { Start = new CalDateTime(new DateTime(1991, 9, 15, 2, 0, 0)), OffsetFrom = new UtcOffset(Offset), OffsetTo = new UtcOffset(Offset), TimeZoneName = "CST" });
        return zone;
    }

    private static Event Of(CalendarEvent e) => new()
    {
        Uid = e.Uid,
        Sequence = e.Sequence,
        DtStamp = new CalDateTime(e.Changed.UtcDateTime),
        LastModified = new CalDateTime(e.Changed.UtcDateTime),
        Start = Wall(e.From),
        End = Wall(e.Until),
        Summary = e.Summary,
        Location = e.Location.Length > 0 ? e.Location : null,
        Transparency = TransparencyType.Opaque,
    };

    private static CalDateTime Wall(DateTimeOffset at) => new(at.ToOffset(Offset).DateTime, Zone);
}
