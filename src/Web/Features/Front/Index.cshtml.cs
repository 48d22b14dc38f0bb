using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Front;

/// <summary>The entrance: residents to the left, staff to the right; in demo mode every room with an account for it.</summary>
public sealed class IndexModel(StreetBook street, DispatchOptions options) : PageModel
{
    public bool Demo => options.Demo;

    public StreetView Street { get; } = street.View;

    /// <summary>The staff rooms that this account may enter: the path, which is also the key of their words.</summary>
    public IEnumerable<string> Rooms => StaffRooms.Of(HttpContext.Staff());
}
