using System.Globalization;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A station of the demo street and the accounts of the team that answers there, derived only from the public rule.</summary>
/// <param name="Workers">The team's grid workers; the first is that of the station's own grid.</param>
/// <param name="Neighbour">A grid worker of another team in the same community.</param>
public sealed record Place(
    string Station, string StationName, string Grid, string Team, string TeamName, string Community, IReadOnlyList<string> Workers, string Neighbour,
    string Property, string Police, string Head)
{
    public static Place Of(JsonNode street, string station)
    {
        var here = Rows(street, "stations").Single(row => Code(row) == station);
        var grid = (string)here["grid"]!;
        var team = Rows(street, "teams").Single(row => row["grids"]!.AsArray().Any(one => (string)one! == grid));
        var grids = team["grids"]!.AsArray().Select(one => (string)one!).OrderBy(one => one != grid);
        var next = Rows(street, "teams").First(row => (string)row["community"]! == (string)team["community"]! && Code(row) != Code(team));
        string Worker(string code) => "grid" + Number(street, "grids", code, "D3");
        string Of(string kind) => kind + Number(street, "teams", Code(team), "D2");
        return new Place(
            station, (string)here["name"]!, grid, Code(team), (string)team["name"]!, (string)team["community"]!,
            [.. grids.Select(Worker)], Worker((string)next["grids"]![0]!), Of("property"), Of("police"), Of("head"));
    }

    private static IEnumerable<JsonNode> Rows(JsonNode street, string part) => street[part]!.AsArray().Select(row => row!);

    private static string Code(JsonNode row) => (string)row["code"]!;

    private static string Number(JsonNode street, string part, string code, string digits) =>
        (Rows(street, part).Select(Code).TakeWhile(one => one != code).Count() + 1).ToString(digits, CultureInfo.InvariantCulture);
}
