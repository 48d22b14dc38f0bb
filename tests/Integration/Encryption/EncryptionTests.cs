using System.Collections.Concurrent;
using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Encryption;

/// <summary>What the database holds of persons can be read only with the keys, which lie elsewhere.</summary>
public sealed class EncryptionTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task No_table_holds_a_person_a_place_words_a_code_or_a_photo_in_clear()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        Assert.Empty(await marked.FoundInTablesAsync(street.Service<Database>()));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Nothing_can_be_read_in_the_bytes_of_the_data_folder_its_log_or_a_backup()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        await new HonestStreet(street, seed: 7).EverythingAsync();
        await using (var connection = new SqliteConnection($"Data Source={street.DatabasePath};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var backup = connection.CreateCommand();
            backup.CommandText = $"VACUUM INTO '{Path.Combine(street.Folder, "backup.db")}'";
            await backup.ExecuteNonQueryAsync();
        }

        Assert.True(new FileInfo(street.DatabasePath + "-wal").Length > 0);
        Assert.Empty(marked.FoundIn(street.Folder));
        await street.CloseAsync();
        Assert.Empty(marked.FoundIn(street.Folder));
    }

    [Fact]
    public async Task What_a_version_before_encryption_left_in_clear_is_encrypted_by_the_first_start_through_the_chain()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        await InClear.MakeAsync(street.Service<Database>());
        Assert.Empty(marked.Marks.Select(m => m.What).Except((await marked.FoundInTablesAsync(street.Service<Database>())).Select(found => found.Split(" in ")[0])));
        await street.CloseAsync();
        var isFile = !TestStreet.OnPostgreSql;
        if (isFile) Assert.Empty(marked.Marks.Select(m => m.What).Except(marked.FoundIn(street.Folder).Select(found => found.Split(" in ")[0])));
        await street.RestartAsync();
        Assert.Empty(await marked.FoundInTablesAsync(street.Service<Database>()));
        if (isFile) Assert.Empty(marked.FoundIn(street.Folder)); // not even in pages that are free now
        Assert.Empty(HonestStreet.Verify(street).Faults);
        Assert.Single(street.Log.Lines, line => line.Contains("in clear", StringComparison.Ordinal) && line.Contains("Encrypted", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read($"/api/track/{marked.Call.TrackingCode}")).Status);
        var contact = await (await street.As("duty")).Send($"/api/calls/{marked.Call.CallNo}/contact", new { note = "回访" });
        Assert.Equal(marked.Phone, contact.Json.Text("phone"));
        Assert.Equal((35.06651234, 122.37651234, "wgs84"), (contact.Json.GetProperty("position").GetProperty("lat").GetDouble(), contact.Json.GetProperty("position").GetProperty("lon").GetDouble(), contact.Json.GetProperty("position").Text("datum")));
        await using var db = street.Service<Database>().Context();
        Assert.Equal([marked.Call.CallNo], await db.CasesOfPhoneAsync(marked.Phone, 9, Never));
        await street.RestartAsync();
        Assert.Single(street.Log.Lines, line => line.Contains("in clear", StringComparison.Ordinal) && line.Contains("Encrypted", StringComparison.Ordinal)); // once
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_copied_folder_does_not_start_with_other_keys_and_says_so_in_one_sentence()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        await new Marked(street).HappenAsync();
        await street.CloseAsync();
        var (copied, links) = (TestStreet.NewFolder(), await LinksAsync(street.DatabasePath));
        foreach (var file in Directory.GetFiles(street.Folder, "dispatch.db*").Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))) File.Copy(file, Path.Combine(copied, Path.GetFileName(file)));
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.OpenAsync(TestStreet.Builder(copied, "--Dispatch:Demo=true"), ticking: false));
        Assert.Contains("Dispatch:Keys", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("另一套密钥", stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', stopped.Message);
        var (code, _, complained) = await CommandTests.Run(copied, null, copied, $"--Dispatch:DataPath={copied}", $"--Dispatch:Keys={TestStreet.KeysOf(copied)}", "--Dispatch:Demo=true", "--urls=http://127.0.0.1:0");
        Assert.Equal(2, code);
        Assert.Contains("另一套密钥", complained, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", complained, StringComparison.Ordinal);
        Assert.Equal(links, await LinksAsync(Path.Combine(copied, Path.GetFileName(street.DatabasePath)))); // nobody without the keys has signed anything
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_start_that_ends_before_the_file_is_rebuilt_leaves_that_to_the_next()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        var database = street.Service<Database>();
        await InClear.MakeAsync(database, withKeys: true);
        await LeaveFreePagesAsync(street.DatabasePath, marked.Phone);
        Assert.True(await new Reencryption(database).EncryptClearAsync(Never) > 0); // and the disk is full
        await street.CloseAsync();
        Assert.NotEmpty(marked.FoundIn(street.Folder));
        await street.RestartAsync();
        Assert.Empty(marked.FoundIn(street.Folder));
    }

    [Fact]
    public async Task A_data_key_is_renewed_under_load_without_a_refused_request_and_every_value_can_be_read()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        var (database, duty) = (street.Service<Database>(), await street.As("duty"));
        var (refused, receipts, rounds) = (new ConcurrentBag<string>(), new ConcurrentBag<WhistleReceipt>(), new int[4]);
        using var over = new CancellationTokenSource();
        var load = Enumerable.Range(0, rounds.Length).Select(i => Task.Run(async () =>
        {
            for (; !over.IsCancellationRequested; Interlocked.Increment(ref rounds[i]))
            {
                var blown = await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "轮换", contact = new { name = "王芳", phone = "13800000001" } });
                if (blown.Status != HttpStatusCode.Created) refused.Add(blown.Text);
                else receipts.Add(blown.Value<WhistleReceipt>(HttpStatusCode.Created));
                foreach (var one in receipts.TakeLast(2))
                    foreach (var answer in (Answer[])[await street.Anyone.Read($"/api/track/{one.TrackingCode}"), await duty.Read($"/api/calls/{one.CallNo}")])
                        if (answer.Status != HttpStatusCode.OK) refused.Add(answer.Text);
            }
        })).ToList();

        for (var change = 0; change < 3; change++)
        {
            var (key, before) = (database.DataKeys.Newest, rounds.ToArray());
            await database.DataKeys.RotateAsync(street.Now, Never);
            Assert.Equal(key + 1, database.DataKeys.Newest);
            Assert.True(await new Reencryption(database).RunAsync(Never) > 0);
            await Eventually.Holds(() => rounds.Zip(before).All(r => r.First >= r.Second + 3));
        }

        await over.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(refused);
        while (await new Reencryption(database).RunAsync(Never) > 0)
        {
        }

        Assert.Equal(0, await new Reencryption(database).RunAsync(Never));
        await using (var db = database.Context())
        {
            Assert.All(await db.Set<EncryptedColumnRow>().Where(c => c.Name != Reencryption.Rebuilt).ToListAsync(Never), c => Assert.Equal(4, c.KeyId));
            Assert.All(await db.Calls.Select(c => c.Tracking).ToListAsync(Never), code => Assert.StartsWith("~4.", code.Stored, StringComparison.Ordinal));
            Assert.All(await db.Words.Select(w => w.Words).ToListAsync(Never), words => Assert.StartsWith("~4.", words.Stored, StringComparison.Ordinal));
        }

        foreach (var one in receipts.Prepend(marked.Call)) Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read($"/api/track/{one.TrackingCode}")).Status);
        Assert.Equal(marked.Phone, (await duty.Send($"/api/calls/{marked.Call.CallNo}/contact", new { note = "回访" })).Json.Text("phone"));
        Assert.Empty(await marked.FoundInTablesAsync(database));
        Assert.Empty(HonestStreet.Verify(street).Faults);
        await street.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read($"/api/track/{marked.Call.TrackingCode}")).Status);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task After_a_leak_the_keys_are_replaced_by_a_command_and_the_older_files_can_go()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        await street.CloseAsync();
        var folder = TestStreet.KeysOf(street.Folder);
        var old = Directory.GetFiles(folder, "key-*.xml");
        Assert.Equal(0, (await CommandTests.Run(street.Folder, null, street.Folder, "keys", "rotate", "--Dispatch:Demo=true")).Code);
        var (code, said, complained) = await CommandTests.Run(street.Folder, null, street.Folder, "keys", "replace", "--Dispatch:Demo=true");
        Assert.True(code == 0, complained);
        Assert.Contains("key-*.xml", said, StringComparison.Ordinal);
        foreach (var file in old.Concat(Directory.GetFiles(folder, "*.secret"))) File.Delete(file);
        await street.RestartAsync();
        Assert.Equal(3, street.Service<Database>().DataKeys.Newest);
        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read($"/api/track/{marked.Call.TrackingCode}")).Status);
        Assert.Equal(marked.Phone, (await (await street.As("duty")).Send($"/api/calls/{marked.Call.CallNo}/contact", new { note = "回访" })).Json.Text("phone"));
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task Another_node_reads_and_finds_what_a_new_key_has_encrypted_before_it_was_told_of_it()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        var before = await a.Blow();
        await a.Service<Database>().DataKeys.RotateAsync(a.Now, Never);
        var after = await a.Blow();
        Assert.Equal(1, b.Service<Database>().DataKeys.Newest); // its clock stands: it has not looked
        foreach (var call in (WhistleReceipt[])[after, before])
        {
            Assert.Equal("试", (await (await b.As("duty")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Description);
            Assert.Equal(HttpStatusCode.OK, (await b.Anyone.Read($"/api/track/{call.TrackingCode}")).Status);
        }

        await using var c = await a.JoinAsync();
        await a.Service<Database>().DataKeys.RotateAsync(a.Now, Never);
        var third = await a.Blow();
        Assert.Equal(HttpStatusCode.OK, (await c.Anyone.Read($"/api/track/{third.TrackingCode}")).Status); // by its code alone, first of all
        await c.Service<BookWatch>().LookAsync(Never);
        Assert.Equal(3, c.Service<Database>().DataKeys.Newest);
    }

    [Fact]
    public async Task Cases_are_found_by_a_telephone_number_however_it_is_written_and_the_hash_tells_nothing_without_the_key()
    {
        await using var street = await TestStreet.StartAsync(Marked.Setting);
        var marked = new Marked(street);
        await marked.HappenAsync();
        await using var db = street.Service<Database>().Context();
        foreach (var written in (string[])[marked.Phone, "+86 139 7777 6666", "139-7777-6666", "0086 13977776666"])
            Assert.Equal([marked.Call.CallNo], await db.CasesOfPhoneAsync(written, 9, Never));
        Assert.Equal([marked.Matter], await db.CasesOfPhoneAsync("13966665555", 9, Never));
        Assert.Empty(await db.CasesOfPhoneAsync("13977776667", 9, Never));
        await using var other = await TestStreet.StartInAsync(TestStreet.NewFolder(), "--Dispatch:Demo=true");
        Assert.NotEqual(db.DataKeys.PhoneHash(marked.Phone), other.Service<Database>().DataKeys.PhoneHash(marked.Phone));
    }

    [Fact]
    public async Task A_value_that_was_changed_or_moved_to_another_column_cannot_be_read()
    {
        await using var street = await TestStreet.StartAsync();
        var keys = street.Service<Database>().DataKeys;
        var made = keys.Encrypt(WordsRow.WordsColumn, "钥匙在抽屉里");
        Assert.Equal("钥匙在抽屉里", keys.Decrypt(made));
        Assert.NotEqual(made, keys.Encrypt(WordsRow.WordsColumn, "钥匙在抽屉里"));
        Assert.Equal(keys.EncryptCode(CallRow.TrackingColumn, "abc"), keys.EncryptCode(CallRow.TrackingColumn, "abc"));
        Assert.Null(keys.TryDecrypt(made with { Column = ReadRow.ReasonColumn }));
        for (var i = 3; i < made.Stored.Length - 1; i++) // the last character may carry bits that mean nothing
            Assert.Null(keys.TryDecrypt(made with { Stored = string.Concat(made.Stored.AsSpan(0, i), made.Stored[i] == 'A' ? "B" : "A", made.Stored.AsSpan(i + 1)) }));
        foreach (var stored in (string[])["", "~", "~1", "~1.", "~1.!", "~99.AAAA", "~x.AAAA", "王芳", "~1.王芳"]) Assert.Null(keys.TryDecrypt(made with { Stored = stored }));
        Assert.DoesNotContain(made.Stored, $"{made}", StringComparison.Ordinal);
        await using var db = street.Service<Database>().Context();
        db.Add(new ReadRow { At = street.Now, Account = "a", Post = "p", CallNo = "n", Looked = "contact", Reason = made });
        Assert.Contains("cannot be stored in reads.reason", (await Assert.ThrowsAnyAsync<Exception>(() => db.SaveChangesAsync(Never))).GetBaseException().Message, StringComparison.Ordinal);
    }

    /// <summary>As a version that did not overwrite what it deleted.</summary>
    private static async Task LeaveFreePagesAsync(string path, string phone)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        await connection.OpenAsync();
        await using var leave = connection.CreateCommand();
        leave.CommandText = $"PRAGMA secure_delete=OFF; CREATE TABLE gone (x TEXT); INSERT INTO gone VALUES ('{string.Concat(Enumerable.Repeat(phone, 20_000))}'); DROP TABLE gone; PRAGMA wal_checkpoint(TRUNCATE);";
        await leave.ExecuteNonQueryAsync();
    }

    private static async Task<(long Links, long Keys)> LinksAsync(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        await connection.OpenAsync();
        await using var ask = connection.CreateCommand();
        ask.CommandText = "SELECT COUNT(*), (SELECT COUNT(*) FROM chain_keys) FROM chain";
        await using var read = await ask.ExecuteReaderAsync();
        Assert.True(await read.ReadAsync());
        return (read.GetInt64(0), read.GetInt64(1));
    }
}
