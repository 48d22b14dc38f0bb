using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Front;

/// <summary>The home page: residents on the left, staff on the right; in demo mode, every staff page with an account for it.</summary>
public sealed class IndexModel(StreetBook street, DispatchOptions options) : PageModel
{
    public bool Demo => options.Demo;

    public StreetView Street { get; } = street.View;

    /// <summary>The staff pages open to this account: the path, which is also the key of their texts.</summary>
    public IEnumerable<string> Rooms => StaffRooms.Of(HttpContext.Staff());
}
