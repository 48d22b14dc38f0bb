using DispatchCenter.Contracts;

namespace DispatchCenter.Crash;

/// <summary>A data folder with a street and a past: cases whose clocks are overdue, and others whose clocks fall due as the test goes.</summary>
internal sealed class Town
{
    private static readonly TimeSpan[] Instants =
        [.. from minutes in (double[])[3, 15, 120] from part in (double[])[0.8, 1, 2] select TimeSpan.FromMinutes(minutes * part)];

    /// <summary>A procedure whose clocks run for minutes.</summary>
    public const string Brisk = "brisk";

    private const string BriskDocument = """
        {
          "code": "brisk", "name": "急办", "nameEn": "Brisk", "place": "grid", "starters": ["gridWorker"],
          "stages": [
            { "key": "take", "name": "接手", "nameEn": "Take", "limit": "3m", "asks": [{ "key": "take", "name": "接手", "nameEn": "Take", "roles": ["gridWorker"] }],
              "next": { "done": { "to": "end", "name": "完", "nameEn": "Done" } } }
          ]
        }
        """;

    /// <summary>One in so many is a brisk matter.</summary>
    private const int MattersEvery = 5;

    /// <summary>Grids that the storm whistles in, each with a worker of its team.</summary>
    private const int Grids = 8;

    private Town(string folder, IReadOnlyList<string> planted) => (Folder, Planted) = (folder, planted);

    public string Folder { get; }

    public IReadOnlyList<string> Planted { get; }

    public IReadOnlyList<Worker> Workers { get; private set; } = [];

    public string Auditor { get; private set; } = string.Empty;

    /// <summary>
    /// Plants S1 cases and brisk matters (limits of 3, 15 and 120 minutes) up to four hours in the past, so that each has an instant within
    /// <paramref name="ahead"/> from now and the older ones are overdue several times.
    /// </summary>
    public static async Task<Town> PlantAsync(string folder, int cases, TimeSpan ahead, Random random)
    {
        var now = TimeProvider.System.GetUtcNow();
        var opened = Enumerable.Range(0, cases).Select(i => now + (ahead * random.NextDouble()) - Instants[i % Instants.Length]).Select(at => at < now ? at : now).Order();
        await using var engine = await Engine.OpenAsync(folder, now.AddDays(-1));
        var planted = new List<string>(cases);
        await engine.AddAsync(BriskDocument);
        foreach (var together in opened.Chunk(16))
        {
            engine.Clock.Now = together[0];
            planted.AddRange(await Task.WhenAll(together.Select((_, i) => i % MattersEvery == 0 ? engine.OpenAsync(Brisk, $"{1 + random.Next(Grids):D3}") : engine.WhistleAsync($"{1 + random.Next(Grids):D3}", "01"))));
        }

        return new Town(folder, planted);
    }

    /// <summary>Signs everybody in, once: their tokens outlive the host.</summary>
    public async Task SignInAsync(WebHost host)
    {
        Auditor = await host.SignInAsync("auditor");
        var workers = new List<Worker>();
        for (var i = 1; i <= Grids; i++)
        {
            var token = await host.SignInAsync($"grid{i:D3}");
            var me = await host.GetAsync<Me>("/api/me", token);
            workers.Add(new Worker(me.UserName, token, me.Post!, me.Grid!));
        }

        Workers = workers;
    }
}
