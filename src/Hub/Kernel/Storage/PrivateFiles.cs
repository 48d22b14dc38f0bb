using System.Runtime.InteropServices;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// Files and folders that only the service's own account can read (600 and 700), whatever its umask is and however a copy was put back. On Windows,
/// where a folder's access list decides, nothing is changed.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode ForFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    // What an exception carries as its HResult: the error number of Unix, or the code of Windows.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private const UnixFileMode ForFolders = ForFiles | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Creates a folder if it is missing. One that exists stays as it is: it may not be ours.</summary>
    /// <exception cref="IOException">It cannot be created; so for <see cref="UnauthorizedAccessException"/>.</exception>
    public static string Folder(string path)
    {
        if (OperatingSystem.IsWindows()) return Directory.CreateDirectory(path).FullName;
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent) Directory.CreateDirectory(parent); // others may have to pass through it
        return Directory.CreateDirectory(path, ForFolders).FullName;
    }

    /// <summary>Opens a file for this process alone, creating it if it is missing.</summary>
    public static FileStream Hold(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);

    /// <summary>Whether a file could not be opened because another process holds it, and not because of rights or the disk.</summary>
    public static bool IsHeldElsewhere(IOException e) => e.HResult is WouldBlock or WouldBlockOnMac or SharingViolation;

    /// <summary>Creates the file if it is missing. What SQLite puts beside a database gets the mode of the database.</summary>
    public static void Create(string path)
    {
        if (!File.Exists(path)) Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
    }

    /// <summary>Replaces a file as a whole: a crash of the process leaves the old one or the new one.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        Write(path + ".new", bytes, flushed: false);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Writes a new file as a whole, safe from a power cut; false if there is one, which stays, however many add it at once.</summary>
    public static bool TryAdd(string path, ReadOnlySpan<byte> bytes)
    {
        var draft = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            Write(draft, bytes, flushed: true);
            if (OperatingSystem.IsWindows() || Link(draft, path) != 0) File.Move(draft, path); // a file system without links cannot do better
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Puts a finished file in its place, safe from a power cut, unless there is one already.</summary>
    /// <exception cref="IOException">There is one, or the folder cannot be written.</exception>
    public static void Place(string draft, string path)
    {
        using (var file = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
        if (OperatingSystem.IsWindows() || Link(draft, path) != 0) File.Move(draft, path); // a file system without links cannot do better
    }

    /// <summary>
    /// Takes all rights on a folder of ours from everybody else. One with the sticky bit, such as /tmp, belongs to all, and one that holds other
    /// folders, such as /var/lib, is not ours alone: both stay as they are, for a wrong setting must not close the machine.
    /// </summary>
    /// <param name="known">A folder that ours may hold.</param>
    /// <returns>False if it stays open to others: it is not ours alone, or belongs to another account.</returns>
    public static bool CloseFolder(string path, string known = "")
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0) return true;
        return !File.GetUnixFileMode(path).HasFlag(UnixFileMode.StickyBit) && Directory.EnumerateDirectories(path).All(held => Path.GetFileName(held) == known) && Close(path);
    }

    /// <summary>The same for the files of a folder whose names begin with a text: a database, what lies beside it, and its copies.</summary>
    /// <returns>Those that stay open to others.</returns>
    public static IReadOnlyList<string> CloseFiles(string folder, string beginning = "") =>
        OperatingSystem.IsWindows() || !Directory.Exists(folder) ? [] : [.. Directory.GetFiles(folder, beginning + "*").Where(file => !Close(file))];

    private static bool Close(string path)
    {
        if (OperatingSystem.IsWindows()) return true;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & Others) != 0) File.SetUnixFileMode(path, mode & ~Others);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true; // SQLite has removed its log meanwhile
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes, bool flushed)
    {
        using var file = Open(path, FileMode.Create, FileAccess.Write);
        file.Write(bytes);
        file.Flush(flushToDisk: flushed);
    }

    /// <summary>
    /// Gives a file a second name, if no file has it: one step of the file system. <see cref="File.Move(string, string)"/> is two on Unix: it looks
    /// whether the name is free and then renames, which replaces what another process has put there in between.
    /// </summary>
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    private static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        var how = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = ForFiles;
        return new FileStream(path, how);
    }
}
