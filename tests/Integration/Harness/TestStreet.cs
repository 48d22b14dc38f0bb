using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>
/// The real application on its own port with a real database: a SQLite file or, if the environment says
/// DISPATCH_TESTS_DATABASE=postgresql, a database on a real PostgreSQL server. Its clock moves only when a test moves it, and it sweeps only when a
/// test sweeps; it begins on a Wednesday at 09:00 in Shanghai, a working day.
/// </summary>
public sealed class TestStreet : IAsyncDisposable
{
    /// <summary>The limit of every wait in a test: bounds a failure, never delays a success.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static readonly DateTimeOffset Wednesday = new(2026, 3, 11, 9, 0, 0, TimeSpan.FromHours(8));

    /// <summary>An administrator, where no account has to be signed in.</summary>
    public static readonly Staff Admin = new("admin", "admin", Role.Admin, null);

    public const string Password = DispatchOptions.DefaultDemoPassword;

    private static readonly Lazy<Task<string>> DemoFolder = new(() => SeedDemoAsync(onPostgreSql: false));

    private static readonly Lazy<Task<string>> SharedDemoFolder = new(() => SeedDemoAsync(onPostgreSql: true));

    private static readonly Lazy<string> Root = new(() =>
    {
        var root = Directory.CreateTempSubdirectory("dispatch-tests-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Delete(recursive: true);
        return root.FullName;
    });

    private static readonly string[] WhyConnectionsEnd = ["Microsoft.AspNetCore.SignalR.HubConnectionContext", "Microsoft.AspNetCore.SignalR.HubConnectionHandler", "Microsoft.AspNetCore.Http.Connections", "Microsoft.AspNetCore.Server.Kestrel.Connections"];

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(11);

    /// <summary>Whether this run's streets use PostgreSQL unless a test says otherwise.</summary>
    public static readonly bool OnPostgreSql = Environment.GetEnvironmentVariable("DISPATCH_TESTS_DATABASE") == "postgresql";

    /// <summary>The password of the demo accounts, quick to verify: thousands of sign-ins otherwise take a fifth of the run. Just above what marks a password as issued.</summary>
    private static readonly string Light = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = 1_001 })).HashPassword(new Account(), Password);

    private string[] _settings;
    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, Lazy<Task<HttpClient>> Client)> _clients = new();
    private readonly AnswerCheck _answers = new();
    private WebApplication? _app;

    private readonly TimeProvider _time;

    private TestStreet(string folder, string[] settings, TimeProvider? time = null) => (Folder, _settings, _time) = (folder, settings, time ?? new ManualClock(Wednesday));

    public string Folder { get; }

    public string DatabasePath => Path.Combine(Folder, "dispatch.db");

    public ManualClock Clock => _time as ManualClock ?? throw new InvalidOperationException("This street goes by the machine's clock.");

    public CapturedLog Log { get; } = new();

    public WebApplication App => _app ?? throw new InvalidOperationException("The street is closed.");

    /// <summary>A resident.</summary>
    public HttpClient Anyone { get; private set; } = new();

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The demo street with everyone on duty.</summary>
    public static Task<TestStreet> StartAsync(params string[] settings) => StartDemoAsync(OnPostgreSql, settings);

    /// <summary>The demo street on PostgreSQL, where <see cref="JoinAsync"/> adds nodes.</summary>
    public static Task<TestStreet> StartSharedAsync(params string[] settings) => StartDemoAsync(onPostgreSql: true, settings);

    /// <summary>The same on the machine's clock, for what Redis and PostgreSQL do in their own time. Nothing sweeps on its own.</summary>
    public static Task<TestStreet> StartInRealTimeAsync(params string[] settings) => StartDemoAsync(onPostgreSql: true, settings, TimeProvider.System);

    /// <summary>The same on a clock that a test moves, with everything that watches the clock on its own: Quartz's jobs, the outbox, the reachability check.</summary>
    public static Task<TestStreet> StartTickingAsync(params string[] settings) => StartDemoAsync(onPostgreSql: true, settings, ticking: true);

    /// <summary>The same on its own server, which a test may stop and restart.</summary>
    public static async Task<TestStreet> StartInRealTimeAsync(PostgresServer server)
    {
        await server.AskAsync("CREATE DATABASE street");
        var street = new TestStreet(NewFolder(), ["--Dispatch:Demo=true", $"--Dispatch:Database={server.ConnectionString("street")}"], TimeProvider.System) { IsGuest = true };
        await street.OpenAsync();
        return street;
    }

    /// <summary>A street on the files in a folder, which may be empty.</summary>
    public static async Task<TestStreet> StartInAsync(string folder, params string[] settings)
    {
        if (OnPostgreSql && !NamesDatabase(settings)) settings = [await DatabaseOfAsync(folder, "template0"), .. settings];
        var street = new TestStreet(folder, settings);
        await street.OpenAsync();
        return street;
    }

    /// <summary>The same, at a given instant.</summary>
    public static Task<TestStreet> StartInAsync(string folder, DateTimeOffset now, params string[] settings) => StartInAsync(folder, now, ticking: false, settings);

    /// <param name="ticking">With everything that watches the clock on its own.</param>
    public static async Task<TestStreet> StartInAsync(string folder, DateTimeOffset now, bool ticking, params string[] settings)
    {
        var street = new TestStreet(folder, settings, new ManualClock(now)) { IsTicking = ticking };
        await street.OpenAsync();
        return street;
    }

    /// <summary>Another node of this street: the same database, keys and clock, a folder of its own.</summary>
    public async Task<TestStreet> JoinAsync(params string[] settings)
    {
        var node = new TestStreet(NewFolder(), [.. _settings, $"--Dispatch:Keys={KeysOf(Folder)}", .. settings], _time) { IsGuest = true };
        await node.OpenAsync();
        return node;
    }

    /// <summary>The setting that names a folder's own database, created if missing.</summary>
    public static async Task<string> DatabaseOfAsync(string folder, string template)
    {
        var server = await PostgresServer.Shared;
        await server.MakeAsync(NameOf(folder), template);
        return $"--Dispatch:Database={server.ConnectionString(NameOf(folder))}";
    }

    /// <summary>An empty folder, deleted when the tests are over.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Root.Value, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>The keys of a street are beside its data, as in use; never in the home of whoever runs the tests.</summary>
    public static string KeysOf(string folder) => folder + ".keys";

    /// <summary>The keys that have signed and encrypted what is in a data folder, for a copy of it.</summary>
    public static void CopyKeys(string from, string to)
    {
        Directory.CreateDirectory(KeysOf(to));
        foreach (var key in Directory.GetFiles(KeysOf(from))) File.Copy(key, Path.Combine(KeysOf(to), Path.GetFileName(key)));
    }

    /// <summary>How the application would be started on a folder.</summary>
    public static WebApplicationBuilder Builder(string folder, params string[] settings)
    {
        var builder = Server.Builder(
        [
            $"--contentRoot={AppContext.BaseDirectory}", "--applicationName=DispatchCenter.Web", "--environment=Production",
            $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={KeysOf(folder)}", "--Dispatch:ManagementUrl=http://127.0.0.1:0", "--Dispatch:DemoRegister=false", .. settings,
        ]);
        builder.Logging.ClearProviders();
        return builder;
    }

    /// <summary>Whether the database belongs to another street.</summary>
    private bool IsGuest { get; init; }

    /// <summary>Whether it acts on due times on its own.</summary>
    private bool IsTicking { get; init; }

    public T Service<T>() where T : notnull => App.Services.GetRequiredService<T>();

    public async Task CloseAsync()
    {
        foreach (var (_, client) in _clients.Values)
            if (client is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) (await client.Value).Dispose();
        _clients.Clear();
        Anyone.Dispose();
        if (_app is null) return;
        if (_time is ManualClock clock) clock.HoldsShortWaits = false; // work in progress is awaited in short waits, and nobody would advance them
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Gone without a goodbye: nothing is drained, finished or announced.</summary>
    public async Task CrashAsync()
    {
        Service<RedisLink>().Dispose(); // first, so it cannot announce that its connections go away
        await App.DisposeAsync();
        _app = null;
    }

    /// <param name="settings">More of them, from now on.</param>
    public async Task RestartAsync(params string[] settings)
    {
        await CloseAsync();
        _settings = [.. _settings, .. settings];
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // A test's result is only known afterwards; what went wrong inside the server is worth reading either way.
        Tell(20);
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
        if (!IsGuest && NamesDatabase(_settings)) await (await PostgresServer.Shared).DropAsync(NameOf(Folder));
        _answers.Verify();
    }

    /// <summary>Prints the last warnings and errors of the server, for anyone reading why a test failed.</summary>
    public void Tell(int most)
    {
        foreach (var line in Log.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal) || l.StartsWith("Error", StringComparison.Ordinal)).TakeLast(most))
            TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    /// <summary>Prints the tail of the server's complete log.</summary>
    public void TellAll(int most)
    {
        foreach (var line in Log.Lines.TakeLast(most)) TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    /// <summary>Queries this street's PostgreSQL database.</summary>
    public async Task<object?> Ask(string sql) => await (await PostgresServer.Shared).AskAsync(sql, NameOf(Folder));

    /// <summary>What an operator scrapes, from the address that only operators can reach.</summary>
    public async Task<string> Metrics() => await Anyone.GetStringAsync(new Uri(new Uri(Service<Management>().Address!), "/metrics"));

    /// <summary>A signed-in device of a demo account; it signs in again before its token expires.</summary>
    public Task<HttpClient> As(string userName) => _clients.AddOrUpdate(
        userName, name => (Now, new(() => SignIn(name))), (name, have) => Now - have.Since < TokenLife ? have : (Now, new(() => SignIn(name)))).Client.Value;

    public async Task<HttpClient> SignIn(string userName) =>
        WithToken((await Anyone.Send("/api/login", new { userName, password = Password })).Value<LoginReply>().AccessToken);

    public HttpClient WithToken(string token) =>
        new(new SocketsHttpHandler()) { BaseAddress = Anyone.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    public HttpClient NewClient(HttpMessageHandler? handler = null) => new(handler ?? new SocketsHttpHandler()) { BaseAddress = Anyone.BaseAddress };

    public async Task<string> TokenOf(string userName) => (await As(userName)).DefaultRequestHeaders.Authorization!.Parameter!;

    /// <summary>The cookie that signing in on the page would set.</summary>
    public async Task<string> CookieOf(string userName)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var signIns = scope.ServiceProvider.GetRequiredService<SignInManager<Account>>();
        ClaimsPrincipal principal = await signIns.CreateUserPrincipalAsync((await signIns.UserManager.FindByNameAsync(userName))!);
        var options = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var ticket = new AuthenticationTicket(principal, new AuthenticationProperties { IssuedUtc = Now, ExpiresUtc = Now.AddHours(1) }, IdentityConstants.ApplicationScheme);
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}";
    }

    /// <summary>A started hub connection of a demo account.</summary>
    public async Task<HubConnection> HubAs(string userName)
    {
        var hub = Hub(await TokenOf(userName));
        await hub.StartAsync();
        return hub;
    }

    public HubConnection Hub(string token)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(Anyone.BaseAddress!, HubNames.Path), connection =>
        {
            (connection.Transports, connection.SkipNegotiation) = (HttpTransportType.WebSockets, true);
            connection.AccessTokenProvider = () => Task.FromResult<string?>(token);
            connection.WebSocketConfiguration = socket => socket.Proxy = null;
        });
        builder.Services.AddSingleton<IHubProtocol>(new JsonHubProtocol(Options.Create(new JsonHubProtocolOptions
        {
            PayloadSerializerOptions = new JsonSerializerOptions(ContractsJson.Default.Options) { TypeInfoResolverChain = { JsonSerializerOptions.Default.TypeInfoResolver! } },
        })));
        return builder.Build();
    }

    public Task<Screen> Watch(string userName, long afterSeq = 0) => Screen.OpenAsync(this, userName, afterSeq);

    /// <summary>A whistle from a page; S2 in grid 001 (team 01, community 01) by default.</summary>
    public async Task<WhistleReceipt> Blow(string grid = "001", string category = "02", bool danger = false, bool hide = false) =>
        (await Anyone.Send("/api/whistles", new { grid, category, danger, hideFromProperty = hide, description = "试" })).Value<WhistleReceipt>(HttpStatusCode.Created);

    /// <summary>Gives a command that must succeed.</summary>
    public async Task<CallCard> Do(string userName, string callNo, string command, object? body = null) =>
        (await (await As(userName)).Send($"/api/calls/{callNo}/{command}", body)).Value<Reply>().Call!;

    /// <summary>Accepted, arrived at and resolved by one team member.</summary>
    public async Task<CallCard> Handle(string userName, string callNo)
    {
        await Do(userName, callNo, "accept");
        await Do(userName, callNo, "arrive");
        return await Do(userName, callNo, "resolve", new { report = "好" });
    }

    public void FastForward(TimeSpan span) => Clock.FastForward(span);

    public Task<int> Sweep() => Service<Sweep>().RunAsync(CancellationToken.None);

    /// <summary>Deletes whatever has expired, as the hourly job does.</summary>
    public Task CleanUp() => ActivatorUtilities.CreateInstance<Cleaner>(App.Services).ForgetAsync(CancellationToken.None);

    public async Task<int> SweepAfter(TimeSpan span)
    {
        FastForward(span);
        return await Sweep();
    }

    public Task<List<JournalEntry>> Journal(string callNo) => Service<JournalQueries>().OfCallAsync(callNo, CancellationToken.None);

    public async Task<CallCard> Card(string callNo)
    {
        await using var db = Service<Database>().Context();
        return JsonSerializer.Deserialize(await db.Calls.Where(c => c.No == callNo).Select(c => c.Card).SingleAsync(), ContractsJson.Default.CallCard)!;
    }

    public async Task<PostId> PostOf(string userName)
    {
        await using var db = Service<Database>().Context();
        return new PostId((await db.Users.SingleAsync(u => u.UserName == userName)).Post!);
    }

    public async Task SignOff(params string[] userNames)
    {
        foreach (var name in userNames) await Service<Roster>().SignOffAsync(await PostOf(name), Now, CancellationToken.None);
    }

    /// <summary>Everything the desk could have changed: the head without its epoch, which each start sets, versions, texts, callers and keys.</summary>
    public string Fingerprint()
    {
        using var connection = Service<Database>().Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT (SELECT seq || ' ' || day || ' ' || day_count FROM head) || ' ' || (SELECT COUNT(*) FROM journal) || ' ' || "
            + $"(SELECT COALESCE({(Service<Database>().IsShared ? "STRING_AGG" : "GROUP_CONCAT")}(no || ':' || version || ':' || body, ','), '') FROM calls) || ' ' || (SELECT COUNT(*) FROM words) || ' ' || "
            + "(SELECT COUNT(*) FROM callers) || ' ' || (SELECT COUNT(*) FROM idempotency)";
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    /// <summary>Blocks every transaction until disposed.</summary>
    public async Task<IDisposable> Stall()
    {
        var gate = Service<Database>().WriteGate;
        await gate.WaitAsync();
        return new Releasing(() => gate.Release());
    }

    /// <summary>Blocks the desk until disposed: requests from now on wait in its queue and form one batch.</summary>
    public async Task<IDisposable> HoldDesk()
    {
        var (stall, desk) = (await Stall(), Service<DispatchDesk>());
        _ = desk.Submit(new DeskRequest.Ask(new CallNo("W000000-00000"), new CallCommand.Note(null))); // the loop takes it and waits
        await Eventually.Holds(() => desk.Waiting == 0);
        return stall;
    }

    private static async Task<TestStreet> StartDemoAsync(bool onPostgreSql, string[] settings, TimeProvider? time = null, bool ticking = false)
    {
        var folder = NewFolder();
        var demo = await (onPostgreSql ? SharedDemoFolder : DemoFolder).Value;
        foreach (var file in Directory.GetFiles(demo)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        CopyKeys(demo, folder);
        var street = new TestStreet(folder, ["--Dispatch:Demo=true", .. onPostgreSql ? [await DatabaseOfAsync(folder, NameOf(demo))] : Array.Empty<string>(), .. settings], time) { IsTicking = ticking };
        await street.OpenAsync();
        return street;
    }

    private static async Task<string> SeedDemoAsync(bool onPostgreSql)
    {
        var folder = NewFolder();
        List<string> settings = ["--Dispatch:Demo=true"];
        if (onPostgreSql) settings.Add(await DatabaseOfAsync(folder, "template0"));
        await using var app = await Server.OpenAsync(Builder(folder, [.. settings]), new ManualClock(Wednesday), ticking: false);
        await app.Services.GetRequiredService<Database>().WriteAsync(
            async db =>
            {
                await foreach (var account in db.Users.AsAsyncEnumerable()) account.PasswordHash = Light;
                return await db.SaveChangesAsync();
            },
            CancellationToken.None);
        await app.DisposeAsync();
        foreach (var file in Directory.GetFiles(folder, "*.lock")) File.Delete(file);
        return folder;
    }

    private static bool NamesDatabase(string[] settings) => settings.Any(s => s.StartsWith("--Dispatch:Database=", StringComparison.Ordinal));

    private static string NameOf(string folder) => "t_" + Path.GetFileName(folder);

    private async Task OpenAsync()
    {
        var builder = Builder(Folder, _settings);
        builder.Logging.AddProvider(Log).AddFilter<CapturedLog>("DispatchCenter", LogLevel.Trace);
        foreach (var category in WhyConnectionsEnd) builder.Logging.AddFilter<CapturedLog>(category, LogLevel.Debug);
        if (!OnPostgreSql) builder.Services.AddSingleton<IStartupFilter>(_answers); // which database answers makes no difference to the document
        _app = await Server.OpenAsync(builder, _time, IsTicking);
        _app.Urls.Add("http://127.0.0.1:0");
        await _app.StartAsync();
        Anyone = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private sealed class Releasing(Action release) : IDisposable
    {
        private Action? _release = release;

        public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
    }
}
