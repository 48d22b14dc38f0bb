using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// Keeps a node's in-memory caches (the modules' books: street, policies, roster, accounts and others) in step with the database. If other nodes
/// write as well, it checks for changes every second, so a shift or a revocation takes effect everywhere within a second.
/// </summary>
public sealed class BookWatch(Database database, IReadOnlyList<Module> modules, IServiceProvider services, TimeProvider time, ILogger<BookWatch> log) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Book[] _books = [.. modules.SelectMany(m => m.Books)];
    private Dictionary<string, long> _known = [];

    /// <summary>Reloads what has changed since the last check; the first time, everything.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        // Read the revisions first: a change in between is loaded twice, never missed.
        var now = await RevisionsAsync(ct);
        var changed = now.Where(b => _known.GetValueOrDefault(b.Key) != b.Value).Select(b => b.Key).ToHashSet();
        foreach (var book in _books)
        {
            if (!changed.Contains(book.Name) && !changed.Overlaps(book.With)) continue;
            await book.LoadAsync(services, ct);
            changed.Add(book.Name); // and so have those that are made of it
        }

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
