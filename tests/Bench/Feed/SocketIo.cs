using System.Diagnostics;

namespace DispatchCenter.Bench.Feed;

/// <summary>The peer that is no .NET: socket.io, spoken to over a bare WebSocket.</summary>
internal static class SocketIo
{
    public const string Name = "socketio";

    /// <summary>Engine.IO 4: the server opens, the client joins the default namespace, the server agrees.</summary>
    public static Talk Talk { get; } = new("/socket.io/?EIO=4&transport=websocket", [("0{", "40")], "40{", "3");

    /// <summary>The folder of the peer, its packages fetched where they are missing.</summary>
    public static async Task<string> InstalledAsync()
    {
        var folder = Path.Combine(Report.Root(), "tests", "Bench", "npm");
        if (Directory.Exists(Path.Combine(folder, "node_modules"))) return folder;
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder })
            ?? throw new InvalidOperationException("npm does not start.");
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? folder : throw new InvalidOperationException($"npm ci failed in {folder}.");
    }
}
