using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>Matters on two nodes, with Redis between them and without it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class MatterNodesTests
{
    [Fact]
    public async Task Two_nodes_follow_each_others_matters_with_Redis_and_without_it()
    {
        await using var redis = new RedisServer();
        await redis.UpAsync();
        await using var a = await TestStreet.StartInRealTimeAsync(redis.Setting);
        await using var b = await a.JoinAsync();
        await redis.ListenedToBy(2);
        var (here, there) = (new MatterScene(a), new MatterScene(b));
        await using var team = await Screen.OpenAsync(b, "grid001", 0, comesAgain: true);
        await using var desk = await Screen.OpenAsync(a, "duty", 0, comesAgain: true);
        async Task Live(string what)
        {
            var no = (await here.Open(key: $"open-{what}")).CallNo;
            await team.ShowsMatter(no, "take");
            var call = await a.Blow();
            await there.Say("grid001", no, "take", "accepted", key: $"take-{what}");
            await desk.ShowsMatter(no, "papers");
            await team.ShowsMatter(no, "papers");
            await team.Shows(call.CallNo, CallStates.Ringing);
            Assert.Equal("ok", (await here.Say("grid001", no, "take", "accepted", key: $"take-{what}")).Code); // behind another node the same key stands for the same
            Assert.Equal(2, (await a.Journal(no)).Count);
        }

        await Live("with Redis");
        await redis.KillAsync();
        await Live("without it");
        await redis.UpAsync();
        await redis.ListenedToBy(2);
        await Live("with it again");

        // A procedure that one node has added is known to the other before it decides.
        await here.Add(Documents.ShortErrand);
        var young = (await here.Open()).CallNo;
        Assert.Equal("work", (await there.Say("grid001", young, "take", "accepted")).Matter!.Stage);
        Assert.Equal(4, await here.EverythingFolds());
    }
}

/// <summary>A backup with matters that is put back.</summary>
[Trait("Database", "SQLite")] // as in RestoredTests
public sealed class MatterRestoredTests
{
    [Fact]
    public async Task A_backup_with_both_kinds_that_is_put_back_elsewhere_goes_on_with_their_clocks()
    {
        var (folder, elsewhere) = (TestStreet.NewFolder(), TestStreet.NewFolder());
        string taken, asked, gone;
        DateTimeOffset at;
        await using (var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true"))
        {
            var it = new MatterScene(street);
            await street.Blow();
            (taken, asked) = ((await it.Open()).CallNo, (await it.Open()).CallNo);
            await it.Say("grid001", taken, "take", "accepted");
            await it.Paper("grid001", taken, "身份证", key: "paper-of-old");
            await using (var db = street.Service<Database>().Context()) await db.Database.ExecuteSqlAsync($"VACUUM INTO {Path.Combine(elsewhere, "dispatch.db")}");
            gone = (await it.Open()).CallNo;
            at = street.Now;
            await street.CloseAsync();
            SqliteConnection.ClearAllPools();
        }

        TestStreet.CopyKeys(folder, elsewhere);
        Assert.Equal(0, await Commands.RestoredAsync([$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={elsewhere}", $"--Dispatch:Keys={TestStreet.KeysOf(elsewhere)}", "--environment=Production"]));
        await using (var street = await TestStreet.StartInAsync(elsewhere, at.AddMinutes(10), "--Dispatch:Demo=true"))
        {
            var it = new MatterScene(street);
            await using var duty = await Screen.FilledAsync(street, "duty");
            Assert.Equal(new[] { taken, asked }.Order(), duty.Matters.Keys.Order());
            Assert.Equal($"{taken}-1", await it.Paper("grid001", taken, "身份证", key: "paper-of-old"));
            await it.Say("grid001", taken, "papers", "done");
            var again = (await it.Open()).CallNo;
            Assert.Equal(gone, again); // the number is given a second time: this is why the epoch is another
            await it.Reaches((await it.Card(asked)).Due!.Value + MatterScene.Moment);
            Assert.Equal(["opened", "warned", "lapsed"], (await street.Journal(asked)).Select(e => e.What));
            await duty.ShowsMatter(taken, "work");
            Assert.Equal(3, await it.EverythingFolds());
        }
    }
}
