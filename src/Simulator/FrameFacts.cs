using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>One case of a frame, by its number among the group's cases.</summary>
internal readonly record struct CardMark(int Case, int Version);

/// <summary>What of a frame the checks need: its place, and which cases it holds at which version.</summary>
internal sealed record FrameFacts(string Epoch, string Kind, long From, long Through, DateTimeOffset ServerTime, CardMark[] Cards, int[] Gone)
{
    public static FrameFacts Of(FeedFrame frame, CaseNumbers cases) => new(
        frame.Epoch, frame.Kind, frame.From, frame.Through, frame.ServerTime,
        [.. frame.Calls.Select(c => new CardMark(cases.Of(c.CallNo), c.Version))],
        [.. frame.Gone.Select(cases.Of)]);
}

/// <summary>A record of the hub protocol as a watcher needs it.</summary>
internal abstract record HubRecord
{
    private HubRecord()
    {
    }

    public sealed record Frame(FrameFacts Facts) : HubRecord;

    /// <summary>A ping, or the answer to the handshake.</summary>
    public sealed record Silence : HubRecord;

    /// <summary>The stream or the connection ends.</summary>
    public sealed record End(string Why) : HubRecord;
}
