using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/calls/{no}/candidates</c>: whom a desk could send, the best first. No person; nothing in it ranks one.</summary>
/// <param name="Order">nearestFirst or balanced.</param>
/// <param name="Own">Only for a post of a team, which sees no teams.</param>
public sealed record CandidatesView(string Order, IReadOnlyList<CandidateTeam> Teams, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OwnChoice? Own);

/// <summary>What speaks for and against sending a team. Those with nobody on duty, who cannot be sent, stand last.</summary>
/// <param name="Nearness">own: it covers the grid; adjacent: one of its grids borders on it; community; elsewhere.</param>
/// <param name="OnDuty">Posts that may take the case.</param>
/// <param name="Free">Of these, with nothing in hand.</param>
/// <param name="Open">Cases that these have in hand or are called to.</param>
/// <param name="Taken">Cases that the team has taken within 30 days, as counted within the last ten minutes.</param>
public sealed record CandidateTeam(string Team, string Nearness, int OnDuty, int Free, int Open, int Taken)
{
    /// <summary>The part of what all teams of its community have taken; null where they have taken nothing.</summary>
    public double? Share { get; init; }

    /// <summary>Between the middle of the advised post's grid, or else of its team's, and that of the case's.</summary>
    public int? Metres { get; init; }

    /// <summary>Until somebody of it is expected on the scene, what they have in hand included; null where nobody is on duty.</summary>
    public int? Minutes { get; init; }

    /// <summary>Whether that is before 到场 is due.</summary>
    public bool? OnTime { get; init; }

    /// <summary>The kind of post that it is advised to send, and its grid where it has one.</summary>
    public string? Post { get; init; }

    public string? Grid { get; init; }

    /// <summary>Whether the advised post has the skill for the category; null where nobody of the street has one for it.</summary>
    public bool? Skilled { get; init; }

    /// <summary>True where it handed the case back once; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Returned { get; init; }
}

/// <summary>What a post of a team is told, of itself alone.</summary>
/// <param name="Suggested">It is the one that its team is advised to send. Anybody of the team whom the case rings may take it all the same.</param>
/// <param name="Taken">Cases that the post has taken within 30 days.</param>
/// <param name="TeamTaken">Those of its whole team.</param>
public sealed record OwnChoice(bool Suggested, int Taken, int TeamTaken);
