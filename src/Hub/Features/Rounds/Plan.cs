using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>One place to stop at, as the register named it on the day.</summary>
internal sealed record PlannedStop(string Code, string Kind, string Name, string NameEn);

/// <summary>What a round was made of on its day: kept with it, because rhythms and register move on.</summary>
/// <param name="Homes">visit or call, if its stops are homes that had agreed; null for places.</param>
internal sealed record RoundPlan(string Name, string NameEn, ImmutableArray<PlannedStop> Stops, ImmutableArray<Check> Checks, string? Homes = null)
{
    public static RoundPlan Read(string json) => JsonSerializer.Deserialize(json, PlanJson.Default.RoundPlan)!;

    /// <summary>Whether a stop counts: a place does; a home as long as it agrees, or once somebody was there.</summary>
    /// <param name="agreed">What homes agree to: now, or when the round was over.</param>
    public bool Counts(PlannedStop stop, IReadOnlySet<(string What, string Entry)> agreed, bool looked) => looked || Agrees(stop.Code, agreed);

    /// <summary>Whether a home agrees; of places always.</summary>
    public bool Agrees(string code, IReadOnlySet<(string What, string Entry)> agreed) => Homes is not { } homes || agreed.Contains((homes, code));

    /// <summary>Whether nothing is left: every stop that counts was looked at.</summary>
    public bool IsWalked(List<string> looked, IReadOnlySet<(string What, string Entry)> agreed) => Stops.All(stop => looked.Contains(stop.Code) || !Agrees(stop.Code, agreed));

    public string Write() => JsonSerializer.Serialize(this, PlanJson.Default.RoundPlan);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RoundPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;

/// <summary>One thing that a review goes through.</summary>
/// <param name="Day">Of an entry, the last day on which it counts; of a poster, when it was scanned last, or since when it was not.</param>
/// <param name="Is">An entry still counts; a poster was scanned.</param>
internal sealed record Listed(string Code, string Name, string NameEn, DateOnly Day, bool Is);

/// <summary>One round that is due: a rhythm at a place on a day.</summary>
/// <param name="Place">As in the register: street, community:01, grid:001.</param>
/// <param name="List">What a review goes through.</param>
internal sealed record DueRound(Rhythm Rhythm, string Place, CommunityCode? Community, GridCode? Grid, RoundPlan Plan, ImmutableArray<Listed> List);

/// <summary>What is due on a day, from the rhythms and the register as they are. Pure.</summary>
internal static class DueRounds
{
    public static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? ReadDay(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>The day at the street.</summary>
    public static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.ToOffset(WorkCalendar.Offset).DateTime);

    /// <summary>The last instant of a day at the street.</summary>
    public static DateTimeOffset Ends(DateOnly day) => new(day.ToDateTime(TimeOnly.MaxValue), WorkCalendar.Offset);

    /// <summary>The instant from which a rhythm's rounds of a day may be done.</summary>
    public static DateTimeOffset Begins(Rhythm rhythm, DateOnly day) => new(day.ToDateTime(rhythm.From), WorkCalendar.Offset);

    /// <summary>The rounds of a day by rhythm and place. A place without any stop of the rhythm has none, and neither has one without anything that its review would go through.</summary>
    /// <param name="agreed">What homes have agreed to, by the code of their entry.</param>
    /// <param name="posters">What is known of the poster of a station, by its code.</param>
    public static IEnumerable<DueRound> On(DateOnly day, IEnumerable<Rhythm> rhythms, RegisterMap register, IReadOnlySet<(string What, string Entry)> agreed, WorkCalendar calendar, IReadOnlyDictionary<string, PosterKnown> posters)
    {
        foreach (var rhythm in rhythms.Where(r => r.IsDueOn(day, calendar)))
        {
            var at = Begins(rhythm, day);
            var (stops, listed) = (StopsOf(rhythm, register, agreed, at), ListedBy(rhythm, register, at, posters));
            foreach (var (place, community, grid) in Places(rhythm.Place, register.Map))
                if ((rhythm is { Stops.IsEmpty: true, Homes: HomeContact.None } || stops.Contains(place)) && (rhythm.Lists == ReviewList.None || listed.Contains(place)))
                    yield return new(rhythm, place, community, grid, new RoundPlan(rhythm.Name, rhythm.NameEn, [.. stops[place]], rhythm.Checks, HomesOf(rhythm)), [.. listed[place]]);
        }
    }

    /// <summary>What a review goes through, by the place of its rounds, in the order of the codes.</summary>
    private static ILookup<string, Listed> ListedBy(Rhythm rhythm, RegisterMap register, DateTimeOffset at, IReadOnlyDictionary<string, PosterKnown> posters)
    {
        IEnumerable<(string Place, Listed Thing)> things = rhythm.Lists switch
        {
            ReviewList.None => [],
            ReviewList.Expiring => register.Entries.Select(e => RegisterFindings.OfExpiry(e, at)).OfType<RegisterFinding.Expiring>()
                .Select(f => (f.Entry.Place, new Listed(f.Entry.Code, f.Entry.Name, f.Entry.NameEn, Today(f.At).AddDays(-1), !f.IsOver))),
            // Of a station that is not watched yet nobody knows.
            ReviewList.Posters => register.Map.Stations.Select(s => (Station: s, Known: posters.GetValueOrDefault(s.Code.Value))).Where(s => s.Known is { } known && known.Day.AddDays(Rhythm.Unscanned) <= Today(at))
                .Select(s => (RegisterMap.Of(s.Station.Grid), new Listed(s.Station.Code.Value, s.Station.Name, s.Station.NameEn, s.Known!.Day, s.Known.Scanned))),
            _ => throw new InvalidOperationException($"Unknown list {rhythm.Lists}."),
        };
        return things.OrderBy(t => t.Thing.Code, StringComparer.Ordinal).Select(t => (At: PlaceOf(rhythm.Place, register.Area(t.Place)), t.Thing)).Where(t => t.At is not null).ToLookup(t => t.At!, t => t.Thing);
    }

    private static string? HomesOf(Rhythm rhythm) => rhythm.Homes == HomeContact.None ? null : Names.Camel(rhythm.Homes);

    /// <summary>The place of a kind in which an area lies; null if it lies in none.</summary>
    private static string? PlaceOf(PlaceKind kind, (CommunityCode? Community, GridCode? Grid) area) => kind switch
    {
        PlaceKind.Grid => area.Grid is { } grid ? RegisterMap.Of(grid) : null,
        PlaceKind.Community => area.Community is { } community ? RegisterMap.Of(community) : null,
        PlaceKind.Street => Kinds.Street,
        _ => throw new InvalidOperationException($"Unknown place {kind}."),
    };

    private static IEnumerable<(string Place, CommunityCode? Community, GridCode? Grid)> Places(PlaceKind kind, StreetMap map) => kind switch
    {
        PlaceKind.Grid => map.Grids.Select(g => (RegisterMap.Of(g.Code), (CommunityCode?)g.Community, (GridCode?)g.Code)),
        PlaceKind.Community => map.Communities.Select(c => (RegisterMap.Of(c.Code), (CommunityCode?)c.Code, (GridCode?)null)),
        PlaceKind.Street => [(Kinds.Street, null, null)],
        _ => throw new InvalidOperationException($"Unknown place {kind}."),
    };

    /// <summary>Where a rhythm stops, by the place of its rounds; in the order of the way: by the place that a stop stands in, then by its code, as houses are numbered.</summary>
    private static ILookup<string, PlannedStop> StopsOf(Rhythm rhythm, RegisterMap register, IReadOnlySet<(string What, string Entry)> agreed, DateTimeOffset at) => register.Entries
        .Where(e => (HomesOf(rhythm) is { } homes ? agreed.Contains((homes, e.Code)) : rhythm.Stops.Contains(e.Kind)) && e.IsAt(at))
        .Select(entry => (Entry: entry, At: PlaceOf(rhythm.Place, register.Area(entry.Code))))
        .Where(one => one.At is not null)
        .OrderBy(one => one.Entry.Place, StringComparer.Ordinal).ThenBy(one => one.Entry.Code.Length).ThenBy(one => one.Entry.Code, StringComparer.Ordinal)
        .ToLookup(one => one.At!, one => new PlannedStop(one.Entry.Code, one.Entry.Kind, one.Entry.Name, one.Entry.NameEn));
}
