using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/calls/{no}/candidates</c>: whom a desk could send, best first. No people, and no ranking of people.</summary>
/// <param name="Order">nearestFirst or balanced.</param>
/// <param name="Own">Only for a team's post, which sees no teams.</param>
public sealed record CandidatesView(string Order, IReadOnlyList<CandidateTeam> Teams, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OwnChoice? Own);

/// <summary>The pros and cons of sending a team. Teams with nobody on duty cannot be sent and come last.</summary>
/// <param name="Nearness">own: it covers the grid; adjacent: one of its grids is adjacent; community; elsewhere.</param>
/// <param name="OnDuty">Posts that may accept the case.</param>
/// <param name="Free">Those without an open case.</param>
/// <param name="Open">Cases that these posts have accepted or are called to.</param>
/// <param name="Taken">Cases the team accepted within 30 days, counted within the last ten minutes.</param>
public sealed record CandidateTeam(string Team, string Nearness, int OnDuty, int Free, int Open, int Taken)
{
    /// <summary>The share of all cases its community's teams accepted; null if there are none.</summary>
    public double? Share { get; init; }

    /// <summary>The distance from the centre of the recommended post's grid, or else its team's area, to the centre of the case's grid.</summary>
    public int? Metres { get; init; }

    /// <summary>The expected time until arrival, including current work; null if nobody is on duty.</summary>
    public int? Minutes { get; init; }

    /// <summary>Whether that is before 到场 is due.</summary>
    public bool? OnTime { get; init; }

    /// <summary>The kind of post recommended, and its grid if it has one.</summary>
    public string? Post { get; init; }

    public string? Grid { get; init; }

    /// <summary>Whether the recommended post has the skill for the category; null if nobody in the street has.</summary>
    public bool? Skilled { get; init; }

    /// <summary>True if it returned the case before; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Returned { get; init; }
}

/// <summary>What a team's post sees about itself.</summary>
/// <param name="Suggested">It is the recommended post. Any ringing team member may still accept.</param>
/// <param name="Taken">Cases the post accepted within 30 days.</param>
/// <param name="TeamTaken">The same for its whole team.</param>
public sealed record OwnChoice(bool Suggested, int Taken, int TeamTaken);
