using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DispatchCenter.Hub.Feed;

namespace DispatchCenter.Integration.Harness;

/// <summary>A real redis-server on a free loopback port, with nothing on disk; it ends with the test that started it.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("dispatch-redis-").FullName;
    private Process? _process;

    /// <summary>A server that is down: <see cref="UpAsync"/> starts it.</summary>
    public RedisServer() => Port = PostgresServer.FreePort();

    public int Port { get; }

    public bool IsUp => _process is { HasExited: false };

    /// <summary>The setting that makes a node use it.</summary>
    public string Setting => string.Create(CultureInfo.InvariantCulture, $"--Dispatch:Redis=127.0.0.1:{Port}");

    /// <exception cref="InvalidOperationException">redis-server is not installed or does not start.</exception>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.UpAsync();
        return server;
    }

    /// <summary>Starts it, or restarts it empty.</summary>
    /// <param name="settings">As on its command line, for example <c>--maxmemory 1mb</c>.</param>
    public async Task UpAsync(params string[] settings)
    {
        string[] arguments = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", string.Empty, "--appendonly", "no", "--dir", _folder, .. settings];
        _process = new Process { StartInfo = new ProcessStartInfo(Program(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await AskAsync("PING");
                return;
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
            {
                if (_process.HasExited || TimeProvider.System.GetElapsedTime(began) > Patience)
                    throw new InvalidOperationException($"redis-server does not start on port {Port}.", e);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    /// <summary>Stops it as an administrator would.</summary>
    public Task DownAsync() => EndAsync("TERM");

    /// <summary>Ends it as a crashed machine would.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>It answers nobody and closes nothing until <see cref="Resume"/>.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    /// <summary>Sends one command; a list is returned as its elements separated by spaces.</summary>
    /// <exception cref="InvalidOperationException">Redis refuses the command.</exception>
    public async Task<string> AskAsync(params string[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words) command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(command.ToString()));
        using var answer = new StreamReader(client.GetStream());
        return await ReplyAsync(answer);
    }

    /// <summary>Waits until this many nodes listen to the others.</summary>
    public Task ListenedToBy(int nodes)
    {
        var channel = RedisLink.Prefix + "journal";
        return Eventually.Holds(async () => await AskAsync("PUBSUB", "NUMSUB", channel) == string.Create(CultureInfo.InvariantCulture, $"{channel} {nodes}"));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndAsync(string signal)
    {
        if (_process is null || _process.HasExited) return;
        Signal(signal);
        await _process.WaitForExitAsync();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process!.Id}")]);
        kill.WaitForExit();
        if (kill.ExitCode != 0) throw new InvalidOperationException($"The signal {signal} could not be sent to redis-server.");
    }

    private static async Task<string> ReplyAsync(StreamReader from)
    {
        var line = await from.ReadLineAsync() ?? throw new IOException("Redis has closed the connection.");
        switch (line[0])
        {
            case '-':
                throw new InvalidOperationException(line);
            case '$':
                return line == "$-1" ? string.Empty : await from.ReadLineAsync() ?? string.Empty;
            case '*':
                var elements = new List<string>();
                for (var left = int.Parse(line[1..], CultureInfo.InvariantCulture); left > 0; left--) elements.Add(await ReplyAsync(from));
                return string.Join(' ', elements);
            default:
                return line[1..];
        }
    }

    private static string Program()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        return folders.Select(f => Path.Combine(f, "redis-server")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("redis-server is missing: install it (apt-get install redis-server), or let test.sh do it.");
    }
}
