using System.Globalization;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Features.Front;
using DispatchCenter.Web.Features.Matters;
using DispatchCenter.Web.Features.People;
using DispatchCenter.Web.Features.Persons;
using DispatchCenter.Web.Features.Reach;
using DispatchCenter.Web.Features.Register;
using DispatchCenter.Web.Features.Reports;
using DispatchCenter.Web.Features.Rounds;
using DispatchCenter.Web.Features.Street;
using DispatchCenter.Web.Features.Whistles;

namespace DispatchCenter.Web.Kernel;

/// <summary>The list of user interfaces; anything not listed is not served.</summary>
internal static class WebModules
{
    public static readonly IReadOnlyList<WebModule> All = [new FrontWeb(), new WhistlesWeb(), new MattersWeb(), new ReportsWeb(), new PeopleWeb(), new StreetWeb(), new RegisterWeb(), new ReachWeb(), new PersonsWeb(), new RoundsWeb()];

    /// <summary>Checks that pages, menu entries and their positions are unique.</summary>
    /// <exception cref="InvalidOperationException">The start must not go on; the message names the duplicate and its owners.</exception>
    public static void Check(IReadOnlyList<WebModule> modules)
    {
        ModuleList.Once("page", modules.SelectMany(m => m.Pages.Select(p => (p.Page, m.Name))));
        ModuleList.Once("room", modules.SelectMany(m => m.Rooms.Select(r => (r.Path, m.Name))));
        ModuleList.Once("place in the menu", modules.SelectMany(m => m.Rooms.Select(r => (r.Place.ToString(CultureInfo.InvariantCulture), m.Name))));
    }
}
