using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// A module's user interface: endpoints, pages and menu entries. It is listed in <see cref="WebModules"/>, which server, page set-up and menu
/// use. Its texts are in its folder as NAME.zh-CN.json and NAME.en.json.
/// </summary>
internal abstract class WebModule
{
    /// <summary>The name, which is also the name of its folder.</summary>
    public abstract string Name { get; }

    public virtual IEnumerable<PageRow> Pages => [];

    public virtual IEnumerable<StaffRoom> Rooms => [];

    public virtual void Map(IEndpointRouteBuilder routes)
    {
    }
}

/// <summary>The right that a page requires, and its rate limit per address.</summary>
/// <param name="Page">Its file name.</param>
/// <param name="MayBeKept">See <see cref="Kernel.MayBeKept"/>.</param>
/// <param name="SetsUpSecondFactor">See <see cref="Kernel.SetsUpSecondFactor"/>.</param>
/// <param name="TakesFiles">Its forms may contain photos or an administrator's files; the page reports oversized ones itself.</param>
internal sealed record PageRow(string Page, Right Needs, string? Limit = null, bool TakesFiles = false, bool MayBeKept = false, bool SetsUpSecondFactor = false);

/// <summary>A staff page in the menu, by its path, which is also the key of its texts.</summary>
/// <param name="Place">Its menu position, lowest first.</param>
/// <param name="HomeOf">The kinds of account that begin here after signing in.</param>
internal sealed record StaffRoom(int Place, string Path, Right Needs, Floor Floor, params IReadOnlyList<Role> HomeOf);

/// <summary>Pages of one floor are used together and link to each other at the top.</summary>
internal enum Floor { Alone, Desk, Office }
