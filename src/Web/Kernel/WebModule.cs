using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// What a module shows: endpoints, pages and rooms of the menu. It hands itself in to <see cref="WebModules"/>; server, pages' set-up and menu go through the
/// list. Its words for people stand in its folder as NAME.zh-CN.json and NAME.en.json.
/// </summary>
internal abstract class WebModule
{
    /// <summary>Also the name of its folder.</summary>
    public abstract string Name { get; }

    public virtual IEnumerable<PageRow> Pages => [];

    public virtual IEnumerable<StaffRoom> Rooms => [];

    public virtual void Map(IEndpointRouteBuilder routes)
    {
    }
}

/// <summary>The right that a page stands under, and its limit per address.</summary>
/// <param name="Page">The name of its file.</param>
/// <param name="TakesFiles">Its forms may hold photos, or an administrator's files: what is too large for them it says itself.</param>
internal sealed record PageRow(string Page, Right Needs, string? Limit = null, bool TakesFiles = false);

/// <summary>A room of the staff: by its path, which is also the key of its words.</summary>
/// <param name="Place">Where it stands among the others, the lowest first.</param>
internal sealed record StaffRoom(int Place, string Path, Right Needs, Floor Floor);

/// <summary>Rooms of one floor are worked in by turns: the way to each stands at the top of the others.</summary>
internal enum Floor { Alone, Desk, Office }
