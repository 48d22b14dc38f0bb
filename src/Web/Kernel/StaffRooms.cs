using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Web.Kernel;

/// <summary>The rooms of the staff, as the modules hand them in.</summary>
public static class StaffRooms
{
    private static readonly StaffRoom[] All = [.. WebModules.All.SelectMany(m => m.Rooms).OrderBy(r => r.Place)];

    /// <summary>Those that an account may enter, in the order in which they are offered.</summary>
    public static IEnumerable<string> Of(Staff? who) => All.Where(room => Access.May(who, room.Needs)).Select(room => room.Path);

    /// <summary>The key of its name; with .help, of what it is for.</summary>
    public static string Key(string room) => "room." + room[(room.LastIndexOf('/') + 1)..];

    /// <summary>The rooms that are worked in by turns with one: the way to each stands at the top of the others. One that is not listed stands with the desks.</summary>
    public static IEnumerable<string> Beside(string room, Staff? who)
    {
        var floor = Array.Find(All, one => one.Path == room)?.Floor ?? Floor.Desk;
        return All.Where(one => one.Floor == floor && Access.May(who, one.Needs)).Select(one => one.Path);
    }
}
