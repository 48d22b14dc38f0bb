using System.Diagnostics;

namespace DispatchCenter.Browser;

/// <summary>The client anyone can install from npm, unmodified, and a script that knows only the public names.</summary>
public sealed class NpmClient(Street street, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_client_from_npm_takes_a_whistle_from_start_to_end_by_the_public_names_alone()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Browser", "npm");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "@microsoft", "signalr")), $"node_modules is missing: run npm ci in {folder}, or ./test.sh.");
        using var node = Process.Start(new ProcessStartInfo("node", ["whistle.mjs", street.Host.Url, "07"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            using var patience = new CancellationTokenSource(Within);
            var said = node.StandardOutput.ReadToEndAsync(patience.Token);
            var complained = node.StandardError.ReadToEndAsync(patience.Token);
            var words = await said + await complained;
            await node.WaitForExitAsync(patience.Token);
            output.WriteLine(words);
            Assert.True(node.ExitCode == 0, words);
            Assert.Contains("All as promised.", words, StringComparison.Ordinal);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
