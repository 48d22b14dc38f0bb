namespace DispatchCenter.Web.Pages;

/// <summary>A demo account that a newcomer may enter with one tap, and the page it is for. Its words are <c>door.{Account}</c>.</summary>
public sealed record DemoDoor(string Account, string Page)
{
    public static readonly DemoDoor[] All =
    [
        new("duty", "/desk"),
        new("grid001", "/m"),
        new("property01", "/m"),
        new("police01", "/m"),
        new("head01", "/m"),
        new("grid002", "/review"),
        new("community01", "/desk"),
        new("leader", "/desk"),
    ];
}
