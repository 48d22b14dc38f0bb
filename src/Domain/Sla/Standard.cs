using System.Globalization;

namespace DispatchCenter.Domain.Sla;

/// <summary>The units of a city's table of standards (立案结案标准).</summary>
public enum StandardUnit
{
    /// <summary>紧急工作时: an hour that runs day and night.</summary>
    UrgentHour,

    /// <summary>紧急工作日: a day of 24 hours that runs day and night.</summary>
    UrgentDay,

    /// <summary>小时: an hour of working time.</summary>
    Hour,

    /// <summary>天: a working day.</summary>
    Day,
}

/// <summary>A limit as a city writes it: 2紧急工作时, 4小时, 15天. How long a working day is, the street's hours say.</summary>
public readonly record struct StandardLimit(int Count, StandardUnit Unit)
{
    /// <summary>A year of working days, or of hours worked day and night.</summary>
    public const int MostDays = 365;

    /// <summary>A word after the unit that is longer than this is another sentence.</summary>
    public const int LongestWord = 10;

    /// <summary>The longer first: 紧急工作时 ends as a unit of its own.</summary>
    private static readonly (string Name, StandardUnit Unit, int Most)[] Units =
    [
        ("紧急工作时", StandardUnit.UrgentHour, MostDays * 24), ("紧急工作日", StandardUnit.UrgentDay, MostDays),
        ("小时", StandardUnit.Hour, MostDays * 24), ("天", StandardUnit.Day, MostDays),
    ];

    /// <summary>
    /// Reads a cell; null where it is not understood. A word may follow the unit (1紧急工作时制止: what is to be done within it); it changes
    /// nothing and is handed back. What follows with a number or another unit of time does change it, and is not understood.
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

/// <summary>One line of the table: for a thing found under a filing condition, what closes it and how long that may take.</summary>
/// <param name="ClassCode">With the item's code and the line's position within its item, the public key: 01-22-1.</param>
/// <param name="Position">From 1, over all lines of the item in their order, those that were refused too.</param>
/// <param name="Filing">立案条件.</param>
/// <param name="Closing">结案条件.</param>
/// <param name="Category">The whistle category that it is mapped to; null where it is mapped to none.</param>
public sealed record Standard(
    string ClassCode, string ClassName, string ItemCode, string ItemName, int Position, string Filing, string Closing, StandardLimit Limit, string? Category)
{
    public string Key => $"{ClassCode}-{ItemCode}-{Position.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>The line that a case is under, with its limit as it was at the case's receipt.</summary>
public sealed record AppliedStandard(string Key, Span Within);
