using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Duty;

/// <summary>On which days a kind of shift is worked.</summary>
public enum ShiftDays
{
    Every,

    /// <summary>Working days, make-up days (调休) among them.</summary>
    Working,

    /// <summary>Weekends and public holidays, but make-up days.</summary>
    Free,
}

/// <summary>A kind of shift (班次).</summary>
/// <param name="Code">"day", "night": 1–12 letters or digits.</param>
/// <param name="FromMinute">After midnight in Asia/Shanghai.</param>
/// <param name="UntilMinute">After the same midnight; past 1,440 it ends on the next day.</param>
public sealed record ShiftKind(string Code, int FromMinute, int UntilMinute, ShiftDays Days = ShiftDays.Every);

/// <summary>A shift that a pattern makes.</summary>
/// <param name="Slot">Names the place in the plan, whoever has it: the day, the kind of shift, the seat. What somebody has changed by hand keeps its slot.</param>
public sealed record PlannedShift(string Slot, PostId Post, Stretch Time);

/// <summary>
/// A duty pattern (排班模板) of one unit: crews that walk through a cycle of days, each a number of days after the one before. A cycle of 7
/// days and one crew is a week; a cycle of "day, night, off, off" and four crews is the usual rotation.
/// </summary>
public sealed record Pattern
{
    public const int MaxKinds = 8;
    public const int MaxCycle = 56;
    public const int MaxCrews = 14;
    public const int MaxSeats = 12;

    /// <summary>The longest shift; one that is longer is two.</summary>
    public static readonly TimeSpan LongestShift = TimeSpan.FromHours(24);

    public required DutyUnit Unit { get; init; }

    /// <summary>The first day of the cycle, and the first for which shifts are made.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>The last day; null where there is none.</summary>
    public DateOnly? End { get; init; }

    /// <summary>A fallback rota (兜底) of a community: on duty only while something of the community is unmanned.</summary>
    public bool Standby { get; init; }

    public required ImmutableArray<ShiftKind> Kinds { get; init; }

    /// <summary>The codes of the shifts of each day of the cycle; none is a day off.</summary>
    public required ImmutableArray<ImmutableArray<string>> Cycle { get; init; }

    public required ImmutableArray<ImmutableArray<PostId>> Crews { get; init; }

    /// <summary>Days of the cycle between a crew and the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The shifts that begin on these days. Pure: the same days always give the same shifts.</summary>
    public IEnumerable<PlannedShift> Shifts(DateOnly from, DateOnly to, WorkCalendar calendar)
    {
        var (first, last) = (from > Start ? from : Start, End is { } end && end < to ? end : to);
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var free = !calendar.IsWorkingDay(day);
            var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset).ToUniversalTime();
            foreach (var kind in Kinds)
            {
                if (kind.Days == (free ? ShiftDays.Working : ShiftDays.Free)) continue;
                var time = new Stretch(midnight.AddMinutes(kind.FromMinute), midnight.AddMinutes(kind.UntilMinute));
                var seat = 0;
                for (var crew = 0; crew < Crews.Length; crew++)
                {
                    if (!Cycle[Step(day, crew)].Contains(kind.Code)) continue;
                    foreach (var post in Crews[crew]) yield return new PlannedShift($"{day:yyyyMMdd}.{kind.Code}.{seat++}", post, time);
                }
            }
        }
    }

    private int Step(DateOnly day, int crew) => (int)((day.DayNumber - Start.DayNumber + ((long)crew * Stride)) % Cycle.Length);
}
