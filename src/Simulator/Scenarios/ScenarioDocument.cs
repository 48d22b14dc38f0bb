namespace DispatchCenter.Simulator.Scenarios;

/// <summary>What a scenario file says. All times are of the simulated life; <see cref="StreetDay.Speed"/> says how much faster it is played.</summary>
/// <param name="Name">The name it was asked for by: a shipped one's, or the file's.</param>
/// <param name="Text">The file as it is written, so that a report holds it whole.</param>
internal abstract record ScenarioDocument(string Name, string Text, string Title, string TitleEn)
{
    /// <summary>Some time of a street's life against a given server.</summary>
    public sealed record StreetDay(string Name, string Text, string Title, string TitleEn) : ScenarioDocument(Name, Text, Title, TitleEn)
    {
        public required TimeSpan Life { get; init; }

        /// <summary>1 is real time.</summary>
        public required double Speed { get; init; }

        /// <summary>People take human times instead of half a second at most.</summary>
        public required bool IsHuman { get; init; }

        public required IReadOnlyList<Wave> Waves { get; init; }

        /// <summary>The share of whistles beside each of which an errand (a matter of a procedure) is opened.</summary>
        public double Errands { get; init; }

        public IReadOnlyList<PlannedCallout> Callouts { get; init; } = [];

        public IReadOnlyList<PlannedShift> Shifts { get; init; } = [];

        public IReadOnlyList<PlannedFault> Faults { get; init; } = [];

        public int Boards { get; init; }

        public int TeamWatchers { get; init; }

        public int Pages { get; init; }
    }

    /// <summary>People are reached over played gateways that lie, against a server of the simulator's own.</summary>
    /// <param name="Calls">How many whistles are blown.</param>
    /// <param name="Faults">The share of requests that a platform handles badly.</param>
    /// <param name="Kills">How often the server is killed in the middle.</param>
    public sealed record LyingGateways(string Name, string Text, string Title, string TitleEn, int Calls, double Faults, int Kills) : ScenarioDocument(Name, Text, Title, TitleEn);
}

/// <summary>Whistles over some time, exactly as many as counted.</summary>
/// <param name="Shape">Weights of equal parts of the time; empty for an even spread.</param>
/// <param name="Categories">Weights by category; empty for the weights of an ordinary month.</param>
/// <param name="Danger">The share in which somebody is in danger; null for the ordinary one.</param>
/// <param name="Same">The share of repeats of the same matter; null for the ordinary one.</param>
/// <param name="Grids">The share of the street's grids that is hit: neighbours of one of them.</param>
internal sealed record Wave(
    int Count, TimeSpan From, TimeSpan Until, IReadOnlyList<double> Shape, IReadOnlyList<(string Category, int Weight)> Categories, double? Danger, double? Same, double Grids);

/// <summary>A call-out by the street's desk.</summary>
/// <param name="Kinds">Kinds of post; empty for all.</param>
/// <param name="Answered">The share of those called who answer.</param>
/// <param name="Within">The time in which they do; then the desk ends it.</param>
internal sealed record PlannedCallout(TimeSpan At, bool Drill, IReadOnlyList<string> Kinds, double Answered, TimeSpan Within);

/// <summary>A share of the simulated staff goes off duty and comes back.</summary>
internal sealed record PlannedShift(TimeSpan At, double Share, TimeSpan For);

/// <summary>Something breaks, by the words given to the program of <c>--breaker</c>.</summary>
internal sealed record PlannedFault(TimeSpan At, IReadOnlyList<string> Words);
