using System.Globalization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Web.Features.Front;

/// <summary>A demo account with one-tap sign-in, and the page it opens.</summary>
/// <param name="Key">Its text is <c>door.{Key}</c>.</param>
public sealed record DemoDoor(string Key, string Account, string Page)
{
    /// <summary>
    /// The desks, and the team of the first station, so that a whistle blown there rings these accounts. Accounts are numbered
    /// like the street's grids, teams and communities.
    /// </summary>
    public static IEnumerable<DemoDoor> Of(StreetView street)
    {
        yield return new DemoDoor("duty", "duty", "/desk");
        var here = street.Stations.Count > 0 ? street.Stations[0].Grid : null;
        if (street.Teams.FirstOrDefault(team => here is not null && team.Grids.Contains(here)) is { } team)
        {
            yield return new DemoDoor("gridWorker", Number("grid", street.Grids.Select(grid => grid.Code), here!, "D3"), "/m");
            foreach (var kind in new[] { "property", "police", "head" })
                yield return new DemoDoor(kind, Number(kind, street.Teams.Select(one => one.Code), team.Code, "D2"), "/m");
            // Anyone who took part cannot verify, so use another grid of the same team.
            if (team.Grids.FirstOrDefault(grid => grid != here) is { } other)
                yield return new DemoDoor("verifier", Number("grid", street.Grids.Select(grid => grid.Code), other, "D3"), "/review");
            yield return new DemoDoor("community", Number("community", street.Communities.Select(one => one.Code), team.Community, "D2"), "/desk");
        }

        yield return new DemoDoor("leader", "leader", "/desk");
    }

    private static string Number(string prefix, IEnumerable<string> codes, string code, string digits) =>
        prefix + (codes.TakeWhile(one => one != code).Count() + 1).ToString(digits, CultureInfo.InvariantCulture);
}
