using System.Collections.Concurrent;

namespace DispatchCenter.Simulator;

/// <summary>Tells a case's life that its team has it on a screen. The push may come before or after the acknowledgement.</summary>
internal sealed class Sightings
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new();

    public void Mark(string callNo) => Of(callNo).TrySetResult();

    public Task WhenSeen(string callNo) => Of(callNo).Task;

    private TaskCompletionSource Of(string callNo) =>
        _seen.GetOrAdd(callNo, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
