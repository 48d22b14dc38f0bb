using System.Diagnostics;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>A request waiting for its batch.</summary>
internal sealed class DeskJob(DeskRequest request, RequestKey? key)
{
    private readonly long _since = TimeProvider.System.GetTimestamp();
    private readonly TaskCompletionSource<DeskReply> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DeskRequest Request { get; } = request;

    public RequestKey? Key { get; } = key;

    /// <summary>Marks the rows this job writes.</summary>
    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    public Task<DeskReply> Reply => _done.Task;

    /// <summary>Part of the asker's trace; null when nobody is tracing.</summary>
    public Activity? Span { get; } = Telemetry.AtDesk();

    public void Complete(DeskReply reply)
    {
        if (!_done.TrySetResult(reply)) return;
        Telemetry.Answered(TimeProvider.System.GetElapsedTime(_since));
        Telemetry.End(Span, reply.GetType().Name);
    }
}
