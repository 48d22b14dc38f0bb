using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>Generates a whole run from one seed: place, category and life of each whistle. Pure: same seed, street and arrivals, same run.</summary>
internal sealed class Scenario
{
    /// <summary>物业纠纷, the category that always recuses property staff.</summary>
    public const string PropertyDispute = "23";

    private const double StationShare = 0.25;
    private const double SameMatterShare = 0.20;
    private const double DangerShare = 0.01;
    private const double HideFromPropertyShare = 0.03;

    private const double AnsweredShare = 0.97;
    private const double RacedShare = 0.30;
    private const double VerifiedShare = 0.80;
    private const double EvaluatedShare = 0.70;
    private const double SolvedShare = 0.95;
    private const double RepeatedShare = 0.02;

    /// <summary>The share of cases with an exception in the field command; all exceptions are equally frequent.</summary>
    private const double FieldShare = 0.75;

    /// <summary>How far back to look for a neighbour's whistle about the same matter.</summary>
    private const int SameMatterWindow = 50;

    /// <summary>
    /// The frequency of each category. The nine sums are a month of a real city hotline (Taizhou 12345): daily services 1412,
    /// traffic 1155, environment 1055, civil affairs 1046, illegal building 714, property 657, appearance 406, consumption 308,
    /// education 263; the split within a sum is ours.
    /// </summary>
    private static readonly (string Category, int Weight)[] _weights =
    [
        ("01", 90), ("02", 290), ("03", 240), ("04", 30), ("05", 280), ("06", 80), ("08", 222), ("22", 180), // daily services
        ("15", 780), ("09", 325), ("07", 50), // traffic
        ("11", 470), ("13", 585), // environment
        ("25", 620), ("21", 330), ("24", 56), ("20", 40), // civil affairs
        ("16", 714), // illegal building
        ("23", 420), ("19", 177), ("18", 60), // property
        ("12", 160), ("14", 150), ("10", 46), ("17", 50), // appearance
        ("26", 571), // consumption, education
    ];

    private readonly Random _random;
    private readonly Bias _bias;
    private readonly Tempo _tempo;
    private readonly StreetView _street;
    private readonly Dictionary<string, GridView> _grids;
    private readonly Dictionary<string, TeamView> _teamOfGrid;
    private readonly (string Category, int Weight)[] _known;
    private readonly int _sum;

    private Scenario(int seed, StreetView street, Tempo tempo, Bias bias)
    {
        (_random, _street, _tempo, _bias) = (new Random(seed), street, tempo, bias);
        _grids = street.Grids.ToDictionary(g => g.Code);
        _teamOfGrid = [];
        foreach (var team in street.Teams)
            foreach (var grid in team.Grids)
                _teamOfGrid.TryAdd(grid, team);
        var codes = street.Categories.Select(c => c.Code).ToHashSet();
        _known = [.. (bias.Weights ?? _weights).Where(w => codes.Contains(w.Category))];
        if (_known.Length == 0) _known = [.. street.Categories.Select(c => (c.Code, 1))];
        _sum = _known.Sum(w => w.Weight);
    }

    /// <exception cref="BadInputException">A street without grids, teams or categories, or a grid that no team covers.</exception>
    /// <param name="bias">What is more frequent than in an ordinary month; null for nothing.</param>
    public static IReadOnlyList<Whistle> Draw(int seed, StreetView street, IReadOnlyList<TimeSpan> arrivals, Tempo tempo, Bias? bias = null)
    {
        if (street.Grids.Count == 0 || street.Teams.Count == 0 || street.Categories.Count == 0)
            throw new BadInputException("The server's street has no grids, no teams or no categories: is it a demo server?");
        var scenario = new Scenario(seed, street, tempo, bias ?? new Bias(null, null, null));
        if (street.Grids.FirstOrDefault(g => !scenario._teamOfGrid.ContainsKey(g.Code)) is { } bare)
            throw new BadInputException($"No team of the server's street covers grid {bare.Code}.");

        var whistles = new List<Whistle>(arrivals.Count);
        foreach (var offset in arrivals) whistles.Add(scenario.Next(offset, whistles));
        return whistles;
    }

    /// <summary>The same, with most cases going through an exception.</summary>
    public static IReadOnlyList<Whistle> DrawField(int seed, StreetView street, IReadOnlyList<TimeSpan> arrivals)
    {
        var (random, told) = (new Random(seed), 0);
        var whistles = Draw(seed, street, arrivals, Tempo.Hurried);
        foreach (var whistle in whistles)
            if (random.NextDouble() < FieldShare) whistle.Life = whistle.Life with { Story = FieldLives.Names[told++ % FieldLives.Names.Count] };
        return whistles;
    }

    private Whistle Next(TimeSpan offset, List<Whistle> before)
    {
        var request = Chance(_bias.Same ?? SameMatterShare) && before.Count > 0
            ? before[^_random.Next(1, Math.Min(before.Count, SameMatterWindow) + 1)].Request
            : NewMatter();
        request = request with
        {
            Description = $"Simulated whistle {before.Count + 1}",
            Danger = Chance(_bias.Danger ?? DangerShare),
            HideFromProperty = Chance(HideFromPropertyShare),
        };
        var grid = _grids[request.Grid ?? _street.Stations.First(s => s.Code == request.Station).Grid];
        return new Whistle
        {
            Number = before.Count + 1,
            Offset = offset,
            Request = request,
            Team = _teamOfGrid[grid.Code].Code,
            Community = grid.Community,
            PropertyRecused = request.HideFromProperty == true || request.Category == PropertyDispute,
            Life = NextLife(),
        };
    }

    private WhistleRequest NewMatter() => Chance(StationShare) && _street.Stations.Count > 0
        ? new WhistleRequest { Station = _street.Stations[_random.Next(_street.Stations.Count)].Code, Category = NextCategory() }
        : new WhistleRequest { Grid = _street.Grids[_random.Next(_street.Grids.Count)].Code, Category = NextCategory() };

    private string NextCategory()
    {
        var mark = _random.Next(_sum);
        foreach (var (category, weight) in _known)
        {
            if (mark < weight) return category;
            mark -= weight;
        }

        return _known[^1].Category;
    }

    private LifePlan NextLife() => new(
        Answered: Chance(AnsweredShare),
        Raced: Chance(RacedShare),
        Pick: _random.Next(),
        Verified: Chance(VerifiedShare),
        Solved: Chance(SolvedShare),
        Satisfaction: Chance(EvaluatedShare) ? NextSatisfaction() : null,
        Repeated: Chance(RepeatedShare),
        Pauses: _tempo.Draw(_random));

    private string NextSatisfaction() => _random.Next(10) switch
    {
        0 => "dissatisfied",
        < 4 => "mostlySatisfied",
        _ => "satisfied",
    };

    private bool Chance(double share) => _random.NextDouble() < share;
}

/// <summary>What differs from an ordinary month.</summary>
/// <param name="Weights">The frequency of each category; null for the ordinary one.</param>
/// <param name="Danger">The share in which somebody is in danger.</param>
/// <param name="Same">The share of repeats of the same matter.</param>
internal sealed record Bias(IReadOnlyList<(string Category, int Weight)>? Weights, double? Danger, double? Same);
