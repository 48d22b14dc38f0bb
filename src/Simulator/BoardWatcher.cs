namespace DispatchCenter.Simulator;

/// <summary>One duty officer's board: sees the whole street.</summary>
internal sealed class BoardWatcher : IAsyncDisposable
{
    private readonly FeedClient _feed;

    public BoardWatcher(Uri target, Session session, string name)
    {
        Screen = new ScreenLog(name);
        _feed = new FeedClient(target, session, Screen);
    }

    public ScreenLog Screen { get; }

    public string? LastError => _feed.LastError;

    public Task Watch(CancellationToken stop) => _feed.Watch(stop);

    public ValueTask DisposeAsync() => _feed.DisposeAsync();
}
