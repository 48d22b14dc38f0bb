using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>Reports on the past: history, statistics, the three rates, the morning brief, and the access log.</summary>
public sealed class ReportsModule : Module
{
    public override string Name => "Reports";

    public override IEnumerable<Right> Rights => Right.In(typeof(ReportRights));

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<RateQueries>().AddSingleton<BriefQueries>().AddSingleton<HistoryQueries>().AddSingleton<StatsQueries>().AddSingleton<AuditQueries>().AddSingleton<ActQueries>().AddSingleton<ChainQueries>();
}
