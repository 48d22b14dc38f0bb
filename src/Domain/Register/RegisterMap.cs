using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Register;

/// <summary>Who answers for a role.</summary>
/// <param name="Place">Where they hold it: the place that was asked for, or one around it.</param>
/// <param name="Holders">By code.</param>
public sealed record Resolution(string Place, ImmutableArray<Entry> Holders);

/// <summary>
/// The register at one moment: every entry, where it stands, and what it holds. Immutable. It knows no field that is read for a purpose alone, so nothing that chooses, orders or
/// escalates can depend on one.
/// </summary>
public sealed class RegisterMap
{
    /// <summary>Places within places at most, from a door to the street.</summary>
    public const int MaxDepth = 12;

    private const string CommunityPrefix = Kinds.Community + ":", GridPrefix = Kinds.Grid + ":";

    private readonly FrozenDictionary<string, Entry> _entries;
    private readonly Dictionary<string, Dictionary<string, Held[]>> _held;
    private readonly FrozenDictionary<string, ImmutableArray<Entry>> _within;

    public RegisterMap(Kinds kinds, IEnumerable<Entry> entries, StreetMap map)
    {
        (Kinds, Map) = (kinds, map);
        _entries = entries.ToFrozenDictionary(e => e.Code);
        var roles = kinds.All.ToDictionary(k => k.Code, k => k.Role);
        _held = _entries.Values.SelectMany(e => HeldBy(e, roles.GetValueOrDefault(e.Kind))).GroupBy(h => h.Role)
            .ToDictionary(role => role.Key, role => role.GroupBy(h => h.Place).ToDictionary(place => place.Key, place => place.Select(h => h.Held).OrderBy(h => h.By.Code, StringComparer.Ordinal).ToArray()));
        _within = _entries.Values.GroupBy(e => e.Place).ToFrozenDictionary(g => g.Key, g => g.OrderBy(e => e.Code, StringComparer.Ordinal).ToImmutableArray());
    }

    private sealed record Held(Entry By, Tie? Tie)
    {
        public bool IsAt(DateTimeOffset at) => By.IsAt(at) && Tie?.IsAt(at) != false;
    }

    public Kinds Kinds { get; }

    public StreetMap Map { get; }

    /// <summary>In no order.</summary>
    public ImmutableArray<Entry> Entries => _entries.Values;

    public Entry? Find(string code) => _entries.GetValueOrDefault(code);

    /// <summary>The entries that stand directly in a place, by code.</summary>
    public ImmutableArray<Entry> Within(string place) => _within.GetValueOrDefault(place, []);

    public static string Of(CommunityCode community) => CommunityPrefix + community.Value;

    public static string Of(GridCode grid) => GridPrefix + grid.Value;

    /// <summary>Whether there is such a place, on the street's map or in the register.</summary>
    public bool IsPlace(string place) => KindOf(place) is { } kind && (Kinds.OfTheMap.Contains(kind) || Kinds.Find(kind)?.Family == Family.Place);

    /// <summary>street, community, grid, or the kind of an entry; null if there is none.</summary>
    public string? KindOf(string place) =>
        place == Kinds.Street ? Kinds.Street
        : GridOf(place) is not null ? Kinds.Grid
        : CommunityOf(place) is not null ? Kinds.Community
        : Find(place)?.Kind;

    /// <summary>A place and those around it, from it to the street: at most <see cref="MaxDepth"/>. Ends early where one is not known.</summary>
    public IEnumerable<string> Outwards(string place)
    {
        var at = place;
        for (var i = 0; i < MaxDepth && at is not null; i++)
        {
            yield return at;
            at = Around(at);
        }
    }

    /// <summary>The place of the map in which an entry or a place lies: a grid if it is in one, otherwise its community, otherwise null.</summary>
    public (CommunityCode? Community, GridCode? Grid) Area(string place)
    {
        foreach (var at in Outwards(place))
        {
            if (GridOf(at) is { } grid) return (grid.Community, grid.Code);
            if (CommunityOf(at) is { } community) return (community.Code, null);
        }

        return default;
    }

    /// <summary>Who holds a role for a place then: the holders of the nearest place outwards that has any. Null if nobody does up to the street.</summary>
    public Resolution? Resolve(string role, string place, DateTimeOffset at)
    {
        if (!_held.TryGetValue(role, out var places)) return null;
        var where = place;
        for (var i = 0; i < MaxDepth && where is not null; i++)
        {
            if (places.TryGetValue(where, out var held) && At(held, at) is { IsEmpty: false } holders) return new(where, holders);
            where = Around(where);
        }

        return null;
    }

    /// <summary>Those who hold a role at this very place then.</summary>
    public ImmutableArray<Entry> Holders(string role, string place, DateTimeOffset at) => _held.TryGetValue(role, out var places) && places.TryGetValue(place, out var held) ? At(held, at) : [];

    /// <summary>The roles held at this very place then, with their holders.</summary>
    public IEnumerable<(RegisterRole Role, ImmutableArray<Entry> Holders)> HeldAt(string place, DateTimeOffset at) =>
        Kinds.Roles.Select(role => (role, Holders(role.Code, place, at))).Where(r => !r.Item2.IsEmpty);

    private static ImmutableArray<Entry> At(Held[] held, DateTimeOffset at)
    {
        var found = ImmutableArray.CreateBuilder<Entry>();
        foreach (var one in held)
            if (one.IsAt(at) && !found.Contains(one.By)) found.Add(one.By);
        return found.ToImmutable();
    }

    private static IEnumerable<(string Role, string Place, Held Held)> HeldBy(Entry entry, string? role)
    {
        if (role is not null) yield return (role, entry.Place, new Held(entry, null));
        foreach (var tie in entry.Ties) yield return (tie.Role, tie.Place, new Held(entry, tie));
    }

    private string? Around(string place) =>
        place == Kinds.Street ? null
        : GridOf(place) is { } grid ? Of(grid.Community)
        : CommunityOf(place) is not null ? Kinds.Street
        : Find(place)?.Place;

    private Grid? GridOf(string place) => place.StartsWith(GridPrefix, StringComparison.Ordinal) ? Map.FindGrid(place[GridPrefix.Length..]) : null;

    private Community? CommunityOf(string place) => place.StartsWith(CommunityPrefix, StringComparison.Ordinal) ? Map.FindCommunity(place[CommunityPrefix.Length..]) : null;
}
