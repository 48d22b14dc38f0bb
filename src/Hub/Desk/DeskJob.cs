namespace DispatchCenter.Hub.Desk;

/// <summary>A request that waits for its batch.</summary>
internal sealed class DeskJob(DeskRequest request, RequestKey? key)
{
    private readonly TaskCompletionSource<DeskReply> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DeskRequest Request { get; } = request;

    public RequestKey? Key { get; } = key;

    /// <summary>Marks the rows that this job writes.</summary>
    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    public Task<DeskReply> Reply => _done.Task;

    public void Complete(DeskReply reply) => _done.TrySetResult(reply);
}
