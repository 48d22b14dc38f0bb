using DispatchCenter.Hub.Accounts;

namespace DispatchCenter.Web.Pages;

/// <summary>The rooms of the staff: each by its path, which is also the key of its words.</summary>
public static class StaffRooms
{
    private static readonly (string Path, Resource Needs, bool AtDesk)[] All =
    [
        ("desk", Resource.DeskPage, true), ("m", Resource.TeamPage, false), ("review", Resource.ReviewPage, true), ("callback", Resource.CallbackPage, true),
        ("intake", Resource.WhistleForCaller, false), ("history", Resource.History, true), ("stats", Resource.Rates, true), ("leader", Resource.Brief, true), ("wall", Resource.WallPage, true),
        ("audit", Resource.Audit, true), ("roster", Resource.Duty, true), ("duty/start", Resource.HandOverPage, true), ("admin", Resource.Policy, false), ("admin/posters", Resource.Posters, false), ("admin/outbox", Resource.Outbox, false),
    ];

    /// <summary>Those that an account may enter, in the order in which they are offered.</summary>
    public static IEnumerable<string> Of(Staff? who) => All.Where(room => Access.May(who, room.Needs)).Select(room => room.Path);

    /// <summary>The key of its name; with .help, of what it is for.</summary>
    public static string Key(string room) => "room." + room[(room.LastIndexOf('/') + 1)..];

    /// <summary>Whether a room is worked in at a desk, so that the way to it stands at the top of the others.</summary>
    public static bool IsAtDesk(string room) => All.Any(one => one.Path == room && one.AtDesk);
}
