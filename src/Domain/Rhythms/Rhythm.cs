using System.Collections.Immutable;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Rhythms;

/// <summary>How often something is due.</summary>
public enum CycleKind
{
    Day,
    Week,
    Month,
    Year,
}

/// <summary>What a day off does to it.</summary>
public enum DayRule
{
    /// <summary>It is due on days off too.</summary>
    Every,

    /// <summary>It falls out on a day off.</summary>
    WorkingDays,

    /// <summary>On a day off it waits for the next working day.</summary>
    NextWorkingDay,
}

/// <summary>What a review goes through, as it is on the day.</summary>
public enum ReviewList
{
    /// <summary>Nothing in particular.</summary>
    None,

    /// <summary>Entries of the register that count no longer, or not for much longer (<see cref="Register.RegisterFindings.Notice"/>).</summary>
    Expiring,

    /// <summary>Stations whose poster nobody has scanned for <see cref="Rhythm.Unscanned"/> days.</summary>
    Posters,
}

/// <summary>What homes ask for: they are stopped at because they have agreed, and for no other reason.</summary>
public enum HomeContact
{
    None,

    /// <summary>走访: somebody comes by.</summary>
    Visit,

    /// <summary>无事常联系: somebody calls.</summary>
    Call,
}

/// <summary>The days on which something is due.</summary>
/// <param name="On">Of a week: 1 for Monday to 7 for Sunday. Of a month: its days; one that the month does not have is its last. Of a year: months and days as 0101 to 1231. None for every day.</param>
public sealed record Cycle(CycleKind Kind, ImmutableArray<int> On)
{
    /// <summary>Whether it names this day, whatever its season and days off say.</summary>
    public bool Names(DateOnly day) => Kind switch
    {
        CycleKind.Day => true,
        CycleKind.Week => On.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek),
        CycleKind.Month => On.Any(on => Math.Min(on, DateTime.DaysInMonth(day.Year, day.Month)) == day.Day),
        // 29 February is the 28th where there is none.
        CycleKind.Year => On.Contains((day.Month * 100) + day.Day) || (day is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(day.Year) && On.Contains(229)),
        _ => throw new InvalidOperationException($"Unknown cycle {Kind}."),
    };
}

/// <summary>A part of each year, both ends included; it may run over its end, as the heating season does.</summary>
/// <param name="From">Month and day as 0101 to 1231.</param>
public sealed record Season(int From, int Until)
{
    public bool Holds(DateOnly day)
    {
        var at = (day.Month * 100) + day.Day;
        return From <= Until ? at >= From && at <= Until : at >= From || at <= Until;
    }
}

/// <summary>One thing to look at where a round stops.</summary>
public sealed record Check(string Code, string Name, string NameEn);

/// <summary>
/// 周期: a pattern that opens matters of a procedure, one for each place on each day that it is due, with the places of the register to stop at. Pure data; each version of the
/// document replaces the one before, and what it opened stays as it is.
/// </summary>
/// <param name="Procedure">The code of the procedure that its matters follow.</param>
/// <param name="Stops">The kinds of the register's places that it stops at. Empty: it stops nowhere, and opens in every place.</param>
public sealed record Rhythm(string Code, string Name, string NameEn, string Procedure, PlaceKind Place, ImmutableArray<string> Stops, Cycle Cycle)
{
    public const int MaxCode = 24;

    /// <summary>Of one round, on the day that a document is put into force: more are a mistake in it.</summary>
    public const int MaxStops = 500;

    /// <summary>The form of a procedure in which a stop is kept, and its fields.</summary>
    public const string StopForm = "stop", StopPlace = "place", StopFound = "found", StopWords = "words", StopWhistle = "whistle";

    /// <summary>The field of the opening form that names what a review goes through.</summary>
    public const string ListField = "list";

    /// <summary>Days without a scan after which a poster may be gone, or unreadable.</summary>
    public const int Unscanned = 30;

    /// <summary>What it goes through. It opens only where there is something.</summary>
    public ReviewList Lists { get; init; }

    /// <summary>It stops at the homes that have agreed to this, instead of at kinds of places. Nothing else about a home decides.</summary>
    public HomeContact Homes { get; init; }

    /// <summary>Null for the whole year.</summary>
    public Season? Season { get; init; }

    public DayRule Days { get; init; } = DayRule.Every;

    /// <summary>The time of day, at the street, from which it may be done.</summary>
    public TimeOnly From { get; init; } = new(8, 0);

    public ImmutableArray<Check> Checks { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Whether it is due on this day at the street. What a day off postponed past the end of its season is still due.</summary>
    public bool IsDueOn(DateOnly day, WorkCalendar calendar)
    {
        if (Days == DayRule.Every) return IsNamed(day);
        if (!calendar.IsWorkingDay(day)) return false;
        if (IsNamed(day) || Days == DayRule.WorkingDays) return IsNamed(day);
        for (var before = day.AddDays(-1); !calendar.IsWorkingDay(before); before = before.AddDays(-1))
            if (IsNamed(before)) return true;
        return false;
    }

    private bool IsNamed(DateOnly day) => Cycle.Names(day) && Season?.Holds(day) != false;
}
