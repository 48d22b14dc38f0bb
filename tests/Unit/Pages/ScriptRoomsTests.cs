using System.Text.RegularExpressions;

namespace DispatchCenter.Unit.Pages;

/// <summary>The rooms of the pages' scripts, and who may use whom: the kernel ← what is of a case ← a feature. No feature uses another.</summary>
public sealed partial class ScriptRoomsTests
{
    private const string Kernel = "js/kernel", Case = "js/case", Libraries = "lib", Features = "Features/";

    private static readonly List<(string Path, string Room, string[] Uses)> Scripts =
        [.. Sources.Scripts.Select(script => (script.Path, RoomOf(Served(script.Path)), Imports().Matches(script.Text).Select(match => Target(script.Path, match.Groups[1].Value)).ToArray()))];

    [Fact]
    public void Every_script_lies_in_a_room() =>
        Assert.DoesNotContain(Scripts, script => script.Room is not (Kernel or Case) && !(script.Room.StartsWith(Features, StringComparison.Ordinal) && script.Room.Count(c => c == '/') == 1));

    [Fact]
    public void A_script_uses_its_own_room_and_those_below_it()
    {
        Assert.True(Scripts.Sum(script => script.Uses.Length) > 300, "hardly an import was read");
        Assert.Empty(Scripts.SelectMany(script => script.Uses.Where(used => !MayUse(script.Room, RoomOf(used))).Select(used => $"{script.Path} uses {used}")));
    }

    [Fact]
    public void What_a_script_imports_is_there() =>
        Assert.Empty(Scripts.SelectMany(script => script.Uses
            .Where(used => used != "js/contracts.js" && !File.Exists(Path.Combine(Sources.Root, "src/Web/wwwroot", used)) && !File.Exists(Path.Combine(Sources.Root, "src/Web", used)))
            .Select(used => $"{script.Path} imports {used}")));

    /// <summary>The types of the wire lie in <c>js</c>, in no room, and are everybody's.</summary>
    private static bool MayUse(string room, string used) =>
        used == room || used == "js" || used == Kernel || used.StartsWith(Libraries, StringComparison.Ordinal) || (used == Case && room != Kernel);

    /// <summary>The path under which a file is served: what lies beside a feature's pages, under its own.</summary>
    private static string Served(string path) => path.Replace("src/Web/", string.Empty, StringComparison.Ordinal).Replace("wwwroot/", string.Empty, StringComparison.Ordinal);

    private static string RoomOf(string served) => served[..served.LastIndexOf('/')];

    private static string Target(string path, string import) => new Uri(new Uri("http://here/" + Served(path)), import).AbsolutePath[1..];

    /// <summary>Static, dynamic, and of types alone.</summary>
    [GeneratedRegex("""(?:\bfrom |\bimport\(|\bimport )'([^']+)'""")]
    private static partial Regex Imports();
}
