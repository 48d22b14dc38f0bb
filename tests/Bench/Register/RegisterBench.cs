using System.Globalization;
using System.Text;
using DispatchCenter.Bench.Pages;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Bench.Register;

/// <summary>f2: a table of 20,000 doors taken in, who answers for a door, a first list, and the register's first screen in the real browser, each beside the same as plain EF would do it.</summary>
internal static class RegisterBench
{
    private const int Doors = 20_000, Buildings = 100, MostSeconds = 10, MostScreen = 300, Screens = 12;
    private const double MostMicroseconds = 20;

    public static async Task<int> RunAsync(int rounds)
    {
        var (imports, plain, resolves, walks, lists, queries) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (screens, counts) = (new List<double>(), new List<double>());
        for (var n = 1; n <= rounds; n++)
        {
            var folder = Directory.CreateTempSubdirectory("dispatch-bench-register-").FullName;
            await using (var services = Services(folder))
            {
                await services.OpenStreetAsync();
                var (database, book) = (services.GetRequiredService<Database>(), services.GetRequiredService<RegisterBook>());
                imports.Add(await SecondsAsync(async () =>
                {
                    var taken = await services.GetRequiredService<RegisterFile>().TakeAsync(null, "doors.csv", () => new MemoryStream(Table()), anyway: false, CancellationToken.None);
                    if (taken.Taken != Doors + Buildings) throw new InvalidOperationException($"Only {taken.Taken} were taken.");
                }));
                plain.Add(await PlainAsync(database));
                var at = TimeProvider.System.GetUtcNow();
                resolves.Add(Microseconds(200_000, i => book.Now.Map.Resolve("adviser", Code(i), at)!));
                walks.Add(await WalkAsync(database, 200));
                var query = services.GetRequiredService<RegisterQueries>();
                var admin = new Hub.Kernel.Rights.Staff("a", "a", Hub.Kernel.Rights.Role.Admin, null);
                lists.Add(Microseconds(50, i => query.List(admin, "door", null, string.Create(CultureInfo.InvariantCulture, $"{i}"))) / 1_000);
                queries.Add(await ListAsync(database, 50));
                counts.Add(await CountAsync(database, 50));
                Report.Say($"{n}: {Doors} doors in {imports[^1]:0.0} s, plain EF {plain[^1]:0.0} s; Resolve {resolves[^1]:0.00} µs, by queries {walks[^1]:0} µs; a list {lists[^1]:0.0} ms, by a query {queries[^1]:0.0} ms");
            }

            screens.AddRange(await ScreensAsync(folder));
            Directory.Delete(folder, recursive: true);
        }

        var (seconds, micros, screen) = (Report.Median(imports), Report.Median(resolves), Report.Median(screens));
        return Report.Finish(
            new Row(
                "f2", "the register: 20,000 doors imported (versions, encrypted fields, audit chain) ÷ the same rows by plain EF; `Resolve` from a door ÷ a query a place; a searched list ÷ a query; the first screen of `/register` in the browser ÷ the query that counts by kind", $"≤{MostSeconds} s, ≤{MostMicroseconds} µs, ≤{MostScreen} ms",
                $"{Report.Number(seconds, "0.0")} s, {Report.Number(micros)} µs, {Report.Number(screen, "0")} ms",
                $"{Report.Number(seconds / Report.Median(plain))}× plain EF ({Report.Range(plain, " s", "0.0")}); Resolve {Report.Number(Report.Median(walks) / micros, "0")}× faster than queries ({Report.Range(walks, " µs", "0")}); list {Report.Range(lists, " ms", "0.0")}, query {Report.Range(queries, " ms", "0.0")}; first screen {Report.Range(screens, " ms", "0")}, query {Report.Range(counts, " ms", "0.0")}",
                $"`tests/Bench f2 --rounds {rounds}`, SQLite, one process"),
            seconds <= MostSeconds && micros <= MostMicroseconds && screen <= MostScreen);
    }

    /// <summary>From the click to what stands on the screen, in milliseconds: the first contentful paint of the register's first page, over a warm host, for somebody who sees all of it.</summary>
    private static async Task<IReadOnlyList<double>> ScreensAsync(string folder)
    {
        var (host, url) = await DemoHost.StartAsync(core: null, ("Dispatch__DataPath", folder), ("Dispatch__Keys", Path.Combine(folder, "keys")));
        await using (host)
        {
            await using var chromium = await Chromium.StartAsync(1440, 900);
            await chromium.OpenAsync($"{url}signin?returnUrl=%2Fregister");
            await chromium.SayAsync(BoardBench.SignIn);
            await chromium.UntilAsync("document.querySelector('.register-kinds')");
            var screens = new List<double>();
            for (var i = 0; i < Screens; i++)
            {
                await chromium.OpenAsync($"{url}register");
                await chromium.UntilAsync("performance.getEntriesByName('first-contentful-paint')[0] && document.querySelector('.register-kinds')");
                screens.Add((await chromium.SayAsync("performance.getEntriesByName('first-contentful-paint')[0].startTime"))!.GetValue<double>());
            }

            return screens;
        }
    }

    /// <summary>What the first screen counts, asked of the table.</summary>
    private static async Task<double> CountAsync(Database database, int times)
    {
        await using var db = database.Context();
        return await SecondsAsync(async () =>
        {
            for (var i = 0; i < times; i++) await db.Entries.AsNoTracking().Where(e => e.Latest).GroupBy(e => e.Kind).Select(g => new { g.Key, Count = g.Count() }).ToListAsync();
        }) / times * 1e3;
    }

    private static ServiceProvider Services(string folder) => new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddDispatchEngine(
        new DispatchOptions { DatabasePath = Path.Combine(folder, "dispatch.db"), DataPath = folder, KeysPath = Path.Combine(folder, "keys"), Demo = true, DemoPassword = DispatchOptions.DefaultDemoPassword, RateLimits = false },
        ticking: false).BuildServiceProvider();

    private static string Code(int i) => string.Create(CultureInfo.InvariantCulture, $"bench-d{i % Doors}");

    private static byte[] Table()
    {
        var csv = new StringBuilder("code,kind,name,name_en,place,household,people\n");
        for (var b = 0; b < Buildings; b++) csv.Append(CultureInfo.InvariantCulture, $"bench-b{b},building,B{b},B{b},grid:{1 + b:000},,\n");
        for (var d = 0; d < Doors; d++) csv.Append(CultureInfo.InvariantCulture, $"bench-d{d},door,D{d},D{d},bench-b{d % Buildings},H{d},{d % 6}\n");
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>As many rows, without versions, encryption or a chain: one context, one save.</summary>
    private static async Task<double> PlainAsync(Database ours)
    {
        var path = Path.Combine(Path.GetDirectoryName(ours.Notes)!, "plain.db");
        await using var db = new PlainDb(path);
        await db.Database.EnsureCreatedAsync();
        return await SecondsAsync(async () =>
        {
            for (var d = 0; d < Doors; d++)
            {
                db.Entries.Add(new PlainEntry { Code = Code(d), Place = $"bench-b{d % Buildings}", Name = $"D{d}" });
                db.Fields.Add(new PlainFields { Code = Code(d), Text = $"H{d}" });
            }

            await db.SaveChangesAsync();
        });
    }

    /// <summary>Outwards by a query a place, and the holder there by another, as a page without an index in memory would.</summary>
    private static async Task<double> WalkAsync(Database database, int times)
    {
        await using var db = database.Context();
        return await SecondsAsync(async () =>
        {
            for (var i = 0; i < times; i++)
                for (string? at = Code(i * 97); at is not null;)
                {
                    var place = at;
                    if (await db.Entries.AsNoTracking().AnyAsync(e => e.Latest && e.Kind == "adviser" && e.Place == place)) break;
                    at = await db.Entries.AsNoTracking().Where(e => e.Latest && e.Code == place).Select(e => e.Place).FirstOrDefaultAsync();
                }
        }) / times * 1e6;
    }

    private static async Task<double> ListAsync(Database database, int times)
    {
        await using var db = database.Context();
        return await SecondsAsync(async () =>
        {
            for (var i = 0; i < times; i++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{i}");
                await db.Entries.AsNoTracking().Where(e => e.Latest && e.Kind == "door" && e.Data.Contains(text)).OrderBy(e => e.Code).Take(RegisterQueries.Most).ToListAsync();
            }
        }) / times * 1e3;
    }

    private static double Microseconds(int times, Func<int, object> act)
    {
        for (var i = 0; i < times / 10; i++) act(i);
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < times; i++) act(i);
        return TimeProvider.System.GetElapsedTime(began).TotalMicroseconds / times;
    }

    private static async Task<double> SecondsAsync(Func<Task> act)
    {
        var began = TimeProvider.System.GetTimestamp();
        await act();
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private sealed class PlainEntry
    {
        public required string Code { get; set; }

        public required string Place { get; set; }

        public required string Name { get; set; }
    }

    private sealed class PlainFields
    {
        public required string Code { get; set; }

        public required string Text { get; set; }
    }

    private sealed class PlainDb(string path) : DbContext(new DbContextOptionsBuilder().UseSqlite($"Data Source={path};Pooling=false").Options)
    {
        public DbSet<PlainEntry> Entries => Set<PlainEntry>();

        public DbSet<PlainFields> Fields => Set<PlainFields>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<PlainEntry>().HasKey(e => e.Code);
            modelBuilder.Entity<PlainFields>().HasKey(f => f.Code);
        }
    }
}
