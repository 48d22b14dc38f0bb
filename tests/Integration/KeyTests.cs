using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The keys that sign sessions lie apart from the data, or are encrypted; they change while everybody goes on working.</summary>
[Trait("Database", "SQLite")]
public sealed class KeyTests
{
    private const string OfTheAccount = "--Dispatch:Keys=";

    [Fact]
    public async Task A_copied_data_folder_opened_by_somebody_else_mints_no_token_and_no_cookie_for_the_street()
    {
        var (folder, copied) = (TestStreet.NewFolder(), TestStreet.NewFolder());
        await using var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true", OfTheAccount, Home());
        var (token, cookie) = (await street.TokenOf("admin"), await street.CookieOf("duty"));
        await street.CloseAsync();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(copied, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }

        await street.RestartAsync();
        await Stops(copied, "Dispatch:Keys", "--Dispatch:Demo=true", OfTheAccount, Home());
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(copied, "dispatch.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM data_keys; DELETE FROM encrypted_columns"; // then it starts, with keys of its own
            await command.ExecuteNonQueryAsync();
        }

        await using var thief = await TestStreet.StartInAsync(copied, "--Dispatch:Demo=true", OfTheAccount, Home());
        foreach (var (from, to) in ((TestStreet, TestStreet)[])[(street, thief), (thief, street)])
        {
            Assert.Equal(HttpStatusCode.OK, (await from.WithToken(await from.TokenOf("admin")).Read("/api/me")).Status);
            (await to.WithToken(await from.TokenOf("admin")).Read("/api/me")).Problem(401, Codes.Unauthenticated);
            (await With(to, await from.CookieOf("duty")).Read("/api/me")).Problem(401, Codes.Unauthenticated);
        }

        Assert.Equal("admin", (await street.WithToken(token).Read("/api/me")).Value<Me>().UserName); // nobody of the street has had to sign in again
        Assert.Equal("duty", (await With(street, cookie).Read("/api/me")).Value<Me>().UserName);
    }

    [Fact]
    public async Task Keys_that_an_earlier_version_kept_in_the_data_folder_move_out_and_sessions_go_on()
    {
        var (folder, home) = (TestStreet.NewFolder(), TestStreet.NewFolder());
        var inData = Path.Combine(folder, "keys");
        await using var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true", $"--Dispatch:Keys={inData}");
        var token = await street.TokenOf("duty");
        Assert.Contains(street.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("Dispatch:KeysCertificate", StringComparison.Ordinal));
        await street.RestartAsync(OfTheAccount, $"--XDG_DATA_HOME={home}");
        Assert.Equal("duty", (await street.WithToken(token).Read("/api/me")).Value<Me>().UserName);
        Assert.False(Directory.Exists(inData));
        Assert.Single(Directory.GetFiles(Path.Combine(home, "dispatch-center", "keys"), "key-*.xml"));
        Assert.Single(street.Log.Lines, line => line.Contains("Moved the keys", StringComparison.Ordinal));
        await street.RestartAsync(); // and only once
        Assert.Single(street.Log.Lines, line => line.Contains("Moved the keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_certificate_no_key_lies_in_clear_not_even_those_of_before_and_another_certificate_opens_none()
    {
        var (folder, certificates) = (TestStreet.NewFolder(), TestStreet.NewFolder());
        var (keys, first, second) = (Path.Combine(folder, "keys"), Pfx("first"), Pfx("second"));
        await using var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true", $"--Dispatch:Keys={keys}", "--Dispatch:KeysCertificatePassword=open");
        var token = await street.TokenOf("duty");
        Assert.Contains("<masterKey", await InKeys(), StringComparison.Ordinal);
        Assert.Contains(street.Log.Lines, line => line.Contains("in clear", StringComparison.Ordinal));

        await street.RestartAsync($"--Dispatch:KeysCertificate={first}");
        Assert.DoesNotContain("<masterKey", await InKeys(), StringComparison.Ordinal);
        await IsGood();
        street.Service<IKeyManager>().CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(90));
        Assert.Equal(2, Directory.GetFiles(keys, "key-*.xml").Length);
        Assert.DoesNotContain("<masterKey", await InKeys(), StringComparison.Ordinal);
        Assert.Single(street.Log.Lines, line => line.Contains("in clear", StringComparison.Ordinal)); // the first start's
        await street.CloseAsync();

        foreach (var other in (string[][])[[], [$"--Dispatch:KeysCertificate={second}", "--Dispatch:KeysCertificatePassword=open"]])
            await Stops(folder, "Dispatch:KeysCertificate", ["--Dispatch:Demo=true", $"--Dispatch:Keys={keys}", .. other]);
        await street.RestartAsync($"--Dispatch:KeysCertificate={second}", $"--Dispatch:KeysCertificateBefore={first}");
        await IsGood();

        async Task IsGood() => Assert.Equal("duty", (await street.WithToken(token).Read("/api/me")).Value<Me>().UserName);

        async Task<string> InKeys() => string.Concat(await Task.WhenAll(Directory.GetFiles(keys, "*.xml").Select(f => File.ReadAllTextAsync(f))));

        string Pfx(string name)
        {
            using var key = RSA.Create(2048);
            using var made = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TestStreet.Wednesday, TestStreet.Wednesday.AddYears(5));
            var file = Path.Combine(certificates, name + ".pfx");
            File.WriteAllBytes(file, made.Export(X509ContentType.Pkcs12, "open"));
            return file;
        }
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_stops_the_start()
    {
        var folder = TestStreet.NewFolder();
        var (broken, without) = (Path.Combine(folder, "broken.pfx"), Path.Combine(folder, "without.pfx"));
        await File.WriteAllTextAsync(broken, "no certificate");
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        using (var made = new CertificateRequest("CN=ec", key, HashAlgorithmName.SHA256).CreateSelfSigned(TestStreet.Wednesday, TestStreet.Wednesday.AddYears(5)))
            await File.WriteAllBytesAsync(without, made.Export(X509ContentType.Pkcs12));
        foreach (var file in (string[])[broken, without, folder + "/none.pfx"]) await Stops(folder, file, $"--Dispatch:KeysCertificate={file}");
    }

    [Fact]
    public async Task Keys_change_under_load_and_every_session_goes_on()
    {
        await using var street = await TestStreet.StartAsync();
        var manager = street.Service<IKeyManager>();
        using var device = street.WithToken(await street.TokenOf("grid001"));
        using var page = With(street, await street.CookieOf("duty"));
        await using var screen = await Screen.FilledAsync(street, "duty");
        var (refused, rounds) = (new List<string>(), new int[4]);
        using var over = new CancellationTokenSource();
        var load = Enumerable.Range(0, rounds.Length).Select(i => Task.Run(async () =>
        {
            for (; !over.IsCancellationRequested; Interlocked.Increment(ref rounds[i]))
            {
                foreach (var answer in (Answer[])[await device.Read("/api/me"), await page.Read("/api/me"), await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02" })])
                    if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.Created))
                        lock (refused) refused.Add($"{answer.Status} {answer.Text}");
            }
        })).ToList();

        var signedBy = new HashSet<Guid>();
        for (var change = 0; change < 5; change++)
        {
            var made = manager.CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(90));
            var before = rounds.ToArray();
            await Eventually.Holds(() => rounds.Zip(before).All(r => r.First >= r.Second + 3));
            var fresh = (await street.Anyone.Send("/api/login", new { userName = "leader", password = TestStreet.Password })).Value<LoginReply>().AccessToken;
            Assert.Equal(made.KeyId, KeyOf(fresh));
            signedBy.Add(KeyOf(fresh));
            Assert.Equal("leader", (await street.WithToken(fresh).Read("/api/me")).Value<Me>().UserName);
        }

        await over.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(refused);
        Assert.Equal(5, signedBy.Count);
        await screen.Shows((await street.Blow()).CallNo, CallStates.Ringing); // the watch has not ended
        var old = await street.TokenOf("grid001");
        await street.RestartAsync();
        Assert.Equal("grid001", (await street.WithToken(old).Read("/api/me")).Value<Me>().UserName);
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_or_kept_stop_the_start_with_a_sentence()
    {
        var (folder, keys) = (TestStreet.NewFolder(), TestStreet.NewFolder());
        await Stops(folder, "/proc/self/fdinfo", "--Dispatch:Keys=/proc/self/fdinfo"); // there, and nothing can be put into it
        await Stops(folder, "Dispatch:Keys", OfTheAccount, "--XDG_DATA_HOME=/proc/self/fdinfo");
        await File.WriteAllTextAsync(Path.Combine(keys, "key-3f1c2f5e-0d0c-4b8e-9a52-9a8f5d3b6a11.xml"), "no key");
        await Stops(folder, keys, $"--Dispatch:Keys={keys}");
        await File.WriteAllTextAsync(Path.Combine(keys, "key-3f1c2f5e-0d0c-4b8e-9a52-9a8f5d3b6a11.xml"), string.Empty);
        await Stops(folder, keys, $"--Dispatch:Keys={keys}");
        var (code, _, complained) = await CommandTests.Run(folder, null, folder, $"--Dispatch:Keys={keys}", "--urls=http://127.0.0.1:0");
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_made_once_and_one_that_was_altered_is_not_replaced()
    {
        await using var street = await TestStreet.StartAsync();
        var secrets = street.Service<Secrets>();
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Convert.ToHexString(secrets.Of("test")))));
        Assert.Single(made.Distinct());
        Assert.Equal(Secrets.Bytes * 2, made[0].Length);
        Assert.NotEqual(made[0], Convert.ToHexString(secrets.Of("test-2")));
        await street.RestartAsync();
        Assert.Equal(made[0], Convert.ToHexString(street.Service<Secrets>().Of("test")));
        var file = Path.Combine(TestStreet.KeysOf(street.Folder), "test.secret");
        Assert.DoesNotContain(made[0], Convert.ToHexString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "altered");
        Assert.Contains(file, Assert.Throws<SettingsException>(() => street.Service<Secrets>().Of("test")).Message, StringComparison.Ordinal);
        Assert.Equal("altered", await File.ReadAllTextAsync(file));
    }

    /// <summary>The key that signed a token: its id follows a mark of four bytes.</summary>
    private static Guid KeyOf(string token) => new(WebEncoders.Base64UrlDecode(token).AsSpan(4, 16));

    private static string Home() => $"--XDG_DATA_HOME={TestStreet.NewFolder()}";

    private static HttpClient With(TestStreet street, string cookie)
    {
        var client = street.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return client;
    }

    private static async Task Stops(string folder, string names, params string[] settings)
    {
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.OpenAsync(TestStreet.Builder(folder, settings), ticking: false));
        Assert.Contains(names, stopped.Message, StringComparison.Ordinal);
        Assert.Contains(stopped.Message, c => c >= '\u4e00');
        Assert.DoesNotContain('\n', stopped.Message);
    }
}
