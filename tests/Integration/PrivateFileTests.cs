using System.Net;
using System.Runtime.Versioning;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Nobody but the service's account reads data or keys, whatever its umask and however a copy was put back.</summary>
[Trait("Database", "SQLite")]
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFileTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Under_umask_000_every_file_is_the_accounts_alone_and_one_that_was_put_back_open_is_closed_at_the_next_start()
    {
        var data = Path.Combine(TestStreet.NewFolder(), "data");
        await using (var host = await HostProcess.StartAsync(data, "000", "--Dispatch:Demo=true"))
        {
            var id = (await host.Http.Send("/api/photos", MadePhotos.Jpeg(6), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
            (await host.Http.Send("/api/whistles", new { grid = "001", category = "02", photos = new[] { id } })).Value<WhistleReceipt>(HttpStatusCode.Created);
            var names = Open(data, all: true);
            foreach (var name in (string[])["dispatch.db", "dispatch.db-wal", "dispatch.db-shm", "dispatch.db.lock", ".keys/key-"]) Assert.Contains(names, n => n.Contains(name, StringComparison.Ordinal));
            Assert.Empty(Open(data, all: false));
            await host.StopAsync();
        }

        // As a restore or an earlier version leaves them.
        await File.WriteAllTextAsync(data + "/dispatch.db.before-the-restore", "an old copy");
        foreach (var path in Open(data, all: true))
            File.SetUnixFileMode(path, Directory.Exists(path) ? (UnixFileMode)0b111_111_111 : (UnixFileMode)0b110_110_110);
        await File.WriteAllTextAsync(data + "/of-somebody-else", "stays as it is");
        Assert.NotEmpty(Open(data, all: false));
        await using (var host = await HostProcess.StartAsync(data, "000", "--Dispatch:Demo=true"))
        {
            Assert.Equal(HttpStatusCode.OK, (await host.Http.Read("/healthz/ready")).Status);
            Assert.Equal([data + "/of-somebody-else"], Open(data, all: false)); // and out of reach, in a closed folder
        }
    }

    [Fact]
    public void A_folder_that_is_not_ours_alone_is_left_as_it_is()
    {
        var folder = TestStreet.NewFolder();
        File.SetUnixFileMode(folder, (UnixFileMode)0b001_111_111_111); // as /tmp is
        Assert.False(PrivateFiles.CloseFolder(folder));
        Assert.Equal((UnixFileMode)0b001_111_111_111, File.GetUnixFileMode(folder));
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Path.Combine(folder, "of-somebody-else"));
        Assert.False(PrivateFiles.CloseFolder(folder, "keys"));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(folder));
        Assert.True(PrivateFiles.CloseFolder(folder, "of-somebody-else"));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void A_new_file_is_written_once_and_a_replaced_one_as_a_whole()
    {
        var file = Path.Combine(TestStreet.NewFolder(), "x");
        Assert.True(PrivateFiles.TryAdd(file, "first"u8));
        Assert.False(PrivateFiles.TryAdd(file, "second"u8));
        Assert.Equal("first", File.ReadAllText(file));
        PrivateFiles.Replace(file, "third"u8);
        Assert.Equal("third", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Of_many_that_add_a_file_at_once_one_has_added_it()
    {
        for (var round = 0; round < 200; round++)
        {
            var file = Path.Combine(TestStreet.NewFolder(), "x");
            using var start = new Barrier(4);
            var added = new bool[4];
            var adders = Enumerable.Range(0, 4).Select(who => new Thread(() =>
            {
                start.SignalAndWait();
                added[who] = PrivateFiles.TryAdd(file, [(byte)who]);
            })).ToList();
            adders.ForEach(adder => adder.Start());
            adders.ForEach(adder => adder.Join());
            Assert.Equal(added.ToList().FindIndex(did => did), Assert.Single(File.ReadAllBytes(file)));
            Assert.Single(added, did => did);
            Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        }
    }

    /// <summary>Data, keys and what is in them: all, or what is open to others.</summary>
    private static List<string> Open(string data, bool all) =>
    [
        .. ((string[])[data, TestStreet.KeysOf(data)]).SelectMany(folder => Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Prepend(folder))
            .Where(path => all || (File.GetUnixFileMode(path) & Others) != 0),
    ];
}
