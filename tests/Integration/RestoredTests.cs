using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A backup that is put back makes every open page start over, whatever came back with it, so that none shows a case that is no longer there.</summary>
public sealed class RestoredTests
{
    /// <summary>What an operator may put back, and where.</summary>
    public enum Way
    {
        /// <summary>The database alone into a new folder.</summary>
        Alone,

        /// <summary>Over the files that are there, with all that lay beside the database that night, keys included.</summary>
        WithEverythingOfTheNight,

        /// <summary>The commands <c>backup</c> and <c>restore</c>.</summary>
        ByCommand,

        /// <summary>By other means, and the command <c>restored</c> after that.</summary>
        ByHand,
    }

    [Theory]
    [Trait("Database", "SQLite")]
    [InlineData(Way.Alone)]
    [InlineData(Way.WithEverythingOfTheNight)]
    [InlineData(Way.ByCommand)]
    [InlineData(Way.ByHand)]
    public async Task After_a_backup_was_put_back_open_pages_drop_what_is_gone_and_miss_nothing_new(Way way)
    {
        var (folder, night, anew) = (TestStreet.NewFolder(), TestStreet.NewFolder(), TestStreet.NewFolder());
        var backup = Path.Combine(night, "backup.db");
        string epoch;
        long seq;
        await using (var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true"))
        {
            for (var i = 0; i < 3; i++) await street.Blow();
            if (way == Way.WithEverythingOfTheNight)
            {
                await street.CloseAsync();
                foreach (var file in Directory.GetFiles(folder)) File.Copy(file, Path.Combine(night, Path.GetFileName(file)));
                TestStreet.CopyKeys(folder, night);
                await street.RestartAsync();
            }
            else
            {
                Assert.Equal(0, await BackupCommandLine.BackupAsync(backup, Settings(folder)));
            }

            for (var i = 0; i < 4; i++) await street.Blow();
            await using var before = await Screen.FilledAsync(street, "duty");
            (epoch, seq) = (before.Epoch!, before.Through);
            Assert.Equal(7, before.Cases.Count);
        }

        switch (way)
        {
            case Way.WithEverythingOfTheNight:
                foreach (var file in Directory.GetFiles(night)) File.Copy(file, Path.Combine(Directory.CreateDirectory(anew).FullName, Path.GetFileName(file)), overwrite: true);
                TestStreet.CopyKeys(night, anew);
                break;
            case Way.Alone or Way.ByHand:
                File.Copy(backup, Path.Combine(anew, "dispatch.db"));
                TestStreet.CopyKeys(folder, anew);
                if (way == Way.ByHand) Assert.Equal(0, await Commands.RestoredAsync(Settings(anew)));
                break;
            case Way.ByCommand:
                TestStreet.CopyKeys(folder, anew);
                Assert.Equal(0, await BackupCommandLine.RestoreAsync(backup, Settings(anew)));
                break;
        }

        // The same page comes again from where it stood; meanwhile the numbers it knows are given a second time.
        await using var after = await TestStreet.StartInAsync(anew, "--Dispatch:Demo=true");
        for (var i = 0; i < 6; i++) await after.Blow("004");
        await AssertStartsOver(after, epoch, seq, 9);
    }

    [Fact]
    public async Task A_backup_is_made_while_the_street_works_and_restored_by_command_into_an_empty_place_only()
    {
        await using var street = await TestStreet.StartAsync();
        var settings = await SettingsOf(street);
        var backup = Path.Combine(TestStreet.NewFolder(), "street.backup");
        for (var i = 0; i < 3; i++) await street.Blow();
        Assert.Equal(0, await BackupCommandLine.BackupAsync(backup, settings));
        Assert.Equal([backup], Directory.GetFiles(Path.GetDirectoryName(backup)!));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Equal(1, await BackupCommandLine.BackupAsync(backup, settings)); // none is overwritten
        for (var i = 0; i < 4; i++) await street.Blow();
        await using var before = await Screen.FilledAsync(street, "duty");
        await street.CloseAsync();
        Assert.Equal(1, await BackupCommandLine.RestoreAsync(backup, settings)); // a database is there

        var place = TestStreet.NewFolder();
        TestStreet.CopyKeys(street.Folder, place);
        if (TestStreet.OnPostgreSql) settings = [.. Settings(place), await TestStreet.DatabaseOfAsync(place, "template0")];
        else settings = Settings(place);
        Assert.Equal(0, await BackupCommandLine.RestoreAsync(backup, settings));
        await using var after = await TestStreet.StartInAsync(place, ["--Dispatch:Demo=true", .. settings.Skip(4)]);
        for (var i = 0; i < 6; i++) await after.Blow("004");
        await AssertStartsOver(after, before.Epoch!, before.Through, 9);
        Assert.Equal(0, await Commands.VerifyAuditAsync(settings));
    }

    [Fact]
    public async Task A_backup_that_was_changed_is_not_restored_and_leaves_the_place_empty()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"UPDATE calls SET version = 7 WHERE no = {call.CallNo}");
        var backup = Path.Combine(TestStreet.NewFolder(), "street.backup");
        Assert.Equal(0, await BackupCommandLine.BackupAsync(backup, await SettingsOf(street)));
        var place = TestStreet.NewFolder();
        TestStreet.CopyKeys(street.Folder, place);
        string[] settings = TestStreet.OnPostgreSql ? [.. Settings(place), await TestStreet.DatabaseOfAsync(place, "template0")] : Settings(place);
        Assert.Equal(1, await BackupCommandLine.RestoreAsync(backup, settings));
        if (TestStreet.OnPostgreSql) Assert.True(await PostgresBackup.IsEmptyAsync(settings[^1].Split('=', 2)[1], CancellationToken.None));
        else Assert.Equal(["dispatch.db.lock"], Directory.GetFiles(place).Select(Path.GetFileName));
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task Two_restores_into_one_database_do_not_run_at_once()
    {
        var place = TestStreet.NewFolder();
        var server = (await TestStreet.DatabaseOfAsync(place, "template0")).Split('=', 2)[1];
        await using (var other = new NpgsqlConnection(server))
        {
            await other.OpenAsync();
            await using (var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresBackup.Lock})", other)) await hold.ExecuteNonQueryAsync();
            var why = await Assert.ThrowsAsync<SettingsException>(() => PostgresBackup.RestoreAsync(server, "none", () => true, CancellationToken.None));
            Assert.Contains("Another restore", why.Message, StringComparison.Ordinal);
            await using var made = new NpgsqlCommand("CREATE TABLE calls ()", other); // that one has put everything in place
            await made.ExecuteNonQueryAsync();
        }

        await Assert.ThrowsAsync<SettingsException>(() => PostgresBackup.RestoreAsync(server, "none", () => true, CancellationToken.None));
        Assert.False(await PostgresBackup.IsEmptyAsync(server, CancellationToken.None));
    }

    [Fact]
    public async Task An_empty_database_has_nothing_to_start_over()
    {
        var folder = TestStreet.NewFolder();
        Assert.Equal(1, await Commands.RestoredAsync(Settings(folder)));
        Assert.Equal(1, await BackupCommandLine.BackupAsync(Path.Combine(folder, "b"), Settings(TestStreet.NewFolder()))); // and there is nothing to back up
        Assert.Equal(1, await BackupCommandLine.RestoreAsync(Path.Combine(folder, "none"), Settings(TestStreet.NewFolder())));
    }

    private static async Task AssertStartsOver(TestStreet street, string epoch, long seq, int cases)
    {
        await using var again = await Screen.OpenAsync(street, "duty", seq);
        await again.Until(s => s.Epoch is not null);
        Assert.NotEqual(epoch, again.Epoch); // this is what a page starts over by
        await using var after = await Screen.FilledAsync(street, "duty");
        Assert.Equal(again.Epoch, after.Epoch);
        Assert.Equal(cases, after.Cases.Count);
        Assert.Equal(again.Epoch, (await (await street.As("duty")).Read("/api/board")).Value<Board>().Epoch);
    }

    private static string[] Settings(string folder) =>
        [$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production"];

    private static async Task<string[]> SettingsOf(TestStreet street) =>
        TestStreet.OnPostgreSql ? [.. Settings(street.Folder), await TestStreet.DatabaseOfAsync(street.Folder, "template0")] : Settings(street.Folder);
}
