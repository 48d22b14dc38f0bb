using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Whistles;

internal sealed class WhistlesWeb : WebModule
{
    public override string Name => "Whistles";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Places", KernelRights.Public, Limits.Tracking, MayBeKept: true),
        new("Whistle", WhistleRights.Whistle, Limits.Whistles, TakesFiles: true, MayBeKept: true),
        new("Track", WhistleRights.Whistle, Limits.Tracking, TakesFiles: true),
        new("Family", WhistleRights.Whistle, Limits.Tracking),
        new("Report", WhistleRights.ReportLink, Limits.Whistles, TakesFiles: true),
        new("Party", WhistleRights.PartyLink, Limits.Tracking, TakesFiles: true),
        new("Intake", WhistleRights.WhistleForCaller, TakesFiles: true),
        new("Team", WhistleRights.TeamPage),
        new("Desk", WhistleRights.DeskPage),
        new("Review", WhistleRights.ReviewPage),
        new("Callback", WhistleRights.CallbackPage),
        new("Wall", WhistleRights.WallPage),
        new("Posters", WhistleRights.Posters),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(10, "desk", WhistleRights.DeskPage, Floor.Desk, Role.Duty, Role.Community),
        new(20, "m", WhistleRights.TeamPage, Floor.Desk, Role.Member),
        new(30, "review", WhistleRights.ReviewPage, Floor.Desk),
        new(40, "callback", WhistleRights.CallbackPage, Floor.Desk),
        new(50, "intake", WhistleRights.WhistleForCaller, Floor.Alone),
        new(90, "wall", WhistleRights.WallPage, Floor.Desk, Role.Wall),
        new(150, "admin/posters", WhistleRights.Posters, Floor.Office),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapWhistles();
        routes.MapPhotos();
        routes.MapStaff();
        routes.MapAnswers();
        routes.MapOrders();
        routes.MapHub<DispatchHub>(HubNames.Path).Needs(FeedRights.Watch).RequireRateLimiting(Limits.Hubs);
    }
}
