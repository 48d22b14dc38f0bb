using System.Runtime.Versioning;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The doctor names what is unsafe, with its mend, and has nothing to say about a street set up as the document says.</summary>
public sealed class DoctorTests
{
    private static readonly string[] AsDocumented =
    [
        "--urls=http://127.0.0.1:5080", "--FORWARDEDHEADERS_ENABLED=true", "--Dispatch:PublicUrl=https://street.example", "--Dispatch:ManagementUrl=http://127.0.0.1:9464",
        "--Dispatch:Keep:Persons=365", "--Dispatch:Keep:Words=365", "--Dispatch:Keep:Photos=365", "--Dispatch:Keep:Looks=365",
        "--Dispatch:SecondFactor=required",
    ];

    /// <summary>A setting instead of the documented one, and a word that the line must hold; empty if there is nothing to say.</summary>
    public static readonly TheoryData<string, string> Settings = new()
    {
        { "--urls=http://127.0.0.1:5080", "" },
        { "--urls=http://localhost:5080;http://[::1]:5080", "" },
        { "--urls=http://0.0.0.0:5080", "past the proxy" },
        { "--urls=http://*:5080", "past the proxy" },
        { "--urls=http://[::]:5080", "past the proxy" },
        { "--urls=http://10.0.0.5:5080", "past the proxy" },
        { "--urls=http://10.0.0.5:5080 --Dispatch:Proxies=10.0.0.2", "" },
        { "--urls=http://0.0.0.0:5080 --Dispatch:Proxies=10.0.0.2", "past the proxy" },
        { "--urls=http://+:8080 --Dispatch:Proxies=172.17.0.1 --DOTNET_RUNNING_IN_CONTAINER=true", "" },
        { "--Dispatch:Proxies=0.0.0.0/0", "so wide" },
        { "--Dispatch:Proxies=::/0", "so wide" },
        { "--FORWARDEDHEADERS_ENABLED=false", "headers are not read" },
        { "--Dispatch:PublicUrl=", "No public address" },
        { "--Dispatch:PublicUrl=http://street.example", "has no TLS" },
        { "--environment=Development --Dispatch:Demo=false", "environment is Development" },
        { "--Dispatch:Demo=true", "demo accounts" },
        { "--Dispatch:RateLimits:Enabled=false", "limits callers" },
        { "--Dispatch:LoopbackChannels=true", "LoopbackChannels" },
        { "--Dispatch:ManagementUrl=http://0.0.0.0:9464", "ManagementUrl" },
        { "--Dispatch:ManagementUrl=http://10.0.0.5:9464", "" },
        { "--Dispatch:SecondFactor=", "- 管理员、审计员、带班领导只凭密码登录" },
        { "--Dispatch:SecondFactor=off", "set Dispatch:SecondFactor=required" },
        { "--Dispatch:Keep:Words=", "- 个人信息没有保存期限" },
        { "--Dispatch:Redis=10.0.0.9:6379,password=x", "Redis is in clear" },
        { "--Dispatch:Redis=10.0.0.9:6379,ssl=true", "no password" },
        { "--Dispatch:Redis=localhost:6379", "" },
        { "--Dispatch:Redis=10.0.0.9:6379,ssl=true,password=x", "" },
        { "--Dispatch:Database=Host=10.0.0.8;Database=street", "SSL Mode=VerifyFull" },
        { "--Dispatch:Database=Host=10.0.0.8;Database=street;SSL Mode=VerifyFull", "" },
        { "--Dispatch:Database=Host=127.0.0.1;Database=street", "" },
        { "--OTEL_EXPORTER_OTLP_ENDPOINT=http://10.0.0.7:4317", "Telemetry" },
    };

    [Theory]
    [Trait("Database", "SQLite")]
    [MemberData(nameof(Settings))]
    public async Task Each_unsafe_setting_is_one_line_with_its_mend_and_a_safe_one_none(string said, string names)
    {
        var findings = Doctor.OfSettings(Of(TestStreet.NewFolder(), [.. AsDocumented, .. System.Text.RegularExpressions.Regex.Split(said, " (?=--)")]), TestStreet.Wednesday).ToList();
        if (names.Length == 0) Assert.Empty(findings);
        else Assert.Contains(names, Assert.Single(findings).ToString(), StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Keys_beside_the_data_and_files_that_others_read_are_named()
    {
        var folder = TestStreet.NewFolder();
        var setup = Of(folder, [.. AsDocumented, $"--Dispatch:Keys={Path.Combine(folder, "keys")}"]);
        Assert.Contains("The keys lie with the data", Assert.Single(Doctor.OfSettings(setup, TestStreet.Wednesday)).English, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        var file = Path.Combine(folder, "dispatch.db");
        PrivateFiles.Create(file);
        Assert.DoesNotContain(Doctor.OfFiles(setup.Options), f => f.IsUnsafe);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.StartsWith($"{file} is open", Assert.Single(Doctor.OfFiles(setup.Options), f => f.IsUnsafe).English, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_row_that_was_changed_past_the_chain_makes_a_sound_street_unsafe()
    {
        var folder = TestStreet.NewFolder();
        await using var street = await TestStreet.StartInAsync(folder);
        string[] settings = [$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production", .. AsDocumented];
        if (TestStreet.OnPostgreSql) settings = [.. settings, await TestStreet.DatabaseOfAsync(folder, "template0")];
        Assert.Equal(0, await DoctorCommandLine.RunAsync(settings)); // also while the server runs
        await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"UPDATE epochs SET at = at + 1");
        Assert.Equal(1, await DoctorCommandLine.RunAsync(settings));
    }

    [Fact]
    [Trait("Database", "SQLite")]
    [UnsupportedOSPlatform("windows")]
    public async Task What_cannot_be_looked_at_is_not_called_safe()
    {
        var folder = TestStreet.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "dispatch.db"), new string('x', 10_000));
        Task<int> Look() => DoctorCommandLine.RunAsync([$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", .. AsDocumented]);
        File.SetUnixFileMode(Path.Combine(folder, "dispatch.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal(1, await Look()); // what was found before is unsafe all the same
        File.SetUnixFileMode(Path.Combine(folder, "dispatch.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Assert.ThrowsAsync<SettingsException>(Look);
    }

    private static Setup Of(string folder, string[] settings) =>
        DoctorCommandLine.Read([$"--contentRoot={AppContext.BaseDirectory}", "--environment=Production", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", .. settings]);
}
