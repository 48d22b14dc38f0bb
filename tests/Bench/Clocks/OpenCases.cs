using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Bench.Clocks;

/// <summary>A street with many open cases: a few that the desk opened, in every grid, and copies of them written straight into the table.</summary>
internal sealed class OpenCases : IAsyncDisposable
{
    /// <summary>The copies' clocks act this much later than those of the cases that they are copies of.</summary>
    private static readonly TimeSpan PutOff = TimeSpan.FromDays(60);

    private const int CopiesAtOnce = 50_000;

    private readonly Moment _clock = new();
    private readonly ServiceProvider _services;
    private DispatchDesk? _desk;

    private OpenCases(string folder, string? postgreSql)
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddDispatchEngine(
            new DispatchOptions
            {
                DatabasePath = Path.Combine(folder, "dispatch.db"),
                PostgreSql = postgreSql,
                DataPath = folder,
                KeysPath = Path.Combine(folder, "keys"),
                Demo = true,
                DemoPassword = DispatchOptions.DefaultDemoPassword,
                RateLimits = false,
            },
            ticking: false).BuildServiceProvider();
    }


    /// <param name="postgreSql">The database where it is not a file of the folder; nodes may serve that meanwhile.</param>
    public static async Task<OpenCases> TakeAsync(string folder, string? postgreSql = null)
    {
        Directory.CreateDirectory(folder);
        var cases = new OpenCases(folder, postgreSql);
        cases._clock.Now = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1); // so that everybody is on duty since then
        if (postgreSql is not null) await cases.BeginShiftsEarlierAsync();
        await cases._services.OpenStreetAsync();
        return cases;
    }

    /// <summary>Opens so many cases that nothing will happen to for a long time.</summary>
    public async Task FillAsync(int count)
    {
        var map = _services.GetRequiredService<StreetBook>().Map;
        var policy = _services.GetRequiredService<PolicyBook>().Current.Latest;
        _clock.Now = TimeProvider.System.GetUtcNow();
        await BlowAsync([.. Enumerable.Range(0, map.Grids.Length * 2).Select(i => Of(policy.Categories[i % policy.Categories.Length], i))]);
        using var connection = _services.GetRequiredService<Database>().Open();
        using var ask = connection.CreateCommand();
        ask.CommandText = "SELECT COUNT(*) FROM calls";
        var (made, goal) = (Convert.ToInt32(ask.ExecuteScalar(), null), count);
        var patterns = made;
        while (made < goal)
        {
            using var copy = connection.CreateCommand();
            var next = Math.Min(made + CopiesAtOnce, goal);
            copy.CommandText = FormattableString.Invariant($"""
                WITH RECURSIVE n(i) AS (SELECT {made} UNION ALL SELECT i + 1 FROM n WHERE i < {next - 1})
                INSERT INTO calls (no, version, state, level, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, body, card)
                SELECT printf('OPEN-%08d', i), version, state, level, community, grid, 1, next_due + {(long)PutOff.TotalMilliseconds} + i * 37, breach_at + {(long)PutOff.TotalMilliseconds} + i * 37,
                  opened_at, lower(hex(randomblob(11))), audience, replace(body, no, printf('OPEN-%08d', i)), replace(card, no, printf('OPEN-%08d', i))
                FROM n JOIN calls ON calls.rowid = 1 + i % {patterns}
                """);
            copy.ExecuteNonQuery();
            made = next;
        }
    }

    /// <summary>
    /// Opens urgent cases (S1) through the desk whose accept clock runs out at the given instants: as if they had been blown that much earlier.
    /// </summary>
    /// <returns>Their numbers, in the order of the instants.</returns>
    public async Task<string[]> OpenDueAsync(IReadOnlyList<DateTimeOffset> dues)
    {
        var policy = _services.GetRequiredService<PolicyBook>().Current.Latest;
        var urgent = policy.Categories.First(c => c.Level == Domain.Sla.Level.S1);
        var numbers = new string[dues.Count];
        // The limit of the accept clock, as the policy has it: asked from a case of its own.
        _clock.Now = dues[0] - TimeSpan.FromHours(1);
        var limit = (await BlowAsync([Of(urgent, 0)]))[0].Answers[0].Clock.Due - _clock.Now;
        for (var i = 0; i < dues.Count; i++)
        {
            _clock.Now = dues[i] - limit;
            numbers[i] = (await BlowAsync([Of(urgent, i)]))[0].No.Value;
        }

        return numbers;
    }

    /// <summary>A street that nodes have made has its people on duty only since then.</summary>
    private async Task BeginShiftsEarlierAsync()
    {
        await using var connection = await _services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE shifts SET from_at = from_at - 86400000; UPDATE books SET revision = revision + 1 WHERE name = 'roster'";
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_desk is not null) await _desk.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private DeskRequest.Blow Of(Domain.Sla.Category category, int i)
    {
        var map = _services.GetRequiredService<StreetBook>().Map;
        return new DeskRequest.Blow(
            category, map.Grids[i % map.Grids.Length], null, Danger: false, HideFromProperty: false, Drill: false, Source.Page, null, "楼道里有一股烧焦的味道。", Caller.Unknown);
    }

    private async Task<WhistleCall[]> BlowAsync(DeskRequest.Blow[] whistles)
    {
        if (_desk is null)
        {
            _desk = _services.GetRequiredService<DispatchDesk>();
            await _desk.StartAsync(CancellationToken.None);
        }

        var replies = await Task.WhenAll(whistles.Select(w => _desk.Submit(w, null)));
        return [.. replies.Select(r => r is DeskReply.Done done ? done.Call : throw new InvalidOperationException($"A whistle was not taken: {r}."))];
    }

    /// <summary>A clock that stands where it is put.</summary>
    private sealed class Moment : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
