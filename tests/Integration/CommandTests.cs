using System.Diagnostics;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The administrator's commands, as processes.</summary>
public sealed class CommandTests
{
    private const string Square = "35.0 121.0;35.0 121.01;35.01 121.01;35.01 121.0";

    [Fact]
    public async Task A_streets_own_files_are_imported_into_a_fresh_database_and_served()
    {
        var (folder, files) = (TestStreet.NewFolder(), Files($"002,乙,B,09,{Square}"));
        // A relative path counts from the caller's folder.
        var (code, said, _) = await Run(folder, null, Path.GetDirectoryName(files)!, "import", "street", Path.GetFileName(files));
        Assert.Equal(0, code);
        Assert.Contains("taken 5, refused 1", said, StringComparison.Ordinal);
        Assert.Matches(@"grids\.csv:3 community_unknown .*[\u4e00-\u9fff].*[A-Za-z]", said);

        await using var street = await TestStreet.StartInAsync(folder);
        var view = (await street.Anyone.Read("/api/street")).Value<StreetView>();
        Assert.Equal(("试验街道", "001", "甲"), (view.Name, view.Grids.Single().Code, view.Grids.Single().Name));
        var call = await street.Blow("001");
        Assert.Equal("street", (await street.Card(call.CallNo)).Rung); // nobody is on duty yet
    }

    [Fact]
    public async Task Files_that_cannot_be_used_change_nothing()
    {
        var folder = TestStreet.NewFolder();
        var (code, said, complained) = await Run(folder, null, folder, "import", "street", "nowhere");
        Assert.Equal(1, code);
        Assert.Contains("taken 0, refused 0", said, StringComparison.Ordinal);
        Assert.Contains("file_missing", complained, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "dispatch.db")));
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_policy_is_imported_as_the_next_version_and_one_that_cannot_be_used_changes_nothing()
    {
        var folder = TestStreet.NewFolder();
        var file = Path.Combine(folder, "policy.json");
        foreach (var (json, exit, words) in new[]
        {
            (PolicyBook.DefaultJson().Replace("\"15m\"", "\"10m\"", StringComparison.Ordinal), 0, "policy version 2"),
            (PolicyBook.DefaultJson().Replace("\"15m\"", "\"10x\"", StringComparison.Ordinal), 1, "is not a span"),
            (PolicyBook.DefaultJson(), 0, "policy version 3"),
        })
        {
            await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
            var (code, said, complained) = await Run(folder, null, folder, "import", "policy", Path.GetFileName(file));
            Assert.Equal(exit, code);
            Assert.Contains(words, exit == 0 ? said : complained, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_streets_own_staff_is_imported_each_with_a_first_password_and_rings_once_on_duty()
    {
        var (folder, files) = (TestStreet.NewFolder(), Files());
        Assert.Equal(0, (await Run(folder, null, files, "import", "street", files)).Code);
        var table = Path.Combine(files, "staff.csv");
        await File.WriteAllTextAsync(table, "account,kind,place\nli.grid,网格员,甲\nqian,janitor,\n", TestContext.Current.CancellationToken);
        var (code, said, _) = await Run(folder, null, files, "import", "staff", "staff.csv");
        Assert.Equal(0, code);
        Assert.Contains("taken 1, made 1, refused 1", said, StringComparison.Ordinal);
        Assert.Contains("staff.csv:3 account_kind_unknown", said, StringComparison.Ordinal);
        var password = said.Split('\n').Single(line => line.StartsWith("li.grid,", StringComparison.Ordinal)).Split(',')[1].Trim();
        var (again, repeated, _) = await Run(folder, null, files, "import", "staff", "staff.csv");
        Assert.Equal(0, again);
        Assert.Contains("taken 1, made 0, refused 1", repeated, StringComparison.Ordinal);

        await using var street = await TestStreet.StartInAsync(folder);
        using var worker = street.WithToken((await street.Anyone.Send("/api/login", new { userName = "li.grid", password })).Value<LoginReply>().AccessToken);
        (await worker.Send("/api/duty/take", new { })).Value<RosterShift>();
        var call = await street.Blow("001");
        Assert.Equal("team", (await street.Card(call.CallNo)).Rung);
        Assert.True((await worker.Send($"/api/calls/{call.CallNo}/accept", new { })).Value<Reply>().Ok);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task No_command_runs_while_a_server_holds_the_file()
    {
        await using var street = await TestStreet.StartAsync();
        foreach (var command in (string[][])[["import", "street", Files()], ["import", "standards", StandardsTests.RealFile], ["import", "policy", StandardsTests.RealFile], ["admin", "create", "root"], ["--urls=http://127.0.0.1:0"]])
        {
            var (code, _, complained) = await Run(street.Folder, "a-long-password\n", street.Folder, command);
            Assert.Equal(2, code);
            Assert.Contains(street.DatabasePath, complained, StringComparison.Ordinal);
            Assert.Contains(complained, c => c >= '\u4e00');
            Assert.Contains("Another process", complained, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_first_administrator_is_made_with_a_password_that_is_asked_for()
    {
        var folder = TestStreet.NewFolder();
        Assert.Equal(1, (await Run(folder, "short\n", folder, "admin", "create", "root")).Code);
        Assert.Equal(1, (await Run(folder, "", folder, "admin", "create", "root")).Code);
        var (code, said, _) = await Run(folder, "a-long-password\n", folder, "admin", "create", "root");
        Assert.Equal(0, code);
        Assert.DoesNotContain("a-long-password", said, StringComparison.Ordinal);
        Assert.Equal(1, (await Run(folder, "a-long-password\n", folder, "admin", "create", "ROOT")).Code); // there already

        await using var street = await TestStreet.StartInAsync(folder);
        await using var db = street.Service<Database>().Context();
        Assert.Equal(Role.Admin, (await db.Users.SingleAsync()).Role);
        var login = (await street.Anyone.Send("/api/login", new { userName = "root", password = "a-long-password" })).Value<LoginReply>();
        using var admin = street.WithToken(login.AccessToken);
        Assert.Equal("admin", (await admin.Read("/api/me")).Value<Me>().Role);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("import", "street")]
    [InlineData("import", "standards")]
    [InlineData("import", "moon", "x")]
    [InlineData("admin")]
    [InlineData("admin", "create")]
    [InlineData("admn", "create", "x")]
    [InlineData("help")]
    [InlineData("--hlep")]
    [InlineData("admin", "create", "x", "y")]
    public async Task A_command_that_is_not_understood_says_how_it_is_used(params string[] command)
    {
        var folder = TestStreet.NewFolder();
        var (code, _, complained) = await Run(folder, null, folder, command);
        Assert.Equal(2, code);
        Assert.Contains("Usage:", complained, StringComparison.Ordinal);
        Assert.Contains("import", complained, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("--help", "admin")]
    [InlineData("--version", "0.")]
    public async Task Help_and_version_are_told_and_nothing_starts(string asked, string said)
    {
        var folder = TestStreet.NewFolder();
        var (code, answer, _) = await Run(folder, null, folder, asked);
        Assert.Equal(0, code);
        Assert.Contains(said, answer, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_bad_setting_ends_the_process_with_words_and_without_a_stack()
    {
        var folder = TestStreet.NewFolder();
        var (code, _, complained) = await Run(folder, null, folder, "--Dispatch:Demo=maybe", "--urls=http://127.0.0.1:0");
        Assert.Equal(2, code);
        Assert.Contains("maybe", complained, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", complained, StringComparison.Ordinal);
    }

    /// <summary>A street of one community, one grid, one team and one station.</summary>
    private static string Files(params string[] moreGrids)
    {
        var folder = Path.Combine(TestStreet.NewFolder(), "street");
        Directory.CreateDirectory(folder);
        Write("street.csv", "name,name_en", "试验街道,Test Street");
        Write("communities.csv", "code,name,name_en", "01,东风,East Wind");
        Write("grids.csv", ["code,name,name_en,community,outline", $"001,甲,A,01,{Square}", .. moreGrids]);
        Write("teams.csv", "code,name,name_en,community,grids", "01,一队,One,01,001");
        Write("stations.csv", "code,name,name_en,grid", "01,驿站,Station,001");
        return folder;

        void Write(string file, params string[] lines) => File.WriteAllLines(Path.Combine(folder, file), lines);
    }

    /// <summary>Runs a command as a process of its own on a folder's data, called from a folder.</summary>
    internal static async Task<(int Code, string Said, string Complained)> Run(string dataPath, string? input, string from, params string[] command)
    {
        if (TestStreet.OnPostgreSql && command is ["import", _, _, ..] or ["admin", "create", _]) command = [.. command, await TestStreet.DatabaseOfAsync(dataPath, "template0")];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "DispatchCenter.Web.dll") },
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment = { ["Dispatch__DataPath"] = dataPath, ["Dispatch__Keys"] = TestStreet.KeysOf(dataPath), ["PWD"] = from, ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        }.With(command))!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} did not end.");
        }

        return (process.ExitCode, await said, await complained);
    }
}

internal static class Arguments
{
    public static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
