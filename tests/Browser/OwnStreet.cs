namespace DispatchCenter.Browser;

/// <summary>A host for the journeys of one class: for those that look at what comes first in the whole street, or listen for what rings, whoever whistled.</summary>
public sealed class OwnStreet : IAsyncLifetime
{
    private WebHost _host = null!;

    public StreetApi Api { get; private set; } = null!;

    public string Url => _host.Url;

    public async ValueTask InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        Api = new StreetApi(_host.Url);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
