using DispatchCenter.Contracts;
using DispatchCenter.Hub;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Pages;

/// <summary>The entrance: residents to the left, staff to the right; in demo mode every room with an account for it.</summary>
public sealed class IndexModel(StreetBook street, DemoMode demo) : PageModel
{
    public bool Demo => demo.On;

    public StreetView Street { get; } = street.View;
}
