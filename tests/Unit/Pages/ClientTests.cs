namespace DispatchCenter.Unit.Pages;

/// <summary>The staff's scripts ask through one client, and nobody replaces the browser's own.</summary>
public sealed class ClientTests
{
    /// <summary>The client, and what a resident's page sends as a form or fetches of itself: a resident acts as no post.</summary>
    private static readonly string[] Asks = ["client.js", "follow.js", "later.js", "track.js", "whistle.js"];

    [Fact]
    public void Only_the_client_asks()
    {
        var scripts = Sources.Scripts;
        Assert.True(scripts.Count > 50, $"only {scripts.Count} scripts were read");
        Assert.Equal(Asks, scripts.Where(script => script.Text.Contains("fetch(", StringComparison.Ordinal)).Select(script => Path.GetFileName(script.Path)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(scripts, script => script.Text.Contains(".fetch =", StringComparison.Ordinal));
    }
}
