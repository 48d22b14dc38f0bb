using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace DispatchCenter.Integration.Harness;

/// <summary>A real PostgreSQL server in a temporary folder on a free loopback port; it ends with the tests.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> One = new(async () =>
    {
        var server = await StartAsync(inMemory: true);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait();
        return server;
    });

    /// <summary>Where Linux keeps files in memory.</summary>
    private const string Memory = "/dev/shm";

    /// <summary>Room for a few hundred databases at once, and their log.</summary>
    private const long Room = 8L << 30;

    /// <summary>The first version that can create a database by copying files instead of writing all of it to the log.</summary>
    private static readonly Version Copying = new(15, 0);

    private readonly string _folder;
    private Process? _process;

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    /// <summary>The server shared by all tests of a run.</summary>
    public static Task<PostgresServer> Shared => One.Value;

    public int Port { get; }

    private bool IsInMemory => _folder.StartsWith(Memory, StringComparison.Ordinal);

    public bool IsUp => _process is { HasExited: false };

    /// <param name="inMemory">
    /// Whether its files may be kept in memory, if there is room: hundreds of databases are created and dropped, and flushing to disk
    /// does not matter for tests that do not cut the power.
    /// </param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed or does not start.</exception>
    public static async Task<PostgresServer> StartAsync(bool inMemory = false)
    {
        var folder = inMemory && HasRoom(Memory)
            ? Directory.CreateDirectory(Path.Combine(Memory, $"dispatch-postgres-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("dispatch-postgres-").FullName;
        if (Environment.UserName == "root") await RunAsync("chown", "postgres", folder); // the server refuses to run as root
        var server = new PostgresServer(folder, FreePort());
        await RunAsync([.. AsPostgres(Program("initdb")), "-D", Path.Combine(folder, "data"), "-U", "dispatch", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        await server.UpAsync();
        return server;
    }

    private static bool HasRoom(string folder) => Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace >= Room;

    public string ConnectionString(string database, string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username=dispatch{(more.Length > 0 ? ";" : string.Empty)}{more}");

    /// <summary>Starts it, or restarts it.</summary>
    public async Task UpAsync()
    {
        string[] command =
        [
            .. AsPostgres(Program("postgres")), "-D", Path.Combine(_folder, "data"), "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", _folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
        ];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? string.Empty);
        _process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? string.Empty);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres", "Pooling=false"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
            catch (NpgsqlException e)
            {
                throw new InvalidOperationException($"PostgreSQL does not start:\n{string.Join('\n', said)}", e);
            }
        }
    }

    /// <summary>Stops it at once, as an administrator in a hurry would ("immediate"): every session is cut, and the next start recovers from the log.</summary>
    public Task CrashAsync() => DownAsync("immediate");

    public async Task DownAsync(string mode = "fast")
    {
        if (_process is null || _process.HasExited) return;
        await RunAsync([.. AsPostgres(Program("pg_ctl")), "-D", Path.Combine(_folder, "data"), "-m", mode, "-w", "stop"]);
        await _process.WaitForExitAsync();
    }

    /// <summary>Creates a database from a template if it is missing.</summary>
    public async Task MakeAsync(string database, string template)
    {
        await using var connection = await OfServerAsync();
        await using var look = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{database}'", connection);
        if (await look.ExecuteScalarAsync() is not null) return;
        // In memory, its two checkpoints cost nothing, and copying costs a quarter of the log; on disk the log is faster.
        var strategy = IsInMemory && connection.PostgreSqlVersion >= Copying ? " STRATEGY FILE_COPY" : string.Empty;
        await using var make = new NpgsqlCommand($"CREATE DATABASE {database} TEMPLATE {template}{strategy}", connection);
        await make.ExecuteNonQueryAsync();
    }

    /// <summary>Drops a database, even if someone is connected to it.</summary>
    public async Task DropAsync(string database)
    {
        await using var connection = await OfServerAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {database} WITH (FORCE)", connection);
        await drop.ExecuteNonQueryAsync();
    }

    public async Task<object?> AskAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, "Pooling=false"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync("immediate");
        _process?.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>A connection kept for the next create or drop of a database: a new one costs the server as much as the database itself.</summary>
    private async Task<NpgsqlConnection> OfServerAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        return connection;
    }

    private static string[] AsPostgres(string program) => Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", program] : [program];

    /// <summary>Debian keeps the server's programs off the PATH.</summary>
    private static string Program(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin")) : []);
        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"PostgreSQL's {name} is missing: install postgresql (apt-get install postgresql), or let test.sh do it.");
    }

    private static async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed:\n{said}");
    }
}
