using System.Globalization;

namespace DispatchCenter.Domain.Sla;

/// <summary>The units in a city's table of standards (立案结案标准).</summary>
public enum StandardUnit
{
    /// <summary>紧急工作时: an hour, around the clock.</summary>
    UrgentHour,

    /// <summary>紧急工作日: 24 hours, around the clock.</summary>
    UrgentDay,

    /// <summary>小时: an hour of working time.</summary>
    Hour,

    /// <summary>天: a working day.</summary>
    Day,
}

/// <summary>A limit as a city writes it: 2紧急工作时, 4小时, 15天. The street's hours define the working day.</summary>
public readonly record struct StandardLimit(int Count, StandardUnit Unit)
{
    /// <summary>A year of working days, or of hours around the clock.</summary>
    public const int MostDays = 365;

    /// <summary>A longer text after the unit is a separate sentence.</summary>
    public const int LongestWord = 10;

    /// <summary>Longest first, because 紧急工作时 ends with a shorter unit.</summary>
    private static readonly (string Name, StandardUnit Unit, int Most)[] Units =
    [
        ("紧急工作时", StandardUnit.UrgentHour, MostDays * 24), ("紧急工作日", StandardUnit.UrgentDay, MostDays),
        ("小时", StandardUnit.Hour, MostDays * 24), ("天", StandardUnit.Day, MostDays),
    ];

    /// <summary>
    /// Parses a cell; null if it is not understood. A word may follow the unit (1紧急工作时制止: what must be done within it); it changes
    /// nothing and is returned. Text with a number or another unit of time would change the limit, so it is not understood.
    /// </summary>
    public static StandardLimit? Read(string cell, out string word)
    {
        word = string.Empty;
        var digits = cell.TakeWhile(char.IsAsciiDigit).Count();
        if (!int.TryParse(cell.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        var rest = cell[digits..].TrimStart();
        foreach (var (name, unit, most) in Units)
        {
            if (!rest.StartsWith(name, StringComparison.Ordinal)) continue;
            word = rest[name.Length..].Trim();
            return count < 1 || count > most || !IsWord(word) ? null : new StandardLimit(count, unit);
        }

        return null;
    }

    /// <summary>The length on its clock.</summary>
    public Span On(WorkHours hours) => Unit switch
    {
        StandardUnit.UrgentHour => new Span(ClockKind.Continuous, TimeSpan.FromHours(Count)),
        StandardUnit.UrgentDay => new Span(ClockKind.Continuous, TimeSpan.FromDays(Count)),
        StandardUnit.Hour => new Span(ClockKind.WorkingTime, TimeSpan.FromHours(Count)),
        StandardUnit.Day => new Span(ClockKind.WorkingTime, hours.WorkingDay * Count),
        _ => throw new InvalidOperationException($"Unknown unit {Unit}."),
    };

    /// <summary>As the city writes it.</summary>
    public override string ToString()
    {
        var unit = Unit;
        return $"{Count.ToString(CultureInfo.InvariantCulture)}{Units.First(u => u.Unit == unit).Name}";
    }

    private static bool IsWord(string word) => word.Length <= LongestWord && word.All(c => char.IsLetter(c) && !"时日天周月年分秒半".Contains(c, StringComparison.Ordinal));
}

/// <summary>One line of the table: what closes a thing found under a filing condition, and within what time.</summary>
/// <param name="ClassCode">Forms the public key with the item's code and the line's position in its item: 01-22-1.</param>
/// <param name="Position">From 1, over all lines of the item in order, including rejected ones.</param>
/// <param name="Filing">立案条件.</param>
/// <param name="Closing">结案条件.</param>
/// <param name="Category">The whistle category it maps to; null if none.</param>
public sealed record Standard(
    string ClassCode, string ClassName, string ItemCode, string ItemName, int Position, string Filing, string Closing, StandardLimit Limit, string? Category)
{
    public string Key => $"{ClassCode}-{ItemCode}-{Position.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>The line that applies to a case, with its limit at the case's receipt.</summary>
public sealed record AppliedStandard(string Key, Span Within);
