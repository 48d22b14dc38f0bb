using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A backup that is put back makes every open page start over, so that none shows a case that is no longer there.</summary>
[Trait("Database", "SQLite")] // a file is put back; a PostgreSQL server has its own tools, and the command is the same
public sealed class RestoredTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_backup_was_put_back_open_pages_drop_what_is_gone_and_miss_nothing_new(bool withHeadOfTheNight)
    {
        var (folder, backup) = (TestStreet.NewFolder(), Path.Combine(TestStreet.NewFolder(), "backup.db"));
        string epoch;
        long seq;
        List<string> gone = [];
        await using (var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true"))
        {
            for (var i = 0; i < 3; i++) await street.Blow();
            await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"VACUUM INTO {backup}");
            for (var i = 0; i < 4; i++) gone.Add((await street.Blow()).CallNo);
            await using var before = await Screen.FilledAsync(street, "duty");
            (epoch, seq) = (before.Epoch!, before.Through);
            Assert.Equal(7, before.Cases.Count);
            await street.CloseAsync();
            SqliteConnection.ClearAllPools();

            foreach (var rest in new[] { string.Empty, "-wal", "-shm", ".head" }) File.Delete(street.DatabasePath + rest);
            File.Copy(backup, street.DatabasePath);
            if (withHeadOfTheNight) await File.WriteAllTextAsync(street.DatabasePath + ".head", $"{epoch} 3");
            Assert.Equal(0, await Commands.RestoredAsync([$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production"]));

            // The same page comes again from where it stood; meanwhile the numbers it knows are given a second time.
            await street.RestartAsync();
            for (var i = 0; i < 6; i++) await street.Blow("004");
            await using var again = await Screen.OpenAsync(street, "duty", seq);
            await again.Until(s => s.Epoch is not null);
            Assert.NotEqual(epoch, again.Epoch); // this is what a page starts over by
            await using var after = await Screen.FilledAsync(street, "duty");
            Assert.Equal(again.Epoch, after.Epoch);
            Assert.Equal(9, after.Cases.Count);
            Assert.Equal(again.Epoch, (await (await street.As("duty")).Read("/api/board")).Value<Board>().Epoch);
        }
    }

    [Fact]
    public async Task An_empty_database_has_nothing_to_start_over()
    {
        var folder = TestStreet.NewFolder();
        Assert.Equal(1, await Commands.RestoredAsync([$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production"]));
    }
}
