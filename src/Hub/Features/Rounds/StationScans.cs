using System.Collections.Concurrent;
using System.Data.Common;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>When the poster of each station was scanned last: its day, and nothing about who held the phone. One write a day for a station that is used.</summary>
public sealed class StationScans(Database database, TimeProvider time, ILogger<StationScans> log)
{
    private readonly ConcurrentDictionary<string, DateOnly> _days = [];

    /// <summary>By the code of the station, as this node knows it.</summary>
    public IReadOnlyDictionary<string, DateOnly> Days => _days;

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        foreach (var row in await db.StationScans.AsNoTracking().ToListAsync(ct))
            if (DueRounds.ReadDay(row.Day) is { } day) _days.AddOrUpdate(row.Station, day, (_, known) => known > day ? known : day);
    }

    /// <summary>The page of a station was opened. Never fails, and need not be waited for: whoever scans it may be in danger.</summary>
    public async Task SeenAsync(string station)
    {
        var today = DueRounds.Today(time.GetUtcNow());
        if (_days.TryGetValue(station, out var known) && known >= today) return;
        _days[station] = today;
        try
        {
            await database.WriteAsync(async db =>
            {
                if (await db.StationScans.FirstOrDefaultAsync(s => s.Station == station) is { } row) row.Day = DueRounds.DayOf(today);
                else db.StationScans.Add(new StationScanRow { Station = station, Day = DueRounds.DayOf(today) });
                return await db.SaveChangesAsync();
            }, CancellationToken.None);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException or IOException or OperationCanceledException)
        {
            _days.TryRemove(new(station, today)); // the next scan tries again
            HubLog.ScanNotNoted(log, station, e);
        }
    }
}
