using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// What the street's places and teams are called. One that a newer map no longer has keeps its last name wherever its code still stands: in cases, posts, figures and the record.
/// </summary>
public sealed class StreetNames
{
    private readonly Dictionary<(string Kind, string Code), (string Zh, string En)> _names = [];

    internal const string Communities = "communities", Grids = "grids", Stations = "stations", Teams = "teams";

    /// <summary>Those that the latest map does not have.</summary>
    public IReadOnlyList<FormerView> Former { get; private set; } = [];

    /// <summary>A code without a name is its own.</summary>
    public (string Zh, string En) Community(string code) => Of(Communities, code);

    public (string Zh, string En) Grid(string code) => Of(Grids, code);

    public (string Zh, string En) Team(string code) => Of(Teams, code);

    /// <summary>Takes the next version of the map.</summary>
    internal void Take(StreetMap map)
    {
        var now = Listed(map).ToList();
        foreach (var (kind, code, zh, en) in now) _names[(kind, code)] = (zh, en);
        var have = now.Select(n => (n.Kind, n.Code)).ToHashSet();
        Former = [.. _names.Where(n => !have.Contains(n.Key)).OrderBy(n => n.Key.Kind, StringComparer.Ordinal).ThenBy(n => n.Key.Code, StringComparer.Ordinal).Select(n => new FormerView(n.Key.Kind, n.Key.Code, n.Value.Zh, n.Value.En))];
    }

    private (string Zh, string En) Of(string kind, string code) => _names.TryGetValue((kind, code), out var name) ? name : (code, code);

    private static IEnumerable<(string Kind, string Code, string Zh, string En)> Listed(StreetMap map) =>
    [
        .. map.Communities.Select(c => (Communities, c.Code.Value, c.Name, c.NameEn)), .. map.Grids.Select(g => (Grids, g.Code.Value, g.Name, g.NameEn)),
        .. map.Stations.Select(s => (Stations, s.Code.Value, s.Name, s.NameEn)), .. map.Teams.Select(t => (Teams, t.Code.Value, t.Name, t.NameEn)),
    ];
}
