namespace DispatchCenter.Unit.Pages;

/// <summary>The tree that this assembly was built from.</summary>
internal static class Sources
{
    public static string Root { get; } = FindRoot();

    /// <summary>The files below a folder with one of these endings, by their path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Read(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)) && !file.Split('/').Any(part => part is "bin" or "obj" or "lib"))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, File.ReadAllText(Path.Combine(Root, file))));

    /// <summary>The scripts of the pages: those that several share, and those that lie beside their feature's pages.</summary>
    public static IReadOnlyList<(string Path, string Text)> Scripts { get; } = [.. Read("src/Web/wwwroot/js", ".js"), .. Read("src/Web/Features", ".js")];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DispatchCenter.sln"))) return folder.FullName;
        throw new InvalidOperationException($"There is no DispatchCenter.sln above {AppContext.BaseDirectory}.");
    }
}
