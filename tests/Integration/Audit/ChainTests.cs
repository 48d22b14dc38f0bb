using System.Globalization;
using DispatchCenter.AuditVerify;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using Microsoft.Data.Sqlite;
using Xunit;

namespace DispatchCenter.Integration.Audit;

/// <summary>Nothing changes unseen: whatever is done to a copied database is named by the independent verifier, and an honest copy is never accused.</summary>
public sealed class ChainTests
{
    private const int Copies = 1_000;
    private const int Tamperings = 1_000;

    /// <summary>Before each copy something happens on the street.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_a_thousand_honest_copies_none_is_accused(int seed)
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true");
        var honest = new HonestStreet(street, seed);
        Assert.Empty(HonestStreet.Verify(street).Faults);
        for (var i = 0; i < Copies / 2; i++)
        {
            var happened = await honest.HappenAsync();
            var report = HonestStreet.Verify(street);
            Assert.True(report.IsWhole, $"after {happened}: {string.Join(", ", report.Faults)}");
        }

        await street.RestartAsync();
        Assert.Empty(HonestStreet.Verify(street, t => t with { Quick = false, EverySignature = true }).Faults);
    }

    /// <summary>By somebody with the database and no key, on every protected table that has rows, and on the links.</summary>
    [Fact]
    [Trait("Database", "SQLite")] // what is tampered with is a copied file
    public async Task Of_a_thousand_tamperings_each_is_named()
    {
        var (copy, trust) = await CopyAsync();
        var bytes = await File.ReadAllBytesAsync(copy);
        var (missed, kinds) = (new List<string>(), new HashSet<string>());
        for (var seed = 0; seed < Tamperings; seed++)
        {
            await File.WriteAllBytesAsync(copy, bytes);
            Tamperer.Deed deed;
            await using (var connection = new SqliteConnection($"Data Source={copy};Pooling=false"))
            {
                await connection.OpenAsync();
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA synchronous = OFF; BEGIN"; // nobody loses power here
                command.ExecuteNonQuery();
                deed = new Tamperer(connection, seed).Tamper();
                command.CommandText = "COMMIT";
                command.ExecuteNonQuery();
            }

            using var source = Source.Open(copy);
            var report = Verifier.Run(source, trust);
            foreach (var name in deed.Names)
                if (!report.Faults.Any(f => f.What.StartsWith(name, StringComparison.Ordinal))) missed.Add($"{seed}: {deed.What}; said {string.Join(", ", report.Faults.Take(5))}");
            kinds.Add(new string([.. deed.What.Where(c => !char.IsDigit(c))]));
        }

        Assert.Empty(missed);
    }

    /// <summary>Whatever the flip of a bit in the file leaves unnamed has changed no protected row and no link.</summary>
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_flipped_bit_of_the_file_is_named_or_changes_nothing()
    {
        var (copy, trust) = await CopyAsync();
        var (bytes, named) = (await File.ReadAllBytesAsync(copy), 0);
        var before = Everything(copy);
#pragma warning disable CA5394
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var flipped = bytes.ToArray();
            flipped[random.Next(100, flipped.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(copy, flipped);
            using var source = Source.Open(copy);
            if (!Verifier.Run(source, trust with { Quick = false }).IsWhole) named++;
            else Assert.Equal(before, Everything(copy));
        }

        Assert.InRange(named, 50, 200);
    }

    /// <summary>The next link must not be older than the time that the head says: somebody who moves it would move the times of all that follow.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(-1L << 47)] // the bit that holds the sign of a number of its length
    public async Task The_time_of_the_head_is_that_of_the_last_link(long by)
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        Assert.Empty(HonestStreet.Verify(street).Faults);
        using var connection = street.Service<Database>().Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"UPDATE head SET link_at = link_at + {by}");
        command.ExecuteNonQuery();
        var fault = Assert.Single(HonestStreet.Verify(street).Faults);
        Assert.Equal((Wrong.Changed, "head main"), (fault.Wrong, fault.What));
    }

    /// <summary>An older copy put in the place of a newer one is itself honest: only what was noted elsewhere tells.</summary>
    [Fact]
    public async Task What_was_cut_off_whole_is_told_by_an_end_that_was_noted_and_by_the_root_of_its_day()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        var earlier = HonestStreet.Verify(street);
        await street.Blow();
        var later = HonestStreet.Verify(street);
        Assert.NotEqual(earlier.End, later.End);
        Assert.Empty(HonestStreet.Verify(street, t => t with { Ends = [Tell.ReadEnd(earlier.End), Tell.ReadEnd(later.End)] }).Faults);
        Assert.Equal(Wrong.CutOff, Assert.Single(HonestStreet.Verify(street, t => t with { Ends = [(later.Links + 1, new string('a', 64))] }).Faults).Wrong);
        Assert.Equal(Wrong.CutOff, Assert.Single(HonestStreet.Verify(street, t => t with { Ends = [(earlier.Links, new string('a', 64))] }).Faults).Wrong);
        Assert.Equal(Wrong.DayChanged, Assert.Single(HonestStreet.Verify(street, t => t with { Days = [(new DateOnly(2026, 3, 11), new string('a', 64))] }).Faults).Wrong);
    }

    /// <summary>Every table that the program protects is written by the honest street, so the two tests above speak of all of them.</summary>
    [Fact]
    public async Task The_honest_street_writes_every_protected_table()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true");
        var honest = new HonestStreet(street, 11);
        for (var i = 0; i < 6; i++) await honest.EverythingAsync();
        using var connection = street.Service<Database>().Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT leaves FROM chain";
        var written = new HashSet<string>();
        using (var reader = command.ExecuteReader())
            while (reader.Read()) written.UnionWith(System.Text.Encoding.UTF8.GetString((byte[])reader[0]).Split('\n').Select(l => l.Split(' ')[0]));
        Assert.Equal(["account_claims", "account_logins", "account_tokens"], street.Service<Database>().Chain!.Tables.Keys.Except(written).Order()); // Identity's, which nothing here uses
    }

    /// <summary>A copied file of a street on which everything has happened, and what somebody has noted of it.</summary>
    private static async Task<(string File, Trust Trust)> CopyAsync()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true");
        var honest = new HonestStreet(street, 3);
        for (var i = 0; i < 6; i++) await honest.EverythingAsync();
        var copy = Path.Combine(TestStreet.NewFolder(), "copy.db");
        await using (var db = street.Service<Database>().Context()) await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlAsync(db.Database, $"VACUUM INTO {copy}");
        var report = HonestStreet.Verify(street);
        Assert.Empty(report.Faults);
        return (copy, new Trust { Keys = [street.Service<Database>().Chain!.Key.PublicPem], Ends = [Tell.ReadEnd(report.End)], Quick = true });
    }

    /// <summary>Every row of every protected table and every link, read without the verifier.</summary>
    private static string Everything(string file)
    {
        var text = new System.Text.StringBuilder();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false;Mode=ReadOnly");
        connection.Open();
        using var tables = connection.CreateCommand();
        tables.CommandText = "SELECT DISTINCT tab FROM chain_columns UNION SELECT 'chain_columns' UNION SELECT 'chain_keys' UNION SELECT 'chain' ORDER BY 1";
        var names = new List<string>();
        using (var reader = tables.ExecuteReader())
            while (reader.Read()) names.Add(reader.GetString(0));
        foreach (var name in names)
        {
            tables.CommandText = $"SELECT * FROM {name} ORDER BY 1, 2";
            using var rows = tables.ExecuteReader();
            while (rows.Read())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                    if (name != "channels" || rows.GetName(i) is not ("tokens" or "tokens_at" or "failing_since")) text.Append(rows.IsDBNull(i) ? "-" : rows.GetValue(i) is byte[] blob ? Convert.ToHexString(blob) : Convert.ToString(rows.GetValue(i), CultureInfo.InvariantCulture)).Append('|');
                text.Append('\n');
            }
        }

        return text.ToString();
    }
}
