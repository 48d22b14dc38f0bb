using DispatchCenter.Hub.Accounts;

namespace DispatchCenter.Web.Pages;

/// <summary>The rooms of the staff: each by its path, which is also the key of its words.</summary>
public static class StaffRooms
{
    private enum Floor { Alone, Desk, Office }

    private static readonly (string Path, Resource Needs, Floor Floor)[] All =
    [
        ("desk", Resource.DeskPage, Floor.Desk), ("m", Resource.TeamPage, Floor.Desk), ("review", Resource.ReviewPage, Floor.Desk), ("callback", Resource.CallbackPage, Floor.Desk),
        ("intake", Resource.WhistleForCaller, Floor.Alone), ("history", Resource.History, Floor.Desk), ("stats", Resource.Rates, Floor.Desk), ("leader", Resource.Brief, Floor.Desk), ("wall", Resource.WallPage, Floor.Desk),
        ("audit", Resource.Audit, Floor.Desk), ("roster", Resource.Duty, Floor.Desk), ("duty/start", Resource.HandOverPage, Floor.Desk),
        ("password", Resource.Self, Floor.Alone), ("admin", Resource.Policy, Floor.Office), ("admin/posters", Resource.Posters, Floor.Office), ("admin/outbox", Resource.Outbox, Floor.Office),
    ];

    /// <summary>Those that an account may enter, in the order in which they are offered.</summary>
    public static IEnumerable<string> Of(Staff? who) => All.Where(room => Access.May(who, room.Needs)).Select(room => room.Path);

    /// <summary>The key of its name; with .help, of what it is for.</summary>
    public static string Key(string room) => "room." + room[(room.LastIndexOf('/') + 1)..];

    /// <summary>The rooms that are worked in by turns with one: the way to each stands at the top of the others. One that is not listed stands with the desks.</summary>
    public static IEnumerable<string> Beside(string room, Staff? who)
    {
        var floor = All.FirstOrDefault(one => one.Path == room) is { Path: not null } found ? found.Floor : Floor.Desk;
        return All.Where(one => one.Floor == floor && Access.May(who, one.Needs)).Select(one => one.Path);
    }
}
