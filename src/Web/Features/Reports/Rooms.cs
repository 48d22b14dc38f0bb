using System.Text.Json;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>Cases of past days.</summary>
public sealed class HistoryModel : StaffPageModel;

/// <summary>The figures of some days as charts.</summary>
public sealed class StatsModel : StaffPageModel;

/// <summary>The journal and the access log, by day, post and act.</summary>
public sealed class AuditModel(Roster roster, StreetBook streets) : StaffPageModel
{
    public PostNames Posts { get; } = new(roster, streets);

    /// <summary>What the journal can say of a case or a matter, and what can be looked at; both as codes.</summary>
    public static IEnumerable<string> Codes(bool reads) => reads ? LookQueries.All : Enum.GetNames<What>().Union(Enum.GetNames<MatterWhat>()).Select(JsonNamingPolicy.CamelCase.ConvertName);
}
