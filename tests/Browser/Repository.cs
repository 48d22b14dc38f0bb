namespace DispatchCenter.Browser;

/// <summary>Where things are in the tree this assembly was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the host uses the same as this assembly.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DispatchCenter.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"There is no DispatchCenter.sln above {AppContext.BaseDirectory}.");
    }
}
