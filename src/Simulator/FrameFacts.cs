using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>One case or other matter of a frame, by its number within the group.</summary>
internal readonly record struct CardMark(int Case, int Version);

/// <summary>The part of a frame that the checks need: its position, and its cases with their versions.</summary>
internal sealed record FrameFacts(string Epoch, string Kind, long From, long Through, DateTimeOffset ServerTime, CardMark[] Cards, int[] Gone)
{
    public static FrameFacts Of(FeedFrame frame, CaseNumbers cases) => new(
        frame.Epoch, frame.Kind, frame.From, frame.Through, frame.ServerTime,
        [.. frame.Calls.Select(c => new CardMark(cases.Of(c.CallNo), c.Version)), .. (frame.Matters ?? []).Select(m => new CardMark(cases.Of(m.CallNo), m.Version))],
        [.. frame.Gone.Concat(frame.MattersGone ?? []).Select(cases.Of)]);
}

/// <summary>A hub-protocol record as a watcher needs it.</summary>
internal abstract record HubRecord
{
    private HubRecord()
    {
    }

    public sealed record Frame(FrameFacts Facts) : HubRecord;

    /// <summary>A ping, or the handshake response.</summary>
    public sealed record Silence : HubRecord;

    /// <summary>The stream or the connection ends.</summary>
    public sealed record End(string Why) : HubRecord;
}
