using DispatchCenter.Hub.Features.Persons;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Persons;

internal sealed class PersonsWeb : WebModule
{
    public override string Name => "Persons";

    public override IEnumerable<PageRow> Pages => [new("Held", PersonRights.Held, Limits.Persons)];

    public override IEnumerable<StaffRoom> Rooms => [new(95, "persons", PersonRights.Held, Floor.Desk)];

    public override void Map(IEndpointRouteBuilder routes) => routes.MapPersons();
}
