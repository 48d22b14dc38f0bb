using Microsoft.Data.Sqlite;
using Npgsql;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>Why nothing can be written, as far as an operator mends it differently.</summary>
public enum Unwritable
{
    /// <summary>No room is left.</summary>
    Full,

    /// <summary>The file, its folder or the server takes no writes.</summary>
    ReadOnly,

    /// <summary>Somebody else holds it.</summary>
    Held,

    /// <summary>The server cannot be reached.</summary>
    Away,

    /// <summary>It does not answer in time.</summary>
    Slow,

    /// <summary>Anything else: the log says what.</summary>
    Failed,
}

/// <summary>Reads from an exception what is wrong with the storage.</summary>
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
