using System.Data.Common;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Reach;
using DispatchCenter.Hub.Sla;
using DispatchCenter.Hub.Standards;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Storage;

/// <summary>
/// Keeps what a node holds in memory (policies, street, standards, roster, accounts, channels) as the database has it. Where other nodes write as well, it
/// looks each second which of them have changed; so a shift or a revocation holds everywhere within a second.
/// </summary>
public sealed class BookWatch(
    Database database, PolicyBook policies, StreetBook streets, StandardsBook standards, Duty.Roster roster, AccountBook accounts, ReachBook reach, TimeProvider time, ILogger<BookWatch> log) : BackgroundService
{
    public const string Policies = "policies";
    public const string Streets = "streets";
    public const string Standards = "standards";
    public const string Roster = "roster";
    public const string Accounts = "accounts";
    public const string Reach = "reach";

    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private Dictionary<string, long> _known = [];

    /// <summary>Reads what has changed since the last look: at first, everything.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        // The revisions first: a change in between is read twice, never missed.
        var now = await RevisionsAsync(ct);
        var changed = now.Where(b => _known.GetValueOrDefault(b.Key) != b.Value).Select(b => b.Key).ToHashSet();
        if (changed.Contains(Policies)) await policies.LoadAsync(ct);
        if (changed.Contains(Streets)) await streets.LoadAsync(ct);
        if (changed.Contains(Standards)) await standards.LoadAsync(ct);
        if (changed.Overlaps([Roster, Accounts])) await roster.LoadAsync(ct); // a post that nobody holds is on no duty
        if (changed.Overlaps([Roster, Accounts])) await accounts.LoadAsync(ct); // an account knows its post
        if (changed.Contains(Reach)) await reach.LoadAsync(ct);
        _known = now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!database.IsShared) return;
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException or FormatException)
            {
                HubLog.ReloadFailed(log, e);
            }
        }
    }

    private async Task<Dictionary<string, long>> RevisionsAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        return await db.Books.AsNoTracking().ToDictionaryAsync(b => b.Name, b => b.Revision, ct);
    }
}
