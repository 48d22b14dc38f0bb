using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.People;

internal sealed class PeopleWeb : WebModule
{
    public override string Name => "People";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Roster", PeopleRights.Duty),
        new("DutyStart", PeopleRights.HandOverPage),
        new("Password", KernelRights.Self, Limits.SignIns),
        new("SecondFactor", KernelRights.Self, Limits.SignIns, SetsUpSecondFactor: true),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(110, "roster", PeopleRights.Duty, Floor.Desk),
        new(120, "duty/start", PeopleRights.HandOverPage, Floor.Desk),
        new(130, "password", KernelRights.Self, Floor.Alone),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDuty();
    }
}
