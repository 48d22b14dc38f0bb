using Microsoft.Data.Sqlite;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>Copies of a SQLite database, each whole or not there: written beside their place, flushed, and put there in one step.</summary>
public static class SqliteBackup
{
    private static readonly string[] Logs = ["-wal", "-shm", "-journal"];

    /// <summary>Ends the name of a copy that is still being written.</summary>
    public const string Draft = ".part";

    /// <summary>
    /// Copies one instant of a database, also while a server writes to it: a reader blocks no writer. Pages without rows are not copied.
    /// </summary>
    /// <exception cref="SqliteException">The database cannot be read, or the copy not be written.</exception>
    /// <exception cref="IOException">There is a file already, or it cannot be written; so for <see cref="UnauthorizedAccessException"/>.</exception>
    public static async Task<BackupHead> WriteAsync(string database, string file, CancellationToken ct)
    {
        var draft = file + Draft;
        Remove(draft);
        try
        {
            PrivateFiles.Create(draft); // what SQLite finds empty keeps its mode
            await using (var from = Open(database))
            await using (var copy = from.CreateCommand())
            {
                copy.CommandText = "VACUUM INTO @draft";
                copy.CommandTimeout = 0;
                copy.Parameters.AddWithValue("@draft", draft);
                await copy.ExecuteNonQueryAsync(ct);
            }

            BackupHead head;
            await using (var written = Open(draft)) head = await BackupHead.ReadAsync(written, null, ct);
            PrivateFiles.Place(draft, file);
            return head;
        }
        finally
        {
            Remove(draft);
        }
    }

    /// <summary>Copies a backup into the place of a database, which must be empty, and puts it there once it has been looked at.</summary>
    /// <param name="isGood">Looks at the copy before it is put in place.</param>
    /// <returns>Whether it is in place.</returns>
    /// <exception cref="IOException">There is a database already, or it cannot be written; so for <see cref="UnauthorizedAccessException"/>.</exception>
    public static bool Restore(string file, string database, Func<string, bool> isGood)
    {
        var draft = database + Draft;
        Remove(draft);
        try
        {
            PrivateFiles.Create(draft);
            using (var to = new FileStream(draft, FileMode.Open, FileAccess.Write))
            using (var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)) from.CopyTo(to);
            if (!isGood(draft)) return false;
            PrivateFiles.Place(draft, database);
            return true;
        }
        finally
        {
            Remove(draft);
        }
    }

    /// <summary>The files of a database, and what SQLite keeps beside it, that are there.</summary>
    public static IReadOnlyList<string> FilesOf(string database) => [.. Logs.Prepend(string.Empty).Select(end => database + end).Where(File.Exists)];

    private static void Remove(string draft)
    {
        foreach (var file in FilesOf(draft)) File.Delete(file);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
