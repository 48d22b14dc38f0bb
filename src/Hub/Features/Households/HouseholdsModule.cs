using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>住户: what the register says of a household, for the household itself, and what it asks to have corrected.</summary>
public sealed class HouseholdsModule : Module
{
    public override string Name => "Households";

    public override IEnumerable<Right> Rights => Right.In(typeof(HouseholdRights));

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<HouseholdLinks>().AddSingleton<HouseholdQueries>().AddSingleton<HouseholdCommands>().AddSingleton<CorrectionRuns>().AddSingleton<HouseholdConsents>();
        services.AddSingleton(provider => new BesideTheSweep(provider.GetRequiredService<CorrectionRuns>().BiteAsync));
    }
}
