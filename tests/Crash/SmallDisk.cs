using System.Diagnostics;
using System.Globalization;

namespace DispatchCenter.Crash;

/// <summary>A data folder whose space can end and come back under a running host.</summary>
internal abstract class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Folder => _folder.Path;

    /// <summary>From now on the host can write hardly anything more.</summary>
    public abstract Task FillAsync(WebHost host);

    /// <summary>From now on it can.</summary>
    public abstract Task FreeAsync(WebHost host);

    public virtual void Dispose() => _folder.Dispose();

    protected static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    /// <summary>A limit on the size of a file (RLIMIT_FSIZE): needs no right of any kind, and every write over it is refused.</summary>
    public sealed class FileLimit : SmallDisk
    {
        private const long Room = 256 * 1024;

        public override async Task FillAsync(WebHost host) =>
            await LimitAsync(host, (Directory.EnumerateFiles(Folder).Max(f => new FileInfo(f).Length) + Room).ToString(CultureInfo.InvariantCulture));

        public override async Task FreeAsync(WebHost host)
        {
            if (host.IsAlive) await LimitAsync(host, "unlimited"); // the limit ends with the process
        }

        private static async Task LimitAsync(WebHost host, string bytes)
        {
            if (!await RunAsync("prlimit", "--pid", host.Pid.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:"))
                throw new InvalidOperationException("The limit could not be set: prlimit (util-linux) is needed.");
        }
    }

    /// <summary>A real file system in memory that a ballast file fills to the last byte; only where this process may mount one.</summary>
    public sealed class Tmpfs : SmallDisk
    {
        private const string Size = "32m";

        private Tmpfs() { }

        private string Ballast => Path.Combine(Folder, "ballast");

        /// <summary>Null where mounting is not allowed.</summary>
        public static async Task<Tmpfs?> TryMountAsync()
        {
            var disk = new Tmpfs();
            if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Size}", "dispatch-crash", disk.Folder)) return disk;
            disk._folder.Dispose();
            return null;
        }

        public override Task FillAsync(WebHost host)
        {
            using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            foreach (var chunk in (int[])[1 << 20, 1 << 12, 1])
            {
                try
                {
                    var bytes = new byte[chunk];
                    while (true) ballast.Write(bytes);
                }
                catch (IOException)
                {
                    // Full to this chunk; a smaller one may still fit.
                }
            }

            return Task.CompletedTask;
        }

        public override Task FreeAsync(WebHost host)
        {
            File.Delete(Ballast);
            return Task.CompletedTask;
        }

        public override void Dispose()
        {
            using var unmount = Process.Start("umount", [Folder]);
            unmount.WaitForExit();
            base.Dispose();
        }
    }
}
