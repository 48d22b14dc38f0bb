using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Features.Persons;

/// <summary>What a person may ask of the street about themselves: to see what is held, and to have it erased.</summary>
public sealed class PersonsModule : Module
{
    public override string Name => "Persons";

    public override IEnumerable<Right> Rights => Right.In(typeof(PersonRights));

    public override void AddServices(IServiceCollection services) => services.AddSingleton<PersonCommands>();
}
