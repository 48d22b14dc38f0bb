using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Web.Pages;

/// <summary>The rooms of the staff: each by its path, which is also the key of its words.</summary>
public static class StaffRooms
{
    private enum Floor { Alone, Desk, Office }

    private static readonly (string Path, Right Needs, Floor Floor)[] All =
    [
        ("desk", WhistleRights.DeskPage, Floor.Desk), ("m", WhistleRights.TeamPage, Floor.Desk), ("review", WhistleRights.ReviewPage, Floor.Desk), ("callback", WhistleRights.CallbackPage, Floor.Desk),
        ("intake", WhistleRights.WhistleForCaller, Floor.Alone), ("history", ReportRights.History, Floor.Desk), ("stats", ReportRights.Rates, Floor.Desk), ("leader", ReportRights.Brief, Floor.Desk), ("wall", WhistleRights.WallPage, Floor.Desk),
        ("audit", ReportRights.Audit, Floor.Desk), ("roster", PeopleRights.Duty, Floor.Desk), ("duty/start", PeopleRights.HandOverPage, Floor.Desk),
        ("password", KernelRights.Self, Floor.Alone), ("admin", StreetRights.Policy, Floor.Office), ("admin/posters", WhistleRights.Posters, Floor.Office), ("admin/outbox", ReachRights.Outbox, Floor.Office),
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
