using Microsoft.Data.Sqlite;
using Npgsql;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>Why writes fail, as far as the remedy differs.</summary>
public enum Unwritable
{
    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>The file, its folder or the server is read-only.</summary>
    ReadOnly,

    /// <summary>It is locked by someone else.</summary>
    Held,

    /// <summary>The server is unreachable.</summary>
    Away,

    /// <summary>It does not respond in time.</summary>
    Slow,

    /// <summary>Anything else; see the log.</summary>
    Failed,
}

/// <summary>Classifies a storage exception.</summary>
public static class WhyUnwritable
{
    public static Unwritable Of(Exception? e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException sqlite)
                return sqlite.SqliteErrorCode switch
                {
                    SQLitePCL.raw.SQLITE_FULL => Unwritable.Full,
                    SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_AUTH => Unwritable.ReadOnly,
                    SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => Unwritable.Held,
                    _ => Unwritable.Failed,
                };
            if (cause is PostgresException { SqlState: PostgresErrorCodes.DiskFull }) return Unwritable.Full;
            if (cause is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege }) return Unwritable.ReadOnly;
            if (cause is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected }) return Unwritable.Held;
        }

        return Database.IsAway(e) ? Unwritable.Away : Unwritable.Failed;
    }
}
