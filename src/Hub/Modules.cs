using DispatchCenter.Hub.Features.Households;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Persons;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub;

/// <summary>The list of modules; anything not listed does not exist. They start in this order and stop in reverse.</summary>
public static class Modules
{
    public static readonly IReadOnlyList<Module> All =
    [
        new EncryptionModule(), new StreetModule(), new RegisterModule(), new FeedModule(), new LedgerModule(),
        new WhistlesModule(), new MattersModule(), new PeopleModule(), new ReachModule(), new ReportsModule(), new PersonsModule(), new RoundsModule(), new HouseholdsModule(),
    ];
}
