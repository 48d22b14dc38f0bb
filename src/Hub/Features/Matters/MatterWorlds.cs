using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>What a matter would be decided under now, for trying out what the asker may do.</summary>
public sealed class MatterWorlds(StreetBook streets, PolicyBook policies, ProcedureBook procedures, Roster roster, TimeProvider time)
{
    internal DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    internal Domain.Duty.OnDuty OnDuty => roster.At(Now);

    internal MatterWorld Of(Proceeding matter) => Of(ProcedureOf(matter), matter.PolicyVersion);

    /// <summary>A new matter of this procedure.</summary>
    internal MatterWorld Of(Procedure procedure) => Of(procedure, policies.Current.Latest.Version);

    /// <summary>The version that a matter keeps. Another node may have added it since this one last read them: then it reads them now.</summary>
    internal async Task<Procedure> ProcedureAsync(Proceeding matter, CancellationToken ct)
    {
        if (procedures.Current.Of(matter) is { } known) return known;
        await procedures.LoadAsync(ct);
        return ProcedureOf(matter);
    }

    private Procedure ProcedureOf(Proceeding matter) => procedures.Current.Of(matter.Procedure, matter.ProcedureVersion);

    private MatterWorld Of(Procedure procedure, int policy) =>
        new(Now, procedure, policies.Current.Of(policy), policies.Current.CalendarOf(policy), streets.Map, roster.At(Now), roster.Held);
}
