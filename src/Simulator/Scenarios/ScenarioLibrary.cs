using System.Reflection;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>The scenarios that are shipped inside the program, and those in files.</summary>
internal static class ScenarioLibrary
{
    private const string Prefix = "scenario/", Ending = ".jsonc";
    private static readonly Assembly _own = typeof(ScenarioLibrary).Assembly;

    /// <summary>Shipped ones, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. _own.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..^Ending.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Reads a shipped one's text.</summary>
    public static byte[] Shipped(string name)
    {
        using var stream = _own.GetManifestResourceStream($"{Prefix}{name}{Ending}") ?? throw new ArgumentException($"No scenario {name} is shipped.", nameof(name));
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>A name comes before a file of the same name: write ./NAME for the file.</summary>
    /// <exception cref="BadInputException">Neither; or the file cannot be read, or is not a scenario.</exception>
    public static ScenarioDocument Find(string nameOrFile)
    {
        if (Names.Contains(nameOrFile)) return ScenarioReader.Read(Shipped(nameOrFile), nameOrFile, nameOrFile + Ending);
        if (!File.Exists(nameOrFile)) throw new BadInputException($"There is no scenario and no file '{nameOrFile}'; shipped are {string.Join(", ", Names)}.");
        try
        {
            using var file = File.OpenRead(nameOrFile);
            if (file.Length > NodeReader.MaxBytes) throw new BadInputException($"{nameOrFile} has {file.Length:N0} bytes; a scenario has {NodeReader.MaxBytes:N0} at most.");
            var text = new byte[file.Length];
            file.ReadExactly(text);
            return ScenarioReader.Read(text, Path.GetFileNameWithoutExtension(nameOrFile), nameOrFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{nameOrFile} cannot be read: {e.Message}", e);
        }
    }
}
