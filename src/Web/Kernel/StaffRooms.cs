using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Web.Kernel;

/// <summary>The staff pages that the modules register.</summary>
public static class StaffRooms
{
    private static readonly StaffRoom[] All = [.. WebModules.All.SelectMany(m => m.Rooms).OrderBy(r => r.Place)];

    /// <summary>The pages open to an account, in menu order.</summary>
    public static IEnumerable<string> Of(Staff? who) => All.Where(room => Access.May(who, room.Needs)).Select(room => room.Path);

    /// <summary>The page on which a kind of account begins; the home page if no module claims it.</summary>
    public static string HomeOf(Role role) => Array.Find(All, room => room.HomeOf.Contains(role)) is { } room ? "/" + room.Path : "/";

    /// <summary>The key of its name; with .help, of its description.</summary>
    public static string Key(string room) => "room." + room[(room.LastIndexOf('/') + 1)..];

    /// <summary>The pages used together with this one, linked at its top; all of the account's, if this is its only one there. An unlisted page belongs with the desks.</summary>
    public static IEnumerable<string> Beside(string room, Staff? who)
    {
        var floor = Array.Find(All, one => one.Path == room)?.Floor ?? Floor.Desk;
        string[] beside = [.. All.Where(one => one.Floor == floor && Access.May(who, one.Needs)).Select(one => one.Path)];
        return beside.Length > 1 ? beside : Of(who);
    }
}
