using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace DispatchCenter.Crash;

/// <summary>The space ends in the middle of a storm: callers are told to come again, what was acknowledged stays, and with the space the service comes back by itself.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Some = 300;

    [Fact]
    public async Task A_file_that_may_not_grow_costs_nothing_that_was_acknowledged()
    {
        using var disk = new SmallDisk.FileLimit();
        await FillAndFreeAsync(disk);
    }

    /// <summary>The same on a file system that is really full, where this machine lets us mount one; elsewhere the test above stands alone.</summary>
    [Fact]
    public async Task A_full_disk_costs_nothing_that_was_acknowledged()
    {
        if (await SmallDisk.Tmpfs.TryMountAsync() is not { } disk)
        {
            output.WriteLine("No file system can be mounted here.");
            return;
        }

        using (disk) await FillAndFreeAsync(disk);
    }

    private async Task FillAndFreeAsync(SmallDisk disk)
    {
        var random = new Random(7);
        var town = await Town.PlantAsync(disk.Folder, cases: 200, ahead: TimeSpan.FromSeconds(10), random);
        var ledger = new Ledger();
        JournalBook book;
        await using (var host = await WebHost.StartAsync(disk.Folder, survivesFileLimit: true))
        {
            await town.SignInAsync(host);
            book = new JournalBook(town.Auditor);
            var storm = new Storm(host, town.Workers, ledger, "full");
            var running = storm.RunAsync(1);
            await ledger.MoreAsync(Some);
            await FillAsync(disk, host, ledger, book);
            await disk.FreeAsync(host);
            await ledger.MoreAsync(Some);
            storm.Stop();
            await running;
            await CheckAsync(host, town, ledger, book);

            var again = new Storm(host, town.Workers, ledger, "kill");
            running = again.RunAsync(2);
            await ledger.MoreAsync(Some);
            await FillAsync(disk, host, ledger, book);
            host.Kill();
            await running;
            await disk.FreeAsync(host);
        }

        await using var next = await WebHost.StartAsync(disk.Folder);
        await book.ReadOnAsync(next);
        book.AssertHolds(ledger.All);
        await Storm.SettleAsync(next, ledger);
        await CheckAsync(next, town, ledger, book);
        await book.AssertUnchangedAsync(next);
        output.WriteLine($"{ledger.Count} acknowledged, 0 lost, {ledger.Busy} told to come again");
    }

    /// <summary>Fills the disk until callers are told to come again; meanwhile everything acknowledged can be read.</summary>
    private static async Task FillAsync(SmallDisk disk, WebHost host, Ledger ledger, JournalBook book)
    {
        var busy = ledger.MoreBusyAsync(Storm.Callers * 2);
        await disk.FillAsync(host);
        await busy;
        await ReadyAsync(host, HttpStatusCode.ServiceUnavailable, "not ready: database");
        var acknowledged = ledger.All;
        await book.ReadOnAsync(host);
        book.AssertHolds(acknowledged);
        using var live = await host.Http.GetAsync("/healthz/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        // A look at a matter of any kind is written down: without room for that it is "come again", never a fault.
        foreach (var (kind, answered) in new[] { ("calls", acknowledged.First(a => a.Wish is { By: not null, IsOfErrand: false })), ("matters", acknowledged.First(a => a.Wish is { By: not null, IsOfErrand: true })) })
        {
            for (var looks = 0; looks < 10; looks++)
            {
                using var look = new HttpRequestMessage(HttpMethod.Get, $"/api/{kind}/{answered.CallNo}");
                look.Headers.Authorization = new AuthenticationHeaderValue("Bearer", answered.Wish.By!.Token);
                using var seen = await host.Http.SendAsync(look);
                Assert.True(seen.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, await seen.Content.ReadAsStringAsync());
            }
        }
    }

    /// <summary>An answer holds for a second: what is true now is said soon.</summary>
    private static async Task ReadyAsync(WebHost host, HttpStatusCode status, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var ready = await host.Http.GetAsync("/healthz/ready", limit.Token);
            if (ready.StatusCode == status && (await ready.Content.ReadAsStringAsync(limit.Token)).StartsWith(text, StringComparison.Ordinal)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private static async Task CheckAsync(WebHost host, Town town, Ledger ledger, JournalBook book)
    {
        await ReadyAsync(host, HttpStatusCode.OK, "ready"); // it comes back by itself
        Assert.Empty(ledger.Open);
        var by = TimeProvider.System.GetUtcNow();
        await book.CatchUpAsync(host, by);
        book.AssertHolds(ledger.All);
        book.AssertNothingElse(town.Planted, ledger.All);
        book.AssertClocks(by);
    }
}
