using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary>The rounds of one day that the asker may see.</summary>
/// <param name="Day">yyyy-MM-dd at the street.</param>
public sealed record RoundList(string Day, IReadOnlyList<RoundView> Rounds);

/// <summary>巡查: what a rhythm has due at a place on a day.</summary>
public sealed record RoundView
{
    /// <summary>The code of the rhythm.</summary>
    public required string Rhythm { get; init; }

    public required string Name { get; init; }

    public required string NameEn { get; init; }

    /// <summary>Null for the whole street.</summary>
    public string? Community { get; init; }

    /// <summary>Null for a community or the street.</summary>
    public string? Grid { get; init; }

    /// <summary>Its matter; null while it is planned, and if it was never opened.</summary>
    public string? CallNo { get; init; }

    /// <summary>planned, open, done, missed, cancelled, or notOpened: the server was away for the whole day.</summary>
    public required string State { get; init; }

    /// <summary>From when it may be done.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when it is to be done; null unless it is open.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The asker owes it.</summary>
    public required bool Mine { get; init; }

    /// <summary>visit or call, if it stops at homes that have agreed to it; absent otherwise. Whoever does not go there reads numbers in place of the homes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Homes { get; init; }

    /// <summary>What to look at, at every stop.</summary>
    public required IReadOnlyList<Named> Checks { get; init; }

    /// <summary>In the order of the way.</summary>
    public required IReadOnlyList<RoundStop> Stops { get; init; }
}

/// <summary>A place to stop at.</summary>
/// <param name="Place">The code of its entry in the register.</param>
/// <param name="Kind">The kind of that entry.</param>
public sealed record RoundStop(string Place, string Name, string NameEn, string Kind)
{
    /// <summary>When it was looked at; null if nobody has.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether something was amiss; null if nobody has looked.</summary>
    public bool? Found { get; init; }

    /// <summary>The whistles that were blown about it, as far as the asker may see them; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Whistles { get; init; }
}

/// <summary>What somebody saw where a round stops.</summary>
public sealed record StopRequest
{
    /// <summary>The code of the place; left out with <see cref="Rest"/>.</summary>
    public string? Place { get; init; }

    /// <summary>These other places are in order. None: only the end of the round is asked for.</summary>
    public IReadOnlyList<string>? Rest { get; init; }

    /// <summary>Something is amiss: a whistle is blown in the grid of the round.</summary>
    public bool? Found { get; init; }

    /// <summary>Of the whistle.</summary>
    public string? Category { get; init; }

    /// <summary>What is amiss; up to 1,000 characters.</summary>
    public string? Words { get; init; }

    /// <summary>Someone is in danger.</summary>
    public bool? Danger { get; init; }

    /// <summary>Ids from <c>POST /api/photos</c>, for the whistle.</summary>
    public IReadOnlyList<string>? Photos { get; init; }
}

/// <summary>The answer to a stop.</summary>
public sealed record StopReply
{
    /// <summary>True: a refusal is a problem, with the status of its code.</summary>
    public required bool Ok { get; init; }

    public required string Code { get; init; }

    /// <summary>The whistle that was blown; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Whistle { get; init; }

    /// <summary>Every place has been looked at: the round is over.</summary>
    public bool Done { get; init; }
}

/// <summary>The rhythms of the street, as the administrator keeps them.</summary>
/// <param name="Version">0 if there are none.</param>
/// <param name="Ahead">What opens in the next days.</param>
public sealed record RhythmsView(int Version, string Document, IReadOnlyList<RhythmDay> Ahead);

/// <param name="Day">yyyy-MM-dd at the street.</param>
/// <param name="Rounds">By rhythm, how many places it opens in.</param>
public sealed record RhythmDay(string Day, IReadOnlyList<RhythmCount> Rounds);

/// <param name="Stops">Of homes 0: how many have agreed is no figure.</param>
public sealed record RhythmCount(string Rhythm, string Name, string NameEn, int Places, int Stops);
