using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Front;

internal sealed class FrontWeb : WebModule
{
    public override string Name => "Front";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Index", KernelRights.Public),
        new("Error", KernelRights.Public),
        new("SignIn", KernelRights.Public, Limits.SignIns),
        new("SignOut", KernelRights.Public),
        new("Styleguide", KernelRights.Public),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapAppManifest();
        routes.MapSignIn();
    }
}
