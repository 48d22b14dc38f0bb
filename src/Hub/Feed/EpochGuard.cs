using System.Globalization;
using System.Text;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Detects that the database was restored from a copy: a local file beside it records how far it had come. If the head is behind that,
/// sequence numbers would be reused, so the street gets a new epoch and every client starts over.
/// </summary>
public sealed class EpochGuard(Database database, LiveFeed feed, TimeProvider time, ILogger<EpochGuard> log) : BackgroundService
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(2);
    private (string, long) _noted;

    private string File => database.HeadNote;

    /// <summary>Begins the first epoch of a new database, and a new one if it has fallen behind.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        await database.WriteAsync(async db =>
        {
            var head = await db.Heads.SingleAsync(ct);
            if (head.Epoch.Length == 0) head.Epoch = Begin(db, time.GetUtcNow());
            else if (Noted() is { } noted && await LiesBehindAsync(db, head, noted, ct))
            {
                HubLog.EpochChanged(log);
                head.Epoch = Begin(db, time.GetUtcNow());
            }

            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Note();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(NoteEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Note();
    }

    /// <summary>
    /// Begins a new epoch in a restored database, which cannot detect that by itself: every open page starts over, and none continues
    /// with reused sequence numbers. Null if the database is new and has nothing to start over.
    /// </summary>
    public static Task<string?> StartOverAsync(Database database, TimeProvider time, CancellationToken ct) => database.WriteAsync<string?>(async db =>
    {
        if (await db.Heads.SingleAsync(ct) is not { Epoch.Length: > 0 } head) return null;
        head.Epoch = Begin(db, time.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return head.Epoch;
    }, ct);

    private static string Begin(DispatchDb db, DateTimeOffset now)
    {
        var epoch = Guid.NewGuid().ToString("N")[..12];
        db.Epochs.Add(new EpochRow { Epoch = epoch, At = now });
        return epoch;
    }

    /// <summary>A previous epoch is never resumed; one that another node has since ended is no evidence.</summary>
    private static async Task<bool> LiesBehindAsync(DispatchDb db, HeadRow head, (string Epoch, long Seq) noted, CancellationToken ct) =>
        noted.Epoch == head.Epoch ? noted.Seq > head.Seq : !await db.Epochs.AnyAsync(e => e.Epoch == noted.Epoch, ct);

    private void Note()
    {
        var head = (feed.Epoch, feed.Head);
        if (head == _noted || feed.Epoch.Length == 0) return;
        try
        {
            PrivateFiles.Replace(File, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Epoch} {head.Head}")));
            _noted = head;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HubLog.HeadNotNoted(log, e);
        }
    }

    private (string Epoch, long Seq)? Noted() =>
        System.IO.File.Exists(File) && System.IO.File.ReadAllText(File).Split(' ') is [var epoch, var seq] && long.TryParse(seq, CultureInfo.InvariantCulture, out var at)
            ? (epoch, at)
            : null;
}
