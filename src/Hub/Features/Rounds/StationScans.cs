using System.Collections.Concurrent;
using System.Data.Common;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>What is known of the poster of a station.</summary>
/// <param name="Day">When it was scanned last, or, if it never was, since when that would have been noted.</param>
internal sealed record PosterKnown(DateOnly Day, bool Scanned);

/// <summary>When the poster of each station was scanned last: its day, and nothing about who held the phone. One write a day for a station that is used.</summary>
public sealed class StationScans(Database database, TimeProvider time, ILogger<StationScans> log)
{
    private readonly ConcurrentDictionary<string, PosterKnown> _known = [];

    /// <summary>By the code of the station, as this node knows it.</summary>
    internal IReadOnlyDictionary<string, PosterKnown> Known => _known;

    /// <summary>The last write that was begun.</summary>
    internal Task Writing { get; private set; } = Task.CompletedTask;

    /// <summary>Reads what other nodes have noted.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        foreach (var row in await db.StationScans.AsNoTracking().ToListAsync(ct))
            if (DueRounds.ReadDay(row.Day) is { } day) Keep(row.Station, new PosterKnown(day, row.Scanned));
    }

    /// <summary>Notes since when each station is watched: nobody can say of an earlier day that its poster was not scanned.</summary>
    public async Task WatchAsync(StreetMap map, CancellationToken ct)
    {
        await LoadAsync(ct);
        var fresh = map.Stations.Select(s => s.Code.Value).Where(code => !_known.ContainsKey(code)).ToList();
        if (fresh.Count == 0) return;
        var today = DueRounds.Today(time.GetUtcNow());
        await database.WriteAsideAsync(async db =>
        {
            foreach (var station in fresh)
                if (!await db.StationScans.AnyAsync(s => s.Station == station, ct)) db.StationScans.Add(new StationScanRow { Station = station, Day = DueRounds.DayOf(today) });
            return await db.SaveChangesAsync(ct);
        }, ct);
        foreach (var station in fresh) Keep(station, new PosterKnown(today, false));
    }

    /// <summary>The page of a station was opened. Returns at once, whatever becomes of the note: whoever scans it may be in danger.</summary>
    public void Seen(string station)
    {
        var today = DueRounds.Today(time.GetUtcNow());
        if (_known.TryGetValue(station, out var known) && known.Scanned && known.Day >= today) return;
        Keep(station, new PosterKnown(today, true));
        Writing = Task.Run(() => NoteAsync(station, DueRounds.DayOf(today)));
    }

    private async Task NoteAsync(string station, string today)
    {
        try
        {
            await database.WriteAsideAsync(async db =>
            {
                if (await db.StationScans.FirstOrDefaultAsync(s => s.Station == station) is { } row) (row.Day, row.Scanned) = (today, true);
                else db.StationScans.Add(new StationScanRow { Station = station, Day = today, Scanned = true });
                return await db.SaveChangesAsync();
            }, CancellationToken.None);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException or IOException or OperationCanceledException)
        {
            HubLog.ScanNotNoted(log, station, e); // this node still knows it; tomorrow's first scan is noted again
        }
    }

    private void Keep(string station, PosterKnown fresh) =>
        _known.AddOrUpdate(station, fresh, (_, known) => (fresh.Scanned, fresh.Day).CompareTo((known.Scanned, known.Day)) > 0 ? fresh : known);
}
