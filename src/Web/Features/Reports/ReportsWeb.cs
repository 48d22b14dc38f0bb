using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reports;

internal sealed class ReportsWeb : WebModule
{
    public override string Name => "Reports";

    public override IEnumerable<PageRow> Pages =>
    [
        new("Brief", ReportRights.Brief),
        new("History", ReportRights.History),
        new("Stats", ReportRights.Rates),
        new("Audit", ReportRights.Audit),
        new("Acts", ReportRights.Audit),
        new("Chain", ReportRights.Chain),
    ];

    public override IEnumerable<StaffRoom> Rooms =>
    [
        new(60, "history", ReportRights.History, Floor.Desk),
        new(70, "stats", ReportRights.Rates, Floor.Desk),
        new(80, "leader", ReportRights.Brief, Floor.Desk, Role.Leader),
        new(100, "audit", ReportRights.Audit, Floor.Desk, Role.Auditor),
        new(105, "audit/acts", ReportRights.Audit, Floor.Desk),
        new(155, "chain", ReportRights.Chain, Floor.Office),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRates();
        routes.MapHistory();
        routes.MapAudit();
    }
}
