using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// Reads a street from five CSV files: <c>street.csv</c> (name, name_en, optional duty_phone; one line), <c>communities.csv</c> (code, name, name_en, optional duty_phone),
/// <c>grids.csv</c> (code, name, name_en, community, outline), <c>teams.csv</c> (code, name, name_en, community, grids, optional skills) and
/// <c>stations.csv</c> (code, name, name_en, grid, optional position: one point as in an outline).
/// An outline is a ring of WGS-84 points in degrees, <c>lat lon;lat lon;…</c>; a team's grids and its skills (category codes) are separated by <c>;</c>. An empty
/// English name defaults to the Chinese one. Each file may be a workbook instead, also as <c>communities.xlsx</c> and so on.
/// A rejected line stops only the lines that refer to it. A file that is missing, unreadable or lacks a column rejects the whole
/// import, and so does an import without a community, a grid or a team. Mistakes in files are reported, never thrown.
/// </summary>
public static class StreetFiles
{
    public const int MaxCommunities = 200;

    public const int MaxGrids = 2_000;

    public const int MaxTeams = 1_000;

    public const int MaxStations = 1_000;

    /// <summary>Lines of <c>street.csv</c> to read; only one is used.</summary>
    public const int MaxStreetLines = 10;

    public const int MaxGridsOfTeam = 200;

    public const int MaxCodeChars = 24;

    public const int MaxNameChars = 60;

    /// <summary>Per file.</summary>
    public const int MaxFileBytes = CsvTable.MaxFileBytes;

    private const string DemoFolder = "DispatchCenter.Hub.Street.Demo.";

    private static readonly CsvShape Street = new("street.csv", MaxStreetLines, "name", "name_en") { Optional = ["duty_phone"] };
    private static readonly CsvShape Communities = new("communities.csv", MaxCommunities, "code", "name", "name_en") { Optional = ["duty_phone"] };
    private static readonly CsvShape Grids = new("grids.csv", MaxGrids, "code", "name", "name_en", "community", "outline");
    private static readonly CsvShape Teams = new("teams.csv", MaxTeams, "code", "name", "name_en", "community", "grids") { Optional = ["skills"] };
    private static readonly CsvShape Stations = new("stations.csv", MaxStations, "code", "name", "name_en", "grid") { Optional = ["position"] };

    /// <summary>In the order in which they are read.</summary>
    private static readonly CsvShape[] Shapes = [Street, Communities, Grids, Teams, Stations];

    /// <summary>The built-in fictitious demo street (演示街道). It lies on open water, where nobody lives.</summary>
    public static StreetImport ReadDemo() => Read(file => typeof(StreetFiles).Assembly.GetManifestResourceStream(DemoFolder + file));

    /// <summary>Reads the five files of a folder. A missing folder counts as one without files; a table that is there in both forms is refused, for one of them would be left out unseen.</summary>
    /// <param name="known">The codes in force, for tables that have lost their zeros.</param>
    public static StreetImport ReadFolder(string folder, StreetCodes? known = null)
    {
        bool IsThere(string file) => File.Exists(Path.Combine(folder, file));
        CsvShape[] shapes = [.. Shapes.Select(shape => Path.ChangeExtension(shape.File, ".xlsx") is var book && IsThere(book) && !IsThere(shape.File) ? shape with { File = book } : shape)];
        ImmutableArray<Words> twice = [.. shapes.Where(s => IsThere(s.File) && s.File.EndsWith(".csv", StringComparison.Ordinal)).Select(s => (s.File, Book: Path.ChangeExtension(s.File, ".xlsx"))).Where(f => IsThere(f.Book)).Select(f => StreetWords.Say("file_twice", f.File, f.Book))];
        return twice.IsEmpty ? Read(shapes, file => IsThere(file) ? File.OpenRead(Path.Combine(folder, file)) : null, known) : new StreetImport.Refused(twice, []);
    }

    /// <param name="open">Opens a file by name; null if there is none. May throw I/O exceptions.</param>
    public static StreetImport Read(Func<string, Stream?> open, StreetCodes? known = null) => Read(Shapes, open, known);

    private static StreetImport Read(CsvShape[] shapes, Func<string, Stream?> open, StreetCodes? known)
    {
        ImmutableArray<CsvTable> tables = [.. shapes.Select(shape => CsvTable.Read(shape, open))];
        var unusable = tables.OfType<CsvTable.Unusable>().Select(t => t.Why).ToImmutableArray();
        if (!unusable.IsEmpty)
            return new StreetImport.Refused(unusable, []);

        var (lines, zeros) = (new StreetLines(), new LostZeros());
        var usable = Whole([.. tables.OfType<CsvTable.Usable>()], known ?? StreetCodes.None, zeros);
        var street = lines.Street(usable[0]);
        var communities = lines.Communities(usable[1]);
        var grids = lines.Grids(usable[2]);
        var teams = lines.Teams(usable[3]);
        var stations = lines.Stations(usable[4]);

        ImmutableArray<Words> nothing =
        [
            .. Nothing(Street, street.Length), .. Nothing(Communities, communities.Length),
            .. Nothing(Grids, grids.Length), .. Nothing(Teams, teams.Length),
        ];
        if (!nothing.IsEmpty)
            return new StreetImport.Refused(nothing, lines.Refused);
        var map = new StreetMap(street[0].Name, street[0].NameEn, communities, grids, stations, teams) { DutyPhone = street[0].DutyPhone };
        return new StreetImport.Taken(map, lines.Refused, [.. zeros.Remarks], [.. Coverage.Of(map).Select(Warning)]);
    }

    /// <summary>The message of a <see cref="Coverage"/> finding.</summary>
    public static Words Warning(CoverageFinding finding) => finding switch
    {
        CoverageFinding.GridWithoutTeam f => StreetWords.Say("grid_without_team", f.Grid),
        CoverageFinding.GridInTwoTeams f => StreetWords.Say("grid_in_two_teams", f.Grid, f.First, f.Second),
        CoverageFinding.TeamOutsideCommunity f => StreetWords.Say("team_outside_community", f.Team, f.Grid),
        CoverageFinding.TeamGridUnknown f => StreetWords.Say("team_grid_unknown", f.Team, f.Grid),
        CoverageFinding.CommunityWithoutTeam f => StreetWords.Say("community_without_team", f.Community),
        CoverageFinding.StationOutsideGrid f => StreetWords.Say("station_outside_grid", f.Station, f.Grid),
        CoverageFinding.StationInUnknownGrid f => StreetWords.Say("station_in_unknown_grid", f.Station, f.Grid),
        CoverageFinding.OutlinesOverlap f => StreetWords.Say("outlines_overlap", f.First, f.Second, Math.Round(f.SquareMetres)),
        CoverageFinding.MoreOverlaps f => StreetWords.Say("more_overlaps", f.Listed),
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "A finding without words."),
    };

    /// <summary>The tables with the zeros of their codes.</summary>
    private static CsvTable.Usable[] Whole(CsvTable.Usable[] tables, StreetCodes known, LostZeros zeros)
    {
        var (street, communities, grids, teams, stations) = (tables[0], tables[1], tables[2], tables[3], tables[4]);
        communities = Defined(communities, [.. known.Communities, .. Full(grids, "community"), .. Full(teams, "community")]);
        grids = Defined(grids, [.. known.Grids, .. Full(teams, "grids"), .. Full(stations, "grid")]);
        grids = zeros.Restore(grids, "community", Said(communities, "code"));
        teams = Defined(teams, known.Teams);
        teams = zeros.Restore(teams, "community", Said(communities, "code"));
        teams = zeros.Restore(teams, "grids", Said(grids, "code"));
        teams = zeros.Restore(teams, "skills", known.Categories);
        stations = Defined(stations, known.Stations);
        stations = zeros.Restore(stations, "grid", Said(grids, "code"));
        foreach (var table in (CsvTable.Usable[])[communities, grids, teams, stations]) zeros.Doubt(table, "code");
        return [street, communities, grids, teams, stations];

        // A code that the table itself has in full is another one.
        CsvTable.Usable Defined(CsvTable.Usable table, IEnumerable<string> meant) => zeros.Restore(table, "code", meant.Except(Full(table, "code")));
        static IEnumerable<string> Full(CsvTable.Usable table, string column) => Said(table, column).Where(code => code is ['0', ..]);
        static IEnumerable<string> Said(CsvTable.Usable table, string column) => table.Rows.SelectMany(row => LostZeros.Codes(row[column]));
    }

    private static IEnumerable<Words> Nothing(CsvShape shape, int taken) => taken > 0 ? [] : [StreetWords.Say("nothing_taken", shape.File)];
}
