using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A start that must not go on says what to mend, in both languages; one that goes on is durable.</summary>
public sealed class StartTests
{
    /// <summary>A setting, and a word that the sentence must hold.</summary>
    public static readonly TheoryData<string, string> BadSettings = new()
    {
        { "--Dispatch:Demo=yes", "Dispatch:Demo" },
        { "--Dispatch:RateLimits:Enabled=1", "Dispatch:RateLimits:Enabled" },
        { "--Dispatch:Databse=x.db", "Dispatch:Databse" },
        { "--Dispatch:Database=Host=127.0.0.1;Database=x;Port=nine", "Dispatch:Database" },
        { "--Dispatch:Database=Host=127.0.0.1;Databse=x", "Dispatch:Database" },
        { "--Dispatch:Database=Host=127.0.0.1", "Dispatch:Database" },
        { "--Dispatch:Redis=localhost:port", "Dispatch:Redis" },
        { "--Dispatch:Redis=localhost:6379,passwort=x", "Dispatch:Redis" },
        { "--Dispatch:Redis=,password=x", "Dispatch:Redis" },
        { "--Dispatch:Database=postgres://localhost/x", "Dispatch:Database" },
        { "--Dispatch:DemoPassword=short", "Dispatch:DemoPassword" },
        { "--Dispatch:PublicUrl=street.example", "Dispatch:PublicUrl" },
        { "--Dispatch:PublicUrl=https://street.example/desk", "Dispatch:PublicUrl" },
        { "--Dispatch:PublicUrl=https://street.example;ftp://street.example", "Dispatch:PublicUrl" },
        { "--Dispatch:Proxies=10.0.0.0/8;proxy", "Dispatch:Proxies" },
        { "--Dispatch:PushHosts=https://fcm.googleapis.com", "Dispatch:PushHosts" },
        { "--Dispatch:PushHosts=fcm.googleapis.com;*.*.example", "Dispatch:PushHosts" },
        { "--Dispatch:Keep:Persons=29", "Dispatch:Keep:Persons" },
        { "--Dispatch:Keep:Words=1y", "Dispatch:Keep:Words" },
        { "--Dispatch:Keep:Photos=-1", "Dispatch:Keep:Photos" },
        { "--Dispatch:Keep:Looks=183", "Dispatch:Keep:Looks" },
        { "--Dispatch:Keep:Names=90", "Dispatch:Keep:Names" },
        { "--Dispatch:DataPath=/proc/none", "Dispatch:DataPath" },
        { "--Dispatch:Keys=/proc/none", "Dispatch:Keys" },
        { "--Dispatch:Database=/proc/none/x.db", "Dispatch:Database" },
        { "--Dispatch:Database=", "Dispatch:Database" },
        { "--Kestrel:Endpoints:Http:Url=http://localhost:1", "Kestrel:Endpoints" },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task A_bad_setting_stops_the_start_with_words_in_both_languages(string setting, string names) =>
        await Refused(TestStreet.NewFolder(), names, setting);

    /// <summary>Addresses, and a word that the sentence must hold.</summary>
    public static readonly TheoryData<string, string> BadAddresses = new()
    {
        { "nonsense", "Invalid url" },
        { "http://127.0.0.1:99999", "Cannot listen" },
        { "http://127.0.0.1:0/path", "path base" },
        { "https://127.0.0.1:0", "HTTPS" },
        { "ftp://127.0.0.1:0", "scheme" },
        { "http://192.0.2.1:5080", "does not have the address" }, // RFC 5737: nobody's
    };

    [Theory]
    [Trait("Database", "SQLite")]
    [MemberData(nameof(BadAddresses))]
    public async Task An_address_that_cannot_be_listened_at_is_said_in_one_sentence(string address, string names) => await Unheard(address, names);

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_port_in_use_is_said_in_one_sentence()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        await Unheard($"http://{other.LocalEndpoint}", "is in use");
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_disk_that_cannot_be_written_is_not_called_another_process()
    {
        var folder = TestStreet.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "dispatch.db.lock")); // cannot be opened, and nobody holds it
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.OpenAsync(TestStreet.Builder(folder), ticking: false));
        Assert.Contains("cannot be written", stopped.Message, StringComparison.Ordinal);
        Assert.False(PrivateFiles.IsHeldElsewhere(new IOException("Read-only file system", 30)));
    }

    [Fact]
    public async Task A_failed_sign_in_leaves_a_line_without_a_name()
    {
        await using var street = await TestStreet.StartAsync();
        foreach (var name in (string[])["duty", "nobody-of-this-name"])
            (await street.Anyone.Send("/api/login", new { userName = name, password = "wrong-password" })).Problem(401, Codes.WrongPassword);
        var lines = street.Log.Lines.Where(l => l.Contains("A sign-in failed: wrong_password", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.DoesNotContain(lines, l => l.Contains("nobody", StringComparison.Ordinal) || l.Contains("duty", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_second_start_on_the_same_file_is_refused()
    {
        await using var street = await TestStreet.StartAsync();
        await Refused(street.Folder, street.DatabasePath, "--Dispatch:Demo=true");
        await street.Blow(); // the first is not disturbed
        await street.RestartAsync(); // and lets go when it ends
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_database_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        var folder = await Closed(await TestStreet.StartAsync());
        Sql(folder, $"INSERT INTO schema_version (version) VALUES ({Migrations.Latest + 1})");
        await Refused(folder, $"{Migrations.Latest + 1}", "--Dispatch:Demo=true");
        Assert.Equal((long)Migrations.Latest + 1, Sql(folder, "SELECT MAX(version) FROM schema_version"));
    }

    [Fact]
    public async Task A_demo_database_does_not_run_without_demo()
    {
        var folder = await Closed(await TestStreet.StartAsync());
        await Refused(folder, "Dispatch:Database", TestStreet.OnPostgreSql ? ["--Dispatch:Demo=false", await TestStreet.DatabaseOfAsync(folder, "template0")] : ["--Dispatch:Demo=false"]);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_file_that_is_no_database_is_refused()
    {
        var folder = TestStreet.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "dispatch.db"), new string('x', 10_000));
        await Refused(folder, "dispatch.db");
    }

    [Fact]
    public async Task Without_demo_nothing_is_seeded_and_a_whistle_finds_no_place()
    {
        await using var street = await TestStreet.StartInAsync(TestStreet.NewFolder());
        await using var db = street.Service<Database>().Context();
        Assert.Equal((0, 0, 0), (await db.Users.CountAsync(), await db.Posts.CountAsync(), await db.Shifts.CountAsync()));
        Assert.Empty((await street.Anyone.Read("/api/street")).Value<StreetView>().Grids);
        (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02" })).Problem(404, Codes.GridUnknown);
        (await street.Anyone.Send("/api/login", new { userName = "duty", password = TestStreet.Password })).Problem(401, Codes.WrongPassword);
    }

    [Fact]
    public async Task The_demo_is_seeded_once_and_a_later_start_changes_nothing()
    {
        await using var street = await TestStreet.StartAsync();
        var before = await Counts();
        Assert.Equal(6 + 17 + 130 + (3 * 36), before.Users);
        await street.RestartAsync();
        Assert.Equal(before, await Counts());

        async Task<(int Users, int Posts, int Shifts, int Documents)> Counts()
        {
            await using var db = street.Service<Database>().Context();
            return (await db.Users.CountAsync(), await db.Posts.CountAsync(), await db.Shifts.CountAsync(), await db.Documents.CountAsync());
        }
    }

    [Fact]
    public async Task The_demo_password_is_the_streets_own_where_it_is_set()
    {
        await using var street = await TestStreet.StartInAsync(TestStreet.NewFolder(), "--Dispatch:Demo=true", "--Dispatch:DemoPassword=another-word");
        (await street.Anyone.Send("/api/login", new { userName = "duty", password = TestStreet.Password })).Problem(401, Codes.WrongPassword);
        Assert.NotEmpty((await street.Anyone.Send("/api/login", new { userName = "duty", password = "another-word" })).Value<LoginReply>().AccessToken);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Every_connection_is_durable_EFs_own_included()
    {
        await using var street = await TestStreet.StartAsync();
        var database = street.Service<Database>();
        for (var round = 0; round < 3; round++)
        {
            using (var own = database.Open()) AssertDurable(own);
            await using var db = database.Context();
            await db.Database.OpenConnectionAsync();
            AssertDurable(db.Database.GetDbConnection());
            await db.Database.CloseConnectionAsync();
            await using var again = database.Context();
            again.Database.OpenConnection();
            AssertDurable(again.Database.GetDbConnection());
        }

        // A connection that somebody has weakened is made durable again when it is next opened.
        using (var weak = database.Open())
        {
            using var command = weak.CreateCommand();
            command.CommandText = "PRAGMA synchronous=OFF";
            command.ExecuteNonQuery();
        }

        using var later = database.Open();
        AssertDurable(later);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_database_that_cannot_be_durable_stops_the_start()
    {
        // A database in memory knows no write-ahead log.
        using var memory = new SqliteConnection("Data Source=:memory:");
        memory.Open();
        Assert.Contains("durable", Assert.Throws<InvalidOperationException>(() => DurableConnections.MakeDurable(memory)).Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Every_start_of_the_only_node_begins_an_epoch_and_says_where()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        List<string> epochs = [await Epoch(street)];
        await street.RestartAsync();
        epochs.Add(await Epoch(street));
        await street.CrashAsync();
        await street.RestartAsync();
        epochs.Add(await Epoch(street));
        Assert.Equal(3, epochs.Distinct().Count());
        Assert.Contains(street.Log.Lines, l => l.Contains($"Epoch {epochs[2]} begins at 1", StringComparison.Ordinal));
        await using var watcher = await street.Watch("duty", 4); // from an epoch that is over, beyond the head: no error, and told within a beat
        Assert.Equal(epochs[2], (await watcher.NextWhile(() => street.FastForward(TimeSpan.FromSeconds(5)))).Epoch);
    }

    private static async Task<string> Epoch(TestStreet street) => (await street.Service<JournalQueries>().HeadAsync(CancellationToken.None)).Epoch;

    private static async Task<string> Closed(TestStreet street)
    {
        await street.CloseAsync();
        return street.Folder;
    }

    private static void AssertDurable(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
        command.CommandText = "PRAGMA synchronous";
        Assert.Equal(2L, command.ExecuteScalar());
    }

    private static object? Sql(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "dispatch.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a test's own words
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>The whole start, as the program makes it.</summary>
    private static async Task Unheard(string address, string names)
    {
        var folder = TestStreet.NewFolder();
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.RunAsync(
        [
            $"--contentRoot={AppContext.BaseDirectory}", "--applicationName=DispatchCenter.Web", "--environment=Production", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}",
            "--Logging:LogLevel:Default=None", $"--urls={address}",
        ]).WaitAsync(TestStreet.Patience)); // where it can listen after all, it would serve for ever
        Assert.Contains(names, stopped.Message, StringComparison.Ordinal);
        Assert.Contains(stopped.Message, c => c >= '\u4e00');
        Assert.DoesNotContain('\n', stopped.Message);
    }

    private static async Task Refused(string folder, string names, params string[] settings)
    {
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.OpenAsync(TestStreet.Builder(folder, settings), ticking: false));
        Assert.Contains(names, stopped.Message, StringComparison.Ordinal);
        Assert.Contains(stopped.Message, c => c >= '\u4e00');
        Assert.Matches("[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", stopped.Message);
    }
}
