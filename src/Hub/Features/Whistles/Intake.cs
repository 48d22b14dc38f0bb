using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A whistle ready for the desk.</summary>
/// <param name="LeftOut">The parts that were invalid and left out: location, phone.</param>
/// <param name="Phone">The caller's number; null if there is none.</param>
public sealed record CheckedWhistle(DeskRequest.Blow Blow, IReadOnlyList<string> LeftOut, Phone? Phone);

/// <summary>
/// Checks a whistle against street and policy before it reaches the desk; nothing is guessed. An invalid extra location or phone
/// number is left out: neither keeps a whistle from ringing. An officer is asked once about an unusual number, unless someone is in danger.
/// </summary>
public sealed class Intake(StreetBook streets, PolicyBook policies, StandardsBook standards)
{
    /// <summary>The values of <see cref="WhistleReceipt.LeftOut"/>.</summary>
    public const string Photo = "photo", Location = "location", Phone = "phone";

    private const string Wgs84 = "wgs84";
    internal const string Gcj02Name = "gcj02";

    public Outcome<CheckedWhistle> Check(WhistleRequest request, Staff? officer)
    {
        var place = PlaceOf(request);
        if (place.Value is not { } at) return new(place);
        var policy = policies.Current.Latest;
        if (request.Category is null || policy.FindCategory(request.Category) is not { } category) return new(Outcome.Of(Codes.CategoryUnknown));
        var standard = request.Standard is { } key ? standards.Find(key) : standards.OfCategory(category.Code);
        if (request.Standard is not null && standard is null) return new(Outcome.Of(Codes.StandardUnknown));
        var source = Source.Page;
        if (request.Source is not null)
        {
            if (!Access.May(officer, WhistleRights.WhistleForCaller)) return new(Outcome.Of("source_forbidden"));
            if (Names.Parse<Source>(request.Source) is not ((Source.Phone or Source.Counter or Source.Patrol) and var named)) return new(Outcome.Of(Codes.SourceUnknown));
            source = named;
        }

        if (request.Joins is not null && !CallNo.IsOne(request.Joins)) return new(Outcome.Of(Codes.CallNotFound));
        if (Texts.Check(request.Description, Texts.DescriptionLimit, "description", out var description) is { } tooLong) return new(tooLong);
        if (Texts.Check(request.Contact?.Name, Texts.NameLimit, "name", out var name) is { } refused) return new(refused);
        var phone = Phones.OfPerson(request.Contact?.Phone);
        if (source != Source.Page && phone is { IsUnusual: true } && request is not ({ Danger: true } or { Anyway: true })) return new(Outcome.Of(Phones.Unusual));
        var location = request.Location is { } there && IsLocation(there) ? there : null;
        List<string> leftOut = [];
        if (request.Location is not null && location is null) leftOut.Add(Location);
        if (phone is null && !string.IsNullOrWhiteSpace(request.Contact?.Phone)) leftOut.Add(Phone);
        var caller = new Caller(name.Length > 0 ? name : null, phone?.Number, location?.Lat, location?.Lon, location?.Datum);
        var blow = new DeskRequest.Blow(
            category, at.Grid, at.Station, request.Danger ?? false, request.HideFromProperty ?? false, request.Drill is true && Access.May(officer, WhistleRights.WhistleForCaller),
            source, source == Source.Page ? null : officer?.Post, description, caller)
        {
            Joins = request.Joins is { } other ? new CallNo(other) : null,
            Standard = standard is null ? null : StandardsBook.Apply(standard, policy),
        };
        return new CheckedWhistle(blow, leftOut, phone);
    }

    private sealed record Place(Grid Grid, Station? Station);

    /// <summary>A station determines its grid; a grid stands for itself; a location is looked up in the outlines.</summary>
    private Outcome<Place> PlaceOf(WhistleRequest request)
    {
        var map = streets.Map;
        if (request.Station is not null)
            return map.FindStation(request.Station) is { } station && map.FindGrid(station.Grid.Value) is { } around
                ? new Place(around, station)
                : Outcome.Of(Codes.StationUnknown).As<Place>();
        if (request.Grid is not null)
            return map.FindGrid(request.Grid) is { } grid ? new Place(grid, null) : Outcome.Of(Codes.GridUnknown).As<Place>();
        if (request.Location is null) return new(Outcome.Of(Codes.PlaceMissing));
        if (request.Location is not { Lat: { } lat, Lon: { } lon } place || !IsLocation(place)) return new(Outcome.Of("location_invalid"));
        var point = new GeoPoint(lat, lon);
        return map.GridAt(place.Datum == Gcj02Name ? Gcj02.ToWgs84(point) : point) is { } at ? new Place(at, null) : Outcome.Of(Codes.LocationOutside).As<Place>();
    }

    private static bool IsLocation(LocationRequest location) =>
        location is { Lat: >= -90 and <= 90, Lon: >= -180 and <= 180, Datum: Wgs84 or Gcj02Name };
}
