using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>Turns the lines of an import into a map, file by file, and collects the rejected ones.</summary>
internal sealed class StreetLines
{
    private const NumberStyles Degrees = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private readonly ImmutableArray<RefusedLine>.Builder _refused = ImmutableArray.CreateBuilder<RefusedLine>();
    private readonly HashSet<string> _communities = [];
    private readonly HashSet<string> _grids = [];
    private readonly HashSet<string> _teams = [];
    private readonly HashSet<string> _stations = [];

    public ImmutableArray<RefusedLine> Refused => _refused.ToImmutable();

    /// <summary>The street's own line: one or none.</summary>
    public ImmutableArray<StreetName> Street(CsvTable.Usable table)
    {
        var named = false;
        return Take<StreetName>(table, row =>
        {
            if (NameFault(row) is { } fault)
                return fault;
            if (named)
                return StreetWords.Say("street_repeated");
            if (PhoneFault(row, out var phone) is { } wrong)
                return wrong;
            named = true;
            return new StreetName(row["name"], NameEn(row), phone);
        });
    }

    public ImmutableArray<Community> Communities(CsvTable.Usable table) => Take<Community>(table, row =>
    {
        string? phone = null;
        if ((HeadFault(row, _communities) ?? PhoneFault(row, out phone)) is { } fault)
            return fault;
        _communities.Add(row["code"]);
        return new Community(new(row["code"]), row["name"], NameEn(row)) { DutyPhone = phone };
    });

    public ImmutableArray<Grid> Grids(CsvTable.Usable table) => Take<Grid>(table, row =>
    {
        ImmutableArray<GeoPoint> outline = [];
        if ((HeadFault(row, _grids) ?? CommunityFault(row) ?? OutlineFault(row["outline"], out outline)) is { } fault)
            return fault;
        _grids.Add(row["code"]);
        return new Grid(new(row["code"]), row["name"], NameEn(row), new(row["community"]), outline);
    });

    public ImmutableArray<Team> Teams(CsvTable.Usable table) => Take<Team>(table, row =>
    {
        var (grids, skills) = (LostZeros.Codes(row["grids"]), LostZeros.Codes(row["skills"]));
        if ((HeadFault(row, _teams) ?? CommunityFault(row) ?? GridsFault(grids) ?? SkillsFault(skills)) is { } fault)
            return fault;
        _teams.Add(row["code"]);
        return new Team(new(row["code"]), row["name"], NameEn(row), new(row["community"]), [.. grids.Select(g => new GridCode(g))]) { Skills = [.. skills.Distinct()] };
    });

    public ImmutableArray<Station> Stations(CsvTable.Usable table) => Take<Station>(table, row =>
    {
        GeoPoint? position = null;
        if ((HeadFault(row, _stations) ?? GridFault(row["grid"]) ?? PositionFault(row["position"], out position)) is { } fault)
            return fault;
        _stations.Add(row["code"]);
        return new Station(new(row["code"]), row["name"], NameEn(row), new(row["grid"])) { Position = position };
    });

    private ImmutableArray<T> Take<T>(CsvTable.Usable table, Func<CsvLine, Line<T>> read)
        where T : class
    {
        var taken = ImmutableArray.CreateBuilder<T>(table.Rows.Count);
        var refused = new List<RefusedLine>(table.Refused);
        foreach (var row in table.Rows)
        {
            var line = read(row);
            if (line.Why is { } why)
                refused.Add(new(table.Shape.File, row.Line, why));
            else
                taken.Add(line.Item!);
        }

        _refused.AddRange(refused.OrderBy(r => r.Line));
        return taken.DrainToImmutable();
    }

    private static string NameEn(CsvLine row) => row["name_en"].Length > 0 ? row["name_en"] : row["name"];

    private static Words? HeadFault(CsvLine row, HashSet<string> taken)
    {
        var code = row["code"];
        if (Cells.IsDay(code))
            return StreetWords.Say("code_is_day", code);
        if (!IsCode(code))
            return StreetWords.Say("code_invalid", code, StreetFiles.MaxCodeChars);
        return taken.Contains(code) ? StreetWords.Say("code_duplicate", code) : NameFault(row);
    }

    private static Words? NameFault(CsvLine row)
    {
        var (name, nameEn) = (row["name"], row["name_en"]);
        if (name.Length == 0)
            return StreetWords.Say("name_missing");
        if (name.Length > StreetFiles.MaxNameChars || nameEn.Length > StreetFiles.MaxNameChars)
            return StreetWords.Say("name_too_long", StreetFiles.MaxNameChars);
        return name.Any(StreetWords.IsUnprintable) || nameEn.Any(StreetWords.IsUnprintable) ? StreetWords.Say("name_unprintable") : null;
    }

    private Words? CommunityFault(CsvLine row) =>
        _communities.Contains(row["community"]) ? null : StreetWords.Say("community_unknown", row["community"]);

    private Words? GridFault(string grid) => _grids.Contains(grid) ? null : StreetWords.Say("grid_unknown", grid);

    private Words? GridsFault(string[] grids)
    {
        if (grids.Length == 0)
            return StreetWords.Say("grids_missing");
        if (grids.Length > StreetFiles.MaxGridsOfTeam)
            return StreetWords.Say("too_many_grids", StreetFiles.MaxGridsOfTeam);
        if (grids.CountBy(g => g).FirstOrDefault(g => g.Value > 1) is { Key: { } repeated })
            return StreetWords.Say("grid_repeated", repeated);
        return grids.Select(GridFault).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>A skill is a category code. Only the policy knows the valid ones; an unknown one matches no case.</summary>
    private static Words? SkillsFault(string[] skills)
    {
        if (skills.Length > ChoiceRules.MaxSkills)
            return StreetWords.Say("too_many_skills", ChoiceRules.MaxSkills);
        return skills.FirstOrDefault(s => !IsCode(s)) is { } bad ? StreetWords.Say("skill_invalid", bad) : null;
    }

    private static bool IsCode(string code) => code.Length is > 0 and <= StreetFiles.MaxCodeChars && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static Words? OutlineFault(string text, out ImmutableArray<GeoPoint> outline)
    {
        outline = [];
        var points = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (points.Length == 0)
            return StreetWords.Say("outline_missing");
        var ring = new List<GeoPoint>(points.Length);
        foreach (var point in points)
        {
            if (ParsePoint(point) is not { } p)
                return StreetWords.Say("outline_unreadable", ring.Count + 1, point);
            ring.Add(p);
        }

        // Many tools repeat the first point to close a ring; ours closes implicitly.
        if (ring.Count > 1 && ring[^1] == ring[0])
            ring.RemoveAt(ring.Count - 1);
        outline = [.. ring];
        return Geometry.Check(outline) switch
        {
            RingFault.None => null,
            RingFault.OutOfRange => StreetWords.Say("outline_out_of_range"),
            RingFault.TooFewPoints => StreetWords.Say("outline_too_few_points", Geometry.MinRingPoints),
            RingFault.TooManyPoints => StreetWords.Say("outline_too_many_points", Geometry.MaxRingPoints),
            RingFault.NoArea => StreetWords.Say("outline_no_area", Geometry.MinRingSquareMetres),
            RingFault.SelfIntersecting => StreetWords.Say("outline_self_intersecting"),
            var other => throw new InvalidOperationException($"A ring fault without a message: {other}."),
        };
    }

    /// <summary>Empty, or a point as in an outline.</summary>
    private static Words? PositionFault(string text, out GeoPoint? position)
    {
        position = text.Length == 0 ? null : ParsePoint(text);
        return text.Length == 0 || (position is { } point && Geometry.IsOnEarth(point)) ? null : StreetWords.Say("position_invalid", text);
    }

    private static GeoPoint? ParsePoint(string text)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2
            && double.TryParse(parts[0], Degrees, CultureInfo.InvariantCulture, out var lat)
            && double.TryParse(parts[1], Degrees, CultureInfo.InvariantCulture, out var lon)
            && double.IsFinite(lat) && double.IsFinite(lon)
            ? new GeoPoint(lat, lon)
            : null;
    }

    /// <summary>A street's Chinese and English name, and the number of its duty desk.</summary>
    private static Words? PhoneFault(CsvLine row, out string? phone)
    {
        phone = Phones.Of(row["duty_phone"])?.Number;
        return phone is null && row["duty_phone"].Length > 0 ? StreetWords.Say("duty_phone_invalid", row["duty_phone"]) : null;
    }

    internal sealed record StreetName(string Name, string NameEn, string? DutyPhone);

    /// <summary>The result of a line: its item, or why there is none.</summary>
    private readonly record struct Line<T>(T? Item, Words? Why)
        where T : class
    {
        public static implicit operator Line<T>(T item) => new(item, null);

        public static implicit operator Line<T>(Words why) => new(null, why);
    }
}
