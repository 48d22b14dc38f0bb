using System.Text;
using DispatchCenter.Bench.Durable;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.Data.Sqlite;

namespace DispatchCenter.Bench.Sides;

/// <summary>
/// What the runs begin with, below a temporary folder: a file of the demo street without a case, and another one with changes that the
/// real desk has committed, each the whistle of a case of its own.
/// </summary>
internal sealed class Material : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dispatch-bench-").FullName;
    private int _runs;

    private Material() { }

    /// <summary>The file with the changes.</summary>
    public string Changes => Path.Combine(_root, "sample", "dispatch.db");

    private string Template => Path.Combine(_root, "template.db");

    /// <param name="changes">At least so many.</param>
    public static async Task<Material> PrepareAsync(int changes)
    {
        var material = new Material();
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(material.Changes)!).FullName;
        await (await DeskArm.OpenAsync(folder)).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={material.Changes};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"VACUUM INTO '{material.Template}'";
            await command.ExecuteNonQueryAsync();
            command.CommandText = $"ATTACH '{material.Template}' AS template; DELETE FROM template.data_keys; DELETE FROM template.encrypted_columns"; // it is opened with keys of its own, and holds no person
            await command.ExecuteNonQueryAsync();
        }

        await using var desk = await DeskArm.OpenAsync(folder);
        await desk.BlowAsync(changes, callers: 64);
        return material;
    }

    /// <summary>A new folder with a copy of the street without a case.</summary>
    public string NewFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, $"run{++_runs}")).FullName;
        File.Copy(Template, Path.Combine(folder, "dispatch.db"));
        return folder;
    }

    /// <summary>The name of a new file for what the sides tell one another.</summary>
    public string NewFile() => Path.Combine(_root, $"file{++_runs}");

    /// <summary>A copy of the file with the changes, in a new folder.</summary>
    public string Copy()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, $"run{++_runs}")).FullName, "dispatch.db");
        File.Copy(Changes, file);
        var keys = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(file)!, "keys")).FullName; // where a side looks for them
        foreach (var key in Directory.GetFiles(Path.Combine(_root, "keys"), "key-*.xml")) File.Copy(key, Path.Combine(keys, Path.GetFileName(key)));
        return file;
    }

    /// <summary>Reads the changes back, in their order.</summary>
    public static async Task<List<JournalEntry>> ReadAsync(string changes)
    {
        using var database = SqliteDatabase.Take(changes, Modules.All);
        var (journal, entries) = (new JournalQueries(database), new List<JournalEntry>());
        while (await journal.ReadAsync(entries.Count == 0 ? 0 : entries[^1].Seq, JournalQueries.PageLimit, CancellationToken.None) is { Count: > 0 } page) entries.AddRange(page);
        return entries;
    }

    /// <summary>A file with the cards of the changes, one on each line.</summary>
    public async Task<string> CardsAsync()
    {
        var file = Path.Combine(_root, "cards.jsonl");
        if (!File.Exists(file)) await File.WriteAllLinesAsync(file, (await ReadAsync(Changes)).Select(e => Encoding.UTF8.GetString(e.Card)));
        return file;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
