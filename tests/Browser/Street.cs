namespace DispatchCenter.Browser;

/// <summary>What all journeys share: one Chromium, and one host for those that do not need their own.</summary>
public sealed class Street : IAsyncLifetime
{
    private const float Patience = 30_000;

    private IPlaywright? _playwright;

    public IBrowser Chromium { get; private set; } = null!;

    public WebHost Host { get; private set; } = null!;

    public StreetApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        SetDefaultExpectTimeout(Patience);
        var host = WebHost.StartAsync();
        _playwright = await Playwright.CreateAsync();
        Chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium-headless-shell",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        Host = await host;
        Api = new StreetApi(Host.Url);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (Chromium is not null)
            await Chromium.DisposeAsync();
        _playwright?.Dispose();
        if (Host is not null)
            await Host.DisposeAsync();
    }
}
