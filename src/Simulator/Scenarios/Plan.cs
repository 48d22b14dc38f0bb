using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>Everything that a run will do, fixed before it begins: the same seed, scenario and street give the same plan, and its digest proves that they did.</summary>
internal sealed record Plan
{
    private readonly Lazy<string> _digest;

    public Plan() => _digest = new Lazy<string>(Sum);

    /// <summary>In order of arrival.</summary>
    public required IReadOnlyList<Whistle> Whistles { get; init; }

    public required IReadOnlyList<Errand> Errands { get; init; }

    public IReadOnlyList<PlannedCallout> Callouts { get; init; } = [];

    public IReadOnlyList<PlannedShift> Shifts { get; init; } = [];

    public IReadOnlyList<PlannedFault> Faults { get; init; } = [];

    /// <summary>"sha256:" and the hash of every planned event, in lower case.</summary>
    public string Digest => _digest.Value;

    /// <summary>Whistles with the errands beside them.</summary>
    public static Plan Of(RunOptions options, IReadOnlyList<Whistle> whistles) => new() { Whistles = whistles, Errands = Errand.Draw(options.Seed, whistles, options.Matters) };

    /// <exception cref="BadInputException">The street lacks what the scenario needs.</exception>
    public static Plan Draw(ScenarioDocument.StreetDay day, int seed, StreetView street)
    {
        var whistles = day.Waves.SelectMany((wave, i) => WaveDraw.Whistles(wave, SeedOf(seed, i), i, street, day.IsHuman ? Tempo.Human : Tempo.Hurried))
            .OrderBy(w => w.Offset).Select((w, i) => w.As(i + 1)).ToList();
        return new Plan { Whistles = whistles, Errands = Errand.Draw(seed, whistles, day.Errands), Callouts = day.Callouts, Shifts = day.Shifts, Faults = day.Faults };
    }

    /// <summary>Each wave has dice of its own, so that another one more changes none of the others.</summary>
    private static int SeedOf(int seed, int wave) => seed ^ (wave * 0x01000193);

    private string Sum()
    {
        var planned = new PlanText(
            [.. Whistles.Select(w => new PlannedWhistle(w.Number, w.Offset, w.Request, w.Team, w.Community, w.PropertyRecused, w.Life))],
            [.. Errands.Select(e => new PlannedErrand(e.Number, e.Offset, e.Pick, e.Course, e.Papers, e.Repeated))], Callouts, Shifts, Faults);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(planned, PlanJson.Default.PlanText)))}";
    }
}

internal sealed record PlannedWhistle(int Number, TimeSpan Offset, WhistleRequest Request, string Team, string Community, bool PropertyRecused, LifePlan Life);

internal sealed record PlannedErrand(int Number, TimeSpan Offset, int Pick, Course Course, int Papers, bool Repeated);

/// <summary>What is hashed.</summary>
internal sealed record PlanText(
    IReadOnlyList<PlannedWhistle> Whistles, IReadOnlyList<PlannedErrand> Errands, IReadOnlyList<PlannedCallout> Callouts, IReadOnlyList<PlannedShift> Shifts, IReadOnlyList<PlannedFault> Faults);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PlanText))]
internal sealed partial class PlanJson : JsonSerializerContext;
