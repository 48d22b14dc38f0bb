using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary>
/// One frame of <c>Watch(afterSeq)</c>. A delta covers every change in (from, through] that the watcher may see, each case at its
/// latest version. A snapshot may span frames; only its last advances <see cref="Through"/>. A resync means: discard everything, a
/// snapshot follows on the same stream. A beat is sent every 5 s.
/// </summary>
public sealed record FeedFrame
{
    /// <summary>Changes when a database is restored: the client compares it and calls Watch(0).</summary>
    public required string Epoch { get; init; }

    /// <summary>See <see cref="FrameKinds"/>.</summary>
    public required string Kind { get; init; }

    public required long From { get; init; }

    public required long Through { get; init; }

    public required DateTimeOffset ServerTime { get; init; }

    public required IReadOnlyList<CallCard> Calls { get; init; }

    /// <summary>Cases that this watcher may no longer see.</summary>
    public required IReadOnlyList<string> Gone { get; init; }

    /// <summary>Matters of other kinds, in the same order of numbers; absent if there are none.</summary>
    public IReadOnlyList<MatterCard>? Matters { get; init; }

    /// <summary>Matters of other kinds that this watcher may no longer see; absent if there are none.</summary>
    public IReadOnlyList<string>? MattersGone { get; init; }
}

/// <summary>The values of <see cref="FeedFrame.Kind"/>.</summary>
public static class FrameKinds
{
    public const string Snapshot = "snapshot";
    public const string Delta = "delta";
    public const string Beat = "beat";
    public const string Resync = "resync";
}

/// <summary>The answer to a hub command. A lost race is a value: <c>ok</c> false, a stable code, a sentence, and the current case.</summary>
public sealed record Reply
{
    public required bool Ok { get; init; }

    /// <summary>"ok", or the stable code of the refusal: see <see cref="Codes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence in Chinese.</summary>
    public required string Message { get; init; }

    /// <summary>The same in English.</summary>
    public required string MessageEn { get; init; }

    /// <summary>The case after the command; null if the requester may not see it.</summary>
    public CallCard? Call { get; init; }

    /// <summary>Present if it was so before, whoever did it, and nothing has changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Already { get; init; }
}

/// <summary>The names of the hub and its methods.</summary>
public static class HubNames
{
    public const string Path = "/hubs/dispatch";

    /// <summary>The query parameter of a hub connection or page that selects one of the account's posts.</summary>
    public const string PostQuery = "post";

    /// <summary>The same for an API request.</summary>
    public const string PostHeader = "Dispatch-Post";

    public const string Watch = "Watch";
    public const string Accept = "Accept";
    public const string Arrive = "Arrive";
    public const string Resolve = "Resolve";
    public const string Acknowledge = "Acknowledge";
    public const string Return = "Return";
    public const string Verify = "Verify";
}
