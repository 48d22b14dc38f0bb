using System.Collections.Concurrent;

namespace DispatchCenter.Simulator;

/// <summary>Signals that a team has the case on a screen. The push may arrive before or after the acknowledgement.</summary>
internal sealed class Sightings
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new();

    public void Mark(string callNo) => Of(callNo).TrySetResult();

    public Task WhenSeen(string callNo) => Of(callNo).Task;

    private TaskCompletionSource Of(string callNo) =>
        _seen.GetOrAdd(callNo, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
